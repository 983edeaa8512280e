"""Demands on cells besides their kind (on a scale, known, unique, in time); pandera finds every failure at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

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
    rules = list(rules)
    frame = frame.copy(deep=False)
    for rule, broken in zip(rules, _failures(frame, rules), strict=True):
        faults.note(raw, broken, rule.column, rule.expected, rule.remedy, reason=rule.reason, masked=rule.masked)
        if broken.any() and rule.reason is not None:
            frame[rule.role] = frame[rule.role].mask(broken)
    return frame


def _failures(frame: pd.DataFrame, rules: list[Rule]) -> list[np.ndarray]:
    """For each rule the rows that break it."""
    checks: dict[str, list[pa.Check]] = {}
    for number, rule in enumerate(rules):
        checks.setdefault(rule.role, []).append(pa.Check(_met_or_missing(rule), ignore_na=False, error=str(number)))
    columns = {role: pa.Column(nullable=True, checks=several) for role, several in checks.items()}
    masks = [np.zeros(len(frame), dtype=bool) for _ in rules]
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        for number, cases in error.failure_cases.groupby("check"):
            masks[int(str(number))][cases["index"].to_numpy(int)] = True
    return masks


def _met_or_missing(rule: Rule) -> Callable[[pd.Series], pd.Series]:
    """Let missing cells pass here: pandera would write each of them down as a failure before it ignored it."""
    return lambda cells: rule.passes(cells) | cells.isna()
