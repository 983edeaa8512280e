"""How long each answer was followed, and which recommendations fell into that time: the person level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import (
    dates_of,
    day_number,
    day_numbers,
    recorded_period,
)
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.estimates.survival import censoring_weights
from tpm_widgets.study.model import Study, given

NEVER = np.iinfo(np.int64).max

REASONS = {
    "no_customer": say("no customer is named"),
    "no_date": say("no date is given"),
    "unknown_customer": say("the customers table does not know the customer"),
    "not_yet_customer": say("given before the customer was one"),
    "same_day": say("the same customer answered again on that day"),
    "not_followed": say("no day was observed after it"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """The answers that can be tied to deeds, each with its own time of observation.

    Attributes
    ----------
    answers : pandas.DataFrame
        One row per answer that was followed for at least one day; the index is the row of ``study.survey``.

        ``customer`` an integer to cluster by (no identifier) · ``start``, ``end`` first and last day that count ·
        ``entry`` days after the answer before recording began (mostly 0) · ``days`` the exposure, from start to end ·
        ``time`` days from the answer to its first recommendation or to the end · ``events`` recommendations made ·
        ``first_event`` days from the answer to the first of them, missing where none · ``referred`` at least one ·
        ``won`` at least one that became a customer · ``wins`` how many did · ``won_time`` days from the answer to the
        first of them or to the end · ``complete`` followed from the first day until a recommendation or the full
        window was seen, so that "recommended within the window" is known · ``censored`` the opposite ·
        ``censoring_weight`` 1/G where complete, 0 where not · ``won_complete``, ``won_weight`` the same for "won a
        customer within the window", which a recommendation that won nobody does not settle.
    window : int
        Days after the answer for which a recommendation is credited to it.
    recorded_from, observed_until : pandas.Timestamp
        First and last day on which a recommendation could have been recorded.
    left_out : mapping
        Answers without exposure, counted by reason (a key of ``REASONS``).
    caveats : tuple of Sentence
        What every result that rests on these exposures has to say.
    """

    answers: pd.DataFrame
    window: int
    recorded_from: pd.Timestamp
    observed_until: pd.Timestamp
    left_out: Mapping[str, int]
    caveats: tuple[Sentence, ...]


def follow_answers(study: Study, people: pd.DataFrame, window: int) -> Exposure:
    """Follow each answer from the day after it, for as long as what its customer did was seen.

    Parameters
    ----------
    study : Study
        With ``customer`` and ``date`` in the survey, and the table ``referrals``.
    people : pandas.DataFrame
        When each customer was there, see ``customer_spans``.
    window : int
        Days.

    Returns
    -------
    Exposure

    Raises
    ------
    DataError
        Where no date tells when deeds were recorded.

    Notes
    -----
    An answer of day *a* is followed over the days a + 1 … end; the end is the earliest of a + window, the day of the
    customer's next answer, the day on which the customer left, and ``observed_until``. Where recording began only
    after a + 1, the answer *enters late*: the days before count neither as exposure nor as free of recommendations.
    Only recommendations inside count, so each is credited to one answer at most. A recommendation was *won* where it
    names its day of conversion or its new customer, unless that customer's own source is "other".

    ``censoring_weight`` is 1/G(t−): G is the Kaplan-Meier curve of *no longer being followed*, within the promoter
    class of the answer (answers without a score are a class) and with the study's weights; t is the answer's own
    time. It makes the complete answers speak for all that were followed from the first day, where within a class the
    end of following tells nothing about recommending. Answers that entered late have weight 0, because whether they
    recommended before is not known.
    """
    recorded_from, observed_until = recorded_period(study)
    spells, left_out = answer_spells(study, people, window, day_number(recorded_from), day_number(observed_until))
    first, first_won, events, wins, disagreements = _credit(study, people, spells)

    entry = spells["entry"].to_numpy()
    referred, time, complete = _until(first, spells, window)
    won, won_time, won_complete = _until(first_won, spells, window)
    answers = pd.DataFrame(
        {
            "customer": pd.factorize(spells["person"])[0],
            "start": dates_of(spells["answered"] + entry + 1),
            "end": dates_of(spells["end"]),
            "entry": entry,
            "days": (spells["end"] - spells["answered"] - entry).to_numpy(),
            "time": time,
            "events": events,
            "first_event": np.where(referred, time, np.nan),
            "referred": referred,
            "won": won,
            "wins": wins,
            "won_time": won_time,
            "complete": complete,
            "censored": ~complete,
            "censoring_weight": weights_within_class(study, spells, time, complete),
            "won_complete": won_complete,
            "won_weight": weights_within_class(study, spells, won_time, won_complete),
        },
        index=spells.index,
    )
    return Exposure(
        answers=answers.sort_index(),
        window=window,
        recorded_from=recorded_from,
        observed_until=observed_until,
        left_out=left_out,
        caveats=_caveats(study, answers, left_out, disagreements),
    )


def check_window(window: int) -> int:
    """Return a window in days; refuse one that is no whole number of at least 1."""
    if isinstance(window, bool) or not isinstance(window, (int, np.integer)) or window < 1:
        raise ValueError(f"window must be a whole number of days, at least 1; got {window!r}.")
    return int(window)


def answer_spells(
    study: Study, people: pd.DataFrame, window: int, first_day: int, last_day: int, *, until_next: bool = True
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return each followed answer as day numbers, sorted by person and day; and the count of the others by reason.

    With ``until_next`` an answer is followed until the customer's next one at most.
    """
    survey = study.survey
    person = pd.Index(people["customer"]).get_indexer(pd.Index(survey["customer"]))
    person = np.where(survey["customer"].isna(), -1, person)
    frame = pd.DataFrame({"person": person, "date": survey["date"]})
    frame["acquired"] = people["acquired"].reindex(person).to_numpy()
    frame["left"] = people["left"].reindex(person).fillna(dates_of(np.array([last_day]))[0]).to_numpy()
    left_out: dict[str, int] = {}

    def keep(frame: pd.DataFrame, good: pd.Series, otherwise: str) -> pd.DataFrame:
        left_out[otherwise] = int((~good).sum())
        return frame[good]

    frame = keep(frame, survey["customer"].notna(), "no_customer")
    frame = keep(frame, frame["date"].notna(), "no_date")
    frame = keep(frame, frame["person"] >= 0, "unknown_customer")
    frame = keep(frame, frame["date"] >= frame["acquired"], "not_yet_customer")
    frame = frame.assign(answered=day_numbers(frame["date"]), left=day_numbers(frame["left"]))
    frame = frame.sort_values(["person", "answered"], kind="stable")
    frame = keep(frame, ~frame.duplicated(["person", "answered"], keep="last"), "same_day")
    following = frame.groupby("person")["answered"].shift(-1, fill_value=last_day)
    ends = [frame["answered"] + window, frame["left"], *([following] if until_next else [])]
    end = pd.concat(ends, axis=1).min(axis=1).clip(upper=last_day)
    frame = frame.assign(end=end, entry=np.maximum(first_day - 1 - frame["answered"], 0).astype(np.int64))
    frame = keep(frame, frame["end"] > frame["answered"] + frame["entry"], "not_followed")
    return frame[["person", "answered", "entry", "end"]], left_out


def _credit(
    study: Study, people: pd.DataFrame, spells: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Of each spell the first day of its recommendations and of won ones, and their counts; and how many are denied."""
    referrals = given(study.referrals).dropna(subset=["referrer", "date"])
    person = pd.Index(people["customer"]).get_indexer(pd.Index(referrals["referrer"]))
    day = day_numbers(referrals["date"])
    won, disagreements = became_customers(people, referrals)

    # one number per (person, day), so that one sorted search finds the answer that precedes each recommendation
    base = min(day.min(initial=0), spells["answered"].min() if len(spells) else 0)
    span = max(day.max(initial=0), spells["end"].max() if len(spells) else 0) - base + 1
    starts = spells["person"].to_numpy() * span + spells["answered"].to_numpy() - base
    place = np.searchsorted(starts, person * span + day - base, side="left") - 1
    own = (person >= 0) & (place >= 0)
    at = place[own]
    within = (
        (spells["person"].to_numpy()[at] == person[own])
        & (day[own] <= spells["end"].to_numpy()[at])
        & (day[own] > (spells["answered"] + spells["entry"]).to_numpy()[at])
    )
    credited, days = at[within], day[own][within]
    first, first_won = np.full(len(spells), NEVER), np.full(len(spells), NEVER)
    np.minimum.at(first, credited, days)
    winners = won[own][within]
    np.minimum.at(first_won, credited[winners], days[winners])
    events, wins = (np.bincount(rows, minlength=len(spells)) for rows in (credited, credited[winners]))
    return first, first_won, events, wins, disagreements


def became_customers(people: pd.DataFrame, referrals: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Which recommendations became customers; the new customer's own source wins over the recommendation's row."""
    absent = pd.Series(None, index=referrals.index, dtype=object)
    named = referrals.get("new_customer", absent)
    won = (referrals.get("converted", absent).notna() | named.notna()).to_numpy()
    place = pd.Index(people["customer"]).get_indexer(pd.Index(named.dropna()))
    other = (people["source"] == "other").fillna(False).to_numpy(bool)
    denied = np.zeros(len(referrals), dtype=bool)
    denied[named.notna().to_numpy()] = (place >= 0) & other[place]
    return won & ~denied, int(denied.sum())


def _until(first: np.ndarray, spells: pd.DataFrame, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell whether each deed happened, the days until it or the end, and whether that settles the whole window."""
    happened = first < NEVER
    time = np.where(happened, first, spells["end"]) - spells["answered"].to_numpy()
    return happened, time, (spells["entry"].to_numpy() == 0) & (happened | (time == window))


def weights_within_class(study: Study, spells: pd.DataFrame, time: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """1/G of the complete answers, G estimated within promoter class among those followed from the first day."""
    scores = study.survey["recommend"].reindex(spells.index).to_numpy(float, na_value=np.nan)
    classes = np.nan_to_num(study.question.classes(scores), nan=2).astype(int)
    whole = spells["entry"].to_numpy() == 0
    weights = study.weights[spells.index][whole]
    result = np.zeros(len(spells))
    result[whole] = censoring_weights(time[whole], complete[whole], strata=classes[whole], weights=weights)
    return result


def _caveats(study: Study, answers: pd.DataFrame, left_out: dict[str, int], disagreements: int) -> tuple[Sentence, ...]:
    """Say what was left out and assumed on the way from answers to exposures."""
    found = [*left_out_caveats(left_out)]
    late = int((answers["entry"] > 0).sum())
    if late:
        found.append(
            say_n(
                "{count} answer was given before recommendations were recorded and enters late; what happened in "
                "between is not known.",
                "{count} answers were given before recommendations were recorded and enter late; what happened in "
                "between is not known.",
                late,
            )
        )
    return (*found, *recording_caveats(study, disagreements))


def left_out_caveats(left_out: Mapping[str, int]) -> tuple[Sentence, ...]:
    """Say how many answers could not be followed, and why."""
    return tuple(
        say_n(
            "{count} answer was left out: {reason}.",
            "{count} answers were left out: {reason}.",
            count,
            reason=REASONS[key],
        )
        for key, count in left_out.items()
        if count
    )


def recording_caveats(study: Study, disagreements: int) -> tuple[Sentence, ...]:
    """Say what the records do not settle: when they began and ended, and who was won by whom."""
    found = []
    if study.period.recording_start is None or study.period.observed_until is None:
        found.append(
            say(
                "The study does not declare the whole period of recording; the first and last day in the data stand "
                "in for what is missing."
            )
        )
    if disagreements:
        found.append(
            say_n(
                "{count} recommendation names a new customer whose own source is another one; it counts as made, "
                "not as won.",
                "{count} recommendations name a new customer whose own source is another one; they count as made, "
                "not as won.",
                disagreements,
            )
        )
    return tuple(found)
