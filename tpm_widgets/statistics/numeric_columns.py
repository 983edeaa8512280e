"""The numeric columns of any frame, as arrays: complete rows, weights, and how many rows were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from tpm_widgets.errors import DataError
from tpm_widgets.language import say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumericColumns:
    """Predictors and, last, the outcome.

    Attributes
    ----------
    names : tuple of str, length k
    columns : numpy.ndarray, shape (n, k)
    weights : numpy.ndarray, shape (n,)
        Above 0.
    left_out : int
        Rows with a missing value.
    """

    names: tuple[str, ...]
    columns: np.ndarray
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
        All other numeric columns where None.
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
    known = ", ".join(map(repr, schema.names()))
    if outcome is None:
        raise ValueError(f"outcome must name the column to be explained, one of {known}.")
    if predictors is None:
        predictors = [name for name, kind in schema.items() if kind.is_numeric() and name not in (outcome, weight)]
    used = [*predictors, outcome, *([] if weight is None else [weight])]
    for name in used:
        if name not in schema.names():
            raise ValueError(f"{name!r} is no column of the frame; it has {known}.")
    if not predictors or len(set(used)) < len(used):
        raise ValueError(f"outcome, weight and at least one predictor must be different columns; got {used!r}.")
    numeric = [kind.is_numeric() or kind == nw.Boolean for kind in (schema[name] for name in used)]
    _refuse(say("a column of numbers"), [name for name, good in zip(used, numeric, strict=True) if not good])
    eager = frame.select(used)
    eager = eager.collect() if isinstance(eager, nw.LazyFrame) else eager
    data = eager.to_pandas().to_numpy(float, na_value=np.nan)
    complete = np.isfinite(data).all(axis=1)
    names = tuple(used) if weight is None else tuple(used[:-1])
    weights = np.ones(len(data)) if weight is None else data[:, -1]
    _refuse(say("weights of at least 0"), [str(weight)] if (weights[complete] < 0).any() else [])
    kept = complete & (weights > 0)
    columns = data[kept, : len(names)]
    if len(columns) <= len(names):
        expected = say("more complete rows than columns; here {n} and {k}", n=len(columns), k=len(names))
        raise DataError([{"table": "frame", "expected": str(expected)}])
    _refuse(
        say("values that differ"),
        [name for name, flat in zip(names, np.ptp(columns, axis=0) == 0, strict=True) if flat],
    )
    return NumericColumns(names=names, columns=columns, weights=weights[kept], left_out=int((~complete).sum()))


def _frame(source: Any) -> Any:
    try:
        return nw.from_native(source)
    except TypeError:
        kind = type(source).__name__
        raise TypeError(f"source must be a study, a driver regression or a data frame; got {kind}.") from None


def _refuse(expected: object, names: Sequence[str]) -> None:
    if names:
        raise DataError([{"table": "frame", "column": name, "expected": str(expected)} for name in names])
