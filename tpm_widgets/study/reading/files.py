"""Files of every form → raw tables; what cannot be read is a structural fault."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.csv_files import decode, find_delimiter, read_grid, without_hint
from tpm_widgets.study.reading.headers import Sheet, take_header
from tpm_widgets.study.reading.settings import SurveySettings, TableSettings
from tpm_widgets.study.schema import role_names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a parser found: a grid of cells with its header in it, or a frame with names, and what SPSS knows."""

    grid: pd.DataFrame | None = None
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    delimiter: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)


def read_file(table: str, settings: TableSettings, folder: Path, faults: Faults) -> RawTable | None:
    """Read one table's file; None, with its faults noted, where that cannot be done."""
    path = folder / settings.file
    parse = PARSERS.get(path.suffix.lower())
    if not path.is_file():
        near = get_close_matches(path.name, [file.name for file in path.parent.glob("*.*")], n=1)
        remedy = say("Did you mean {file}?", file=repr(near[0])) if near else say("Put it there, or correct the name.")
        faults.refuse(table, settings.file, say("a file in the folder of study.toml"), remedy)
        return None
    if parse is None:
        expected = say("a file that ends in {endings}", endings=", ".join(PARSERS))
        faults.refuse(table, settings.file, expected, say("Save it in one of these forms."))
        return None
    expected_columns = _expected(table, settings)
    try:
        content = parse(path, settings, expected_columns)
    except _NoSuchSheetError as error:
        expected = say("a sheet {sheet}", sheet=repr(settings.sheet))
        faults.refuse(table, settings.file, expected, say("The sheets are {sheets}.", sheets=str(error)))
        return None
    except Exception:  # a damaged file makes a parser fail in any way that there is
        _refuse_broken(table, settings, path, faults)
        return None
    return _raw_table(table, settings, content, expected_columns, faults)


def _refuse_broken(table: str, settings: TableSettings, path: Path, faults: Faults) -> None:
    if PARSERS[path.suffix.lower()] is _parse_text:
        encoding = settings.encoding or "UTF-8, cp1252"
        expected = say("text in the encoding {encoding}, with every quote closed", encoding=encoding)
        remedy = say('Save it again as CSV in UTF-8, or set encoding = "…" under [{table}].', table=table)
    else:
        expected = say("a whole file of the form {ending}", ending=path.suffix.lower())
        remedy = say("The file is damaged or of another form: export it again.")
    faults.refuse(table, settings.file, expected, remedy)


def _raw_table(
    table: str, settings: TableSettings, content: _Content, expected: set[str], faults: Faults
) -> RawTable | None:
    if content.grid is None:
        rows = np.arange(1, len(content.frame) + 1)
        return RawTable(table=table, file=settings.file, frame=content.frame, rows=rows, **content.known)
    sheet = take_header(content.grid, settings.header_rows, expected)
    if sheet is None:
        remedy = say("The file is empty: export it again.")
        faults.refuse(table, settings.file, say("a header with the names of the columns"), remedy)
        return None
    frame = sheet.frame.infer_objects()
    raw = RawTable(
        table=table,
        file=settings.file,
        frame=frame,
        rows=sheet.rows,
        delimiter=content.delimiter,
        decimal=settings.decimal,
    )
    if content.delimiter and frame.shape[1] > 1:  # one name: more likely the delimiter is another
        return _without_long_rows(raw, sheet, faults)
    return raw


def _without_long_rows(raw: RawTable, sheet: Sheet, faults: Faults) -> RawTable | None:
    """Leave out the rows with cells beyond the last name: an unquoted delimiter has shifted them."""
    expected = say("at most {count} cells, as in the header", count=raw.frame.shape[1])
    remedy = say("Put texts that contain the delimiter {sign} into quotes.", sign=repr(raw.delimiter))
    if not sheet.beyond.any():
        return raw
    if sheet.beyond.mean() > 0.5:
        faults.refuse(raw.table, raw.file, expected, remedy, row=int(raw.rows[sheet.beyond][0]))
        return None
    faults.note(raw, sheet.beyond, "", expected, remedy, reason=say("row longer than the header"))
    keep = ~sheet.beyond
    return replace(raw, frame=raw.frame[keep].reset_index(drop=True), rows=raw.rows[keep])


def _expected(table: str, settings: TableSettings) -> set[str]:
    """Return the names that a table's file is expected to have, for the search of its header and its delimiter."""
    names = {settings.columns.get(role, role) for role in role_names(table)}
    if isinstance(settings, SurveySettings):
        mappings = (settings.touchpoints, settings.aware, settings.stated_importance)
        names.update(settings.segments, *(mapping or () for mapping in mappings))
    return names - {""}


def _parse_text(path: Path, settings: TableSettings, expected: set[str]) -> _Content:
    text, delimiter = without_hint(decode(path.read_bytes(), settings.encoding), settings.delimiter)
    delimiter = delimiter or find_delimiter(text, expected)
    if not text.strip():
        return _Content(grid=pd.DataFrame())
    return _Content(grid=read_grid(text, delimiter), delimiter=delimiter)


def _parse_excel(path: Path, settings: TableSettings, expected: set[str]) -> _Content:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations, which are not read
        with pd.ExcelFile(path, engine="openpyxl") as book:
            if settings.sheet is not None and settings.sheet not in book.sheet_names:
                raise _NoSuchSheetError(", ".join(map(repr, book.sheet_names)))
            sheet = settings.sheet or book.sheet_names[0]
            return _Content(grid=book.parse(sheet, header=None, dtype=object, na_filter=False))


def _parse_spss(path: Path, settings: TableSettings, expected: set[str]) -> _Content:
    import pyreadstat

    frame: pd.DataFrame
    meta: Any
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    known = {
        "labels": {column: label for column, label in meta.column_names_to_labels.items() if label},
        "value_labels": meta.variable_value_labels,
        "user_missing": {
            column: [(part["lo"], part["hi"]) for part in ranges]
            for column, ranges in dict(meta.missing_ranges).items()
        },
    }
    return _Content(frame=frame, known=known)


def _parse_parquet(path: Path, settings: TableSettings, expected: set[str]) -> _Content:
    return _Content(frame=pd.read_parquet(path).rename(columns=str).reset_index(drop=True))


class _NoSuchSheetError(Exception):
    """The workbook has no sheet of the declared name; the text lists those that it has."""


PARSERS: dict[str, Callable[[Path, TableSettings, set[str]], _Content]] = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".tab"), _parse_text),
    **dict.fromkeys((".xlsx", ".xlsm"), _parse_excel),
    **dict.fromkeys((".sav", ".zsav"), _parse_spss),
    **dict.fromkeys((".parquet",), _parse_parquet),
}
