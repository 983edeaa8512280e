"""What each check says, branch by branch and word for word, and the number by which it decides."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.strategy.trust import diagnoses
from tpm_widgets.strategy.trust.checks import Accuracy, Spread

LABELS = {"shop": "the shop", "app": "the app"}


def said(found):
    return found.said.text("en")


def accuracy(measure, apparent, outside, low=None):
    low = outside - 0.05 if low is None else low
    nobody = np.array([])
    return Accuracy(
        measure, Estimate(apparent, apparent - 0.05, apparent + 0.05), Estimate(outside, low, outside + 0.05), nobody
    )


@pytest.mark.parametrize(
    ("measure", "apparent", "outside", "lost"),
    [("r_squared", 0.50, 0.40, 0.2), ("auc", 0.80, 0.70, 1 / 3), ("deviance", 0.25, 0.24, 0.04)],
)
def test_what_is_lost_is_a_share_of_what_was_known_beyond_chance(measure, apparent, outside, lost):
    """An AUC starts at 0.5: from 0.80 to 0.70 a third is lost, not an eighth."""
    found = diagnoses.judge_accuracy(accuracy(measure, apparent, outside), 0.95, 10)
    assert found.value == pytest.approx(lost)
    assert found.matters == (lost > 0.1)


def test_words_on_overfitting():
    words = {
        measure: said(diagnoses.judge_accuracy(accuracy(measure, *values), 0.95, 10))
        for measure, values in {"r_squared": (0.5, 0.4), "auc": (0.8, 0.7), "deviance": (0.25, 0.24)}.items()
    }
    assert words == {
        "r_squared": "Of the variance among other people's answers the model explains 40.0% (95% interval 35.0% to "
        "45.0%; 10 folds of whole customers), of its own 50.0%: 20% of what it seems to know is overfitted; leave "
        "touchpoints out or take more answers.",
        "auc": "Of two other people, one with the outcome and one without, the model tells which is which with an AUC "
        "of 0.700 (95% interval 0.650 to 0.750; 10 folds of whole customers; 0.5 is chance), among its own answers "
        "0.800: 33% of what it seems to know is overfitted; leave touchpoints out or take more answers.",
        "deviance": "Of the deviance of other people's counts the model explains 24.0% (95% interval 19.0% to 29.0%; "
        "10 folds of whole customers), of its own 25.0%: little is overfitted.",
    }
    chance = diagnoses.judge_accuracy(accuracy("auc", 0.6, 0.58, low=0.5), 0.9, 5)
    assert chance.matters
    assert said(chance) == (
        "Of two other people, one with the outcome and one without, the model tells which is which with an AUC of "
        "0.580 (90% interval 0.500 to 0.630; 5 folds of whole customers; 0.5 is chance), among its own answers 0.600: "
        "it is not shown to know more than chance; do not act on these drivers."
    )
    unknown = diagnoses.judge_accuracy(accuracy("r_squared", 0.5, np.nan), 0.95, 10)
    assert (unknown.matters, np.isnan(unknown.value)) == (True, True)
    assert said(unknown) == (
        "The model could not be cross-validated: without some of the customers no finite effects fit. Join "
        "touchpoints, or wait for more answers."
    )


@pytest.mark.parametrize(
    ("each", "kind", "words"),
    [
        (9.9, "linear", "Only 9.9 answers per coefficient (10 are needed): join touchpoints, or wait for more "
         "answers."),
        (10, "linear", "There are 10.0 answers per coefficient, which is enough (10 are needed)."),
        (12.5, "logit", "There are 12.5 answers of the rarer outcome per coefficient, which is enough (10 are "
         "needed)."),
        (3, "log", "Only 3.0 recommendations per coefficient (10 are needed): join touchpoints, or wait for more "
         "answers."),
    ],
)  # fmt: skip
def test_answers_per_coefficient(each, kind, words):
    found = diagnoses.judge_answers(each, kind)
    assert (found.matters, said(found)) == (each < 10, words)


def test_collinearity():
    table = pd.DataFrame({"touchpoint": ["shop", "app"], "vif": [1.5, 4.0]})
    alone = diagnoses.judge_collinearity(table, LABELS)
    assert (alone.value, alone.matters) == (4.0, False)
    assert said(alone) == (
        "The ratings can be told apart: the largest variance inflation is 4.0, at the app, whose error is 2.00 times "
        "what it would be if its ratings did not go with others (5 and more matters)."
    )
    tied = diagnoses.judge_collinearity(table.assign(vif=[5.0, 6.0]), LABELS)
    assert (tied.value, tied.matters) == (6.0, True)
    assert said(tied) == (
        "Variance inflation is up to 6.0 (5 and more matters): the ratings of the shop and the app can hardly be told "
        "apart from others; read their estimates together, or join them by groups= in relative_importance."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (30, "The condition number is 30.0 (30 and more matters): some columns nearly add up to a constant, so that "
         "small changes of the data move estimates far; leave one of them out."),
        (29.9, "The condition number is 29.9 (30 and more matters): no columns nearly add up to a constant."),
    ],
)  # fmt: skip
def test_condition(value, words):
    found = diagnoses.judge_condition(value)
    assert (found.matters, said(found)) == (value >= 30, words)


def test_influence():
    table = pd.DataFrame(
        {"touchpoint": ["shop", "app"], "influence": [0.2, 0.4], "estimate": [0.5, 0.3], "estimate_without": [0.4, 0.1]}
    )
    assert said(diagnoses.judge_influence(table, LABELS)) == (
        "No estimate hangs on one customer: leaving one out changes an estimate by 0.40 standard errors at most (the "
        "app: +0.300 becomes +0.100; 1 and more matters)."
    )
    moved = diagnoses.judge_influence(table.assign(influence=[1.0, 0.4]), LABELS)
    assert moved.matters
    assert said(moved) == (
        "Single customers decide about the shop: leaving one out changes the estimate by up to 1.00 standard errors "
        "(the shop: +0.500 becomes +0.400; 1 and more matters); look at these answers, or take more."
    )
    assert said(diagnoses.judge_influence(table.assign(influence=[0.2, np.inf]), LABELS)) == (
        "Without one customer there would be no estimate for the app: do not use it."
    )


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (Estimate(0.8, 0.7, 0.9), "Predictions for other people are too extreme (slope of calibration 0.80, interval "
         "0.70 to 0.90; 1 is right): effects look about 1.25 times as large as they are; shrink them, or take more "
         "answers."),
        (Estimate(0.8, 0.5, 1.1), "Predictions for other people come true as often as they say (slope of calibration "
         "0.80, interval 0.50 to 1.10; 1 is right, below 0.9 matters)."),
        (Estimate(0.95, 0.92, 0.99), "Predictions for other people come true as often as they say (slope of "
         "calibration 0.95, interval 0.92 to 0.99; 1 is right, below 0.9 matters)."),
    ],
)  # fmt: skip
def test_calibration_takes_a_low_slope_and_an_interval_below_1(slope, words):
    found = diagnoses.judge_calibration(slope)
    assert (found.matters, said(found)) == ("too extreme" in words, words)


def test_spread_and_dispersion():
    assert said(diagnoses.judge_spread(Spread(12.3, 4, 0.015))) == (
        "Residuals spread more for some ratings than for others (Breusch–Pagan 12.3 on 4 degrees of freedom, p = "
        "0.015); it does not matter here, because all errors are robust, but intervals of textbook regressions would "
        "be wrong."
    )
    assert said(diagnoses.judge_spread(Spread(1.2, 4, 0.878))) == (
        "Residuals spread alike for all ratings (Breusch–Pagan 1.2 on 4 degrees of freedom, p = 0.878); the errors are "
        "robust anyway."
    )
    wide = diagnoses.judge_dispersion(1.5, "poisson")
    assert wide.matters
    assert said(wide) == (
        "Counts vary 1.5 times as much as a Poisson model expects (1.5 and more matters): a few recommend very often. "
        'The errors are robust, but model="negative_binomial" lets these few count less.'
    )
    for ratio, model, words in (
        (1.4, "poisson", "Counts vary 1.4 times as much as the model expects, which does not matter: errors are "
         "robust."),
        (1.6, "negative_binomial", "Counts vary 1.6 times as much as the model expects, which does not matter: errors "
         "are robust."),
    ):  # fmt: skip
        found = diagnoses.judge_dispersion(ratio, model)
        assert (found.matters, said(found)) == (False, words)


def test_halo():
    moody = diagnoses.judge_halo(pd.DataFrame({"share": [0.5, 0.3, 0.1, 0.1]}))
    assert moody.matters
    assert said(moody) == (
        "One general mood carries 50% of what the ratings vary (their first component; 25% if they were independent, "
        "50% and more matters): who likes one likes all, and single touchpoints are hard to tell; ask fewer questions "
        "at a time, or each right after its contact."
    )
    assert said(diagnoses.judge_halo(pd.DataFrame({"share": [0.49, 0.51]}))) == (
        "A general mood carries 49% of what the ratings vary (their first component; 50% if they were independent, "
        "50% and more matters): touchpoints are rated each for itself, too."
    )
