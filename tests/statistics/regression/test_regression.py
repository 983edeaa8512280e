"""Fits against R 4.2.2 (lm with sandwich formulas, glm), against statsmodels, and by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.contrasts import coefficient_influence
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit, robust_covariance, wald_table

GOLDEN = Path(__file__).parents[2] / "golden"
LM = json.loads((GOLDEN / "ols_attitude.json").read_text())["attitude_lm"]
LOGIT = json.loads((GOLDEN / "glm.json").read_text())["logit_birthwt"]
LINEAR = 1e-9  # relative: both sides solve the same normal equations
# R stops IRLS where the deviance changes by less than 1e-8 of itself, and its errors are those of the step before.
STOPPED = 3e-5
BINOMIAL = sm.families.Binomial()


def table(fit):
    return wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.df, 0.95)


def sample(seed=1, n=300, k=4):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, k))])
    score = matrix @ rng.normal(scale=0.5, size=k + 1) + rng.normal(size=n)
    return matrix, score, rng.uniform(0.3, 3, n), rng.integers(0, n // 2, n)


def names(matrix):
    return [f"c{position}" for position in range(matrix.shape[1])]


def test_linear_as_r_with_hc3():
    data = pd.read_csv(GOLDEN / "attitude.csv")
    matrix = np.column_stack([np.ones(len(data)), data.drop(columns="rating")])
    fit = fit_linear(data["rating"].to_numpy(float), matrix, names(matrix))
    assert fit.params == pytest.approx([row["Estimate"] for row in LM["tab"]], rel=LINEAR)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(LM["hc3"], rel=LINEAR)
    assert (fit.n, fit.df) == (30, 23)


def birthwt():
    data = pd.read_csv(GOLDEN / "birthwt.csv")
    data = data.assign(race2=data["race"] == 2, race3=data["race"] == 3)
    terms = [row["_row"] for row in LOGIT["tab"]][1:]
    return np.column_stack([np.ones(len(data)), data[terms].astype(float)]), data["low"].to_numpy(float)


def test_logit_as_r():
    matrix, low = birthwt()
    fit = fit_logit(low, matrix, names(matrix))
    assert fit.params == pytest.approx([row["Estimate"] for row in LOGIT["tab"]], rel=STOPPED)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx([row["Std. Error"] for row in LOGIT["tab"]], rel=STOPPED)
    mean = fit.predict(matrix)
    assert -2 * np.log(np.where(low == 1, mean, 1 - mean)).sum() == pytest.approx(LOGIT["deviance"], abs=1e-9)


def test_what_parts_us_from_r_is_where_r_stops():
    """R's own steps, stopped by R's rule, give R's numbers to 1e-9; two more give ours."""
    matrix, low = birthwt()
    mean = (low + 0.5) / 2
    linear, deviance = np.log(mean / (1 - mean)), np.inf
    seen, stopped = [], None
    while len(seen) < 12:
        weights = mean * (1 - mean)
        covariance = np.linalg.inv((matrix * weights[:, None]).T @ matrix)
        params = covariance @ (matrix.T @ (weights * linear + low - mean))
        seen.append((params, np.sqrt(np.diag(covariance))))
        linear = matrix @ params
        mean = 1 / (1 + np.exp(-linear))
        before, deviance = deviance, -2 * np.log(np.where(low == 1, mean, 1 - mean)).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8 and stopped is None:
            stopped = len(seen) - 1
    params, errors = seen[stopped]
    assert params == pytest.approx([row["Estimate"] for row in LOGIT["tab"]], rel=1e-9)
    assert errors == pytest.approx([row["Std. Error"] for row in LOGIT["tab"]], rel=1e-9)
    fit = fit_logit(low, matrix, names(matrix))
    assert fit.params == pytest.approx(seen[-1][0], rel=1e-9)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(seen[-1][1], rel=1e-9)


def test_a_logit_ends_where_the_score_is_zero():
    matrix, score, weights, _ = sample()
    outcome = (score > 0).astype(float)
    fit = fit_logit(outcome, matrix, names(matrix), weights)
    assert (weights * (outcome - fit.predict(matrix))) @ matrix == pytest.approx(np.zeros(5), abs=1e-8)


def test_weighted_linear_as_statsmodels():
    matrix, score, weights, _ = sample()
    fit = fit_linear(score, matrix, names(matrix), weights)
    other = sm.WLS(score, matrix, weights=weights).fit(cov_type="HC3")
    assert fit.params == pytest.approx(other.params, rel=LINEAR)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(other.bse, rel=LINEAR)


def test_clusters_leave_the_coefficients_of_a_logit_as_they_are():
    matrix, score, _, clusters = sample()
    outcome = (score > 0).astype(float)
    fit = fit_logit(outcome, matrix, names(matrix), None, clusters)
    other = sm.GLM(outcome, matrix, family=BINOMIAL).fit(tol=1e-12)
    assert fit.params == pytest.approx(other.params, rel=LINEAR)


def test_weight_two_is_two_copies_of_one_customer():
    """Another route to the weighted errors: copies instead of weights, tied together as one cluster."""
    matrix, score, _, _ = sample(n=150)
    outcome = (score > 0).astype(float)
    weights = np.tile([1.0, 2.0, 3.0], 50)
    copies = np.repeat(np.arange(150), weights.astype(int))
    weighted = fit_logit(outcome, matrix, names(matrix), weights)
    copied = fit_logit(outcome[copies], matrix[copies], names(matrix), None, copies)
    assert weighted.params == pytest.approx(copied.params, rel=1e-8)
    moved = coefficient_influence(copied, matrix[copies], outcome[copies])
    assert weighted.cov == pytest.approx(robust_covariance(moved, copies) * 150 / 145, rel=1e-7)


@given(st.integers(0, 10**6), st.floats(0.01, 100))
@settings(max_examples=25)
def test_only_the_proportions_of_weights_count(seed, factor):
    matrix, score, weights, clusters = sample(seed, n=60, k=2)
    for fitted, outcome in ((fit_linear, score), (fit_logit, (score > np.median(score)).astype(float))):
        first = fitted(outcome, matrix, names(matrix), weights, clusters)
        second = fitted(outcome, matrix, names(matrix), weights * factor, clusters)
        assert second.params == pytest.approx(first.params, rel=1e-6, abs=1e-8)
        assert second.cov == pytest.approx(first.cov, rel=1e-5, abs=1e-10)


def test_equal_weights_are_none_and_weights_alone_need_the_sandwich():
    matrix, score, weights, _ = sample()
    outcome = (score > 0).astype(float)
    plain, equal = (fit_logit(outcome, matrix, names(matrix), own) for own in (None, np.full(300, 2.5)))
    assert equal.cov == pytest.approx(plain.cov, rel=1e-9)
    other = sm.Logit(outcome, matrix).fit(disp=False, tol=1e-12)
    assert plain.cov == pytest.approx(other.cov_params(), rel=1e-6)
    assert plain.clusters.tolist() == list(range(300))
    fit = fit_logit(outcome, matrix, names(matrix), weights)
    mean = fit.predict(matrix)
    bread = np.linalg.inv((matrix * (weights * mean * (1 - mean))[:, None]).T @ matrix)
    moved = (weights * (outcome - mean))[:, None] * matrix @ bread
    assert fit.cov == pytest.approx(moved.T @ moved * 300 / 295, rel=1e-8)
    assert (plain.df, fit.df, fit.n) == (np.inf, np.inf, 300)


def test_a_few_customers_leave_fewer_degrees_of_freedom_than_their_answers():
    matrix, score, _, clusters = sample()
    assert fit_linear(score, matrix, names(matrix), None, clusters).df == len(set(clusters)) - 1
    alone = fit_linear(score, matrix, names(matrix), None, np.arange(300) * 2)  # a label each
    assert alone.df == 295
    assert alone.cov == pytest.approx(fit_linear(score, matrix, names(matrix)).cov, rel=1e-12)


def test_who_alone_decides_a_coefficient_leaves_it_without_an_error():
    matrix, score, weights, _ = sample(n=60)
    matrix[:, 2] = np.arange(60) == 17
    fit = fit_linear(score, matrix, names(matrix), weights)
    assert np.isnan(np.diag(fit.cov)).tolist() == [False, False, True, False, False]
    assert fit.std_error(np.array([1, 2.0, 0, 0, 0])) == pytest.approx(
        np.sqrt(fit.cov[0, 0] + 4 * fit.cov[1, 1] + 4 * fit.cov[0, 1])
    )  # what is unknown elsewhere does not matter
    assert np.isnan(fit.std_error(np.array([1, 0, 1.0, 0, 0])))
    rest = np.arange(60) != 17
    without = fit_linear(score[rest], np.delete(matrix[rest], 2, axis=1), list("abcd"), weights[rest])
    known = np.ix_([0, 1, 3, 4], [0, 1, 3, 4])
    assert fit.cov[known] == pytest.approx(without.cov, rel=1e-9)


def test_weights_may_be_as_small_as_can_be():
    matrix, score, weights, clusters = sample()
    for fitted, outcome in ((fit_linear, score), (fit_logit, (score > 0).astype(float))):
        for units in (clusters, None):
            first = fitted(outcome, matrix, names(matrix), weights, units)
            tiny = fitted(outcome, matrix, names(matrix), 1e-140 * weights, units)
            assert tiny.params == pytest.approx(first.params, rel=1e-8)
            assert tiny.cov == pytest.approx(first.cov, rel=1e-7)


def test_average_effect_as_statsmodels_margins():
    matrix, score, _, _ = sample()
    outcome = (score > 0).astype(float)
    fit = fit_logit(outcome, matrix, names(matrix))
    margins = sm.Logit(outcome, matrix).fit(disp=False, tol=1e-12).get_margeff()
    for column in range(1, 5):
        effect, gradient = fit.average_effect(column, matrix, np.ones(300))
        assert effect == pytest.approx(margins.margeff[column - 1], rel=1e-6)
        assert fit.std_error(gradient) == pytest.approx(margins.margeff_se[column - 1], rel=1e-3)


def test_average_effect_has_the_gradient_that_differences_give():
    matrix, score, weights, _ = sample()
    fit = fit_logit((score > 0).astype(float), matrix, names(matrix), weights)
    some = slice(20, 200)
    _, gradient = fit.average_effect(2, matrix[some], weights[some])
    for position in range(5):
        step = np.eye(5)[position] * 1e-6
        ends = [fit.params + step, fit.params - step]
        moved = [
            np.average(b[2] * p * (1 - p), weights=weights[some])
            for b in ends
            for p in [1 / (1 + np.exp(-matrix[some] @ b))]
        ]
        assert gradient[position] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-7)


def test_no_events_and_nothing_but_events_are_refused():
    matrix, *_ = sample(n=40)
    remedy = "A longer period or window may bring some; until then nothing can be compared."
    with pytest.raises(DataError) as none:
        fit_logit(np.zeros(40), matrix, names(matrix))
    assert str(none.value) == (
        f"survey: found 'none of 40 answers', expected answers with and without the outcome. {remedy}"
    )
    with pytest.raises(DataError) as every:
        fit_logit(np.ones(40), matrix, names(matrix))
    assert str(every.value) == f"survey: found 'all 40', expected answers with and without the outcome. {remedy}"


def test_separation_is_refused_and_the_guilty_column_named():
    matrix, score, _, _ = sample(n=60)
    matrix[:, 2] = np.round(score)
    with pytest.raises(DataError) as refused:
        fit_logit((np.round(score) > 0).astype(float), matrix, names(matrix))
    assert str(refused.value) == (
        "survey, column 'c2': expected ratings that overlap between answers with and without the outcome. "
        "Leave touchpoints out or take more answers: no finite effect fits these ratings."
    )


def test_quasi_separation_is_refused():
    matrix, score, _, _ = sample(n=60)
    outcome = (score > 0).astype(float)
    matrix[:, 3] = (outcome == 0) & (np.arange(60) % 2 == 0)
    with pytest.raises(DataError, match="column 'c3'"):
        fit_logit(outcome, matrix, names(matrix))


def test_a_strong_effect_without_separation_is_no_separation():
    rng = np.random.default_rng(0)
    matrix = np.column_stack([np.ones(2000), rng.normal(scale=4, size=2000)])
    outcome = (rng.random(2000) < 1 / (1 + np.exp(-4 * matrix[:, 1]))).astype(float)
    fit = fit_logit(outcome, matrix, ["constant", "x"])
    assert fit.params[1] == pytest.approx(4, abs=1.5)


def test_wald_table_uses_t_for_linear_fits():
    """t₂₃ at 97.5 % is 2.068658 (tables)."""
    row = wald_table(np.array([1.0]), np.array([0.5]), 23, 0.95).iloc[0]
    assert row["conf_high"] == pytest.approx(1 + 0.5 * 2.068658, abs=1e-6)
    assert row["p_value"] == pytest.approx(0.0574, abs=1e-4)
    assert np.isnan(wald_table(np.array([0.0]), np.array([0.0]), 23, 0.95)["p_value"][0])
    normal = wald_table(np.array([-1.0]), np.array([0.5]), np.inf, 0.9).iloc[0]
    assert (normal["conf_low"], normal["conf_high"]) == pytest.approx((-1.8224268, -0.1775732), abs=1e-7)
    assert normal["p_value"] == pytest.approx(0.0455003, abs=1e-7)


def test_inputs_stay_as_they_were():
    matrix, score, weights, clusters = sample(n=80)
    before = [array.copy() for array in (matrix, score, weights, clusters)]
    fit_linear(score, matrix, names(matrix), weights, clusters)
    fit_logit((score > 0).astype(float), matrix, names(matrix), weights, clusters)
    assert all((now == then).all() for now, then in zip((matrix, score, weights, clusters), before, strict=True))
