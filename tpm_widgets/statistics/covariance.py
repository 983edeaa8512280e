"""Covariances with weights, and what a regression explains by them."""

from __future__ import annotations

import numpy as np
from scipy.linalg import pinvh

NOTHING_LEFT = 1e-9  # an eigenvalue of a correlation matrix below this is a direction without variance


def weighted_covariance(columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the covariance matrix of columns, with divisor Σw, shape (k, k)."""
    centred = columns - weights @ columns / weights.sum()
    weighted = centred if np.ptp(weights) == 0 else centred * (weights / weights.mean())[:, None]
    return weighted.T @ centred / len(weights)


def correlation(covariance: np.ndarray) -> np.ndarray:
    """Return the correlation matrix, or several, shape (…, k, k); a column without variance has zeros."""
    scale = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0))
    scale = np.where(scale > 0, scale, 1.0)
    return covariance / (scale[..., :, None] * scale[..., None, :])


def standardised_slopes(covariance: np.ndarray) -> np.ndarray:
    """Return the coefficients of the standardised regression of the last column on the others, shape (k,).

    Where columns contain each other, the shortest of the vectors that explain most.
    """
    standard = correlation(covariance)
    return pinvh(standard[:-1, :-1], atol=NOTHING_LEFT) @ standard[:-1, -1]


def r_squared(covariance: np.ndarray) -> float:
    """Return the share of the last column's variance that the others explain."""
    return float(correlation(covariance)[:-1, -1] @ standardised_slopes(covariance))
