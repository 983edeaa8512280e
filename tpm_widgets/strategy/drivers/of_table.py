"""Drivers of recommendation in a table of any size: the same numbers as of a study, from sums in a few passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from tpm_widgets.as_is.score.tallies import persons_unknown
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say_n
from tpm_widgets.statistics.regression.covariance import r_squared
from tpm_widgets.statistics.regression.design import LeftOut, Missing
from tpm_widgets.statistics.regression.linear_and_logit import wald_table
from tpm_widgets.statistics.score.question import Question
from tpm_widgets.statistics.tables.batches import Progress
from tpm_widgets.statistics.tables.fit_of_sums import (
    SumsDesign,
    SumsFit,
    average_effects,
    design_of_sums,
    fit_linear_sums,
    fit_logit_sums,
)
from tpm_widgets.statistics.tables.rating_columns import LogitSums, RatingColumns, RatingProducts
from tpm_widgets.statistics.tables.reductions import Route
from tpm_widgets.statistics.tables.regression_sums import open_ratings, rating_products
from tpm_widgets.strategy.drivers.caveats import driver_caveats
from tpm_widgets.strategy.drivers.outcomes import Outcome
from tpm_widgets.strategy.drivers.result import Drivers
from tpm_widgets.strategy.drivers.shares import experienced, sampled_caveat, shares_of, with_importance, with_parts
from tpm_widgets.strategy.drivers.tables import ESTIMATES, refuse_too_few
from tpm_widgets.study.model import Scale

Summed = Literal["indicator", "complete"]

OF_A_TABLE = ("recommend", "promoter", "detractor")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class FrameDrivers(Drivers):
    """What goes with an outcome in a table of any size; made by ``driver_regression``, which tells the columns.

    Attributes
    ----------
    table, effects, terms, intercept, r_squared, model, outcome, missing, n, events, covariance, labels
        As in ``Drivers``.
    groups : mapping of str to list of int
        The columns of each touchpoint that could be estimated, counted without the constant.
    ratings : mapping of str to int
        And of these the one of its rating.
    """

    groups: Mapping[str, list[int]]
    ratings: Mapping[str, int]


def frame_drivers(
    source: Any,
    outcome: Outcome,
    missing: Missing,
    level: float,
    window: int | None,
    model: str | None,
    touchpoints: Mapping[str, str] | Sequence[str] | None,
    *,
    recommend: str,
    weight: str | None = None,
    recommend_scale: Scale = (0, 10),
    rating_scale: Scale = (1, 5),
    not_experienced: Sequence[Any] = (),
    no_answer: Sequence[Any] = (),
    route: Route | None = None,
    progress: Progress | None = None,
) -> FrameDrivers:
    """Regress the score, or being a promoter or a detractor, on the ratings of a table; see ``driver_regression``.

    Parameters
    ----------
    source : data frame or path
        As ``net_promoter_score`` takes it.
    outcome, missing, level, window, model, touchpoints, recommend, weight, recommend_scale, rating_scale, \
    not_experienced, no_answer
        As in ``driver_regression``; ``window`` and other models than its default are refused.
    route : {"batches", "engine"}, optional
        How; batches where they can be had.
    progress : callable, optional
        ``progress(rows_done, rows_in_all)`` after each batch of each pass; what it raises ends the regression.
    """
    _check(outcome, missing, window, model)
    check_level(level)
    names = _names(touchpoints)
    columns = RatingColumns(
        outcome=recommend,
        scale=recommend_scale,
        event=_event(outcome, recommend_scale),
        ratings=tuple(names),
        scales=(rating_scale,) * len(names),
        absent=tuple(range(len(names))),
        weight=weight,
        codes=tuple(float(code) for code in (*not_experienced, *no_answer) if not isinstance(code, str)),
    )
    table = open_ratings(source, columns, route, progress)
    sums = everybody = rating_products(table, columns)
    if missing == "complete":
        columns = _complete(columns, sums)
        table = open_ratings(source, columns, route, progress)
        sums = rating_products(table, columns)
    rated_names = [names[column] for column in columns.ratings]
    made = design_of_sums(rated_names, columns, sums)
    refuse_too_few(sums.n, sums.high - sums.low, made.design)
    shares = shares_of(made.design, made.covariance)
    columns, made, sums = _needed(columns, made, sums)
    fit = (fit_linear_sums if columns.event is None else fit_logit_sums)(table, columns, made, sums)
    labels = {name: name for name in names.values()}
    counts = pd.DataFrame({"touchpoint": list(labels)})
    rated = dict(zip(rated_names, made.rated, strict=True))
    counts["n"] = [int(rated.get(name, 0)) for name in labels]
    terms = _terms(fit, made, rated, missing, level)
    coefficients = terms.loc[terms["part"] == "rating", ["touchpoint", *ESTIMATES]]
    drivers = counts.merge(coefficients, on="touchpoint", how="left")
    events = None if columns.event is None else int(sums.events)
    design = replace(made.design, left_out=(*_never_rated(names, columns), *made.design.left_out))
    return FrameDrivers(
        table=with_parts(
            with_importance(drivers, shares).assign(
                experienced=experienced(drivers, sums.n, () if not_experienced else list(labels))
            ),
            shares,
        ),
        effects=drivers.copy() if fit.sums is None else _effects(counts, fit, fit.sums, columns, made, level),
        terms=terms,
        intercept=float(fit.params[0]),
        r_squared=r_squared(made.covariance),
        model="ols" if events is None else "logit",
        outcome=outcome,
        missing=missing,
        n=sums.n,
        events=events,
        covariance=made.covariance,
        labels=labels,
        groups=dict(zip(design.touchpoints, design.groups(), strict=True)),
        ratings={name: design.names.index(name) - 1 for name in design.touchpoints},
        settings={"outcome": outcome, "missing": missing, "level": level, "recommend": recommend, "weight": weight},
        caveats=(
            *driver_caveats(labels, everybody.n + everybody.left_out, design, made.covariance, fit, events, missing),
            *sampled_caveat(shares),
            *_not_counted(everybody),
            persons_unknown(),
        ),
        data_hash=_digest(columns, sums),
    )


def _check(outcome: str, missing: str, window: int | None, model: str | None) -> None:
    """Refuse what sums over a table do not tell, and say what does."""
    if outcome not in OF_A_TABLE or window is not None:
        option = f"window={window!r}" if outcome in OF_A_TABLE else f"outcome={outcome!r}"
        raise ValueError(
            f"{option} needs a Study, because what customers did stands in other tables than their answers; a table "
            f"alone has the outcomes {', '.join(map(repr, OF_A_TABLE))}."
        )
    given = f"missing={missing!r}" if missing not in get_args(Summed) else f"model={model!r}"
    if missing not in get_args(Summed) or model not in (None, "ols" if outcome == "recommend" else "logit"):
        raise ValueError(
            f"{given} cannot be had from sums over a table of any size; make a Study of a sample of its rows: "
            "make_study(sample, …)."
        )


def _names(touchpoints: Mapping[str, str] | Sequence[str] | None) -> dict[str, str]:
    """Return the touchpoint of each column of ratings."""
    if not touchpoints or isinstance(touchpoints, str):
        raise ValueError(
            "touchpoints must name a table's columns of ratings, as a list or as {column: touchpoint}; "
            f"got {touchpoints!r}."
        )
    names = touchpoints if isinstance(touchpoints, Mapping) else {name: name for name in touchpoints}
    if len(set(names.values())) < len(touchpoints):
        raise ValueError(f"touchpoints must be different ones; got {touchpoints!r}.")
    return dict(names)


def _event(outcome: str, scale: Scale) -> Scale | None:
    """Return between which scores the outcome lies; None for the score itself."""
    if outcome == "recommend":
        return None
    detractor, passive = Question(scale).cut()
    return (passive + 1, scale[1]) if outcome == "promoter" else (scale[0], detractor)


def _complete(columns: RatingColumns, sums: RatingProducts) -> RatingColumns:
    """Ask for the rows that rated everything that anybody rated."""
    rated = np.flatnonzero(sums.absent < sums.n)
    return replace(
        columns,
        ratings=tuple(columns.ratings[place] for place in rated),
        scales=tuple(columns.scales[place] for place in rated),
        absent=tuple(range(len(rated))),
        complete=True,
    )


def _never_rated(names: Mapping[str, str], columns: RatingColumns) -> list[LeftOut]:
    never = [name for column, name in names.items() if column not in columns.ratings]
    return [LeftOut(touchpoint=name, part="rating", reason="not rated") for name in never]


def _needed(
    columns: RatingColumns, made: SumsDesign, sums: RatingProducts
) -> tuple[RatingColumns, SumsDesign, RatingProducts]:
    """Leave out the indicators that are 0 in every row."""
    first = 1 + len(columns.ratings)
    absent = np.flatnonzero(sums.absent)
    kept = np.concatenate([np.arange(first), first + absent])
    both = np.append(kept, -1)
    return (
        replace(columns, absent=tuple(absent.tolist())),
        replace(made, terms=made.terms[:, kept]),
        replace(sums, products=sums.products[np.ix_(both, both)]),
    )


def _terms(fit: SumsFit, made: SumsDesign, rated: Mapping[str, int], missing: str, level: float) -> pd.DataFrame:
    """Make the table of all coefficients, as ``coefficient_table`` does for a study."""
    about = {"rating": lambda name: rated[name], "not_rated": lambda name: fit.n - rated[name]}
    columns = made.design.columns
    names = pd.DataFrame(
        {
            "term": made.design.names,
            "touchpoint": [column.touchpoint for column in columns],
            "part": [column.part for column in columns],
        }
    )
    estimates = wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.df, level)
    n = [fit.n, *(int(about[column.part](column.touchpoint)) for column in columns[1:])]
    return pd.concat([names, estimates.assign(n=n, policy=missing)], axis=1)


def _effects(
    counts: pd.DataFrame, fit: SumsFit, sums: LogitSums, columns: RatingColumns, made: SumsDesign, level: float
) -> pd.DataFrame:
    """Make the table of average changes of the probability, as ``effect_table`` does for a study."""
    table = wald_table(*average_effects(fit, sums, columns, made), fit.df, level)
    table.insert(0, "touchpoint", made.design.touchpoints)
    return counts.merge(table, on="touchpoint", how="left")


def _not_counted(sums: RatingProducts) -> list[Sentence]:
    """Say how many rows do not count at all, and how many cells are neither ratings nor known codes."""
    found = []
    if sums.left_out:
        found.append(
            say_n(
                "{count} row has no score on its scale, or no weight above 0, and does not count.",
                "{count} rows have no score on its scale, or no weight above 0, and do not count.",
                sums.left_out,
            )
        )
    if sums.off_scale:
        found.append(
            say_n(
                "{count} rating lies off its scale without being declared a code; it counts as not rated.",
                "{count} ratings lie off their scale without being declared codes; they count as not rated.",
                sums.off_scale,
            )
        )
    return found


def _digest(columns: RatingColumns, sums: RatingProducts) -> str:
    """Twelve hexadecimal digits that change with the sums; the same for one table in every library."""
    numbers = " ".join(f"{value:.9e}" for value in sums.products.ravel())  # later digits depend on the order of adding
    return sha256(f"{columns}\n{sums.n} {numbers}".encode()).hexdigest()[:12]
