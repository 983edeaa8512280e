"""What the courses of saying and doing over time say, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tpm_widgets.as_is.say_do_cells import MEASURE
from tpm_widgets.as_is.say_do_group_words import RATES
from tpm_widgets.language import Between, Number, Percent, Points, Sentence, between, say, say_n, signed

LEAST_PERIODS = 20


def courses_of(table: pd.DataFrame, deed: str, level: float) -> tuple[Sentence, ...]:
    """Read the first and the last value of the score and of a deed."""
    said, done = table.dropna(subset=["score"]), table.dropna(subset=[MEASURE[deed]])
    found = []
    if len(said):
        found.append(
            say(
                "The Net Promoter Score was {course} ({level} intervals, adjusted Wald, {n} answers in all).",
                course=_course(said, "score", Points),
                level=Percent(level, 0),
                n=int(table["n"].sum()),
            )
        )
    if len(done):
        read = Percent if deed == "reported" else Number
        found.append(
            say("What was done, {rate}: {course}.", rate=RATES[deed], course=_course(done, MEASURE[deed], read))
        )
    return tuple(found)


def _course(known: pd.DataFrame, column: str, read: Any) -> Sentence:
    """Word the first and the last row, each with its interval; or the only one."""
    ends = []
    for _, row in known.iloc[[0, -1]].iterrows():
        interval = Between(read(row[f"{column}_low"]), read(row[f"{column}_high"]))
        estimate = read(row[column])
        ends.append(
            say("{estimate} ({interval}) in {period}", estimate=estimate, interval=interval, period=row["period"])
        )
    return ends[0] if len(known) == 1 else say("{first} and {last}", first=ends[0], last=ends[1])


def profile_of(lags: pd.DataFrame, deed: str, periods: int, level: float) -> Sentence:
    """Say at which distance in time both go together, or why that is not said."""
    if deed == "reported":
        return say(
            "Which comes first cannot be said: what respondents report looks back twelve months, over several periods."
        )
    if lags.empty:
        return say_n(
            "Which comes first is not said: {count} period has both a score and a rate, and a lag profile takes "
            "{least}.",
            "Which comes first is not said: {count} periods have both a score and a rate, and a lag profile takes "
            "{least}.",
            periods,
            least=LEAST_PERIODS,
        )
    own = lags[lags["deed"] == deed].dropna(subset=["estimate", "conf_low"])
    if own.empty:
        return say("Which comes first cannot be said: the score or the rate does not vary about its trend.")
    apart = own[own["apart"]]
    if apart.empty:
        return say(
            "It is not shown that the score and the rate go together beyond their trends, at any distance of up to "
            "{lags} periods ({count} correlations together at {level}, Bonferroni; {periods} periods).",
            lags=int(own["lag"].max()),
            count=len(own),
            level=Percent(level, 0),
            periods=periods,
        )
    return _largest(apart.iloc[int(apart["estimate"].abs().argmax())], len(own), level)


def _largest(most: pd.Series, count: int, level: float) -> Sentence:
    """Read the distance at which both go together most."""
    values = {
        "estimate": Number(most["estimate"], signed=True),
        "interval": between(most, signed),
        "level": Percent(level, 0),
        "distances": count,
        "n": int(most["n"]),
    }
    if most["lag"] == 0:
        return say(
            "Beyond their trends the score and the rate go together most in the same period: {estimate} ({level} "
            "interval {interval}, {n} pairs; apart from 0 also when all {distances} distances are counted).",
            **values,
        )
    if most["lag"] < 0:
        return say_n(
            "Beyond their trends they go together most where the deeds come {count} period before the answers: "
            "{estimate} ({level} interval {interval}, {n} pairs; apart from 0 also when all {distances} distances are "
            "counted).",
            "Beyond their trends they go together most where the deeds come {count} periods before the answers: "
            "{estimate} ({level} interval {interval}, {n} pairs; apart from 0 also when all {distances} distances are "
            "counted).",
            -int(most["lag"]),
            **values,
        )
    return say_n(
        "Beyond their trends they go together most where the deeds come {count} period after the answers: {estimate} "
        "({level} interval {interval}, {n} pairs; apart from 0 also when all {distances} distances are counted).",
        "Beyond their trends they go together most where the deeds come {count} periods after the answers: {estimate} "
        "({level} interval {interval}, {n} pairs; apart from 0 also when all {distances} distances are counted).",
        int(most["lag"]),
        **values,
    )
