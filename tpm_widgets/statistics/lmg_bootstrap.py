"""How LMG shares vary from sample to sample: customers drawn again, all shares at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.covariance import correlation

ROWS = 4096  # answers whose products are held at a time
SQUARES = 3  # Latin squares of orders: what they miss of a replicate's share is about 5 % of its standard error
RIDGE = 1e-10  # lets the Cholesky factor of a singular matrix exist; what it adds to a share is below 1e-9


def bootstrap_lmg(
    columns: np.ndarray,
    outcomes: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    groups: Sequence[Sequence[int]],
    replicates: int,
    seed: int,
) -> np.ndarray:
    """By how much the LMG shares of resampled data differ from those of the data, for several outcomes.

    Parameters
    ----------
    columns : numpy.ndarray, shape (n, k)
    outcomes : numpy.ndarray, shape (n, m)
    weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    groups : sequence of sequences of int
        The columns of each of p players.
    replicates, seed : int

    Returns
    -------
    numpy.ndarray, shape (replicates, m, p)

    Notes
    -----
    Shares are averaged over the same 6p orders in every replicate and in the data (three times each player once at
    each place, and the reverse of each order), and only the difference is returned: what the chosen orders miss of
    the mean over all p! is nearly the same on both sides and cancels.
    """
    data = np.column_stack([np.ones(len(columns)), columns, outcomes])
    counts = _draw(clusters, replicates, seed)
    moments = _moments(data, np.vstack([weights, counts * weights]))
    means = moments[:, 0, 1:] / moments[:, :1, 0]
    covariances = moments[:, 1:, 1:] / moments[:, :1, :1] - means[:, :, None] * means[:, None, :]
    shares = _ordered_shares(correlation(covariances), groups, outcomes.shape[1], seed)
    return shares[1:] - shares[0]


def _draw(clusters: np.ndarray, replicates: int, seed: int) -> np.ndarray:
    """How often each answer's cluster was drawn, shape (replicates, n)."""
    labels, code = np.unique(clusters, return_inverse=True)
    size = len(labels)
    drawn = np.random.default_rng(seed).integers(size, size=(replicates, size))
    drawn += np.arange(replicates)[:, None] * size
    return np.bincount(drawn.ravel(), minlength=replicates * size).reshape(replicates, size)[:, code]


def _moments(data: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w x x′ for every row of weights, shape (replicates + 1, k, k)."""
    k = data.shape[1]
    upper = np.triu_indices(k)
    sums = np.zeros((len(weights), len(upper[0])))
    for start in range(0, len(data), ROWS):
        block = data[start : start + ROWS]
        sums += weights[:, start : start + ROWS] @ (block[:, upper[0]] * block[:, upper[1]])
    moments = np.empty((len(weights), k, k))
    moments[:, upper[0], upper[1]] = sums
    moments[:, upper[1], upper[0]] = sums
    return moments


def _ordered_shares(correlations: np.ndarray, groups: Sequence[Sequence[int]], outcomes: int, seed: int) -> np.ndarray:
    """LMG shares over a few orders: the outcome's row of the Cholesky factor holds the steps of R, entry by entry."""
    players = len(groups)
    last = np.arange(correlations.shape[1] - outcomes, correlations.shape[1])
    shares = np.zeros((len(correlations), outcomes, players))
    orders = _orders(players, seed)
    for order in orders:
        place = np.array([*(column for player in order for column in groups[player]), *last])
        starts = np.cumsum([0, *(len(groups[player]) for player in order)])[:-1]
        matrices = correlations[:, place[:, None], place]
        matrices[:, np.arange(len(place)), np.arange(len(place))] += RIDGE
        steps = np.linalg.cholesky(matrices)[:, -outcomes:, :-outcomes] ** 2
        shares[:, :, order] += np.add.reduceat(steps, starts, axis=2)
    return shares / len(orders)


def _orders(players: int, seed: int) -> list[np.ndarray]:
    """Each player as often at each place as any other, and the reverse of each order."""
    rng = np.random.default_rng(seed)
    bases = [rng.permutation(players) for _ in range(SQUARES)]
    shifted = [np.roll(base, shift) for base in bases for shift in range(players)]
    return [*shifted, *(order[::-1] for order in shifted)]
