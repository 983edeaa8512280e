"""The matrix of a driver regression: which column is which part of which touchpoint, and which could not be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say, say_n
from tpm_widgets.statistics.regression.covariance import correlation, weighted_covariance
from tpm_widgets.statistics.regression.pairwise import pairwise_moments

Missing = Literal["indicator", "complete", "pairwise", "imputed"]
Part = Literal["constant", "rating", "not_rated", "low", "high"]
Reason = Literal["not rated", "constant", "same as", "made of others", "one answer", "one outcome", "empty class"]
PER_COEFFICIENT = 10  # answers; with fewer, complete cases are refused
NOTHING_LEFT = 1e-9  # share of a column's variance that the columns before it leave over; below, it adds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the matrix: a part of a touchpoint (or the constant), and where it is centred or cut.

    Attributes
    ----------
    touchpoint : str
        The touchpoint that it belongs to; "" for the constant.
    part : {"constant", "rating", "not_rated", "low", "high"}
        The rating minus ``at`` (0 where not rated); 1 where not rated; 1 where the rating is at most / at least ``at``.
    at : float
        The centre or the cut, in rating points.
    """

    touchpoint: str
    part: Part
    at: float = 0.0

    @property
    def name(self) -> str:
        """The column's name: the touchpoint itself for its rating, "shop (not rated)" for the other parts."""
        if self.part == "constant":
            return "constant"
        return self.touchpoint if self.part == "rating" else f"{self.touchpoint} ({self.part.replace('_', ' ')})"

    def values(self, ratings: pd.DataFrame) -> np.ndarray:
        """Return the column for these ratings (rows × touchpoints, missing where not rated), shape (rows,)."""
        if self.part == "constant":
            return np.ones(len(ratings))
        rating = ratings[self.touchpoint].to_numpy(float)
        if self.part == "not_rated":
            return np.isnan(rating).astype(float)
        if self.part == "rating":
            return np.nan_to_num(rating - self.at, nan=0.0)
        return (rating <= self.at if self.part == "low" else rating >= self.at).astype(float)


CONSTANT = Column(touchpoint="", part="constant")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A touchpoint (by its rating), or another part of it, without a column of its own: why, and which twin has it."""

    touchpoint: str
    part: Part
    reason: Reason
    twin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The columns of a regression on ratings, and the matrix that they make of the answers used.

    Attributes
    ----------
    columns : tuple of Column
        The constant first; as many as the fit has coefficients, in the same order.
    matrix : numpy.ndarray, shape (n, k)
        The answers used.
    ratings : pandas.DataFrame
        Their ratings of all touchpoints, missing where not rated.
    rows : numpy.ndarray, shape (n,)
        Their positions in the table of ratings that the design was made of.
    left_out : tuple of LeftOut
        Touchpoints and indicators without a column of their own.
    """

    columns: tuple[Column, ...]
    matrix: np.ndarray
    ratings: pd.DataFrame
    rows: np.ndarray
    left_out: tuple[LeftOut, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """One name per column."""
        return tuple(column.name for column in self.columns)

    @property
    def touchpoints(self) -> tuple[str, ...]:
        """The touchpoints that have a column, in their order."""
        return tuple(dict.fromkeys(column.touchpoint for column in self.columns[1:]))

    @property
    def centers(self) -> dict[str, float]:
        """Where each touchpoint's rating is centred (0: not centred)."""
        return {column.touchpoint: column.at for column in self.columns if column.part == "rating"}

    def position(self, touchpoint: str, part: Part = "rating") -> int | None:
        """Return the column's position; None where the touchpoint has no such column."""
        for position, column in enumerate(self.columns):
            if (column.touchpoint, column.part) == (touchpoint, part):
                return position
        return None

    def rated(self, touchpoint: str) -> np.ndarray:
        """Tell which of the answers used rated the touchpoint, booleans of shape (n,)."""
        return self.ratings[touchpoint].notna().to_numpy()

    def rebuild(self, ratings: pd.DataFrame) -> np.ndarray:
        """Return the same columns (centres, cuts) for other ratings of any number of answers, shape (rows, k)."""
        return np.column_stack([column.values(ratings) for column in self.columns])

    def groups(self) -> list[list[int]]:
        """List each touchpoint's columns, counted without the constant; one that stands for two of them is in both."""
        owners = {name: [name] for name in self.touchpoints}
        for gap in self.left_out:
            if gap.part == "not_rated" and gap.twin:
                owners[gap.twin].append(gap.touchpoint)
        members: dict[str, list[int]] = {name: [] for name in self.touchpoints}
        for position, column in enumerate(self.columns[1:]):
            for owner in owners[column.touchpoint] if column.part == "not_rated" else [column.touchpoint]:
                members[owner].append(position)
        return list(members.values())


def make_design(
    ratings: pd.DataFrame, weights: np.ndarray, missing: Missing, outcome: np.ndarray | None = None
) -> Design:
    """Make the columns of a regression on ratings; what cannot be estimated is left out and told.

    Parameters
    ----------
    ratings : pandas.DataFrame
        One row per answer, one column per touchpoint, missing where not rated.
    weights : numpy.ndarray, shape (n,)
        Above 0.
    missing : {"indicator", "complete", "pairwise", "imputed"}
        *indicator* (and *imputed*, of ratings that are filled in): ratings centred among those who rated, 0 and an
        indicator for the others (an indicator is left out where fewer than two answers need it). *complete*: raw
        ratings of the answers that rated everything that anybody rated. *pairwise*: ratings centred among those who
        rated.
    outcome : numpy.ndarray, shape (n,) or (n, outcomes), optional
        0/1; where given, an indicator is left out if an outcome is the same in all answers that did not rate, and
        with *indicator* the whole touchpoint if it is the same in all that rated: the coefficient would be infinite.
    """
    empty = [str(name) for name in ratings if ratings[name].isna().all()]
    gaps = [LeftOut(touchpoint=name, part="rating", reason="not rated") for name in empty]
    candidates = [str(name) for name in ratings if name not in empty]
    rows = np.arange(len(ratings))
    if missing == "complete":
        rows = np.flatnonzero(ratings[candidates].notna().all(axis=1))
        refuse_few(len(rows), len(candidates))
        ratings, weights = ratings.iloc[rows], weights[rows]
    if missing == "indicator" and outcome is not None:
        flat = [name for name in candidates if _one_outcome(outcome, ratings[name].notna())]
        gaps += [LeftOut(touchpoint=name, part="rating", reason="one outcome") for name in flat]
        candidates = [name for name in candidates if name not in flat]
    columns = [_rating_column(ratings[name], weights, centred=missing != "complete") for name in candidates]
    columns, found = _independent(columns, ratings, weights, missing)
    gaps += found
    if missing == "indicator":
        indicators, found = _indicators([column.touchpoint for column in columns], ratings, outcome)
        gaps += found
        columns, found = _independent(columns, ratings, weights, missing, indicators)
        gaps += found
    order = {name: position for position, name in enumerate(candidates)}
    columns.sort(key=lambda column: order[column.touchpoint])  # stable: a rating before its indicator
    columns = [CONSTANT, *columns]
    matrix = np.column_stack([column.values(ratings) for column in columns])
    return Design(columns=tuple(columns), matrix=matrix, ratings=ratings, rows=rows, left_out=tuple(gaps))


def make_contrasts(ratings: pd.DataFrame, weights: np.ndarray, cuts: Mapping[str, tuple[float, float]]) -> Design:
    """Make low and high dummies of every touchpoint, the middle as reference, and indicators for who did not rate.

    A touchpoint with fewer than two answers in one of the three classes is left out.

    Parameters
    ----------
    ratings, weights
        As for ``make_design``.
    cuts : mapping of str to (float, float)
        For each touchpoint the highest low and the lowest high rating.
    """
    columns, gaps = [], []
    for name, (low, high) in cuts.items():
        rating = ratings[name].to_numpy(float)
        classes = [(rating <= low).sum(), ((rating > low) & (rating < high)).sum(), (rating >= high).sum()]
        if min(classes) >= 2:
            columns += [Column(touchpoint=name, part="low", at=low), Column(touchpoint=name, part="high", at=high)]
        else:
            reason: Reason = "empty class" if sum(classes) else "not rated"
            gaps.append(LeftOut(touchpoint=name, part="rating", reason=reason))
    indicators, found = _indicators([column.touchpoint for column in columns[::2]], ratings, None)
    gaps += found
    columns, found = _independent(columns, ratings, weights, "indicator", indicators)
    columns = [CONSTANT, *columns]
    matrix = np.column_stack([column.values(ratings) for column in columns])
    rows = np.arange(len(ratings))
    return Design(columns=tuple(columns), matrix=matrix, ratings=ratings, rows=rows, left_out=(*gaps, *found))


def _rating_column(rating: pd.Series, weights: np.ndarray, centred: bool) -> Column:
    rated = rating.notna().to_numpy()
    at = float(np.average(rating[rated], weights=weights[rated])) if centred else 0.0
    return Column(touchpoint=str(rating.name), part="rating", at=at)


def _indicators(
    touchpoints: Sequence[str], ratings: pd.DataFrame, outcome: np.ndarray | None
) -> tuple[list[Column], list[LeftOut]]:
    """Give an indicator to each touchpoint that somebody did not rate, as far as a coefficient can be had for it."""
    columns, gaps = [], []
    for name in touchpoints:
        absent = ratings[name].isna()
        if not absent.any():
            continue
        if absent.sum() < 2:
            gaps.append(LeftOut(touchpoint=name, part="not_rated", reason="one answer"))
        elif outcome is not None and _one_outcome(outcome, absent):
            gaps.append(LeftOut(touchpoint=name, part="not_rated", reason="one outcome"))
        else:
            columns.append(Column(touchpoint=name, part="not_rated"))
    return columns, gaps


def _one_outcome(outcome: np.ndarray, answers: pd.Series) -> bool:
    """Tell whether an outcome is the same in all of these answers."""
    return bool((np.ptp(outcome[answers.to_numpy()], axis=0) == 0).any())


def _independent(
    columns: list[Column], ratings: pd.DataFrame, weights: np.ndarray, missing: Missing, more: Sequence[Column] = ()
) -> tuple[list[Column], list[LeftOut]]:
    """Keep the columns that the ones before them do not already contain; ``columns`` go before ``more``."""
    candidates = [*columns, *more]
    if not candidates:
        return [], []
    if missing == "pairwise":
        data = ratings[[column.touchpoint for column in candidates]].to_numpy(float)
        covariance = np.nan_to_num(pairwise_moments(data, weights)[0])
    else:
        covariance = weighted_covariance(np.column_stack([column.values(ratings) for column in candidates]), weights)
    return independent(candidates, covariance)


def independent(candidates: Sequence[Column], covariance: np.ndarray) -> tuple[list[Column], list[LeftOut]]:
    """Keep the columns that the ones before them do not already contain, by the covariance of all."""
    varies = np.diag(covariance) > NOTHING_LEFT**2
    standard = correlation(covariance)
    rest = standard.copy()
    kept: list[int] = []
    gaps = []
    for position, column in enumerate(candidates):
        # below 0 only where pairwise covariances contradict each other: kept, so that the fit refuses them
        if varies[position] and abs(rest[position, position]) > NOTHING_LEFT:
            kept.append(position)
            row = rest[position].copy()
            rest -= np.outer(row, row) / row[position]
            continue
        twins = [other for other in kept if abs(standard[position, other]) > 1 - NOTHING_LEFT]
        reason: Reason = "constant" if not varies[position] else "same as" if twins else "made of others"
        twin = candidates[twins[0]].touchpoint if twins and varies[position] else ""
        gaps.append(LeftOut(touchpoint=column.touchpoint, part=column.part, reason=reason, twin=twin))
    return [candidates[position] for position in kept], gaps


def refuse_few(answers: int, coefficients: int) -> None:
    """Refuse complete answers that are fewer than ``PER_COEFFICIENT`` for each coefficient."""
    needed = PER_COEFFICIENT * coefficients
    if answers >= needed:
        return
    found = say_n("{count} answer that rated every touchpoint", "{count} answers that rated every touchpoint", answers)
    expected = say(
        "at least {needed}, {each} for each of {coefficients} coefficients",
        needed=needed,
        each=PER_COEFFICIENT,
        coefficients=coefficients,
    )
    remedy = say('Choose missing="indicator", which uses all answers, or a study of fewer touchpoints.')
    raise DataError([{"table": "survey", "value": str(found), "expected": str(expected), "remedy": str(remedy)}])
