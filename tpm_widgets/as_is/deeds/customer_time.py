"""How long each customer was one while deeds were recorded, and what they recommended then: no answer needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.exposure import became_customers, recording_caveats
from tpm_widgets.as_is.deeds.linkage import (
    DAYS_PER_YEAR,
    day_number,
    day_numbers,
    recorded_period,
)
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study, given


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CustomerTime:
    """Customers with their observed time, and the recommendations that fell into it.

    Attributes
    ----------
    people : pandas.DataFrame
        One row per customer, numbered 0, 1, …: the customers table as it is.
    start, end : ndarray of int, shape (people,)
        The first and last day observed, in whole days since 1970; end < start where there was none.
    deeds : pandas.DataFrame
        One row per recommendation inside its recommender's time; the index is the row of ``study.referrals``.
        ``person`` the row of ``people``, ``day`` (since 1970), ``won`` whether it became a customer.
    recorded_from, observed_until : pandas.Timestamp
        First and last day on which a recommendation could have been recorded.
    left_out : mapping
        Recommendations that are not credited, counted by reason (a key of ``REASONS``).
    caveats : tuple of Sentence
        What every result that rests on these times has to say.
    """

    people: pd.DataFrame
    start: np.ndarray
    end: np.ndarray
    deeds: pd.DataFrame
    recorded_from: pd.Timestamp
    observed_until: pd.Timestamp
    left_out: Mapping[str, int]
    caveats: tuple[Sentence, ...]

    def years(self, first: int | None = None, last: int | None = None) -> np.ndarray:
        """Return each customer's observed years, within the days from ``first`` to ``last``, shape (people,)."""
        start = self.start if first is None else np.maximum(self.start, first)
        end = self.end if last is None else np.minimum(self.end, last)
        return np.asarray(np.maximum(end - start + 1, 0) / DAYS_PER_YEAR)

    def counts(self, deeds: pd.DataFrame | None = None, *, won: bool = False) -> np.ndarray:
        """Return how many of ``deeds`` (None: all) each customer made, or how many of those won, shape (people,)."""
        deeds = self.deeds if deeds is None else deeds
        persons = deeds.loc[deeds["won"], "person"] if won else deeds["person"]
        return np.bincount(persons, minlength=len(self.people)).astype(float)


REASONS = {
    "unknown": say("the customers table does not know who recommended"),
    "outside": say("made before recording began, or by somebody who was no customer on that day"),
}


def customer_time(study: Study, people: pd.DataFrame, spans: pd.DataFrame) -> CustomerTime:
    """Follow every customer from being acquired, or the start of recording, to leaving or the end of observation.

    Parameters
    ----------
    study : Study
        With ``referrer`` and ``date`` in referrals. Answers are not looked at, so no permission to link them is needed.
    people, spans : pandas.DataFrame
        The customers and when they were there, see ``known_customers`` and ``customer_spans``.

    Returns
    -------
    CustomerTime

    Raises
    ------
    DataError
        Where no date tells when deeds were recorded.

    Notes
    -----
    Both ends count as days observed, as in :func:`tpm_widgets.as_is.say_do.response.by_response`.
    """
    recorded_from, observed_until = recorded_period(study)
    start = np.maximum(day_numbers(spans["acquired"]), day_number(recorded_from))
    end = np.minimum(day_numbers(spans["left"].fillna(observed_until)), day_number(observed_until))

    referrals = given(study.referrals).dropna(subset=["referrer", "date"])
    person = pd.Index(people["customer"]).get_indexer(pd.Index(referrals["referrer"]))
    day = day_numbers(referrals["date"])
    won, denied = became_customers(spans, referrals)
    known = person >= 0
    inside = known & (day >= start[person]) & (day <= end[person]) if len(people) else known
    deeds = pd.DataFrame({"person": person, "day": day, "won": won}, index=referrals.index)[inside]
    left_out = {"unknown": int((~known).sum()), "outside": int((known & ~inside).sum())}
    return CustomerTime(
        people=people,
        start=start,
        end=end,
        deeds=deeds,
        recorded_from=recorded_from,
        observed_until=observed_until,
        left_out=left_out,
        caveats=_caveats(study, left_out, denied),
    )


def _caveats(study: Study, left_out: Mapping[str, int], denied: int) -> tuple[Sentence, ...]:
    """Say what was left out and assumed on the way from the tables to times and counts."""
    found = [
        say_n(
            "{count} recommendation was left out: {reason}.",
            "{count} recommendations were left out: {reason}.",
            count,
            reason=REASONS[key],
        )
        for key, count in left_out.items()
        if count
    ]
    return (*found, *recording_caveats(study, denied))
