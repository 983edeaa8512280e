"""Sampled LMG against exact LMG, and its stated error against the error that it makes."""

import numpy as np
import pytest

from tpm_widgets.statistics.importance.sampled_lmg import balanced_orders, sampled_lmg
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import correlation, explained, r_squared


def covariance(p, seed=1):
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(300, p)) + 0.8 * rng.normal(size=(300, 1))
    return np.cov(np.column_stack([columns, columns[:, :3].sum(axis=1) + rng.normal(size=300)]).T)


def test_is_as_far_off_as_it_says():
    """15 players (where sampling elsewhere is 8 % off and ranks wrongly): errors in units of the stated one are 1."""
    own, groups = covariance(15), [[player] for player in range(15)]
    exact = lmg(own)
    units = []
    for seed in range(12):
        shares, error = sampled_lmg(own, groups, seed=seed)
        units.append((shares - exact) / error)
        assert error.max() < 0.01 * exact.max()
        assert list(np.argsort(-shares)[:3]) == list(np.argsort(-exact)[:3])
    assert np.std(units) == pytest.approx(1.0, abs=0.2)


def test_adds_up_with_groups_duplicates_and_what_is_always_in():
    own = covariance(6)
    twice = own[np.ix_([0, 1, 2, 3, 4, 5, 1, 6], [0, 1, 2, 3, 4, 5, 1, 6])]
    groups = [[0, 4], [1], [2], [6]]
    shares, error = sampled_lmg(twice, groups, always=[3])
    everyone = np.ix_([0, 4, 1, 2, 6, 3, 7], [0, 4, 1, 2, 6, 3, 7])
    alone = np.ix_([3, 7], [3, 7])
    assert shares.sum() == pytest.approx(r_squared(twice[everyone]) - r_squared(twice[alone]), abs=1e-12)
    assert shares == pytest.approx(lmg(twice, groups, [3]), abs=5 * error.max())
    assert abs(shares[1] - shares[3]) < 5 * error.max()


def test_forty_players():
    shares, error = sampled_lmg(covariance(40), [[player] for player in range(40)])
    assert shares.sum() == pytest.approx(r_squared(covariance(40)), abs=1e-10)
    assert (shares > 0).all()
    assert (error < 0.02 * shares.max()).all()


def test_orders_are_balanced():
    orders = np.array(balanced_orders(5, 3, 1))
    assert len(orders) == 30
    for place in range(5):
        assert (np.bincount(orders[:, place]) == 6).all()


def test_the_error_is_the_spread_of_forty_squares_and_their_reversed_orders():
    """Written out: R² by regressions on all columns so far, averaged within each of 40 squares of 4 + 4 orders."""
    own, groups = covariance(6), [[0], [1, 4], [2], [5]]
    standard = correlation(own)
    squares = np.zeros((40, 4))
    orders = balanced_orders(4, 40, 7)
    assert len(orders) == 320 and (orders[160] == orders[0][::-1]).all()
    for place, order in enumerate(orders):
        entered = [3]
        for player in order:
            more = [*entered, *groups[player]]
            squares[place // 4 % 40, player] += float(explained(standard, more) - explained(standard, entered)) / 8
            entered = more
    shares, error = sampled_lmg(own, groups, [3], seed=7)
    assert shares == pytest.approx(squares.mean(axis=0), abs=1e-9)
    assert error == pytest.approx(squares.std(axis=0, ddof=1) / np.sqrt(40), rel=1e-6)
    usual, first = sampled_lmg(own, groups), sampled_lmg(own, groups, (), seed=1)
    assert (usual[0] == first[0]).all() and (usual[1] == first[1]).all()
    assert not (sampled_lmg(own, groups, seed=2)[0] == usual[0]).all()


def test_what_explains_nothing_is_shared_out_as_nothing():
    shares, error = sampled_lmg(np.diag([1.0, 2, 3]), [[0], [1]])
    assert shares == pytest.approx([0, 0], abs=1e-12) and error == pytest.approx([0, 0], abs=1e-12)
    constant = np.diag([0.0, 0, 3])
    assert sampled_lmg(constant, [[0], [1]])[0].tolist() == [0, 0]


def test_one_player_gets_everything_without_error():
    shares, error = sampled_lmg(covariance(3)[np.ix_([0, 3], [0, 3])], [[0]])
    assert error[0] == pytest.approx(0, abs=1e-12)
    assert shares[0] == pytest.approx(r_squared(covariance(3)[np.ix_([0, 3], [0, 3])]), abs=1e-12)
