"""Tables of other libraries, and Parquet files, as pandas frames: a study keeps its own copy of every cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from tpm_widgets.errors import DataError
from tpm_widgets.language import say

PLAIN = (str, bool, int, float, np.bool_, np.integer, np.floating, date, np.datetime64)


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
    if isinstance(source, pd.DataFrame):  # also with columns of one name, which are told apart later
        return _named(source)
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
    return with_plain_cells(frame.rename(columns=str).reset_index(drop=True))


def with_plain_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which each cell is a number, a text, a day or missing: what else there is becomes a text."""
    columns = [_plain(frame.iloc[:, place]) for place in range(frame.shape[1])]
    return pd.concat(columns, axis=1) if columns else frame


def _plain(cells: pd.Series) -> pd.Series:
    kind = cells.dtype
    if isinstance(kind, np.dtype) and kind.kind in "biufM":
        return cells.astype(float) if kind.kind == "f" and kind.itemsize > 8 else cells
    if isinstance(kind, pd.CategoricalDtype):
        plain = _plain(pd.Series(kind.categories))
        same = plain.dtype == kind.categories.dtype or plain.duplicated().any()
        return cells if same and plain.dtype != object else pd.Series(cells.cat.rename_categories(plain.to_list()))
    if isinstance(kind, pd.SparseDtype):
        return _plain(pd.Series(np.asarray(cells), name=cells.name))
    if pd.api.types.is_extension_array_dtype(kind) and not isinstance(kind, pd.ArrowDtype):
        if isinstance(kind, (pd.StringDtype, pd.DatetimeTZDtype)) or pd.api.types.is_any_real_numeric_dtype(kind):
            return cells
        if isinstance(kind, pd.BooleanDtype):
            return cells
    return cells.astype(object).map(_plain_cell)


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, PLAIN) or cell is None or cell is pd.NA or cell is pd.NaT:
        return cell
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    return str(cell)


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
