"""Columns of simulated tables, in the types that reading a study's files gives; quick for millions of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def words(positions: np.ndarray, names: Sequence[str]) -> pd.Series:
    """Texts by their positions in ``names``; −1 is missing."""
    chosen = pa.DictionaryArray.from_arrays(
        pa.array(positions, pa.int32(), mask=positions < 0), pa.array(names, pa.string())
    )
    return chosen.dictionary_decode().to_pandas().astype("str")


def identifiers(prefix: str, numbers: np.ndarray, most: int) -> pd.Series:
    """``C00017`` for the number 17, as wide as ``most`` needs; a negative number is missing."""
    digits = pc.cast(pa.array(numbers, pa.int64(), mask=numbers < 0), pa.string())
    padded = pc.utf8_lpad(digits, max(len(str(most)), 5), "0")
    return pc.binary_join_element_wise(prefix, padded, "").to_pandas().astype("str")


def dates(days: np.ndarray, start: pd.Timestamp, missing: np.ndarray | None = None) -> pd.Series:
    """Dates from days since ``start``; missing where the mask says so."""
    values = start.to_datetime64().astype("datetime64[D]") + days.astype("timedelta64[D]")
    if missing is not None:
        values[missing] = np.datetime64("NaT")
    return pd.Series(values.astype("datetime64[us]"))


def flags(values: np.ndarray, missing: np.ndarray) -> pd.Series:
    """Nullable yes and no."""
    return pd.Series(pd.arrays.BooleanArray(values.astype(bool), missing.astype(bool)))
