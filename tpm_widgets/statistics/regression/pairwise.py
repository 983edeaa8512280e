"""Linear regression from pairwise means and covariances: each from the answers that have both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.regression.linear_and_logit import Fit, cluster_correction, repeats, robust_covariance

INDEFINITE = 1e-10  # smallest eigenvalue of a correlation matrix that regression can stand on


def pairwise_moments(data: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted covariances from the rows that have both columns, as R's ``cov(use="pairwise")`` with divisor n.

    Parameters
    ----------
    data : numpy.ndarray, shape (n, m)
        Missing values are NaN.
    weights : numpy.ndarray, shape (n,)

    Returns
    -------
    covariance, means, total : numpy.ndarray, each of shape (m, m)
        ``means[j, k]`` is the mean of column j, and ``total[j, k]`` the weight, of the rows that have j and k.
    """
    here = ~np.isnan(data)
    filled = np.where(here, data, 0.0)
    shift = filled.sum(axis=0) / np.maximum(here.sum(axis=0), 1)  # products of what is centred lose no digits
    filled = np.where(here, data - shift, 0.0)
    weighted = weights[:, None] * filled
    total = (weights[:, None] * here).T @ here
    with np.errstate(invalid="ignore"):  # a pair without common rows is missing; the caller refuses it
        means = weighted.T @ here / total
        covariance = weighted.T @ filled / total - means * means.T
    return covariance, means + shift[:, None], total


def fit_pairwise(
    outcome: np.ndarray,
    ratings: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray,
    clusters: np.ndarray,
) -> tuple[Fit, np.ndarray]:
    """Fit a linear regression to pairwise moments; its errors by the influence of each answer on each moment.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (n,)
    ratings : numpy.ndarray, shape (n, p)
        Centred at their means; missing values are NaN.
    names : sequence of str, length p + 1
        The constant first.
    weights, clusters : numpy.ndarray, shape (n,)

    Returns
    -------
    fit : Fit
        n − k degrees of freedom, or G − 1 where a cluster's label repeats.
    covariance : numpy.ndarray, shape (p + 1, p + 1)
        The pairwise covariances, the outcome last.

    Raises
    ------
    DataError
        Where two columns have no answer in common, or the matrix is not positive definite.
    """
    data = np.column_stack([ratings, outcome])
    covariance, means, total = pairwise_moments(data, weights)
    _refuse_indefinite(covariance, total, [*names[1:], ""])
    bread = np.linalg.inv(covariance[:-1, :-1])
    slopes = bread @ covariance[:-1, -1]
    here = ~np.isnan(data)
    filled = np.where(here, data, 0.0)
    contrast = np.append(-slopes, 1.0)
    moved = np.zeros_like(ratings)
    for other, part in enumerate(contrast):  # ∂(s_xy − S_xx b), column by column of the outer products
        deviation = (filled[:, :-1] - means[:-1, other]) * (filled[:, [other]] - means[other, :-1])
        both = here[:, :-1] & here[:, [other]]
        moved += part * both * (deviation - covariance[:-1, other]) / total[:-1, other]
    centre = (np.where(here, data - np.diag(means), 0.0) / np.diag(total)) @ contrast
    influence = weights[:, None] * np.column_stack([centre, moved @ bread])
    k = len(names)
    influence *= cluster_correction(clusters, k)
    n = len(outcome)
    fit = Fit(
        kind="linear",
        names=tuple(names),
        params=np.append(np.diag(means) @ contrast, slopes),
        cov=robust_covariance(influence, clusters),
        df=float(len(np.unique(clusters)) - 1 if repeats(clusters) else n - k),
        weights=weights,
        clusters=clusters,
        influence=influence,
    )
    return fit, covariance


def _refuse_indefinite(covariance: np.ndarray, total: np.ndarray, names: Sequence[str]) -> None:
    apart = np.argwhere(np.triu(total == 0))
    if len(apart):
        first, second = (names[position] for position in apart[0])
        raise _fault(
            say("answers that rated both {first} and {second}", first=first, second=second),
            say('Choose missing="indicator", or leave one of the two out.'),
        )
    scale = np.sqrt(np.diag(covariance))
    smallest = np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0]
    if smallest < INDEFINITE:
        raise _fault(
            say(
                "pairwise correlations that one set of answers could have (smallest eigenvalue above 0, here "
                "{value:number:4})",
                value=smallest,
            ),
            say('Choose missing="indicator": too few answers rated the same touchpoints.'),
        )


def _fault(expected: object, remedy: object) -> DataError:
    return DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])
