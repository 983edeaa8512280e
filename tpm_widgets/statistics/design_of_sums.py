"""The design of a driver regression from sums: the same columns as ``make_design`` finds in a table that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.statistics.design import CONSTANT, Column, Design, LeftOut, independent, refuse_few
from tpm_widgets.statistics.rating_columns import RatingColumns, RatingProducts

NO_VARIANCE = 1e-12  # of a column's mean square; below, what is left of its variance is rounding


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
