"""Effects of several groups: influences against leaving out, leverages and Wald tests against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tpm_widgets.statistics.regression.contrasts import (
    coefficient_influence,
    effect_influence,
    left_by_leverage,
    sum_by_person,
    wald_test,
)
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit

NAMES = ("constant", "a", "b")


def sample(n=200, seed=1):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    score = matrix @ [0.2, 0.8, -0.4] + rng.logistic(size=n)
    return matrix, score, (score > 0).astype(float), rng.uniform(0.5, 2, n)


def test_influences_are_the_sandwich_and_with_leverages_hc3():
    matrix, score, outcome, weights = sample()
    linear = fit_linear(score, matrix, NAMES)
    moved = coefficient_influence(linear, matrix, score)
    other = sm.OLS(score, matrix).fit()
    assert moved.T @ moved == pytest.approx(other.get_robustcov_results("HC0").cov_params(), rel=1e-9)
    left = left_by_leverage(linear, matrix)
    assert left == pytest.approx(1 - other.get_influence().hat_matrix_diag, rel=1e-9)
    hc3 = moved / left[:, None]
    assert hc3.T @ hc3 == pytest.approx(other.get_robustcov_results("HC3").cov_params(), rel=1e-9)
    logit = fit_logit(outcome, matrix, NAMES, weights)
    mean = logit.predict(matrix)
    root = np.sqrt(weights * mean * (1 - mean))[:, None] * matrix
    assert left_by_leverage(logit, matrix) == pytest.approx(1 - np.diag(root @ np.linalg.pinv(root)), rel=1e-9)
    assert coefficient_influence(logit, matrix, outcome).sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-8)


def test_an_answer_that_leaves_nothing_is_not_divided_by_nothing():
    matrix, score, *_ = sample(60)
    matrix[:, 2] = np.arange(60) == 9
    left = left_by_leverage(fit_linear(score, matrix, NAMES), matrix)
    assert left[9] == 1
    assert (np.delete(left, 9) < 1).all()


@pytest.mark.parametrize("kind", ["linear", "logit"])
def test_an_average_effect_moves_as_it_does_when_a_weight_changes(kind):
    """The derivative of the average effect among who rated in the weight of an answer, by differences."""
    matrix, score, outcome, weights = sample(120)
    rated = np.arange(120) % 4 > 0
    outcome = score if kind == "linear" else outcome

    def of(own):
        fit = (fit_linear if kind == "linear" else fit_logit)(outcome, matrix, NAMES, own)
        return fit, fit.average_effect(1, matrix[rated], own[rated])[0]

    fit, expected = of(weights)
    effect, influence = effect_influence(fit, matrix, coefficient_influence(fit, matrix, outcome), 1, rated)
    assert effect == expected
    for answer in (0, 5, 40, 77):
        step = np.where(np.arange(120) == answer, 1e-5, 0)
        slope = (of(weights + step)[1] - of(weights - step)[1]) / 2e-5 * weights[answer]
        assert influence[answer] == pytest.approx(slope, rel=1e-4, abs=1e-9)


def test_influences_are_added_up_by_person_over_all_groups():
    one, other = np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([[10.0], [20]])
    first, second = sum_by_person([one, other], [np.array([7, 3, 7]), np.array([9, 3])])
    assert first.tolist() == [[3, 4], [6, 8], [0, 0]]  # of the persons 3, 7 and 9
    assert second.tolist() == [[20], [0], [10]]


def test_the_wald_test_is_statsmodels_f_test():
    matrix, score, *_ = sample()
    fit = fit_linear(score, matrix, NAMES)
    moved = coefficient_influence(fit, matrix, score)
    found = wald_test(fit.params[1:], moved[:, 1:], 200)
    other = sm.OLS(score, matrix).fit(cov_type="HC0", use_t=True)
    expected = other.f_test(np.eye(3)[1:])
    assert (found.df, found.df_residual) == (2, 199)
    assert found.f == pytest.approx(float(expected.fvalue), rel=1e-9)
    assert found.chi2 == pytest.approx(2 * found.f)
    assert found.p_value == pytest.approx(stats.f.sf(found.f, 2, 199))


def test_differences_that_contain_each_other_are_counted_once_and_none_is_not_tested():
    rng = np.random.default_rng(1)
    influence = rng.normal(size=(50, 2)) @ np.array([[1.0, 0, 1], [0, 1, 1]])
    found = wald_test(np.array([1.0, 2, 3]), influence, 50)
    assert found.df == 2
    assert found.chi2 == pytest.approx(wald_test(np.array([1.0, 2]), influence[:, :2], 50).chi2, rel=1e-6)
    scaled = wald_test(np.array([1.0, 2e6, 3]), influence * [1, 1e6, 1], 50)  # units do not matter
    assert scaled.chi2 == pytest.approx(found.chi2, rel=1e-6)
    assert wald_test(np.empty(0), np.empty((50, 0)), 50) is None
    assert wald_test(np.array([1.0, 0.0]), np.column_stack([influence[:, 0], np.zeros(50)]), 50) is None
