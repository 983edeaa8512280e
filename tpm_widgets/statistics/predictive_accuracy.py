"""How well predictions meet what was observed: variance or deviance explained, and who stands above whom."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logit, xlogy

from tpm_widgets.statistics.association import auc_of_counts
from tpm_widgets.statistics.clusters import cluster_variance
from tpm_widgets.statistics.estimate import Estimate


def variance_explained(
    observed: np.ndarray, predicted: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """Return the share of the outcome's variance that predictions explain, 1 − Σw(y − ŷ)²/Σw(y − ȳ)².

    Parameters
    ----------
    observed, predicted, weights : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,)
        Codes 0, 1, …: whose answers belong together.
    level : float
        The confidence level.

    Returns
    -------
    Estimate
        Below 0 where the mean predicts better. The interval is linearised and takes the predictions as they are.

    Examples
    --------
    >>> y = np.array([1.0, 2, 3, 4])
    >>> variance_explained(y, np.array([1.0, 2, 3, 3]), np.ones(4), np.arange(4), level=0.95).estimate
    0.8
    """
    mean = weights @ observed / weights.sum()
    return _explained((observed - predicted) ** 2, (observed - mean) ** 2, weights, clusters, level)


def deviance_explained(
    observed: np.ndarray,
    predicted: np.ndarray,
    exposure: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    level: float,
) -> Estimate:
    """Return the share of the Poisson deviance of counts that predictions explain, against one rate for all.

    Parameters, returns : as in :func:`variance_explained`, with ``exposure``, shape (n,), above 0.
    """
    rate = weights @ observed / (weights @ exposure)
    left, total = (_deviance(observed, mean) for mean in (predicted, rate * exposure))
    return _explained(left, total, weights, clusters, level)


def _deviance(observed: np.ndarray, mean: np.ndarray) -> np.ndarray:
    mean = np.maximum(mean, np.finfo(float).tiny)
    return np.asarray(2 * (xlogy(observed, observed / mean) - (observed - mean)))


def _explained(
    left: np.ndarray, total: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """One minus a ratio of two weighted totals, with its linearised interval."""
    n, whole = len(left), float(weights @ total)
    if not whole > 0 or np.isnan(left).any():
        return Estimate(np.nan, np.nan, np.nan, n)
    ratio = float(weights @ left) / whole
    error = np.sqrt(cluster_variance(weights * (left - ratio * total) / whole, clusters))
    reach = stats.norm.ppf((1 + level) / 2) * error
    return Estimate(1 - ratio, 1 - ratio - reach, 1 - ratio + reach, n)


def area_under_curve(
    observed: np.ndarray, predicted: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """Return the probability that somebody with the outcome was predicted above somebody without, ties counted half.

    Parameters, returns : as in :func:`variance_explained`, with 0/1 ``observed``; the interval is symmetric on the
    logit scale, and missing where the area is 0 or 1.

    Notes
    -----
    The error is DeLong's, from each answer's placement among those of the other kind, summed by cluster (Obuchowski).

    References
    ----------
    DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988). Comparing the areas under two or more correlated
    receiver operating characteristic curves. Biometrics 44, 837-845. https://doi.org/10.2307/2531595; Obuchowski,
    N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics 53, 567-578.
    https://doi.org/10.2307/2533958

    Examples
    --------
    >>> y, p = np.array([0, 1, 0, 1]), np.array([0.1, 0.8, 0.4, 0.3])
    >>> area_under_curve(y, p, np.ones(4), np.arange(4), level=0.95).estimate
    0.75
    """
    n = len(observed)
    if np.isnan(predicted).any():
        return Estimate(np.nan, np.nan, np.nan, n)
    values, place = np.unique(predicted, return_inverse=True)
    cases, controls = (np.bincount(place, weights * part, minlength=len(values)) for part in (observed, 1 - observed))
    area = float(auc_of_counts(cases, controls))
    if not 0 < area < 1:
        return Estimate(area, np.nan, np.nan, n)
    below = (np.cumsum(controls) - controls / 2) / controls.sum()
    above = 1 - (np.cumsum(cases) - cases / 2) / cases.sum()
    placement = np.where(observed > 0, (below[place] - area) / cases.sum(), (above[place] - area) / controls.sum())
    error = np.sqrt(cluster_variance(weights * placement, clusters)) / (area * (1 - area))
    reach = stats.norm.ppf((1 + level) / 2) * error
    low, high = expit(logit(area) + np.array([-reach, reach]))
    return Estimate(area, float(low), float(high), n)
