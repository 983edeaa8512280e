"""What is looked at before a driver regression is believed: numbers of a fit, one function per question."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import logit
from statsmodels.stats.diagnostic import het_breuschpagan

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.resampling import fold_of
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.statistics.regression.checks import (
    condition_number,
    generalised_variance_inflation,
    variance_inflation,
    without_one,
)
from tpm_widgets.statistics.regression.counts import CountFit
from tpm_widgets.statistics.regression.covariance import correlation, weighted_covariance
from tpm_widgets.statistics.regression.linear_and_logit import Fit, fit_logit, wald_table
from tpm_widgets.statistics.regression.prediction import (
    area_under_curve,
    deviance_explained,
    out_of_fold,
    refitted,
    refitted_pairwise,
    variance_explained,
)
from tpm_widgets.strategy.drivers.of_study import DriverRegression

Measure = Literal["r_squared", "auc", "deviance"]
NOT_VALIDATED = say(
    "The model could not be cross-validated: without some of the customers no finite effects fit. Join touchpoints, or "
    "wait for more answers."
)
CHANCE = {"r_squared": 0.0, "auc": 0.5, "deviance": 0.0}  # what predictions that know nothing reach
GROUPS = 10  # of equal weight, by what was predicted
NO_ERROR = 1e-9  # an error below this is none: everybody else lies on the line
SURE = 1e-6  # a probability this close to 0 or 1 counts as this close


class Collinearity(NamedTuple):
    """How far ratings go together.

    Attributes
    ----------
    table : pandas.DataFrame
        touchpoint, vif (of the rating), gvif (of rating and indicator together, per column).
    condition : float
        Condition number of all columns.
    """

    table: pd.DataFrame
    condition: float


def collinearity(drivers: DriverRegression) -> Collinearity:
    """Compute variance inflation from the correlations that the errors rest on: those of "working" columns."""
    design = drivers.design
    if drivers.missing == "pairwise":
        standard = correlation(drivers.covariance[:-1, :-1])
    else:
        standard = correlation(weighted_covariance(design.matrix[:, 1:], scores(drivers)[1]))
    groups = design.groups()
    sizes = np.array([len(group) for group in groups])
    places = [design.names.index(name) - 1 for name in design.touchpoints]
    table = pd.DataFrame(
        {
            "touchpoint": design.touchpoints,
            "vif": variance_inflation(standard)[places],
            "gvif": generalised_variance_inflation(standard, groups) ** (1 / sizes),
        }
    )
    return Collinearity(table, condition_number(standard))


def exposures(drivers: DriverRegression) -> np.ndarray:
    """Return the time in which each answer's count was made; ones where nothing is counted, shape (n,)."""
    return drivers.fit.exposure if isinstance(drivers.fit, CountFit) else np.ones(drivers.fit.n)


def seen(drivers: DriverRegression) -> np.ndarray:
    """Return the outcome of each answer used, of counts the count, shape (n,)."""
    return drivers.observed * exposures(drivers)


def means(drivers: DriverRegression) -> np.ndarray:
    """Return what is expected of each answer used, of counts for its exposure, shape (n,)."""
    return drivers.fit.predict(drivers.design.matrix) * exposures(drivers)


def scores(drivers: DriverRegression) -> tuple[np.ndarray, np.ndarray]:
    """Return each answer's derivative of the log-likelihood in its linear predictor, and minus the second one."""
    fit, mean = drivers.fit, means(drivers)
    over = bend = np.ones(fit.n)
    if fit.kind == "logit":
        bend = mean * (1 - mean)
    elif isinstance(fit, CountFit):
        over, bend = 1 + fit.dispersion * mean, mean
    return fit.weights * (seen(drivers) - mean) / over, fit.weights * bend / over


def influence(drivers: DriverRegression) -> pd.DataFrame:
    """Return the largest change of each touchpoint's coefficient when one customer's answers are left out.

    Returns
    -------
    pandas.DataFrame
        touchpoint, influence (in standard errors that the others give, without sign), estimate_without.
    """
    fit, design = drivers.fit, drivers.design
    places = [design.names.index(name) for name in design.touchpoints]
    if fit.kind == "ordered_logit" or drivers.missing == "pairwise":
        changes, errors = _to_first_order(fit, places)
    else:
        changes, errors = _left_out(drivers, places)
    sizes = np.divide(np.abs(changes), errors, out=np.full(changes.shape, np.inf), where=np.isfinite(changes))
    largest = sizes.argmax(axis=0), np.arange(len(places))
    without = np.where(np.isfinite(changes[largest]), fit.params[places] + changes[largest], np.nan)
    return pd.DataFrame({"touchpoint": design.touchpoints, "influence": sizes[largest], "estimate_without": without})


def _left_out(drivers: DriverRegression, places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return changes, and the errors of the model without the customer (DFBETAS), each of shape (customers, places)."""
    fit = drivers.fit
    score, curvature = scores(drivers)
    found = without_one(drivers.design.matrix, score, curvature, fit.clusters)
    scale = np.full(len(found.sizes), fit.weights.mean())
    if fit.kind == "linear":
        left = np.maximum((score**2 / curvature).sum() - found.lost, 0)
        scale = left / np.maximum(fit.n - len(fit.params) - found.sizes, 1)
    errors = np.sqrt(scale[:, None] * np.diag(found.bread)[places])
    return found.changes[:, places], np.maximum(errors, NO_ERROR)


def _to_first_order(fit: Fit, places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return changes by the influence function, and what it leaves of the error without the customer."""
    _, code = np.unique(fit.clusters, return_inverse=True)
    changes = np.zeros((code.max() + 1, len(places)))
    np.add.at(changes, code, -fit.influence[:, places])
    variance = np.diag(fit.cov)[places]
    return changes, np.sqrt(np.maximum(variance - changes**2, NO_ERROR * variance))


class Accuracy(NamedTuple):
    """How well the outcome is predicted.

    Attributes
    ----------
    measure : {"r_squared", "auc", "deviance"}
    apparent : Estimate
        Of the answers that the model was fitted to.
    cross_validated : Estimate
        Of answers of other people.
    predicted : numpy.ndarray, shape (n,)
        From other people's answers; NaN where they allow no fit.
    """

    measure: Measure
    apparent: Estimate
    cross_validated: Estimate
    predicted: np.ndarray


def accuracy(drivers: DriverRegression, folds: int, seed: int) -> Accuracy:
    """Compare predictions with what was observed: of the answers themselves, and of other people's."""
    fit, observed, level = drivers.fit, seen(drivers), float(drivers.settings["level"])
    measure: Measure = "auc" if fit.kind == "logit" else "deviance" if fit.kind == "log" else "r_squared"
    clusters = np.unique(fit.clusters, return_inverse=True)[1]
    if drivers.missing == "pairwise":
        design = drivers.design
        centred = design.ratings[list(design.touchpoints)].to_numpy() - np.array(list(design.centers.values()))
        predict = refitted_pairwise(fit, observed, centred)
    else:
        predict = refitted(fit, observed, drivers.design.matrix)
    outside = out_of_fold(predict, fold_of(clusters, folds, seed))

    def measured(predicted: np.ndarray) -> Estimate:
        if isinstance(fit, CountFit):
            return deviance_explained(observed, predicted, fit.exposure, fit.weights, clusters, level)
        how = area_under_curve if measure == "auc" else variance_explained
        return how(observed, predicted, fit.weights, clusters, level)

    return Accuracy(measure, measured(means(drivers)), measured(outside), outside)


def calibration(drivers: DriverRegression, predicted: np.ndarray) -> pd.DataFrame:
    """Compare what was predicted with what was observed in groups of equal weight, by the prediction.

    Returns
    -------
    pandas.DataFrame
        group, n, predicted, observed, conf_low, conf_high; without rows where nothing was predicted.
    """
    columns = ["group", "n", "predicted", "observed", "conf_low", "conf_high"]
    if np.isnan(predicted).any():
        return pd.DataFrame(columns=columns, dtype=float)
    fit, level = drivers.fit, float(drivers.settings["level"])
    order = np.argsort(predicted, kind="stable")
    reached = np.cumsum(fit.weights[order]) - fit.weights[order] / 2
    group = np.empty(fit.n, dtype=int)
    group[order] = np.minimum((reached / fit.weights.sum() * GROUPS).astype(int), GROUPS - 1)
    rows = []
    for place in np.unique(group):
        own = group == place
        weights, observed = fit.weights[own], seen(drivers)[own]
        clusters = np.unique(fit.clusters[own], return_inverse=True)[1]
        if fit.kind == "logit":
            share = clustered_share(observed, np.ones(own.sum()), level=level, weights=weights, clusters=clusters)
            found = share.limits
        else:
            mean = mean_by_design(observed, Design.of(weights, clusters))
            found = [mean.estimate, *mean.interval(level)]
        rows.append((place + 1, int(own.sum()), float(np.average(predicted[own], weights=weights)), *found))
    return pd.DataFrame(rows, columns=columns)


def calibration_slope(drivers: DriverRegression, predicted: np.ndarray) -> Estimate:
    """Return the slope of the outcome's log odds on those predicted from other people's answers; 1 where they hold.

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45, 562-565.
    https://doi.org/10.1093/biomet/45.3-4.562; van Houwelingen & le Cessie 1990, doi:10.1002/sim.4780091109.
    """
    fit = drivers.fit
    if fit.kind != "logit" or np.isnan(predicted).any() or np.ptp(predicted) == 0:
        return Estimate(np.nan, np.nan, np.nan, fit.n)
    linear = logit(np.clip(predicted, SURE, 1 - SURE))
    try:
        line = fit_logit(
            drivers.observed, np.column_stack([np.ones(fit.n), linear]), ("", "slope"), fit.weights, fit.clusters
        )
    except DataError:
        return Estimate(np.nan, np.nan, np.nan, fit.n)
    row = wald_table(line.params, np.sqrt(np.diag(line.cov)), line.degrees(), float(drivers.settings["level"])).iloc[1]
    return Estimate(float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]), fit.n)


class Spread(NamedTuple):
    """Whether the size of the residuals follows from the ratings (Breusch–Pagan, studentised by Koenker)."""

    statistic: float
    df: int
    p_value: float


def heteroscedasticity(drivers: DriverRegression) -> Spread | None:
    """Test whether the residuals of a linear regression have one spread; None for other models."""
    matrix = drivers.design.matrix
    residuals = drivers.observed - means(drivers)
    if drivers.fit.kind != "linear" or np.ptp(residuals**2) < SURE * max(1.0, float(np.var(drivers.observed))):
        return None
    statistic, p_value, _, _ = het_breuschpagan(residuals, matrix)
    return Spread(float(statistic), matrix.shape[1] - 1, float(p_value))


class Ends(NamedTuple):
    """The ends of the scale; shares are weighted.

    Attributes
    ----------
    ceiling : float
        Answers that gave the highest score.
    outside : float
        Answers whose predicted score lies outside those given.
    """

    ceiling: float
    outside: float


def ends(drivers: DriverRegression) -> Ends | None:
    """Ask how many answers stand at the end of the scale, and how many are predicted beyond; None but for scores."""
    observed, share = drivers.observed, drivers.fit.weights / drivers.fit.weights.sum()
    if drivers.fit.kind not in ("linear", "ordered_logit"):
        return None
    predicted = means(drivers)
    beyond = (predicted > observed.max()) | (predicted < observed.min())
    return Ends(float(share @ (observed == observed.max())), float(share @ beyond))


def events_per_coefficient(drivers: DriverRegression) -> float:
    """Return the answers (0/1: of the rarer outcome; counts: what was counted) for each coefficient."""
    coefficients = len(drivers.design.columns) - 1
    if drivers.events is None:
        return drivers.n / coefficients
    if drivers.fit.kind == "log":
        return drivers.events / coefficients
    return min(drivers.events, drivers.n - drivers.events) / coefficients


def dispersion(drivers: DriverRegression) -> float:
    """Return by how many times counts vary more than the model expects (Pearson's χ² by its degrees of freedom)."""
    mean = means(drivers)
    expected = mean * (1 + drivers.dispersion * mean)
    share = drivers.fit.weights / drivers.fit.weights.mean()
    return float(share @ ((seen(drivers) - mean) ** 2 / expected)) / (drivers.n - len(drivers.fit.params))
