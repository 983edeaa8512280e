"""Numbers of the checks by hand and by statsmodels, for every kind of model; units and weights must not matter."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import tpm_widgets as tpm
from tpm_widgets.strategy.trust import checks, halo
from tpm_widgets.strategy.trust.halo import Marker

NAMES = ["shop", "mail", "app"]
N = 150


def answers_of(**columns):
    rng = np.random.default_rng(3)
    ratings = pd.DataFrame(rng.integers(1, 6, (N, 3)).astype(float), columns=NAMES)
    score = 2 + 0.8 * ratings["shop"] + 0.6 * ratings["mail"] + rng.normal(scale=2, size=N)
    return ratings.assign(score=np.clip(np.round(score), 0, 10), **columns)


def drivers_of(outcome="recommend", **options):
    weight = "weight" if "weight" in options else None
    study = tpm.make_study(survey=answers_of(**options), recommend="score", touchpoints=NAMES, weight=weight)
    return tpm.driver_regression(study, outcome)


@pytest.fixture(scope="module")
def logit():
    return drivers_of("promoter")


@pytest.fixture(scope="module")
def counts():
    """Recommendations of customers who were followed for different times."""
    rng = np.random.default_rng(5)
    survey = answers_of(customer=[f"c{row}" for row in range(N)])
    survey["date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 600, N), unit="D")
    made = [(f"c{row}", survey["date"][row] + pd.Timedelta(days=int(day)))
            for row, count in enumerate(rng.poisson(np.exp(0.2 * survey["shop"])))
            for day in rng.integers(1, 60, count)]  # fmt: skip
    customers = pd.DataFrame({"customer": survey["customer"], "acquired": pd.Timestamp("2020-01-01")})
    study = tpm.make_study(
        survey=survey, recommend="score", touchpoints=NAMES, customer="customer", date="date", customers=customers,
        referrals=pd.DataFrame(made, columns=["referrer", "date"]), recording_start="2023-01-01",
        observed_until="2024-12-31",
    )  # fmt: skip
    return tpm.driver_regression(study, "referrals")


@pytest.mark.parametrize("kind", ["logit", "counts"])
def test_influence_is_a_newton_step_in_standard_errors(kind, request):
    """From the full estimate one step without each answer; the error is that of everybody's curvature."""
    drivers = request.getfixturevalue(kind)
    matrix, mean = drivers.design.matrix, checks.means(drivers)
    bend = mean * (1 - mean) if kind == "logit" else mean
    errors = np.sqrt(np.diag(np.linalg.inv((matrix * bend[:, None]).T @ matrix)))
    changes = []
    for row in range(N):
        rest = np.arange(N) != row
        inverse = np.linalg.inv((matrix[rest] * bend[rest, None]).T @ matrix[rest])
        changes.append(-inverse @ matrix[row] * (checks.seen(drivers) - mean)[row])
    places = [drivers.design.names.index(name) for name in NAMES]
    changes = np.array(changes)[:, places]
    largest = np.abs(changes).argmax(axis=0), np.arange(3)
    table = checks.influence(drivers)
    np.testing.assert_allclose(table["influence"], np.abs(changes[largest]) / errors[places], rtol=1e-8)
    np.testing.assert_allclose(table["estimate_without"], drivers.table["estimate"] + changes[largest], rtol=1e-8)


def test_the_unit_of_a_weight_is_of_no_consequence():
    rng = np.random.default_rng(4)
    weight = rng.uniform(0.5, 2, N)
    for outcome in ("recommend", "promoter"):
        once, more = (drivers_of(outcome, weight=weight * unit) for unit in (1, 10))
        for number in (checks.influence, lambda drivers: checks.collinearity(drivers).table):
            pd.testing.assert_frame_equal(number(once), number(more), rtol=1e-6)
        predicted = checks.means(once)
        pd.testing.assert_frame_equal(checks.calibration(once, predicted), checks.calibration(more, predicted))


def test_scores_and_curvatures_are_derivatives_of_the_log_likelihood(logit, counts):
    for drivers, family in ((logit, sm.families.Binomial()), (counts, sm.families.Poisson())):
        score, bend = checks.scores(drivers)
        exposure = checks.exposures(drivers)
        model = sm.GLM(checks.seen(drivers), drivers.design.matrix, family=family, exposure=exposure
                       if drivers.fit.kind == "log" else None)  # fmt: skip
        np.testing.assert_allclose(score, model.score_factor(drivers.fit.params), atol=1e-8)
        np.testing.assert_allclose(bend, model.hessian_factor(drivers.fit.params), rtol=1e-8)
    linear = drivers_of()
    score, bend = checks.scores(linear)
    np.testing.assert_allclose(score, linear.observed - checks.means(linear))
    assert (bend == 1).all()


def test_a_dispersed_count_weighs_less(counts):
    """Negative binomial of α: score (y − μ)/(1 + αμ), curvature μ/(1 + αμ)."""
    mean, seen = checks.means(counts), checks.seen(counts)
    wide = replace(counts, fit=replace(counts.fit, dispersion=0.5))
    score, bend = checks.scores(wide)
    np.testing.assert_allclose(score, (seen - mean) / (1 + 0.5 * mean))
    np.testing.assert_allclose(bend, mean / (1 + 0.5 * mean))
    expected = ((seen - mean) ** 2 / (mean * (1 + 0.5 * mean))).sum() / (counts.n - 4)
    assert checks.dispersion(wide) == pytest.approx(expected)


def test_dispersion_is_pearsons(counts):
    model = sm.GLM(
        checks.seen(counts), counts.design.matrix, family=sm.families.Poisson(), exposure=checks.exposures(counts)
    ).fit(tol=1e-12)
    assert checks.dispersion(counts) == pytest.approx(model.pearson_chi2 / model.df_resid, rel=1e-6)
    assert checks.exposures(drivers_of()).tolist() == [1.0] * N


def test_own_predictions_have_a_slope_of_1(logit):
    slope = checks.calibration_slope(logit, logit.fit.predict(logit.design.matrix))
    assert slope.estimate == pytest.approx(1, abs=1e-6)
    assert slope.conf_low < 1 < slope.conf_high
    shrunk = 1 / (1 + np.exp(-0.5 * logit.design.matrix @ logit.fit.params))
    assert checks.calibration_slope(logit, shrunk).estimate == pytest.approx(2, abs=1e-6)
    unknown = np.where(np.arange(N) == 3, np.nan, shrunk)
    for nothing in (unknown, np.full(N, 0.5)):
        found = checks.calibration_slope(logit, nothing)
        assert np.isnan([found.estimate, found.conf_low, found.conf_high]).all()
        assert found.n == N
    assert np.isnan(checks.calibration_slope(drivers_of(), shrunk).estimate)


def test_ten_groups_of_equal_weight_by_what_was_predicted():
    """By their prediction the first 75 answers weigh 2, the others 1: groups of 11 or 12, then of 22 or 23."""
    weight = np.where(np.arange(N) < 75, 2.0, 1.0)
    drivers = drivers_of(weight=weight)
    predicted = np.linspace(0, 1, N)
    table = checks.calibration(drivers, predicted)
    assert table["group"].tolist() == list(range(1, 11))
    assert table["n"].sum() == N
    assert table["n"][:6].between(11, 12).all() and table["n"][7:].between(22, 23).all()
    assert (np.diff(table["predicted"]) > 0).all()
    first = slice(0, table["n"][0])
    assert table["observed"][0] == pytest.approx(drivers.observed[first].mean())
    assert table["predicted"][0] == pytest.approx(predicted[first].mean())
    assert (table["conf_low"] < table["observed"]).all() and (table["observed"] < table["conf_high"]).all()
    assert checks.calibration(drivers, np.full(N, np.nan)).empty


def test_residuals_without_spread_are_not_tested():
    """A score that the ratings tell exactly leaves nothing whose spread could differ."""
    survey = answers_of()
    survey["score"] = survey["shop"] + survey["mail"]
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=NAMES)
    assert checks.heteroscedasticity(tpm.driver_regression(study)) is None
    assert checks.heteroscedasticity(drivers_of("promoter")) is None
    spread = checks.heteroscedasticity(drivers_of())
    assert spread.df == 3
    assert 0 < spread.p_value < 1


@pytest.mark.parametrize(("outcome", "measure"), [("recommend", "r_squared"), ("promoter", "auc")])
def test_the_level_of_the_accuracy_is_that_of_the_regression(outcome, measure):
    study = tpm.make_study(survey=answers_of(), recommend="score", touchpoints=NAMES)
    wide, narrow = (
        checks.accuracy(tpm.driver_regression(study, outcome, level=level), 3, 1).cross_validated
        for level in (0.95, 0.5)
    )
    assert checks.accuracy(tpm.driver_regression(study, outcome), 3, 1).measure == measure
    assert wide.estimate == narrow.estimate
    assert narrow.conf_high - narrow.conf_low < 0.5 * (wide.conf_high - wide.conf_low)


def test_first_order_changes_are_the_influences_of_whole_customers():
    """Two customers with two answers each; what one moves is left out of the error."""
    influence = np.array([[0.1], [0.2], [-0.1], [0.05]])
    fit = SimpleNamespace(clusters=np.array([7, 7, 3, 3]), influence=influence, cov=np.array([[0.25]]))
    changes, errors = checks._to_first_order(fit, [0])
    np.testing.assert_allclose(changes, [[0.05], [-0.3]])
    np.testing.assert_allclose(errors, np.sqrt([[0.25 - 0.0025], [0.25 - 0.09]]))
    alone = SimpleNamespace(clusters=np.array([1, 1]), influence=np.array([[0.3], [0.2]]), cov=np.array([[0.25]]))
    assert checks._to_first_order(alone, [0])[1][0, 0] == pytest.approx(np.sqrt(1e-9 * 0.25))


def test_what_the_ratings_add_to_the_marker_is_shared_out():
    """Net importance adds up to R² with the marker less that of the marker alone; gross importance to R²."""
    survey = answers_of()
    marker = survey["shop"] + np.random.default_rng(6).normal(size=N)
    drivers = drivers_of()
    table, reason = halo.net_of_halo(drivers, Marker(kind="own", by_answer=marker.to_numpy()))
    assert reason is None
    both = sm.OLS(survey["score"], sm.add_constant(survey[NAMES].assign(marker=marker))).fit(cov_type="HC3", use_t=True)
    alone = sm.OLS(survey["score"], sm.add_constant(marker.to_numpy())).fit()
    assert table["net_importance"].sum() == pytest.approx(both.rsquared - alone.rsquared)
    assert table["importance"].sum() == pytest.approx(drivers.r_squared)
    np.testing.assert_allclose(table[["net_low", "net_high"]], both.conf_int().loc[NAMES])
    np.testing.assert_allclose(table["estimate"], drivers.table["estimate"])
    np.testing.assert_allclose(table[["conf_low", "conf_high"]], drivers.table[["conf_low", "conf_high"]])
    assert table["n"].tolist() == [N] * 3


def test_a_marker_made_of_any_rating_identifies_nothing():
    survey, drivers = answers_of(), drivers_of()
    made = [2 * survey[name] + 1 for name in NAMES] + [survey[NAMES].mean(axis=1), survey["app"] * 0]
    for marker in made:
        table, reason = halo.net_of_halo(drivers, Marker(kind="own", by_answer=marker.to_numpy(float)))
        assert table is None
        assert str(reason) == "it does not vary, or is made of the ratings"


def test_inflation_of_two_ratings_that_go_together():
    """r of .6 between two ratings: 1/(1 − r²) for both, 1 for a third that goes with neither."""
    rng = np.random.default_rng(7)
    block = np.array([[1, 1], [1, 1], [1, 1], [1, 1], [1, 5], [5, 1], [5, 5], [5, 5], [5, 5], [5, 5]] * 2, dtype=float)
    survey = pd.DataFrame(block, columns=["shop", "mail"]).assign(app=np.repeat([2.0, 4.0], 10))
    survey["score"] = rng.integers(0, 11, 20)
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=NAMES)
    found = checks.collinearity(tpm.driver_regression(study))
    np.testing.assert_allclose(found.table["vif"], [1 / 0.64, 1 / 0.64, 1])
    np.testing.assert_allclose(found.table["gvif"], found.table["vif"])
    assert found.condition == pytest.approx(2)  # √(1.6/.4)
