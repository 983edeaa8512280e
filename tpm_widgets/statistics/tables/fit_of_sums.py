"""Linear and logistic regression on tables of any size: the design, the same columns as ``make_design`` finds in a
table that it holds, and the coefficients and covariance, from a few passes of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.regression.design import CONSTANT, Column, Design, LeftOut, independent, refuse_few
from tpm_widgets.statistics.regression.likelihoods import Slopes
from tpm_widgets.statistics.regression.linear_and_logit import NOTHING_LEFT
from tpm_widgets.statistics.regression.separation import WITH_AND_WITHOUT
from tpm_widgets.statistics.tables.rating_columns import LogitSums, RatingColumns, RatingProducts
from tpm_widgets.statistics.tables.regression_sums import linear_meat, logit_slopes, logit_sums, sample_of

NEAR = 1e-9  # gain per answer of a step after which one more pass is the last: Newton's error is squared by it
CLOSE = 1e-20  # gain per answer of a last step: parameters are then known to about 1e-9 of their error
ALIKE = 1e-10  # squared coefficient of variation of weights that are all the same
MOST_STEPS = 25
LAST_STEPS = 5

NO_VARIANCE = 1e-12  # of a column's mean square; below, what is left of its variance is rounding


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SumsDesign:
    """The columns of the regression as a linear map of the raw numbers that are summed.

    Attributes
    ----------
    design : Design
        Without rows.
    terms : numpy.ndarray, shape (k, m)
        x = terms · z for the coefficients' columns x, the constant first.
    covariance : numpy.ndarray, shape (k, k)
        Weighted covariance of the columns (without the constant) and, last, the outcome.
    rated : numpy.ndarray, shape (J,)
        Answers that rated each touchpoint, unweighted.
    weight_rated : numpy.ndarray, shape (J,)
        Their weight.
    """

    design: Design
    terms: np.ndarray
    covariance: np.ndarray
    rated: np.ndarray
    weight_rated: np.ndarray


def design_of_sums(touchpoints: Sequence[str], columns: RatingColumns, sums: RatingProducts) -> SumsDesign:
    """Choose the columns by the sums over a whole table.

    Parameters
    ----------
    touchpoints : sequence of str, length J
        The names of the ratings.
    columns : RatingColumns
        With indicators for all ratings. A 0/1 outcome (``event``) leaves touchpoints and indicators out for which no
        finite coefficient fits, as ``make_design`` does.
    sums : RatingProducts
    """
    raw = _Raw(touchpoints, columns, sums)
    gaps = [LeftOut(touchpoint=name, part="rating", reason="not rated") for name in touchpoints if not raw.rated[name]]
    candidates = [name for name in touchpoints if raw.rated[name]]
    if columns.complete:
        refuse_few(sums.n, len(candidates))
    if columns.event is not None and not columns.complete:
        flat = [name for name in candidates if raw.events[name] in (0, raw.rated[name])]
        gaps += [LeftOut(touchpoint=name, part="rating", reason="one outcome") for name in flat]
        candidates = [name for name in candidates if name not in flat]
    chosen = [Column(touchpoint=name, part="rating", at=raw.centre(name)) for name in candidates]
    chosen, found = independent(chosen, raw.covariance(chosen)[:-1, :-1])
    gaps += found
    if not columns.complete:
        indicators, found = raw.indicators([column.touchpoint for column in chosen])
        gaps += found
        both = [*chosen, *indicators]
        chosen, found = independent(both, raw.covariance(both)[:-1, :-1])
        gaps += found
    order = {name: position for position, name in enumerate(candidates)}
    chosen = [CONSTANT, *sorted(chosen, key=lambda column: order[column.touchpoint])]
    k = len(chosen)
    return SumsDesign(
        design=Design(
            columns=tuple(chosen),
            matrix=np.empty((0, k)),
            ratings=pd.DataFrame(columns=list(touchpoints), dtype=float),
            rows=np.empty(0, dtype=int),
            left_out=tuple(gaps),
        ),
        terms=raw.terms(chosen),
        covariance=raw.covariance(chosen[1:]),
        rated=np.array([raw.rated[name] for name in touchpoints], dtype=int),
        weight_rated=np.array([raw.weight[name] for name in touchpoints]),
    )


class _Raw:
    """The sums by touchpoint."""

    def __init__(self, touchpoints: Sequence[str], columns: RatingColumns, sums: RatingProducts) -> None:
        self.columns, self.sums = columns, sums
        self.place = {name: place for place, name in enumerate(touchpoints)}
        self.absent = dict(zip(touchpoints, sums.absent.astype(int), strict=True))
        self.rated = {name: sums.n - absent for name, absent in self.absent.items()}
        self.absent_events = dict(zip(touchpoints, sums.absent_events, strict=True))
        self.events = {name: sums.events - events for name, events in self.absent_events.items()}
        unrated = sums.products[0, [self._absent(name) for name in touchpoints]]
        self.weight = dict(zip(touchpoints, sums.weight - unrated, strict=True))
        mean = sums.products[0] / max(sums.weight, np.finfo(float).tiny)
        self.square = sums.products / max(sums.weight, np.finfo(float).tiny)
        self.apart = self.square - np.outer(mean, mean)

    def _rating(self, name: str) -> int:
        return 1 + self.place[name]

    def _absent(self, name: str) -> int:
        return 1 + len(self.place) + self.place[name]

    def centre(self, name: str) -> float:
        """Return the weighted mean rating of those who rated; 0 where the ratings are not centred."""
        if self.columns.complete:
            return 0.0
        steps = self.sums.products[0, self._rating(name)] / self.weight[name]
        return float(steps + self.columns.scales[self.place[name]][0] - 1)

    def terms(self, chosen: Sequence[Column]) -> np.ndarray:
        """Write columns as sums of the raw numbers, shape (columns, m)."""
        terms = np.zeros((len(chosen), self.columns.width))
        for line, column in zip(terms, chosen, strict=True):
            if column.part == "constant":
                line[0] = 1
            elif column.part == "not_rated":
                line[self._absent(column.touchpoint)] = 1
            else:  # (step + lowest − 1 − centre) where rated, 0 elsewhere
                offset = self.columns.scales[self.place[column.touchpoint]][0] - 1 - column.at
                line[self._rating(column.touchpoint)] = 1
                line[0], line[self._absent(column.touchpoint)] = offset, -offset
        return terms

    def covariance(self, chosen: Sequence[Column]) -> np.ndarray:
        """Return the weighted covariance of columns and, last, the outcome."""
        terms = np.zeros((len(chosen) + 1, len(self.apart)))
        terms[:-1, :-1] = self.terms(chosen)
        terms[-1, -1] = 1
        covariance = terms @ self.apart @ terms.T
        scale = [self.square[self._rating(column.touchpoint), self._rating(column.touchpoint)] for column in chosen]
        indicator = np.array([column.part == "not_rated" for column in chosen], dtype=bool)
        flat = np.flatnonzero(~indicator & (np.diag(covariance)[:-1] < NO_VARIANCE * np.array(scale)))
        covariance[flat] = covariance[:, flat] = 0
        return covariance

    def indicators(self, touchpoints: Sequence[str]) -> tuple[list[Column], list[LeftOut]]:
        """Give an indicator to each touchpoint that somebody did not rate, as far as a coefficient can be had."""
        chosen, gaps = [], []
        for name in touchpoints:
            absent = self.absent[name]
            if absent == 1:
                gaps.append(LeftOut(touchpoint=name, part="not_rated", reason="one answer"))
            elif absent and self.columns.event is not None and self.absent_events[name] in (0, absent):
                gaps.append(LeftOut(touchpoint=name, part="not_rated", reason="one outcome"))
            elif absent:
                chosen.append(Column(touchpoint=name, part="not_rated"))
        return chosen, gaps
