"""Shares of importance on a population known in fractions: their value, and a pooled look at their intervals.

The whole look is ``make verify``.
"""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tests.verification import known_shares, share_coverage
from tests.verification.known_shares import DESIGNS, TOUCHPOINTS
from tests.verification.limits import SURENESS, least
from tests.verification.share_coverage import LEVEL, METHODS, NEAR

SEEDS = range(9_980, 9_996)  # none of those of make verify
MANY = 100_000


def test_exact_shares_of_two_predictors_by_hand():
    # r₁ = 1/2, r₂ = 1/4, r₁₂ = 1/2: R² = (1/4 + 1/16 − 2·1/16)/(3/4) = 1/4, and LMG₁ = (r₁² + R² − r₂²)/2.
    half, quarter, one = Fraction(1, 2), Fraction(1, 4), Fraction(1)
    matrix = [[one, half, half], [half, one, quarter], [half, quarter, one]]
    assert known_shares.explained(matrix, [0, 1]) == quarter
    assert known_shares.exact_lmg(matrix, [[0], [1]]) == [Fraction(7, 32), Fraction(1, 32)]


@pytest.mark.parametrize("draws", [10, 1])
def test_exact_shares_add_up_and_know_what_is_noise(draws):
    matrix = known_shares.population(draws)
    shares = known_shares.exact_lmg(matrix, [[j, len(TOUCHPOINTS) + j] for j in range(len(TOUCHPOINTS))])
    assert sum(shares) == known_shares.explained(matrix, list(range(len(matrix) - 1)))
    assert shares[-1] == 0 and min(shares[:-1]) > 0


@pytest.mark.parametrize("uneven", [False, True])
def test_a_sample_has_the_covariance_of_the_population(uneven):
    design = known_shares.Design(draws=10, outcome="recommend", uneven=uneven)
    drawn = known_shares.draw(1, MANY, design)
    found = np.cov(known_shares.frame_of(drawn).to_numpy(float).T, aweights=drawn.weight, ddof=0)
    assert found == pytest.approx(np.array(known_shares.population(10), float), abs=0.04)  # answers vary by 4.3


@pytest.fixture(scope="module")
def million():
    return known_shares.frame_of(known_shares.draw(share_coverage.LARGE_SEED, 1_000_000, DESIGNS["recommend"]))


def test_shares_recover_their_value_on_a_million_rows(million):
    groups = {name: [name, f"{name}, never"] for name in TOUCHPOINTS}
    table = tpm.relative_importance(million, outcome="answer", groups=groups).table.set_index("predictor")
    truth = known_shares.true_importance(10)
    assert table["importance"][truth.index].to_numpy() == pytest.approx(truth.to_numpy(), abs=NEAR)


@pytest.mark.parametrize("method", METHODS)
def test_other_shares_recover_their_value_on_a_million_rows(million, method):
    table = tpm.relative_importance(million, outcome="answer", method=method).table.set_index("predictor")
    truth = known_shares.true_importance_of_terms(10, method)
    assert table["importance"][truth.index].to_numpy() == pytest.approx(truth.to_numpy(), abs=NEAR)


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_of_a_study_recover_their_value(name):
    recovered = share_coverage.recovered(DESIGNS[name], MANY)
    assert share_coverage.off(recovered).max() < NEAR * np.sqrt(share_coverage.LARGE / MANY)


@pytest.mark.slow
def test_intervals_of_shares_cover_the_truth_as_often_as_they_say():
    runs = pd.concat([share_coverage.one_seed(seed) for seed in SEEDS], ignore_index=True)
    # The intervals of one study hang together, so the studies are what is independent.
    for _, part in runs.groupby("how"):
        by_study = part.groupby("seed")["covered"].mean()
        low, high = stats.t.interval(SURENESS, len(SEEDS) - 1, by_study.mean(), by_study.sem())
        assert low <= LEVEL <= high
        assert high - low < 0.2  # so that the line above can fail
    table = share_coverage.coverage(runs)
    assert (table["covered"] >= least(LEVEL, len(SEEDS), len(table))).all(), table


def test_what_passes_the_limits_is_named():
    runs = pd.DataFrame(
        {"design": "d", "how": "bootstrap", "quantity": "share", "touchpoint": ["app"] * 200 + ["claim"] * 200}
    ).assign(truth=0.1, estimate=0.1, seed=1, covered=[True] * 190 + [False] * 10 + [True] * 175 + [False] * 25)
    recovery = pd.DataFrame({"truth": [0.1, 0.2], "estimate": [0.1, 0.21]}, index=[["a", "a"], ["app", "claim"]])
    assert share_coverage.faults(runs, recovery) == [
        "a of claim on 1000000 answers: 0.2100, truth 0.2000, limit 0.003",
        "share of claim, bootstrap, d: 0.875, limits 0.890 and 0.995",
        "shares, bootstrap, pooled: 0.9125, limits 0.94 and 0.96",
    ]
