"""What makes a regression's coefficients doubtful: columns that go together, players that overlap so much that what
they explain can hardly be divided, and single persons whom they hang on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

SAME = 1e-9  # 1 − |correlation| of columns that carry the same values
RIDGE = 1e-12  # lets the inverse of a singular correlation matrix exist

DECISIVE = 1e-10  # of a determinant: nothing is left to estimate a coefficient from


def variance_inflation(standard: np.ndarray) -> np.ndarray:
    """Return the variance inflation factor of each column, 1/(1 − R² on all others), shape (k,).

    Parameters
    ----------
    standard : ndarray, shape (k, k)
        Correlations of the columns, none of which contains another.

    References
    ----------
    Marquardt, D. W. (1970). Generalized inverses, ridge regression, biased linear estimation, and nonlinear
    estimation. Technometrics 12, 591-612. https://doi.org/10.1080/00401706.1970.10488699

    Examples
    --------
    >>> variance_inflation(np.array([[1.0, 0.6], [0.6, 1.0]]))
    array([1.5625, 1.5625])
    """
    return np.asarray(1 / (1 - overlap(standard, [[column] for column in range(len(standard))])))


def generalised_variance_inflation(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return by how much the joint confidence region of each group of columns is inflated, shape (len(groups),).

    Parameters
    ----------
    standard : ndarray, shape (k, k)
        Correlations of all columns, none of which contains another.
    groups : sequence of sequences of int
        Columns that belong together, such as a rating and the indicator that it is missing.

    Notes
    -----
    GVIF = det(R₁₁) · det(R₂₂) / det(R), where R₁₁ are the correlations within the group and R₂₂ those among all
    others: the ratio of the squared volumes of the group's confidence ellipsoid with these columns and with columns
    that do not go together with the others. It does not depend on how the group is coded. For one column it is the
    variance inflation factor; GVIF^(1/columns) is comparable between groups of different sizes.

    References
    ----------
    Fox, J. & Monette, G. (1992). Generalized collinearity diagnostics. Journal of the American Statistical
    Association 87, 178-183. https://doi.org/10.1080/01621459.1992.10475190

    Examples
    --------
    >>> generalised_variance_inflation(np.array([[1, 0, 0.6], [0, 1, 0.0], [0.6, 0, 1]]), [[0, 1], [2]])
    array([1.5625, 1.5625])
    """
    return np.array([_inflation(standard, list(group)) for group in groups])


def _inflation(standard: np.ndarray, group: list[int]) -> float:
    others = [column for column in range(len(standard)) if column not in group]
    log = (np.linalg.slogdet(standard[np.ix_(part, part)])[1] for part in (group, others))
    return float(np.exp(sum(log) - np.linalg.slogdet(standard)[1]))


def condition_number(standard: np.ndarray) -> float:
    """Return √(largest ÷ smallest eigenvalue) of the correlations of all columns.

    References
    ----------
    Belsley, D. A., Kuh, E. & Welsch, R. E. (1980). Regression Diagnostics. Wiley.
    https://doi.org/10.1002/0471725153

    Examples
    --------
    >>> condition_number(np.array([[1.0, 0.6], [0.6, 1.0]]))
    2.0
    """
    values = np.linalg.eigvalsh(standard)
    return float(np.sqrt(values[-1] / values[0])) if values[0] > 0 else float("inf")


def twins(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of players of one column each whose columns are the same, or mirror images, from their correlations."""
    single = [player for player, group in enumerate(groups) if len(group) == 1]
    own = np.array([groups[player][0] for player in single], dtype=int)
    same = np.abs(standard[own[:, None], own]) > 1 - SAME
    return [(single[i], single[j]) for i, j in np.argwhere(np.triu(same, 1)).tolist()]


def overlap(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return how much of each player's variance the other players explain, shape (players,).

    The largest R² of one of its columns on the columns of all others, from the correlations of all columns. The block
    of the inverse correlation matrix that belongs to a player is the inverse of what the others leave of it.
    """
    columns = [column for group in groups for column in group]
    inverse = np.linalg.inv(standard[np.ix_(columns, columns)] + RIDGE * np.eye(len(columns)))
    if len(columns) == len(groups):
        return 1 - 1 / np.diag(inverse)
    starts = np.cumsum([0, *(len(group) for group in groups)])
    found = []
    for start, end in pairwise(starts):
        left = np.linalg.inv(inverse[start:end, start:end])
        found.append(1 - (np.diag(left) / np.diag(standard)[columns[start:end]]).min())
    return np.array(found)


class WithoutOne(NamedTuple):
    """What leaving out each of g clusters does.

    Attributes
    ----------
    sizes : numpy.ndarray, shape (g,)
        Answers of each cluster.
    changes : numpy.ndarray, shape (g, k)
        β without the cluster minus β; infinite in coefficients that could not be estimated without it.
    lost : numpy.ndarray, shape (g,)
        By how much Σ score²/curvature (for linear regression, the weighted squared residuals) gets smaller.
    bread : numpy.ndarray, shape (k, k)
        The inverse of the full information.
    """

    sizes: np.ndarray
    changes: np.ndarray
    lost: np.ndarray
    bread: np.ndarray


def without_one(matrix: np.ndarray, score: np.ndarray, curvature: np.ndarray, clusters: np.ndarray) -> WithoutOne:
    """Leave out one cluster after the other, in the order of their labels.

    Parameters
    ----------
    matrix : ndarray, shape (n, k)
        The constant included.
    score : ndarray, shape (n,)
        Derivative of each answer's log-likelihood in its linear predictor; weight × residual.
    curvature : ndarray, shape (n,)
        Minus the second derivative, above 0; the weight for linear regression, weight × μ(1 − μ) for a logit.
    clusters : ndarray, shape (n,)
        Who belongs together.

    Notes
    -----
    β₍₋g₎ − β = −A⁻¹X′(I − V H)⁻¹ s for the rows X of the cluster, A = ΣXᵢ′vᵢXᵢ, H = XA⁻¹X′, V the curvatures and s
    the scores. For linear regression that is exact (Cook & Weisberg), for other models it is one Newton step from
    the full estimate (Pregibon).

    References
    ----------
    Cook, R. D. & Weisberg, S. (1982). Residuals and Influence in Regression. Chapman and Hall. Pregibon, D. (1981).
    Logistic regression diagnostics. Annals of Statistics 9, 705-724. https://doi.org/10.1214/aos/1176345513
    """
    _, code, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    bread = np.linalg.pinv((matrix * curvature[:, None]).T @ matrix, hermitian=True)
    order = np.argsort(code, kind="stable")
    starts = np.cumsum(sizes) - sizes
    changes, lost = np.empty((len(sizes), matrix.shape[1])), np.empty(len(sizes))
    for size in np.unique(sizes):
        own = np.flatnonzero(sizes == size)
        rows = order[starts[own][:, None] + np.arange(size)]  # (clusters, size)
        x, s, v = matrix[rows], score[rows], curvature[rows]
        moved = x @ bread
        left = np.eye(size) - v[:, :, None] * (moved @ x.transpose(0, 2, 1))
        decides = np.abs(np.linalg.det(left)) < DECISIVE
        left[decides] = np.eye(size)
        solved = np.linalg.solve(left, s[:, :, None])[:, :, 0]
        changes[own] = -np.einsum("gsk,gs->gk", moved, solved)
        changes[own] = np.where(decides[:, None] & (np.abs(moved) > DECISIVE).any(axis=1), np.inf, changes[own])
        lost[own] = (s / v * solved).sum(axis=1)
    return WithoutOne(sizes, changes, lost, bread)
