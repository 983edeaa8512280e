"""What weights and clusters do to a sample: effective sizes, weighted means, ratios and shares with their errors. What
belongs together, as the answers of one customer do, is not independent.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from tpm_widgets.statistics.estimates.estimate import Estimate, wilson


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


def cluster_variance(influence: np.ndarray, clusters: np.ndarray) -> float:
    """Return Σ over clusters of (Σ influence within)²: the variance of a total, or of a linearised estimate.

    Parameters
    ----------
    influence : ndarray, shape (n,)
        What each observation adds to the estimate's error.
    clusters : ndarray of int, shape (n,)
        Codes 0, 1, …; codes that do not occur add nothing.
    """
    return float((np.bincount(clusters, weights=influence) ** 2).sum())


def cluster_ratio(
    numerator: np.ndarray, denominator: np.ndarray, weights: np.ndarray, clusters: np.ndarray
) -> tuple[float, float]:
    """Return the ratio of two weighted totals, Σwy/Σwx, and its linearised standard error clustered.

    Notes
    -----
    An observation's influence is w(y − R·x)/Σwx. For counts and exposure that is the sandwich of a Poisson regression
    with an offset and nothing else in it. NaN where the denominator is 0.

    References
    ----------
    Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51, 279-292. https://doi.org/10.2307/1402588
    """
    total = float(weights @ denominator)
    if not total > 0:
        return np.nan, np.nan
    ratio = float(weights @ numerator) / total
    influence = weights * (numerator - ratio * denominator) / total
    return ratio, float(np.sqrt(cluster_variance(influence, clusters)))


def clustered_share(
    part: np.ndarray,
    whole: np.ndarray,
    *,
    level: float,
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> Estimate:
    """Return the share Σw·part / Σw·whole with a Wilson interval that knows weights and clusters.

    Parameters
    ----------
    part, whole : ndarray, shape (n,)
        Counts with 0 ≤ part ≤ whole, such as recommendations that won a customer, and recommendations.
    level : float
        The confidence level.
    weights : ndarray, shape (n,), optional
        Survey weights, on any scale.
    clusters : ndarray of int, shape (n,), optional
        Codes 0, 1, … of what belongs together; each row on its own where None.

    Returns
    -------
    Estimate
        NaN where the whole is 0; ``n`` is the whole, unweighted.

    Notes
    -----
    The standard error is the linearised ratio estimator's, clustered; it gives the effective size p(1 − p)/se², never
    more than Kish's of what is counted. Where the share is 0 or 1 that error is 0 and says nothing: then the clusters
    are what is counted.

    Examples
    --------
    >>> share = clustered_share(np.array([1, 0, 1]), np.array([2, 1, 1]), level=0.95)
    >>> share.estimate, share.n
    (0.5, 4)
    """
    weights = np.ones(len(whole)) if weights is None else weights
    clusters = np.arange(len(whole)) if clusters is None else clusters
    share, std_error = cluster_ratio(part, whole, weights, clusters)
    if not np.isfinite(share):
        return Estimate(np.nan, np.nan, np.nan, int(whole.sum()))
    n_eff = float((weights @ whole) ** 2 / (weights**2 @ whole))
    if std_error > 0:
        n_eff = min(n_eff, share * (1 - share) / std_error**2)
    else:
        n_eff = effective_size(np.bincount(clusters, weights=weights * whole))
    low, high = wilson(share, n_eff, level)
    return Estimate(share, float(low), float(high), int(whole.sum()))
