"""Shares over a few orders, held against exact LMG of the very same resamples."""

import numpy as np
import pytest

from tpm_widgets.statistics.importance.resampled import bootstrap_lmg, draw_counts
from tpm_widgets.statistics.importance.sampled_lmg import balanced_orders
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import correlation, explained, weighted_covariance


def sample(n=400, touchpoints=9):
    rng = np.random.default_rng(5)
    rated = rng.random((n, touchpoints)) < 0.8
    ratings = (rng.normal(size=(n, touchpoints)) + 0.6 * rng.normal(size=(n, 1))) * rated
    columns = np.stack([ratings, 1.0 - rated], axis=2).reshape(n, -1)
    effects = np.linspace(0, 0.6, touchpoints)
    outcomes = np.column_stack([ratings @ effects, ratings @ effects[::-1]]) + rng.normal(size=(n, 2))
    groups = [[2 * player, 2 * player + 1] for player in range(touchpoints)]
    return columns, outcomes, rng.uniform(0.5, 2, n), rng.integers(0, n // 2, n), groups


def draw(clusters, replicates, seed):
    labels, code = np.unique(clusters, return_inverse=True)
    return draw_counts(len(labels), replicates, np.random.default_rng(seed))[:, code]


def test_moves_as_exact_lmg_does():
    """What the few orders miss cancels: in the mean it is below 8 % of the standard error, which is right to 6 %."""
    columns, outcomes, weights, clusters, groups = sample()
    moved = bootstrap_lmg(columns, outcomes, weights, clusters, groups, replicates=60, seed=3)
    drawn = draw(clusters, 60, 3) * weights

    def exact(share_of_answer):
        data = [np.column_stack([columns, outcome]) for outcome in outcomes.T]
        return np.stack([lmg(weighted_covariance(own, share_of_answer), groups) for own in data])

    now = exact(weights)
    expected = np.stack([exact(row) - now for row in drawn])
    spread = expected.std(axis=0)
    assert (np.abs(moved - expected) / spread).mean() < 0.08
    assert (np.abs(moved - expected) / spread).max() < 0.5
    assert moved.std(axis=0) == pytest.approx(spread, rel=0.06)


def test_a_column_that_is_lost_in_a_resample_gets_nothing():
    rng = np.random.default_rng(1)
    columns = np.column_stack([rng.normal(size=40), np.eye(40)[0], rng.normal(size=40)])
    outcomes = columns[:, [0]] + rng.normal(size=(40, 1))
    moved = bootstrap_lmg(columns, outcomes, np.ones(40), np.arange(40), [[0], [1], [2]], 50, 1)
    lost = draw(np.arange(40), 50, 1)[:, 0] == 0
    assert lost.any()
    assert np.isfinite(moved).all()
    assert moved[lost, 0, 1] == pytest.approx(np.full(lost.sum(), moved[lost, 0, 1][0]), abs=1e-9)


def test_shares_are_means_over_three_squares_of_orders_and_their_reversed_ones():
    """Written out for five players: R² gained at each entry, in 6p orders, with and without the resample."""
    columns, outcomes, weights, clusters, groups = sample(n=120, touchpoints=5)
    moved = bootstrap_lmg(columns, outcomes, weights, clusters, groups, replicates=2, seed=3)
    orders = balanced_orders(5, 3, 3)
    assert len(orders) == 30
    shares = np.zeros((3, 2, 5))
    for row, own in enumerate([weights, *(draw(clusters, 2, 3) * weights)]):
        for place, outcome in enumerate(outcomes.T):
            standard = correlation(weighted_covariance(np.column_stack([columns, outcome]), own))
            for order in orders:
                entered = []
                for player in order:
                    more = [*entered, *groups[player]]
                    shares[row, place, player] += float(explained(standard, more) - explained(standard, entered)) / 30
                    entered = more
    assert moved == pytest.approx(shares[1:] - shares[0], abs=1e-8)


def test_the_seed_decides_and_inputs_stay():
    columns, outcomes, weights, clusters, groups = sample(n=80, touchpoints=3)
    before = columns.copy()
    first, second, other = (bootstrap_lmg(columns, outcomes, weights, clusters, groups, 20, seed) for seed in (1, 1, 2))
    assert (first == second).all()
    assert not (first == other).all()
    assert (columns == before).all()
