"""How often an interval of the Net Promoter Score covers the truth: every outcome of a sample, none left to chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import gammaln, xlogy

from tpm_widgets.statistics import score_intervals

INTERVALS = {
    "adjusted_wald": score_intervals.adjusted_wald,
    "score": score_intervals.tango,
    "wald": score_intervals.wald,
}
TIE = 1e-9  # an end that is the true score itself, but for rounding, covers it


def outcomes(n: int) -> np.ndarray:
    """Return every possible count of detractors, passives and promoters among n answers, shape (3, (n+1)(n+2)/2)."""
    detractors, promoters = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
    return np.stack([detractors, n - detractors - promoters, promoters])


def exact_coverage(
    n: int, scores: np.ndarray, passives: np.ndarray, intervals: tuple[str, ...], level: float
) -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Return for each interval its coverage and its mean width under each truth.

    Parameters
    ----------
    n : int
        Answers, independent of each other.
    scores, passives : ndarray, shape (m,)
        The true scores, −1…1, and shares of passives, 0…1, of which the score reaches
        1 − passives at most.
    intervals : tuple of {"adjusted_wald", "score", "wald"}
    level : float

    Returns
    -------
    mapping of str to (coverage, width), each of shape (m,)

    Notes
    -----
    The sum over all outcomes of the multinomial probability of those whose interval holds the true score. Intervals
    are made once per outcome and shared by all truths.
    """
    counts = outcomes(n)
    ends = {name: INTERVALS[name](counts[0] / n, counts[2] / n, n, level) for name in intervals}
    ways = gammaln(n + 1) - gammaln(counts + 1).sum(axis=0)
    found = {name: (np.empty(len(scores)), np.empty(len(scores))) for name in intervals}
    for cell, (score, passive) in enumerate(zip(scores, passives, strict=True)):
        truth = np.maximum([(1 - passive - score) / 2, passive, (1 - passive + score) / 2], 0.0)
        truth[truth < TIE] = 0.0  # a class that is empty at the edge of what is possible
        probability = np.exp(ways + xlogy(counts, truth[:, None]).sum(axis=0))
        for name, (low, high) in ends.items():
            covered = (low - TIE <= score) & (score <= high + TIE)
            found[name][0][cell] = probability[covered].sum()
            found[name][1][cell] = probability @ (high - low)
    return found
