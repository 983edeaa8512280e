"""Weighted covariances against NumPy's, R² against statsmodels'."""

import numpy as np
import pytest
import statsmodels.api as sm

from tpm_widgets.statistics.regression.covariance import (
    correlation,
    r_squared,
    standardised_slopes,
    weighted_covariance,
)

RNG = np.random.default_rng(4)
DATA = RNG.normal(size=(80, 4)) @ RNG.normal(size=(4, 4))
WEIGHTS = RNG.uniform(0.2, 3, 80)


def test_covariance_as_numpy():
    expected = np.cov(DATA.T, aweights=WEIGHTS, ddof=0)
    assert weighted_covariance(DATA, WEIGHTS) == pytest.approx(expected, abs=1e-12)


def test_several_correlation_matrices_at_once():
    covariance = np.cov(DATA.T)
    both = correlation(np.stack([covariance, 4 * covariance]))
    assert both[0] == pytest.approx(np.corrcoef(DATA.T), abs=1e-12)
    assert both[1] == pytest.approx(both[0], abs=1e-12)


def test_explained_share_as_weighted_least_squares():
    fit = sm.WLS(DATA[:, -1], sm.add_constant(DATA[:, :-1]), weights=WEIGHTS).fit()
    covariance = weighted_covariance(DATA, WEIGHTS)
    assert r_squared(covariance) == pytest.approx(fit.rsquared, abs=1e-10)
    scale = np.sqrt(np.diag(covariance))
    assert standardised_slopes(covariance) * scale[-1] / scale[:-1] == pytest.approx(fit.params[1:], abs=1e-10)


def test_a_column_without_variance_explains_nothing():
    covariance = np.array([[1, 0, 0.6], [0, 0, 0], [0.6, 0, 1]])
    assert r_squared(covariance) == pytest.approx(0.36)
