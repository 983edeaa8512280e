"""Importance in resamples: customers drawn again, the moments of all resamples as one product, and from these
covariances all LMG shares and all slopes at once, without a fit each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tpm_widgets.statistics.importance.sampled_lmg import balanced_orders, ordered_steps
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import correlation

ROWS = 4096  # answers whose products are held at a time
NO_VARIANCE = 1e-12  # of a column with variance 1 in the data: in a resample without its rare values
COUNTS = 2**21  # numbers of one batch of draws: 209 resamples of 10,000 answers, fewer of more
MOST = 512  # resamples of a batch; products of columns are made anew for each batch, so few batches are fast

RIDGE = 1e-13  # lets the inverse of a singular correlation matrix exist
INFLATED = 1e6  # variance inflation from which on a coefficient is not one

SQUARES = 3  # Latin squares of orders: what they miss of a replicate's share is about 5 % of its standard error


def resampled_covariances(
    data: np.ndarray, weights: np.ndarray, clusters: np.ndarray, replicates: int, seed: int
) -> Iterator[np.ndarray]:
    """Yield the covariance matrices of resamples of standardised columns, in batches of shape (resamples, k, k).

    Parameters
    ----------
    data : numpy.ndarray, shape (n, k)
    weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    replicates, seed : int
    """
    labels, code = np.unique(clusters, return_inverse=True)
    rng = np.random.default_rng(seed)
    scale = data.std(axis=0)
    centred = (data - data.mean(axis=0)) / np.where(scale > 0, scale, 1.0)  # so that products lose no digits
    own = None if np.ptp(weights) == 0 else weights
    batch = int(np.clip(COUNTS // len(data), 8, MOST))
    for start in range(0, replicates, batch):
        counts = draw_counts(len(labels), min(batch, replicates - start), rng)
        counts = counts if len(labels) == len(data) else counts[:, code]
        found = weighted_covariances(centred, counts if own is None else counts * own)
        flat = np.diagonal(found, axis1=1, axis2=2) < NO_VARIANCE
        found[flat[:, :, None] | flat[:, None, :]] = 0.0
        yield found


def draw_counts(size: int, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """How often each of ``size`` clusters is drawn, as floats of shape (replicates, size)."""
    counts = np.empty((replicates, size))
    for row, drawn in zip(counts, rng.integers(size, size=(replicates, size), dtype=np.int32), strict=True):
        row[:] = np.bincount(drawn, minlength=size)
    return counts


def moments(data: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w x x′ for every row of weights, shape (replicates, k, k)."""
    k = data.shape[1]
    upper = np.triu_indices(k)
    sums = np.zeros((len(weights), len(upper[0])))
    columns = np.ascontiguousarray(data.T)
    for start in range(0, len(data), ROWS):
        block = columns[:, start : start + ROWS]
        sums += weights[:, start : start + ROWS] @ (block[upper[0]] * block[upper[1]]).T
    found = np.empty((len(weights), k, k))
    found[:, upper[0], upper[1]] = sums
    found[:, upper[1], upper[0]] = sums
    return found


def weighted_covariances(data: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the covariance matrix under every row of weights, with divisor Σw, shape (replicates, k, k)."""
    found = moments(np.column_stack([np.ones(len(data)), data]), weights)
    means = found[:, 0, 1:] / found[:, :1, 0]
    return found[:, 1:, 1:] / found[:, :1, :1] - means[:, :, None] * means[:, None, :]


def resampled_lmg(
    data: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    replicates: int,
    seed: int,
) -> np.ndarray:
    """Return the LMG shares of resampled data, shape (replicates, players).

    Parameters
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Predictors and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    groups, always
        As for ``lmg``.
    replicates, seed : int
    """
    resamples = resampled_covariances(data, weights, clusters, replicates, seed)
    return np.concatenate([lmg(covariances, groups, always) for covariances in resamples])


def percentile_interval(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of each column's percentile interval: the (R + 1)α-th of R values, or between neighbours.

    References
    ----------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, section 5.3, doi:10.1017/CBO9780511802843.
    """
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0, method="weibull")
    return low, high


def resampled_slopes(
    matrix: np.ndarray, outcome: np.ndarray, weights: np.ndarray, clusters: np.ndarray, replicates: int, seed: int
) -> np.ndarray:
    """Return the (weighted) least-squares coefficients of resamples, shape (replicates, k); the constant's is left out.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (n, k + 1)
        The constant first.
    outcome, weights, clusters : numpy.ndarray, shape (n,)
        Clusters (customers) are drawn with replacement, as many as there are, with all their answers.
    replicates, seed : int

    Returns
    -------
    numpy.ndarray, shape (replicates, k)
        Missing where a column does not vary in a resample, or the others contain it.
    """
    data = np.column_stack([matrix[:, 1:], outcome])
    scale = data.std(axis=0)  # what ``resampled_covariances`` divides by
    scale = np.where(scale > 0, scale, 1.0)
    found = [_slopes(batch) for batch in resampled_covariances(data, weights, clusters, replicates, seed)]
    return np.concatenate(found) * (scale[-1] / scale[:-1])


def _slopes(covariances: np.ndarray) -> np.ndarray:
    """Regress the last column on the others in each of many covariance matrices."""
    inner = covariances[:, :-1, :-1]
    variance = np.diagonal(inner, axis1=1, axis2=2)
    inverse = np.linalg.inv(inner + RIDGE * np.eye(inner.shape[1]))
    slopes = (inverse @ covariances[:, :-1, -1:])[..., 0]
    inflation = np.diagonal(inverse, axis1=1, axis2=2) * variance
    return np.where((variance > 0) & (inflation < INFLATED), slopes, np.nan)


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
