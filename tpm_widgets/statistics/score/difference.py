"""The difference of two weighted means when some persons stand in both samples, and of two shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.estimates.design import Design, mean_by_design, widening


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Two means, the standard error of their difference, and how many persons stand in both samples."""

    later: float
    earlier: float
    std_error: float
    shared: int
    widened: float = 1.0  # how much further an interval reaches than z standard errors

    @property
    def difference(self) -> float:
        """The later mean minus the earlier one."""
        return self.later - self.earlier

    @property
    def p_value(self) -> float:
        """Of the two-sided test that there is no difference; missing where nobody differs within the samples."""
        reach = self.std_error * self.widened
        return float(2 * stats.norm.sf(abs(self.difference) / reach)) if reach > 0 else np.nan

    def interval(self, level: float) -> tuple[float, float]:
        """Return difference ± z·standard error, widened; missing where nobody differs within the samples."""
        reach = self.std_error * self.widened if self.std_error > 0 else np.nan
        margin = float(stats.norm.ppf((1 + level) / 2)) * reach
        return self.difference - margin, self.difference + margin


def difference_by_design(
    values: np.ndarray,
    design: Design,
    later: np.ndarray,
    earlier: np.ndarray,
    persons: np.ndarray,
    unbiased: bool = False,
    level: float = 0.95,
) -> MeanDifference:
    """Compare two weighted means; the answers of one person, in whichever sample, count as one cluster.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One per answer of the design, known in both samples.
    design : Design
    later, earlier : ndarray of int
        The answers of both samples.
    persons : ndarray of int, shape (n,)
        Who answered, to count who stands in both.
    unbiased : bool
        Whether variances are divided by one less than the clusters of a sample, as is usual for means of ratings; the
        Net Promoter Score's is divided by their number. Of a declared design it is always one less.
    level : float
        Of the interval to be made.

    Notes
    -----
    Every answer moves its mean by w(x − mean)/Σw. These moves are added up per cluster, the earlier sample's with a
    minus, and the variance is the sum of their squares (within strata): for two samples of different persons that is
    V₁/n₁ + V₂/n₂ with linearised variances, for the same persons twice it is the variance of the paired difference, and
    everything between the two is weighed rightly. Where clusters are fewer than the independent answers that both
    samples are worth, the normal quantile is widened by Student's with the design's degrees of freedom.
    """
    moves = np.zeros(len(values))
    sides = [mean_by_design(values, design, rows) for rows in (later, earlier)]
    means = []
    for rows, side, sign in ((later, sides[0], 1), (earlier, sides[1], -1)):
        mean, own = _mean_and_moves(values[rows], design.weights[rows])
        if unbiased and not design.declared:
            own = own * np.sqrt(side.units / (side.units - 1)) if side.units > 1 else own * np.nan
        moves[rows] += sign * own
        means.append(mean)
    both = np.union1d(later, earlier)
    variance = design.variance(moves[both], both) if design.declared else _summed(moves[both], design.clusters[both])
    worth = sum(side.n_eff - 1 for side in sides)
    return MeanDifference(
        later=means[0],
        earlier=means[1],
        std_error=float(np.sqrt(variance)),
        shared=len(np.intersect1d(persons[later], persons[earlier])),
        widened=widening(worth + 1, sum(side.df for side in sides), level),
    )


def _summed(moves: np.ndarray, clusters: np.ndarray) -> float:
    """Return Σ over clusters of (Σ moves within)²."""
    _, unit = np.unique(clusters, return_inverse=True)
    return float(np.sum(np.bincount(unit.reshape(-1), weights=moves) ** 2))


def _mean_and_moves(values: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    share = weights / weights.sum()
    mean = float(values[0] + share @ (values - values[0]))  # exact where all are alike
    return mean, share * (values - mean)


def agresti_caffo(
    later: float, later_size: float, earlier: float, earlier_size: float, level: float
) -> tuple[float, float, float, float]:
    """Compare two independent shares after adding one success and one failure to each; counts may be effective ones.

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
