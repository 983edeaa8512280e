"""Files of every form → raw tables; what cannot be read is a structural fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.cells.converting import comparable
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.frames import with_plain_cells
from tpm_widgets.study.cells.names import clean_name
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_text, toml_value
from tpm_widgets.study.reading.csv_files import DamagedTextError, decode, find_delimiter, read_grid, without_hint
from tpm_widgets.study.reading.excel_files import NoSuchSheetError, TooLargeError, UnclearSheetError, read_workbook
from tpm_widgets.study.reading.forms import TEXT, has_its_form, kind_of, told_kind, way_out
from tpm_widgets.study.reading.headers import Sheet, Wanted, take_header
from tpm_widgets.study.reading.place import is_file, lies_outside, nearest_file
from tpm_widgets.study.reading.quotes import run_together
from tpm_widgets.study.reading.settings import SurveySettings, TableSettings
from tpm_widgets.study.reading.snapshot import as_copied
from tpm_widgets.study.schema import TABLES, role_names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a parser found: a grid of cells with its header in it, or a frame with names, and what SPSS knows.

    ``sheets`` are the sheet that is read and the first one, where these differ; ``alike`` the sheet that is read and
    those that could be read as well; ``run_together`` are the rows of the grid that a stray quote has made of several
    lines, and of how many.
    """

    grid: pd.DataFrame | None = None
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    run_together: Mapping[int, int] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)


def read_file(
    table: str,
    settings: TableSettings,
    folder: Path,
    faults: Faults,
    *,
    allow_outside: bool = False,
    copy: Path | None = None,
) -> RawTable | None:
    """Read one table's file, or its copy; None, with its faults noted, where that cannot be done."""
    path = as_copied(folder, settings.file, copy)
    parse = PARSERS.get(path.suffix.lower())
    outside = not allow_outside and lies_outside(settings.file, folder)
    if outside or not is_file(path):
        remedy = say("Copy it there; where you know what it is, allow it: --allow-outside, or allow_outside=True.")
        expected = say("a file in the folder of study.toml")
        faults.refuse(table, settings.shown, expected, remedy if outside else nearest_file(path))
        return None
    if not _has_a_form(table, settings, path, faults) or parse is None:
        return None
    wanted = wanted_columns(table, settings)
    try:
        content = parse(path, settings, wanted)
    except NoSuchSheetError as error:
        expected = say("a sheet {sheet}", sheet=toml_text(settings.sheet))
        faults.refuse(table, settings.shown, expected, say("The sheets are {sheets}.", sheets=str(error)))
        return None
    except UnclearSheetError as error:
        lines = tuple(f"sheet = {toml_text(name)}" for name in error.sheets)
        remedy = say("Say which one under [{table}]: {sheets}.", table=table, sheets=" / ".join(lines))
        if len(lines) > 1:
            together = f"sheet = {toml_value(error.sheets)}"
            remedy = say("{which} To read all of them together: {together}.", which=remedy, together=together)
        faults.refuse(table, settings.shown, say("one sheet with the named columns that is not hidden"), remedy)
        return None
    except DamagedTextError as damage:
        expected = say("text without NUL bytes, of which there are {count:count}", count=damage.count)
        remedy = say("The file was damaged when it was written or copied: export it again, as CSV in UTF-8.")
        faults.refuse(table, settings.shown, expected, remedy, row=damage.row)
        return None
    except TooLargeError:
        remedy = say("Save the rows and columns of the answers alone in a new workbook, or as CSV.")
        faults.refuse(table, settings.shown, say("a workbook that is not a hundred times as large inside"), remedy)
        return None
    except Exception:  # a damaged file makes a parser fail in any way that there is
        _refuse_broken(table, settings, path, faults)
        return None
    return _raw_table(table, settings, content, wanted, faults)


def _has_a_form(table: str, settings: TableSettings, path: Path, faults: Faults) -> bool:
    """Whether a file can be read by what it is and by what its name ends in; refuse it, if not."""
    ending, kind = path.suffix.lower(), kind_of(path)
    if ending in PARSERS and has_its_form(path, kind):
        return True
    if ending not in PARSERS and kind in ("", TEXT):
        remedy = say("Save it in one of these forms.")
    else:
        remedy = way_out(path, kind, table)
    expected = say("a file that ends in {endings}", endings=", ".join(PARSERS))
    if kind == "empty":
        expected = say("a header with the names of the columns")
    elif ending in PARSERS:
        expected = say("a table in the form {ending}", ending=ending)
    value = told_kind(kind).text() if kind not in ("", "empty") and (ending in PARSERS or kind != TEXT) else ""
    faults.refuse(table, settings.shown, expected, remedy, value=value)
    return False


def _refuse_broken(table: str, settings: TableSettings, path: Path, faults: Faults) -> None:
    if PARSERS[path.suffix.lower()] is _parse_text:
        encoding = settings.encoding or "UTF-8, cp1252"
        expected = say("text in the encoding {encoding}, with every quote closed", encoding=encoding)
        remedy = say('Save it again as CSV in UTF-8, or set encoding = "…" under [{table}].', table=table)
    else:
        expected = say("a whole file of the form {ending}", ending=path.suffix.lower())
        remedy = say("The file is damaged or of another form: export it again.")
    faults.refuse(table, settings.shown, expected, remedy)


def _raw_table(
    table: str, settings: TableSettings, content: _Content, wanted: Wanted, faults: Faults
) -> RawTable | None:
    if content.grid is None:
        rows = np.arange(1, len(content.frame) + 1)
        return RawTable.of(table, content.frame, wanted.named, file=settings.shown, rows=rows, **content.known)
    sheet = take_header(content.grid, settings.header_rows, wanted)
    if sheet is None:
        remedy = say("The file is empty: export it again.")
        faults.refuse(table, settings.shown, say("a header with the names of the columns"), remedy)
        return None
    _remark(table, settings, content, sheet, faults)
    raw = RawTable(
        table=table,
        file=settings.shown,
        frame=sheet.frame.infer_objects(),
        rows=sheet.rows,
        delimiter=content.delimiter,
        decimal=settings.decimal,
        repeated=sheet.repeated,
        header=sheet.over,
    )
    if not content.delimiter or raw.frame.shape[1] < 2:  # one name: more likely the delimiter is another
        return raw
    if content.run_together:
        raw, sheet = _without_run_together(raw, sheet, content.run_together, faults)
    return _without_long_rows(raw, sheet, faults)


def _remark(table: str, settings: TableSettings, content: _Content, sheet: Sheet, faults: Faults) -> None:
    """Tell which sheet was taken, and which rows were taken for words, and how to say otherwise."""
    if content.sheets:
        sentence = say(
            "{file}: the sheet {sheet} is read, because it has more of the named columns than the first one; if that "
            "is wrong, set sheet = {first} under [{table}].",
            file=settings.shown,
            sheet=toml_text(content.sheets[0]),
            first=toml_text(content.sheets[1]),
            table=table,
        )
        faults.remarks.append(sentence)
    if content.alike:
        faults.remarks.append(_told_alike(table, settings, content.alike))
    if sheet.words:
        sentence = say_n(
            "{file}: row {rows:list} is read as words about the columns; if it is an answer, set header_rows = {first} "
            "under [{table}].",
            "{file}: rows {rows:list} are read as words about the columns; if they are answers, set header_rows = "
            "{first} under [{table}].",
            len(sheet.words),
            file=settings.shown,
            rows=tuple(map(str, sheet.words)),
            first=sheet.names_row,
            table=table,
        )
        faults.remarks.append(sentence)


def _told_alike(table: str, settings: TableSettings, sheets: tuple[str, ...]) -> Sentence:
    """Say which other sheets could be read as well, and both lines of which one settles it."""
    first, *others = sheets
    return say_n(
        "{file}: the sheet {others:all} has the same named columns as {first}, and is not read. To read both, set "
        "{together} under [{table}]; which sheet a row is from is the column “sheet” then. Else set {alone}.",
        "{file}: the sheets {others:all} have the same named columns as {first}, and are not read. To read all, set "
        "{together} under [{table}]; which sheet a row is from is the column “sheet” then. Else set {alone}.",
        len(others),
        file=settings.file,
        others=tuple(map(toml_text, others)),
        first=toml_text(first),
        together=f"sheet = {toml_value(sheets)}",
        alone=f"sheet = {toml_text(first)}",
        table=table,
    )


def _without_run_together(
    raw: RawTable, sheet: Sheet, held: Mapping[int, int], faults: Faults
) -> tuple[RawTable, Sheet]:
    """Leave out the rows in which a stray quote holds others, and count the lines that are lost with them."""
    lines = np.array([held.get(int(row) - 1, 0) for row in raw.rows])
    reason = say("rows run together by a quote")
    for count in sorted({*lines.tolist()} - {0}):
        expected = say_n(
            "a row with every quote closed in its own cell",
            "a row of its own; an unclosed quote makes one of {count} lines that each hold a row",
            count,
        )
        remedy = say("Delete the quote that opens a cell of this row, or close it in the same cell.")
        faults.note(raw, lines == count, "", expected, remedy, reason=reason)
    faults.counts[raw.table, str(reason)] += int((lines - 1)[lines > 1].sum())
    keep = lines == 0
    return raw.only(keep), replace(sheet, beyond=sheet.beyond[keep])


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
    return raw.only(~sheet.beyond)


LONG_KEYS = ("respondent", "wave")  # whose columns a file of one row per answer must have


def wanted_columns(table: str, settings: TableSettings) -> Wanted:
    """Return what a table's file is expected to have, for the search of its header, its sheet and its delimiter."""
    named = {name for name in settings.columns.values() if name}
    codes = {code for several in settings.codes.values() for listed in several.values() for code in listed}
    if isinstance(settings, SurveySettings):
        mappings = (settings.touchpoints, settings.aware, settings.stated_importance)
        named.update(settings.segments, *(mapping or () for mapping in mappings))
        named.update({*settings.scales, *settings.codes} - {*role_names(table)})
        codes |= {*settings.not_experienced, *settings.no_answer}
        if settings.long is not None:  # the others are called like questions, and are cells
            named = {*settings.long, *(settings.columns[role] for role in LONG_KEYS if role in settings.columns)}
    named -= {*settings.added}
    roles = {settings.columns.get(role, role) for role in role_names(table)} - {""}
    persons = {settings.columns.get(role.name, role.name) for role in TABLES[table] if role.kind == "identifier"}
    return Wanted(
        names=frozenset(roles | named),
        named=frozenset(named),
        persons=frozenset(persons - {""}),
        codes=frozenset(comparable(code) for code in codes if isinstance(code, str)),
    )


def _parse_text(path: Path, settings: TableSettings, wanted: Wanted) -> _Content:
    text, delimiter = without_hint(decode(path.read_bytes(), settings.encoding), settings.delimiter)
    delimiter = delimiter or find_delimiter(text, wanted.parts(wanted.names))
    if not text.strip():
        return _Content(grid=pd.DataFrame())
    grid = read_grid(text, delimiter)
    return _Content(grid=grid, delimiter=delimiter, run_together=run_together(text, grid, delimiter))


def _parse_excel(path: Path, settings: TableSettings, wanted: Wanted) -> _Content:
    def count_names(top: pd.DataFrame) -> int:
        sheet = take_header(top, settings.header_rows, wanted)
        return 0 if sheet is None else sheet.has(wanted.named)

    found = read_workbook(path, settings.sheet, count_names, len(wanted.named))
    sheets = () if found.sheet == found.first else (found.sheet, found.first)
    return _Content(grid=found.grid, sheets=sheets, alike=(found.sheet, *found.alike) if found.alike else ())


def _parse_spss(path: Path, settings: TableSettings, wanted: Wanted) -> _Content:
    import pyreadstat

    frame: pd.DataFrame
    meta: Any
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    known = {
        "labels": {clean_name(column): label for column, label in meta.column_names_to_labels.items() if label},
        "value_labels": {clean_name(column): words for column, words in meta.variable_value_labels.items()},
        "user_missing": {
            clean_name(column): [(part["lo"], part["hi"]) for part in ranges]
            for column, ranges in dict(meta.missing_ranges).items()
        },
    }
    return _Content(frame=frame, known=known)


def _parse_parquet(path: Path, settings: TableSettings, wanted: Wanted) -> _Content:
    return _Content(frame=with_plain_cells(pd.read_parquet(path).reset_index(drop=True)))


PARSERS: dict[str, Callable[[Path, TableSettings, Wanted], _Content]] = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".tab"), _parse_text),
    **dict.fromkeys((".xlsx", ".xlsm"), _parse_excel),
    **dict.fromkeys((".sav", ".zsav"), _parse_spss),
    **dict.fromkeys((".parquet",), _parse_parquet),
}
