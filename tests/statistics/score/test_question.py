"""The question on recommendation: classes on any scale, and scales that are mistaken for 0 to 10."""

import numpy as np
import pytest

from tpm_widgets.statistics.score.net_promoter import score_classes
from tpm_widgets.statistics.score.question import CUTOFFS, Question

SCALES = [(0, 10), (1, 10), (1, 7), (1, 6), (1, 5), (1, 4), (0, 5), (1, 3), (-3, 3), (0, 100)]


@pytest.mark.parametrize(
    ("scale", "cutoffs"),
    [
        ((0, 10), (6, 8)),  # Reichheld 2003
        ((1, 10), (6, 8)),  # 1–6 | 7–8 | 9–10, as asked where people are not offered a 0
        ((1, 5), (3, 4)),  # 1–3 | 4 | 5, the top box of five
        ((1, 7), (4, 5)),
        ((0, 100), (60, 80)),
    ],
)
def test_the_standard_classes_of_a_scale(scale, cutoffs):
    assert Question(scale).cut() == Question(scale).cut("standard") == cutoffs


@pytest.mark.parametrize("name", CUTOFFS)
@pytest.mark.parametrize("scale", SCALES)
def test_an_answer_is_of_the_class_in_which_its_place_on_0_to_10_lies(scale, name):
    low, high = scale
    detractor, passive = CUTOFFS[name]
    expected = [
        1 if place > passive + 1e-9 else 0 if place > detractor + 1e-9 else -1
        for place in (10 * (answer - low) / (high - low) for answer in range(low, high + 1))
    ]
    question = Question(scale)
    assert question.classes(question.answers, name).tolist() == expected
    assert question.places[[0, -1]].tolist() == [0, 1]


@pytest.mark.parametrize("scale", SCALES)
def test_on_every_scale_the_lowest_is_a_detractor_and_the_highest_a_promoter(scale):
    kinds = Question(scale).kinds
    assert kinds[0] == -1 and kinds[-1] == 1 and (np.diff(kinds) >= 0).all()


def test_declared_cutoffs_come_before_the_standard_and_after_those_given():
    question = Question((1, 5), (2, 4))
    assert question.cut() == (2, 4)
    assert question.cut("standard") == (3, 4)
    assert question.cut((1, 2)) == (1, 2)
    scores = np.array([1.0, 2, 3, 4, 5, np.nan, 2.5, 6])
    before = scores.copy()
    np.testing.assert_array_equal(question.classes(scores), score_classes(scores, (2, 4), (1, 5)))
    np.testing.assert_array_equal(scores, before)


def test_the_score_of_yes_and_no_is_the_share_of_yes():
    question = Question((0, 1))
    assert question.yes_no and question.names == {1: "yes", 0: "no"}
    answers = np.array([1, 1, 0, 1, np.nan, 2])
    np.testing.assert_array_equal(question.classes(answers), [1, 1, 0, 1, np.nan, np.nan])
    assert np.nanmean(question.classes(answers)) == 0.75


@pytest.mark.parametrize(
    ("scale", "cutoffs", "message"),
    [
        ((0, 10), "german", "cutoffs must be 'standard' or 'european', or two numbers; got 'german'."),
        ((1, 5), (0, 4), "cutoffs must be two numbers from 1 to below 5, in order; got (0, 4)."),
        ((1, 5), (3, 5), "cutoffs must be two numbers from 1 to below 5, in order; got (3, 5)."),
        ((0, 1), (0, 0), "cutoffs do not go with a yes/no question; got (0, 0)."),
    ],
)
def test_wrong_cutoffs_are_refused(scale, cutoffs, message):
    with pytest.raises(ValueError) as caught:
        Question(scale).cut(cutoffs)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([0, 1, 1, 0], (0, 1)),
        ([1, 2, 2], (1, 2)),
        ([1, 2, 3, 4, 5] * 2, (1, 5)),
        ([1, 2, 3, 4, 5], None),  # five answers may well be so few points apart
        ([1, 4, 7] * 7, (1, 7)),
        ([0, 1, 10], None),
        ([1, 1, 1], None),
        ([], None),
    ],
)
def test_answers_of_a_shorter_scale_are_recognised(answers, found):
    assert Question().likelier(np.array([*answers, np.nan])) == found
    assert Question((1, 10)).likelier(np.array(answers, dtype=float)) is None
