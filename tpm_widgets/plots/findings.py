"""What a figure of estimates over groups or periods found, in words: its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from tpm_widgets.as_is.ties import names_tied
from tpm_widgets.language import Sentence, Worded, say

Finding = Sentence | tuple[Sentence, ...]


def spread(
    known: pd.DataFrame, what: Sentence, read: Callable[[float], Worded], name: Callable[[object], str]
) -> Finding:
    """Name the highest and the lowest of several groups, and say where their intervals do not tell them apart.

    ``known`` has ``group, estimate, conf_low, conf_high``; ``read`` words an estimate, ``name`` a group.
    """
    highest, lowest, apart = _extremes(known)
    rows = known.to_dict("records")

    def named(row: Mapping[Any, Any]) -> str:
        return name(row["group"])

    found = say(
        "{what}: highest in {highest:list} ({high}), lowest in {lowest:list} ({low}).",
        what=what,
        highest=names_tied(rows, "estimate", named),
        high=read(highest["estimate"]),
        lowest=names_tied(rows, "estimate", named, lowest=True),
        low=read(lowest["estimate"]),
    )
    return _unless(apart, found)


def change(known: pd.DataFrame, when: str, what: Sentence, read: Callable[[float], Worded]) -> Finding:
    """Name the first and the last estimate of a course, in the order of its rows; ``when`` is the column of time."""
    first, last = known.iloc[0], known.iloc[-1]
    found = say(
        "{what}: {first} in {first_period}, {last} in {last_period}.",
        what=what,
        first=read(first["estimate"]),
        first_period=str(first[when]),
        last=read(last["estimate"]),
        last_period=str(last[when]),
    )
    return _unless(_extremes(known.iloc[[0, -1]])[2], found)


def _unless(apart: bool, found: Sentence) -> Finding:
    return found if apart else (found, say("Their intervals overlap."))


def _extremes(known: pd.DataFrame) -> tuple[pd.Series, pd.Series, bool]:
    """Return the rows with the highest and the lowest estimate, and whether their intervals lie apart."""
    estimates = known["estimate"].to_numpy(float)
    highest, lowest = known.iloc[int(estimates.argmax())], known.iloc[int(estimates.argmin())]
    return highest, lowest, bool(lowest["conf_high"] < highest["conf_low"])
