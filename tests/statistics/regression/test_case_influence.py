"""Influence of single answers against statsmodels, of whole customers against fitting again."""

import numpy as np
import pytest
import statsmodels.api as sm

from tpm_widgets.statistics.regression.checks import without_one

EXACT = 1e-9


def data_of(n=120, seed=1):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    return rng, matrix


def test_linear_as_dfbeta():
    rng, matrix = data_of()
    outcome = matrix @ [1, 2, 0, -1] + rng.normal(size=120)
    fit = sm.OLS(outcome, matrix).fit()
    found = without_one(matrix, fit.resid, np.ones(120), np.arange(120))
    assert -found.changes == pytest.approx(fit.get_influence().dfbeta, abs=EXACT)
    spread = (fit.ssr - found.lost) / (120 - 4 - 1)
    assert spread == pytest.approx(fit.get_influence().sigma2_not_obsi, abs=EXACT)


def test_logit_as_one_step_of_statsmodels():
    rng, matrix = data_of()
    outcome = (matrix @ [0, 1, 0, -1] + rng.logistic(size=120) > 0).astype(float)
    fit = sm.GLM(outcome, matrix, family=sm.families.Binomial()).fit(tol=1e-12)
    mean = fit.fittedvalues
    found = without_one(matrix, outcome - mean, mean * (1 - mean), np.arange(120))
    assert -found.changes == pytest.approx(fit.get_influence().d_params, abs=1e-7)


def test_customers_with_several_answers_as_fitted_without_them():
    rng, matrix = data_of()
    customers = rng.integers(0, 50, 120) * 3
    weights = rng.uniform(0.5, 2, 120)
    outcome = matrix @ [1, 2, 0, -1] + rng.normal(size=120)
    fit = sm.WLS(outcome, matrix, weights=weights).fit()
    before = matrix.copy()
    found = without_one(matrix, weights * fit.resid, weights, customers)
    for place, label in enumerate(np.unique(customers)):
        rest = customers != label
        again = sm.WLS(outcome[rest], matrix[rest], weights=weights[rest]).fit()
        assert found.changes[place] == pytest.approx(again.params - fit.params, abs=EXACT)
        assert fit.ssr - found.lost[place] == pytest.approx(again.ssr, abs=EXACT)
        assert found.sizes[place] == 120 - rest.sum()
    assert (matrix == before).all()


def test_who_alone_decides_a_coefficient_has_infinite_influence_on_it_only():
    rng, matrix = data_of()
    matrix[:, 3] = 0
    matrix[7, 3] = 1
    outcome = rng.normal(size=120)
    fit = sm.OLS(outcome, matrix).fit()
    found = without_one(matrix, fit.resid, np.ones(120), np.arange(120))
    assert np.isinf(found.changes[7, 3])
    assert np.isfinite(np.delete(found.changes, 7, axis=0)).all()
    assert np.isfinite(found.lost).all()


def test_a_customer_of_two_answers_may_decide_alone_too():
    """A column that only both answers of one customer have: the others are left without it, and keep the rest."""
    rng, matrix = data_of()
    matrix[:, 3] = 0
    matrix[[7, 30], 3] = 1
    customers = np.arange(120)
    customers[30] = 7
    weights = rng.uniform(0.5, 2, 120)
    outcome = matrix @ [1, 2, 0, 0] + rng.normal(size=120)
    fit = sm.WLS(outcome, matrix, weights=weights).fit()
    found = without_one(matrix, weights * fit.resid, weights, customers)
    place = int(np.flatnonzero(found.sizes == 2)[0])
    assert place == 7 and found.sizes.sum() == 120
    assert np.isinf(found.changes[place, 3])
    assert np.isfinite(np.delete(found.changes, place, axis=0)).all()
    assert found.bread == pytest.approx(np.asarray(fit.normalized_cov_params), rel=1e-9)
