"""Ratios and shares of deeds with the errors that weights and clusters give them. What belongs together, as the
recommendations of one customer do, is not independent.
"""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.estimates.design import effective_size
from tpm_widgets.statistics.estimates.estimate import Estimate, wilson


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
