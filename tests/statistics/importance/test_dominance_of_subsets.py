"""Dominance against domir 1.2.0 (R 4.2.2) and the definition over all subsets."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.statistics.importance.shapley import complete_dominance, conditional_dominance, lmg, subset_r_squared
from tpm_widgets.statistics.regression.covariance import correlation, explained

GOLDEN = Path(__file__).parents[2] / "golden"
DOMIR = json.loads((GOLDEN / "domir.json").read_text())["swiss"]
SWISS = pd.read_csv(GOLDEN / "swiss.csv", index_col=0)
COVARIANCE = np.cov(SWISS[[*SWISS.columns[1:], "Fertility"]].to_numpy().T)
SINGLE = [[player] for player in range(5)]
EXACT = 1e-12


def test_conditional_dominance_as_domir():
    expected = [[row[f"include_at_{size}"] for size in range(1, 6)] for row in DOMIR["conditional"]]
    found = conditional_dominance(subset_r_squared(COVARIANCE, SINGLE))
    assert found == pytest.approx(np.array(expected), abs=EXACT)
    assert found.mean(axis=1) == pytest.approx(lmg(COVARIANCE), abs=EXACT)


def test_complete_dominance_as_domir():
    names = [row["_row"].removesuffix("_>") for row in DOMIR["complete"]]
    expected = np.array([[row[f">_{name}"] for name in names] for row in DOMIR["complete"]], dtype=float)
    assert complete_dominance(subset_r_squared(COVARIANCE, SINGLE)) == pytest.approx(expected, nan_ok=True)


@given(st.integers(0, 10**6), st.integers(2, 4))
@settings(max_examples=25)
def test_is_the_definition(seed, players):
    rng = np.random.default_rng(seed)
    covariance = np.cov((rng.normal(size=(40, players + 2)) + rng.normal(size=(40, 1))).T)
    groups, always = [[player + 1] for player in range(players)], [0]
    standard = correlation(covariance)
    fits = subset_r_squared(covariance, groups, always)

    def fit(subset):
        return explained(standard, [0, *(player + 1 for player in subset)]) - explained(standard, [0])

    for size in range(players + 1):
        for subset in combinations(range(players), size):
            assert fits[sum(2**player for player in subset)] == pytest.approx(fit(subset), abs=1e-10)
    shares = complete_dominance(fits)
    for one, other in combinations(range(players), 2):
        rest = [player for player in range(players) if player not in (one, other)]
        subsets = [subset for size in range(len(rest) + 1) for subset in combinations(rest, size)]
        wins = [fit((*subset, one)) > fit((*subset, other)) for subset in subsets]
        assert shares[one, other] == np.mean(wins)
        assert shares[other, one] == 1 - np.mean(wins)


def test_duplicates_dominate_neither_way():
    places = [0, 1, 1, 5]
    shares = complete_dominance(subset_r_squared(COVARIANCE[np.ix_(places, places)], SINGLE[:3]))
    assert shares[1, 2] == shares[2, 1] == 0


def test_ties_but_for_rounding_count_for_neither():
    """Two players alone: 0.3 against 0.3 + 1e-11 is a tie, against 0.3 + 1e-9 is none."""
    tie, won = (complete_dominance(np.array([0.0, 0.3, 0.3 + more, 0.5])) for more in (1e-11, 1e-9))
    assert (tie[0, 1], tie[1, 0]) == (0, 0)
    assert (won[0, 1], won[1, 0]) == (0, 1)
    assert np.isnan(np.diag(tie)).all()


def test_means_by_size_of_three_players_by_hand():
    fits = np.array([0.0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.45, 0.6])
    found = conditional_dominance(fits)
    assert found == pytest.approx(
        np.array([[0.1, (0.05 + 0.2) / 2, 0.15], [0.2, (0.15 + 0.15) / 2, 0.1], [0.3, (0.4 + 0.25) / 2, 0.35]])
    )
    shares = complete_dominance(fits)
    assert (shares[2, 0], shares[0, 2]) == (1, 0) and (shares[1, 0], shares[0, 1]) == (0.5, 0.5)
