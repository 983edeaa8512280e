"""Coverage by enumeration: against a slow sum with scipy, and against simulated samples."""

import numpy as np
import pytest
from scipy import stats

from tpm_widgets.statistics.score.net_promoter import score_interval
from tpm_widgets.statistics.score.precision import exact_coverage, outcomes


def test_every_outcome_once():
    counts = outcomes(3)
    assert counts.shape == (3, 10)
    assert (counts.sum(axis=0) == 3).all() and counts.min() == 0
    assert len({tuple(column) for column in counts.T}) == 10
    assert outcomes(200).shape[1] == 20_301


def test_the_sum_over_outcomes_as_scipy_weighs_them():
    score, passives, n = 0.3, 0.2, 9
    truth = [0.25, 0.2, 0.55]
    covered = width = 0.0
    for counts in outcomes(n).T:
        low, high = score_interval(np.repeat([-1.0, 0.0, 1.0], counts), interval="score")
        covered += stats.multinomial.pmf(counts, n, truth) * (low <= score <= high)
        width += stats.multinomial.pmf(counts, n, truth) * (high - low)
    found = exact_coverage(n, np.array([score]), np.array([passives]), ("score",), 0.95)["score"]
    assert (found[0][0], found[1][0]) == pytest.approx((covered, width), abs=1e-9)


def test_simulated_samples_agree():
    """20,000 samples of 30 answers with a fixed seed: within four standard errors of the exact coverage."""
    rng = np.random.default_rng(5)
    draws, copies = np.unique(rng.multinomial(30, [0.25, 0.3, 0.45], size=20_000), axis=0, return_counts=True)
    inside = 0
    for counts, times in zip(draws, copies, strict=True):
        low, high = score_interval(np.repeat([-1.0, 0.0, 1.0], counts))
        inside += times * (low <= 0.2 <= high)
    exact = exact_coverage(30, np.array([0.2]), np.array([0.3]), ("adjusted_wald",), 0.95)["adjusted_wald"][0][0]
    assert inside / 20_000 == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))


def test_probabilities_add_up_at_the_edge_of_what_is_possible():
    """A level so high that every interval covers: what remains is the sum of all probabilities."""
    scores, passives = np.array([0.7, -0.7, 0.0, 1.0]), np.array([0.3, 0.3, 1.0, 0.0])
    coverage, _ = exact_coverage(25, scores, passives, ("score",), 1 - 1e-15)["score"]
    assert coverage == pytest.approx(np.ones(4), abs=1e-12)


def test_a_score_on_an_end_is_covered_and_both_kinds_are_asked_at_once():
    """Of one answer: a promoter's Wald interval is the point 1, so it covers a true score of 1 alone."""
    found = exact_coverage(1, np.array([1.0, 0.0]), np.array([0.0, 1.0]), ("wald", "adjusted_wald"), 0.95)
    assert list(found) == ["wald", "adjusted_wald"]
    assert found["wald"][0].tolist() == [1, 1] and found["wald"][1].tolist() == [0, 0]
    z = stats.norm.ppf(0.975)
    assert found["adjusted_wald"][1][1] == pytest.approx(2 * z * np.sqrt(1.5 / 4 / 4))
    # a truth between: half detractors, half promoters, each a point of its own
    half = exact_coverage(1, np.array([0.0]), np.array([0.0]), ("wald",), 0.95)["wald"]
    assert (half[0][0], half[1][0]) == (0, 0)
