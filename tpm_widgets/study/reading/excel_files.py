"""Workbooks: the sheet that holds the named columns, and its cells as Excel shows them."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from tpm_widgets.study.cells.toml import toml_text
from tpm_widgets.study.reading.headers import SEARCHED

LOOKED_AT = SEARCHED + 30  # rows of each sheet that tell where the names stand
EXACT = 2**63  # whole numbers from here on are no numbers that somebody counted
PIECE = 1_000_000
SAFE_SIZE, MOST_UNFOLDED, MOST_TIMES = 50_000_000, 1_500_000_000, 100  # bytes of a workbook, unfolded
FORMULA_MARKS = (b"<f>", b"<f ")


class NoSuchSheetError(Exception):
    """The workbook has no sheet of the declared name; the text lists those that it has."""


class TooLargeError(Exception):
    """The workbook would unfold to more than a machine has room for."""


class UnclearSheetError(Exception):
    """Several sheets hold the named columns, or only hidden ones."""

    def __init__(self, sheets: list[str]) -> None:
        super().__init__(", ".join(sheets))
        self.sheets = tuple(sheets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The cells of a sheet, its name, the first visible sheet, and others that hold all of the named columns, too."""

    grid: pd.DataFrame
    sheet: str
    first: str
    alike: tuple[str, ...] = ()


def read_workbook(path: Path, sheet: str | None, count_names: Callable[[pd.DataFrame], int], most: int) -> Found:
    """Read the declared sheet; else the first visible one, or that with more of the names.

    Parameters
    ----------
    path : Path
        The workbook.
    sheet : str or None
        The declared sheet; only so is a hidden one read.
    count_names : callable
        How many of the named columns the top of a sheet has.
    most : int
        How many are named: a sheet that has all is one that could be meant.
    """
    _refuse_bomb(path)
    with _opened(path, data_only=True) as book:
        if sheet is not None and sheet not in book.sheetnames:
            raise NoSuchSheetError(", ".join(map(toml_text, book.sheetnames)))
        first, chosen, alike = (sheet, sheet, []) if sheet is not None else _choose(book, count_names, most)
        grid = _grid(book[chosen], None)
    if _has_formulas(path):
        with _opened(path, data_only=False) as book:
            grid = _with_formulas(grid, _grid(book[chosen], None))
    return Found(grid=grid, sheet=chosen, first=first, alike=tuple(alike))


def _refuse_bomb(path: Path) -> None:
    """Refuse what unfolds to hundreds of times its size, as no table does that somebody filled in."""
    with zipfile.ZipFile(path) as parts:
        unfolded = sum(part.file_size for part in parts.infolist())
    if unfolded > MOST_UNFOLDED or (unfolded > SAFE_SIZE and unfolded > MOST_TIMES * path.stat().st_size):
        raise TooLargeError


def _choose(book: Any, count_names: Callable[[pd.DataFrame], int], most: int) -> tuple[str, str, list[str]]:
    """Return the first sheet that is shown, the one to read, and others that are shown and have all of the names."""
    sheets = [name for name in book.sheetnames if hasattr(book[name], "iter_rows")]  # a chart has none
    shown = [name for name in sheets if book[name].sheet_state == "visible"] or sheets
    counts: dict[str, int] = {}
    for name in (*shown, *(name for name in sheets if name not in shown)):
        if name not in shown and most in counts.values():
            break
        counts[name] = count_names(_grid(book[name], LOOKED_AT))
    chosen = max(shown, key=lambda name: counts.get(name, -1))
    whole = [name for name in counts if counts[name] == most]
    if (whole and chosen != shown[0] and len(whole) > 1) or (whole and chosen not in whole):
        raise UnclearSheetError(whole)
    return shown[0], chosen, [name for name in whole if name != chosen] if most else []


@contextmanager
def _opened(path: Path, *, data_only: bool) -> Iterator[Any]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which are not read
        book = load_workbook(path, read_only=True, data_only=data_only)
        try:
            yield book
        finally:
            book.close()


def _grid(sheet: Any, most: int | None) -> pd.DataFrame:
    sheet.reset_dimensions()  # some programs declare them wrongly
    rows = [[_shown(cell) for cell in row] for row in islice(sheet.iter_rows(), most)]
    width = max(map(len, rows), default=0)
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype=object)


def _shown(cell: Any) -> Any:
    """Return a cell as it stands there: TRUE instead of 1, an error as its text, no number that cannot be meant."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return value


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(_holds_formula(parts, name) for name in sheets)


def _holds_formula(parts: zipfile.ZipFile, name: str) -> bool:
    """Search a sheet piece by piece, for it may be large."""
    before = b""
    with parts.open(name) as sheet:
        while piece := sheet.read(PIECE):
            if any(mark in before + piece for mark in FORMULA_MARKS):
                return True
            before = piece[-2:]
    return False


def _with_formulas(grid: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    """Show a formula where the program that wrote the file left its value out: it is no empty cell."""
    rows, columns = grid.index.union(written.index), grid.columns.union(written.columns)
    grid, written = (part.reindex(index=rows, columns=columns, fill_value="") for part in (grid, written))
    return grid.where((grid != "") | ~written.map(lambda cell: isinstance(cell, str) and cell.startswith("=")), written)
