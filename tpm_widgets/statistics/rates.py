"""Events per time: rates and their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.clusters import cluster_ratio
from tpm_widgets.statistics.weights import effective_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Events per unit of exposure; NaN where there was no exposure."""

    estimate: float
    std_error: float
    conf_low: float
    conf_high: float


def event_rate(
    events: np.ndarray,
    exposure: np.ndarray,
    *,
    level: float,
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> Rate:
    """Return the rate Σw·events / Σw·exposure with a clustered standard error and a gamma interval.

    Parameters
    ----------
    events, exposure : ndarray, shape (n,)
        Counts and times; the rate is per unit of the time.
    level : float
        The confidence level.
    weights : ndarray, shape (n,), optional
        Survey weights, on any scale.
    clusters : ndarray of int, shape (n,), optional
        Codes 0, 1, … of what belongs together.

    Notes
    -----
    The standard error is the ratio estimator's, which is the clustered sandwich of a Poisson regression. It gives the
    number of independent events that would be as uncertain, rate²/se², never more than there are (Kish); with it the
    exact Poisson interval is made, which exists for 0 events too and does not fall short where they are few.

    References
    ----------
    Fay, M. P. & Feuer, E. J. (1997). Confidence intervals for directly standardized rates: a method based on the gamma
    distribution. Statistics in Medicine 16, 791-801.
    https://doi.org/10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#

    Examples
    --------
    >>> rate = event_rate(np.ones(8), np.full(8, 12.5), level=0.95)
    >>> rate.estimate, round(rate.conf_low, 4), round(rate.conf_high, 4)
    (0.08, 0.0345, 0.1576)
    """
    weights = np.ones(len(events)) if weights is None else weights
    clusters = np.arange(len(events)) if clusters is None else clusters
    estimate, std_error = cluster_ratio(events, exposure, weights, clusters)
    if not np.isfinite(estimate):
        return Rate(estimate=np.nan, std_error=np.nan, conf_low=np.nan, conf_high=np.nan)
    tail = (1 - level) / 2
    if estimate == 0:
        effective_time = float(exposure.sum()) * effective_size(weights) / len(weights)
        high = float(stats.gamma.ppf(1 - tail, 1)) / effective_time
        return Rate(estimate=0.0, std_error=0.0, conf_low=0.0, conf_high=high)
    count = float((weights @ events) ** 2 / (weights**2 @ events))
    if std_error > 0:
        count = min(count, (estimate / std_error) ** 2)
    low, high = stats.gamma.ppf([tail, 1 - tail], [count, count + 1]) * estimate / count
    return Rate(estimate=estimate, std_error=std_error, conf_low=float(low), conf_high=float(high))
