"""Dice among the touchpoints, on a few seeds; the whole look is ``make verify``."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tests.verification import limits, random_predictors
from tests.verification.random_predictors import CALLED, DESIGN

SEEDS = range(11_980, 12_000)  # none of those of make verify


@pytest.fixture(scope="module")
def simulated():
    return tpm.simulate_study(seed=1, **DESIGN)


def test_dice_are_thrown_once_for_each_customer_and_nothing_else_changes(simulated):
    before = simulated.ratings.copy()
    study, name = random_predictors.with_dice(simulated, np.random.default_rng(1))
    ratings, customer = study.ratings[name].fillna(0), study.survey["customer"]
    assert (ratings == ratings.groupby(customer).transform("first")).all()
    assert customer.duplicated().any()
    assert (study.ratings[name].notna() == study.experienced[name]).all()
    pd.testing.assert_frame_equal(study.ratings.drop(columns=name), before.drop(columns=name))
    pd.testing.assert_frame_equal(simulated.ratings, before)


def test_without_customers_every_answer_throws_its_own(simulated):
    study, name = random_predictors.with_dice(simulated, np.random.default_rng(1), clustered=False)
    ratings, customer = study.ratings[name].fillna(0), study.survey["customer"]
    assert (ratings != ratings.groupby(customer).transform("first")).any()


@pytest.mark.slow
def test_dice_are_rarely_called_a_driver():
    runs = pd.concat([random_predictors.one_seed(seed) for seed in SEEDS], ignore_index=True)
    assert random_predictors.faults(runs) == []
    assert runs["p_value"].between(0, 1).all()
    # Over all tests of a study; the studies are what is independent.
    share = (runs["p_value"] <= CALLED).groupby(runs["seed"]).mean()
    low, _ = stats.t.interval(limits.SURENESS, len(SEEDS) - 1, share.mean(), share.sem())
    assert low <= CALLED


def test_what_is_called_too_often_is_named():
    runs = pd.DataFrame({"seed": range(100), "regression": "recommend, ols", "test": "coefficient"})
    fair, unfair = ([0.04] * count + [0.5] * (100 - count) for count in (13, 14))
    assert random_predictors.faults(runs.assign(p_value=fair)) == []
    assert random_predictors.faults(runs.assign(p_value=unfair)) == [
        "dice called a driver, coefficient, recommend, ols: 0.140, limit 0.130"
    ]
    assert "| recommend, ols | coefficient | 100 | 14 | 0.140 |" in random_predictors.in_words(
        runs.assign(p_value=unfair)
    )


def test_limits_are_those_of_the_binomial_distribution():
    for share, runs, checks in ((0.05, 1_000, 1), (0.05, 1_000, 17), (0.9, 200, 3)):
        rare = (1 - limits.SURENESS) / checks
        most, least = limits.most(share, runs, checks), limits.least(share, runs, checks)
        assert stats.binom.sf(most, runs, share) <= rare < stats.binom.sf(most - 1, runs, share)
        assert stats.binom.cdf(least - 1, runs, share) < rare <= stats.binom.cdf(least, runs, share)
