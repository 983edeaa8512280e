"""The difference of two weighted means when some persons stand in both samples, and of two shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.estimates.weighted import effective_size


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Two means, the standard error of their difference, and how many persons stand in both samples."""

    later: float
    earlier: float
    std_error: float
    shared: int

    @property
    def difference(self) -> float:
        """The later mean minus the earlier one."""
        return self.later - self.earlier

    @property
    def p_value(self) -> float:
        """Of the two-sided z test that there is no difference; missing where nobody differs within the samples."""
        return float(2 * stats.norm.sf(abs(self.difference) / self.std_error)) if self.std_error > 0 else np.nan

    def interval(self, level: float) -> tuple[float, float]:
        """Return difference ± z·standard error; missing where nobody differs within the samples."""
        margin = float(stats.norm.ppf((1 + level) / 2)) * self.std_error if self.std_error > 0 else np.nan
        return self.difference - margin, self.difference + margin


def mean_difference(
    later: np.ndarray,
    earlier: np.ndarray,
    later_weights: np.ndarray,
    earlier_weights: np.ndarray,
    later_persons: np.ndarray | None = None,
    earlier_persons: np.ndarray | None = None,
    unbiased: bool = False,
) -> MeanDifference:
    """Compare two weighted means; the answers of one person, in whichever sample, count as one cluster.

    Every answer moves its mean by w(x − mean)/Σw. These moves are added up per person, the earlier sample's with a
    minus, and the variance is the sum of their squares: for two samples of different persons that is V₁/n₁ + V₂/n₂
    with linearised variances, for the same persons twice it is the variance of the paired difference, and everything
    between the two is weighed rightly. ``unbiased`` divides variances by n − 1 (Kish's effective n), as is usual for
    means of ratings; the Net Promoter Score's is divided by n.
    """
    later_mean, later_moves = _mean_and_moves(later, later_weights, unbiased)
    earlier_mean, earlier_moves = _mean_and_moves(earlier, earlier_weights, unbiased)
    moves = np.concatenate([later_moves, -earlier_moves])
    shared = 0
    if later_persons is not None and earlier_persons is not None:
        _, person = np.unique(np.concatenate([later_persons, earlier_persons]), return_inverse=True)
        moves = np.bincount(person, weights=moves)
        shared = len(np.intersect1d(later_persons, earlier_persons))
    return MeanDifference(later_mean, earlier_mean, float(np.sqrt(np.sum(moves**2))), shared)


def _mean_and_moves(values: np.ndarray, weights: np.ndarray, unbiased: bool) -> tuple[float, np.ndarray]:
    share = weights / weights.sum()
    mean = float(values[0] + share @ (values - values[0]))  # exact where all are alike
    moves = share * (values - mean)
    if unbiased:
        n = effective_size(weights)
        moves = moves * np.sqrt(n / (n - 1)) if n > 1 else moves * np.nan
    return mean, moves


def agresti_caffo(
    later: int, later_size: int, earlier: int, earlier_size: int, level: float
) -> tuple[float, float, float, float]:
    """Compare two independent shares after adding one success and one failure to each.

    Returns
    -------
    std_error, conf_low, conf_high, p_value : float
        Of later minus earlier share; they exist for counts of 0 and of everybody, too.

    References
    ----------
    Agresti, A., & Caffo, B. (2000). The American Statistician 54, 280-288.
    https://doi.org/10.1080/00031305.2000.10474560
    """
    shares = np.array([(later + 1) / (later_size + 2), (earlier + 1) / (earlier_size + 2)])
    std_error = float(np.sqrt(np.sum(shares * (1 - shares) / np.array([later_size + 2, earlier_size + 2]))))
    change, margin = float(shares[0] - shares[1]), float(stats.norm.ppf((1 + level) / 2)) * std_error
    low, high = max(change - margin, -1.0), min(change + margin, 1.0)
    return std_error, low, high, float(2 * stats.norm.sf(abs(change) / std_error))
