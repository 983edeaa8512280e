"""Predictions of each answer by a regression that was fitted to the answers of other people."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy.special import expit
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.count_regression import CountFit
from tpm_widgets.statistics.likelihoods import likelihood
from tpm_widgets.statistics.newton import maximise
from tpm_widgets.statistics.ordered_logit import fit_ordered_logit
from tpm_widgets.statistics.pairwise import fit_pairwise
from tpm_widgets.statistics.regression import Fit

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
