"""Sums over what belongs together: the answers of one customer are not independent."""

from __future__ import annotations

import numpy as np


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
