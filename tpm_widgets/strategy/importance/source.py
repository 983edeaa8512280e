"""What importance is computed from: a study, a driver regression, any frame, or a matrix; one form for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.statistics.regression.covariance import is_matrix, read_matrix, weighted_covariance
from tpm_widgets.statistics.tables.moments import CrossProducts
from tpm_widgets.statistics.tables.numeric import read_numbers, sum_numbers
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.of_table import FrameDrivers
from tpm_widgets.strategy.drivers.outcomes import Outcome
from tpm_widgets.strategy.importance.explanation import Answers, Explanation
from tpm_widgets.study.model import Study

Groups = Mapping[str, Sequence[str]]
ASSOCIATION = say("Importance is an association, not a cause; whether it goes up or down is told by its sign.")


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
    return driver_regression(study, outcome=cast(Outcome, outcome))


def _of_drivers(drivers: DriverRegression | FrameDrivers, groups: Groups, always: list[str]) -> Explanation:
    answers = None
    if isinstance(drivers, FrameDrivers):
        columns, ratings = drivers.groups, drivers.ratings
    else:
        design = drivers.design
        columns = dict(zip(design.touchpoints, design.groups(), strict=True))
        ratings = {name: design.names.index(name) - 1 for name in design.touchpoints}
        if drivers.missing not in ("pairwise", "imputed"):
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
