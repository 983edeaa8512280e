"""Pairwise moments against pandas, pairwise regression against least squares and against its own jackknife."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.pairwise import fit_pairwise, pairwise_moments

NAMES = ["constant", "a", "b", "c"]


def sample(n=400, holes=0.25, seed=2):
    rng = np.random.default_rng(seed)
    ratings = rng.normal(size=(n, 3)) + rng.normal(size=(n, 1))
    outcome = ratings @ [0.5, 0.2, 0.0] + rng.normal(size=n)
    ratings[rng.random((n, 3)) < holes] = np.nan
    return ratings - np.nanmean(ratings, axis=0), outcome, np.ones(n), np.arange(n)


def test_moments_as_pandas():
    """pandas divides by n − 1 of each pair; ours by n."""
    ratings, outcome, weights, _ = sample()
    data = np.column_stack([ratings, outcome])
    covariance, means, total = pairwise_moments(data, weights)
    expected = pd.DataFrame(data).cov().to_numpy()
    assert covariance * total / (total - 1) == pytest.approx(expected, rel=1e-10)
    assert np.diag(means) == pytest.approx(np.nanmean(data, axis=0), abs=1e-12)


def test_a_large_mean_does_not_eat_a_small_variance():
    ratings, outcome, weights, _ = sample()
    data = np.column_stack([ratings, outcome])
    near, far = pairwise_moments(data, weights), pairwise_moments(data + 1e7, weights)
    assert far[0] == pytest.approx(near[0], abs=1e-6)
    assert far[1] - 1e7 == pytest.approx(near[1], abs=1e-6)


def test_without_holes_it_is_least_squares():
    ratings, outcome, weights, clusters = sample(holes=0)
    fit, covariance = fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    other = sm.OLS(outcome, sm.add_constant(ratings)).fit(cov_type="HC1")
    assert fit.params == pytest.approx(other.params, abs=1e-10)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(other.bse, rel=1e-8)
    assert covariance == pytest.approx(np.cov(np.column_stack([ratings, outcome]).T, ddof=0), abs=1e-12)


def test_influence_is_what_leaving_an_answer_out_changes():
    """The jackknife, a second route to the errors: with n = 400 the two agree within a few percent."""
    ratings, outcome, weights, clusters = sample()
    fit, _ = fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    left = []
    for position in range(len(outcome)):
        keep = np.arange(len(outcome)) != position
        left.append(fit_pairwise(outcome[keep], ratings[keep], NAMES, weights[keep], clusters[keep])[0].params)
    jackknife = np.sqrt((399 / 400) * ((np.array(left) - np.mean(left, axis=0)) ** 2).sum(axis=0))
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(jackknife, rel=0.03)


def test_influence_is_the_derivative_in_an_answers_weight():
    ratings, outcome, _, clusters = sample(n=120)
    weights = np.random.default_rng(5).uniform(0.5, 2, 120)
    ratings = ratings - np.nansum(ratings * weights[:, None], axis=0) / (~np.isnan(ratings) * weights[:, None]).sum(0)
    fit, _ = fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    influence = fit.influence / np.sqrt(120 / 119 * 119 / 116)
    assert influence.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    for answer in (0, 17, 60, 119):
        step = np.where(np.arange(120) == answer, 1e-5, 0)
        ends = [fit_pairwise(outcome, ratings, NAMES, weights + sign * step, clusters)[0].params for sign in (1, -1)]
        slope = (ends[0] - ends[1]) / 2e-5 * weights[answer]
        assert influence[answer] == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_weight_two_is_two_copies_of_one_customer():
    ratings, outcome, _, clusters = sample(n=150)
    weights = np.tile([1.0, 2.0, 3.0], 50)
    copies = np.repeat(np.arange(150), weights.astype(int))
    ratings = ratings - np.nansum(ratings * weights[:, None], axis=0) / (~np.isnan(ratings) * weights[:, None]).sum(0)
    weighted, covariance = fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    copied, same = fit_pairwise(outcome[copies], ratings[copies], NAMES, np.ones(len(copies)), copies)
    assert covariance == pytest.approx(same, abs=1e-12)
    assert weighted.params == pytest.approx(copied.params, abs=1e-10)
    small_sample = (149 / (150 - 4)) / ((len(copies) - 1) / (len(copies) - 4))
    assert weighted.cov == pytest.approx(copied.cov * small_sample, rel=1e-9)
    assert (weighted.df, copied.df) == (146, 149)


def test_with_weights_and_clusters_and_without_holes_it_is_weighted_least_squares():
    ratings, outcome, _, _ = sample(holes=0)
    rng = np.random.default_rng(3)
    weights, clusters = rng.uniform(0.5, 2, 400), rng.integers(0, 150, 400)
    ratings = ratings - np.average(ratings, axis=0, weights=weights)
    fit, _ = fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    other = sm.WLS(outcome, sm.add_constant(ratings), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}
    )
    assert fit.params == pytest.approx(other.params, abs=1e-10)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(other.bse, rel=1e-8)
    assert fit.df == len(np.unique(clusters)) - 1
    many, _ = fit_pairwise(outcome, ratings, NAMES, 100 * weights, clusters)
    assert many.cov == pytest.approx(fit.cov, rel=1e-9)


def test_a_pair_that_nobody_rated_is_refused():
    ratings, outcome, weights, clusters = sample()
    ratings[:200, 0] = np.nan
    ratings[200:, 1] = np.nan
    with pytest.raises(DataError) as refused:
        fit_pairwise(outcome, ratings, NAMES, weights, clusters)
    assert str(refused.value) == (
        'survey: expected answers that rated both a and b. Choose missing="indicator", or leave one of the two out.'
    )


def test_an_impossible_correlation_matrix_is_refused():
    """Three blocks of answers in which a, b and c correlate 1, 1 and −1 in pairs: no data could have that."""
    x, outcome, hole = np.tile([-1.0, 1], 50), np.tile([-1.0, -1, 1, 1], 75), np.full(100, np.nan)
    a, b, c = (np.concatenate(parts) for parts in ((x, x, hole), (x, hole, x), (hole, x, -x)))
    with pytest.raises(DataError) as refused:
        fit_pairwise(outcome, np.column_stack([a, b, c]), NAMES, np.ones(300), np.arange(300))
    # the outcome goes with none of them; 1, 1 and −1 have the eigenvalues 2, 2 and −1
    assert str(refused.value) == (
        "survey: expected pairwise correlations that one set of answers could have (smallest eigenvalue above 0, here "
        '−1.0000). Choose missing="indicator": too few answers rated the same touchpoints.'
    )


def test_inputs_stay_as_they_were():
    arrays = sample()
    before = [array.copy() for array in arrays]
    fit_pairwise(arrays[1], arrays[0], NAMES, arrays[2], arrays[3])
    assert all(np.array_equal(now, then, equal_nan=True) for now, then in zip(arrays, before, strict=True))
