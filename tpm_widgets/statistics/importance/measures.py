"""All measures of importance that need one covariance matrix and nothing else, under one name each: those of one or two
regressions, Johnson's relative weights; and what a predictor of random numbers would get by any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import NOTHING_LEFT, correlation, explained, standardised_slopes

Measure = Literal["lmg", "relative_weights", "last", "first", "betasq", "pratt"]

Groups = Sequence[Sequence[int]]

DRAWS = 1_000  # random predictors
NUMBERS = 2**21  # random numbers held at a time


def importance_of(
    measure: Measure, covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()
) -> np.ndarray:
    """Return each player's importance, shape (…, players).

    Parameters
    ----------
    measure : {"lmg", "relative_weights", "last", "first", "betasq", "pratt"}
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k columns and, last, the outcome; one matrix or many.
    groups : sequence of sequences of int
        The columns of each player.
    always : sequence of int
        Columns that are in every model; with "lmg", "last" and "first" only.
    """
    if measure == "lmg":
        return lmg(covariance, groups, always)
    if measure == "last":
        return last(covariance, groups, always)
    if measure == "first":
        return first(covariance, groups, always)
    if measure == "betasq":
        return betasq(covariance, groups)
    # A column that two players share stands there twice.
    order = np.array([*(column for group in groups for column in group), covariance.shape[-1] - 1])
    starts = np.cumsum([0, *(len(group) for group in groups)])[:-1]
    split = relative_weights if measure == "relative_weights" else pratt
    return np.add.reduceat(split(covariance[..., order[:, None], order]), starts, axis=-1)


def last(covariance: np.ndarray, groups: Groups, always: Sequence[int] = ()) -> np.ndarray:
    """How much R² loses without each player: what it explains when it enters last ("usefulness").

    Parameters
    ----------
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k predictors and, last, the outcome; one matrix or many.
    groups : sequence of sequences of int
        The columns of each player.
    always : sequence of int
        Columns that are in every model.

    Returns
    -------
    numpy.ndarray, shape (…, len(groups))
        They do not add up to R².
    """
    standard = correlation(covariance)
    everyone = sorted({*always, *(column for group in groups for column in group)})
    total = explained(standard, everyone)
    without = [
        {*always, *(column for place, group in enumerate(groups) if place != player for column in group)}
        for player in range(len(groups))
    ]
    return np.maximum(np.stack([total - explained(standard, sorted(rest)) for rest in without], axis=-1), 0.0)


def first(covariance: np.ndarray, groups: Groups, always: Sequence[int] = ()) -> np.ndarray:
    """R² of each player on its own (above that of ``always``); parameters as for ``last``, not adding up either."""
    standard = correlation(covariance)
    base = explained(standard, sorted(always))
    alone = [explained(standard, sorted({*always, *group})) - base for group in groups]
    return np.maximum(np.stack(alone, axis=-1), 0.0)


def betasq(covariance: np.ndarray, groups: Groups) -> np.ndarray:
    """Squared standardised coefficients; parameters as for ``last``, not adding up either.

    For a group the variance of its part of the fit, β′Rβ over its columns: for one column that is β², and it does not
    depend on how a factor is coded.
    """
    standard = correlation(covariance)
    slopes = standardised_slopes(covariance)
    parts = []
    for group in groups:
        own = np.array(group)
        beta = slopes[..., own]
        parts.append((beta[..., None, :] @ standard[..., own[:, None], own] @ beta[..., :, None])[..., 0, 0])
    return np.stack(parts, axis=-1)


def pratt(covariance: np.ndarray) -> np.ndarray:
    """Coefficient times correlation of each column, β_j r_j, shape (…, k); they add up to R².

    Negative where a coefficient and a correlation point to different sides.

    References
    ----------
    Pratt 1987; Thomas, Hughes & Zumbo 1998, doi:10.1023/A:1006954016433.
    """
    return standardised_slopes(covariance) * correlation(covariance)[..., :-1, -1]


def relative_weights(covariance: np.ndarray) -> np.ndarray:
    """Split R² among correlated predictors, for any number of them.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k predictors and, last, the outcome (which must vary); one matrix or many. Constant predictors get 0.

    Returns
    -------
    numpy.ndarray, shape (…, k)
        Shares of the outcome's variance, none negative; they add up to R².

    Notes
    -----
    R = VΔV′ is the predictors' correlation matrix and Λ = VΔ^½V′ its square root: the correlations of the predictors
    with the closest uncorrelated variables Z. With β = Λ⁻¹r the regression on Z, predictor j gets Σ_k λ²_jk β²_k.
    Without that last rotation any two predictors would come out as 50 to 50. Equal to Genizi's (1993) decomposition.

    References
    ----------
    Johnson 2000, doi:10.1207/S15327906MBR3501_1.
    """
    standard = correlation(covariance)
    values, vectors = np.linalg.eigh(standard[..., :-1, :-1])
    root = np.sqrt(np.where(values > NOTHING_LEFT, values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    back = np.swapaxes(vectors, -1, -2)
    beta = (vectors * inverse[..., None, :]) @ back @ standard[..., :-1, -1:]
    return ((((vectors * root[..., None, :]) @ back) ** 2) @ beta**2)[..., 0]


def random_importances(
    measure: Measure,
    data: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    columns: int,
    seed: int,
    alike: float = 1.0,
) -> np.ndarray:
    """Draw random predictors and let one after the other join the players: what each gets, shape (1,000,).

    Parameters
    ----------
    measure : {"lmg", "relative_weights", "last", "first", "betasq", "pratt"}
    data : numpy.ndarray, shape (n, k + 1)
        Columns and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
        Whose answers belong together (customers).
    groups, always
        As for ``importance_of``.
    columns : int
        Of how many random columns the random player consists.
    seed : int
    alike : float
        Intraclass correlation of the random predictor, 0…1: with 1 it has one value for each cluster.
    """
    share = weights / weights.sum()
    centred = data - share @ data
    labels, code = np.unique(clusters, return_inverse=True)
    rng = np.random.default_rng(seed)
    batch = int(np.clip(NUMBERS // (len(data) * columns), 1, DRAWS))
    inner = (share[:, None] * centred).T @ centred
    new = list(range(len(inner) - 1, len(inner) - 1 + columns))
    # What R² loses without the random one: nobody else's importance has to be known.
    players: list[Sequence[int]] = [*groups, new]
    base = list(always)
    if measure == "last":
        players, base = [new], [*always, *(column for group in groups for column in group)]
    found = []
    for start in range(0, DRAWS, batch):
        count = min(batch, DRAWS - start)
        random = rng.normal(size=(count, columns, len(labels)))[:, :, code]
        if alike < 1 and len(labels) < len(code):
            own = rng.normal(size=(count, columns, len(code)))
            random = np.sqrt(alike) * random + np.sqrt(1 - alike) * own
        random -= (random @ share)[:, :, None]
        weighted = random * share
        joined = _joined(inner, weighted @ centred, weighted @ np.swapaxes(random, 1, 2))
        found.append(importance_of(measure, joined, players, base)[..., -1])
    return np.concatenate(found)


def _joined(inner: np.ndarray, across: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Covariance matrices of the columns, the random ones, and the outcome, which stays last."""
    count, columns, size = across.shape
    joined = np.empty((count, size + columns, size + columns))
    old = np.r_[: size - 1, size - 1 + columns]
    new = np.arange(size - 1, size - 1 + columns)
    joined[:, old[:, None], old] = inner
    joined[:, new[:, None], old] = across
    joined[:, old[:, None], new] = np.swapaxes(across, 1, 2)
    joined[:, new[:, None], new] = own
    return joined
