"""last, first, betasq and Pratt against relaimpo 2.2-7 (R 4.2.2)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.statistics.importance.measures import betasq, first, last, pratt
from tpm_widgets.statistics.regression.covariance import r_squared

GOLDEN = Path(__file__).parents[2] / "golden"
RELAIMPO = json.loads((GOLDEN / "relaimpo.json").read_text())
EXACT = 1e-12  # one eigendecomposition of a 6 × 6 matrix


def covariance_of(name, weights=None):
    data = pd.read_csv(GOLDEN / f"{name}.csv", index_col=0 if name == "swiss" else None)
    outcome = {"swiss": "Fertility", "attitude": "rating", "stackloss": "stack.loss"}[name]
    return np.cov(data[[*RELAIMPO[name]["names"], outcome]].to_numpy().T, aweights=weights)


def single(covariance):
    return [[column] for column in range(len(covariance) - 1)]


@pytest.mark.parametrize("name", ["swiss", "attitude", "stackloss", "swiss_weighted"])
def test_as_relaimpo(name):
    weights = 1 + np.arange(1, 48) % 5 if name == "swiss_weighted" else None
    covariance = covariance_of(name.removesuffix("_weighted"), weights)
    expected = RELAIMPO[name]
    for measure in (last, first, betasq):
        assert measure(covariance, single(covariance)) == pytest.approx(expected[measure.__name__], abs=EXACT)
    assert pratt(covariance) == pytest.approx(expected["pratt"], abs=EXACT)


def test_groups_and_always_in_as_relaimpo():
    covariance = covariance_of("swiss")
    groups = [[1, 2], [0], [3], [4]]
    assert last(covariance, groups) == pytest.approx(RELAIMPO["swiss_grouped"]["last"], abs=EXACT)
    assert first(covariance, groups) == pytest.approx(RELAIMPO["swiss_grouped"]["first"], abs=EXACT)
    rest = [[1], [2], [3], [4]]
    assert last(covariance, rest, [0]) == pytest.approx(RELAIMPO["swiss_always"]["last"], abs=EXACT)
    assert first(covariance, rest, [0]) == pytest.approx(RELAIMPO["swiss_always"]["first"], abs=EXACT)


@given(st.integers(0, 10**6), st.integers(1, 5))
@settings(max_examples=30)
def test_pratt_adds_up_and_many_matrices_are_as_each(seed, p):
    rng = np.random.default_rng(seed)
    many = np.stack([np.cov((rng.normal(size=(40, p + 1)) + rng.normal(size=(40, 1))).T) for _ in range(3)])
    assert pratt(many).sum(axis=1) == pytest.approx([r_squared(one) for one in many], abs=1e-10)
    for measure in (last, first, betasq):
        together = measure(many, single(many[0]))
        for one, row in zip(many, together, strict=True):
            assert measure(one, single(one)) == pytest.approx(row, abs=1e-12)


def test_a_group_does_not_depend_on_the_coding_of_its_columns():
    rng = np.random.default_rng(3)
    data = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    mixed = data.copy()
    mixed[:, :2] = data[:, :2] @ np.array([[1.0, 2.0], [0.5, -1.0]])
    before, after = np.cov(data.T), np.cov(mixed.T)
    assert betasq(before, [[0, 1], [2]]) == pytest.approx(betasq(after, [[0, 1], [2]]), abs=1e-10)


def test_a_duplicate_loses_nothing_when_it_is_left_out():
    covariance = covariance_of("swiss")
    twice = covariance[np.ix_([0, 1, 1, 5], [0, 1, 1, 5])]
    assert last(twice, single(twice))[1:] == pytest.approx([0, 0], abs=1e-10)
