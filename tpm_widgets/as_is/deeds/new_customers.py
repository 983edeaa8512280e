"""The new customers of the recorded period: who they are, when they came, whose word on their source counts; of a table
of any size, counted by day, source and group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import ALL, split_names
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.tables.batches import refuse_columns
from tpm_widgets.statistics.tables.reductions import weighted_counts
from tpm_widgets.study.cells.converting import as_categories
from tpm_widgets.study.cells.days import as_dates, day_stands_first
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.study.schema import SOURCES, role_names

Split = Literal["year", "quarter", "month", "wave"]
FREQUENCIES = {"year": "Y", "quarter": "Q", "month": "M"}
MOST_PERIODS = 1200  # a hundred years of months

SILENCE = 14  # days at the end of a period on which nobody may have come
LEAST = 5  # new customers of a group of a table; a study says it itself
ROLES = ("acquired", "source")


def check_by(study: Study, by: str | None) -> None:
    """Refuse a split that is no property of new customers, and say where it belongs."""
    if by is None:
        return
    people = study.customers
    own = [str(name) for name in ([] if people is None else people.columns) if name not in role_names("customers")]
    allowed = (["segment"] if people is not None and "segment" in people else []) + own
    if by not in allowed:
        listed = ", ".join(map(repr, allowed)) or "no column"
        raise ValueError(
            f"by={by!r} is no property of new customers; the customers table offers {listed}. The referral rate cannot "
            "be split by touchpoint or by those who recommended: see say_do for what customers do."
        )


def new_customers(study: Study) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return the customers acquired within the recorded period, and what has to be said about them."""
    people = given(study.customers).dropna(subset=["acquired"])
    start, end = study.period.recording_start, study.period.observed_until
    recorded = np.ones(len(people), dtype=bool)
    caveats = []
    if start is None:
        caveats.append(say("The study declares no start of recording; every customer counts as new, however long ago."))
    else:
        recorded &= (people["acquired"] >= start).to_numpy()
    if end is not None:
        recorded &= (people["acquired"] <= end).to_numpy()
    new = people[recorded].reset_index(drop=True)
    return new, [*caveats, *_disagreements(study, new)]


def unfinished(study: Study, frequency: str, period: str) -> pd.Timestamp | None:
    """Return the last day that is known of a period that ends later; None where it is over.

    Where the study does not say until when it was observed, the last day on record stands for it. A period is over
    then unless the silence at its end is longer than any before, and than two weeks.
    """
    end = pd.Period(period, freq=frequency).end_time.normalize()
    until = study.period.observed_until
    if until is not None:
        return until if until < end else None
    recorded = [given(study.customers)["acquired"]]
    if study.referrals is not None and "date" in study.referrals:
        recorded.append(study.referrals["date"])
    days = pd.concat(recorded).dropna().drop_duplicates().sort_values()
    if days.empty:
        return None
    last, silence = days.iloc[-1], days.diff().max()
    usual = SILENCE if pd.isna(silence) else max(silence.days, SILENCE)
    return last if (end - last).days > usual else None


def recommender_codes(study: Study, new: pd.DataFrame) -> np.ndarray:
    """Return one number per recommender of new customers; who was not recommended, or by nobody known, has an own one.

    The customer's own word (``recommended_by``) comes before the table of recommendations.
    """
    names = pd.Series(None, index=new.index, dtype=object)
    if study.referrals is not None and "new_customer" in study.referrals:
        named = study.referrals.dropna(subset=["referrer", "new_customer"]).drop_duplicates("new_customer")
        names = new["customer"].map(named.set_index("new_customer")["referrer"].astype(object))
    if "recommended_by" in new:
        names = new["recommended_by"].astype(object).where(new["recommended_by"].notna(), names)
    came = (new["source"] == "recommendation").fillna(False).to_numpy(bool)
    codes = pd.factorize(names.where(came))[0]
    return np.where(codes < 0, codes.max(initial=-1) + 1 + np.arange(len(new)), codes)


def _disagreements(study: Study, new: pd.DataFrame) -> list[Sentence]:
    """Count the new customers whom the records name as recommended while their own source says otherwise."""
    named = np.zeros(len(new), dtype=bool)
    if "recommended_by" in new:
        named |= new["recommended_by"].notna().to_numpy()
    if study.referrals is not None and "new_customer" in study.referrals:
        named |= new["customer"].isin(study.referrals["new_customer"].dropna()).to_numpy()
    against = int((named & (new["source"] == "other").fillna(False).to_numpy(bool)).sum())
    silent = int((named & (new["source"].isna() | (new["source"] == "unknown")).to_numpy(bool)).sum())
    found = []
    if against:
        found.append(
            say_n(
                "{count} new customer is named as recommended, but gives another source; that counts.",
                "{count} new customers are named as recommended, but give another source; that counts.",
                against,
            )
        )
    if silent:
        found.append(
            say_n(
                "{count} new customer of unknown source is named as recommended; the source stays unknown.",
                "{count} new customers of unknown source are named as recommended; their source stays unknown.",
                silent,
            )
        )
    return found


def periods(study: Study | None, acquired: pd.Series, period: Split | None) -> tuple[pd.Series, list[str | None]]:
    """Return each day's period, and all periods in order, those without anybody included; for waves of a study."""
    if period is None:
        return pd.Series(None, index=acquired.index, dtype=object), [None]
    if period == "wave" and study is not None:
        need(study, "referral_rate(period='wave')", waves=("wave", "start", "end"))
        spans = given(study.waves).sort_values("start", kind="stable")
        labels = pd.Series(None, index=acquired.index, dtype=object)
        for wave in spans.to_dict("records"):
            labels[labels.isna() & acquired.between(wave["start"], wave["end"])] = str(wave["wave"])
        return labels, [str(name) for name in spans["wave"]]
    labels = acquired.dt.to_period(FREQUENCIES[period])
    if labels.empty:
        return labels.astype(object), []
    names = {part: period_name(part) for part in every_period(labels)}
    return labels.map(names).astype(object), list(names.values())


def every_period(labels: pd.Series) -> list[pd.Period]:
    """Return all periods from the first to the last one; only those that hold something where a day is far off."""
    first, last = labels.min(), labels.max()
    if last.ordinal - first.ordinal < MOST_PERIODS:
        return list(pd.period_range(first, last))
    return sorted(labels.dropna().unique())


def period_name(part: pd.Period) -> str:
    """Name a quarter as 2024-Q1; months and years name themselves."""
    return f"{part.year}-Q{part.quarter}" if part.freqstr.startswith("Q") else str(part)


def in_no_group(frame: pd.DataFrame, by: str | None, period: Split | None) -> list[Sentence]:
    """Count the new customers without a value of the split, or acquired outside every wave."""
    nowhere = int(frame.loc[frame["group"].isna(), "count"].sum())
    outside = int(frame.loc[frame["period"].isna(), "count"].sum()) if period is not None else 0
    found = []
    if nowhere:
        found.append(
            say_n(
                "{count} new customer without a value of {column} is in no group.",
                "{count} new customers without a value of {column} are in no group.",
                nowhere,
                column=by,
            )
        )
    if outside:
        found.append(
            say_n(
                "{count} new customer was acquired outside every wave.",
                "{count} new customers were acquired outside every wave.",
                outside,
            )
        )
    return found


def count_customers(
    source: Any,
    by: str | None,
    period: Split | None,
    roles: Mapping[str, str] | None,
    codes: Mapping[str, Mapping[str, Sequence[Any]]] | None,
) -> tuple[pd.DataFrame, list[Sentence], str]:
    """Count the customers of a table: ``acquired, source, group, count``, what has to be said, and the data's hash."""
    columns = {**{role: role for role in ROLES}, **(roles or {})}
    for role in columns:
        if role not in ROLES:
            raise ValueError(f"roles names the columns of {' and '.join(map(repr, ROLES))}; got {role!r}.")
    if period == "wave":
        raise ValueError("period='wave' goes with a study, which knows when its waves began and ended.")
    own = {value: (codes or {}).get("source", {}).get(value, ()) for value in SOURCES}
    names = split_names(by)
    counts = weighted_counts(source, list(dict.fromkeys([columns["acquired"], columns["source"], *names])))
    days, no_day = _days(counts.keys[columns["acquired"]], columns["acquired"])
    lines = pd.DataFrame(
        {
            "acquired": days,
            "source": _sources(counts.keys[columns["source"]], columns["source"], own),
            "group": counts.keys[by].astype(object) if by is not None else ALL,
            "count": counts.rows,
        }
    )
    caveats = [
        say(
            "Every customer of the table counts as new, however long ago; leave out of it those who came before "
            "sources were recorded."
        )
    ]
    if no_day.any():
        caveats.append(
            say_n(
                "{count} customer without a day of acquisition is left out.",
                "{count} customers without a day of acquisition are left out.",
                int(counts.rows[no_day].sum()),
            )
        )
    return lines[~no_day].reset_index(drop=True), caveats, counts.digest


def _days(cells: pd.Series, column: str) -> tuple[pd.Series, np.ndarray]:
    texts = cells.map(str, na_action="ignore").astype("str")
    days, bad = as_dates(texts, day_stands_first([texts]))
    refuse_columns(say("a column of days, such as 2024-03-31"), [column] if bad.any() else [])
    return days, days.isna().to_numpy()


def _sources(cells: pd.Series, column: str, own: Mapping[str, Sequence[Any]]) -> np.ndarray:
    """Return the schema's words for the sources; what has none is refused, so that no source is unknown by mistake."""
    found, bad = as_categories(cells.astype(object), own)
    if bad.any():
        expected = say("one of {values}", values=", ".join(SOURCES))
        remedy = say('Name the words of your table: codes={{"source": {{"recommendation": ["…"], "other": ["…"]}}}}.')
        words = sorted(set(map(str, cells[bad])))
        raise DataError(
            [
                {"table": "frame", "column": column, "value": word, "expected": str(expected), "remedy": str(remedy)}
                for word in words
            ]
        )
    return found.fillna("unknown").to_numpy(object)
