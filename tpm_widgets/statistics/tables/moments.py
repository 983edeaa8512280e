"""Sums of products of columns, merged part by part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossProducts:
    """What a linear regression, a covariance or a correlation needs of k columns of a table.

    Attributes
    ----------
    names : tuple of str, length k
    n, left_out : int
        Rows with all columns and a positive weight, and the other rows.
    weight, weight_squared : float
        Σw and Σw².
    mean : numpy.ndarray, shape (k,)
        Weighted means; 0 where n is 0.
    centred : numpy.ndarray, shape (k, k)
        Σw(x − x̄)(x − x̄)'.
    """

    names: tuple[str, ...]
    n: int
    left_out: int
    weight: float
    weight_squared: float
    mean: np.ndarray
    centred: np.ndarray

    @property
    def products(self) -> np.ndarray:
        """Σw·zz' with z = (1, x), the constant first: X'WX and, for an outcome among the columns, X'Wy."""
        first = np.concatenate([[1.0], self.mean])
        products = self.weight * np.outer(first, first)
        products[1:, 1:] += self.centred
        return products

    def merge(self, other: CrossProducts) -> CrossProducts:
        """Return the sums of both parts of a table together (Chan, Golub & LeVeque 1983)."""
        weight = self.weight + other.weight
        apart = other.mean - self.mean
        share = other.weight / weight if weight > 0 else 0.0
        return CrossProducts(
            names=self.names,
            n=self.n + other.n,
            left_out=self.left_out + other.left_out,
            weight=weight,
            weight_squared=self.weight_squared + other.weight_squared,
            mean=self.mean + share * apart,
            centred=self.centred + other.centred + self.weight * share * np.outer(apart, apart),
        )


def cross_products_of(names: tuple[str, ...], columns: np.ndarray, weights: np.ndarray | None) -> CrossProducts:
    """Sum the products of one block.

    Parameters
    ----------
    names : tuple of str, length k
    columns : numpy.ndarray of float, shape (k, rows)
        NaN where missing.
    weights : numpy.ndarray, shape (rows,), optional
    """
    rows = columns.shape[1]
    used = np.isfinite(columns).all(axis=0)
    if weights is not None:
        used &= np.isfinite(weights) & (weights > 0)
    if not used.all():
        columns, weights = columns[:, used], None if weights is None else weights[used]
    n = columns.shape[1]
    total = float(n if weights is None else weights.sum())
    mean = np.zeros(len(names)) if n == 0 else (columns.sum(axis=1) if weights is None else columns @ weights) / total
    apart = columns - mean[:, None]
    return CrossProducts(
        names=names,
        n=n,
        left_out=rows - n,
        weight=total,
        weight_squared=float(n if weights is None else weights @ weights),
        mean=mean,
        centred=(apart if weights is None else apart * weights) @ apart.T,
    )
