"""The groups that referral_activity compares: whose time counts, what was recommended in it, and how active that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.customer_time import CustomerTime
from tpm_widgets.as_is.deeds.linkage import DAYS_PER_YEAR
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import ALL, group_order, split_columns, split_values, value_text, without_value
from tpm_widgets.as_is.score.classes import answer_classes, class_caveats
from tpm_widgets.columns import with_ends
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.study.model import Study, given
from tpm_widgets.study.schema import PERSPECTIVES

LINKED = ("score", "touchpoint")  # splits by what customers answered

RATES = ("recommender_rate", "recommendation_rate", "won_rate")  # per 100 customer-years
COLUMNS = {
    **{"group": "", "customers": "Int64", "exposure": "number:1"},
    **dict.fromkeys(("recommenders", "recommendations", "won"), "Int64"),
    **dict.fromkeys((name for rate in RATES for name in with_ends(rate)), "number:2"),
    **dict.fromkeys(with_ends("conversion"), "percent"),
}
VALUES = ["group", "n", *with_ends()]
USUAL = 0.9  # of all conversions came within the time that a younger recommendation is given


@dataclass(frozen=True, slots=True)
class Part:
    """Some customers' time: one row per customer, or per answer that was followed.

    ``rows`` has ``customer`` (a code to cluster by), ``weight``, ``years`` observed, ``recommendations`` and ``won``
    in them; ``at_risk`` the years until the customer's first recommendation (0 after it) and ``first`` whether it
    came.
    """

    group: str
    rows: pd.DataFrame


def check_split(study: Study, by: str | None) -> None:
    """Refuse a split that is no property of those who recommend."""
    people = study.customers
    own = [] if people is None else split_columns("customers", people)
    if by is not None and by not in (*LINKED, "perspective", *own):
        offered = ", ".join(map(repr, (*LINKED, "perspective", *own)))
        raise ValueError(f"by={by!r} is nothing that recommendations can be split by; this study offers {offered}.")


def customer_parts(time: CustomerTime, by: str | None) -> tuple[list[Part], list[Sentence]]:
    """Split all customers by a column of their table, or none; one row per customer who was observed."""
    rows = _customers(time, time.deeds)
    if by is None:
        return [Part(ALL, rows)], []
    values = split_values("customers", time.people, by)[rows.index]
    parts = [Part(value_text(value), rows[values == value]) for value in group_order(values)]
    return parts, without_value(values, by)


def perspective_parts(time: CustomerTime, perspectives: pd.Series) -> tuple[list[Part], list[Sentence]]:
    """Split the recommendations by perspective; the time is everybody's each time, so that rates add up.

    ``perspectives`` are those of ``time.deeds``.
    """
    parts = [Part(name, _customers(time, time.deeds[perspectives == name])) for name in PERSPECTIVES]
    missing = int(perspectives.isna().sum())
    caveats = [
        say(
            "Each perspective is set against the time of all customers, so the rates of recommendations and of "
            "customers won add up over the perspectives; those of customers who recommend do not, as one customer may "
            "recommend in several ways."
        )
    ]
    if missing:
        caveats.append(
            say_n(
                "{count} recommendation without a perspective is in no group.",
                "{count} recommendations without a perspective are in no group.",
                missing,
            )
        )
    return parts, caveats


def _customers(time: CustomerTime, deeds: pd.DataFrame) -> pd.DataFrame:
    """One row per observed customer, with what some of the recommendations add up to."""
    made, won = time.counts(deeds), time.counts(deeds, won=True)
    first = deeds.groupby("person")["day"].min().reindex(range(len(time.people))).to_numpy(float)
    years = time.years()
    until_first = (first - time.start + 1) / DAYS_PER_YEAR
    rows = pd.DataFrame(
        {
            "customer": np.arange(len(years)),
            "weight": 1.0,
            "years": years,
            "recommendations": made,
            "won": won,
            "at_risk": np.where(made > 0, until_first, years),
            "first": made > 0,
        }
    )
    return rows[years > 0]


def answer_parts(observed: Observed, by: str) -> tuple[list[Part], list[Sentence]]:
    """Split the followed answers by promoter class and score, or by touchpoint experienced."""
    study, exposure = observed.study, observed.answers()
    answers = exposure.answers
    rows = pd.DataFrame(
        {
            "customer": answers["customer"],
            "weight": study.weights[answers.index],
            "years": answers["days"] / DAYS_PER_YEAR,
            "recommendations": answers["events"].astype(float),
            "won": answers["wins"].astype(float),
            "until_first": (answers["time"] - answers["entry"]) / DAYS_PER_YEAR,
            "referred": answers["referred"],
            "start": answers["start"],
        }
    )
    rows = rows[rows["weight"] > 0]
    caveats = [
        *exposure.caveats,
        say(
            "Only the time after an answer counts, up to {window} days, and only of customers who answered: with their "
            "answers' weights.",
            window=exposure.window,
        ),
    ]
    if by == "touchpoint":
        caveats.append(say("A customer who experienced several touchpoints is in several groups; they overlap."))
        members = _experienced(study)
    else:
        caveats += class_caveats(study)
        caveats.append(say("A customer who answered several times may be in several groups; errors are clustered."))
        members = _scores(study)
    return [Part(name, _until_first(rows[member[rows.index]])) for name, member in members], caveats


def _experienced(study: Study) -> Iterator[tuple[str, np.ndarray]]:
    for name in study.touchpoint_names:
        yield name, study.experienced[name].fillna(False).to_numpy(bool)


def _scores(study: Study) -> Iterator[tuple[str, np.ndarray]]:
    scores, classes = answer_classes(study)
    for code, name in study.question.names.items():
        yield name, classes == code
    for score in study.question.answers if not study.question.yes_no else ():
        yield str(score), scores == score


def _until_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Count a customer's time until the first recommendation within the group, over several answers."""
    rows = rows.sort_values(["customer", "start"], kind="stable")
    before = rows.groupby("customer")["referred"].cumsum() - rows["referred"]
    waiting = before == 0
    return rows.assign(at_risk=rows["until_first"].where(waiting, 0.0), first=rows["referred"] & waiting)


def activity_measures(rows: pd.DataFrame, level: float) -> list[float]:
    """Return the measures of some customers' time, in the order of ``COLUMNS``."""
    weights, clusters = rows["weight"].to_numpy(float), rows["customer"].to_numpy()
    made, won, first = (rows[name].to_numpy(float) for name in ("recommendations", "won", "first"))
    years, at_risk = rows["years"].to_numpy(float), rows["at_risk"].to_numpy(float)
    limits: list[float] = []
    for events, time in ((first, at_risk), (made, years), (won, years)):
        rate = event_rate(events, time, level=level, weights=weights, clusters=clusters)
        limits += rate.per(100)
    limits += clustered_share(won, made, level=level, weights=weights, clusters=clusters).limits
    counts = [int(first.sum()), int(made.sum()), int(won.sum())]
    return [rows["customer"].nunique(), float(years.sum()), *counts, *limits]


def values_won(study: Study, time: CustomerTime, by: str | None, parts: list[Part], level: float) -> pd.DataFrame:
    """Return the mean value of the customers won, by group, where both are recorded."""
    if "value" not in time.people or not study.has("referrals", "new_customer"):
        return pd.DataFrame(columns=VALUES)
    won = time.deeds[time.deeds["won"]]
    value = of_deeds(study, time, "new_customer")[won.index].map(time.people.set_index("customer")["value"])
    perspective = of_deeds(study, time, "perspective")[won.index]
    rows = []
    for part in parts:
        own = perspective == part.group if by == "perspective" else won["person"].isin(part.rows.index)
        known = value[own].dropna().astype(float)
        mean = _mean(known.to_numpy(), won.loc[known.index, "person"].to_numpy(), level)
        rows.append([part.group, mean.n, *mean.limits])
    return pd.DataFrame(rows, columns=VALUES)


def _mean(values: np.ndarray, clusters: np.ndarray, level: float) -> Estimate:
    mean = mean_by_design(values, Design.of(np.ones(len(values)), clusters))
    return Estimate(mean.estimate, *mean.interval(level), mean.n)


def of_deeds(study: Study, time: CustomerTime, role: str) -> pd.Series:
    """Return a column of the recommendations that count; missing where the table has none."""
    return given(study.referrals).reindex(columns=[role])[role].loc[time.deeds.index]


def pending(study: Study, time: CustomerTime) -> list[Sentence]:
    """Count the recommendations that have won nobody yet and are younger than most conversions are when they come."""
    dated = given(study.referrals).reindex(columns=["date", "converted"]).loc[time.deeds.index]
    delays = (pd.to_datetime(dated["converted"]) - dated["date"]).dt.days.dropna().to_numpy(float)
    if not len(delays):
        return []
    usual = int(np.ceil(np.quantile(delays, USUAL)))
    age = (time.observed_until - dated["date"]).dt.days.to_numpy(float)
    young = int(((age < usual) & ~time.deeds["won"].to_numpy(bool)).sum())
    if not young:
        return []
    return [
        say_n(
            "{count} recommendation that has won nobody is younger than {days} days, within which nine of ten "
            "conversions came; it may still win.",
            "{count} recommendations that have won nobody are younger than {days} days, within which nine of ten "
            "conversions came; they may still win.",
            young,
            days=usual,
        )
    ]
