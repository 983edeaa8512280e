"""General, conditional and complete dominance, from the fit of every subset of players."""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.shapley import subset_sizes

TIE = 1e-10  # fits that differ by less are the same but for rounding


def gains(fits: np.ndarray, player: int) -> np.ndarray:
    """How much each subset of the other players gains when one enters, shape (2^(players − 1),).

    Parameters
    ----------
    fits : numpy.ndarray, shape (2^players,)
        At place Σ 2^j over the players j that are in.
    player : int
    """
    halves = fits.reshape(-1, 2, 2**player)
    return (halves[:, 1] - halves[:, 0]).ravel()


def conditional_dominance(fits: np.ndarray) -> np.ndarray:
    """Return the mean gain by how many are in with the player included, shape (players, players).

    The mean of a row is general dominance: the Shapley value.
    """
    players = int(np.log2(len(fits)))
    sizes = subset_sizes(players - 1)
    counts = np.bincount(sizes)
    return np.stack([np.bincount(sizes, weights=gains(fits, player)) / counts for player in range(players)])


def complete_dominance(fits: np.ndarray) -> np.ndarray:
    """In what share of the subsets without both the first of two adds more than the second, shape (players, players).

    1: the row's player completely dominates the column's. Ties count for neither; the diagonal is missing.
    """
    players = int(np.log2(len(fits)))
    shares = np.full((players, players), np.nan)
    for first in range(players):
        for second in range(first):
            pairs = fits.reshape(-1, 2, 2 ** (first - second - 1), 2, 2**second)
            more = pairs[:, 1, :, 0] - pairs[:, 0, :, 1]  # with the first only, less with the second only
            shares[first, second] = (more > TIE).mean()
            shares[second, first] = (more < -TIE).mean()
    return shares
