"""Poisson and negative binomial regression against R 4.2.2 (glm, MASS::glm.nb), statsmodels, and by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.counts import NegativeBinomial, fit_negative_binomial, fit_poisson

GOLDEN = Path(__file__).parents[2] / "golden"
GLM = json.loads((GOLDEN / "glm.json").read_text())
R_POISSON = 1e-9
# R stops IRLS where the deviance changes by less than 1e-8 of itself, and its errors are those of the step before.
STOPPED = 5e-6
R_NEGBIN = 1e-7  # glm.nb goes to and fro between β and θ until the deviance changes by less than 1e-8 of itself
EXACT = 1e-9  # the same maximum, found by another optimiser


def quine():
    data = pd.read_csv(GOLDEN / "quine.csv")
    columns = {
        "SexM": data["Sex"] == "M",
        **{f"Age{age}": data["Age"] == age for age in ("F1", "F2", "F3")},
        "EthN": data["Eth"] == "N",
        "LrnSL": data["Lrn"] == "SL",
    }
    matrix = np.column_stack([np.ones(len(data)), *columns.values()]).astype(float)
    return data["Days"].to_numpy(float), matrix, ["constant", *columns]


def sample(seed=1, n=400, k=3, spread=0.8):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, k))])
    exposure = rng.uniform(0.1, 2, n)
    mean = exposure * np.exp(matrix @ np.append(0.4, rng.normal(scale=0.3, size=k)))
    counts = rng.poisson(mean * rng.gamma(1 / spread, spread, n)).astype(float)
    names = ["constant", *(f"c{j}" for j in range(k))]
    return counts, matrix, names, rng.uniform(0.3, 3, n), rng.integers(0, n // 2, n), exposure


def test_poisson_as_r():
    days, matrix, names = quine()
    fit = fit_poisson(days, matrix, names)
    assert fit.params == pytest.approx([row["Estimate"] for row in GLM["poisson"]["tab"]], abs=R_POISSON)
    mean = fit.predict(matrix)
    errors = np.sqrt(np.diag(np.linalg.inv((matrix * mean[:, None]).T @ matrix)))  # those of R take Poisson for true
    assert errors == pytest.approx([row["Std. Error"] for row in GLM["poisson"]["tab"]], rel=STOPPED)
    deviance = 2 * np.sum(np.where(days > 0, days * np.log(np.maximum(days, 1) / mean), 0) - (days - mean))
    assert deviance == pytest.approx(GLM["poisson"]["deviance"], abs=1e-8)


def test_negative_binomial_as_r():
    days, matrix, names = quine()
    fit = fit_negative_binomial(days, matrix, names)
    assert fit.params == pytest.approx([row["Estimate"] for row in GLM["negbin"]["tab"]], abs=R_NEGBIN)
    theta = 1 / fit.dispersion
    assert theta == pytest.approx(GLM["negbin"]["theta"], abs=R_NEGBIN)
    mean = fit.predict(matrix)
    errors = np.sqrt(np.diag(np.linalg.inv((matrix * (mean / (1 + fit.dispersion * mean))[:, None]).T @ matrix)))
    assert errors == pytest.approx([row["Std. Error"] for row in GLM["negbin"]["tab"]], abs=R_NEGBIN)
    likelihood = nbinom.logpmf(days, theta, theta / (theta + mean)).sum()
    assert likelihood == pytest.approx(GLM["negbin"]["logLik"], abs=1e-8)


def test_poisson_with_exposure_as_statsmodels():
    """Its sandwich has no factor, ours n/(n − k)."""
    counts, matrix, names, _, _, exposure = sample()
    fit = fit_poisson(counts, matrix, names, exposure=exposure)
    other = sm.GLM(counts, matrix, family=sm.families.Poisson(), offset=np.log(exposure)).fit(tol=1e-12, cov_type="HC0")
    assert fit.params == pytest.approx(other.params, abs=EXACT)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(other.bse * np.sqrt(400 / 396), rel=1e-8)


def test_negative_binomial_with_exposure_and_clusters_as_statsmodels():
    counts, matrix, names, _, clusters, exposure = sample()
    fit = fit_negative_binomial(counts, matrix, names, None, clusters, exposure)
    other = sm.NegativeBinomial(counts, matrix, exposure=exposure).fit(
        start_params=[*fit.params, fit.dispersion],
        method="newton",
        disp=0,
        tol=1e-14,
        cov_type="cluster",
        cov_kwds={"groups": clusters},
    )
    assert fit.params == pytest.approx(other.params[:-1], abs=EXACT)
    assert fit.dispersion == pytest.approx(other.params[-1], abs=EXACT)
    fewer = np.sqrt(394 / 395)  # statsmodels counts α among the k of (n − 1)/(n − k)
    assert np.sqrt(np.diag(fit.cov)) == pytest.approx(other.bse[:-1] * fewer, rel=1e-5)


@pytest.mark.parametrize("fitted", [fit_poisson, fit_negative_binomial])
def test_weight_two_is_two_copies_of_one_customer(fitted):
    counts, matrix, names, _, _, exposure = sample(n=150)
    weights = np.tile([1.0, 2.0, 3.0], 50)
    copies = np.repeat(np.arange(150), weights.astype(int))
    weighted = fitted(counts, matrix, names, weights, None, exposure)
    copied = fitted(counts[copies], matrix[copies], names, None, copies, exposure[copies])
    assert weighted.params == pytest.approx(copied.params, rel=1e-8)
    assert weighted.dispersion == pytest.approx(copied.dispersion, rel=1e-8)
    if fitted is fit_poisson:
        assert np.sqrt(np.diag(weighted.cov)) == pytest.approx(np.sqrt(np.diag(copied.cov)), rel=0.05)  # CR2 there
        return
    small_sample = (149 / (150 - 4)) / ((len(copies) - 1) / (len(copies) - 4))
    assert weighted.cov == pytest.approx(copied.cov * small_sample, rel=1e-6)


@pytest.mark.parametrize("fitted", [fit_poisson, fit_negative_binomial])
def test_average_effect_has_the_gradient_that_differences_give(fitted):
    counts, matrix, names, weights, clusters, exposure = sample()
    fit = fitted(counts, matrix, names, weights, clusters, exposure)
    effect, gradient = fit.average_effect(2, matrix, fit.mass)
    step = 1e-6

    def slope(params):
        return params[2] * np.average(np.exp(matrix @ params), weights=weights * exposure)

    assert effect == pytest.approx(slope(fit.params), abs=1e-12)
    for place, move in enumerate(np.eye(4) * step):
        assert gradient[place] == pytest.approx(
            (slope(fit.params + move) - slope(fit.params - move)) / (2 * step), abs=1e-7
        )


@given(st.integers(0, 10**6), st.floats(0.01, 100))
@settings(max_examples=15)
def test_only_the_proportions_of_weights_count_and_the_unit_of_time_only_for_the_constant(seed, factor):
    counts, matrix, names, weights, clusters, exposure = sample(seed, n=120, k=2)
    for fitted in (fit_poisson, fit_negative_binomial):
        first = fitted(counts, matrix, names, weights, clusters, exposure)
        second = fitted(counts, matrix, names, weights * factor, clusters, exposure * 12)
        assert second.params[1:] == pytest.approx(first.params[1:], rel=1e-6, abs=1e-8)
        assert second.params[0] == pytest.approx(first.params[0] - np.log(12), rel=1e-6, abs=1e-8)
        assert second.cov == pytest.approx(first.cov, rel=1e-5, abs=1e-9)
        assert second.dispersion == pytest.approx(first.dispersion, rel=1e-5, abs=1e-8)


def test_counts_that_vary_less_than_chance_have_no_dispersion():
    _, matrix, names, weights, clusters, exposure = sample()
    even = np.round(exposure + 1)
    fit = fit_negative_binomial(even, matrix, names, weights, clusters, exposure)
    plain = fit_poisson(even, matrix, names, weights, clusters, exposure)
    assert fit.dispersion == 0
    assert (fit.params == plain.params).all()
    assert (fit.cov == plain.cov).all()


@pytest.mark.parametrize("alpha", [1e-6, 1e-3, 0.02, 0.5, 8.0])
def test_slopes_are_the_derivatives_of_the_distribution(alpha):
    """Against scipy's negative binomial, differentiated numerically; also where α is almost 0."""
    counts, matrix, _, weights, _, exposure = sample(n=60)
    columns = matrix.T
    law = NegativeBinomial(counts, weights, np.log(exposure), np.array([np.log(alpha)]))
    at = np.append(np.log(alpha), [0.3, 0.1, -0.2, 0.4])
    found = law.slopes(at, columns)
    mean = exposure * np.exp(matrix @ at[1:])
    if alpha > 1e-4:  # below, scipy's own digits go
        expected = weights @ nbinom.logpmf(counts, 1 / alpha, 1 / (1 + alpha * mean))
        assert found.value == pytest.approx(expected, rel=1e-9)
    assert found.gradient == pytest.approx(law.scores(at, columns).sum(axis=0), rel=1e-9, abs=1e-12)
    for place, move in enumerate(np.eye(5) * 1e-4):
        high, low = law.slopes(at + move, columns), law.slopes(at - move, columns)
        assert found.gradient[place] == pytest.approx((high.value - low.value) / 2e-4, rel=1e-5, abs=1e-6)
        bent = -(law.scores(at + move, columns) - law.scores(at - move, columns)).sum(axis=0) / 2e-4
        if place:
            assert found.curvature[1:, place] == pytest.approx(bent[1:], rel=1e-5, abs=1e-6)
        elif found.curvature[0, 1:].any():  # log α is not taken apart where the Hessian is positive definite
            assert found.curvature[0] == pytest.approx(bent, rel=1e-5, abs=1e-6)


def test_at_the_maximum_the_curvature_is_that_of_all_parameters():
    """The errors rest on it: negative Hessian by differences of the scores, log α included."""
    counts, matrix, names, weights, clusters, exposure = sample()
    fit = fit_negative_binomial(counts, matrix, names, weights, clusters, exposure)
    at = np.append(np.log(fit.dispersion), fit.params)
    law = NegativeBinomial(counts, weights / weights.mean(), np.log(exposure), at[:1])
    found = law.slopes(at, matrix.T)
    assert found.gradient == pytest.approx(np.zeros(5), abs=1e-6)
    for place, move in enumerate(np.eye(5) * 1e-5):
        bent = -(law.scores(at + move, matrix.T) - law.scores(at - move, matrix.T)).sum(axis=0) / 2e-5
        assert found.curvature[place] == pytest.approx(bent, rel=1e-5, abs=1e-4)
    influence = law.scores(at, matrix.T) @ np.linalg.inv(found.curvature)
    summed = np.array([influence[clusters == one].sum(axis=0) for one in np.unique(clusters)])[:, 1:]
    groups = len(summed)
    expected = summed.T @ summed * groups / (groups - 1) * 399 / 396
    assert fit.cov == pytest.approx(expected, rel=1e-6)


def test_where_the_hessian_is_not_positive_definite_log_alpha_moves_by_one_at_most():
    counts, matrix, _, weights, _, exposure = sample(n=60)
    law = NegativeBinomial(counts, weights, np.log(exposure), np.array([0.0]))
    for at in ([-4.0, 0.4, 0, 0, 0], [4.0, 3, 0, 0, 0], [10.0, 3, 0, 0, 0]):
        found = law.slopes(np.array(at), matrix.T)
        assert (found.curvature[0, 1:] == 0).all() and (found.curvature[1:, 0] == 0).all()
        assert 0 < abs(found.gradient[0] / found.curvature[0, 0]) <= 1
        assert np.linalg.eigvalsh(found.curvature)[0] > 0


def test_no_data_have_a_dispersion_beyond_all_bounds():
    counts, matrix, _, weights, _, exposure = sample(n=60)
    law = NegativeBinomial(counts, weights, np.log(exposure), np.array([0.0]))
    for log in (50.1, -50.1):
        assert law.slopes(np.array([log, 0, 0, 0, 0]), matrix.T).value == -np.inf
    for log in (50.0, -50.0):
        assert np.isfinite(law.slopes(np.array([log, 0, 0, 0, 0]), matrix.T).value)


def test_coefficients_that_no_data_have_overflow_nothing():
    """Of η beyond 100 the mean's third power would be infinite; it is cut there."""
    counts, matrix, _, weights, _, exposure = sample(n=60)
    law = NegativeBinomial(counts, weights, np.log(exposure), np.array([0.0]))
    far, further = (law.slopes(np.array([0.0, constant, 0, 0, 0]), matrix.T) for constant in (200.0, 1000.0))
    assert np.isfinite(far.value) and np.isfinite(far.curvature).all()
    assert far.value == further.value


@pytest.mark.parametrize("fitted", [fit_poisson, fit_negative_binomial])
def test_weights_may_be_as_small_as_can_be(fitted):
    counts, matrix, names, weights, clusters, exposure = sample(n=150)
    first = fitted(counts, matrix, names, weights, clusters, exposure)
    tiny = fitted(counts, matrix, names, 1e-140 * weights, clusters, exposure)
    assert tiny.params == pytest.approx(first.params, rel=1e-7)
    assert tiny.cov == pytest.approx(first.cov, rel=1e-6)


def test_a_rate_is_the_count_per_unit_of_exposure_and_weighs_as_long_as_it_was_observed():
    counts, matrix, names, weights, clusters, exposure = sample()
    fit = fit_poisson(counts, matrix, names, weights, clusters, exposure)
    assert fit.mass == pytest.approx(weights * exposure)
    assert fit.predict(matrix) == pytest.approx(np.exp(matrix @ fit.params))
    # the constant makes observed and expected counts agree
    assert weights @ (exposure * fit.predict(matrix)) == pytest.approx(weights @ counts, rel=1e-8)
    assert (fit.df, fit.kind, fit.dispersion) == (len(set(clusters)) - 1, "log", 0)
    plain = fit_poisson(counts, matrix, names)
    assert plain.df == np.inf
    assert plain.clusters.tolist() == list(range(400)) and (plain.exposure == 1).all() and (plain.weights == 1).all()


def test_who_never_recommends_is_refused_by_name():
    counts, matrix, names, *_ = sample(n=80)
    matrix[:, 2] = counts == 0
    with pytest.raises(DataError) as refused:
        fit_poisson(counts, matrix, names)
    assert str(refused.value) == (
        "survey, column 'c1': expected ratings that overlap between answers with and without the outcome. "
        "Leave touchpoints out or take more answers: no finite effect fits these ratings."
    )


def test_nothing_counted_is_refused():
    _, matrix, names, *_ = sample(n=40)
    with pytest.raises(DataError) as refused:
        fit_negative_binomial(np.zeros(40), matrix, names)
    assert str(refused.value) == (
        "survey: found 'none of 40 answers', expected answers with and without the outcome. "
        "A longer period or window may bring some; until then nothing can be compared."
    )


def test_inputs_stay_as_they_were():
    arrays = sample(n=80)
    before = [np.copy(part) for part in arrays]
    fit_poisson(*arrays)
    fit_negative_binomial(*arrays)
    assert all((now == then).all() for now, then in zip(map(np.asarray, arrays), before, strict=True))
