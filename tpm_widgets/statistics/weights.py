"""What weights do to a sample: effective sizes, weighted means and their errors."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tpm_widgets.statistics.clusters import cluster_variance


def effective_size(weights: np.ndarray) -> float:
    """Return Kish's effective sample size (Σw)²/Σw²; 0 where no weight is positive.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Weights of at least 0, on any scale.

    Returns
    -------
    float
        Between 1 and n; n where all weights are equal.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    largest = weights.max(initial=0.0)
    if largest <= 0:
        return 0.0
    scaled = weights / largest  # squares of tiny weights would underflow
    return float(scaled.sum() ** 2 / (scaled**2).sum())


def weighted_mean(
    values: np.ndarray, weights: np.ndarray, clusters: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Return a weighted mean, its linearised standard error and the effective size; NaN where nobody has weight.

    Parameters
    ----------
    values, weights : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,), optional
        Codes of who answered; each answer on its own where None.

    Notes
    -----
    The standard error is √(Σ(Σw(x − x̄))²)/Σw with the inner sum over the answers of one person, times √(m/(m − 1)),
    where m is the effective number of persons; for equal weights and one answer each it is the textbook's s/√n. The
    effective size is Kish's, times what answers of the same persons are worth less: the variance without clusters
    over that with them, at most 1. With one answer, or one person, the error is NaN.
    """
    n_eff = effective_size(weights)
    if n_eff == 0:
        return np.nan, np.nan, 0.0
    codes = np.arange(len(weights)) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    shares = weights / weights.sum()
    mean = float(shares @ values)
    persons = effective_size(np.bincount(codes, weights=shares))
    apart, together = float(shares**2 @ (values - mean) ** 2), cluster_variance(shares * (values - mean), codes)
    n_eff = n_eff * min(apart / together, 1.0) if together > 0 else persons
    if persons <= 1:
        return mean, np.nan, n_eff
    return mean, float(np.sqrt(together * persons / (persons - 1))), n_eff


def mean_interval(mean: float, std_error: float, n_eff: float, level: float) -> tuple[float, float]:
    """Return the Student interval of a weighted mean, with n_eff − 1 degrees of freedom."""
    if not np.isfinite(std_error):
        return np.nan, np.nan
    margin = stats.t.ppf((1 + level) / 2, n_eff - 1) * std_error
    return mean - margin, mean + margin
