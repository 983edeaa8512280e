"""Where the names of the columns stand in a sheet, and where the answers begin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.converting import as_dates, as_numbers, as_texts

SEARCHED = 6  # rows in which the names may stand
MOST_BELOW = 2  # rows of words under the names, as survey tools write them
COMPARED = 20  # rows below that show which columns hold numbers or days
IMPORT_MARK = '{"ImportId"'  # the second of Qualtrics' rows under the names


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells under the header; ``rows`` as the spreadsheet counts them, ``beyond`` where a row is too long."""

    frame: pd.DataFrame
    rows: np.ndarray
    beyond: np.ndarray


def take_header(grid: pd.DataFrame, header_rows: int | None, expected: Collection[str]) -> Sheet | None:
    """Take the header off a grid whose row 0 is row 1 of the spreadsheet; None where every cell is blank.

    Without ``header_rows`` the names are the row, among the first six, with most of the expected names. Rows under
    it that hold words in every column of numbers or days (the wording of the questions) belong to the header.
    """
    blank = (grid.isna() | (grid == "")).to_numpy(bool)
    filled = np.flatnonzero(~blank.all(axis=1))
    if not len(filled):
        return None
    first = filled[:SEARCHED] if header_rows is None else filled[filled < header_rows]
    top = first if len(first) else filled[:1]
    heads = [_names(grid.iloc[position]) for position in top]
    best = max(range(len(top)), key=lambda number: len(set(heads[number]) & set(expected)))
    names = heads[best]
    below = filled[filled > top[best]] if header_rows is None else filled[filled >= header_rows]
    if header_rows is None:
        below = below[_rows_of_words(grid.iloc[below[: MOST_BELOW + COMPARED]]) :]
    named = [place for place, name in enumerate(names) if name]
    last = named[-1] if named else -1
    frame = grid.iloc[below, named].set_axis([names[place] for place in named], axis=1).reset_index(drop=True)
    return Sheet(frame=frame, rows=below + 1, beyond=np.asarray((~blank[below, last + 1 :]).any(axis=1)))


def _names(row: pd.Series) -> list[str]:
    return [str(name) if isinstance(name, str) else "" for name in as_texts(row.astype(object)).to_numpy(object)]


def _rows_of_words(top: pd.DataFrame) -> int:
    """How many of the first rows are words about the columns rather than answers."""
    if not len(top):
        return 0
    filled = np.column_stack([as_texts(top.iloc[:, place]).notna() for place in range(top.shape[1])])
    answers = np.column_stack([_are_answers(top.iloc[:, place]) for place in range(top.shape[1])]) & filled
    below = slice(MOST_BELOW, None) if len(top) > MOST_BELOW else slice(1, None)
    measured = answers[below].sum(axis=0) > filled[below].sum(axis=0) / 2  # columns of numbers or days
    count = 0
    for row in range(min(MOST_BELOW, len(top))):
        words = filled[row, measured].sum() >= 2 and not answers[row, measured].any()
        if words and count == row:
            count = row + 1
        if top.iloc[row].astype(str).str.startswith(IMPORT_MARK).any():
            count = row + 1
    return count


def _are_answers(cells: pd.Series) -> np.ndarray:
    """Where a column holds numbers or days, in whatever manner."""
    readings = [as_numbers(cells, "."), as_numbers(cells, ","), as_dates(cells, True), as_dates(cells, False)]
    return ~np.logical_and.reduce([failed for _, failed in readings])
