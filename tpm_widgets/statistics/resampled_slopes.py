"""Linear regressions on resampled data: all coefficients from cross products, without a fit each."""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.resampled_covariances import resampled_covariances

RIDGE = 1e-13  # lets the inverse of a singular correlation matrix exist
INFLATED = 1e6  # variance inflation from which on a coefficient is not one


def resampled_slopes(
    matrix: np.ndarray, outcome: np.ndarray, weights: np.ndarray, clusters: np.ndarray, replicates: int, seed: int
) -> np.ndarray:
    """Return the (weighted) least-squares coefficients of resamples, shape (replicates, k); the constant's is left out.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (n, k + 1)
        The constant first.
    outcome, weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    replicates, seed : int

    Returns
    -------
    numpy.ndarray, shape (replicates, k)
        Missing where a column does not vary in a resample, or the others contain it.
    """
    data = np.column_stack([matrix[:, 1:], outcome])
    scale = data.std(axis=0)  # what ``resampled_covariances`` divides by
    scale = np.where(scale > 0, scale, 1.0)
    found = [_slopes(batch) for batch in resampled_covariances(data, weights, clusters, replicates, seed)]
    return np.concatenate(found) * (scale[-1] / scale[:-1])


def _slopes(covariances: np.ndarray) -> np.ndarray:
    """Regress the last column on the others in each of many covariance matrices."""
    inner = covariances[:, :-1, :-1]
    variance = np.diagonal(inner, axis1=1, axis2=2)
    inverse = np.linalg.inv(inner + RIDGE * np.eye(inner.shape[1]))
    slopes = (inverse @ covariances[:, :-1, -1:])[..., 0]
    inflation = np.diagonal(inverse, axis1=1, axis2=2) * variance
    return np.where((variance > 0) & (inflation < INFLATED), slopes, np.nan)
