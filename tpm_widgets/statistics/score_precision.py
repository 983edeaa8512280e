"""How many answers a Net Promoter Score needs, for a margin of error or for a difference."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tpm_widgets.statistics.score_intervals import adjusted_shares, wald

LARGEST = 2**50  # nobody asks more


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
