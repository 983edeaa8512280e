"""Sums over Arrow record batches by NumPy: the route of ``reductions`` that needs no engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tpm_widgets.statistics.tables.batches import Batches, Progress, as_numbers
from tpm_widgets.statistics.tables.moments import CrossProducts, cross_products_of

Key = tuple[Any, ...]
FEW = 2**22  # codes that are told apart by counting rather than by sorting


def count(
    batches: Batches, columns: Sequence[str], weight: str | None, most: int, progress: Progress | None
) -> tuple[list[tuple[Key, np.ndarray]], dict[str, list[Any]]]:
    """Count batch by batch: (values, (rows, n, Σw, Σw², rows of negative weight)), and the order of categories.

    Stops soon after ``most`` lines, for the caller to refuse.
    """
    sums: dict[Key, np.ndarray] = {}
    orders: dict[str, list[Any]] = {}
    for batch in batches.read([*columns, *([] if weight is None or weight in columns else [weight])], progress):
        orders.update(_orders(batch, columns))
        weights = None if weight is None else as_numbers(batch.column(weight), weight).astype(float)
        for key, numbers in _count_batch([batch.column(name) for name in columns], weights):
            sums[key] = sums[key] + numbers if key in sums else numbers
        if len(sums) > most:
            break
    return list(sums.items()), orders


def multiply(batches: Batches, columns: Sequence[str], weight: str | None, progress: Progress | None) -> CrossProducts:
    """Sum the products of columns block by block."""
    names = tuple(columns)
    sums = cross_products_of(names, np.empty((len(names), 0)), None)
    for block in batches.numbers([*names, *([] if weight is None else [weight])], progress):
        sums = sums.merge(cross_products_of(names, block[: len(names)], None if weight is None else block[-1]))
    return sums


def _count_batch(columns: Sequence[pa.Array], weights: np.ndarray | None) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield each combination of values of one batch with its sums."""
    member, values = _codes(columns[0])
    digits = [np.arange(len(values))]  # the code of each line in each column
    words = [values]
    for column in columns[1:]:
        codes, values = _codes(column)
        present, member = _dense(member * len(values) + codes, len(digits[0]) * len(values))
        before, own = np.divmod(present, len(values))
        digits = [*(digit[before] for digit in digits), own]
        words.append(values)
    size = len(digits[0])
    rows = np.bincount(member, minlength=size).astype(float)
    if weights is None:
        sums = np.column_stack([rows, rows, rows, rows, np.zeros(size)])
    else:
        used = np.where(np.isfinite(weights) & (weights > 0), weights, 0.0)
        totals = [np.bincount(member, part, minlength=size) for part in (used > 0, used, used**2, weights < 0)]
        sums = np.column_stack([rows, *totals])
    for line in np.flatnonzero(rows):
        yield tuple(word[digit[line]] for word, digit in zip(words, digits, strict=True)), sums[line]


def _codes(cells: pa.Array) -> tuple[np.ndarray, list[Any]]:
    """Each cell's place among the column's different values, and these; None among them where cells are missing."""
    if not pa.types.is_dictionary(cells.type):
        if pa.types.is_string_view(cells.type):  # whose missing cells are lost in a dictionary
            cells = cells.cast(pa.large_string())
        cells = cells.dictionary_encode()
    values = cells.dictionary.to_pylist()
    codes = cells.indices.cast(pa.int64())
    if cells.null_count:
        codes = codes.fill_null(len(values))
    return codes.to_numpy(), [*(None if value != value else value for value in values), None]


def _dense(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes that occur, and each cell's place among them."""
    if size > FEW:
        return np.unique(codes, return_inverse=True)
    present = np.flatnonzero(np.bincount(codes, minlength=size))
    places = np.empty(size, dtype=np.int64)
    places[present] = np.arange(len(present))
    return present, places[codes]


def _orders(batch: pa.RecordBatch, columns: Sequence[str]) -> dict[str, list[Any]]:
    """Return the order that the file or the frame gives to the values of its columns, where it does."""
    kinds = {name: batch.column(name) for name in columns}
    return {
        name: cells.dictionary.to_pylist()
        for name, cells in kinds.items()
        if pa.types.is_dictionary(cells.type) and cells.type.ordered
    }
