"""How the share with an event grows over time, whether groups differ in it, and by which ratio of hazards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.estimates.weighted import effective_size

CELLS_AT_ONCE = 2_000_000  # of the table of influences, observations by event times
NONE_LEFT = 1e-12  # statsmodels keeps a curve that fell to 0 a little above it
CURVE = ["time", "at_risk", "estimate", "conf_low", "conf_high"]


def event_curve(
    time: np.ndarray,
    event: np.ndarray,
    *,
    level: float,
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return the Kaplan-Meier share with the event at every time at which one happened, with pointwise intervals.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Until the event or the end of watching.
    event : ndarray of bool, shape (n,)
        Whether ``time`` ended with the event.
    level : float
        The confidence level.
    entry : ndarray, shape (n,), optional
        When watching began (late entry); at risk are those with entry < t ≤ time.
    weights, clusters : ndarray, shape (n,), optional
        Survey weights, and codes 0, 1, … of what belongs together.

    Returns
    -------
    pandas.DataFrame
        ``time``, ``at_risk`` (observations, unweighted), ``estimate``, ``conf_low``, ``conf_high``; empty where nothing
        happened.

    Notes
    -----
    The curve is statsmodels' ``SurvfuncRight``; the errors and intervals are those of
    :func:`tpm_widgets.statistics.estimates.survival.event_share`, here at every time of the curve: linearised, summed
    by cluster, Wilson with the effective size. They hold for one time each, not for the curve as a whole.
    """
    if not event.any():
        return pd.DataFrame({name: np.zeros(0) for name in CURVE})
    entry = np.zeros(len(time)) if entry is None else entry
    weights = np.ones(len(time)) if weights is None else weights / weights.max()
    clusters = np.arange(len(time)) if clusters is None else clusters
    curve = SurvfuncRight(time, event.astype(float), entry=entry, freq_weights=weights)
    survival = np.where(curve.surv_prob > NONE_LEFT, curve.surv_prob, 0.0)
    variance = np.zeros(len(survival))
    some_left = int((survival > 0).sum())
    variance[:some_left] = _log_survival_variance(time, event, entry, weights, clusters, curve, some_left)
    share = 1 - survival
    std_error = survival * np.sqrt(variance)
    most = effective_size(weights)
    n_eff = np.full(len(share), effective_size(np.bincount(clusters, weights=weights)))
    certain = std_error > 0
    n_eff[certain] = np.minimum((share * survival)[certain] / std_error[certain] ** 2, most)
    low, high = wilson(share, n_eff, level)
    at_risk = np.searchsorted(np.sort(entry), curve.surv_times, "left") - np.searchsorted(
        np.sort(time), curve.surv_times, "left"
    )
    return pd.DataFrame(dict(zip(CURVE, (curve.surv_times, at_risk, share, low, high), strict=True)))


def _log_survival_variance(
    time: np.ndarray,
    event: np.ndarray,
    entry: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    curve: SurvfuncRight,
    count: int,
) -> np.ndarray:
    """Return the clustered variance of log S at the first ``count`` event times, shape (count,)."""
    times, at_risk, events = curve.surv_times[:count], curve.n_risk[:count], curve.n_events[:count]
    expected = np.concatenate([[0.0], np.cumsum(events / (at_risk * (at_risk - events)))])
    seen = np.searchsorted(times, np.column_stack([entry, time]), side="right")
    place = np.where(event, np.searchsorted(times, time), count)
    own = np.concatenate([1 / (at_risk - events), [0.0]])[place]
    together = sparse.csr_array((weights, (clusters, np.arange(len(time)))))
    variance = np.empty(count)
    step = max(1, CELLS_AT_ONCE // len(time))
    for start in range(0, count, step):
        steps = np.arange(start, min(start + step, count))
        entered, left = (expected[np.minimum(column[:, None], steps + 1)] for column in seen.T)
        influence = np.where(place[:, None] <= steps, own[:, None], 0.0) - (left - entered)
        variance[steps] = ((together @ influence) ** 2).sum(axis=0)
    return variance


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """The test that all groups have one hazard; NaN where there is nothing to compare."""

    chi2: float
    df: int
    p_value: float


def log_rank(time: np.ndarray, event: np.ndarray, group: np.ndarray, entry: np.ndarray | None = None) -> LogRank:
    """Test by log-rank whether the event comes to all groups at the same pace (statsmodels' ``survdiff``).

    References
    ----------
    Mantel, N. (1966). Evaluation of survival data and two new rank order statistics arising in its consideration.
    Cancer Chemotherapy Reports 50, 163-170.
    """
    df = len(np.unique(group)) - 1
    if df < 1 or not event.any():
        return LogRank(chi2=np.nan, df=max(df, 0), p_value=np.nan)
    try:
        statistic = float(survdiff(time, event.astype(float), group, entry=entry)[0])
    except np.linalg.LinAlgError:  # a group in which nobody was watched while anything happened
        return LogRank(chi2=np.nan, df=df, p_value=np.nan)
    return LogRank(chi2=statistic, df=df, p_value=float(stats.chi2.sf(statistic, df)))


def hazard_ratios(
    time: np.ndarray,
    event: np.ndarray,
    group: np.ndarray,
    *,
    level: float,
    entry: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> pd.DataFrame:
    """Compare the hazards of groups with that of the largest one (Cox regression, statsmodels' ``PHReg``).

    Parameters
    ----------
    time, event, entry : ndarray, shape (n,)
        As for :func:`event_curve`.
    group : ndarray, shape (n,)
        The name of each observation's group.
    level : float
        The confidence level.
    clusters : ndarray of int, shape (n,), optional
        What belongs together; the errors are then Huber-White's, clustered.

    Returns
    -------
    pandas.DataFrame
        One row per other group: ``group``, ``reference``, ``events``, ``estimate`` the ratio of hazards, ``conf_low``,
        ``conf_high``, ``p_value``, and the check that the ratio is the same at all times: ``trend`` the correlation of
        the scaled Schoenfeld residuals with the rank of time and its ``trend_p_value``. Groups without an event have
        no ratio and no row; neither has anybody where less than two groups had one.

    Notes
    -----
    Ties by Efron's method. A positive trend means that the ratio grows with time.

    References
    ----------
    Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34, 187-220.
    https://doi.org/10.1111/j.2517-6161.1972.tb00899.x
    Grambsch, P. M. & Therneau, T. M. (1994). Proportional hazards tests and diagnostics based on weighted residuals.
    Biometrika 81, 515-526. https://doi.org/10.1093/biomet/81.3.515
    """
    columns = ["group", "reference", "events", "estimate", "conf_low", "conf_high", "p_value", "trend", "trend_p_value"]
    names, codes = np.unique(group, return_inverse=True)
    events = np.bincount(codes, weights=event, minlength=len(names)).astype(int)
    size = np.where(events > 0, np.bincount(codes, minlength=len(names)), 0)
    if (events > 0).sum() < 2:
        return pd.DataFrame(columns=columns)
    reference = int(size.argmax())
    others = np.array([code for code in range(len(names)) if events[code] and code != reference])
    rows = events[codes] > 0
    indicators = (codes[rows, None] == others).astype(float)
    since = None if entry is None else entry[rows].astype(float)
    model = PHReg(time[rows].astype(float), indicators, status=event[rows].astype(float), entry=since, ties="efron")
    fit = model.fit(groups=None if clusters is None else clusters[rows], tol=1e-10)
    limits = np.exp(fit.conf_int(alpha=1 - level))
    happened = event[rows]
    residuals = fit.schoenfeld_residuals[happened] @ fit.cov_params()
    when = stats.rankdata(time[rows][happened])
    trends = [_trend(residuals[:, column], when) for column in range(len(others))]
    return pd.DataFrame(
        {
            "group": names[others],
            "reference": names[reference],
            "events": events[others],
            "estimate": np.exp(fit.params),
            "conf_low": limits[:, 0],
            "conf_high": limits[:, 1],
            "p_value": fit.pvalues,
            "trend": [trend for trend, _ in trends],
            "trend_p_value": [p for _, p in trends],
        }
    )


def _trend(residuals: np.ndarray, when: np.ndarray) -> tuple[float, float]:
    """Correlate residuals with time; NaN where one of them does not vary or too few events happened."""
    if len(when) < 3 or np.ptp(when) == 0 or np.ptp(residuals) == 0:
        return np.nan, np.nan
    correlation, p_value = stats.pearsonr(residuals, when)
    return float(correlation), float(p_value)
