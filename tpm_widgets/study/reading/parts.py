"""A table in several files or sheets of the same columns, one for each wave, year or country → one table.

Which part a row is from stands in a column of its own, called ``file`` or ``sheet``, which can play any role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say, say_n
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_text
from tpm_widgets.study.reading.beside import alike_beside
from tpm_widgets.study.reading.files import read_file, wanted_columns
from tpm_widgets.study.reading.settings import TableSettings


def read_parts(
    table: str,
    settings: TableSettings,
    folder: Path,
    faults: Faults,
    *,
    allow_outside: bool = False,
    copy: Path | None = None,
) -> RawTable | None:
    """Read one table, from all of its files and sheets; None, with its faults noted, where one cannot be read."""
    parts = [*_parts(settings)]
    read = [read_file(table, part, folder, faults, allow_outside=allow_outside, copy=copy) for part in parts]
    raws = [raw for raw in read if raw is not None]
    if len(raws) < len(parts):
        return None
    if len(raws) == 1:
        return raws[0]
    _remark_absent(table, settings, raws, faults)
    return put_together(settings.file, raws, [*_added(parts)], faults)


def _parts(settings: TableSettings) -> Iterator[TableSettings]:
    """Yield the settings of each file and sheet."""
    for file in settings.files or (settings.file,):
        for sheet in settings.sheets or (settings.sheet,):
            yield replace(settings, file=file, sheet=sheet)


def _added(parts: Sequence[TableSettings]) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns that say which part a row is from, with the name of each part."""
    if parts[0].files:
        yield "file", [PurePath(part.file).stem for part in parts]
    if parts[0].sheets:
        yield "sheet", [str(part.sheet) for part in parts]


def put_together(
    file: str, raws: Sequence[RawTable], added: Sequence[tuple[str, Sequence[str]]], faults: Faults
) -> RawTable:
    """Return the rows of several parts as one table, with a column for each kind of names that the parts have."""
    _refuse_other_codes(raws, faults)
    frame = pd.concat([raw.frame for raw in raws], ignore_index=True)
    lengths = [len(raw.frame) for raw in raws]
    for kind, names in added:
        frame[added_name(kind, frame)] = np.repeat(np.array(names, dtype=object), lengths)
    signs = {raw.delimiter for raw in raws}
    return RawTable(
        table=raws[0].table,
        file=file,
        frame=frame,
        rows=np.concatenate([raw.rows for raw in raws]),
        places=np.repeat(np.array([raw.file for raw in raws], dtype=object), lengths),
        delimiter=signs.pop() if len(signs) == 1 else "",
        decimal=raws[0].decimal,
        **{known: _joined([getattr(raw, known) for raw in raws]) for known in ("repeated", "header", *OF_SPSS)},
    )


OF_SPSS = ("labels", "value_labels", "user_missing")


def added_name(kind: str, frame: pd.DataFrame) -> str:
    """Return what the column of the parts' names is called: "sheet", or "sheet (1)" beside a column of that name."""
    return kind if kind not in frame else f"{kind} (1)"


def _joined(known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is known of each column; of one that several parts know, what the first says."""
    return {name: value for one in reversed(known) for name, value in one.items()}


def _refuse_other_codes(raws: Sequence[RawTable], faults: Faults) -> None:
    """Refuse columns whose codes mean one thing in one file, and another in the next."""
    for column in dict.fromkeys(name for raw in raws for name in raw.value_labels):
        known = [(raw, raw.value_labels[column]) for raw in raws if column in raw.value_labels]
        first, words = known[0]
        for raw, others in known[1:]:
            code = next((code for code in words if code in others and words[code] != others[code]), None)
            if code is None:
                continue
            expected = say(
                "the same words of a code in all files; {code} is “{first}” in {file}", code=code, first=words[code],
                file=first.file,
            )  # fmt: skip
            remedy = say("Read the files as studies of their own, or give the codes the same meaning.")
            faults.refuse(raw.table, raw.file, expected, remedy, column=column, value=others[code])
            return


def _remark_absent(table: str, settings: TableSettings, raws: Sequence[RawTable], faults: Faults) -> None:
    """Tell which of the named columns a part lacks that others have."""
    everywhere = {name for raw in raws for name in (*raw.frame, *raw.repeated)}
    for raw in raws:
        named = wanted_columns(table, settings).named & everywhere
        if absent := sorted(named - {*raw.frame, *raw.repeated}):
            faults.remarks.append(
                say(
                    "{file} has no column {columns:all}; its rows have no answer there. If the column has another name "
                    "in it, call it the same.",
                    file=raw.file,
                    columns=tuple(map(toml_text, absent)),
                )
            )


def remark_unread(table: str, settings: TableSettings, folder: Path, named: Sequence[str], faults: Faults) -> None:
    """Tell which files beside the one of a table have its columns, and are named nowhere in the study."""
    if settings.files:
        return
    beside = [name for name in alike_beside(folder / settings.file) if name not in named]
    if beside:
        faults.remarks.append(
            say_n(
                "{others:all} has the columns of {file} and is not read. To read them together, write {line} under "
                "[{table}]; which file a row is from is the column “file” then.",
                "{others:all} have the columns of {file} and are not read. To read them together, write {line} under "
                "[{table}]; which file a row is from is the column “file” then.",
                len(beside),
                others=tuple(beside),
                file=settings.file,
                line=f"file = [{', '.join(map(toml_text, (settings.file, *beside)))}]",
                table=table,
            )
        )
