"""The two ways to say no: a wrong argument (ValueError, TypeError) and wrong data (DataError)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.visible import visible

PROBLEM_COLUMNS = ["table", "file", "row", "column", "value", "expected", "remedy"]


class DataError(ValueError):
    """Data that no analysis can rest on: every fault at once, each with its place and its remedy.

    Attributes
    ----------
    problems : pandas.DataFrame
        One row per fault: ``table``, ``file``, ``row`` (as the spreadsheet counts, missing where the whole
        file is meant), ``column``, ``value``, ``expected``, ``remedy``.
    remedies : tuple
        Each remedy once, in any language where it was handed in as a sentence.
    """

    def __init__(self, problems: pd.DataFrame | Iterable[Mapping[str, Any]]) -> None:
        faults = _records(problems)
        self.problems = problem_table(faults)
        told = zip(self.problems["remedy"], faults, strict=True)
        self.remedies = tuple({text: fault["remedy"] for text, fault in told if text}.values())
        super().__init__("\n".join(describe(fault) for _, fault in self.problems.iterrows()))


def problem_table(faults: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Faults as one table with the fixed columns, in the order in which they were found; sentences become texts."""
    rows = _records(faults)
    table = pd.DataFrame(
        [{name: _cell(row.get(name, "")) for name in PROBLEM_COLUMNS} for row in rows],
        columns=PROBLEM_COLUMNS,
        dtype=object,
    )
    table["row"] = pd.array([row.get("row") if pd.notna(row.get("row")) else None for row in rows], dtype="Int64")
    return table


def _records(faults: pd.DataFrame | Iterable[Mapping[str, Any]]) -> list[dict[Any, Any]]:
    return faults.to_dict("records") if isinstance(faults, pd.DataFrame) else [dict(fault) for fault in faults]


def _cell(value: Any) -> Any:
    value = value.text() if hasattr(value, "text") else value
    return visible(value) if isinstance(value, str) else value


def describe(fault: Mapping[str, Any] | pd.Series) -> str:
    """One fault as one sentence: where, what, what was expected, what to do."""
    place = str(fault["file"] or fault["table"])
    if pd.notna(fault["row"]):
        place = say("{place}, row {row}", place=place, row=str(fault["row"])).text()
    if fault["column"]:
        place = say("{place}, column {column}", place=place, column=repr(fault["column"])).text()
    remedy = f" {fault['remedy']}" if fault["remedy"] else ""
    if fault["value"] == "":
        return say("{place}: expected {expected}.{remedy}", fault, place=place, remedy=remedy).text()
    found = repr(fault["value"])
    return say(
        "{place}: found {found}, expected {expected}.{remedy}", fault, place=place, found=found, remedy=remedy
    ).text()


def check_level(level: float) -> None:
    """Refuse a confidence level outside 0…1."""
    if not isinstance(level, (int, float)) or not 0 < level < 1:
        raise ValueError(f"level must be a number between 0 and 1, such as 0.95; got {level!r}.")


def check_replicates(replicates: int, least: int) -> None:
    """Refuse a number of resamples that is no whole number, or too small for what is made of them."""
    if isinstance(replicates, bool) or not isinstance(replicates, Integral) or replicates < least:
        raise ValueError(f"replicates must be a whole number of at least {least}; got {replicates!r}.")
