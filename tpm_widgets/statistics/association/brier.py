"""How good are predicted probabilities? The Brier score and its parts, and whether it happens as often as predicted, by
predictions made without those whom they are for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpm_widgets.statistics.association.score_forms import line_of_counts
from tpm_widgets.statistics.estimates.resampling import fold_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Brier:
    """The Brier score of forecasts and its parts, each an array of one shape: score = reliability − resolution + …

    Attributes
    ----------
    score : ndarray
        Mean squared difference of forecast and outcome; 0 is perfect.
    reliability : ndarray
        How far the forecasts are from what then happened to those who had them; 0 is perfectly calibrated.
    resolution : ndarray
        How far apart those with different forecasts really are; 0 where the forecast tells nothing.
    uncertainty : ndarray
        The score of one forecast for all: the variance of the outcome.
    """

    score: np.ndarray
    reliability: np.ndarray
    resolution: np.ndarray
    uncertainty: np.ndarray

    @property
    def skill(self) -> np.ndarray:
        """By which share of the uncertainty the forecasts are better than one for all; NaN where there is none."""
        known = self.uncertainty > 0
        gained = self.resolution - self.reliability
        return np.divide(gained, self.uncertainty, out=np.full(np.shape(gained), np.nan), where=known)


def brier(cases: np.ndarray, controls: np.ndarray, forecast: np.ndarray) -> Brier:
    """Return the Brier score and its decomposition from weighted counts per forecast.

    Parameters
    ----------
    cases, controls : ndarray, shape (..., k)
        Weight of those with and without the event under each of the k forecasts.
    forecast : ndarray, shape (k,)
        The probabilities that were forecast.

    Returns
    -------
    Brier
        Arrays of shape (...); NaN where nobody has weight.

    Notes
    -----
    With share wₖ of all under forecast pₖ, of whom oₖ had the event, and ō of all: reliability = Σwₖ(pₖ − oₖ)²,
    resolution = Σwₖ(oₖ − ō)², uncertainty = ō(1 − ō). The parts add up exactly because all who share a group share
    its forecast; with groups of unlike forecasts they would not.

    References
    ----------
    Murphy, A. H. (1973). A new vector partition of the probability score. Journal of Applied Meteorology 12, 595-600.
    https://doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2

    Examples
    --------
    >>> parts = brier(np.array([1, 3]), np.array([3, 1]), np.array([0.25, 0.75]))
    >>> float(parts.score), float(parts.reliability), float(parts.resolution), float(parts.uncertainty)
    (0.1875, 0.0, 0.0625, 0.25)
    """
    weight = cases + controls
    total = weight.sum(axis=-1, keepdims=True)
    with_weight = np.where(total > 0, total, np.nan)
    share = weight / with_weight
    mean = cases.sum(axis=-1, keepdims=True) / with_weight
    observed = np.divide(cases, weight, out=np.zeros(np.shape(weight)), where=weight > 0)
    reliability = (share * (forecast - observed) ** 2).sum(axis=-1)
    resolution = (share * (observed - mean) ** 2).sum(axis=-1)
    uncertainty = (mean * (1 - mean))[..., 0]
    score = ((cases * (1 - forecast) ** 2 + controls * forecast**2) / with_weight).sum(axis=-1)
    return Brier(score=score, reliability=reliability, resolution=resolution, uncertainty=uncertainty)


def cross_validated(
    score: np.ndarray,
    event: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    *,
    size: int = 11,
    folds: int = 10,
    seed: int,
) -> np.ndarray:
    """Predict each answer's event by a logistic line that was fitted to other people's answers.

    Parameters
    ----------
    score : ndarray of int, shape (n,)
        0 … size − 1.
    event : ndarray of bool, shape (n,)
    weights : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,)
        Who belongs together; nobody is predicted with help of himself.
    size : int
        Scores that can be given.
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
    cells = score + size * event
    total = np.bincount(cells, weights=weights, minlength=2 * size)
    predicted = np.full(len(score), np.nan)
    for fold in np.unique(part):
        own = part == fold
        others = np.bincount(cells[~own], weights=weights[~own], minlength=2 * size) if not own.all() else 0 * total
        predicted[own] = line_of_counts(others[size:], others[:size])[score[own]]
    return predicted
