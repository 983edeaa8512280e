"""Time until something happens, where some were not watched to the end: Kaplan-Meier and censoring weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsmodels.duration.survfunc import SurvfuncRight

from tpm_widgets.statistics.estimates.estimate import Estimate, wilson
from tpm_widgets.statistics.estimates.weighted import cluster_variance, effective_size


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalShare(Estimate):
    """The share to whom the event has happened by a horizon; NaN where nobody was watched that long."""

    std_error: float
    n_eff: float


def event_share(
    time: np.ndarray,
    event: np.ndarray,
    *,
    horizon: float,
    level: float,
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> SurvivalShare:
    """Return the Kaplan-Meier share with the event by ``horizon``, its clustered standard error and interval.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Until the event or the end of watching.
    event : ndarray of bool, shape (n,)
        Whether ``time`` ended with the event.
    horizon : float
        The time at which the share is read.
    level : float
        The confidence level.
    entry : ndarray, shape (n,), optional
        When watching began (late entry); at risk are those with entry < t ≤ time.
    weights : ndarray, shape (n,), optional
        Survey weights, on any scale.
    clusters : ndarray of int, shape (n,), optional
        Codes 0, 1, … of what belongs together, such as the answers of one customer.

    Notes
    -----
    The curve is statsmodels' ``SurvfuncRight``. Its standard error takes weights for frequencies and knows no
    clusters, so it is linearised here: an observation moves log S by

        −w · [event/(n − d) at its time − Σ d/(n(n − d)) over the event times at which it was at risk],

    and these are summed by cluster, squared and summed. Without weights and clusters that is Greenwood's formula
    exactly. The interval is Wilson's with the effective size p(1 − p)/se², at most Kish's (Rothman 1978): it stays
    inside 0…1 and covers where events are few, when the log-log interval does not even exist. Where nobody (or
    everybody) had the event, the effective size is Kish's of those still at risk at the horizon (of all). Assumes that
    the end of watching tells nothing about the event.

    References
    ----------
    Kaplan, E. L. & Meier, P. (1958). Journal of the American Statistical Association 53, 457-481.
    https://doi.org/10.1080/01621459.1958.10501452
    Rothman, K. J. (1978). Estimation of confidence limits for the cumulative probability of survival in life table
    analysis. Journal of Chronic Diseases 31, 557-560. https://doi.org/10.1016/0021-9681(78)90043-7
    Williams, R. L. (1995). Product-limit survival functions with correlated survival times. Lifetime Data Analysis 1,
    171-186. https://doi.org/10.1007/BF00985768
    """
    nothing = SurvivalShare(estimate=np.nan, std_error=np.nan, n_eff=0.0, conf_low=np.nan, conf_high=np.nan)
    if not len(time):
        return nothing
    event = event & (time <= horizon)
    time = np.minimum(time, horizon)
    entry = np.zeros(len(time)) if entry is None else entry
    weights = np.ones(len(time)) if weights is None else weights / weights.max()
    clusters = np.arange(len(time)) if clusters is None else clusters
    curve = SurvfuncRight(time, event.astype(float), entry=entry, freq_weights=weights)
    survival = float(curve.surv_prob[-1]) if len(curve.surv_prob) else 1.0
    at_end = time >= horizon
    if not at_end.any() and survival > 0:
        return nothing
    std_error = 0.0
    if survival > 0:
        influence = _log_survival_influence(time, event, entry, weights, curve)
        std_error = survival * float(np.sqrt(cluster_variance(influence, clusters)))
    share = 1 - survival
    if std_error > 0:  # then the share lies between 0 and 1
        n_eff = min(share * survival / std_error**2, effective_size(weights))
    else:
        rest = at_end if share == 0 else np.ones(len(time), dtype=bool)
        n_eff = effective_size(np.bincount(clusters[rest], weights=weights[rest]))
    low, high = wilson(share, n_eff, level)
    return SurvivalShare(estimate=share, std_error=std_error, n_eff=n_eff, conf_low=float(low), conf_high=float(high))


def _log_survival_influence(
    time: np.ndarray, event: np.ndarray, entry: np.ndarray, weights: np.ndarray, curve: SurvfuncRight
) -> np.ndarray:
    """How much each observation moves log S at the end of the curve, shape (n,)."""
    times, at_risk, events = curve.surv_times, curve.n_risk, curve.n_events
    if not len(times):
        return np.zeros(len(time))
    expected = np.concatenate([[0.0], np.cumsum(events / (at_risk * (at_risk - events)))])
    exposed = (
        expected[np.searchsorted(times, time, side="right")] - expected[np.searchsorted(times, entry, side="right")]
    )
    own = np.zeros(len(time))
    place = np.searchsorted(times, time[event])
    own[event] = 1 / (at_risk - events)[place]
    return -weights * (own - exposed)


def censoring_weights(
    time: np.ndarray,
    complete: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return inverse-probability-of-censoring weights: each complete observation also speaks for those lost before.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Until the event or the end of watching; watched from 0 on (no late entry).
    complete : ndarray of bool, shape (n,)
        Whether what was to be known is known: the event happened, or the horizon was reached without it.
    strata : ndarray of int, shape (n,), optional
        Groups that are lost at their own pace.
    weights : ndarray, shape (n,), optional
        Survey weights.

    Returns
    -------
    ndarray, shape (n,)
        1/G(t−) where complete, G being the Kaplan-Meier curve of *being lost* and t the observation's own time;
        0 where not complete.

    Notes
    -----
    On a day with both, events count before losses, so that the weighted share of events equals the Kaplan-Meier share
    at the horizon exactly.

    References
    ----------
    Robins, J. M. & Finkelstein, D. M. (2000). Biometrics 56, 779-788.
    https://doi.org/10.1111/j.0006-341X.2000.00779.x
    """
    result = np.zeros(len(time))
    strata = np.zeros(len(time), dtype=int) if strata is None else strata
    weights = np.ones(len(time)) if weights is None else weights
    lost = ~complete
    later = 2.0 * time + lost  # a loss comes just after the events of its day
    for stratum in np.unique(strata):
        member = (strata == stratum) & (weights > 0)
        if not member.any():
            continue
        curve = SurvfuncRight(later[member], lost[member].astype(float), freq_weights=weights[member])
        watched = np.concatenate([[1.0], curve.surv_prob])
        known = member & complete
        result[known] = 1 / watched[np.searchsorted(curve.surv_times, later[known], side="left")]
    return result
