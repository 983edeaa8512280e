"""Coefficients of resamples against one statsmodels fit each, and resamples that cannot tell."""

import numpy as np
import pytest
from statsmodels.regression.linear_model import WLS

from tpm_widgets.statistics.importance.resampled import draw_counts, resampled_slopes
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear


def data_of(n=400, seed=1):
    rng = np.random.default_rng(seed)
    dummies = rng.random((n, 4)) < [0.3, 0.5, 0.2, 0.4]
    matrix = np.column_stack([np.ones(n), dummies])
    return matrix, 5 + matrix[:, 1:] @ [1, -1, 0.5, 0] + rng.normal(size=n), rng


def test_each_resample_as_a_fit_of_its_own():
    matrix, outcome, rng = data_of()
    weights, clusters = rng.uniform(0.5, 2, 400), rng.integers(0, 150, 400)
    labels, code = np.unique(clusters, return_inverse=True)
    counts = draw_counts(len(labels), 5, np.random.default_rng(7))[:, code]
    found = resampled_slopes(matrix, outcome, weights, clusters, 5, 7)
    for row, slopes in zip(counts, found, strict=True):
        assert slopes == pytest.approx(WLS(outcome, matrix, weights=row * weights).fit().params[1:], abs=1e-9)


def test_their_spread_is_the_robust_error():
    matrix, outcome, _ = data_of(n=1500)
    found = resampled_slopes(matrix, outcome, np.ones(1500), np.arange(1500), 3000, 1)
    errors = np.sqrt(np.diag(fit_linear(outcome, matrix, list("cabde")).cov))[1:]
    assert found.std(axis=0) == pytest.approx(errors, rel=0.06)  # 4.6 standard errors of 3,000 resamples


def test_a_resample_that_cannot_tell_is_missing():
    matrix, outcome, _ = data_of(n=60)
    matrix[:, 1] = 0.0
    matrix[0, 1] = 1.0  # a rare value: absent from a third of the resamples
    found = resampled_slopes(matrix, outcome, np.ones(60), np.arange(60), 500, 1)
    absent = np.isnan(found[:, 0])
    assert absent.mean() == pytest.approx((1 - 1 / 60) ** 60, abs=0.07)
    assert not np.isnan(found[:, 1:]).any()
    same = np.column_stack([matrix[:, [0, 2, 3]], matrix[:, 3]])
    found = resampled_slopes(same, outcome, np.ones(60), np.arange(60), 20, 1)
    assert np.isnan(found[:, 1:]).all() and not np.isnan(found[:, 0]).any()
