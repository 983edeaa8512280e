"""Columns that answer by yes or no: in words, as 1 and 0, or as 1 and 2."""

from __future__ import annotations

import re

from tpm_widgets.study.cells.converting import FALSE_WORDS, TRUE_WORDS, comparable, plain_flag
from tpm_widgets.study.proposing.columns import Column

FEW_WORDS = 6  # of yes, no and what else stands beside them
MOST_PLAIN = 3  # ways of writing them without more words
YES, NO = ({*map(comparable, words)} for words in (TRUE_WORDS, FALSE_WORDS))
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


def is_coded_flag(column: Column) -> bool:
    """Whether the only answers are 1 and 2, as survey tools code yes and no, without words that would tell."""
    return set(column.values()) == {1.0, 2.0} and not (column.words or column.value_labels or is_flag(column))


def asks_yes_no(column: Column) -> bool:
    """Whether a question is answered by yes or no."""
    return is_flag(column) or is_coded_flag(column)


def says_which(column: Column) -> bool:
    """Whether the words over a column say that 1 is yes and 2 no."""
    return YES_AND_NO.search(f"{column.name} {column.question}") is not None
