"""A short name for exactly these data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

DIGITS = 12
MISSING = "\0"  # no text that somebody wrote


def hash_tables(tables: Iterable[tuple[str, pd.DataFrame]]) -> str:
    """Return twelve hexadecimal digits that change with any name and any cell of some tables, but not with its type.

    It is computed anew each time: a table that somebody changes in place has to change its hash.
    """
    digest = sha256()
    for name, table in tables:
        digest.update(repr((name, len(table), [str(column) for column in table])).encode())
        for _, cells in table.items():
            for part in _bytes(cells):
                digest.update(part)
    return digest.hexdigest()[:DIGITS]


def _bytes(cells: pd.Series) -> Iterator[Any]:
    """Yield one column as bytes: numbers and yes and no as floats, days as whole microseconds, all else as texts."""
    kind = cells.dtype
    if kind.kind in "biuf":
        values = cells.to_numpy(float, na_value=np.nan)
        yield np.where(np.isnan(values), np.nan, values).tobytes()  # there is more than one NaN
    elif isinstance(kind, np.dtype) and kind.kind == "M":
        yield cells.to_numpy("datetime64[us]").tobytes()
    else:
        texts = pa.array(cells if isinstance(kind, pd.StringDtype) else cells.astype("str"), from_pandas=True)
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        _, ends, letters = texts.cast(pa.large_string()).fill_null(MISSING).buffers()
        yield from (part for part in (ends, letters) if part is not None)
