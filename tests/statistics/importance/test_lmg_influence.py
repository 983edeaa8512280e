"""The influence function against numerical derivatives and the bootstrap; random predictors against drawn ones."""

from itertools import combinations

import numpy as np
import pytest

from tpm_widgets.statistics.importance import lmg_influence as module
from tpm_widgets.statistics.importance.lmg_influence import lmg_influence, random_predictor_shares
from tpm_widgets.statistics.importance.resampled import resampled_lmg
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import correlation, weighted_covariance


def sample(n, p, seed=3):
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1))
    return np.column_stack([columns, columns @ np.linspace(0.2, 0.6, p) + rng.normal(size=n)])


@pytest.mark.parametrize("always", [(), (5,)])
@pytest.mark.parametrize("groups", [[[0], [1], [2], [3], [4]], [[0, 3], [1, 3], [2], [4]]])
def test_is_the_derivative_in_an_answers_weight(groups, always):
    data = sample(300, 6)
    weights = np.random.default_rng(1).uniform(0.5, 2, 300)
    influence = lmg_influence(data, weights, groups, always)
    assert influence.sum(axis=0) == pytest.approx(np.zeros(len(groups)), abs=1e-12)
    for answer in (0, 17, 255):
        step = 1e-6
        shares = []
        for sign in (1, -1):
            moved = weights.copy()
            moved[answer] += sign * step
            shares.append(lmg(weighted_covariance(data, moved), groups, always))
        slope = (shares[0] - shares[1]) / (2 * step) * weights[answer]
        assert influence[answer] == pytest.approx(slope, abs=2e-9)  # of differences of values good to 1e-15


def test_agrees_with_the_bootstrap_within_its_monte_carlo_error():
    """A standard deviation of 2,000 draws is known to 1/√4000 = 1.6 %: four of these, and 1/n of non-linearity."""
    data = sample(3000, 6)
    groups = [[player] for player in range(6)]
    drawn = resampled_lmg(data, np.ones(3000), np.arange(3000), groups, (), 2000, 5)
    influence = lmg_influence(data, np.ones(3000), groups)
    assert np.sqrt((influence**2).sum(axis=0)) == pytest.approx(drawn.std(axis=0), rel=0.065)
    assert np.corrcoef(influence.T) == pytest.approx(np.corrcoef(drawn.T), abs=4 / np.sqrt(2000))


def test_walking_in_depth_gives_what_walking_in_breadth_gives(monkeypatch):
    data = sample(100, 6)
    groups = [[0, 4], [1], [2], [3], [5]]
    in_breadth = lmg_influence(data, np.ones(100), groups)
    for breadth in (0, 2):
        monkeypatch.setattr(module, "IN_BREADTH", breadth)
        assert lmg_influence(data, np.ones(100), groups) == pytest.approx(in_breadth, abs=1e-14)


@pytest.mark.parametrize("columns", [1, 2])
def test_random_predictors_get_what_drawn_ones_get(columns):
    """3,000 predictors drawn as numbers, among 5 others and 60 answers; quantiles within their sampling error."""
    data = sample(60, 5)
    rng = np.random.default_rng(4)
    groups = [[player] for player in range(5)]
    covariance = weighted_covariance(data, np.ones(60))
    found = random_predictor_shares(covariance, correlation(covariance) / 59, groups, (), columns, 1)
    own = [list(range(columns)), *([columns + player] for player in range(5))]
    drawn = [
        lmg(weighted_covariance(np.column_stack([rng.normal(size=(60, columns)), data]), np.ones(60)), own)[0]
        for _ in range(3000)
    ]
    assert found.mean() == pytest.approx(np.mean(drawn), rel=0.1)
    assert (found <= np.quantile(drawn, 0.95)).mean() == pytest.approx(0.95, abs=0.015)
    assert (found <= np.quantile(drawn, 0.5)).mean() == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("always", [(), (4,)])
def test_the_mean_of_random_predictors_is_that_of_the_formula_in_the_notes(always):
    """Each subset's residual by a regression of its own: w(|S|)·E(b′r)²/(1 − columns·mean of r²), summed over all."""
    data, groups = sample(60, 5), [[0, 3], [1], [2]]
    standard = correlation(weighted_covariance(data, np.ones(60)))
    scale = np.array([0.8, 1, 1.2, 1.1, 0.9, 3])  # as clusters and weights make them differ
    meat = standard * np.outer(scale, scale) / 15
    unit, expected = np.mean(scale[:5] ** 2) / 15, 0.0
    for size, weight in enumerate([1 / 4, 1 / 12, 1 / 12, 1 / 4]):  # s!(p − s − 1)!/p! of four players
        for subset in combinations(range(3), size):
            inside = [*always, *(column for player in subset for column in groups[player])]
            maker = np.zeros(6)
            maker[inside] = -np.linalg.solve(standard[np.ix_(inside, inside)], standard[inside, 5])
            maker[5] = 1
            expected += weight * (maker @ meat @ maker) / (1 - len(inside) * unit)
    for columns in (1, 3):
        found = random_predictor_shares(standard, meat, groups, always, columns, 1)
        assert found.mean() == pytest.approx(columns * expected, rel=0.04)  # three errors of a mean of 10,000


def test_duplicates_do_no_harm():
    data = sample(80, 3)
    twice = data[:, [0, 1, 1, 2, 3]]
    influence = lmg_influence(twice, np.ones(80), [[0], [1], [2], [3]])
    assert np.isfinite(influence).all()
    without = lmg_influence(data, np.ones(80), [[0], [1], [2]])
    assert influence.sum(axis=1) == pytest.approx(without.sum(axis=1), abs=1e-9)


def test_too_many_players_are_refused():
    with pytest.raises(ValueError) as refused:
        lmg_influence(np.random.default_rng(1).normal(size=(50, 22)), np.ones(50), [[player] for player in range(21)])
    assert str(refused.value) == "The influence function goes up to 20 players, got 21: join some with groups=."


def test_the_unit_of_a_rating_is_of_no_consequence():
    """Shares of variance do not know in which unit a column is measured, so neither do their influences."""
    data, groups = sample(200, 4), [[0], [1], [2], [3]]
    once = lmg_influence(data, np.ones(200), groups)
    assert lmg_influence(data * [0.01, 1, 100, 0.1, 0.001], np.ones(200), groups) == pytest.approx(once, abs=1e-12)
