"""Deeds that stand in a file only where they were done: an x or a number, and blank cells elsewhere."""

from __future__ import annotations

import numpy as np

from tpm_widgets.language import Sentence, say_n
from tpm_widgets.study.cells.converting import FALSE_WORDS, comparable
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.kinds.deeds import DEEDS, FLAGS
from tpm_widgets.study.proposing.kinds.flags import is_mark, says_no
from tpm_widgets.study.proposing.roles import Roles
from tpm_widgets.study.proposing.writing.draft import Draft, codes_line

MANY = 0.3  # blank cells of which hardly all can be those of people who did not answer
NEARLY_ALL = 0.95


def write_blank(draft: Draft, roles: Roles, role: str, name: str) -> None:
    """Write what a blank cell of a deed means, where nothing else in the column says no, and ask whether it does."""
    column = roles.columns[name]
    blank = column.codes < 0
    if not blank.any() or not (_knows_no_other(column, role) or _follows(roles, name)):
        return
    none = {"false": ["", *column.signs]}
    yes = {"true": list(column.uniques)} if is_mark(column) else {}
    left = {**yes, "no_answer": [""]}
    if blank.mean() >= MANY or _follows(roles, name):
        draft.ask(_asked(role, name, int(blank.sum())), codes_line(name, left))
        draft.codes(name, {**yes, **none})
        return
    question = say_n(
        "Does the blank cell of {column} mean no, or none? It is taken as not known.",
        "Do the {count} blank cells of {column} mean no, or none? They are taken as not known.",
        int(blank.sum()),
        column=name,
    )
    draft.ask(question, codes_line(name, {**yes, **none}))
    if yes:
        draft.codes(name, yes)


def _asked(role: str, name: str, count: int) -> Sentence:
    if role in FLAGS:
        return say_n(
            "Can a blank cell of {column} mean that it is not known? It is taken for no in {count} row.",
            "Can a blank cell of {column} mean that it is not known? It is taken for no in {count} rows.",
            count,
            column=name,
        )
    return say_n(
        "Can a blank cell of {column} mean that it is not known? It is taken for 0 in {count} row.",
        "Can a blank cell of {column} mean that it is not known? It is taken for 0 in {count} rows.",
        count,
        column=name,
    )


def _knows_no_other(column: Column, role: str) -> bool:
    """Whether nobody says no, or 0."""
    if role in FLAGS:
        zero = {*map(comparable, FALSE_WORDS)} & {*map(comparable, column.uniques)}
        return is_mark(column) or (column.distinct == 1 and not says_no(column) and not zero)
    return bool(column.filled) and 0 not in column.values() and not np.any(column.numbers == 0)


def _follows(roles: Roles, name: str) -> bool:
    """Whether the blank cells are those of people who, by another deed, have not recommended."""
    blank = roles.columns[name].codes < 0
    for role in DEEDS:
        other = roles.column(role)
        if other is None or other == name:
            continue
        column = roles.columns[other]
        no = [
            place for place, text in enumerate(column.uniques) if text in says_no(column) or column.numbers[place] == 0
        ]
        without = np.isin(column.codes, no)
        if _knows_no_other(column, role):
            without |= column.codes < 0
        if without[blank].mean() >= NEARLY_ALL and without.mean() < 1:
            return True
    return False
