"""A table as it was read, with what is needed to say where each of its cells stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.names import told_apart
from tpm_widgets.study.model import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The cells of one file (or of one frame), untouched, numbered 0, 1, …

    Attributes
    ----------
    table, file : str
        The table of the study, and the file as study.toml names it; "" for a frame in memory.
    frame : pandas.DataFrame
        The cells under the file's own names, cleaned (``clean_name``) and each only once.
    rows : numpy.ndarray
        The row of the spreadsheet in which each row of ``frame`` stands.
    repeated : mapping
        Names that several columns of the file have, with the names that tell these apart.
    delimiter : str
        What separated the cells; "" where nothing did.
    decimal : str or None
        The declared decimal sign; None where it is told from the cells.
    cell_rows : mapping
        The row in which each cell of a column stands, where that is not ``rows``: in a file of one row per answer.
    places : numpy.ndarray or None
        The file, or the sheet, in which each row stands, where a table has been put together from several.
    header : mapping
        The cells of a header of several rows over a column, but the one that stands in the row with the names.
    labels, value_labels, user_missing
        What SPSS knows of a column: its words, the words of its codes, and the ranges of codes that mean nothing.
    """

    table: str
    file: str
    frame: pd.DataFrame
    rows: np.ndarray
    delimiter: str = ""
    decimal: str | None = None
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cell_rows: Mapping[str, np.ndarray] = field(default_factory=dict)
    places: np.ndarray | None = None
    header: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    user_missing: Mapping[str, list[Scale]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: str, frame: pd.DataFrame, wanted: Iterable[str], **known: Any) -> RawTable:
        """Return a frame that has names already: they are cleaned, and numbered where they repeat."""
        named = told_apart(frame.columns, wanted)
        return cls(table=table, frame=frame.set_axis(named.names, axis=1), repeated=named.repeated, **known)

    def only(self, kept: np.ndarray) -> RawTable:
        """Return some of the rows, by a mask or by their places."""
        places = None if self.places is None else self.places[kept]
        return replace(self, frame=self.frame.iloc[kept].reset_index(drop=True), rows=self.rows[kept], places=places)

    def files_of(self, kept: np.ndarray) -> Any:
        """Return the file in which each of some rows stands, by a mask; one for all where there is but one."""
        return self.file if self.places is None else self.places[kept]

    def rows_of(self, column: str) -> np.ndarray:
        """Return the row of the spreadsheet in which each cell of a column stands."""
        return self.cell_rows.get(column, self.rows)

    def cells(self, column: str, codes: Iterable[Any] = ()) -> pd.Series:
        """One column; what SPSS calls user-missing is missing, unless the study gives the code a meaning of its own."""
        cells = self.frame[column]
        for low, high in self.user_missing.get(column, ()):
            missing = [value for value in cells.unique() if _within(value, low, high) and value not in set(codes)]
            cells = cells.mask(cells.isin(missing))
        return cells

    def words(self, column: str, codes: Iterable[Any] = ()) -> pd.Series:
        """One column with the words of its codes; where all have words, ordered as the codes are."""
        cells = self.cells(column, codes)
        labels = self.value_labels.get(column)
        if not labels:
            return cells
        if cells.dropna().isin(list(labels)).all() and len(set(labels.values())) == len(labels):
            ordered = sorted(labels, key=_place)
            coded = pd.Categorical(cells, categories=ordered, ordered=True)
            return pd.Series(coded.rename_categories(labels))
        return cells.map(lambda value: labels.get(value, value), na_action="ignore")


def _place(code: Any) -> tuple[bool, Any]:
    """Sort codes: numbers first, also where a file holds them as texts."""
    if not isinstance(code, str):
        return False, code
    return (False, float(code)) if re.fullmatch(r"-?\d+(\.\d+)?", code) else (True, code)


def _within(value: Any, low: Any, high: Any) -> bool:
    """Whether a code lies in a range of missing codes; texts and numbers are not compared with each other."""
    return pd.notna(value) and isinstance(value, str) == isinstance(low, str) and bool(low <= value <= high)
