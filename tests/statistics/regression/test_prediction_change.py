"""Mean predictions before and after against statsmodels; their errors against numerical gradients and the bootstrap."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.statistics.regression.contrasts import clustered_error, prediction_change, rate_change
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(1)
    ratings = rng.integers(1, 6, (500, 2)).astype(float)
    score = ratings @ [0.6, 0.3] + rng.normal(size=500)
    return np.column_stack([np.ones(500), ratings]), score, rng.uniform(0.5, 2, 500)


def moved(matrix, by=0.8):
    return np.minimum(by, 5 - matrix[:, 1])[:, None]


def test_a_logit_predicts_as_in_statsmodels(answers):
    matrix, score, weights = answers
    outcome = (score > 3).astype(float)
    fit = fit_logit(outcome, matrix, ("constant", "a", "b"), weights)
    found = prediction_change(fit, matrix, [1], moved(matrix))
    model = sm.GLM(outcome, matrix, family=sm.families.Binomial(), freq_weights=weights).fit(tol=1e-12)
    after = matrix + np.column_stack([np.zeros(500), moved(matrix), np.zeros(500)])
    baseline = np.average(model.predict(matrix), weights=weights)
    assert found.baseline == pytest.approx(baseline, abs=1e-8)
    assert found.baseline == pytest.approx(np.average(outcome, weights=weights), abs=1e-8)
    assert found.change == pytest.approx(np.average(model.predict(after), weights=weights) - baseline, abs=1e-8)


@pytest.mark.parametrize("kind", ["linear", "logit"])
def test_the_error_of_the_coefficients_is_the_delta_method(answers, kind):
    matrix, score, weights = answers
    fitter, outcome = (fit_linear, score) if kind == "linear" else (fit_logit, (score > 3).astype(float))
    fit = fitter(outcome, matrix, ("constant", "a", "b"), weights)
    found = prediction_change(fit, matrix, [1], moved(matrix))
    after = matrix + np.column_stack([np.zeros(500), moved(matrix), np.zeros(500)])

    def change(params):
        means = [1 / (1 + np.exp(-rows @ params)) if kind == "logit" else rows @ params for rows in (matrix, after)]
        return np.average(means[1] - means[0], weights=weights)

    step = 1e-5 * np.eye(3)
    gradient = [(change(fit.params + d) - change(fit.params - d)) / 2e-5 for d in step]
    each = 1 / (1 + np.exp(-after @ fit.params)) - 1 / (1 + np.exp(-matrix @ fit.params))
    each = each if kind == "logit" else moved(matrix)[:, 0] * fit.params[1]
    sampling = weights / weights.sum() * (each - found.change)
    np.testing.assert_allclose(found.change_influence - sampling, fit.influence @ gradient, atol=1e-9)


def test_two_models_on_the_same_answers_have_the_error_of_the_bootstrap(answers):
    matrix, score, _ = answers
    high, low = (score > 3.5).astype(float), (score < 2).astype(float)

    def difference(rows):
        fits = [fit_logit(outcome[rows], matrix[rows], ("constant", "a", "b")) for outcome in (high, low)]
        return [prediction_change(fit, matrix[rows], [1], moved(matrix[rows])) for fit in fits]

    up, down = difference(np.arange(500))
    joint = clustered_error([up.change_influence, -down.change_influence], [up.clusters, down.clusters])
    rng = np.random.default_rng(2)
    draws = [difference(rng.integers(0, 500, 500)) for _ in range(300)]
    spread = np.std([one.change - two.change for one, two in draws], ddof=1)
    # 300 replicates know a standard deviation to about 4 %
    assert joint == pytest.approx(spread, rel=0.12)
    apart = np.hypot(*(clustered_error([part.change_influence], [part.clusters]) for part in (up, down)))
    assert apart < 0.9 * spread  # taking the two models as independent would claim too much


def test_answers_of_one_customer_are_one_unit():
    influence = np.array([0.1, -0.2, 0.3])
    found = clustered_error([influence, influence], [np.array([1, 1, 2]), np.array([1, 1, 2])])
    assert found == pytest.approx(np.hypot(-0.2, 0.6))


def test_the_rate_that_a_factor_brings():
    # METHODS: from 30 %, f = 1.2 gives 34.0 %; a fifth more needs f = 1.31
    assert 0.3 + rate_change(0.3, 1.2)[0] == pytest.approx(0.340, abs=5e-4)
    assert 0.3 + rate_change(0.3, 1.3125)[0] == pytest.approx(0.36, abs=1e-12)


@given(st.floats(0.01, 0.99), st.floats(0.2, 3))
def test_derivatives_of_the_rate(rate, factor):
    _, by_factor, by_rate = rate_change(rate, factor)
    h = 1e-6
    steps = (rate_change(rate, factor + h)[0] - rate_change(rate, factor - h)[0]) / (2 * h)
    assert by_factor == pytest.approx(steps, abs=1e-6)
    steps = (rate_change(rate + h, factor)[0] - rate_change(rate - h, factor)[0]) / (2 * h)
    assert by_rate == pytest.approx(steps, abs=1e-6)
    assert rate_change(rate, 1.0)[0] == 0
