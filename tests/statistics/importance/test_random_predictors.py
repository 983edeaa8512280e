"""What random predictors get: against LMG's quadratic form, for clusters and groups, and called a driver in 5 %."""

import numpy as np
import pytest
from scipy.stats import binom

from tpm_widgets.statistics.importance.lmg_influence import random_predictor_shares
from tpm_widgets.statistics.importance.measures import importance_of, random_importances
from tpm_widgets.statistics.regression.covariance import correlation, weighted_covariance

SINGLE = [[0], [1], [2], [3]]


def data_of(n, rng, noise=0):
    columns = rng.normal(size=(n, 4 + noise))
    columns[:, :4] += rng.normal(size=(n, 1))
    return np.column_stack([columns, columns[:, :4].sum(axis=1) + rng.normal(scale=3, size=n)])


def test_lmg_as_by_its_quadratic_form():
    rng = np.random.default_rng(1)
    data, weights = data_of(500, rng), rng.uniform(0.5, 2, 500)
    drawn = random_importances("lmg", data, weights, np.arange(500), SINGLE, (), 1, 1)
    covariance = weighted_covariance(data, weights)
    standard = (data - np.average(data, axis=0, weights=weights)) / np.sqrt(np.diag(covariance))
    share = (weights / weights.sum())[:, None] * standard
    form = random_predictor_shares(correlation(covariance), share.T @ share, SINGLE, (), 1, 1)
    ends = [0.25, 0.5, 0.9, 0.95]
    assert np.quantile(drawn, ends) == pytest.approx(np.quantile(form, ends), rel=0.2)


def test_of_nothing_else_it_is_a_chance_correlation_squared():
    """R² of a random column on its own: beta distributed with 1/2 and (n − 2)/2, of mean 1/(n − 1)."""
    data = data_of(101, np.random.default_rng(2))
    for measure in ("first", "lmg"):
        groups = [] if measure == "lmg" else SINGLE
        drawn = random_importances(measure, data, np.ones(101), np.arange(101), groups, (), 1, 1)
        assert drawn.mean() == pytest.approx(0.01, rel=0.15)


def test_a_random_predictor_of_customers_has_the_chance_of_their_number():
    """Each answer given five times by its customer: what a random customer gets does not change."""
    data = data_of(60, np.random.default_rng(3))
    once = random_importances("last", data, np.ones(60), np.arange(60), SINGLE, (), 2, 1)
    five = random_importances("last", np.repeat(data, 5, axis=0), np.ones(300), np.repeat(np.arange(60), 5), SINGLE, (),
                              2, 1)  # fmt: skip
    assert five == pytest.approx(once, abs=1e-12)


@pytest.mark.parametrize("measure", ["relative_weights", "last", "first", "betasq", "pratt"])
def test_a_random_predictor_is_called_a_driver_in_five_percent(measure):
    """120 samples of 100 answers and a predictor of noise among four drivers; 99.9 % limits of the binomial."""
    rng = np.random.default_rng(11)
    groups = [[column] for column in range(5)]
    called = 0
    for sample in range(120):
        data = data_of(100, rng, noise=1)
        got = random_importances(measure, data, np.ones(100), np.arange(100), groups, (), 1, sample)
        own = importance_of(measure, weighted_covariance(data, np.ones(100)), groups)[4]
        called += (1 + (got >= own).sum()) / 1001 <= 0.05
    assert binom.ppf(0.001, 120, 0.05) <= called <= binom.ppf(0.999, 120, 0.05)
