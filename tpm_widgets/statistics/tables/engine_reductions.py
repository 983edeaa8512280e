"""The same sums as narwhals expressions, computed by the table's own engine (Spark, DuckDB, Polars …)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.statistics.tables.batches import refuse_columns
from tpm_widgets.statistics.tables.moments import CrossProducts

MOST_SUMS = 48  # by line at a time: Spark compiles up to about a hundred columns, and interprets more


def count(
    frame: Any, columns: Sequence[str], weight: str | None, most: int
) -> tuple[list[tuple[Any, Any]], dict[str, list[Any]]]:
    """Count by group in the engine; returns as in ``batch_reductions.count``."""
    check_numbers(frame, [] if weight is None else [weight])
    schema = frame.collect_schema()
    keys = [f"key_{place}" for place in range(len(columns))]  # a column of the user's may be called as one of ours
    named = [column(frame, name).alias(key) for name, key in zip(columns, keys, strict=True)]
    weights = nw.lit(1.0) if weight is None else column(frame, weight).cast(nw.Float64)
    own = frame.select(*named, weights.alias("raw"))
    own = own.with_columns(w=nw.when(is_positive("raw")).then(nw.col("raw")).otherwise(0.0))
    own = own.with_columns(
        rows=nw.lit(1.0),
        n=nw.when(nw.col("w") > 0).then(1.0).otherwise(0.0),
        squared=nw.col("w") * nw.col("w"),
        negative=nw.when(nw.col("raw") < 0).then(1.0).otherwise(0.0),
    )
    sums = ["rows", "n", "w", "squared", "negative"]
    counted = own.group_by(*keys).agg(*(nw.col(name).sum() for name in sums)).head(most + 1)
    rows = collect(counted.select(*keys, *sums)).rows()
    orders = {name: list(schema[name].categories) for name in columns if isinstance(schema[name], nw.Enum)}
    return [(row[: len(keys)], np.array(row[len(keys) :], dtype=float)) for row in rows], orders


def multiply(frame: Any, columns: Sequence[str], weight: str | None) -> CrossProducts:
    """Sum in the engine, in two passes: the means, then the products about them."""
    check_numbers(frame, [*columns, *([] if weight is None else [weight])])
    names = [f"x_{place}" for place in range(len(columns))]
    numbers = [column(frame, name).cast(nw.Float64).alias(own) for name, own in zip(columns, names, strict=True)]
    weights = nw.lit(1.0) if weight is None else column(frame, weight).cast(nw.Float64)
    own = frame.select(*numbers, weights.alias("w"))
    used = nw.all_horizontal(*(_finite(name) for name in names), is_positive("w"), ignore_nulls=False)
    counted = own.select(
        nw.when(used).then(1.0).otherwise(0.0).alias("n"),
        nw.when(used).then(nw.col("w")).otherwise(0.0).alias("w"),
        *(nw.when(used).then(nw.col(name)).otherwise(0.0).alias(name) for name in names),
    )
    counted = counted.with_columns((nw.col("w") * nw.col("w")).alias("squared"), *times("w", names))
    sums = ["n", "w", "squared", *(f"w_{name}" for name in names)]
    row = first_row(counted.select(nw.len().alias("rows"), *(nw.col(name).sum() for name in sums)))
    rows, n, total, squared, *firsts = row
    mean = np.zeros(len(names)) if n == 0 else np.array(firsts) / total
    about = own.filter(used).select(
        nw.col("w"), *((nw.col(name) - float(centre)).alias(name) for name, centre in zip(names, mean, strict=True))
    )
    centred, _ = products(about.with_columns(*times("w", names)), names, [f"w_{name}" for name in names])
    return CrossProducts(
        names=tuple(columns),
        n=int(n),
        left_out=int(rows - n),
        weight=total,
        weight_squared=squared,
        mean=mean,
        centred=(centred + centred.T) / 2,
    )


def products(
    rows: Any, lines: Sequence[str], factors: Sequence[str], largest: str | None = None
) -> tuple[np.ndarray, float]:
    """Sum line · factor over rows in the engine, for all pairs.

    Parameters
    ----------
    rows : narwhals frame
        Columns of numbers, none of them missing.
    lines, factors : sequence of str
    largest : str, optional
        A column whose largest value is told as well; 0 without one, and without rows.

    Returns
    -------
    numpy.ndarray, shape (lines, factors), and float
    """
    rows = rows.with_columns((nw.lit(0.0) if largest is None else nw.col(largest)).alias("most"))
    if rows.implementation.is_spark_like():
        return _products_by_line(rows, lines, factors)
    pairs = [(nw.col(line) * nw.col(name)).alias(f"{line}:{name}") for line in lines for name in factors]
    each = rows.select("most", *pairs)
    most, *sums = first_row(each.select(nw.col("most").max(), *(nw.col(name).sum() for name in each.columns[1:])))
    return np.array(sums).reshape(len(lines), len(factors)), most


def _products_by_line(rows: Any, lines: Sequence[str], factors: Sequence[str]) -> tuple[np.ndarray, float]:
    """Sum all pairs where k² expressions would take longer to compile than to compute.

    Each row becomes one row per line, and the factors are summed by line.
    """
    sums, most = np.zeros((len(lines), len(factors))), 0.0
    names = [f"line_{place}" for place in range(len(lines))]
    copies = [nw.col(line).alias(name) for line, name in zip(lines, names, strict=True)]
    for start in range(0, len(factors), MOST_SUMS):
        some = list(factors[start : start + MOST_SUMS])
        long = rows.select("most", *copies, *some)
        long = long.unpivot(on=names, index=["most", *some], variable_name="line", value_name="own")
        long = long.select("line", "most", *((nw.col(name) * nw.col("own")) for name in some))
        summed = long.group_by("line").agg(nw.col("most").max(), *(nw.col(name).sum() for name in some))
        for line, high, *values in collect(summed.select("line", "most", *some)).rows():
            sums[names.index(line), start : start + len(some)] = values
            most = max(most, float(high))
    return sums, most


def times(factor: str, names: Sequence[str]) -> list[nw.Expr]:
    """Multiply columns by one of them: "w" · "x" is called "w_x"."""
    return [(nw.col(factor) * nw.col(name)).alias(f"{factor}_{name}") for name in names]


def column(frame: Any, name: str) -> nw.Expr:
    """Return a column of the user's: Spark takes a dot in its name for a part of a column, unless it is quoted."""
    return nw.col(f"`{name.replace('`', '``')}`" if frame.implementation.is_spark_like() else name)


def _finite(name: str) -> nw.Expr:
    return nw.col(name).is_finite().fill_null(False)


def is_positive(name: str) -> nw.Expr:
    """Whether a weight counts."""
    return (nw.col(name).is_finite() & (nw.col(name) > 0)).fill_null(False)


def collect(frame: Any) -> Any:
    """Compute a frame where its engine has not yet."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def first_row(frame: Any) -> list[float]:
    """Compute a frame of one row of numbers; 0 for what is missing, as the sum of no rows is in most engines."""
    return [0.0 if pd.isna(value) else float(value) for value in collect(frame).row(0)]


def check_numbers(frame: Any, columns: Sequence[str]) -> None:
    """Refuse columns that do not hold numbers, or yes and no."""
    schema = frame.collect_schema()
    numeric = {name: schema[name].is_numeric() or schema[name] == nw.Boolean for name in columns}
    refuse_columns(say("a column of numbers"), [name for name, good in numeric.items() if not good])
