"""Rows of a survey that repeat another one cell for cell: an export that was appended twice, or an answer sent twice.

Few questions are answered alike by many persons. A row therefore counts as a repeat only where chance does not explain
it: it holds a cell that no other row has, such as a time or a comment, or the file has many more rows that are alike in
all cells than rows that are alike in all but one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.cells.converting import are_blank, as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.settings import SurveySettings

FEWEST_CELLS = 3  # of a row that says something of its own
TELLING = 0.5  # the share of different cells in a column that tells rows apart
TIMES_AS_OFTEN = 2  # as rows with but one other cell, where chance makes the latter the more frequent
UNIFORM = 0.8  # the share of one answer among those of a row that says the same of everything
BLOCK = 10  # rows in the same order
MOST = 10_000  # repeated rows that are looked at one by one
SHOWN = 3


def without_repeats(raw: RawTable, settings: SurveySettings, faults: Faults) -> RawTable:
    """Tell of rows that repeat another one; leave them out where the study says so."""
    if settings.repeated_rows == "keep" or not raw.file:  # who has a frame in memory may have made it of counts
        return raw
    if settings.repeated_rows is None and settings.long is not None:  # of a person's answers to a question one counts
        return raw
    repeats = find_repeats(raw)
    if not repeats.any():
        return raw
    if settings.repeated_rows == "drop":
        faults.counts[raw.table, str(say("repeats another row"))] += int(repeats.sum())
        return raw.only(~repeats)
    remedy = say(
        '{rows} Leave them out: `repeated_rows = "drop"`. Are they answers of other persons: `repeated_rows = "keep"`. '
        "(under [{table}])",
        rows=told_rows(raw, repeats),
        table=raw.table,
    )
    faults.report(raw, "", "", say("rows that do not repeat another one, cell for cell"), remedy)
    return raw


def told_rows(raw: RawTable, repeats: np.ndarray) -> Sentence:
    """Say how many rows repeat another one, and which ones come first."""
    rows = [str(row) for row in raw.rows[repeats][:SHOWN]]
    count = int(repeats.sum())
    return say_n(
        "{count} row of {all:count} repeats an earlier one: {rows}.",
        "{count} rows of {all:count} repeat an earlier one: {rows}.",
        count,
        all=len(raw.rows),
        rows=", ".join(rows if count <= SHOWN else [*rows, "…"]),
    )


def find_repeats(raw: RawTable) -> np.ndarray:
    """Return a mask of the rows that repeat an earlier one, where that is no chance."""
    rows = _Rows.of(raw.frame)
    again = rows.whole.duplicated().to_numpy() & (rows.filled >= FEWEST_CELLS)
    if not again.any():
        return again
    certain = again & (_with_cells_of_their_own(rows) | _appended(rows.whole.to_numpy()))
    return again if not certain.any() and not _is_chance(rows, again) else certain


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hashes of the values, 0 for a blank; of the cells, each of its column; of whole rows, with their filled cells.

    All columns one by one, for a file may have very many rows.
    """

    values: list[np.ndarray]
    cells: list[np.ndarray]
    whole: pd.Series
    filled: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Rows:
        hashes, values = [], []
        for place in range(frame.shape[1]):
            cells = frame.iloc[:, place]
            values.append(pd.util.hash_array(as_texts(cells).fillna("").to_numpy(object)))
            values[-1][are_blank(cells)] = 0
            hashes.append(pd.util.hash_array(values[-1] + np.uint64(place)))
        whole = pd.Series(np.add.reduce(hashes, dtype=np.uint64) if hashes else np.zeros(len(frame), dtype=np.uint64))
        filled = np.zeros(len(frame), dtype=int)
        for own in values:
            filled += own != 0
        return cls(values, hashes, whole, filled)

    def is_uniform(self, row: int) -> bool:
        """Whether a row gives nearly everything the same answer, as many persons do."""
        own = np.array([cells[row] for cells in self.values])
        most = np.unique(own[own != 0], return_counts=True)[1].max(initial=0)
        return bool(most >= UNIFORM * self.filled[row])


def _with_cells_of_their_own(rows: _Rows) -> np.ndarray:
    """Which rows hold a cell, in a column that tells rows apart, that stands in no row but those that are alike."""
    times = rows.whole.map(rows.whole.value_counts()).to_numpy()
    different = rows.whole.nunique()
    found = np.zeros(len(times), dtype=bool)
    for cells in map(pd.Series, rows.cells):
        counts = cells.value_counts()
        if len(counts) >= TELLING * different:
            found |= cells.map(counts).to_numpy() == times
    return found


def _appended(whole: np.ndarray) -> np.ndarray:
    """Which rows belong to a block in which the file begins anew, row for row."""
    found = np.zeros(len(whole), dtype=bool)
    for start in np.flatnonzero(whole == whole[0])[1:]:
        if found[start] or not np.array_equal(whole[start : start + BLOCK], whole[:BLOCK]):
            continue
        same = whole[start:] == whole[: len(whole) - start]
        length = len(same) if same.all() else int(np.argmin(same))
        if length >= BLOCK and len(np.unique(whole[:length])) > BLOCK / 2:
            found[start : start + length] = True
    return found


def _is_chance(rows: _Rows, again: np.ndarray) -> bool:
    """Whether rows that are alike in all cells but one are so frequent that alike ones are to be expected."""
    alike = rows.whole[again].drop_duplicates().index
    looked_at = alike[:MOST]
    count = len(alike) * sum(not rows.is_uniform(row) for row in looked_at) / len(looked_at)
    different = ~rows.whole.duplicated().to_numpy()
    near = np.zeros(len(again), dtype=bool)
    for own in rows.cells:
        rest = pd.Series(rows.whole.to_numpy() - own)[different]
        near[different] |= rest.duplicated(keep=False).to_numpy()
        if TIMES_AS_OFTEN * near.sum() >= count:
            return True
    return False
