"""Faults by column, kind and remedy, as one line each: thousands of cells are a few mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.errors import describe
from tpm_widgets.language import Names, Sentence, say, say_n

GROUPED_COLUMNS = ["table", "file", "column", "values", "count", "rows", "expected", "remedy"]
SHOWN_VALUES, SHOWN_ROWS, SHOWN_KINDS = 5, 3, 12
LONG = 160  # letters of a remedy that is told once


def by_column(problems: pd.DataFrame) -> pd.DataFrame:
    """Put faults together that have one column, one expectation and one remedy, with their values and first rows.

    Where a table stands in several files or sheets, the rows are those of the first one with such a fault.
    """
    keys = ["table", "column", "expected", "remedy"]
    rows = [
        {
            **dict(zip(keys, key, strict=True)),
            "file": faults["file"].iloc[0],
            "values": _values(faults["value"]),
            "count": len(faults),
            "rows": _rows(faults),
        }
        for key, faults in problems.groupby(keys, sort=False, dropna=False)
    ]
    return pd.DataFrame(rows, columns=GROUPED_COLUMNS)


def _values(cells: pd.Series) -> str:
    """Each value with its count, the first ones."""
    codes, values = pd.factorize(cells)
    if len(values) == 1 and values[0] == "":
        return ""
    counts = np.bincount(codes).tolist()
    if len(cells) == 1:
        return str(values[0])
    told = [
        say("{value} × {times:count}", value=value or say("empty"), times=times)
        for value, times in zip(values, counts, strict=True)
    ]
    return Names(tuple(told), SHOWN_VALUES).text()


def _rows(faults: pd.DataFrame) -> str:
    rows = faults["row"].dropna()
    own = rows[faults["file"] == faults["file"].iloc[0]].head(SHOWN_ROWS)
    numbers = [str(row) for row in own]
    return ", ".join([*numbers, "…"] if len(rows) > len(own) else numbers)


def told_by_column(grouped: pd.DataFrame) -> list[str | Sentence]:
    """Say each kind of fault in one line, the most frequent first; a long remedy is told once."""
    lines: list[str | Sentence] = []
    told: dict[str, str] = {}
    for _, kind in grouped.sort_values("count", ascending=False, kind="stable").head(SHOWN_KINDS).iterrows():
        lines.append(_line(kind, told))
        told.setdefault(kind["remedy"], kind["column"])
    if (more := len(grouped) - len(lines)) > 0:
        lines.append(
            say_n("{count} more kind of fault is not shown.", "{count} more kinds of faults are not shown.", more)
        )
    return lines


def _line(kind: Mapping[str, Any] | pd.Series, told: Mapping[str, str]) -> str | Sentence:
    remedy = kind["remedy"]
    if len(remedy) > LONG and told.get(remedy, kind["column"]) != kind["column"]:
        remedy = say("The remedy is that of column {column}.", column=repr(told[remedy]))
    if kind["count"] == 1:
        return describe({**kind, "row": kind["rows"] or None, "value": kind["values"], "remedy": remedy})
    place = kind["file"] or kind["table"]
    column = say(", column {column}", column=repr(kind["column"])) if kind["column"] else ""
    rows = say("rows {rows}", rows=kind["rows"]) if kind["rows"] else say("{count} times", count=kind["count"])
    return say(
        "{place}{column}: {values} ({rows}), expected {expected}. {remedy}",
        place=place,
        column=column,
        values=kind["values"] or say("{count} cells", count=kind["count"]),
        rows=rows,
        expected=kind["expected"],
        remedy=remedy,
    )
