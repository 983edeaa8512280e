"""McFadden's R² of subsets against statsmodels, MASS::polr and glm (R 4.2.2)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import approx_fprime
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tpm_widgets.statistics.importance.subset_mcfadden import NoFiniteFitError, subset_mcfadden
from tpm_widgets.statistics.regression.likelihoods import likelihood, ordered

GOLDEN = Path(__file__).parents[2] / "golden"
SHARED = Path(__file__).parents[3].parent / "shared" / "golden"
CONVERGED = 1e-8  # what the other optimisers leave


def sample(model, n=400):
    rng = np.random.default_rng(2)
    columns = rng.normal(size=(n, 4)) + 0.5 * rng.normal(size=(n, 1))
    linear = columns @ [0.8, 0.3, 0.0, -0.4] + rng.logistic(size=n)
    outcome = {
        "logit": (linear > 0).astype(float),
        "ordered": np.clip(np.round(linear + 4), 0, 8),
        "poisson": rng.poisson(np.exp(0.3 * linear)).astype(float),
    }[model]
    return columns, outcome


def reference(model, columns, outcome):
    if model == "logit":
        fit = sm.Logit(outcome, sm.add_constant(columns)).fit(disp=0, tol=1e-12)
    elif model == "poisson":
        fit = sm.Poisson(outcome, sm.add_constant(columns)).fit(disp=0, tol=1e-12)
    else:
        fit = OrderedModel(outcome, columns, distr="logit").fit(method="bfgs", disp=0, gtol=1e-8, maxiter=1000)
    return 1 - fit.llf / fit.llnull


@pytest.mark.parametrize("model", ["logit", "ordered", "poisson"])
@pytest.mark.filterwarnings("ignore")  # of statsmodels' optimisers
def test_every_subset_as_statsmodels(model):
    columns, outcome = sample(model)
    fits = subset_mcfadden(columns, outcome, np.ones(400), [[0], [1, 2], [3]], (), model).gains
    members = [[0], [1, 2], [3]]
    assert fits[0] == 0
    for subset in range(1, 8):
        used = [column for player in range(3) if subset >> player & 1 for column in members[player]]
        assert fits[subset] == pytest.approx(reference(model, columns[:, used], outcome), abs=CONVERGED)


@pytest.mark.parametrize("model", ["logit", "ordered", "poisson"])
def test_gradient_and_curvature_are_the_derivatives(model):
    columns, outcome = sample(model, 60)
    weights = np.random.default_rng(1).uniform(0.5, 2, 60)
    law = likelihood(model, outcome, weights)
    parameters = np.append(law.start, [0.3, -0.2, 0.1, 0.05])
    rows = np.ascontiguousarray(columns.T)
    own = law.slopes(parameters, rows)
    assert own.gradient == pytest.approx(
        approx_fprime(parameters, lambda at: law.slopes(at, rows).value, 1e-7), abs=1e-3
    )
    for place in range(len(parameters)):
        step = np.zeros(len(parameters))
        step[place] = 1e-5
        slope = (law.slopes(parameters + step, rows).gradient - law.slopes(parameters - step, rows).gradient) / 2e-5
        assert -own.curvature[place] == pytest.approx(slope, abs=1e-5)


@pytest.mark.parametrize("model", ["logit", "ordered", "poisson"])
def test_a_likelihood_does_not_know_the_unit_of_weights(model):
    columns, outcome = sample(model, 60)
    weights = np.random.default_rng(1).uniform(0.5, 2, 60)
    rows = np.ascontiguousarray(columns.T)
    laws = [likelihood(model, outcome, unit * weights) for unit in (1, 50, 1e-170)]
    for law in laws:
        assert law.weights.mean() == pytest.approx(1)
        at = np.append(law.start, [0.3, -0.2, 0.1, 0.05])
        assert law.slopes(at, rows).value == pytest.approx(laws[0].slopes(at, rows).value)
        none = law.slopes(law.start, rows[:0])  # the start is the maximum without any column
        assert none.gradient == pytest.approx(np.zeros(len(law.start)), abs=1e-9)


def test_thresholds_that_do_not_rise_are_impossible():
    columns, outcome = sample("ordered", 60)
    law = ordered(outcome, np.ones(60))
    rows = np.ascontiguousarray(columns.T)
    equal, turned = law.start.copy(), law.start[::-1]
    equal[1] = equal[0]
    for start in (equal, turned):
        assert law.slopes(np.append(start, np.zeros(4)), rows).value == -np.inf


def test_logit_of_birthweights_as_glm():
    golden = json.loads((SHARED / "glm.json").read_text())["logit_birthwt"] if SHARED.exists() else pytest.skip()
    data = pd.read_csv(GOLDEN / "birthwt.csv")
    race = pd.get_dummies(data["race"], dtype=float).iloc[:, 1:]
    terms = [row["_row"] for row in golden["tab"][1:]]
    others = [name for name in terms if name in data]
    columns = np.column_stack([data[others], race] if any("race" in name for name in terms) else [data[others]])
    fits = subset_mcfadden(
        columns.astype(float), data["low"].to_numpy(float), np.ones(len(data)), [list(range(columns.shape[1]))], (),
        "logit",
    )  # fmt: skip
    assert fits.gains[1] == pytest.approx(1 - golden["deviance"] / golden["null_deviance"], abs=1e-9)


def test_weights_count_as_repetitions_and_always_is_in_every_model():
    columns, outcome = sample("logit", 120)
    times = np.random.default_rng(5).integers(1, 4, 120)
    weighted = subset_mcfadden(columns, outcome, times.astype(float), [[0], [1]], [3], "logit")
    repeated = subset_mcfadden(
        np.repeat(columns, times, axis=0), np.repeat(outcome, times), np.ones(times.sum()), [[0], [1]], [3], "logit"
    )
    assert weighted.gains == pytest.approx(repeated.gains, abs=1e-10)
    without = subset_mcfadden(columns, outcome, times.astype(float), [[3], [0]], (), "logit")
    assert weighted.always == pytest.approx(without.gains[1], abs=1e-10)
    assert weighted.gains[1] == pytest.approx(without.gains[3] - without.gains[1], abs=1e-10)


@pytest.mark.parametrize("model", ["logit", "ordered", "poisson"])
def test_weights_and_columns_have_no_unit_and_players_no_order(model):
    columns, outcome = sample(model, 150)
    weights = np.random.default_rng(5).uniform(0.5, 2, 150)
    once = subset_mcfadden(columns, outcome, weights, [[0], [1, 2]], [3], model)
    units = subset_mcfadden(columns * [10, 0.1, 1, 100] + 3, outcome, 50 * weights, [[0], [1, 2]], [3], model)
    turned = subset_mcfadden(columns, outcome, weights, [[2, 1], [0]], [3], model)
    assert units.gains == pytest.approx(once.gains, abs=1e-9) and units.always == pytest.approx(once.always, abs=1e-9)
    assert turned.gains == pytest.approx(once.gains[[0, 2, 1, 3]], abs=1e-9)
    assert (np.diff(once.gains[[0, 1, 3]]) > 0).all()


def test_those_are_named_whom_it_takes_to_tell_the_outcome_without_error():
    columns, _ = sample("logit", 90)
    told = (columns[:, 0] + columns[:, 2] > 0).astype(float)
    with pytest.raises(NoFiniteFitError) as refused:
        subset_mcfadden(columns, told, np.ones(90), [[1], [0], [3], [2]], (), "logit")
    assert (refused.value.players, str(refused.value)) == ((1, 3), "no finite fit for players (1, 3)")
    with pytest.raises(NoFiniteFitError) as refused:
        subset_mcfadden(columns, told, np.ones(90), [[1], [3]], [0, 2], "logit")
    assert refused.value.players == ()


def test_a_duplicate_adds_nothing():
    columns, outcome = sample("logit", 200)
    fits = subset_mcfadden(columns[:, [0, 0]], outcome, np.ones(200), [[0], [1]], (), "logit").gains
    assert fits[3] == pytest.approx(fits[1], abs=1e-9)


@pytest.mark.parametrize("model", ["logit", "ordered"])
def test_what_tells_the_outcome_without_error_is_refused(model):
    columns, _ = sample("logit", 90)
    outcome = np.digitize(columns[:, 1], [-0.5, 0.5] if model == "ordered" else [0.0]).astype(float)
    with pytest.raises(NoFiniteFitError) as refused:
        subset_mcfadden(columns, outcome, np.ones(90), [[0], [2], [1]], (), model)
    assert refused.value.players == (2,)


def test_a_step_that_goes_too_far_is_cut():
    """One answer far from all others: a whole Newton step overshoots. The fit of two groups is their means."""
    columns = np.array([[0.0]] * 200 + [[1.0]])
    counts = np.array([1.0, 0, 0, 0] * 50 + [50])
    fits = subset_mcfadden(columns, counts, np.ones(201), [[0]], (), "poisson")

    def likelihood_of(means):
        return stats.poisson.logpmf(counts, means).sum()

    expected = 1 - likelihood_of(np.where(columns[:, 0] > 0, 50, 0.25)) / likelihood_of(np.full(201, counts.mean()))
    assert fits.gains[1] == pytest.approx(expected, abs=1e-9)


def test_a_large_mean_does_not_eat_a_small_effect():
    columns, outcome = sample("logit", 150)
    near, far = (subset_mcfadden(columns + mean, outcome, np.ones(150), [[0], [1]], [3], "logit") for mean in (0, 1e6))
    assert far.gains == pytest.approx(near.gains, abs=1e-7)
