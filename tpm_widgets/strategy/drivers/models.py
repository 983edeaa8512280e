"""Which regression goes with which outcome, and how it is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tpm_widgets.statistics.regression.counts import fit_negative_binomial, fit_poisson
from tpm_widgets.statistics.regression.linear_and_logit import Fit, fit_linear, fit_logit
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit
from tpm_widgets.strategy.drivers.outcomes import COUNTED, Outcome

Model = Literal["ols", "logit", "ordered_logit", "poisson", "negative_binomial"]
FITS = {"ols": fit_linear, "logit": fit_logit, "ordered_logit": fit_ordered_logit}
COUNT_FITS = {"poisson": fit_poisson, "negative_binomial": fit_negative_binomial}


def choose_model(outcome: Outcome, model: Model | None) -> Model:
    """Return the model of an outcome, by default the first that goes with it; refuse one that does not."""
    allowed: tuple[Model, ...] = ("logit",)
    if outcome == "recommend":
        allowed = ("ols", "ordered_logit")
    elif outcome in COUNTED:
        allowed = ("poisson", "negative_binomial")
    if model is None:
        return allowed[0]
    if model not in allowed:
        listed = ", ".join(repr(name) for name in allowed)
        raise ValueError(f"model must be one of {listed} for outcome={outcome!r}; got {model!r}.")
    return model


def fit_model(
    model: Model,
    observed: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray,
    clusters: np.ndarray,
    exposure: np.ndarray,
) -> Fit:
    """Fit a model; exposure goes with counts only. Parameters and faults as in ``statistics``."""
    if model in COUNT_FITS:
        return COUNT_FITS[model](observed, matrix, names, weights, clusters, exposure)
    return FITS[model](observed, matrix, names, weights, clusters)


def where_infinite(model: Model, observed: np.ndarray) -> np.ndarray | None:
    """Return values that are all the same in just those groups of answers for which no finite effect fits.

    For 0/1 those that all have, or all have not, the outcome; for ordered scores those that are all at one end; for
    counts those in which nothing happened; for a linear model none.
    """
    if model == "ols":
        return None
    if model == "logit":
        return observed
    apart = np.arange(1.0, len(observed) + 1)
    if model == "ordered_logit":
        return np.select([observed == observed.min(), observed == observed.max()], [0.0, -1.0], apart)
    return np.where(observed == 0, 0.0, apart)
