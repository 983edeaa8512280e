"""Rows that a stray quote has run together: in a CSV file a quote at the start of a cell holds until the next one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.converting import are_blank, as_numbers
from tpm_widgets.study.cells.days import as_dates

QUOTE = '"'
LINE_ENDS = r"[\r\n]"
SEEN = 200  # rows that tell which columns hold numbers or days
ENOUGH = 2  # such cells that tell a row from a text with the delimiter in it
LONGEST = 50_000_000  # letters of a file of which every row is measured once more


def run_together(text: str, grid: pd.DataFrame, delimiter: str) -> dict[int, int]:
    """Return the rows of a grid in which a quote holds further rows, or cells, each with how many lines it holds.

    A text with line breaks and delimiters in it is a usual answer. It holds rows only where its lines would stand in
    the table as all others do: as many cells, and numbers and days where these have numbers and days.
    """
    if QUOTE not in text or grid.shape[1] < 2:
        return {}
    several = _rows_with(grid, LINE_ENDS) if _lines(text) > len(grid) else np.array([], dtype=int)
    joined = _shorter_rows(text, grid, delimiter)
    if not len(several) and not joined:
        return {}
    lengths = Counter(map(len, islice(_records(text, delimiter), SEEN)))
    usual = max(lengths, key=lambda length: (lengths[length], length))
    measured = _measured(grid.iloc[:, :usual].drop(index=[0, *several, *joined], errors="ignore").head(SEEN))
    found = {row: 1 for row in joined if _is_whole(grid.iloc[row], delimiter, measured)}
    for row in several:
        if lines := _held_lines(list(map(str, grid.iloc[row])), delimiter, measured):
            found[int(row)] = lines
    return found


def _lines(text: str) -> int:
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends + (not text.endswith(("\n", "\r")))


def _rows_with(grid: pd.DataFrame, pattern: str, *, regex: bool = True) -> np.ndarray:
    found = np.zeros(len(grid), dtype=bool)
    for _, cells in grid.items():
        found |= cells.str.contains(pattern, regex=regex).to_numpy(bool)
    return np.flatnonzero(found)


def _shorter_rows(text: str, grid: pd.DataFrame, delimiter: str) -> list[int]:
    """Return the rows with fewer cells than all others, where one holds as many delimiters as cells are missing."""
    open_ended = grid.index[(grid.iloc[:, -1] == "").to_numpy(bool)]
    if not len(open_ended) or len(text) > LONGEST:
        return []
    suspects = set(open_ended[_rows_with(grid.loc[open_ended], delimiter, regex=False)])
    if not suspects:
        return []
    records = list(_records(text, delimiter))
    short = {row for row, record in enumerate(records) if record and len(record) < grid.shape[1]}
    if len(records) != len(grid) or 2 * len(short) > len(records):  # a program that leaves off what is empty
        return []
    return sorted(
        row for row in suspects & short
        if len(records[row]) + sum(cell.count(delimiter) for cell in records[row]) == grid.shape[1]
    )  # fmt: skip


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _measured(rows: pd.DataFrame) -> np.ndarray:
    """Which columns hold numbers or days in most of their cells."""
    found = []
    for _, cells in rows.items():
        filled = ~are_blank(cells)
        found.append((_are_measures(cells) & filled).sum() > filled.sum() / 2)
    return np.array(found, dtype=bool)


def _are_measures(cells: pd.Series) -> np.ndarray:
    readings = as_numbers(cells, "."), as_numbers(cells, ","), as_dates(cells, True), as_dates(cells, False)
    return ~np.logical_and.reduce([failed for _, failed in readings])


def _is_whole(row: pd.Series, delimiter: str, measured: np.ndarray) -> bool:
    """Whether a row has all its cells, and numbers where these stand, once its quotes are taken off."""
    cells = delimiter.join(map(str, row)).split(delimiter)[: len(measured)]
    return _fits(cells, measured)


def _held_lines(row: list[str], delimiter: str, measured: np.ndarray) -> int:
    """How many lines stand in a cell that holds rows; 0 where no cell does."""
    width = len(measured)
    for place, cell in enumerate(row[:width]):
        lines = cell.splitlines()
        if len(lines) < 2:
            continue
        first, *inner = ([] if not line else line.split(delimiter) for line in lines)
        last = inner.pop()
        begins = place + len(first) == width and len(first) > 1 and _fits(first[1:], measured[place + 1 :])
        ends = 1 < len(last) <= width and _fits(last[:-1], measured[: len(last) - 1])
        if begins or ends or any(len(cells) == width and _fits(cells, measured) for cells in inner):
            return len(lines)
    return 0


def _fits(cells: Sequence[str], measured: np.ndarray) -> bool:
    """Whether cells are numbers or days where a table has them: enough of them, and no other words there."""
    told = pd.Series([cell for cell, is_measure in zip(cells, measured, strict=True) if is_measure], dtype="str")
    told = told[~are_blank(told)]
    return len(told) >= min(ENOUGH, int(measured.sum())) > 0 and bool(_are_measures(told).all())
