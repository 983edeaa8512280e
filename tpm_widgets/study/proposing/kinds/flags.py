"""Columns that answer by yes or no: in words, as 1 and 0, or as 1 and 2."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from tpm_widgets.study.cells.converting import FALSE_WORDS, TRUE_WORDS, comparable, plain_flag
from tpm_widgets.study.proposing.columns import Column

FEW_WORDS = 6  # of yes, no and what else stands beside them
MOST_UNSURE = 0.5  # of the cells, where the question is known to ask for yes or no
MOST_PLAIN = 3  # ways of writing them without more words
YES, NO = ({*map(comparable, words)} for words in (TRUE_WORDS, FALSE_WORDS))
MARKS = {*YES, *("x", "xx", "×", "✓", "✔", "√", "☑", "checked", "selected", "ausgewählt", "quoted", "genannt")}
YES_AND_NO = re.compile(r"\b1\W{1,5}(?:yes|ja)\b.{0,20}\b2\W{1,5}(?:no|nein)\b", re.IGNORECASE)


def is_flag(column: Column) -> bool:
    """Whether the cells are yes and no, or 1 and 0, in words of English or German, with or without more words."""
    if column.distinct > FEW_WORDS:
        return False
    told = [column.value_labels.get(text, text) for text in column.uniques if text not in column.none]
    plain = {comparable(plain_flag(word)) for word in told}
    if not plain or not plain <= YES | NO:
        return False
    if any(plain_flag(word) != word for word in told):
        return bool(plain & YES and plain & NO)
    return len(plain) <= MOST_PLAIN


def is_mark(column: Column) -> bool:
    """Whether all filled cells are one and the same mark, such as an x, and others are blank."""
    return column.distinct == 1 and comparable(column.uniques[0]) in MARKS and bool((column.codes < 0).any())


def with_unsure(column: Column) -> Column:
    """Take the words between the yes and no of a question for no answers, where they are few."""
    if is_flag(column) or column.distinct > FEW_WORDS or column.value_labels:
        return column
    told = {text: comparable(plain_flag(text)) for text in column.uniques}
    further = tuple(text for text, word in told.items() if word not in YES | NO and text not in column.none)
    between = np.array([text in further for text in column.uniques], dtype=bool)
    words = {*told.values()}
    if not (words & YES and words & NO and further) or column.share(between) > MOST_UNSURE:
        return column
    if not np.isnan(column.numbers[between]).all():
        return column
    read = replace(column, none=(*column.none, *further), unread=(), unsure=further)
    return read if is_flag(read) else column


def says_no(column: Column) -> list[str]:
    """Return the texts of a column that say no."""
    return [text for text in column.uniques if comparable(plain_flag(text)) in NO]


def is_coded_flag(column: Column) -> bool:
    """Whether the only answers are 1 and 2, as survey tools code yes and no, without words that would tell."""
    return set(column.values()) == {1.0, 2.0} and not (column.words or column.value_labels or is_flag(column))


def asks_yes_no(column: Column) -> bool:
    """Whether a question is answered by yes or no."""
    return is_flag(column) or is_coded_flag(column)


def says_which(column: Column) -> bool:
    """Whether the words over a column say that 1 is yes and 2 no."""
    return YES_AND_NO.search(f"{column.name} {column.question}") is not None
