"""Demands on cells besides their kind (on a scale, known, unique, in time); each finds all its failures at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from tpm_widgets.language import Sentence
from tpm_widgets.study.faults import Faults
from tpm_widgets.study.raw import RawTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One demand on the cells of a role; a missing cell meets every demand.

    ``passes`` maps the column to True where a cell meets it. A broken cell is missing afterwards, unless ``reason``
    is None: then it is only reported.
    """

    role: str
    column: str
    passes: Callable[[pd.Series], pd.Series]
    expected: Sentence
    remedy: Sentence
    reason: Sentence | None
    masked: bool = False


def enforce(raw: RawTable, frame: pd.DataFrame, rules: Iterable[Rule], faults: Faults) -> pd.DataFrame:
    """Note each cell that breaks a rule and return the frame with those cells missing."""
    checked = frame.copy(deep=False)
    for rule in rules:
        cells = frame[rule.role]  # as they were read: what one rule leaves out can break another as well
        broken = ~(rule.passes(cells) | cells.isna()).to_numpy(bool)
        faults.note(raw, broken, rule.column, rule.expected, rule.remedy, reason=rule.reason, masked=rule.masked)
        if broken.any() and rule.reason is not None:
            checked[rule.role] = checked[rule.role].mask(broken)
    return checked
