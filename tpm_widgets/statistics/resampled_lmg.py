"""Exact LMG in every resample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.resampled_covariances import resampled_covariances
from tpm_widgets.statistics.shapley import lmg


def resampled_lmg(
    data: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    replicates: int,
    seed: int,
) -> np.ndarray:
    """Return the LMG shares of resampled data, shape (replicates, players).

    Parameters
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Predictors and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    groups, always
        As for ``lmg``.
    replicates, seed : int
    """
    resamples = resampled_covariances(data, weights, clusters, replicates, seed)
    return np.concatenate([lmg(covariances, groups, always) for covariances in resamples])


def percentile_interval(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of each column's percentile interval: the (R + 1)α-th of R values, or between neighbours.

    References
    ----------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, section 5.3, doi:10.1017/CBO9780511802843.
    """
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0, method="weibull")
    return low, high
