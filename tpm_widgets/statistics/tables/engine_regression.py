"""The sums of a driver regression as narwhals expressions that the table's own engine computes (Spark, DuckDB, Polars).

What is summed, :mod:`rating_columns` tells; :mod:`batch_regression` sums the same by NumPy. A frame is what
``as_frame`` returns, lazy or not; ``params`` and ``bread`` are in terms of z.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, and_
from typing import Any

import narwhals as nw
import numpy as np

from tpm_widgets.statistics.regression.likelihoods import Slopes
from tpm_widgets.statistics.regression.linear_and_logit import NOTHING_LEFT
from tpm_widgets.statistics.tables.engine_reductions import (
    check_numbers,
    collect,
    column,
    first_row,
    is_positive,
    products,
    times,
)
from tpm_widgets.statistics.tables.rating_columns import LinearMeat, LogitSums, RatingColumns, RatingProducts

SAMPLE = 2**17  # rows


def rating_products(frame: Any, columns: RatingColumns) -> RatingProducts:
    """Sum what the design and the linear regression are made of; two passes."""
    table, z = _cells(frame, columns), _z(columns)
    used = _used(columns)
    absent = [f"u_{place}" for place in columns.absent]
    single = {
        "n": nw.lit(1.0),
        "weight": nw.col("w"),
        "squared": nw.col("w") * nw.col("w"),
        "events": nw.col("y"),
        **{name: nw.col(name) for name in absent},
        **{f"y{name}": nw.col("y") * nw.col(name) for name in absent},
    }
    row = first_row(
        table.select(
            nw.col("y"),
            nw.col("off_scale"),
            used.alias("used"),
            *(nw.when(used).then(part).otherwise(0.0).alias(name) for name, part in single.items()),
        ).select(
            nw.len().alias("rows"),
            nw.col("off_scale").sum(),
            nw.when(nw.col("used")).then(nw.col("y")).min().alias("low"),
            nw.when(nw.col("used")).then(nw.col("y")).max().alias("high"),
            *(nw.col(name).sum() for name in single),
        )
    )
    rows, off_scale, low, high, n, weight, squared, events, *others = row
    absents = np.array(others).reshape(2, len(absent))
    factors = [*z, "y"]
    weighted = table.filter(used).with_columns(times("w", factors))
    return RatingProducts(
        n=int(n),
        left_out=int(rows - n),
        weight=weight,
        weight_squared=squared,
        absent=absents[0],
        events=events,
        absent_events=absents[1],
        low=low,
        high=high,
        products=products(weighted, factors, [f"w_{name}" for name in factors])[0],
        off_scale=int(off_scale),
    )


def linear_meat(frame: Any, columns: RatingColumns, params: np.ndarray, bread: np.ndarray) -> LinearMeat:
    """Sum what HC3 errors need; one pass, and another one where single answers decide a coefficient."""
    z = _z(columns)
    twice = np.triu(bread) + np.triu(bread, 1)
    rows = _cells(frame, columns).filter(_used(columns))
    rows = rows.with_columns(
        (nw.col("y") - _linear(z, params)).alias("residual"),
        *((nw.col(name) * _linear(z, line)).alias(f"h_{name}") for name, line in zip(z, twice, strict=True)),
    )
    rows = rows.with_columns(left=1.0 - nw.col("w") * _sum(nw.col(f"h_{name}") for name in z))
    rows = rows.with_columns(alone=nw.when(nw.col("left") < NOTHING_LEFT).then(1.0).otherwise(0.0))
    kept = nw.when(nw.col("alone") > 0).then(1.0).otherwise(nw.col("left"))
    rows = rows.with_columns((nw.col("w") * nw.col("residual") / kept).alias("slope"))
    rows = rows.with_columns((nw.col("slope") * nw.col("slope")).alias("square"))
    rows = rows.with_columns(times("square", z))
    meat, alone = products(rows, z, [f"square_{name}" for name in z], largest="alone")
    decisive = np.empty((0, len(z)))
    if alone > 0:
        decisive = collect(rows.filter(nw.col("alone") > 0).select(*z).head(len(z))).to_numpy().astype(float)
    return LinearMeat(meat=meat, decisive=decisive)


def logit_slopes(frame: Any, columns: RatingColumns, params: np.ndarray) -> Slopes:
    """Sum log-likelihood, gradient and negative Hessian; one pass."""
    z = _z(columns)
    rows = _logit(frame, columns, params).with_columns(times("curve", z))
    sums, _ = products(rows, z, [*(f"curve_{name}" for name in z), "slope", "value"])
    return _slopes(sums)


def logit_sums(frame: Any, columns: RatingColumns, params: np.ndarray) -> LogitSums:
    """Sum what the errors of a logistic regression and of its average effects need."""
    z = _z(columns)
    rows = _logit(frame, columns, params)
    rows = rows.with_columns(
        square=nw.col("slope") * nw.col("slope"), bend=nw.col("curve") * (1.0 - 2.0 * nw.col("mean"))
    )
    rows = rows.with_columns(*(part for name in ("curve", "square", "bend") for part in times(name, z)))
    factors = [f"{name}_{own}" for name in ("square", "bend", "curve") for own in z]
    sums, largest = products(rows, z, [*factors, "slope", "value"], largest="size")
    meat, bend, rest = np.split(sums, [len(z), 2 * len(z)], axis=1)
    return LogitSums(slopes=_slopes(rest), meat=meat, bend=bend, largest=largest)


def sample(frame: Any, columns: RatingColumns, n: int) -> Any | None:
    """Return about ``SAMPLE`` of a table's n rows as a table in memory, where the engine can draw them; else None.

    Newton's method begins with them, so that it asks the engine for fewer passes; what they are does not matter for
    where it ends.
    """
    if not frame.implementation.is_spark_like():
        return None
    drawn = nw.from_native(frame.to_native().sample(fraction=min(1.0, SAMPLE / n), seed=1))
    return collect(drawn.select(*(column(drawn, name).alias(name) for name in columns.names))).to_native()


def _logit(frame: Any, columns: RatingColumns, params: np.ndarray) -> Any:
    """Add each row's |log odds|, probability, and (weighted) log-likelihood, first and negative second derivative."""
    rows = _cells(frame, columns).filter(_used(columns)).with_columns(linear=_linear(_z(columns), params))
    rows = rows.with_columns(size=nw.col("linear").abs())
    rows = rows.with_columns(rare=(-1.0 * nw.col("size")).exp())  # no power of a large number: some engines refuse it
    rows = rows.with_columns(likely=1.0 / (1.0 + nw.col("rare")))
    rows = rows.with_columns(
        mean=nw.when(nw.col("linear") >= 0).then(nw.col("likely")).otherwise(nw.col("rare") * nw.col("likely")),
        against=nw.when((nw.col("linear") >= 0) == (nw.col("y") > 0)).then(0.0).otherwise(nw.col("size")),
    )
    return rows.with_columns(
        value=nw.col("w") * (nw.col("likely").log() - nw.col("against")),
        slope=nw.col("w") * (nw.col("y") - nw.col("mean")),
        curve=nw.col("w") * nw.col("rare") * nw.col("likely") * nw.col("likely"),
    )


def _slopes(sums: np.ndarray) -> Slopes:
    """Take the sums apart: the columns are the negative Hessian, the gradient, and the log-likelihood (of line 0)."""
    return Slopes(float(sums[0, -1]), sums[:, -2].copy(), sums[:, :-2])


def _cells(frame: Any, columns: RatingColumns) -> Any:
    """Return one row per row of the table: y, w, all that z may have, whether it is answered, its cells off the scale.

    Columns get names of ours, because those of the table may be called as one of ours.
    """
    check_numbers(frame, list(columns.names))
    ratings = [f"r_{place}" for place in range(len(columns.ratings))]
    weight = nw.lit(1.0) if columns.weight is None else column(frame, columns.weight).cast(nw.Float64)
    cells = frame.select(
        column(frame, columns.outcome).cast(nw.Float64).alias("score"),
        weight.alias("w"),
        *(column(frame, name).cast(nw.Float64).alias(own) for name, own in zip(columns.ratings, ratings, strict=True)),
    )
    steps = [
        nw.when(_between(name, scale)).then(nw.col(name) - (scale[0] - 1.0)).otherwise(0.0).alias(f"c_{place}")
        for place, (name, scale) in enumerate(zip(ratings, columns.scales, strict=True))
    ]
    answered = _between("score", columns.scale)
    outcome = nw.when(answered).then(nw.col("score"))
    if columns.event is not None:
        answered = answered & (nw.col("score") == nw.col("score").floor()).fill_null(False)
        outcome = nw.when(answered & _between("score", columns.event)).then(1.0)
    strays = [_stray(name, scale, columns.codes) for name, scale in zip(ratings, columns.scales, strict=True)]
    cells = cells.select(
        outcome.otherwise(0.0).alias("y"),
        nw.col("w"),
        answered.alias("answered"),
        nw.lit(1.0).alias("one"),
        *steps,
        _sum(strays).alias("off_scale"),
    )
    return cells.with_columns(
        *(
            nw.when(nw.col(f"c_{place}") > 0).then(0.0).otherwise(1.0).alias(f"u_{place}")
            for place in range(len(ratings))
        )
    )


def _z(columns: RatingColumns) -> list[str]:
    """Name the columns that ``_cells`` makes, in the order of z."""
    return [
        "one",
        *(f"c_{place}" for place in range(len(columns.ratings))),
        *(f"u_{place}" for place in columns.absent),
    ]


def _used(columns: RatingColumns) -> nw.Expr:
    rated = [nw.col(f"c_{place}") > 0 for place in range(len(columns.ratings))] if columns.complete else []
    return reduce(and_, [nw.col("answered"), is_positive("w"), *rated])


def _between(name: str, ends: tuple[float, float]) -> nw.Expr:
    return ((nw.col(name) >= ends[0]) & (nw.col(name) <= ends[1])).fill_null(False)


def _stray(name: str, scale: tuple[float, float], codes: Sequence[float]) -> nw.Expr:
    """1 where a cell is neither missing nor on its scale nor a code."""
    unknown = reduce(and_, [nw.col(name) != float(code) for code in codes], ~_between(name, scale))
    there = ~nw.col(name).is_null() & ~nw.col(name).is_nan().fill_null(True)
    return nw.when(unknown.fill_null(False) & there).then(1.0).otherwise(0.0)


def _linear(names: Sequence[str], params: np.ndarray) -> nw.Expr:
    return _sum(nw.col(name) * float(value) for name, value in zip(names, params, strict=True) if value != 0)


def _sum(parts: Iterable[nw.Expr]) -> nw.Expr:
    return reduce(add, parts, nw.lit(0.0))
