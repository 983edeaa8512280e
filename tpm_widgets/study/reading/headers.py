"""Where the names of the columns stand in a sheet, and where the answers begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.converting import as_numbers, as_texts, comparable
from tpm_widgets.study.cells.days import as_dates
from tpm_widgets.study.cells.names import JOINT, clean_name
from tpm_widgets.study.reading.header_names import carried, name_columns

SEARCHED = 50  # rows in which the names may stand
MOST_BELOW = 2  # rows of words under the names, as survey tools write them
MOST_ABOVE = 2  # rows of groups over the names, as people write them
COMPARED = 20  # rows below that show which columns hold numbers or days
IMPORT_MARK = '{"ImportId"'  # the second of Qualtrics' rows under the names
UNDER_QUESTIONS = {"response", "open-ended response", "antwort", "offene antwort"}  # SurveyMonkey's second row


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of a file before it is read.

    ``named`` are the columns that study.toml names, ``names`` those and the roles that are found by their own name,
    ``persons`` the columns of identifiers, ``codes`` the declared words, as they are compared.
    """

    names: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def parts(self, names: frozenset[str]) -> frozenset[str]:
        """Return names and the cells of which they are joined."""
        return names.union(*(name.split(JOINT) for name in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells under the header; ``rows`` as the spreadsheet counts them, ``beyond`` where a row is too long.

    ``repeated`` are names of several columns with the names that tell them apart, ``names_row`` is the row with the
    names, ``words`` the rows below it that were told to be no answers, ``over`` the cells of the header over each
    column that are not the one in the row with the names.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    beyond: np.ndarray
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names_row: int = 1
    words: tuple[int, ...] = ()
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, names: Iterable[str]) -> int:
        """Count the names that are columns here."""
        return len(set(names) & {*self.frame.columns, *self.repeated})


def take_header(grid: pd.DataFrame, header_rows: int | None, wanted: Wanted) -> Sheet | None:
    """Take the header off a grid whose row 0 is row 1 of the spreadsheet; None where every cell is blank.

    Without ``header_rows`` the names are the row, among the first fifty, with most of the wanted names. Rows under it
    that hold words in every column of numbers or days (the wording of the questions), or further wanted names, belong
    to the header; so do rows of groups above it. A column is called by the cell of any of them that is wanted.
    """
    blank = (grid.isna() | (grid == "")).to_numpy(bool)
    filled = np.flatnonzero(~blank.all(axis=1))
    if not len(filled):
        return None
    first = filled[:SEARCHED] if header_rows is None else filled[filled < header_rows]
    top = first if len(first) else filled[:1]
    heads = dict(zip(map(int, top), _names(_texts(grid, top)), strict=True))
    main = _names_row(heads, wanted)
    words: list[int] = []
    if header_rows is None:
        below = filled[filled > main]
        count = _rows_of_words(_texts(grid, below[: MOST_BELOW + COMPARED]), heads[main], wanted)
        words, below = [int(place) for place in below[:count]], below[count:]
    else:
        below = filled[filled >= header_rows]
    over = [place for place in heads if place < main and any(heads[place][1:])][-MOST_ABOVE:]
    under = words if header_rows is None else [place for place in heads if place > main]
    rows = [heads[main], *(row for row in _names(_texts(grid, under)) if not _is_import(row))]
    named = name_columns([*(heads[place] for place in over), *rows], len(over), wanted.names, wanted.named)
    kept = [place for place, name in enumerate(named.names) if name]
    last = kept[-1] if kept else -1
    frame = _part(grid, below, kept).set_axis([named.names[place] for place in kept], axis=1).reset_index(drop=True)
    return Sheet(
        frame=frame,
        rows=below + 1,
        beyond=np.asarray((~blank[below, last + 1 :]).any(axis=1)),
        repeated=named.repeated,
        names_row=main + 1,
        words=tuple(place + 1 for place in words),
        over=_beside([*map(carried, (heads[place] for place in over)), *_names(_texts(grid, under))], named.names),
    )


def _beside(rows: Sequence[Sequence[str]], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the cells over each column that has a name, of the rows over and under that of the names."""
    if not rows:
        return {}
    return {
        name: tuple(filter(None, cells)) for name, cells in zip(names, zip(*rows, strict=True), strict=True) if name
    }


def _part(grid: pd.DataFrame, rows: np.ndarray, columns: Sequence[int]) -> pd.DataFrame:
    """Return some rows and columns; without copying cells where no row between the first and the last is left out."""
    whole = len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows)
    part = grid.iloc[rows[0] : rows[-1] + 1] if whole else grid.iloc[rows]
    return part if len(columns) == grid.shape[1] else part.iloc[:, list(columns)]


def _texts(grid: pd.DataFrame, rows: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the cells of some rows as texts, None where they are empty, shape (rows, columns)."""
    cells = grid.iloc[list(rows)].to_numpy(object)
    texts = as_texts(pd.Series(cells.ravel(), dtype=object)).astype(object)
    return texts.where(texts.notna(), None).to_numpy().reshape(cells.shape)


def _names(texts: np.ndarray) -> list[list[str]]:
    """Return texts as names are compared, "" for an empty one."""
    return [[clean_name(text) if text is not None else "" for text in row] for row in texts]


def _names_row(heads: Mapping[int, list[str]], wanted: Wanted) -> int:
    """Find the row with most of the wanted names; where there is none, the first that is about as wide as any."""
    parts = wanted.parts(wanted.names)
    found = {place: len(set(cells) & parts) for place, cells in heads.items()}
    if max(found.values()):
        return max(found, key=lambda place: found[place])
    widths = {place: len(set(cells) - {""}) for place, cells in heads.items()}
    return next(place for place in heads if widths[place] >= 0.5 * max(widths.values()))


def _is_import(cells: Sequence[str]) -> bool:
    return any(cell.startswith(IMPORT_MARK) for cell in cells)


def _rows_of_words(top: np.ndarray, names: Sequence[str], wanted: Wanted) -> int:
    """How many of the first rows are words about the columns rather than answers."""
    if not len(top):
        return 0
    filled = ~pd.isna(top)
    answers = _are_answers(top, wanted.codes) & filled
    below = slice(MOST_BELOW, None) if len(top) > MOST_BELOW else slice(1, None)
    measured = answers[below].sum(axis=0) > filled[below].sum(axis=0) / 2  # columns of numbers or days
    parts = wanted.parts(wanted.named) - set(names)
    cells = _names(top)
    count = 0
    for row in range(min(MOST_BELOW, len(top))):
        own = cells[row]
        is_answer = answers[row, measured].any() or _like_those_below(cells[row:], names, measured, wanted)
        words = filled[row, measured].sum() >= 2 or {*own} & parts or {*map(str.casefold, own)} & UNDER_QUESTIONS
        if words and not is_answer and count == row:
            count = row + 1
        if _is_import(own):
            count = row + 1
    return count


def _are_answers(texts: np.ndarray, declared: Iterable[str]) -> np.ndarray:
    """Where a cell is a number or a day, in whatever manner, or a word that is declared as an answer."""
    codes, uniques = pd.factorize(texts.ravel())
    each = pd.Series(uniques, dtype="str")
    readings = [as_numbers(each, "."), as_numbers(each, ","), as_dates(each, True), as_dates(each, False)]
    known = ~np.logical_and.reduce([failed for _, failed in readings])
    known |= np.array([comparable(text) in declared for text in uniques], dtype=bool)
    return np.append(known, False)[codes].reshape(texts.shape)


def _like_those_below(
    cells: Sequence[Sequence[str]], names: Sequence[str], measured: np.ndarray, wanted: Wanted
) -> bool:
    """Whether the first row has an identifier like those below it, or names a group that is named there again."""
    for place, name in enumerate(names):
        own, *rest = (row[place] for row in cells)
        others = {cell for cell in rest[MOST_BELOW - 1 :] or rest if cell}
        if not own:
            continue
        if name in wanted.persons and re.search(r"\d", own) and _shape(own) in set(map(_shape, others)):
            return True
        if not measured[place] and len(others) > 1 and own in others:
            return True
    return False


def _shape(identifier: str) -> str:
    """Return how an identifier is built: R_12ab and R_7c are both a_9a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", identifier))
