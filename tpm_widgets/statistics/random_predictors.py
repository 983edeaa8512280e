"""What a predictor of random numbers would get, by any measure of importance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.importance_measures import Measure, importance_of

DRAWS = 1_000  # random predictors
NUMBERS = 2**21  # random numbers held at a time


def random_importances(
    measure: Measure,
    data: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    columns: int,
    seed: int,
) -> np.ndarray:
    """Draw random predictors and let one after the other join the players: what each gets, shape (1,000,).

    Parameters
    ----------
    measure : {"lmg", "relative_weights", "last", "first", "betasq", "pratt"}
    data : numpy.ndarray, shape (n, k + 1)
        Columns and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
        A random predictor has one value for each cluster (customer).
    groups, always
        As for ``importance_of``.
    columns : int
        Of how many random columns the random player consists.
    seed : int
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
        random = rng.normal(size=(min(batch, DRAWS - start), columns, len(labels)))[:, :, code]
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
