"""Covariances with weights, or a matrix that somebody else computed, and what a regression explains by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say

NOTHING_LEFT = 1e-12  # an eigenvalue of a correlation matrix below this is a direction without variance

NOT_NEGATIVE = 1e-8  # an eigenvalue of a correlation matrix below minus this is more than rounding


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedMatrix:
    """Covariances of predictors and, last, the outcome.

    Attributes
    ----------
    names : tuple of str
    covariance : numpy.ndarray, shape (k + 1, k + 1)
    """

    names: tuple[str, ...]
    covariance: np.ndarray


def is_matrix(source: Any) -> bool:
    """Tell whether a source is a pandas frame whose rows and columns have the same names in the same order."""
    return isinstance(source, pd.DataFrame) and len(source) > 1 and source.index.equals(source.columns)


def read_matrix(source: Any, outcome: str | None, predictors: Sequence[str] | None, n: int) -> NamedMatrix:
    """Read a matrix; the frame stays as it is.

    Parameters
    ----------
    source : pandas.DataFrame
        Square, with the same names for rows and columns.
    outcome : str
    predictors : sequence of str, optional
        All others where None.
    n : int
        The number of rows that it rests on.

    Raises
    ------
    DataError
        Where it is no covariance matrix, a variance is 0, or rows were too few.
    ValueError
        Where the source is no matrix, or a name is not there.
    """
    if not is_matrix(source):
        raise ValueError(
            "n= goes with a covariance or correlation matrix: a square pandas DataFrame whose rows and columns have "
            "the same names in the same order."
        )
    known = [str(name) for name in source.columns]
    listed = ", ".join(map(repr, known))
    if outcome is None or outcome not in known:
        raise ValueError(f"outcome must name the row to be explained, one of {listed}.")
    chosen = [name for name in known if name != outcome] if predictors is None else list(predictors)
    for name in chosen:
        if name not in known or name == outcome:
            raise ValueError(f"{name!r} is no predictor of the matrix; it has {listed}.")
    names = (*chosen, outcome)
    places = [known.index(name) for name in names]
    covariance = source.to_numpy(float)[np.ix_(places, places)]
    _check(covariance, names, n)
    return NamedMatrix(names=names, covariance=covariance)


def _check(covariance: np.ndarray, names: Sequence[str], n: int) -> None:
    """Refuse what is no covariance matrix, a row without variance, and too few rows behind it."""
    if not np.isfinite(covariance).all() or not np.allclose(covariance, covariance.T, rtol=1e-8, atol=0):
        _refuse(say("known values, the same on both sides"))
    flat = [name for name, variance in zip(names, np.diag(covariance), strict=True) if variance <= 0]
    if flat:
        _refuse(say("a variance above 0"), flat)
    if np.linalg.eigvalsh(correlation(covariance))[0] < -NOT_NEGATIVE:
        _refuse(say("a covariance matrix of one set of rows (positive semi-definite)"))
    if n <= len(names):
        _refuse(say("more complete rows than columns; here {n} and {k}", n=n, k=len(names)))


def _refuse(expected: object, names: Sequence[str] = ("",)) -> None:
    raise DataError([{"table": "matrix", "column": name, "expected": str(expected)} for name in names])
