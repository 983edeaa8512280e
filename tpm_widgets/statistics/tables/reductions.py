"""Tables of any size → the few numbers that an estimate needs of them.

A score, a share or a regression does not need the table, only sums over it: weighted counts of alike rows
(:func:`weighted_counts`), or sums of products of columns (:func:`cross_products`). Both take any frame or Parquet path
and have two routes behind one interface, held equal to 1e-9 by a test:

- ``"batches"``: NumPy on Arrow record batches, out of core (:mod:`batch_reductions`) – pandas, Polars, DuckDB, PyArrow,
  Parquet; the default wherever batches can be had;
- ``"engine"``: narwhals expressions that the table's own engine computes (:mod:`engine_reductions`) – for engines that
  do not hand out batches, such as Spark, and for those that stand nearer to the data.

To add a statistic for tables of any size: write its sums over :class:`Batches` in ``batch_reductions`` and as narwhals
expressions in ``engine_reductions``, return a small frozen dataclass from here, let the estimate be made of that alone,
and add it to the test that holds routes and libraries equal. A fit that needs several passes (Newton steps) takes
:func:`open_batches` and goes through :meth:`Batches.numbers` once per step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.options import check_option
from tpm_widgets.statistics.tables import batch_reductions, engine_reductions
from tpm_widgets.statistics.tables.batches import Batches, Progress, as_frame, open_batches
from tpm_widgets.statistics.tables.moments import CrossProducts

Route = Literal["batches", "engine"]
MOST_LINES = 100_000  # of counts; more are no groups, but nearly the table itself


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """How often each combination of values stands in a table.

    Attributes
    ----------
    keys : pandas.DataFrame, l lines
        One line per combination, in order: numbers, texts (trimmed), days, booleans; None where missing.
    rows : numpy.ndarray, shape (l,)
        All rows.
    n, weight, weight_squared : numpy.ndarray, shape (l,)
        Rows with a positive finite weight, Σw and Σw² of them; without weights all rows count 1.
    negative : numpy.ndarray, shape (l,)
        Rows with a weight below 0.
    """

    keys: pd.DataFrame
    rows: np.ndarray
    n: np.ndarray
    weight: np.ndarray
    weight_squared: np.ndarray
    negative: np.ndarray

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with the counts; the same for one table in every library."""
        lines = zip(*(self.keys[name] for name in self.keys), self.rows, self.n, self.weight, strict=True)
        # sums that were added in another order differ in their last digits
        text = "\n".join("|".join([*map(str, line[:-1]), f"{line[-1]:.6e}"]) for line in lines)
        return sha256(f"{list(self.keys)}\n{text}".encode()).hexdigest()[:12]


def weighted_counts(
    source: Any,
    columns: Sequence[str],
    weight: str | None = None,
    *,
    route: Route | None = None,
    progress: Progress | None = None,
) -> Counts:
    """Count the rows of a table of any size by the values of some columns.

    Parameters
    ----------
    source : data frame or path
        As :func:`open_batches` takes it, or any other frame that narwhals knows.
    columns : sequence of str
        Whose combinations of values are counted: of numbers, texts, days, booleans or categories.
    weight : str, optional
        A column of weights. Missing, infinite, 0 and negative ones do not count, but their rows do.
    route : {"batches", "engine"}, optional
        How; batches where they can be had.
    progress : callable, optional
        ``progress(rows_done, rows_in_all)`` after each batch; what it raises ends the counting.

    Returns
    -------
    Counts

    Raises
    ------
    DataError
        Where a weight is no number, or the combinations are more than ``MOST_LINES``.
    ValueError, TypeError
        Where a column is not there or named twice, or the source is no table.

    Examples
    --------
    >>> frame = pd.DataFrame({"shop": ["a", "b", "a", None], "nps": [9, 9, 9, 3], "w": [1.0, 2.0, 0.5, 1.0]})
    >>> counts = weighted_counts(frame, ["shop", "nps"], weight="w")
    >>> counts.keys.assign(rows=counts.rows, weight=counts.weight)
       shop  nps  rows  weight
    0     a    9     2     1.5
    1     b    9     1     2.0
    2  None    3     1     1.0
    """
    batches = open_source(source, [*columns, *([] if weight is None else [weight])], columns, route)
    if batches is None:
        lines, orders = engine_reductions.count(as_frame(source), columns, weight, MOST_LINES)
    else:
        lines, orders = batch_reductions.count(batches, columns, weight, MOST_LINES, progress)
    sums: dict[tuple[Any, ...], np.ndarray] = {}
    for values, numbers in lines:  # 9, 9.0 and Decimal("9") are one value
        key = tuple(map(_plain, values))
        sums[key] = sums[key] + numbers if key in sums else np.asarray(numbers, dtype=float)
    if len(sums) > MOST_LINES:
        _refuse_many(columns)
    return _counts(sums, columns, {name: [_plain(value) for value in order] for name, order in orders.items()})


def cross_products(
    source: Any,
    columns: Sequence[str],
    weight: str | None = None,
    *,
    route: Route | None = None,
    progress: Progress | None = None,
) -> CrossProducts:
    """Sum the products of all pairs of numeric columns: what a linear regression needs of a table of any size.

    Parameters
    ----------
    source, route, progress
        As in :func:`weighted_counts`.
    columns : sequence of str
        Numeric columns (predictors and outcome); only rows with all of them count.
    weight : str, optional
        A column of weights; rows without a positive finite weight do not count.

    Returns
    -------
    CrossProducts

    Raises
    ------
    DataError
        Where a column is not numeric.
    ValueError, TypeError
        Where a column is not there or named twice, or the source is no table.

    Notes
    -----
    Sums about the means, merged from block to block (Chan, Golub & LeVeque 1983), so that a large mean does not eat the
    digits of a small variance.

    References
    ----------
    Chan, T. F., Golub, G. H. & LeVeque, R. J. (1983). Algorithms for computing the sample variance. The American
    Statistician 37, 242-247. https://doi.org/10.1080/00031305.1983.10483115

    Examples
    --------
    >>> frame = pd.DataFrame({"shop": [1, 2, 3, None], "nps": [2, 4, 9, 9]})
    >>> sums = cross_products(frame, ["shop", "nps"])
    >>> sums.n, sums.mean.tolist(), sums.centred.tolist()
    (3, [2.0, 5.0], [[2.0, 7.0], [7.0, 26.0]])
    """
    batches = open_source(source, [*columns, *([] if weight is None else [weight])], columns, route)
    if batches is None:
        return engine_reductions.multiply(as_frame(source), columns, weight)
    return batch_reductions.multiply(batches, columns, weight, progress)


def open_source(source: Any, used: Sequence[str], columns: Sequence[str], route: Route | None) -> Batches | None:
    """Open the source for the route that it can go (None: its own engine), with its columns checked."""
    if route is not None:
        check_option("route", route, Route)
    if route == "engine" and isinstance(source, (str, Path)):
        raise ValueError("route='engine' is not for files, which have no engine; open them in one, or leave route out.")
    batches = None if route == "engine" else open_batches(source)
    if batches is None and route == "batches":
        raise ValueError(f"route='batches' is not for {type(source).__name__}; it computes in its own engine.")
    names = batches.names if batches is not None else as_frame(source).collect_schema().names()
    for name in used:
        if name not in names:
            raise ValueError(f"{name!r} is no column of the frame; it has {', '.join(map(repr, names))}.")
    if not columns or len(set(columns)) < len(columns):
        raise ValueError(f"columns must be one or more different columns; got {list(columns)!r}.")
    return batches


def _plain(value: Any) -> Any:
    """One cell as every library means it: whole numbers whole, texts trimmed, days as days, None where missing."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    if isinstance(value, (int, float, Decimal, np.number)):
        number = float(value)
        return None if np.isnan(number) else int(value) if number.is_integer() else number
    if isinstance(value, (date, np.datetime64)):
        moment = pd.Timestamp(value)
        return None if moment is pd.NaT else moment
    return None if pd.isna(value) else value


def _counts(
    sums: Mapping[tuple[Any, ...], np.ndarray], columns: Sequence[str], orders: Mapping[str, list[Any]]
) -> Counts:
    rank = {name: {value: place for place, value in enumerate(order)} for name, order in orders.items()}

    def place(key: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        cells = zip(columns, key, strict=True)
        return [(value is None, 0 if value is None else rank.get(name, {}).get(value, value)) for name, value in cells]

    lines = sorted(sums, key=place)
    keys = pd.DataFrame(
        {name: pd.Series([key[at] for key in lines], dtype=object) for at, name in enumerate(columns)},
    )
    for name, order in orders.items():
        keys[name] = pd.Categorical(keys[name], categories=list(dict.fromkeys(order)), ordered=True)
    numbers = np.array([sums[key] for key in lines], dtype=float).reshape(-1, 5)
    whole = numbers[:, [0, 1, 4]].astype(np.int64)
    return Counts(
        keys=keys,
        rows=whole[:, 0],
        n=whole[:, 1],
        weight=numbers[:, 2],
        weight_squared=numbers[:, 3],
        negative=whole[:, 2],
    )


def _refuse_many(columns: Iterable[str]) -> None:
    expected = say("at most {count} different combinations of {columns:list}", count=MOST_LINES, columns=(*columns,))
    remedy = say("Split by columns of few groups; or make a Study of a sample of the rows: make_study(sample, …).")
    raise DataError([{"table": "frame", "expected": str(expected), "remedy": str(remedy)}])
