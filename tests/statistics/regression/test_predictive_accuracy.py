"""Accuracy of predictions against scikit-learn, its errors against the bootstrap of customers."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor
from sklearn.metrics import d2_tweedie_score, r2_score, roc_auc_score

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.estimates.resampling import fold_of
from tpm_widgets.statistics.regression.counts import fit_negative_binomial, fit_poisson
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit
from tpm_widgets.statistics.regression.pairwise import fit_pairwise
from tpm_widgets.statistics.regression.prediction import (
    area_under_curve,
    deviance_explained,
    out_of_fold,
    refitted,
    refitted_pairwise,
    variance_explained,
)

EXACT = 1e-10
N = 400
NAMES = ("constant", "a", "b", "c")


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    clusters = rng.integers(0, 250, N)
    mood = rng.normal(size=250)[clusters]
    columns = rng.normal(size=(N, 3))
    return {
        "matrix": np.column_stack([np.ones(N), columns]),
        "linear": columns @ [1, 0.5, 0] + mood,
        "exposure": rng.uniform(0.5, 2, N),
        "logit": (rng.random(N) < expit(columns @ [1, 0.5, 0] + mood)).astype(float),
        "counts": rng.poisson(np.exp(columns @ [0.5, 0.3, 0] - 0.5)).astype(float),
        "weights": rng.uniform(0.5, 2, N),
        "clusters": np.unique(clusters, return_inverse=True)[1],
    }


def by_hand(data, outcome, model):
    """Out-of-fold predictions by scikit-learn on the same folds."""
    folds = fold_of(data["clusters"], 5, 1)
    columns = data["matrix"][:, 1:]
    predicted = np.empty(N)
    for fold in range(5):
        own = folds == fold
        model.fit(columns[~own], outcome[~own], sample_weight=data["weights"][~own])
        predicted[own] = model.predict_proba(columns[own])[:, 1] if hasattr(model, "predict_proba") else model.predict(
            columns[own]
        )  # fmt: skip
    return predicted


def test_folds_never_part_a_customer(data):
    folds = fold_of(data["clusters"], 5, 1)
    assert all(len(set(folds[data["clusters"] == one])) == 1 for one in np.unique(data["clusters"]))
    assert sorted(set(folds)) == [0, 1, 2, 3, 4]
    assert fold_of(np.array([1, 2]), 10, 1).tolist() in ([0, 1], [1, 0])


def test_r_squared_as_scikit_learn(data):
    fit = fit_linear(data["linear"], data["matrix"], NAMES, data["weights"], data["clusters"])
    predicted = out_of_fold(refitted(fit, data["linear"], data["matrix"]), fold_of(data["clusters"], 5, 1))
    expected = by_hand(data, data["linear"], LinearRegression())
    assert predicted == pytest.approx(expected, abs=EXACT)
    found = variance_explained(data["linear"], predicted, data["weights"], data["clusters"], 0.95)
    assert found.estimate == pytest.approx(r2_score(data["linear"], expected, sample_weight=data["weights"]), abs=EXACT)
    assert found.n == N


def test_auc_as_scikit_learn(data):
    fit = fit_logit(data["logit"], data["matrix"], NAMES, data["weights"], data["clusters"])
    predicted = out_of_fold(refitted(fit, data["logit"], data["matrix"]), fold_of(data["clusters"], 5, 1))
    expected = by_hand(data, data["logit"], LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cholesky"))
    assert predicted == pytest.approx(expected, abs=1e-7)
    found = area_under_curve(data["logit"], predicted, data["weights"], data["clusters"], 0.95)
    assert found.estimate == pytest.approx(
        roc_auc_score(data["logit"], expected, sample_weight=data["weights"]), abs=EXACT
    )


def test_deviance_as_scikit_learn(data):
    ones = np.ones(N)
    fit = fit_poisson(data["counts"], data["matrix"], NAMES, data["weights"], data["clusters"], ones)
    predicted = out_of_fold(refitted(fit, data["counts"], data["matrix"]), fold_of(data["clusters"], 5, 1))
    expected = by_hand(
        data, data["counts"], PoissonRegressor(alpha=0, tol=1e-10, max_iter=1000, solver="newton-cholesky")
    )
    assert predicted == pytest.approx(expected, rel=1e-6)
    found = deviance_explained(data["counts"], predicted, ones, data["weights"], data["clusters"], 0.95)
    score = d2_tweedie_score(data["counts"], expected, sample_weight=data["weights"], power=1)
    assert found.estimate == pytest.approx(score, abs=1e-7)


def test_counts_are_predicted_for_their_exposure(data):
    for make in (fit_poisson, fit_negative_binomial):
        fit = make(data["counts"], data["matrix"], NAMES, data["weights"], data["clusters"], data["exposure"])
        everybody = np.arange(N)
        found = refitted(fit, data["counts"], data["matrix"])(everybody, everybody)
        assert found == pytest.approx(data["exposure"] * fit.predict(data["matrix"]), rel=1e-6)


def test_an_ordered_logit_predicts_scores(data):
    scores = np.clip(np.round(data["linear"]), -2, 2)
    fit = fit_ordered_logit(scores, data["matrix"], NAMES, data["weights"], data["clusters"])
    everybody = np.arange(N)
    found = refitted(fit, scores, data["matrix"])(everybody, everybody)
    assert found == pytest.approx(fit.predict(data["matrix"]), abs=1e-8)


@pytest.mark.parametrize("measure", ["variance", "area"])
def test_errors_agree_with_the_bootstrap_of_customers(data, measure):
    """The reach of the interval against the spread of 2,000 resamples of customers; Monte-Carlo error 1.6 %."""
    observed = data["linear" if measure == "variance" else "logit"]
    predicted = data["matrix"][:, 1] + 0.3 * data["matrix"][:, 3]
    how = variance_explained if measure == "variance" else area_under_curve
    found = how(observed, predicted, data["weights"], data["clusters"], 0.95)
    rng = np.random.default_rng(1)
    people = data["clusters"].max() + 1
    drawn = []
    for _ in range(2000):
        weights = data["weights"] * np.bincount(rng.integers(0, people, people), minlength=people)[data["clusters"]]
        drawn.append(how(observed, predicted, weights, data["clusters"], 0.95).estimate)
    reach = (found.conf_high - found.conf_low) / 2
    assert reach == pytest.approx(1.96 * np.std(drawn), rel=0.1)


def test_what_cannot_be_measured_is_missing():
    ones, clusters = np.ones(4), np.arange(4)
    assert np.isnan(variance_explained(ones, ones, ones, clusters, 0.95).estimate)
    assert np.isnan(area_under_curve(ones, ones, ones, clusters, 0.95).estimate)
    whole = area_under_curve(np.array([0.0, 0, 1, 1]), np.arange(4.0), ones, clusters, 0.95)
    assert whole.estimate == 1 and np.isnan(whole.conf_low)
    ends = area_under_curve(np.array([1.0, 1, 0, 0]), np.arange(4.0), ones, clusters, 0.95)
    assert ends.estimate == 0 and np.isnan(ends.conf_high) and ends.n == 4
    missing = np.array([np.nan, 1, 2, 3])
    assert area_under_curve(np.array([0.0, 0, 1, 1]), missing, ones, clusters, 0.95).n == 4
    assert variance_explained(np.arange(4.0), missing, ones, clusters, 0.95).n == 4
    assert np.isnan(variance_explained(np.arange(4.0), missing, ones, clusters, 0.95).estimate)
    assert np.isnan(area_under_curve(np.array([0.0, 0, 1, 1]), missing, ones, clusters, 0.95).estimate)


def test_delongs_error_by_hand():
    """Cases at 0.8 and 0.3, controls at 0.1 and 0.4: placements 1 and 1/2, 0 and 1/2 around an area of 3/4."""
    y, p = np.array([0.0, 1, 0, 1]), np.array([0.1, 0.8, 0.4, 0.3])
    found = area_under_curve(y, p, np.ones(4), np.arange(4), 0.9)
    error = np.sqrt(2 * (0.25 / 2) ** 2 + 2 * (0.25 / 2) ** 2) / (0.75 * 0.25)
    ends = expit(np.log(3) + 1.6448536 * error * np.array([-1, 1]))
    assert (found.conf_low, found.conf_high) == pytest.approx(tuple(ends), abs=1e-7)
    # two persons with a case and a control each: their parts are added before they are squared
    pairs = area_under_curve(y, p, np.ones(4), np.array([0, 0, 1, 1]), 0.9)
    together = np.sqrt((0.125 + 0.125) ** 2 + (-0.125 - 0.125) ** 2) / (0.75 * 0.25)
    assert pairs.conf_low == pytest.approx(expit(np.log(3) - 1.6448536 * together), abs=1e-7)


def test_explained_shares_by_hand():
    """1 − 1/5; each answer moves the ratio 0.2 by (left − 0.2·total)/5."""
    y, predicted = np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 3])
    left, total = np.array([0, 0, 0, 1]), np.array([2.25, 0.25, 0.25, 2.25])
    error = np.sqrt((((left - 0.2 * total) / 5) ** 2).sum())
    found = variance_explained(y, predicted, np.ones(4), np.arange(4), 0.9)
    assert (found.conf_low, found.conf_high) == pytest.approx((0.8 - 1.6448536 * error, 0.8 + 1.6448536 * error))
    one = variance_explained(y, predicted, np.ones(4), np.zeros(4, int), 0.9)
    assert one.conf_low == pytest.approx(0.8)  # of one person nothing is known but this
    weighted = variance_explained(y, predicted, np.array([1.0, 1, 1, 3]), np.arange(4), 0.9)
    again = variance_explained(np.append(y, [4, 4]), np.append(predicted, [3, 3]), np.ones(6),
                               np.array([0, 1, 2, 3, 3, 3]), 0.9)  # fmt: skip
    assert (weighted.estimate, weighted.conf_low) == pytest.approx((again.estimate, again.conf_low))


def test_the_deviance_by_hand_is_against_one_rate_per_unit_of_exposure():
    counts, exposure = np.array([0.0, 2, 4, 6]), np.array([1.0, 1, 2, 2])
    weights, clusters = np.ones(4), np.arange(4)
    # one rate for all, 2 per unit, explains nothing; the counts themselves explain everything
    same = deviance_explained(counts, 2 * exposure, exposure, weights, clusters, 0.95)
    assert same.estimate == pytest.approx(0)
    assert deviance_explained(counts, counts, exposure, weights, clusters, 0.95).estimate == pytest.approx(1)
    left = 2 * (0 - (0 - 1)) + 2 * (2 * np.log(2 / 2) - 0) + 2 * (4 * np.log(4 / 5) + 1) + 2 * (6 * np.log(6 / 4) - 2)
    total = 2 * 2 + 0 + 0 + 2 * (6 * np.log(6 / 4) - 2)
    found = deviance_explained(counts, np.array([1.0, 2, 5, 4]), exposure, weights, clusters, 0.95)
    assert found.estimate == pytest.approx(1 - left / total)


def test_parts_that_cannot_be_fitted_leave_all_predictions_missing():
    def predict(learn, own):
        if 0 in own:
            raise DataError([{"table": "survey", "expected": "more"}])
        return np.ones(len(own))

    assert np.isnan(out_of_fold(predict, np.array([0, 1, 0, 1]))).all()
    assert out_of_fold(lambda learn, own: own + 10.0 * len(learn), np.array([5, 7, 7])).tolist() == [20, 11, 12]


def test_columns_that_a_part_does_not_vary_in_do_no_harm(data):
    """A rare indicator is absent from the answers to learn from: those who have it are predicted without it."""
    matrix = np.column_stack([data["matrix"], np.arange(N) < 2])
    rest, own = np.arange(2, N), np.arange(20)
    names = (*NAMES, "rare")
    linear = fit_linear(data["linear"], matrix, names, data["weights"])
    found = refitted(linear, data["linear"], matrix)(rest, own)
    without = fit_linear(data["linear"][rest], data["matrix"][rest], NAMES, data["weights"][rest])
    assert found == pytest.approx(without.predict(data["matrix"][own]), abs=1e-8)
    scores = np.clip(np.round(data["linear"]), -2, 2)
    ordered = fit_ordered_logit(scores, matrix, names, data["weights"])
    found = refitted(ordered, scores, matrix)(rest, own)
    without = fit_ordered_logit(scores[rest], data["matrix"][rest], NAMES, data["weights"][rest])
    assert found == pytest.approx(without.predict(data["matrix"][own]), abs=1e-8)


def test_the_unit_of_weights_does_not_change_a_prediction(data):
    half, rest = np.arange(0, N, 2), np.arange(1, N, 2)
    for fitted, outcome in ((fit_linear, "linear"), (fit_logit, "logit"), (fit_poisson, "counts")):
        fits = [fitted(data[outcome], data["matrix"], NAMES, unit * data["weights"]) for unit in (1, 1e-140)]
        one, other = (refitted(fit, data[outcome], data["matrix"])(half, rest) for fit in fits)
        assert other == pytest.approx(one, rel=1e-6, abs=1e-9)


def test_pairwise_predictions_take_who_did_not_rate_for_average(data):
    centred = data["matrix"][:, 1:] - np.average(data["matrix"][:, 1:], axis=0)
    centred[::3, 1] = np.nan
    fit, _ = fit_pairwise(data["linear"], centred, NAMES, data["weights"], data["clusters"])
    everybody = np.arange(N)
    found = refitted_pairwise(fit, data["linear"], centred)(everybody, everybody)
    assert found == pytest.approx(fit.params[0] + np.where(np.isnan(centred), 0, centred) @ fit.params[1:], abs=1e-10)
    half = everybody[::2]
    part, _ = fit_pairwise(data["linear"][half], centred[half], NAMES, data["weights"][half], data["clusters"][half])
    found = refitted_pairwise(fit, data["linear"], centred)(half, np.array([1, 4]))
    assert found[0] == pytest.approx(part.params[0] + centred[1] @ part.params[1:], abs=1e-10)


def test_a_part_without_variation_predicts_its_own_value():
    outcome = np.array([0.0] * 5 + [1.0])
    matrix = np.column_stack([np.ones(6), [1.0, 2, 1, 2, 1, 2]])
    fit = fit_logit(np.array([0.0, 1, 1, 0, 0, 1]), matrix, ("constant", "a"))
    assert refitted(fit, outcome, matrix)(np.arange(5), np.array([5])).tolist() == [0.0]
