"""Covariances with weights, and what a regression explains by them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

NOTHING_LEFT = 1e-12  # an eigenvalue of a correlation matrix below this is a direction without variance


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


def pseudo_inverse(standard: np.ndarray) -> np.ndarray:
    """Return the (pseudo-)inverse of a correlation matrix, or of several, shape (…, k, k)."""
    values, vectors = np.linalg.eigh(standard)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > NOTHING_LEFT)
    return (vectors * inverse[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def standardised_slopes(covariance: np.ndarray) -> np.ndarray:
    """Return the coefficients of the standardised regression of the last column on the others, shape (…, k).

    Where columns contain each other, the shortest of the vectors that explain most.
    """
    standard = correlation(covariance)
    return (pseudo_inverse(standard[..., :-1, :-1]) @ standard[..., :-1, -1:])[..., 0]


def r_squared(covariance: np.ndarray) -> float:
    """Return the share of the last column's variance that the others explain."""
    return float(explained(correlation(covariance), range(len(covariance) - 1)))


def explained(standard: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """Return R² of the last column on some of the others, from a correlation matrix or several, shape (…).

    Column after column is taken out of the rest: of nearly collinear ones that keeps more digits than an inverse.
    """
    places = np.array([*columns, standard.shape[-1] - 1])
    left = standard[..., places[:, None], places]
    total = left[..., -1, -1]
    for _ in columns:
        pivot, row = left[..., 0, 0], left[..., 0, 1:]
        scaled = row * np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > NOTHING_LEFT)[..., None]
        left = left[..., 1:, 1:] - scaled[..., :, None] * row[..., None, :]
    return np.asarray(total - left[..., 0, 0])
