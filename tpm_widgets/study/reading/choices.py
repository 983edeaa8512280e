"""What a study says beyond its columns: which rows count, the numbers of words, and on which scales low is good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.cells.converting import as_numbers
from tpm_widgets.study.reading.sections import Section

EVERYWHERE = ""  # the column of words that hold for every column


def word_numbers(reader: Section) -> dict[str, dict[str, float]]:
    """Take the words that stand for numbers, by column; a word outside a column's own table holds everywhere."""
    found: dict[str, dict[str, float]] = {}
    section = Section(f"{reader.name}.words", reader.subsection("words"), reader.file, reader.faults)
    for key, value in section.given.items():
        if isinstance(value, Mapping):
            own = Section(f"{section.name}.{key}", dict(value), reader.file, reader.faults)
            found.setdefault(key, {}).update(_numbers(own, value))
        else:
            found.setdefault(EVERYWHERE, {}).update(_numbers(section, {key: value}))
    return {column: numbers for column, numbers in found.items() if numbers}


def row_choices(reader: Section, key: str) -> dict[str, tuple[Any, ...]]:
    """Take the values of columns by which rows are kept or dropped; a single value is a list of one."""
    given = reader.subsection(key)
    section = Section(f"{reader.name}.{key}" if reader.name else key, given, reader.file, reader.faults)
    found = {}
    for column, value in given.items():
        values = tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else (value,)
        if values and not any(isinstance(item, (Mapping, list, tuple)) for item in values):
            found[column] = values
        else:
            section.refuse(column, value, say('the values of this column, such as ["True", 1]'))
    return found


def turned_names(reader: Section) -> dict[str, bool]:
    """Take what has a scale on which low is good: all ratings, or columns and touchpoints by name.

    What is said of each name; of all ratings, under ``EVERYWHERE``.
    """
    given = reader.given.get("reversed")
    if isinstance(given, bool):
        return {EVERYWHERE: given}
    if not isinstance(given, Mapping):
        return dict.fromkeys(reader.names("reversed"), True)
    section = Section(f"{reader.name}.reversed", reader.subsection("reversed"), reader.file, reader.faults)
    return {name: section.flag(name) for name in section.given}


def _numbers(section: Section, words: Mapping[str, Any]) -> dict[str, float]:
    numbers = {}
    for word, value in words.items():
        if not np.isnan(_number(word)):
            section.refuse(word, value, say("a word, for numbers are read as they are"))
        elif np.isnan(_number(value)):
            section.refuse(word, value, say("the number that this word stands for"))
        else:
            numbers[word] = _number(value)
    return numbers


def _number(value: Any) -> float:
    """One value as a number, NaN where it is none."""
    return np.nan if isinstance(value, bool) else float(as_numbers(pd.Series([value], dtype=object))[0][0])
