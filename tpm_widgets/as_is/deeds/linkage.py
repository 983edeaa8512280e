"""What ties answers to deeds: the right to do so, the customers, the period in which deeds were recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.study.model import Study, given, need

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def need_linked(study: Study, verb: str) -> None:
    """Refuse, in words, a study whose answers may not or cannot be tied to what customers did."""
    need_permission(study, verb)
    need(study, verb, survey=("customer", "date"), customers=("customer", "acquired"), referrals=())


def need_permission(study: Study, verb: str) -> None:
    """Refuse, in words, to tie answers to customers where the study says that this is not permitted."""
    if not study.linkage.get("permitted", True):
        expected = say("answers that may be tied to customers, for {verb}", verb=verb)
        remedy = say(
            "[linkage] in study.toml says that this is not permitted. Put net_promoter_score and referral_rate side by "
            "side instead: they need no link."
        )
        raise DataError([{"table": "survey", "column": "customer", "expected": expected, "remedy": remedy}])


def recorded_period(study: Study) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day on which deeds were recorded: as declared, else the first and last in the data."""
    tables = [table["date"] for table in (study.survey, study.referrals) if table is not None and "date" in table]
    dates = pd.to_datetime(pd.concat(tables))
    start, end = study.period.recording_start, study.period.observed_until
    start = pd.Timestamp(dates.min() if start is None else start)
    end = pd.Timestamp(dates.max() if end is None else end)
    if pd.isna(start) or pd.isna(end):
        expected = say("days on which deeds were recorded; no date tells when")
        remedy = say("Declare recording_start and observed_until under [period] in study.toml.")
        raise DataError([{"table": "period", "expected": expected, "remedy": remedy}])
    return start, end


def known_customers(study: Study) -> pd.DataFrame:
    """Return the customers whose first day is known, each once, numbered 0, 1, …; with all their columns."""
    people = given(study.customers).dropna(subset=["customer", "acquired"])
    return people.drop_duplicates("customer", ignore_index=True)


def customer_spans(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per known customer: ``customer, acquired, left`` (missing while there), ``source``."""
    left = people["left"] if "left" in people else pd.Series(pd.NaT, index=people.index)
    source = people.get("source", "unknown")
    return people[["customer", "acquired"]].assign(left=pd.to_datetime(left), source=source)


def day_numbers(dates: pd.Series) -> np.ndarray:
    """Return dates as whole numbers of days, shape (n,)."""
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def day_number(date: pd.Timestamp) -> int:
    """Return a date as a whole number of days."""
    return int(np.datetime64(date, "D").astype(np.int64))


def dates_of(days: np.ndarray | pd.Series) -> np.ndarray:
    """Return whole numbers of days as dates."""
    return np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[ns]")
