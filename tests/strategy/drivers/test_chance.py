"""R² of few answers is large by chance: that is said beside it, and what is left without."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import tpm_widgets as tpm
from tpm_widgets.strategy.drivers.chance import adjusted_r_squared, r_squared_by_chance, told_chance


def study(n, touchpoints, seed=3):
    random = np.random.default_rng(seed)
    ratings = pd.DataFrame(random.integers(1, 6, (n, touchpoints))).add_prefix("q")
    return tpm.make_study(
        ratings.assign(nps=random.integers(0, 11, n)), recommend="nps", touchpoints=list(ratings), min_group=1
    )


def test_it_is_adjusted_as_statsmodels_does_it():
    random = np.random.default_rng(1)
    x = random.normal(size=(20, 4))
    y = x[:, 0] + random.normal(size=20)
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    assert adjusted_r_squared(fit.rsquared, 20, 4) == pytest.approx(fit.rsquared_adj)


def test_chance_alone_explains_this_much_in_the_mean():
    random = np.random.default_rng(2)
    found = []
    for _ in range(2000):
        x, y = random.normal(size=(12, 4)), random.normal(size=12)
        found.append(sm.OLS(y, sm.add_constant(x)).fit().rsquared)
    error = np.std(found) / np.sqrt(len(found))
    assert r_squared_by_chance(12, 4) == pytest.approx(np.mean(found), abs=4 * error)


@pytest.mark.parametrize(
    ("r_squared", "n", "coefficients", "told"),
    [
        (0.961, 12, 4, "4 coefficients of 12 answers explain 36.4% by chance alone: adjusted for that, R² is 93.9%."),
        (
            0.3, 12, 4,
            "4 coefficients of 12 answers explain 36.4% by chance alone: adjusted for that, nothing is left of R².",
        ),
        (1.0, 5, 4, "4 coefficients of 5 answers explain everything, whatever was asked: this says nothing."),
        (
            0.02, 2000, 14,
            "14 coefficients of 2,000 answers explain 0.7% by chance alone: adjusted for that, R² is 1.3%.",
        ),
        (0.5, 2000, 14, ""),
    ],
)  # fmt: skip
def test_it_is_said_where_it_is_more_than_a_little(r_squared, n, coefficients, told):
    assert " ".join(sentence.text("en") for sentence in told_chance(r_squared, n, coefficients)) == told


@pytest.mark.parametrize(("n", "is_told"), [(14, True), (4000, True)])  # of random answers nothing but chance
def test_sentences_and_captions_say_it(n, is_told):
    drivers = tpm.driver_regression(study(n, 5))
    importance = tpm.relative_importance(drivers)
    assert drivers.coefficients == importance.coefficients == 5
    assert drivers.r_squared_by_chance == importance.r_squared_by_chance == pytest.approx(5 / (n - 1))
    for result, plot in ((drivers, tpm.plot_drivers), (importance, tpm.plot_relative_importance)):
        assert ("by chance alone" in result.summary("en")) is is_told
        subtitles = [text.get_text() for text in plot(result).texts if text.get_gid() == "subtitle"]
        assert ("by chance alone" in " ".join(" ".join(subtitles).split())) is is_told


def test_a_strong_relation_of_many_answers_is_not_talked_down():
    assert "by chance alone" not in tpm.driver_regression(tpm.sample_study("hotels")).summary("en")
