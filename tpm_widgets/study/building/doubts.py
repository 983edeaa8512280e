"""What a column leaves open: said once, with the line of study.toml that decides it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.building.written import in_python
from tpm_widgets.study.cells.days import Days
from tpm_widgets.study.cells.faults import Faults, shorten
from tpm_widgets.study.cells.masking import tells_of_persons
from tpm_widgets.study.cells.names import clean_name
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_key, toml_line, toml_value

SHOWN = 5
SHOWN_QUESTIONS = 3
MOST_GROUPS = 200


def note_unclear(raw: RawTable, unclear: np.ndarray, column: str, faults: Faults) -> None:
    """Note a column in which day and month cannot be told apart: one fault, and all such cells are left out."""
    expected = say_n(
        "a day whose month can be told; in this column {count} cell can be read in two ways",
        "a day whose month can be told; in this column {count} cells can be read in two ways",
        int(unclear.sum()),
    )
    remedy = say('Set date_order = "day first" or date_order = "month first" under [{table}].', table=raw.table)
    _note_once(raw, unclear, column, expected, remedy, say("day and month cannot be told apart"), faults)


def note_doubtful(raw: RawTable, doubtful: np.ndarray, column: str, faults: Faults) -> None:
    """Note a column in which thousands and three decimals cannot be told apart, in the same way."""
    expected = say_n(
        "a number whose decimals can be told; in this column {count} cell can be read in two ways",
        "a number whose decimals can be told; in this column {count} cells can be read in two ways",
        int(doubtful.sum()),
    )
    remedy = say('Set decimal = "," or decimal = "." under [{table}].', table=raw.table)
    _note_once(raw, doubtful, column, expected, remedy, say("thousands or decimals"), faults)


def _note_once(
    raw: RawTable,
    where: np.ndarray,
    column: str,
    expected: Sentence,
    remedy: Sentence,
    reason: Sentence,
    faults: Faults,
) -> None:
    if not where.any():
        return
    first = int(np.flatnonzero(where)[0])
    value = raw.frame[column].iloc[first]
    faults.report(raw, column, value, expected, remedy, row=int(raw.rows_of(column)[first]))
    faults.counts[raw.table, str(reason)] += int(where.sum())


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


def remark_blank_deeds(
    raw: RawTable, given: Mapping[str, Iterable[object]], count: int, column: str, faults: Faults
) -> None:
    """Tell that a deed is only known where it was done, and what to write where a blank cell means that it was not."""
    codes = {"codes": {column: {**{value: list(own) for value, own in given.items()}, "false": [""]}}}
    line = f"codes.{toml_line(column, codes['codes'][column])}" if raw.file else f"codes={in_python(codes['codes'])}"
    faults.remarks.append(
        say_n(
            "{file}, column {column}: nobody has a no or a 0, and {count} cell is blank: not known. Where a blank "
            "means no, or none, write {line} under [{table}].",
            "{file}, column {column}: nobody has a no or a 0, and {count} cells are blank: not known. Where a blank "
            "means no, or none, write {line} under [{table}].",
            count,
            file=raw.file or raw.table,
            column=repr(column),
            line=line,
            table=raw.table,
        )
    )


def open_questions(questions: Sequence[str]) -> tuple[Sentence, ...]:
    """Repeat the questions that were asked when study.toml was proposed, and are not answered yet."""
    if not questions:
        return ()
    shown = " ".join(questions[:SHOWN_QUESTIONS])
    if more := len(questions[SHOWN_QUESTIONS:]):
        told = say(
            "Still open; delete what is answered under [questions] in study.toml: {questions} And {count} more.",
            questions=shown,
            count=more,
        )
    else:
        told = say("Still open; delete what is answered under [questions] in study.toml: {questions}", questions=shown)
    return (told,)


def one_spelling(
    raw: RawTable, texts: pd.Series, different: Sequence[str], column: str, faults: Faults
) -> tuple[pd.Series, Sequence[str]]:
    """Make names of groups one that differ only in what nobody sees; tell of those that differ in capitals.

    With more than ``MOST_GROUPS`` different texts a column holds no groups, and stays as it is.
    """
    if len(different) > MOST_GROUPS:
        return texts, different
    cleaned = {text: clean for text in different if (clean := clean_name(text)) != text and clean}
    if cleaned:
        texts = texts.replace(cleaned)
        different = list(dict.fromkeys(cleaned.get(text, text) for text in different))
    alike: dict[str, list[str]] = {}
    for text in different:
        alike.setdefault(unicodedata.normalize("NFKC", text).casefold(), []).append(text)
    for names in alike.values():
        if len(names) > 1:
            _remark_alike(raw, names, column, faults)
    return texts, different


def _remark_alike(raw: RawTable, names: Sequence[str], column: str, faults: Faults) -> None:
    if any(tells_of_persons(name) for name in names):
        return
    line = f"labels.{toml_key(column)} = {toml_value({names[0]: names[0]})}"
    if raw.table == "survey":
        remedy = say("where they are one, write {line} under [survey].", line=line)
    else:
        remedy = say("where they are one, correct the file.")
    faults.remarks.append(
        say(
            "{file}, column {column}: {names:all} differ in their capitals only, and are groups of their own; {remedy}",
            file=raw.file or raw.table,
            column=repr(column),
            names=tuple(f"“{name}”" for name in names),
            remedy=remedy,
        )
    )
