"""Sampled LMG against exact LMG, and its stated error against the error that it makes."""

import numpy as np
import pytest

from tpm_widgets.statistics.importance.sampled_lmg import balanced_orders, sampled_lmg
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import r_squared


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


def test_one_player_gets_everything_without_error():
    shares, error = sampled_lmg(covariance(3)[np.ix_([0, 3], [0, 3])], [[0]])
    assert error[0] == pytest.approx(0, abs=1e-12)
    assert shares[0] == pytest.approx(r_squared(covariance(3)[np.ix_([0, 3], [0, 3])]), abs=1e-12)
