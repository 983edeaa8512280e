"""Any files, before anything is known of them: the sheets and files of the same columns, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.beside import alike_beside
from tpm_widgets.study.reading.files import read_file
from tpm_widgets.study.reading.parts import added_name, put_together
from tpm_widgets.study.reading.settings import SurveySettings

WORKBOOKS = (".xlsx", ".xlsm")
ALIKE = 0.8  # the share of all names of two tables that both have
COPIED = 0.95  # the share of a part's rows that stand in another one, too
FEWEST = 2  # columns of a part


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The rows of a survey, and where they stand.

    ``parts`` are the sheets or files (``kind``) that are read, where it is not the only or the first one, and ``part``
    is the column that says which; ``beside`` are files with the same columns, ``copies`` parts whose rows stand in
    another part, too, and ``strange`` files with other columns: none of these is read.
    """

    raw: RawTable
    kind: Literal["file", "sheet"] = "file"
    parts: tuple[str, ...] = ()
    part: str | None = None
    beside: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def open_files(files: Sequence[Path], faults: Faults) -> Opened | None:
    """Read files as one survey; None, with its faults noted, where one of them cannot be read."""
    if len(files) == 1:
        return _open_one(files[0], faults)
    for name, count in Counter(file.name for file in files).items():
        if count > 1:
            faults.refuse("survey", name, say("files of different names"), say("Rename one of them."))
            return None
    found = {file.name: opened for file in files if (opened := _open_one(file, faults)) is not None}
    if len(found) < len(files):
        return None
    raws = {name: opened.raw for name, opened in found.items()}
    alike = _alike(raws)
    kept, copies = _without_copies(alike)
    strange = tuple(name for name in raws if name not in alike)
    first = found[next(iter(kept))]
    if len(kept) == 1:
        return replace(first, beside=(), copies=copies, strange=strange)
    joined = put_together(", ".join(kept), list(kept.values()), [("file", [Path(name).stem for name in kept])], faults)
    part = added_name("file", first.raw.frame)
    return Opened(raw=joined, parts=tuple(kept), part=part, copies=copies, strange=strange)


def _open_one(file: Path, faults: Faults) -> Opened | None:
    settings = SurveySettings(file=file.name)
    names = _sheets(file) if file.suffix.lower() in WORKBOOKS and file.is_file() else []
    if len(names) < 2:
        raw = read_file("survey", settings, file.parent, faults, allow_outside=True)
        return None if raw is None else Opened(raw=raw, beside=tuple(alike_beside(file)))
    found = {}
    for name in names:
        own = replace(settings, sheet=name, sheets=(name,))
        raw = read_file("survey", own, file.parent, Faults(), allow_outside=True)
        if raw is not None:
            found[name] = raw
    if not found:
        read_file("survey", settings, file.parent, faults, allow_outside=True)
        return None
    alike = _alike(found)
    kept, copies = _without_copies(alike)
    name = next(iter(kept))
    if len(kept) == 1:
        parts = (name,) if name != names[0] or copies else ()
        return Opened(raw=replace(kept[name], file=file.name), kind="sheet", parts=parts, copies=copies)
    joined = put_together(file.name, list(kept.values()), [("sheet", list(kept))], faults)
    part = added_name("sheet", kept[name].frame)
    return Opened(raw=joined, kind="sheet", parts=tuple(kept), part=part, copies=copies)


def _alike(found: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """Return the largest table and those with its columns, in their order."""
    largest = max(found, key=lambda name: found[name].frame.size)
    own = set(found[largest].frame)
    alike = {
        name: raw
        for name, raw in found.items()
        if len(raw.frame) and len(own & {*raw.frame}) >= max(ALIKE * len(own | {*raw.frame}), FEWEST)
    }
    return alike or {largest: found[largest]}


def _without_copies(alike: Mapping[str, RawTable]) -> tuple[dict[str, RawTable], tuple[str, ...]]:
    """Leave out a part whose rows all stand in the others, too: the sheet of all answers beside one for each region."""
    shared = [name for name in next(iter(alike.values())).frame if all(name in raw.frame for raw in alike.values())]
    rows = {name: Counter(_hashes(raw.frame[shared])) for name, raw in alike.items()}
    whole, *rest = sorted(alike, key=lambda name: -len(alike[name].frame))
    if len(rest) > 1 and _holds(sum((rows[name] for name in rest), Counter()), rows[whole]):
        kept = {name: raw for name, raw in alike.items() if name != whole}
        return kept, (whole,)
    copies: list[str] = []
    for name in rest:
        if any(_holds(rows[other], rows[name]) for other in (whole, *rest[: rest.index(name)]) if other not in copies):
            copies.append(name)
    kept = {name: raw for name, raw in alike.items() if name not in copies}
    return kept, tuple(name for name in alike if name in copies)


def _holds(rows: Counter[int], others: Counter[int]) -> bool:
    """Whether nearly all of some rows are among others, each as often."""
    return (rows & others).total() >= COPIED * others.total()


def _hashes(frame: pd.DataFrame) -> list[int]:
    return pd.util.hash_pandas_object(frame.astype("str"), index=False).tolist()


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
