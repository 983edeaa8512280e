"""What lies behind the answers, branch by branch and word for word."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.as_is.say_do.sentences import _cutoffs
from tpm_widgets.statistics.score.question import Question


def study_of(make, own, others):
    """Sixty customers of whom half answered; the first so many of each half recommended once."""
    made = [*range(own), *range(30, 30 + others)]
    return make(
        {"customer": range(30), "date": "2023-01-01", "recommend": [9.0] * 15 + [3.0] * 15},
        {"customer": range(60), "acquired": "2020-01-01"},
        [(person, "2023-04-01") for person in made],
        until="2023-12-31",
    )


@pytest.mark.parametrize(
    ("own", "others", "words"),
    [
        (20, 2, "Those who answer recommend more than others: 5.56 recommendations per 100 customer-months (3.40 to "
         "8.59, 30 customers) against 0.56 (0.07 to 2.01, 30 who never answered)."),
        (2, 20, "Those who answer recommend less than others: 0.56 recommendations per 100 customer-months (0.07 to "
         "2.01, 30 customers) against 5.56 (3.40 to 8.59, 30 who never answered)."),
        (5, 6, "It is not shown that those who answer differ in deeds: 1.39 recommendations per 100 customer-months "
         "(0.45 to 3.24, 30 customers) against 1.67 (0.61 to 3.63, 30 who never answered)."),
    ],
)  # fmt: skip
def test_more_less_or_not_shown(linked_study, own, others, words):
    """Garwood's intervals of so many in 30 years of 12 months; they overlap only where nothing is shown."""
    result = tpm.say_do(study_of(linked_study, own, others), replicates=2)
    assert result.sentences()[2].text("en") == words


@pytest.mark.parametrize(
    ("steps", "within", "words"),
    [
        (0.01, 0.02, "The cut-offs 6|7 and 8|9 carry a part of what the score knows: the classes add to a straight "
         "line (p = 0.010), and inside a class the score still adds (p = 0.020; score tests, 300 answers)."),
        (0.20, 0.02, "The cut-offs 6|7 and 8|9 do not carry what the score knows: inside a class the score still adds "
         "(p = 0.020), while it is not shown that the classes add to a straight line (p = 0.200; score tests, 300 "
         "answers)."),
        (0.01, 0.30, "The cut-offs 6|7 and 8|9 carry what the score knows: the classes add to a straight line (p = "
         "0.010), and it is not shown that the score adds inside a class (p = 0.300; score tests, 300 answers)."),
        (0.06, 0.07, "Classes with the cut-offs 6|7 and 8|9 and a straight line cannot be told apart: it is not shown "
         "that either adds to the other (p = 0.060 and p = 0.070; score tests, 300 answers)."),
        (0.01, np.nan, "Whether the cut-offs 6|7 and 8|9 carry what the score knows cannot be said from these "
         "answers."),
    ],
)  # fmt: skip
def test_whether_the_cut_offs_carry_what_the_score_knows(steps, within, words):
    forms = pd.DataFrame(
        {"deed": "referred", "smaller": ["linear", "classes"], "larger": "linear and classes",
         "p_value": [steps, within], "n": 300}
    )  # fmt: skip
    found = _cutoffs(SimpleNamespace(forms=forms, settings={"level": 0.95}, question=Question()))
    assert found.text("en") == words
