"""What leaving out one person, with all answers, does to the coefficients of a regression."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DECISIVE = 1e-10  # of a determinant: nothing is left to estimate a coefficient from


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
