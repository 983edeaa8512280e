"""Any file, before anything is known of it: the sheet with most cells, its names and its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.files import read_file
from tpm_widgets.study.reading.settings import SurveySettings

WORKBOOKS = (".xlsx", ".xlsm")


def open_file(file: Path, faults: Faults) -> tuple[RawTable, str | None] | None:
    """Read a file, and name the sheet of a workbook where it is not the first; None, with its faults noted, if not."""
    settings = SurveySettings(file=file.name)
    names = _sheets(file) if file.suffix.lower() in WORKBOOKS and file.is_file() else []
    if len(names) < 2:
        raw = read_file("survey", settings, file.parent, faults, allow_outside=True)
        return None if raw is None else (raw, None)
    found = {}
    for name in names:
        raw = read_file("survey", replace(settings, sheet=name), file.parent, Faults(), allow_outside=True)
        if raw is not None:
            found[name] = raw
    if not found:
        read_file("survey", settings, file.parent, faults, allow_outside=True)
        return None
    largest = max(found, key=lambda name: found[name].frame.size)
    return found[largest], largest if largest != names[0] else None


def _sheets(file: Path) -> list[str]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        book = load_workbook(file, read_only=True)
    except Exception:  # a damaged file is told of where it is read
        return []
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()
