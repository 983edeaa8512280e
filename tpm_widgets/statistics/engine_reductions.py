"""The same sums as narwhals expressions, computed by the table's own engine (Spark, DuckDB, Polars …)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

import narwhals as nw
import numpy as np

from tpm_widgets.language import say
from tpm_widgets.statistics.batches import refuse_columns
from tpm_widgets.statistics.moments import CrossProducts


def count(
    frame: Any, columns: Sequence[str], weight: str | None, most: int
) -> tuple[list[tuple[Any, Any]], dict[str, list[Any]]]:
    """Count by group in the engine; returns as in ``batch_reductions.count``."""
    _check_numbers(frame, [] if weight is None else [weight])
    schema = frame.collect_schema()
    keys = [f"key_{place}" for place in range(len(columns))]  # a column of the user's may be called as one of ours
    named = [nw.col(name).alias(key) for name, key in zip(columns, keys, strict=True)]
    weights = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    own = frame.select(*named, weights.alias("raw"))
    own = own.with_columns(w=nw.when(_positive("raw")).then(nw.col("raw")).otherwise(0.0))
    own = own.with_columns(
        rows=nw.lit(1.0),
        n=nw.when(nw.col("w") > 0).then(1.0).otherwise(0.0),
        squared=nw.col("w") * nw.col("w"),
        negative=nw.when(nw.col("raw") < 0).then(1.0).otherwise(0.0),
    )
    sums = ["rows", "n", "w", "squared", "negative"]
    counted = own.group_by(*keys).agg(*(nw.col(name).sum() for name in sums)).head(most + 1)
    rows = _collect(counted.select(*keys, *sums)).rows()
    orders = {name: list(schema[name].categories) for name in columns if isinstance(schema[name], nw.Enum)}
    return [(row[: len(keys)], np.array(row[len(keys) :], dtype=float)) for row in rows], orders


def multiply(frame: Any, columns: Sequence[str], weight: str | None) -> CrossProducts:
    """Sum in the engine, in two passes: the means, then the products about them."""
    _check_numbers(frame, [*columns, *([] if weight is None else [weight])])
    names = [f"x_{place}" for place in range(len(columns))]
    numbers = [nw.col(name).cast(nw.Float64).alias(own) for name, own in zip(columns, names, strict=True)]
    weights = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    own = frame.select(*numbers, weights.alias("w"))
    used = nw.all_horizontal(*(_finite(name) for name in names), _positive("w"), ignore_nulls=False)
    whole = own.filter(used)
    everyone = _row(own.select(nw.len()))[0]
    first = whole.select(
        nw.len().alias("n"),
        nw.col("w").sum().alias("weight"),
        (nw.col("w") * nw.col("w")).sum().alias("squared"),
        *((nw.col("w") * nw.col(name)).sum().alias(name) for name in names),
    )
    n, total, squared, *sums = _row(first)
    mean = np.zeros(len(names)) if n == 0 else np.array(sums, dtype=float) / total
    about = whole.select(
        *((nw.col(name) - float(centre)).alias(name) for name, centre in zip(names, mean, strict=True)),
        *(
            ((nw.col(name) - float(centre)) * nw.col("w")).alias(f"w{name}")
            for name, centre in zip(names, mean, strict=True)
        ),
    )
    pairs = list(combinations_with_replacement(range(len(names)), 2))
    products = [(nw.col(f"w{names[i]}") * nw.col(names[j])).sum().alias(f"p_{i}_{j}") for i, j in pairs]
    centred = np.zeros((len(names), len(names)))
    for (i, j), value in zip(pairs, _row(about.select(*products)), strict=True):
        centred[i, j] = centred[j, i] = value or 0.0
    return CrossProducts(
        names=tuple(columns),
        n=int(n),
        left_out=int(everyone - n),
        weight=float(total or 0.0),
        weight_squared=float(squared or 0.0),
        mean=mean,
        centred=centred,
    )


def _finite(name: str) -> nw.Expr:
    return nw.col(name).is_finite().fill_null(False)


def _positive(name: str) -> nw.Expr:
    return (nw.col(name).is_finite() & (nw.col(name) > 0)).fill_null(False)


def _collect(frame: Any) -> Any:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _row(frame: Any) -> tuple[Any, ...]:
    return _collect(frame).row(0)


def _check_numbers(frame: Any, columns: Sequence[str]) -> None:
    schema = frame.collect_schema()
    numeric = {name: schema[name].is_numeric() or schema[name] == nw.Boolean for name in columns}
    refuse_columns(say("a column of numbers"), [name for name, good in numeric.items() if not good])
