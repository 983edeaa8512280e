"""Who predicts whom: people divided at random, so that nobody is predicted with help of himself."""

from __future__ import annotations

import numpy as np


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
