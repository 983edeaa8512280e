"""What importance is computed from: a study, a driver regression, any frame, or a matrix; one form for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tpm_widgets.errors import check_option
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.covariance import correlation, explained, r_squared, weighted_covariance
from tpm_widgets.statistics.covariance_matrix import is_matrix, read_matrix
from tpm_widgets.statistics.moments import CrossProducts
from tpm_widgets.statistics.numeric_columns import read_numbers
from tpm_widgets.statistics.numeric_sums import sum_numbers
from tpm_widgets.strategy.drivers import DriverRegression, driver_regression
from tpm_widgets.strategy.frame_drivers import FrameDrivers
from tpm_widgets.strategy.importance_caveats import always_caveat, collinear_caveats
from tpm_widgets.strategy.outcomes import Outcome
from tpm_widgets.study.model import Study

Groups = Mapping[str, Sequence[str]]
ASSOCIATION = say("Importance is an association, not a cause; whether it goes up or down is told by its sign.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The rows behind a covariance matrix.

    Attributes
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Columns and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
    """

    data: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Who explains what.

    Attributes
    ----------
    kind : {"touchpoint", "predictor"}
        The first column of the tables.
    players : mapping of str to list of int
        The columns of each touchpoint, predictor or group; none where it could not be estimated.
    signed : mapping of str to list of int
        Those whose coefficients have a player's sign: ratings and numbers, no dummies.
    always : list of int
        Columns that are in every model.
    covariance : numpy.ndarray, shape (k + 1, k + 1)
        Of the columns and, last, the outcome.
    answers : Answers or None
        None for a matrix, and for covariances of different answers.
    n : int
    outcome : str
    labels, settings : mapping
    notes : tuple of Sentence
        What the source itself has to say.
    data_hash : str
    """

    kind: Literal["touchpoint", "predictor"]
    players: Mapping[str, list[int]]
    signed: Mapping[str, list[int]]
    always: list[int]
    covariance: np.ndarray
    answers: Answers | None
    n: int
    outcome: str
    labels: Mapping[str, str]
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...]
    data_hash: str = ""

    @property
    def groups(self) -> list[list[int]]:
        """The columns of the players that could be estimated."""
        return [columns for columns in self.players.values() if columns]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [player for player, columns in self.players.items() if columns]

    @property
    def caveats(self) -> tuple[Sentence, ...]:
        """Everything to be known beforehand: also what is always in, and who overlaps with whom."""
        words = [self.labels.get(name, name) for name in self.names]
        found = [*self.notes]
        if self.always:
            found.append(
                always_caveat([self.labels.get(name, name) for name in self.settings["always"]], self.always_explain)
            )
        found += collinear_caveats(correlation(self.covariance), self.groups, words)
        return tuple({str(sentence): sentence for sentence in found}.values())  # the source may have said it, too

    @property
    def explain(self) -> float:
        """R² of all columns."""
        return r_squared(self.covariance)

    @property
    def always_explain(self) -> float:
        """R² of the columns that are in every model."""
        return float(explained(correlation(self.covariance), self.always)) if self.always else 0.0

    def spread(self, values: np.ndarray, absent: Any = np.nan) -> np.ndarray:
        """Give every player its value, in the order of the table; missing where it could not be estimated."""
        known = iter(values)
        return np.array([next(known) if columns else absent for columns in self.players.values()])


def read_explanation(
    source: Any,
    outcome: str | None,
    predictors: Sequence[str] | None,
    weight: str | None,
    groups: Groups | None,
    always: Sequence[str],
    n: int | None,
    *,
    rows: bool = True,
) -> Explanation:
    """Read any source; arguments as for ``relative_importance``, and whether the ``rows`` themselves are needed."""
    groups, always = groups or {}, list(always)
    if isinstance(source, (Study, DriverRegression, FrameDrivers)):
        if predictors is not None or weight is not None or n is not None:
            raise ValueError(
                "predictors=, weight= and n= go with a frame; a study has its touchpoints, weight and answers."
            )
        if not isinstance(source, Study) and outcome is not None:
            raise ValueError(f"outcome= goes with a frame or a study; this regression explains {source.outcome!r}.")
        return _of_drivers(_drivers(source, outcome) if isinstance(source, Study) else source, groups, always)
    if n is not None:
        if weight is not None:
            raise ValueError("weight= goes with rows; a covariance matrix has its weights in it.")
        return _of_matrix(source, outcome, predictors, groups, always, n)
    if is_matrix(source):
        raise ValueError("source is a covariance or correlation matrix: add n=, the number of rows that it rests on.")
    if predictors is not None:
        predictors = [*predictors, *(name for name in always if name not in predictors)]
    if rows and isinstance(source, (str, Path)):
        raise ValueError("a file is summed up, and this needs its rows: read them, or a sample, into a data frame.")
    sums = None if rows else sum_numbers(source, outcome, predictors, weight)
    if sums is not None:
        return _of_sums(sums, weight, groups, always)
    return _of_frame(source, outcome, predictors, weight, groups, always)


def _drivers(study: Study, outcome: str | None) -> DriverRegression:
    outcome = "recommend" if outcome is None else outcome
    check_option("outcome", outcome, Outcome)
    return driver_regression(study, outcome=outcome)  # type: ignore[call-overload,no-any-return]


def _of_drivers(drivers: DriverRegression | FrameDrivers, groups: Groups, always: list[str]) -> Explanation:
    answers = None
    if isinstance(drivers, FrameDrivers):
        columns, ratings = drivers.groups, drivers.ratings
    else:
        design = drivers.design
        columns = dict(zip(design.touchpoints, design.groups(), strict=True))
        ratings = {name: design.names.index(name) - 1 for name in design.touchpoints}
        if drivers.missing != "pairwise":
            data = np.column_stack([design.matrix[:, 1:], drivers.observed])
            answers = Answers(data=data, weights=drivers.fit.mass, clusters=drivers.fit.clusters)
    signed = {name: [column] for name, column in ratings.items()}
    players = _players(list(drivers.table["touchpoint"]), groups, always, "touchpoint")
    return Explanation(
        kind="touchpoint",
        players={player: _columns(members, columns) for player, members in players.items()},
        signed={player: _columns(members, signed) for player, members in players.items()},
        always=_columns(always, columns),
        covariance=drivers.covariance,
        answers=answers,
        n=drivers.n,
        outcome=drivers.outcome,
        labels=drivers.labels,
        settings={**drivers.settings, **_given(groups=dict(groups), always=always)},
        notes=drivers.caveats,
        data_hash=drivers.data_hash,
    )


def _of_sums(sums: CrossProducts, weight: str | None, groups: Groups, always: list[str]) -> Explanation:
    *names, outcome = sums.names
    left_out = say_n(
        "{count} row was left out, because a value is missing or its weight is not above 0.",
        "{count} rows were left out, because a value is missing or their weight is not above 0.",
        sums.left_out,
    )
    return _of_numbers(
        names,
        outcome,
        sums.centred / sums.weight,
        sums.n,
        {"outcome": outcome, **_given(weight=weight)},
        (ASSOCIATION, left_out) if sums.left_out else (ASSOCIATION,),
        groups,
        always,
    )


def _of_frame(
    source: Any,
    outcome: str | None,
    predictors: Sequence[str] | None,
    weight: str | None,
    groups: Groups,
    always: list[str],
) -> Explanation:
    numbers = read_numbers(source, outcome, predictors, weight)
    *names, outcome = numbers.names
    players = _players(names, groups, always, "predictor")
    numeric = {name: places for name, places in numbers.places.items() if name not in numbers.factors}
    left_out = say_n(
        "{count} row was left out, because a value is missing.",
        "{count} rows were left out, because a value is missing.",
        numbers.left_out,
    )
    return Explanation(
        kind="predictor",
        players={player: _columns(members, numbers.places) for player, members in players.items()},
        signed={player: _columns(members, numeric) for player, members in players.items()},
        always=_columns(always, numbers.places),
        covariance=weighted_covariance(numbers.columns, numbers.weights),
        answers=Answers(data=numbers.columns, weights=numbers.weights, clusters=np.arange(len(numbers.weights))),
        n=len(numbers.weights),
        outcome=outcome,
        labels={},
        settings={"outcome": outcome, **_given(weight=weight, groups=dict(groups), always=always)},
        notes=(ASSOCIATION, left_out) if numbers.left_out else (ASSOCIATION,),
    )


def _of_matrix(
    source: Any, outcome: str | None, predictors: Sequence[str] | None, groups: Groups, always: list[str], n: int
) -> Explanation:
    if predictors is not None:
        predictors = [*predictors, *(name for name in always if name not in predictors)]
    matrix = read_matrix(source, outcome, predictors, n)
    *names, outcome = matrix.names
    settings = {"outcome": outcome, "n": n}
    return _of_numbers(names, outcome, matrix.covariance, n, settings, (ASSOCIATION,), groups, always)


def _of_numbers(
    names: list[str],
    outcome: str,
    covariance: np.ndarray,
    n: int,
    settings: Mapping[str, Any],
    notes: tuple[Sentence, ...],
    groups: Groups,
    always: list[str],
) -> Explanation:
    """One column per predictor, and no rows."""
    columns = {name: [place] for place, name in enumerate(names)}
    players = _players(names, groups, always, "predictor")
    owned = {player: _columns(members, columns) for player, members in players.items()}
    return Explanation(
        kind="predictor",
        players=owned,
        signed=owned,
        always=_columns(always, columns),
        covariance=covariance,
        answers=None,
        n=n,
        outcome=outcome,
        labels={},
        settings={**settings, **_given(groups=dict(groups), always=always)},
        notes=notes,
    )


def _given(**settings: Any) -> dict[str, Any]:
    """Keep the settings that were given."""
    return {name: value for name, value in settings.items() if value}


def _columns(members: Sequence[str], columns: Mapping[str, list[int]]) -> list[int]:
    return [column for member in members for column in columns.get(member, [])]


def _players(names: list[str], groups: Groups, always: list[str], kind: str) -> dict[str, list[str]]:
    """Who plays: each group with its members, where the first of them stood, and the others on their own."""
    owner: dict[str, str] = {}
    for group, members in groups.items():
        if group in names and group not in members:
            raise ValueError(f"groups[{group!r}] has the name of a {kind} that is not in it; choose another name.")
        for member in members:
            if member not in names:
                raise ValueError(f"groups[{group!r}] names the unknown {kind} {member!r}; there are {names!r}.")
            if member in owner:
                raise ValueError(f"groups puts {member!r} into both {owner[member]!r} and {group!r}.")
            owner[member] = group
    for name in always:
        if name not in names:
            raise ValueError(f"always names the unknown {kind} {name!r}; there are {names!r}.")
        if name in owner:
            raise ValueError(f"{name!r} stands in both always and groups[{owner[name]!r}]; choose one.")
    players: dict[str, list[str]] = {}
    for name in names:
        if name not in always:
            players.setdefault(owner.get(name, name), []).append(name)
    if not players:
        raise ValueError(f"always leaves no {kind} whose importance could be asked for.")
    return players
