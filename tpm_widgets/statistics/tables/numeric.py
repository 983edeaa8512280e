"""The columns of any frame as numbers: complete rows, weights, dummies for factors, and how many rows were left out;
and as sums of products, for what needs no more of them than covariances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.tables.batches import parquet_schema
from tpm_widgets.statistics.tables.moments import CrossProducts
from tpm_widgets.statistics.tables.reductions import cross_products

FIRST = 100  # rows in which most columns that vary do so
FACTORS = (nw.String, nw.Categorical, nw.Enum)

NO_VARIANCE = 1e-14  # of a column's mean square; below, what is left of its variance is rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumericColumns:
    """Predictors and, last, the outcome.

    Attributes
    ----------
    names : tuple of str
        The predictors and, last, the outcome.
    columns : numpy.ndarray, shape (n, k)
        One column each; for a factor of m different values m − 1 dummies, without the first value.
    places : mapping of str to list of int
        Where each predictor's columns stand.
    factors : tuple of str
        The predictors of words.
    weights : numpy.ndarray, shape (n,)
        Above 0.
    left_out : int
        Rows with a missing value.
    """

    names: tuple[str, ...]
    columns: np.ndarray
    places: Mapping[str, list[int]]
    factors: tuple[str, ...]
    weights: np.ndarray
    left_out: int


def read_numbers(
    source: Any, outcome: str | None, predictors: Sequence[str] | None, weight: str | None
) -> NumericColumns:
    """Read predictors, outcome and weight from a frame that narwhals knows; the frame stays as it is.

    Parameters
    ----------
    source : data frame
    outcome : str
    predictors : sequence of str, optional
        Columns of numbers, or of words (factors). All other numeric columns where None.
    weight : str, optional
        A column of weights of at least 0; ones where None. Rows of weight 0 do not count.

    Raises
    ------
    DataError
        Where a column is not numeric or does not vary, a weight is negative, or rows are too few.
    TypeError, ValueError
        Where the source is no frame, or a column is not there or named twice.
    """
    frame = _frame(source)
    schema = frame.collect_schema()
    *predictors, outcome = choose_columns(schema, outcome, predictors, weight)
    used = [*predictors, outcome, *([] if weight is None else [weight])]
    factors = tuple(name for name in predictors if schema[name] in FACTORS)
    numeric = [name for name in used if name not in factors]
    _refuse(
        say("a column of numbers"),
        [name for name in numeric if not (schema[name].is_numeric() or schema[name] == nw.Boolean)],
    )
    eager = frame if list(schema) == used else frame.select(used)
    eager = eager.collect() if isinstance(eager, nw.LazyFrame) else eager
    table = eager.to_pandas()
    data = (table[numeric] if factors else table).to_numpy(float, na_value=np.nan)
    codes = {name: pd.factorize(table[name], sort=True)[0] for name in factors}
    complete = np.isfinite(data).all(axis=1)
    for code in codes.values():
        complete &= code >= 0
    weights = np.ones(len(data)) if weight is None else data[:, -1]
    _refuse(say("weights of at least 0"), [str(weight)] if (weights[complete] < 0).any() else [])
    kept = complete & (weights > 0)
    if not kept.all():
        data, weights = data[kept], weights[kept]
        codes = {name: code[kept] for name, code in codes.items()}
    names = (*predictors, outcome)
    parts = {name: data[:, place : place + 1] for place, name in enumerate(numeric) if name in names}
    parts |= {name: _dummies(code) for name, code in codes.items()}
    columns = data[:, : len(names)] if not factors else np.hstack([parts[name] for name in names])
    if len(columns) <= columns.shape[1]:
        expected = say("more complete rows than columns; here {n} and {k}", n=len(columns), k=columns.shape[1])
        raise DataError([{"table": "frame", "expected": str(expected)}])
    flat = [name for name in names if not _varies(parts[name])]
    _refuse(say("values that differ"), flat)
    ends = np.cumsum([parts[name].shape[1] for name in predictors]).tolist()
    places = {name: list(range(start, end)) for name, start, end in zip(predictors, [0, *ends[:-1]], ends, strict=True)}
    return NumericColumns(
        names=names,
        columns=columns,
        places=places,
        factors=factors,
        weights=weights,
        left_out=int((~complete).sum()),
    )


def _varies(column: np.ndarray) -> bool:
    """Tell whether any of the columns has two values."""
    return any((rows != column[0]).any() for rows in (column[:FIRST], column))


def choose_columns(
    schema: Mapping[str, Any], outcome: str | None, predictors: Sequence[str] | None, weight: str | None
) -> list[str]:
    """Return the names of predictors and, last, of the outcome; refuse such as are not there or named twice."""
    known = ", ".join(map(repr, schema))
    if outcome is None:
        raise ValueError(f"outcome must name the column to be explained, one of {known}.")
    if predictors is None:
        predictors = [name for name, kind in schema.items() if kind.is_numeric() and name not in (outcome, weight)]
    used = [*predictors, outcome, *([] if weight is None else [weight])]
    for name in used:
        if name not in schema:
            raise ValueError(f"{name!r} is no column of the frame; it has {known}.")
    if not predictors or len(set(used)) < len(used):
        raise ValueError(f"outcome, weight and at least one predictor must be different columns; got {used!r}.")
    return [*predictors, outcome]


def _dummies(code: np.ndarray) -> np.ndarray:
    """One column of 0/1 for each value but the first."""
    values = np.unique(code)
    return (code[:, None] == values[1:]).astype(float)


def _frame(source: Any) -> Any:
    try:
        return nw.from_native(source)
    except TypeError:
        kind = type(source).__name__
        raise TypeError(f"source must be a study, a driver regression or a data frame; got {kind}.") from None


def _refuse(expected: object, names: Sequence[str]) -> None:
    if names:
        raise DataError([{"table": "frame", "column": name, "expected": str(expected)} for name in names])


def sum_numbers(
    source: Any, outcome: str | None, predictors: Sequence[str] | None, weight: str | None
) -> CrossProducts | None:
    """Sum the products of predictors and, last, the outcome, without holding the table.

    Parameters
    ----------
    source, outcome, predictors, weight
        As for ``read_numbers``; or the path of a Parquet file or of a folder of them.

    Returns
    -------
    CrossProducts or None
        None where a frame is better held: it is in memory anyway, or has factors, which need all their values first.

    Raises
    ------
    DataError, TypeError, ValueError
        As ``read_numbers``; and where a file has factors among the predictors.
    """
    if isinstance(source, (str, Path)):
        schema = parquet_schema(source)
    elif isinstance(frame := nw.from_native(source, pass_through=True), nw.LazyFrame):
        schema = frame.collect_schema()
    else:
        return None
    names = choose_columns(schema, outcome, predictors, weight)
    if not isinstance(source, (str, Path)) and any(schema[name] in FACTORS for name in names):
        return None
    sums = cross_products(source, names, weight)
    if sums.n <= len(names):
        expected = say("more complete rows than columns; here {n} and {k}", n=sums.n, k=len(names))
        raise DataError([{"table": "frame", "expected": str(expected)}])
    flat = np.diag(sums.centred) <= NO_VARIANCE * (np.diag(sums.centred) + sums.weight * sums.mean**2)
    if flat.any():
        expected = say("values that differ")
        raise DataError(
            [
                {"table": "frame", "column": name, "expected": str(expected)}
                for name, same in zip(names, flat, strict=True)
                if same
            ]
        )
    return sums
