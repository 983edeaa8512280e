"""How LMG shares vary from sample to sample: customers drawn again, all shares at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.covariance import correlation
from tpm_widgets.statistics.resampled_covariances import draw_counts, weighted_covariances
from tpm_widgets.statistics.sampled_lmg import balanced_orders, ordered_steps

SQUARES = 3  # Latin squares of orders: what they miss of a replicate's share is about 5 % of its standard error


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
    labels, code = np.unique(clusters, return_inverse=True)
    counts = draw_counts(len(labels), replicates, np.random.default_rng(seed))[:, code]
    covariances = weighted_covariances(np.column_stack([columns, outcomes]), np.vstack([weights, counts * weights]))
    shares = _ordered_shares(correlation(covariances), groups, outcomes.shape[1], seed)
    return shares[1:] - shares[0]


def _ordered_shares(correlations: np.ndarray, groups: Sequence[Sequence[int]], outcomes: int, seed: int) -> np.ndarray:
    """LMG shares over a few orders, shape (replicates, outcomes, players)."""
    shares = np.zeros((len(correlations), outcomes, len(groups)))
    orders = balanced_orders(len(groups), SQUARES, seed)
    for order in orders:
        shares[:, :, order] += ordered_steps(correlations, groups, order, outcomes)
    return shares / len(orders)
