"""Predictions of each answer by a regression that was fitted to the answers of other people, and how well they meet
what was observed: variance or deviance explained, and who stands above whom.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.special import expit, logit, xlogy
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.ordinal import auc_of_counts
from tpm_widgets.statistics.estimates.weighted import cluster_variance
from tpm_widgets.statistics.regression.counts import CountFit
from tpm_widgets.statistics.regression.likelihoods import likelihood, maximise
from tpm_widgets.statistics.regression.linear_and_logit import Fit
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit
from tpm_widgets.statistics.regression.pairwise import fit_pairwise

STEPS = 40  # of a fit of counts; where some columns tell who has any, coefficients are then far enough off
LEAST_DISPERSION = 1e-8  # of a negative binomial; below it is Poisson's

Predictor = Callable[[np.ndarray, np.ndarray], np.ndarray]  # answers to learn from, answers to predict → predictions


def out_of_fold(predict: Predictor, folds: np.ndarray) -> np.ndarray:
    """Predict every fold from all others, shape (n,); NaN where the others allow no fit.

    Parameters
    ----------
    predict : callable
        Takes the positions of the answers to learn from and of those to predict.
    folds : ndarray of int, shape (n,)

    References
    ----------
    Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the Royal
    Statistical Society B 36, 111-147. https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
    """
    predicted = np.full(len(folds), np.nan)
    for fold in np.unique(folds):
        own = np.flatnonzero(folds == fold)
        try:
            predicted[own] = predict(np.flatnonzero(folds != fold), own)
        except (DataError, np.linalg.LinAlgError):
            return np.full(len(folds), np.nan)
    return predicted


def refitted(fit: Fit, outcome: np.ndarray, matrix: np.ndarray) -> Predictor:
    """Fit the same model to some of the answers and predict the mean (of counts: for their exposure) of others.

    Parameters
    ----------
    fit : Fit
        Of all answers; what is fitted to a part starts from it.
    outcome : ndarray, shape (n,)
    matrix : ndarray, shape (n, k)
        The constant first. Columns that do not vary among the answers to learn from do no harm.
    """

    def predict(learn: np.ndarray, own: np.ndarray) -> np.ndarray:
        seen, known, share = outcome[learn], matrix[learn], fit.weights[learn]
        if isinstance(fit, CountFit):
            return fit.exposure[own] * np.exp(matrix[own] @ _count_slopes(fit, seen, known, learn))
        if fit.kind == "ordered_logit":
            kept = [0, *(1 + np.flatnonzero(np.ptp(known[:, 1:], axis=0) > 0))]
            names = [fit.names[column] for column in kept]
            return fit_ordered_logit(seen, known[:, kept], names, share).predict(matrix[np.ix_(own, kept)])
        if fit.kind == "linear":
            weighted = known * share[:, None]
            return np.asarray(matrix[own] @ np.linalg.lstsq(weighted.T @ known, weighted.T @ seen, rcond=None)[0])
        if np.ptp(seen) == 0:
            return np.full(len(own), seen[0])
        slopes = maximise(likelihood("logit", seen, share), np.ascontiguousarray(known[:, 1:].T), fit.params)
        return np.asarray(expit(matrix[own] @ slopes.parameters))

    return predict


def _count_slopes(fit: CountFit, seen: np.ndarray, known: np.ndarray, learn: np.ndarray) -> np.ndarray:
    """Fit a count model of the same dispersion to a part of the answers."""
    family = NegativeBinomial(alpha=fit.dispersion) if fit.dispersion > LEAST_DISPERSION else Poisson()
    share = fit.weights[learn] / fit.weights[learn].mean()
    model = GLM(seen, known, family=family, var_weights=share, offset=np.log(fit.exposure[learn]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a part of the answers may tell who has a count above 0 without error
        return np.asarray(model.fit(fit.params, maxiter=STEPS, method="newton", disp=False).params)


def refitted_pairwise(fit: Fit, outcome: np.ndarray, centred: np.ndarray) -> Predictor:
    """Fit pairwise moments of some of the answers and predict others; who did not rate counts as an average rating.

    Parameters
    ----------
    fit : Fit
        Of all answers.
    outcome : ndarray, shape (n,)
    centred : ndarray, shape (n, p)
        Ratings, NaN where missing.
    """

    def predict(learn: np.ndarray, own: np.ndarray) -> np.ndarray:
        part, _ = fit_pairwise(outcome[learn], centred[learn], fit.names, fit.weights[learn], fit.clusters[learn])
        return np.asarray(part.params[0] + np.nan_to_num(centred[own]) @ part.params[1:])

    return predict


def variance_explained(
    observed: np.ndarray, predicted: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """Return the share of the outcome's variance that predictions explain, 1 − Σw(y − ŷ)²/Σw(y − ȳ)².

    Parameters
    ----------
    observed, predicted, weights : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,)
        Codes 0, 1, …: whose answers belong together.
    level : float
        The confidence level.

    Returns
    -------
    Estimate
        Below 0 where the mean predicts better. The interval is linearised and takes the predictions as they are.

    Examples
    --------
    >>> y = np.array([1.0, 2, 3, 4])
    >>> variance_explained(y, np.array([1.0, 2, 3, 3]), np.ones(4), np.arange(4), level=0.95).estimate
    0.8
    """
    mean = weights @ observed / weights.sum()
    return _explained((observed - predicted) ** 2, (observed - mean) ** 2, weights, clusters, level)


def deviance_explained(
    observed: np.ndarray,
    predicted: np.ndarray,
    exposure: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    level: float,
) -> Estimate:
    """Return the share of the Poisson deviance of counts that predictions explain, against one rate for all.

    Parameters, returns : as in :func:`variance_explained`, with ``exposure``, shape (n,), above 0.
    """
    rate = weights @ observed / (weights @ exposure)
    left, total = (_deviance(observed, mean) for mean in (predicted, rate * exposure))
    return _explained(left, total, weights, clusters, level)


def _deviance(observed: np.ndarray, mean: np.ndarray) -> np.ndarray:
    mean = np.maximum(mean, np.finfo(float).tiny)
    return np.asarray(2 * (xlogy(observed, observed / mean) - (observed - mean)))


def _explained(
    left: np.ndarray, total: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """One minus a ratio of two weighted totals, with its linearised interval."""
    n, whole = len(left), float(weights @ total)
    if not whole > 0 or np.isnan(left).any():
        return Estimate(np.nan, np.nan, np.nan, n)
    ratio = float(weights @ left) / whole
    error = np.sqrt(cluster_variance(weights * (left - ratio * total) / whole, clusters))
    reach = stats.norm.ppf((1 + level) / 2) * error
    return Estimate(1 - ratio, 1 - ratio - reach, 1 - ratio + reach, n)


def area_under_curve(
    observed: np.ndarray, predicted: np.ndarray, weights: np.ndarray, clusters: np.ndarray, level: float
) -> Estimate:
    """Return the probability that somebody with the outcome was predicted above somebody without, ties counted half.

    Parameters, returns : as in :func:`variance_explained`, with 0/1 ``observed``; the interval is symmetric on the
    logit scale, and missing where the area is 0 or 1.

    Notes
    -----
    The error is DeLong's, from each answer's placement among those of the other kind, summed by cluster (Obuchowski).

    References
    ----------
    DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988). Comparing the areas under two or more correlated
    receiver operating characteristic curves. Biometrics 44, 837-845. https://doi.org/10.2307/2531595; Obuchowski,
    N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics 53, 567-578.
    https://doi.org/10.2307/2533958

    Examples
    --------
    >>> y, p = np.array([0, 1, 0, 1]), np.array([0.1, 0.8, 0.4, 0.3])
    >>> area_under_curve(y, p, np.ones(4), np.arange(4), level=0.95).estimate
    0.75
    """
    n = len(observed)
    if np.isnan(predicted).any():
        return Estimate(np.nan, np.nan, np.nan, n)
    values, place = np.unique(predicted, return_inverse=True)
    cases, controls = (np.bincount(place, weights * part, minlength=len(values)) for part in (observed, 1 - observed))
    area = float(auc_of_counts(cases, controls))
    if not 0 < area < 1:
        return Estimate(area, np.nan, np.nan, n)
    below = (np.cumsum(controls) - controls / 2) / controls.sum()
    above = 1 - (np.cumsum(cases) - cases / 2) / cases.sum()
    placement = np.where(observed > 0, (below[place] - area) / cases.sum(), (above[place] - area) / controls.sum())
    error = np.sqrt(cluster_variance(weights * placement, clusters)) / (area * (1 - area))
    reach = stats.norm.ppf((1 + level) / 2) * error
    low, high = expit(logit(area) + np.array([-reach, reach]))
    return Estimate(area, float(low), float(high), n)
