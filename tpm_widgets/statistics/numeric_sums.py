"""The columns of a table of any size as sums of products, for what needs no more of them than covariances."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.batches import parquet_schema
from tpm_widgets.statistics.moments import CrossProducts
from tpm_widgets.statistics.numeric_columns import FACTORS, choose_columns
from tpm_widgets.statistics.reductions import cross_products

NO_VARIANCE = 1e-14  # of a column's mean square; below, what is left of its variance is rounding


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
