"""How alike two rankings by importance are, and by how much two shares differ, with bootstrap intervals."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tpm_widgets.statistics.estimates.estimate import Estimate


def correlate_ranks(exact: np.ndarray, drawn: np.ndarray, level: float, n: int) -> Estimate:
    """Correlate two rankings (Spearman), with a percentile interval; missing below three touchpoints.

    Parameters
    ----------
    exact : numpy.ndarray, shape (2, p)
        Importances in the data.
    drawn : numpy.ndarray, shape (replicates, 2, p)
        Importances in resamples of it.
    level : float
    n : int
        Answers, to be told with the estimate.
    """
    correlations = np.array([_spearman(*shares) for shares in drawn])
    low, high = np.nan, np.nan
    if np.isfinite(correlations).any():
        low, high = np.nanquantile(correlations, _tails(level))
    return Estimate(_spearman(*exact), float(low), float(high), n)


def share_differences(exact: np.ndarray, drawn: np.ndarray, level: float) -> np.ndarray:
    """Subtract the second share of what is explained from the first; parameters as ``correlate_ranks``.

    Returns
    -------
    numpy.ndarray, shape (3, p)
        The difference and the ends of its percentile interval.
    """
    now, again = (found / found.sum(axis=-1, keepdims=True) for found in (exact, drawn))
    low, high = np.quantile(again[:, 0] - again[:, 1], _tails(level), axis=0)
    return np.stack([now[0] - now[1], low, high])


def _tails(level: float) -> list[float]:
    return [(1 - level) / 2, (1 + level) / 2]


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation; missing below three values."""
    if len(first) < 3:
        return np.nan
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])
