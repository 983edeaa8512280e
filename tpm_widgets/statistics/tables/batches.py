"""Tables of any size as batches of columns, gone through as often as a statistic needs it.

What ``reductions`` and every fit on large data stand on. A table that does not fit into memory, or that would fit only
as floats, is never held: :func:`open_batches` takes pandas and Polars frames (eager and lazy), DuckDB relations,
PyArrow tables, Parquet files and folders, and hands out

- :meth:`Batches.read`: Arrow record batches of the named columns only, as the source stores them, so that a rating of
  one byte stays one byte;
- :meth:`Batches.numbers`: the same columns as blocks of floats, shape (columns, rows), NaN where a cell is missing.
  Only here are bytes widened, some ten thousand rows at a time: the product of two one-byte numbers overflows.

Each call begins a new pass, so that Newton's method may ask for the table once per step. A pass reports after each
batch to ``progress(rows_done, rows_in_all)``; whatever that raises (or Ctrl-C) ends the pass, and nothing is left open
but what the garbage collector closes. Polars and DuckDB are never imported here: who hands in their frames has them.
This is the one module of ``statistics`` that knows Arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say

BATCH = 2**18  # rows that are read at a time
BLOCK = 2**15  # rows that are floats at a time: 16 columns of them fit into a processor's cache

Progress = Callable[[int, int | None], object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batches:
    """The columns of one table, handed out in batches.

    Attributes
    ----------
    names : tuple of str
        Its columns.
    rows : int or None
        Its length; None where only reading would tell.
    open : callable
        Begins a pass over some columns: names → record batches of any length.
    """

    names: tuple[str, ...]
    rows: int | None
    open: Callable[[list[str]], Iterable[pa.RecordBatch]]

    def read(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """Go through some columns in record batches of at most ``BATCH`` rows."""
        done = 0
        try:
            for batch in self.open(list(columns)):
                for start in range(0, batch.num_rows, BATCH):
                    part = batch.slice(start, BATCH)
                    yield part
                    done += part.num_rows
                    if progress is not None:
                        progress(done, self.rows)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            expected = say("columns with cells of one kind each: numbers, texts, days, or yes and no")
            remedy = say("Convert them first; or use make_study, which reads cells as people write them.")
            raise DataError([{"table": "frame", "expected": str(expected), "remedy": str(remedy)}]) from error

    def numbers(self, columns: Sequence[str], progress: Progress | None = None) -> Iterator[np.ndarray]:
        """Go through some columns in new blocks of floats, shape (columns, at most ``BLOCK`` rows); NaN is missing.

        Raises
        ------
        DataError
            Where a column does not hold numbers (or yes and no, counted as 1 and 0).
        """
        for batch in self.read(list(dict.fromkeys(columns)), progress):
            cells = [as_numbers(batch.column(name), name) for name in columns]
            for start in range(0, batch.num_rows, BLOCK):
                rows = slice(start, min(start + BLOCK, batch.num_rows))
                block = np.empty((len(cells), rows.stop - rows.start))
                for line, values in zip(block, cells, strict=True):
                    line[:] = values[rows]
                yield block


def open_batches(source: Any) -> Batches | None:
    """Open a table for reading in batches; None where a library can only compute in its own engine (Spark).

    Parameters
    ----------
    source : data frame or path
        A frame of pandas, Polars (eager or lazy) or PyArrow, a DuckDB relation, or the path of a Parquet file or of a
        folder of them (folders called ``column=value`` are columns).

    Raises
    ------
    TypeError
        Where the source is neither.
    DataError
        Where there is no Parquet file under the path.

    Examples
    --------
    >>> import pandas as pd
    >>> opened = open_batches(pd.DataFrame({"shop": pd.array([5, None, 3], dtype="Int8"), "note": ["a", "b", "c"]}))
    >>> opened.names, opened.rows
    (('shop', 'note'), 3)
    >>> next(opened.numbers(["shop"]))
    array([[ 5., nan,  3.]])
    """
    if isinstance(source, (str, Path)):
        return _parquet(Path(source))
    frame = as_frame(source)
    names = tuple(frame.collect_schema().names())
    if isinstance(frame, nw.LazyFrame):
        opened = _lazy(frame)
        return None if opened is None else Batches(names=names, rows=None, open=opened)
    if frame.implementation.is_pandas():
        return Batches(names=names, rows=len(frame), open=lambda columns: _pandas(frame.select(columns).to_native()))
    return Batches(names=names, rows=len(frame), open=lambda columns: _stream(frame.select(columns).to_native()))


def parquet_schema(path: str | Path) -> nw.Schema:
    """Return the columns of a Parquet file or folder and their kinds."""
    return nw.from_native(_dataset(Path(path)).schema.empty_table(), eager_only=True).schema


def as_frame(source: Any) -> Any:
    """Return a frame as narwhals sees it, its columns named by texts; refuse what is no frame."""
    if isinstance(source, pd.DataFrame):
        source = source.set_axis([str(name) for name in source.columns], axis=1)
    try:
        return nw.from_native(source)
    except TypeError:
        kind = type(source).__name__
        expected = "a data frame (pandas, Polars, PyArrow, DuckDB …) or the path of Parquet files"
        raise TypeError(f"a table must be {expected}; got {kind}.") from None


def _pandas(frame: pd.DataFrame) -> Iterator[pa.RecordBatch]:
    """Convert slice by slice; NaN becomes missing."""
    for start in range(0, len(frame), BATCH):
        yield from pa.Table.from_pandas(frame.iloc[start : start + BATCH], preserve_index=False).to_batches()


def _stream(native: Any) -> Iterator[pa.RecordBatch]:
    """Take the batches that a library hands over by Arrow's own interface, one after the other."""
    yield from pa.RecordBatchReader.from_stream(native)


def _lazy(frame: nw.LazyFrame) -> Callable[[list[str]], Iterable[pa.RecordBatch]] | None:
    if frame.implementation.is_duckdb():
        return lambda columns: _stream(frame.select(columns).to_native())
    if not frame.implementation.is_polars():
        return None

    def polars(columns: list[str]) -> Iterator[pa.RecordBatch]:
        for part in frame.select(columns).to_native().collect_batches(chunk_size=BATCH):
            yield from _stream(part)

    return polars


def _dataset(path: Path) -> Any:
    """Open a Parquet file, or a folder with such files, without reading a row."""
    import pyarrow.dataset as ds

    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not all(file.is_file() for file in files) or not files:
        expected, remedy = say("a Parquet file, or a folder with Parquet files"), say("Correct the path.")
        raise DataError([{"file": path.name, "expected": str(expected), "remedy": str(remedy)}])
    folders = ds.partitioning(flavor="hive")
    try:
        return ds.dataset(
            [str(file) for file in files], format="parquet", partitioning=folders, partition_base_dir=str(path)
        )
    except pa.ArrowInvalid as error:
        expected, remedy = say("a whole Parquet file"), say("The file is damaged or of another form: export it again.")
        raise DataError([{"file": path.name, "expected": str(expected), "remedy": str(remedy)}]) from error


def _parquet(path: Path) -> Batches:
    import pyarrow.dataset as ds

    table = _dataset(path)

    def read(columns: list[str]) -> Iterable[pa.RecordBatch]:
        wanted = {name: ds.field(name) for name in columns}
        return table.to_batches(columns=wanted, batch_size=BATCH, batch_readahead=4, fragment_readahead=1)

    return Batches(names=tuple(table.schema.names), rows=table.count_rows(), open=read)


def as_numbers(cells: pa.Array, name: str) -> np.ndarray:
    """Return cells as numbers in as few bytes as they have, as floats with NaN where some are missing."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return as_numbers(cells.dictionary_decode(), name)
    if pa.types.is_boolean(kind):
        cells = cells.cast(pa.int8())
    elif pa.types.is_decimal(kind) or pa.types.is_null(kind):
        cells = cells.cast(pa.float64())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        refuse_columns(say("a column of numbers"), [name])
    return cells.to_numpy(zero_copy_only=False)


def refuse_columns(expected: Sentence, names: Sequence[str]) -> None:
    """Refuse columns of another kind, all at once."""
    if names:
        remedy = say("Convert it first; or use make_study, which reads cells as people write them.")
        raise DataError(
            [{"table": "frame", "column": name, "expected": str(expected), "remedy": str(remedy)} for name in names]
        )
