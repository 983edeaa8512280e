"""Covariances of resampled data: customers drawn again, and the moments of all resamples as one product."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

ROWS = 4096  # answers whose products are held at a time
NO_VARIANCE = 1e-12  # of a column with variance 1 in the data: in a resample without its rare values
COUNTS = 2**21  # numbers of one batch of draws: 209 resamples of 10,000 answers, fewer of more
MOST = 512  # resamples of a batch; products of columns are made anew for each batch, so few batches are fast


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
