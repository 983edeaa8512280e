"""Tables of other libraries, and Parquet files, as pandas frames: a study keeps its own copy of every cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa

from tpm_widgets.errors import DataError
from tpm_widgets.language import say


def as_pandas(table: str, source: Any) -> pd.DataFrame:
    """Return all cells of a table, numbered 0, 1, …; what was given stays as it is.

    Parameters
    ----------
    table : str
        What it is called in a study, for messages.
    source : data frame or path
        Of pandas, Polars (eager or lazy), PyArrow, DuckDB or any library that narwhals knows; or the path of a Parquet
        file or of a folder of them.

    Raises
    ------
    TypeError
        Where it is neither.
    DataError
        Where no Parquet file can be read under the path.
    """
    if isinstance(source, (str, Path)):
        return _named(_parquet(table, Path(source)))
    try:
        frame = nw.from_native(source)
    except TypeError as error:
        expected = "a data frame or the path of a Parquet file"
        raise TypeError(f"{table} must be {expected}; got {type(source).__name__}.") from error
    if frame.implementation.is_pandas():
        return _named(source)
    eager = frame.collect(backend="pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    return _named(_without_decimals(eager.to_arrow()).to_pandas())


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=str).reset_index(drop=True)


def _without_decimals(table: pa.Table) -> pa.Table:
    """Turn decimals, which DuckDB makes of every 0.5, into floats."""
    kinds = [field.with_type(pa.float64()) if pa.types.is_decimal(field.type) else field for field in table.schema]
    return table.cast(pa.schema(kinds))


def _parquet(table: str, path: Path) -> pd.DataFrame:
    is_parquet = path.is_dir() or (path.is_file() and path.suffix.lower() == ".parquet")
    if is_parquet:
        try:
            return pd.read_parquet(path)
        except (pa.ArrowException, OSError):
            is_parquet = False
    expected = say("a Parquet file, or a folder with Parquet files")
    remedy = say("Correct the path; files of other forms are read by load_study.")
    raise DataError([{"table": table, "file": path.name, "expected": str(expected), "remedy": str(remedy)}])
