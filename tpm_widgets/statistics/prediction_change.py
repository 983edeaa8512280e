"""What a fitted model expects on average before and after some of its columns are moved, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from tpm_widgets.statistics.regression import Fit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictionChange:
    """The weighted mean prediction before and after, and what each answer moves the two by.

    Attributes
    ----------
    baseline, change : float
        The mean prediction as the answers are, and by how much it differs after the move.
    baseline_influence, change_influence : numpy.ndarray, shape (n,)
        What each answer adds to the sampling error of ``baseline`` and of ``change``.
    clusters : numpy.ndarray, shape (n,)
        The independent unit of each answer.
    df : float
        Degrees of freedom for an interval.
    """

    baseline: float
    change: float
    baseline_influence: np.ndarray
    change_influence: np.ndarray
    clusters: np.ndarray
    df: float


def prediction_change(fit: Fit, matrix: np.ndarray, positions: Sequence[int], moves: np.ndarray) -> PredictionChange:
    """Move columns of a design and predict again.

    Parameters
    ----------
    fit : Fit
        A linear or logistic regression.
    matrix : ndarray, shape (n, k)
        The answers that it was fitted on.
    positions : sequence of int
        The m columns that are moved.
    moves : ndarray, shape (n, m)
        By how much, for each answer.

    Notes
    -----
    With μ the model's mean, w̃ weights that add up to 1, x* the moved columns and ψᵢ what answer i moves the
    coefficients by (``Fit.influence``): Δ = Σ w̃ᵢ(μ(x*ᵢβ) − μ(xᵢβ)), its gradient G = Σ w̃ᵢ(μ′(x*ᵢβ)x*ᵢ − μ′(xᵢβ)xᵢ),
    and answer i adds w̃ᵢ(Δᵢ − Δ) + G·ψᵢ to the error of Δ. The second part is the delta method, the first is that the
    answers are themselves a sample. Kept by answer, the errors of several models on the same answers add up rightly.
    """
    share = fit.weights / fit.weights.sum()
    predictor = matrix @ fit.params
    before, slope_before = _mean_and_slope(fit, predictor)
    after, slope_after = _mean_and_slope(fit, predictor + moves @ fit.params[list(positions)])
    differences = after - before
    baseline, change = float(share @ before), float(share @ differences)
    baseline_gradient = (share * slope_before) @ matrix
    gradient = (share * (slope_after - slope_before)) @ matrix
    gradient[list(positions)] += (share * slope_after) @ moves
    return PredictionChange(
        baseline=baseline,
        change=change,
        baseline_influence=share * (before - baseline) + fit.influence @ baseline_gradient,
        change_influence=share * (differences - change) + fit.influence @ gradient,
        clusters=fit.clusters,
        df=fit.df,
    )


def _mean_and_slope(fit: Fit, predictor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if fit.kind == "linear":
        return predictor, np.ones_like(predictor)
    mean = expit(predictor)
    return mean, mean * (1 - mean)


def clustered_error(influences: Sequence[np.ndarray], clusters: Sequence[np.ndarray]) -> float:
    """Return the standard error of a sum of estimates on overlapping answers: influences added by unit, squared."""
    units, _ = pd.factorize(np.concatenate(list(clusters)))
    return float(np.sqrt(np.sum(np.bincount(units, weights=np.concatenate(list(influences))) ** 2)))


def rate_change(rate: float, factor: float) -> tuple[float, float, float]:
    """Return by how much a share changes when its part grows by a factor and the rest stays: R·f/(R·f + 1 − R) − R.

    Returns
    -------
    change, by_factor, by_rate : float
        The change (exactly 0 where the factor is 1), and its derivatives in the factor and in the share.
    """
    total = 1 + rate * (factor - 1)  # exactly 1 where the factor is 1, so that no change has no error
    return rate * (1 - rate) * (factor - 1) / total, rate * (1 - rate) / total**2, factor / total**2 - 1
