"""Does it happen as often as predicted? Predictions made without those whom they are for."""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.folds import fold_of
from tpm_widgets.statistics.score_forms import line_of_counts


def cross_validated(
    score: np.ndarray, event: np.ndarray, weights: np.ndarray, clusters: np.ndarray, *, folds: int = 10, seed: int
) -> np.ndarray:
    """Predict each answer's event by a logistic line that was fitted to other people's answers.

    Parameters
    ----------
    score : ndarray of int, shape (n,)
        0 … 10.
    event : ndarray of bool, shape (n,)
    weights : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,)
        Who belongs together; nobody is predicted with help of himself.
    folds : int
        Into how many parts people are divided at random; each person alone where there are fewer.
    seed : int
        Where the random numbers start.

    Returns
    -------
    ndarray, shape (n,)
        Probabilities; NaN where the others give no line, or there are no others.

    References
    ----------
    Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the Royal
    Statistical Society B 36, 111-147. https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
    """
    part = fold_of(clusters, folds, seed)
    cells = score + 11 * event
    total = np.bincount(cells, weights=weights, minlength=22)
    predicted = np.full(len(score), np.nan)
    for fold in np.unique(part):
        own = part == fold
        others = np.bincount(cells[~own], weights=weights[~own], minlength=22) if not own.all() else 0 * total
        predicted[own] = line_of_counts(others[11:], others[:11])[score[own]]
    return predicted
