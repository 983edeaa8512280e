"""Which comes first? The correlation of two series at several distances in time."""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.correlation import fisher_interval, varies
from tpm_widgets.statistics.estimate import Estimate


def lag_profile(first: np.ndarray, second: np.ndarray, lags: int, level: float) -> dict[int, Estimate]:
    """Return the correlation of ``first`` at t with ``second`` at t + k, for k from −lags to lags.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Two series over the same periods in order; NaN where a period has no value.
    lags : int
        The longest distance, in periods.
    level : float
        The confidence level.

    Returns
    -------
    dict of int to Estimate
        By k; at k > 0 ``first`` comes before ``second``. ``n`` is the number of pairs; NaN where a series does not
        vary; without interval where too few independent pairs are left.

    Notes
    -----
    Both series are taken about their own straight line over time, for two that only rise go together whatever they
    measure. Neighbouring periods resemble each other, so n pairs are worth n(1 − ab)/(1 + ab), where a and b are the
    series' correlations with their own predecessors (Bartlett; never more than n). Fisher's z then has the variance
    1/(n' − 4), one less for the line. Of two unrelated autoregressive series (20 to 60 periods, coefficient 0 to .7)
    the 95 % interval held 0 in 93 to 96 % of 1,000 simulations each; without the correction in 81 % at worst.

    References
    ----------
    Bartlett, M. S. (1935). Some aspects of the time-correlation problem in regard to tests of significance. Journal
    of the Royal Statistical Society 98, 536-543. https://doi.org/10.2307/2342284
    """
    first, second = detrended(first), detrended(second)
    alike = max(_own_correlation(first) * _own_correlation(second), 0.0)
    return {lag: _at(first, second, lag, (1 - alike) / (1 + alike), level) for lag in range(-lags, lags + 1)}


def detrended(series: np.ndarray) -> np.ndarray:
    """Return what a series is above or below its straight line over time; NaN stays, as do fewer than three values."""
    known = np.isfinite(series)
    if known.sum() < 3:
        return series
    time = np.arange(len(series), dtype=float)
    slope, height = np.polyfit(time[known], series[known], 1)
    rest = series - slope * time - height
    # of an exact line only rounding is left
    return np.where(known & ~(np.abs(rest) > 1e-9 * np.abs(series[known]).max()), 0.0, rest)


def _own_correlation(series: np.ndarray) -> float:
    """Return the correlation of a series around 0 with its own predecessor, 0 where it cannot be told."""
    square = float(np.nansum(series**2))
    return float(np.nansum(series[1:] * series[:-1])) / square if square > 0 else 0.0


def _at(first: np.ndarray, second: np.ndarray, lag: int, worth: float, level: float) -> Estimate:
    """Return the correlation at one distance."""
    x, y = (first[: len(first) - lag], second[lag:]) if lag >= 0 else (first[-lag:], second[:lag])
    known = np.isfinite(x) & np.isfinite(y)
    x, y, n = x[known], y[known], int(known.sum())
    if not (varies(x) and varies(y)):
        return Estimate(np.nan, np.nan, np.nan, n)
    estimate, free = float(np.corrcoef(x, y)[0, 1]), n * worth - 4
    if free <= 0:
        return Estimate(estimate, np.nan, np.nan, n)
    return Estimate(estimate, *fisher_interval(estimate, 1 / free, level), n)
