"""Linear and logistic regression on tables of any size: coefficients and covariance from a few passes of sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.design_of_sums import SumsDesign
from tpm_widgets.statistics.likelihoods import Slopes
from tpm_widgets.statistics.rating_columns import LogitSums, RatingColumns, RatingProducts
from tpm_widgets.statistics.regression import NOTHING_LEFT
from tpm_widgets.statistics.regression_sums import linear_meat, logit_slopes, logit_sums, sample_of
from tpm_widgets.statistics.separation import WITH_AND_WITHOUT

NEAR = 1e-9  # gain per answer of a step after which one more pass is the last: Newton's error is squared by it
CLOSE = 1e-20  # gain per answer of a last step: parameters are then known to about 1e-9 of their error
ALIKE = 1e-10  # squared coefficient of variation of weights that are all the same
MOST_STEPS = 25
LAST_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SumsFit:
    """A fitted regression without its rows.

    Attributes
    ----------
    kind : {"linear", "logit"}
    n : int
        Answers used.
    params : numpy.ndarray, shape (k,)
    cov : numpy.ndarray, shape (k, k)
        HC3, or for a logit the inverse information (with weights: the sandwich).
    df : float
        Of the t distribution for intervals; infinite for the normal one.
    sums : LogitSums or None
        At the coefficients of a logit.
    """

    kind: Literal["linear", "logit"]
    n: int
    params: np.ndarray
    cov: np.ndarray
    df: float
    sums: LogitSums | None = None


def fit_linear_sums(table: Any, columns: RatingColumns, made: SumsDesign, sums: RatingProducts) -> SumsFit:
    """Fit by least squares with HC3 errors, as ``fit_linear`` does: one pass.

    Parameters
    ----------
    table : RatingTable or narwhals frame
    columns : RatingColumns
        With the indicators that ``made.terms`` refers to.
    made : SumsDesign
    sums : RatingProducts
    """
    terms, k = made.terms, len(made.terms)
    products = terms @ sums.products[:-1, :-1] @ terms.T
    bread = np.linalg.inv(products)
    params = bread @ (terms @ sums.products[:-1, -1])
    params += bread @ (terms @ sums.products[:-1, -1] - products @ params)  # once more, for the last digits
    found = linear_meat(table, columns, params @ terms, terms.T @ bread @ terms)
    cov = bread @ (terms @ found.meat @ terms.T) @ bread
    followed = (np.abs(found.decisive @ terms.T @ bread) > NOTHING_LEFT).any(axis=0)
    cov[followed] = cov[:, followed] = np.nan
    return SumsFit(kind="linear", n=sums.n, params=params, cov=cov, df=float(sums.n - k))


def fit_logit_sums(table: Any, columns: RatingColumns, made: SumsDesign, sums: RatingProducts) -> SumsFit:
    """Fit by maximum likelihood, as ``fit_logit`` does, with Newton's method begun on a sample; as fit_linear_sums.

    Raises
    ------
    DataError
        Where no finite coefficients fit.
    """
    terms, k = made.terms, len(made.terms)
    mean = sums.products[0, -1] / sums.weight
    params = np.append(np.log(mean / (1 - mean)), np.zeros(k - 1))
    some = sample_of(table, columns, sums.n)
    on_sample = None if some is None else _climb(some, columns, terms, params)
    params = params if on_sample is None else on_sample
    params, found = _maximise(table, columns, made, params)
    bread = np.linalg.inv(terms @ found.slopes.curvature @ terms.T)
    if sums.n * sums.weight_squared / sums.weight**2 - 1 > ALIKE:
        cov = bread @ (terms @ found.meat @ terms.T) @ bread * (sums.n / (sums.n - k))
    else:
        cov = bread * (sums.weight / sums.n)
    return SumsFit(kind="logit", n=sums.n, params=params, cov=cov, df=np.inf, sums=found)


def average_effects(
    fit: SumsFit, sums: LogitSums, columns: RatingColumns, made: SumsDesign
) -> tuple[np.ndarray, np.ndarray]:
    """Average change of the probability per rating point among those who rated, with delta-method errors.

    Returns
    -------
    estimates, errors : numpy.ndarray, shape (touchpoints of the design,)
    """
    estimates, errors = [], []
    for name in made.design.touchpoints:
        place = list(made.design.ratings).index(name)
        position = made.design.names.index(name)
        density, bend = sums.slopes.curvature[0, 0], sums.bend[0]
        if place in columns.absent:
            absent = 1 + len(columns.ratings) + columns.absent.index(place)
            density, bend = density - sums.slopes.curvature[0, absent], bend - sums.bend[absent]
        slope = density / made.weight_rated[place]
        gradient = fit.params[position] * (made.terms @ bend) / made.weight_rated[place]
        gradient[position] += slope
        estimates.append(fit.params[position] * slope)
        errors.append(np.sqrt(gradient @ fit.cov @ gradient))
    return np.array(estimates), np.array(errors)


def _maximise(table: Any, columns: RatingColumns, made: SumsDesign, params: np.ndarray) -> tuple[np.ndarray, LogitSums]:
    """Climb to the maximum over the whole table; return where it is, and the sums there."""
    climbed = _climb(table, columns, made.terms, params)
    step = np.zeros_like(params)
    for _ in range(LAST_STEPS):
        if climbed is None:
            break
        found = logit_sums(table, columns, climbed @ made.terms)
        step, gain = _newton(found.slopes, made.terms)
        if gain <= CLOSE * abs(found.slopes.value):
            return climbed, found
        climbed = climbed + step
    raise _no_maximum()


def _climb(table: Any, columns: RatingColumns, terms: np.ndarray, params: np.ndarray) -> np.ndarray | None:
    """Take Newton's steps, each cut until it climbs, until the error that is left will be squared; None if it never is.

    Gains are compared with the log-likelihood itself, which goes to 0 as fast as they do where coefficients run away.
    """
    best, step = Slopes(-np.inf, params, terms), np.zeros_like(params)
    for _ in range(MOST_STEPS):
        now = logit_slopes(table, columns, (params + step) @ terms)
        if not now.value >= best.value:
            step = step / 2
            continue
        params, best = params + step, now
        step, gain = _newton(now, terms)
        if gain <= NEAR * abs(now.value):
            return params + step
    return None


def _newton(slopes: Slopes, terms: np.ndarray) -> tuple[np.ndarray, float]:
    """Return Newton's step, and what it gains if the likelihood is a parabola."""
    gradient = terms @ slopes.gradient
    step, *_ = np.linalg.lstsq(terms @ slopes.curvature @ terms.T, gradient, rcond=None)
    return step, float(gradient @ step) / 2


def _no_maximum() -> DataError:
    remedy = say("Leave touchpoints out or take more answers: no finite effect fits these ratings.")
    return DataError([{"table": "frame", "expected": str(WITH_AND_WITHOUT), "remedy": str(remedy)}])
