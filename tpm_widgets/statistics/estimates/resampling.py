"""Drawing again: the cluster bootstrap of anything that is made of totals; and people divided at random, so that nobody
is predicted with help of himself.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def resampled_totals(
    values: np.ndarray, cells: np.ndarray, clusters: np.ndarray, *, size: int, replicates: int, seed: int
) -> np.ndarray:
    """Return totals per cell in resamples of whole clusters.

    Parameters
    ----------
    values : ndarray, shape (n,)
        What each observation adds, for instance its weight.
    cells : ndarray of int, shape (n,)
        To which of the ``size`` totals it is added.
    clusters : ndarray of int, shape (n,)
        Codes 0, 1, …; clusters are drawn with replacement, as many as there are.
    size, replicates, seed : int
        How many cells, how many resamples, and where the random numbers start.

    Returns
    -------
    ndarray, shape (replicates, size)

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 3.8. Cambridge.
    https://doi.org/10.1017/CBO9780511802843
    """
    codes, clusters = np.unique(clusters, return_inverse=True)
    totals = sparse.csr_array((values.astype(float), (cells, clusters)), shape=(size, len(codes)))
    rng = np.random.default_rng(seed)
    draws = (rng.integers(0, len(codes), len(codes)) for _ in range(replicates))
    return np.array([totals @ np.bincount(draw, minlength=len(codes)) for draw in draws])


def fold_of(clusters: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Return the fold of each answer, shape (n,).

    Parameters
    ----------
    clusters : ndarray, shape (n,)
        Who belongs together; all answers of one person are in one fold.
    folds : int
        Into how many parts people are divided at random; each person alone where there are fewer.
    seed : int
        Where the random numbers start.

    Examples
    --------
    >>> fold_of(np.array([7, 7, 3, 9]), folds=2, seed=1)
    array([1, 1, 0, 0])
    """
    people, person = np.unique(clusters, return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(people))[person] % folds)
