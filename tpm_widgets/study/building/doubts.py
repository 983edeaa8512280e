"""What a column leaves open: said once, with the line of study.toml that decides it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tpm_widgets.language import say, say_n
from tpm_widgets.study.cells.days import Days
from tpm_widgets.study.cells.faults import Faults, shorten
from tpm_widgets.study.cells.names import toml_key
from tpm_widgets.study.cells.raw import RawTable

SHOWN = 5


def note_unclear(raw: RawTable, unclear: np.ndarray, column: str, faults: Faults) -> None:
    """Note a column in which day and month cannot be told apart: one fault, and all such cells are left out."""
    count = int(unclear.sum())
    if not count:
        return
    where = int(np.flatnonzero(unclear)[0])
    faults.report(
        raw,
        column,
        raw.frame[column].iloc[where],
        say_n(
            "a day whose month can be told; in this column {count} cell can be read in two ways",
            "a day whose month can be told; in this column {count} cells can be read in two ways",
            count,
        ),
        say('Set date_order = "day first" or date_order = "month first" under [{table}].', table=raw.table),
        row=int(raw.rows_of(column)[where]),
    )
    faults.counts[raw.table, str(say("day and month cannot be told apart"))] += count


def remark_counted(raw: RawTable, days: Days, column: str, faults: Faults) -> None:
    """Tell that a column of numbers was read as days, with an example."""
    where = int(np.flatnonzero(days.found.notna())[0])
    example = {"number": shorten(raw.frame[column].iloc[where]), "day": str(days.found[where].date())}
    if days.counted == "excel":
        told = say(
            "{file}, column {column}: the numbers are read as Excel's days, {number} as {day}.",
            example,
            file=raw.file or raw.table,
            column=repr(column),
        )
    else:
        told = say(
            "{file}, column {column}: the numbers are read as moments since 1970, {number} as {day}.",
            example,
            file=raw.file or raw.table,
            column=repr(column),
        )
    faults.remarks.append(told)


def remark_missing(raw: RawTable, words: Iterable[str], count: int, column: str, faults: Faults) -> None:
    """Tell that words such as NA were taken for empty cells where they could name a group, and how to keep them."""
    shown = list(words)[:SHOWN]
    faults.remarks.append(
        say_n(
            "{file}, column {column}: {count} cell is taken as empty ({words:list}); where such a word is a name, set "
            "codes.{key}.no_answer = [] under [{table}].",
            "{file}, column {column}: {count} cells are taken as empty ({words:list}); where such a word is a name, "
            "set codes.{key}.no_answer = [] under [{table}].",
            count,
            file=raw.file or raw.table,
            column=repr(column),
            words=tuple(shown),
            key=toml_key(column),
            table=raw.table,
        )
    )
