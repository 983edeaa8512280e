"""LMG against relaimpo 2.2-7 and domir 1.2.0 (R 4.2.2), and against the definition over all orders."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.statistics.importance import shapley
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import r_squared

GOLDEN = Path(__file__).parents[2] / "golden"
RELAIMPO = json.loads((GOLDEN / "relaimpo.json").read_text())
DOMIR = json.loads((GOLDEN / "domir.json").read_text())
EXACT = 1e-12  # both sides are sums of at most 2^6 values of R², each good to about 1e-15


def covariance_of(name, weights=None):
    data = pd.read_csv(GOLDEN / f"{name}.csv", index_col=0 if name == "swiss" else None)
    outcome = {"swiss": "Fertility", "attitude": "rating", "stackloss": "stack.loss"}[name]
    return np.cov(data[[*RELAIMPO[name]["names"], outcome]].to_numpy().T, aweights=weights)


def random_covariance(seed, p, rows=60):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(rows, p + 1)) + rng.normal(size=(rows, 1))).T)


@pytest.mark.parametrize("name", ["swiss", "attitude", "stackloss"])
def test_as_relaimpo(name):
    assert lmg(covariance_of(name)) == pytest.approx(RELAIMPO[name]["lmg"], abs=EXACT)


def test_weighted_as_relaimpo():
    weights = 1 + np.arange(1, 48) % 5
    assert lmg(covariance_of("swiss", weights)) == pytest.approx(RELAIMPO["swiss_weighted"]["lmg"], abs=EXACT)


def test_a_group_is_one_player_as_in_relaimpo():
    shares = lmg(covariance_of("swiss"), [[1, 2], [0], [3], [4]])
    assert shares == pytest.approx(RELAIMPO["swiss_grouped"]["lmg"], abs=EXACT)


def test_always_in_as_relaimpo():
    shares = lmg(covariance_of("swiss"), always=[0])
    assert shares == pytest.approx(RELAIMPO["swiss_always"]["lmg"], abs=EXACT)
    assert shares.sum() == pytest.approx(RELAIMPO["swiss_always"]["R2_decomp"], abs=EXACT)


def test_general_dominance_as_domir():
    assert lmg(covariance_of("swiss")) == pytest.approx(list(DOMIR["swiss"]["general"].values()), abs=EXACT)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 2), min_size=1, max_size=4))
@settings(max_examples=40)
def test_is_the_mean_over_all_orders_and_adds_up(seed, sizes):
    covariance = random_covariance(seed, sum(sizes))
    starts = np.cumsum([0, *sizes])
    groups = [list(range(start, start + size)) for start, size in zip(starts[:-1], sizes, strict=True)]
    last = len(covariance) - 1

    def explained(columns):
        return r_squared(covariance[np.ix_([*columns, last], [*columns, last])]) if columns else 0.0

    expected = np.zeros(len(groups))
    orders = list(permutations(range(len(groups))))
    for order in orders:
        entered = []
        for player in order:
            expected[player] += explained(entered + groups[player]) - explained(entered)
            entered = entered + groups[player]
    shares = lmg(covariance, groups)
    assert shares == pytest.approx(expected / len(orders), abs=1e-10)
    assert shares.sum() == pytest.approx(r_squared(covariance), abs=1e-10)


def test_walking_in_depth_gives_what_walking_in_breadth_gives(monkeypatch):
    covariance = random_covariance(3, 9)
    groups = [[0, 4], [1], [2, 8], [3], [5], [6], [7]]
    in_breadth = lmg(covariance, groups)
    for breadth in (1, 3, 6):
        monkeypatch.setattr(shapley, "IN_BREADTH", breadth)
        assert lmg(covariance, groups) == pytest.approx(in_breadth, abs=EXACT)


def test_twenty_players_in_depth_add_up():
    covariance = random_covariance(5, 20, rows=300)
    assert lmg(covariance).sum() == pytest.approx(r_squared(covariance), abs=1e-10)


def test_duplicates_share_evenly_and_a_constant_gets_nothing():
    covariance = random_covariance(1, 3)
    twice = covariance[np.ix_([0, 1, 2, 1, 3], [0, 1, 2, 1, 3])]
    shares = lmg(twice)
    assert shares[1] == pytest.approx(shares[3], abs=EXACT)
    assert shares.sum() == pytest.approx(lmg(covariance).sum(), abs=EXACT)
    constant = covariance.copy()
    constant[2, :] = constant[:, 2] = 0
    assert lmg(constant)[2] == 0


def test_a_column_may_stand_in_two_groups():
    covariance = random_covariance(2, 3)
    shares = lmg(covariance, [[0, 2], [1, 2]])
    assert shares.sum() == pytest.approx(r_squared(covariance), abs=EXACT)


def test_too_many_players_are_refused():
    with pytest.raises(ValueError) as refused:
        lmg(np.eye(27))
    assert str(refused.value) == (
        "Exact LMG goes up to 25 players, got 26: join some with groups=, such as groups={'service': ['phone', "
        "'mail']}, or choose method='lmg_sampled' (with its error stated) or method='relative_weights'."
    )


def test_several_matrices_groups_and_what_is_always_in_at_once(monkeypatch):
    """Each of five matrices as alone, in breadth and in depth, by one pass over squares and row by row."""
    many = np.stack([random_covariance(seed, 7) for seed in range(5)])
    groups, always = [[0], [1, 4], [2], [3]], [6]
    alone = np.stack([lmg(one, groups, always) for one in many])
    assert lmg(many, groups, always) == pytest.approx(alone, abs=EXACT)
    assert lmg(many.reshape(1, 5, 8, 8), groups, always).shape == (1, 5, 4)
    without = np.stack([lmg(one, always=[5, 6]) for one in many])
    assert without == pytest.approx(lmg(many, [[0], [1], [2], [3], [4]], [5, 6]), abs=EXACT)
    for short, breadth in ((0, 13), (10**6, 13), (0, 2), (10**6, 0)):
        monkeypatch.setattr(shapley, "SHORT", short)
        monkeypatch.setattr(shapley, "IN_BREADTH", breadth)
        assert lmg(many, groups, always) == pytest.approx(alone, abs=EXACT)


def test_weights_of_orders_by_hand():
    """Of three players: who is first, in the middle, last — 1/3, 1/6 for each of two, 1/3."""
    before, after = shapley.entry_weights(3)
    assert before == pytest.approx([0, 1 / 3, 1 / 6, 1 / 3])
    assert after == pytest.approx([1 / 3, 1 / 6, 1 / 3, 0])
    assert shapley.subset_sizes(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]
    assert shapley.subset_sizes(0).tolist() == [0]
    assert shapley.gains(np.array([0.0, 1, 3, 7]), 0).tolist() == [1, 4]
    assert shapley.gains(np.array([0.0, 1, 3, 7]), 1).tolist() == [3, 6]


def test_a_rest_of_rounding_adds_nothing():
    """A twin that differs by 1e-7 of its size leaves 1e-14 of its variance: nothing that could explain anything."""
    rng = np.random.default_rng(3)
    data = rng.normal(size=(60, 3))
    close = np.column_stack([data[:, :2], data[:, 0] + 1e-7 * rng.normal(size=60), data[:, 2] + data[:, 0]])
    shares = lmg(np.cov(close.T))
    assert shares.sum() == pytest.approx(r_squared(np.cov(close[:, [0, 1, 3]].T)), abs=1e-6)
    assert shares[0] == pytest.approx(shares[2], abs=1e-6)


def test_input_stays_as_it_was():
    covariance = covariance_of("swiss")
    before = covariance.copy()
    lmg(covariance)
    assert (covariance == before).all()
