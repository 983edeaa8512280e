"""The ratings of a table of any size, one byte each, gone through as often as a fit needs them.

The first pass reads the table and keeps what it read as bytes, as long as that stays below ``KEEP``: the next pass then
reads nothing. A larger table is read anew each time, so that memory stays flat. The work on the batches of a pass is
done by ``WORKERS`` threads: NumPy and Arrow let go of Python's lock where the time is spent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from operator import add
from typing import TypeVar

import numpy as np
import pyarrow as pa

from tpm_widgets.statistics.tables.batches import Batches, Progress, as_numbers
from tpm_widgets.statistics.tables.rating_columns import RatingColumns, Scale

KEEP = 2**28  # bytes of packed rows that stay in memory from pass to pass
WORKERS = 2
STEPS = 254  # of a scale whose answers fit into one byte, with 0 for no answer
SAMPLE = 2**19  # rows, at most twice as many as are kept to begin Newton's method with

Item = TypeVar("Item")
Sums = TypeVar("Sums")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackedRows:
    """Some rows that count.

    Attributes
    ----------
    steps : numpy.ndarray of uint8 or float, shape (J, rows)
        Of each rating on its scale, from 1; 0 where not rated.
    score : numpy.ndarray of uint8 or float, shape (rows,)
        The step of the score on its scale, from 1.
    weights : numpy.ndarray or None
    left_out, off_scale : int
        As in ``RatingProducts``.
    """

    steps: np.ndarray
    score: np.ndarray
    weights: np.ndarray | None
    left_out: int = 0
    off_scale: int = 0

    @property
    def size(self) -> int:
        """Bytes."""
        return self.steps.nbytes + self.score.nbytes + (0 if self.weights is None else self.weights.nbytes)

    def every(self, stride: int) -> PackedRows:
        """Return every so manieth row."""
        weights = None if self.weights is None else self.weights[::stride].copy()
        return PackedRows(steps=self.steps[:, ::stride].copy(), score=self.score[::stride].copy(), weights=weights)


@dataclass(slots=True, kw_only=True, eq=False)
class RatingTable:
    """The packed rows of one table; mutable, because it remembers what it read.

    Attributes
    ----------
    batches : Batches
    columns : RatingColumns
        How the rows are read; ``absent`` does not matter.
    progress : callable or None
        ``progress(rows_done, rows_in_all)``, in each pass anew.
    kept : list of PackedRows or None
        What was read; None before the first whole pass, and for a table too large to keep.
    sample : list of PackedRows
        Rows at equal distances, of the first whole pass.
    """

    batches: Batches
    columns: RatingColumns
    progress: Progress | None = None
    kept: list[PackedRows] | None = None
    sample: list[PackedRows] = field(default_factory=list)

    def sum(self, work: Callable[[PackedRows], Sums], plus: Callable[[Sums, Sums], Sums] = add) -> Sums:
        """Do some work on all rows, part by part, and add the results up in order."""
        reading = _Reading() if self.kept is None else None
        parts = self.batches.read(self.columns.names) if self.kept is None else self.kept
        total, done = work(no_rows(self.columns)), 0

        def both(part: pa.RecordBatch | PackedRows) -> tuple[PackedRows, Sums]:
            rows = part if isinstance(part, PackedRows) else pack(part, self.columns)
            return rows, work(rows)

        for rows, result in _in_order(both, parts):
            total = plus(total, result)
            done += len(rows.score) + rows.left_out
            if reading is not None:
                reading.take(rows)
            if self.progress is not None:
                self.progress(done, self.batches.rows)
        if reading is not None:
            self.kept, self.sample = reading.kept, reading.sample
        return total

    def some(self) -> RatingTable:
        """Return the sample that the first pass drew, as a table of its own."""
        return RatingTable(batches=self.batches, columns=self.columns, kept=self.sample)


def no_rows(columns: RatingColumns) -> PackedRows:
    """Return a part without rows."""
    return PackedRows(
        steps=np.empty((len(columns.ratings), 0), dtype=np.uint8), score=np.empty(0, dtype=np.uint8), weights=None
    )


def _in_order(work: Callable[[Item], Sums], items: Iterable[Item]) -> Iterator[Sums]:
    """Yield the results of several threads in the order of the items, of which only a few are under way."""
    waiting: deque[Future[Sums]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Reading:
    """What the first pass keeps of the rows that it reads."""

    def __init__(self) -> None:
        self.kept: list[PackedRows] | None = []
        self.sample: list[PackedRows] = []
        self.size = 0
        self.stride = 1

    def take(self, rows: PackedRows) -> None:
        """Keep all rows while they are few enough, and always some of them."""
        self.size += rows.size
        if self.size > KEEP:
            self.kept = None
        if self.kept is not None:
            self.kept.append(rows)
        self.sample.append(rows.every(self.stride))
        while sum(len(some.score) for some in self.sample) > 2 * SAMPLE:
            self.stride *= 2
            self.sample = [some.every(2) for some in self.sample]


def pack(batch: pa.RecordBatch, columns: RatingColumns) -> PackedRows:
    """Keep the rows of a batch that count, in as few bytes as their scales need."""
    score = _steps(batch.column(columns.outcome), columns.scale, columns.outcome)
    used = score > 0
    if columns.event is not None and score.dtype != np.uint8:
        used &= score + columns.scale[0] == np.floor(score + columns.scale[0])
    weights = None
    if columns.weight is not None:
        weights = as_numbers(batch.column(columns.weight), columns.weight).astype(float)
        used &= np.isfinite(weights) & (weights > 0)
    cells = [batch.column(name) for name in columns.ratings]
    lines = [
        _steps(cell, scale, name) for cell, scale, name in zip(cells, columns.scales, columns.ratings, strict=True)
    ]
    off_scale = sum(_strays(cell, line, columns.codes) for cell, line in zip(cells, lines, strict=True))
    steps = np.stack(lines)
    if columns.complete:
        used &= (steps > 0).all(axis=0)
    if not used.all():
        steps, score = steps[:, used], score[used]
        weights = None if weights is None else weights[used]
    rows = PackedRows(steps=steps, score=score, weights=weights, off_scale=off_scale)
    return replace(rows, left_out=int(batch.num_rows - len(score)))


def _steps(cells: pa.Array, scale: Scale, name: str) -> np.ndarray:
    """Each cell's step on the scale, from 1; 0 where it is not on it. As bytes where all steps are whole and few."""
    low, high = scale
    whole = float(low).is_integer() and float(high).is_integer() and high - low < STEPS
    if whole and pa.types.is_int8(cells.type) and low > -128 and high < 128:
        filled = cells.fill_null(-128) if cells.null_count else cells
        above = filled.to_numpy().view(np.uint8) - np.uint8(int(low) % 256)  # modulo 256, so that each cell has its own
        return (above + np.uint8(1)) * (above <= np.uint8(high - low))
    values = as_numbers(cells, name)
    values = values.astype(float, copy=False) if values.dtype.kind == "f" else values
    on_scale = (values >= low) & (values <= high)
    steps = np.where(on_scale, values, low - 1) - (low - 1.0)
    return steps.astype(np.uint8) if whole and (steps == np.floor(steps)).all() else steps


def _strays(cells: pa.Array, steps: np.ndarray, codes: tuple[float, ...]) -> int:
    """Count the cells that are neither missing nor on the scale nor a code."""
    off = len(cells) - cells.null_count - np.count_nonzero(steps)
    if not off:
        return 0
    values = as_numbers(cells, "")[steps == 0]
    return int((~np.isnan(values) & ~np.isin(values, codes)).sum())
