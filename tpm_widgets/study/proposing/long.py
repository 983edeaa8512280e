"""Files with one row for each answer: told before their columns are looked at, and turned into one for each person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpm_widgets.study.building.long_format import find_long, pivot_answers
from tpm_widgets.study.building.wave_names import is_period
from tpm_widgets.study.cells.converting import as_numbers, as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.proposing.columns import spoken, words_like
from tpm_widgets.study.proposing.names import CUSTOMER, RESPONDENT, WAVE

MOST_COLUMNS = 15  # of a file with one row for each answer
SEVERAL = 1.5  # rows of a person at least, in the mean
FEWEST = 3  # questions; two could be two times
QUESTION = words_like(r"questions?\b|fragen?\b|items?\b|variable\b|kriteri|criteri|aspe[ck]t")
ANSWER = words_like(r"answers?\b|antwort|responses?\b|values?\b|wert\b|ratings?\b|bewertung|scores?\b|punkte")


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
    told = any(QUESTION.match(spoken(name)) for name in names) and any(ANSWER.match(spoken(name)) for name in names)
    if told and not called:
        called = [name for name in names if not (QUESTION.match(spoken(name)) or ANSWER.match(spoken(name)))]
    waves = [name for name in names if WAVE.search(spoken(name))]
    for respondent in called:
        persons = as_texts(raw.frame[respondent])
        if persons.count() < SEVERAL * max(persons.nunique(), 1):
            continue
        for within in ([], *([wave] for wave in waves if wave != respondent)):
            found = find_long(raw, respondent, within)
            if found is not None and _are_questions(raw, *found, fewest=2 if told else FEWEST):
                return Long(respondent, *found)
    return None


def _are_questions(raw: RawTable, question: str, answer: str, fewest: int) -> bool:
    """Whether there are several questions, no times, and answers of which most are numbers for some question."""
    asked = as_texts(raw.frame[question])
    different = list(asked.dropna().unique())
    if len(different) < fewest or all(map(is_period, different)):
        return False
    numbers = ~np.isnan(as_numbers(as_texts(raw.frame[answer]))[0])
    return max(numbers[(asked == name).to_numpy(bool)].mean() for name in different) > 0.5


def in_one_row(raw: RawTable, long: Long) -> RawTable:
    """Return one row for each person, with a column for each question."""
    waves = [name for name in map(str, raw.frame) if WAVE.search(spoken(name)) and name != long.question]
    return pivot_answers(raw, [long.respondent, *waves[:1]], long.question, long.answer, (), Faults())
