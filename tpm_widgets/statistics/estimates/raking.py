"""Weights that make a sample agree with what is known of the population: raking to margins, and to cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 2000
CLOSE = 1e-12  # how far a raked share may lie from its target
RANK = 1e-10  # of the margins' indicators, which add up to each other


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One margin: the category of each answer, and the share that each category has in the population.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        0, 1, …; −1 where an answer has none.
    shares : ndarray, shape (k,)
        Above 0; on any scale.
    """

    codes: np.ndarray
    shares: np.ndarray


def raked(weights: np.ndarray, margins: Sequence[Margin]) -> np.ndarray:
    """Return the weights nearest to those given with which every category has its share.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Of at least 0; answers of weight 0 keep it.
    margins : sequence of Margin
        One gives post-stratification. Answers without a category keep their share of it.

    Returns
    -------
    ndarray, shape (n,)
        With the same sum.

    Raises
    ------
    ValueError
        Where no weights do it, because the margins ask for answers that nobody gave.

    Notes
    -----
    Nearest by Σ(v log(v/w) − v + w), Deville and Särndal's raking: v = w·exp(xλ). Margin after margin each category is
    multiplied to its share (iterative proportional fitting) until all are kept to 1e-12.

    References
    ----------
    Deville, J.-C., & Särndal, C.-E. (1992). Calibration estimators in survey sampling. Journal of the American
    Statistical Association 87, 376-382. https://doi.org/10.1080/01621459.1992.10475217

    Examples
    --------
    >>> sex = Margin(np.array([0, 0, 0, 1]), np.array([0.5, 0.5]))
    >>> raked(np.ones(4), [sex]).round(4).tolist()
    [0.6667, 0.6667, 0.6667, 2.0]
    """
    total = weights.sum()
    found = weights / total
    targets = [_targets(found, margin) for margin in margins]
    for _ in range(ROUNDS):
        worst = 0.0
        for margin, target in zip(margins, targets, strict=True):
            now = np.bincount(margin.codes + 1, weights=found, minlength=len(target))
            factor = np.divide(target, now, out=np.ones(len(target)), where=now > 0)
            worst = max(worst, float(np.abs(target - now).max()))
            found = found * factor[margin.codes + 1]
        if worst < CLOSE:
            return found * total
    raise ValueError("no weights give every category its share.")


def _targets(found: np.ndarray, margin: Margin) -> np.ndarray:
    """Return the share of each category, of those without one first."""
    without = found[margin.codes < 0].sum()
    return np.concatenate([[without], margin.shares / margin.shares.sum() * (1 - without)])


def explained_by(weights: np.ndarray, margins: Sequence[Margin]) -> np.ndarray:
    """Return an orthonormal basis of what the margins explain of √weight · value, shape (n, rank).

    An estimate with raked weights errs only by what of it the margins do not explain.
    """
    columns = [(margin.codes == code).astype(float) for margin in margins for code in range(-1, len(margin.shares))]
    left, size, _ = np.linalg.svd(np.column_stack(columns) * np.sqrt(weights)[:, None], full_matrices=False)
    return left[:, size > RANK * size.max(initial=0.0)]
