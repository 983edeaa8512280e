"""LMG from a sample of the orders in which predictors can enter, with the error that the sampling leaves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tpm_widgets.statistics.importance.shapley import MOST_PLAYERS, lmg
from tpm_widgets.statistics.regression.covariance import correlation, explained

SQUARES = 40  # independent Latin squares of orders; their spread gives the error
FEW_SQUARES = 10  # where nobody asked for a sample, but exactness would take too long
RIDGE = 1e-10  # lets the Cholesky factor of a singular matrix exist; what it adds to a share is below 1e-9


def sampled_lmg(
    covariance: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int] = (),
    seed: int = 1,
    squares: int = SQUARES,
) -> tuple[np.ndarray, np.ndarray]:
    """Estimate LMG for any number of players.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (k + 1, k + 1)
        Of k predictors and, last, the outcome.
    groups : sequence of sequences of int
        The columns of each of p players.
    always : sequence of int
        Columns that are in every model.
    seed : int
    squares : int
        How many Latin squares of orders are drawn, 2p orders each.

    Returns
    -------
    shares, errors : numpy.ndarray, shape (p,)
        Shares of the outcome's variance, adding up to R²; the Monte-Carlo standard error of each (0 for one player).

    Notes
    -----
    80p orders: 40 random Latin squares, in which each player stands once at each place, and the reverse of each order.
    In an order a player's share is what R² gains when it enters, so that every order adds up. The error is the
    standard deviation over the squares, divided by the root of their number, √40.

    References
    ----------
    Castro, Gómez & Tejada 2009, doi:10.1016/j.cor.2008.04.004; Mitchell, Cooper, Frank & Holmes 2022,
    https://jmlr.org/papers/v23/21-0439.html (reversed orders).
    """
    standard = correlation(covariance)
    players, columns = len(groups), [*always, *(column for group in groups for column in group)]
    found = np.zeros((squares, players))
    for place, order in enumerate(balanced_orders(players, squares, seed)):
        found[place // players % squares, order] += ordered_steps(standard[None], groups, order, 1, always)[0, 0]
    total = found.sum(axis=1).mean()
    if total > 0:
        found *= (explained(standard, sorted(set(columns))) - explained(standard, always)) / total
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(squares)


def lmg_of_any(
    covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return LMG, exact up to 25 players and from a sample of orders beyond; with its errors where it is sampled.

    Ten squares leave an error of about a hundredth of the mean share. Many verbs rest on the same regression, and from
    20 players on exactness takes a second: what was found of a matrix is remembered.
    """
    key = np.ascontiguousarray(covariance, dtype=float).tobytes()
    shares, errors = _remembered(key, len(covariance), tuple(map(tuple, groups)), tuple(always))
    return shares.copy(), None if errors is None else errors.copy()


@lru_cache(maxsize=64)
def _remembered(
    covariance: bytes, size: int, groups: tuple[tuple[int, ...], ...], always: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray | None]:
    matrix = np.frombuffer(covariance).reshape(size, size)
    if len(groups) <= MOST_PLAYERS:
        return lmg(matrix, groups, always), None
    return sampled_lmg(matrix, groups, always, squares=FEW_SQUARES)


def ordered_steps(
    correlations: np.ndarray,
    groups: Sequence[Sequence[int]],
    order: np.ndarray,
    outcomes: int,
    always: Sequence[int] = (),
) -> np.ndarray:
    """Return what R² gains when players enter in this order: squares of the outcome's row of the Cholesky factor.

    Parameters
    ----------
    correlations : numpy.ndarray, shape (matrices, k + outcomes, k + outcomes)
    groups : sequence of sequences of int
    order : numpy.ndarray, shape (p,)
    outcomes : int
        How many outcomes stand last.
    always : sequence of int
        Columns that stand before all players.

    Returns
    -------
    numpy.ndarray, shape (matrices, outcomes, p)
        In the order of ``order``.
    """
    last = np.arange(correlations.shape[1] - outcomes, correlations.shape[1])
    place = np.array([*always, *(column for player in order for column in groups[player]), *last])
    starts = len(always) + np.cumsum([0, *(len(groups[player]) for player in order)])[:-1]
    matrices = correlations[:, place[:, None], place]
    matrices[:, np.arange(len(place)), np.arange(len(place))] += RIDGE
    steps = np.linalg.cholesky(matrices)[:, -outcomes:, :-outcomes] ** 2
    return np.add.reduceat(steps, starts, axis=2)


def balanced_orders(players: int, squares: int, seed: int) -> list[np.ndarray]:
    """Each player as often at each place as any other, square by square, and then the reverse of each order."""
    rng = np.random.default_rng(seed)
    bases = [rng.permutation(players) for _ in range(squares)]
    shifted = [np.roll(base, shift) for base in bases for shift in range(players)]
    return [*shifted, *(order[::-1] for order in shifted)]
