"""The ordered logit against R 4.2.2 (MASS::polr, ordinal::clm), against statsmodels, and by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.linear_and_logit import fit_logit
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit

GOLDEN = Path(__file__).parents[2] / "golden"
HOUSING = json.loads((GOLDEN / "polr_housing.json").read_text())
CLM = 1e-9  # clm converges as far as ours
POLR = 3e-7  # polr stops where BFGS gains less than 1e-8 of the deviance
STATSMODELS = 1e-6  # its numerical Hessian


def housing():
    data = pd.read_csv(GOLDEN / "housing.csv")
    columns = {
        "InflMedium": data["Infl"] == "Medium",
        "InflHigh": data["Infl"] == "High",
        "TypeApartment": data["Type"] == "Apartment",
        "TypeAtrium": data["Type"] == "Atrium",
        "TypeTerrace": data["Type"] == "Terrace",
        "ContHigh": data["Cont"] == "High",
    }
    matrix = np.column_stack([np.ones(len(data)), *columns.values()]).astype(float)
    satisfied = data["Sat"].map({"Low": 0, "Medium": 1, "High": 2}).to_numpy(float)
    return satisfied, matrix, ["constant", *columns], data["Freq"].to_numpy(float)


def sample(seed=1, n=400, k=3):
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, k))])
    linear = matrix[:, 1:] @ rng.normal(scale=0.6, size=k) + rng.logistic(size=n)
    score = np.clip(np.round(6 + 1.5 * linear), 2, 10)
    return score, matrix, ["constant", *(f"c{j}" for j in range(k))], rng.uniform(0.3, 3, n), rng.integers(0, n // 2, n)


def test_as_r_polr_and_clm():
    satisfied, matrix, names, freq = housing()
    copies = np.repeat(np.arange(len(freq)), freq.astype(int))
    fit = fit_ordered_logit(satisfied[copies], matrix[copies], names)
    clm, errors = HOUSING["clm"]["coef"], HOUSING["clm"]["se"]
    cuts = ["Low|Medium", "Medium|High"]
    assert fit.params[1:] == pytest.approx([clm[name] for name in names[1:]], abs=CLM)
    assert fit.thresholds == pytest.approx([clm[cut] for cut in cuts], abs=CLM)
    expected = [errors[name] for name in [*names[1:], *cuts]]
    assert np.sqrt(np.diag(fit.joint))[1:] == pytest.approx(expected, abs=CLM)
    polr = HOUSING["polr"]
    assert fit.params[1:] == pytest.approx([polr["coef"][name] for name in names[1:]], abs=POLR)
    assert fit.thresholds == pytest.approx([polr["zeta"][cut] for cut in cuts], abs=POLR)
    table = {row["_row"]: row["Std. Error"] for row in polr["coef_table"]}
    assert np.sqrt(np.diag(fit.cov))[1:] == pytest.approx([table[name] for name in names[1:]], abs=POLR)
    assert (fit.n, fit.params[0], fit.cov[0, 0]) == (polr["n"], 0, 0)


def test_frequencies_as_weights_give_the_same_estimates():
    satisfied, matrix, names, freq = housing()
    fit = fit_ordered_logit(satisfied, matrix, names, freq)
    assert fit.params[1:] == pytest.approx([HOUSING["clm"]["coef"][name] for name in names[1:]], abs=CLM)


def test_as_statsmodels():
    score, matrix, names, *_ = sample()
    fit = fit_ordered_logit(score, matrix, names)
    other = OrderedModel(score, matrix[:, 1:], distr="logit").fit(method="bfgs", disp=0, gtol=1e-7, maxiter=2000)
    assert fit.params[1:] == pytest.approx(other.params[:3], abs=STATSMODELS)
    assert np.sqrt(np.diag(fit.cov))[1:] == pytest.approx(other.bse[:3], rel=1e-4)
    chances = other.model.predict(other.params, exog=matrix[:, 1:])
    assert fit.predict(matrix) == pytest.approx(chances @ fit.levels, abs=1e-4)


def test_two_levels_are_a_logit():
    score, matrix, names, weights, _ = sample()
    outcome = (score > 6).astype(float)
    fit = fit_ordered_logit(outcome, matrix, names, weights)
    logit = fit_logit(outcome, matrix, names, weights)
    assert fit.params[1:] == pytest.approx(logit.params[1:], rel=1e-8)
    assert fit.thresholds == pytest.approx(-logit.params[:1], rel=1e-8)
    assert fit.cov[1:, 1:] == pytest.approx(logit.cov[1:, 1:], rel=1e-7)
    assert fit.influence[:, 1:] == pytest.approx(logit.influence[:, 1:], rel=1e-6, abs=1e-9)
    mine, own = fit.average_effect(2, matrix, weights)
    theirs, other = logit.average_effect(2, matrix, weights)
    assert mine == pytest.approx(theirs, rel=1e-8)
    assert fit.std_error(own) == pytest.approx(logit.std_error(other), rel=1e-7)


def test_weighted_clustered_errors_by_hand():
    """The sandwich from numerical scores: A⁻¹ (Σ_g s_g s_g′) A⁻¹ · G/(G−1) · (n−1)/(n−k), k parameters in all."""
    score, matrix, names, weights, clusters = sample(n=150)
    fit = fit_ordered_logit(score, matrix, names, weights, clusters)
    levels, category = np.unique(score, return_inverse=True)
    m = len(levels) - 1

    def each(parameters):
        edges = np.concatenate([[-np.inf], parameters[3:], [np.inf]])
        linear = matrix[:, 1:] @ parameters[:3]
        below = 1 / (1 + np.exp(-np.clip(edges[category + 1] - linear, -700, 700)))
        return weights * np.log(below - 1 / (1 + np.exp(-np.clip(edges[category] - linear, -700, 700))))

    at, step = np.append(fit.params[1:], fit.thresholds), 1e-5
    moves = np.eye(3 + m) * step
    scores = np.column_stack([(each(at + move) - each(at - move)) / (2 * step) for move in moves])
    information = -np.array(
        [
            [
                (each(at + a + b) - each(at + a - b) - each(at - a + b) + each(at - a - b)).sum() / (4 * step**2)
                for a in moves
            ]
            for b in moves
        ]
    )
    summed = np.array([scores[clusters == customer].sum(axis=0) for customer in np.unique(clusters)])
    bread, count = np.linalg.inv(information), len(summed)
    expected = bread @ summed.T @ summed @ bread * count / (count - 1) * 149 / (150 - 3 - m)
    assert np.sqrt(np.diag(fit.joint)[1:]) == pytest.approx(np.sqrt(np.diag(expected)), rel=1e-3)


@pytest.mark.parametrize("clustered", [False, True])
def test_equal_weights_are_none_and_other_ones_need_the_sandwich(clustered):
    """With equal weights and single answers the errors are the inverse information, as without any."""
    score, matrix, names, weights, clusters = sample()
    clusters = clusters if clustered else None
    plain = fit_ordered_logit(score, matrix, names, None, clusters)
    equal = fit_ordered_logit(score, matrix, names, np.full(400, 2.5), clusters)
    assert equal.joint == pytest.approx(plain.joint, rel=1e-8, abs=1e-14)
    assert equal.influence == pytest.approx(plain.influence, rel=1e-6, abs=1e-12)
    weighted = fit_ordered_logit(score, matrix, names, weights, clusters)
    units = np.arange(400) if clusters is None else clusters
    summed = np.array([weighted.influence[units == unit].sum(axis=0) for unit in np.unique(units)])
    assert weighted.cov == pytest.approx(summed.T @ summed, rel=1e-9, abs=1e-15)  # the sandwich
    assert plain.cov != pytest.approx(weighted.cov, rel=1e-3)


def test_weights_may_be_as_small_as_can_be():
    score, matrix, names, weights, clusters = sample(n=150)
    for units in (clusters, None):
        first, tiny = (fit_ordered_logit(score, matrix, names, unit * weights, units) for unit in (1, 1e-140))
        assert tiny.params == pytest.approx(first.params, rel=1e-8)
        assert tiny.joint == pytest.approx(first.joint, rel=1e-7, abs=1e-14)


def test_with_weights_alone_or_without_errors_are_those_of_a_logit():
    score, matrix, names, weights, _ = sample()
    outcome = (score > 6).astype(float)
    for own in ({"weights": weights}, {}):
        fit, logit = (how(outcome, matrix, names, **own) for how in (fit_ordered_logit, fit_logit))
        assert fit.cov[1:, 1:] == pytest.approx(logit.cov[1:, 1:], rel=1e-7)
        assert fit.joint[-1, -1] == pytest.approx(logit.cov[0, 0], rel=1e-7)


def test_average_effect_has_the_gradient_that_differences_give():
    score, matrix, names, weights, _ = sample()
    fit = fit_ordered_logit(score, matrix, names, weights)
    effect, gradient = fit.average_effect(2, matrix, weights)
    step = 1e-6

    def slope(parameters):
        above = 1 / (1 + np.exp(parameters[4:] - (matrix @ parameters[:4])[:, None]))
        return parameters[2] * np.average((above * (1 - above)) @ np.diff(fit.levels), weights=weights)

    at = np.append(fit.params, fit.thresholds)
    assert effect == pytest.approx(slope(at), abs=1e-12)
    for place, move in enumerate(np.eye(len(at)) * step):
        assert gradient[place] == pytest.approx((slope(at + move) - slope(at - move)) / (2 * step), abs=1e-7)
    moved = matrix + np.array([0, 0, step, 0])
    assert effect == pytest.approx(
        np.average(fit.predict(moved) - fit.predict(matrix), weights=weights) / step, rel=1e-5
    )


@given(st.integers(0, 10**6), st.floats(0.01, 100))
@settings(max_examples=15)
def test_only_the_order_of_scores_and_the_proportions_of_weights_count(seed, factor):
    score, matrix, names, weights, clusters = sample(seed, n=80, k=2)
    first = fit_ordered_logit(score, matrix, names, weights, clusters)
    second = fit_ordered_logit(score**3, matrix, names, weights * factor, clusters)
    assert second.params == pytest.approx(first.params, rel=1e-6, abs=1e-8)
    assert second.joint == pytest.approx(first.joint, rel=1e-5, abs=1e-9)
    assert (np.diff(first.thresholds) > 0).all()


def test_low_and_high_told_apart_without_error_are_refused_by_name():
    score, matrix, names, *_ = sample(n=90)
    matrix[:, 2] = np.round(score / 3)
    with pytest.raises(DataError) as refused:
        fit_ordered_logit(np.round(score / 3), matrix, names)
    assert str(refused.value) == (
        "survey, column 'c1': expected ratings that overlap between answers with low and with high scores. "
        "Leave touchpoints out or take more answers: no finite effect fits these ratings."
    )


def test_too_many_scores_are_refused():
    _, matrix, names, *_ = sample(n=90)
    with pytest.raises(DataError) as refused:
        fit_ordered_logit(np.arange(90.0), matrix, names)
    assert str(refused.value) == (
        'survey: expected at most 20 different scores for an ordered logit; here 90. Choose model="ols".'
    )


def test_twenty_scores_are_not_too_many():
    _, matrix, names, *_ = sample(n=400)
    fit = fit_ordered_logit(np.arange(400.0) % 20, matrix, names)
    assert (len(fit.levels), len(fit.thresholds)) == (20, 19)
    with pytest.raises(DataError) as refused:
        fit_ordered_logit(np.arange(400.0) % 21, matrix, names)
    assert str(refused.value).startswith("survey: expected at most 20 different scores for an ordered logit; here 21.")


def test_one_answer_more_than_coefficients_and_thresholds_is_enough():
    """Seven thresholds and three coefficients."""
    _, matrix, names, *_ = sample(n=90)
    with pytest.raises(DataError) as refused:
        fit_ordered_logit(np.arange(10.0) % 8, matrix[:10], names)
    assert str(refused.value) == (
        "survey: expected more answers than coefficients and thresholds; here 10 and 10. "
        'Take more answers, or choose model="ols".'
    )
    assert len(fit_ordered_logit(np.arange(11.0) % 8, matrix[:11], names).thresholds) == 7


def test_too_few_answers_are_refused():
    _, matrix, names, *_ = sample(n=90)
    with pytest.raises(DataError) as refused:
        fit_ordered_logit(np.append(np.arange(8.0), 0), matrix[:9], names)
    assert str(refused.value) == (
        "survey: expected more answers than coefficients and thresholds; here 9 and 10. "
        'Take more answers, or choose model="ols".'
    )


def test_inputs_stay_as_they_were():
    arrays = sample(n=80)
    before = [np.copy(part) for part in arrays]
    fit_ordered_logit(*arrays)
    assert all((now == then).all() for now, then in zip(map(np.asarray, arrays), before, strict=True))
