"""What random predictors get: against LMG's quadratic form, for clusters and groups, and called a driver in 5 %."""

import numpy as np
import pytest
from scipy.stats import binom

from tpm_widgets.statistics.importance import measures
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


def test_what_is_always_in_counts_for_random_predictors_too():
    """Both routes know it: 1,000 drawn predictors of two columns among three players, a fourth column always in."""
    rng = np.random.default_rng(5)
    data, weights, groups = data_of(80, rng), np.ones(80), [[0, 1], [2]]
    covariance = weighted_covariance(data, weights)
    for columns in (1, 2):
        drawn = random_importances("lmg", data, weights, np.arange(80), groups, [3], columns, 1)
        form = random_predictor_shares(covariance, correlation(covariance) / 79, groups, [3], columns, 1)
        assert (len(drawn), len(form)) == (1000, 10_000)
        assert drawn.mean() == pytest.approx(form.mean(), rel=0.12)
    alone = random_predictor_shares(covariance, correlation(covariance) / 79, groups, (), 1, 1)
    assert alone.mean() > 1.05 * random_predictor_shares(covariance, correlation(covariance) / 79, groups, [3], 1,
                                                         1).mean()  # fmt: skip


@pytest.mark.parametrize("measure", ["lmg", "last", "first"])
def test_drawn_in_parts_they_are_the_same_and_seeds_decide(measure, monkeypatch):
    rng = np.random.default_rng(6)
    data, weights = data_of(40, rng), rng.uniform(0.5, 2, 40)
    clusters = rng.integers(0, 25, 40)
    monkeypatch.setattr(measures, "DRAWS", 60)
    given = measure, data, weights, clusters, [[0], [1, 2]], [3], 2
    once = random_importances(*given, 1)
    monkeypatch.setattr(measures, "NUMBERS", 40 * 2 * 7)
    assert random_importances(*given, 1) == pytest.approx(once, abs=1e-12)
    monkeypatch.setattr(measures, "NUMBERS", 1)  # one at a time
    assert random_importances(*given, 1) == pytest.approx(once, abs=1e-12)
    assert not np.allclose(random_importances(*given, 2), once)
    assert random_importances(measure, data, 100 * weights, *given[3:], 1) == pytest.approx(once, abs=1e-12)


def test_a_random_predictor_is_worth_what_the_measure_says_of_it_and_the_others():
    """The same draws by hand: columns about their weighted mean, appended before the outcome."""
    rng = np.random.default_rng(8)
    data, weights = data_of(30, rng), rng.uniform(0.5, 2, 30)
    clusters = np.arange(30) // 2
    random = np.random.default_rng(4).normal(size=(1000, 2, 15))[:, :, clusters]
    for measure in ("lmg", "relative_weights", "last", "first", "betasq", "pratt"):
        always = [3] if measure in ("lmg", "last", "first") else []
        groups = [[0], [1, 2]] if always else [[0], [1, 2], [3]]
        found = random_importances(measure, data, weights, clusters, groups, always, 2, 4)
        for draw in (0, 17, 999):
            joined = np.column_stack([data[:, :4], random[draw].T, data[:, 4]])
            own = importance_of(measure, weighted_covariance(joined, weights), [*groups, [4, 5]], always)
            assert found[draw] == pytest.approx(own[-1], abs=1e-10)


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
