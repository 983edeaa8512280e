"""How many answers a Net Promoter Score needs, for a margin of error or for a difference; and how often an interval
covers the truth, by every outcome of a sample, none left to chance.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import stats
from scipy.special import gammaln, xlogy

from tpm_widgets.statistics.score import intervals as score_intervals
from tpm_widgets.statistics.score.intervals import adjusted_shares, wald

LARGEST = 2**50  # nobody asks more

INTERVALS = {
    "adjusted_wald": score_intervals.adjusted_wald,
    "score": score_intervals.tango,
    "wald": score_intervals.wald,
}
TIE = 1e-9  # an end that is the true score itself, but for rounding, covers it


def margin_of_error(
    detractors: float,
    promoters: float,
    n: int,
    level: float,
    design_effect: float = 1.0,
    population: int | None = None,
) -> float:
    """Return half the width of the adjusted Wald interval, not cut at −1 and 1, that n answers would give.

    Parameters
    ----------
    detractors, promoters : float
        The shares that are expected, 0…1.
    n : int
        Answers; they count as n / design_effect.
    level : float
    design_effect : float, default 1
        What weights cost: n over Kish's effective size.
    population : int, optional
        All who could answer; the margin is multiplied by √((N − n)/(N − 1)).
    """
    low, high = wald(*adjusted_shares(detractors, promoters, n / design_effect), level)
    margin = float(high - low) / 2
    if population is None:
        return margin
    return margin * float(np.sqrt((population - n) / (population - 1))) if n < population else 0.0


def size_for_margin(
    detractors: float,
    promoters: float,
    margin: float,
    level: float,
    design_effect: float = 1.0,
    population: int | None = None,
) -> int:
    """Return the smallest number of answers whose margin of error is at most ``margin``; arguments as above.

    Notes
    -----
    About z²V/margin² − 3, with V the variance of one answer; solved for the whole number, since the adjusted shares
    depend on n themselves.
    """
    low, high = 0, population or LARGEST  # too few, and enough
    while high - low > 1:
        middle = (low + high) // 2
        if margin_of_error(detractors, promoters, middle, level, design_effect, population) <= margin:
            high = middle
        else:
            low = middle
    return high


def size_for_difference(variance: float, other_variance: float, difference: float, level: float, power: float) -> int:
    """Return the answers that each of two groups needs for a difference of their scores to show.

    Notes
    -----
    (V₁ + V₂)(z_α + z_β)²/d² − 3, rounded up, at least 1; z_α of the two-sided test, z_β of the power. The 3 are the
    answers that the adjusted Wald interval imagines.

    References
    ----------
    Lewis, J., & Sauro, J. Sample sizes for comparing Net Promoter Scores. MeasuringU.
    https://measuringu.com/nps-sig-test-sample-size/
    """
    z = float(stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(power))
    return max(int(np.ceil((variance + other_variance) * z**2 / difference**2 - 3)), 1)


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
