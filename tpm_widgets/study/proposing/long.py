"""Files with one row for each answer: told before their columns are looked at, and turned into one for each person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpm_widgets.study.building.long_format import find_long, pivot_answers
from tpm_widgets.study.building.wave_names import is_period
from tpm_widgets.study.cells.converting import as_numbers, as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.proposing.columns import spoken
from tpm_widgets.study.proposing.names import CUSTOMER, RESPONDENT, WAVE

MOST_COLUMNS = 15  # of a file with one row for each answer
SEVERAL = 1.5  # rows of a person at least, in the mean
FEWEST = 3  # questions


@dataclass(frozen=True, slots=True)
class Long:
    """The columns of the persons, of the questions and of their answers."""

    respondent: str
    question: str
    answer: str


def find_answers(raw: RawTable) -> Long | None:
    """Look for the columns of a file with one row for each answer; None where it has one row for each person."""
    names = list(map(str, raw.frame))
    if len(names) > MOST_COLUMNS or len(raw.frame) < FEWEST:
        return None
    called = [name for name in names if RESPONDENT.search(spoken(name)) or CUSTOMER.search(spoken(name))]
    waves = [name for name in names if WAVE.search(spoken(name))]
    for respondent in called:
        persons = as_texts(raw.frame[respondent])
        if persons.count() < SEVERAL * max(persons.nunique(), 1):
            continue
        for within in ([], *([wave] for wave in waves if wave != respondent)):
            found = find_long(raw, respondent, within)
            if found is not None and _are_questions(raw, *found):
                return Long(respondent, *found)
    return None


def _are_questions(raw: RawTable, question: str, answer: str) -> bool:
    """Whether there are several questions, no times, and answers of which most are numbers for some question."""
    asked = as_texts(raw.frame[question])
    different = list(asked.dropna().unique())
    if len(different) < FEWEST or all(map(is_period, different)):
        return False
    numbers = ~np.isnan(as_numbers(as_texts(raw.frame[answer]))[0])
    return max(numbers[(asked == name).to_numpy(bool)].mean() for name in different) > 0.5


def in_one_row(raw: RawTable, long: Long) -> RawTable:
    """Return one row for each person, with a column for each question."""
    waves = [name for name in map(str, raw.frame) if WAVE.search(spoken(name)) and name != long.question]
    return pivot_answers(raw, [long.respondent, *waves[:1]], long.question, long.answer, (), Faults())
