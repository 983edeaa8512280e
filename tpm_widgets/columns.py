"""The columns of a table, said once: their order, what their cells hold, and how they are read.

A mapping of names to kinds. ``str``, ``int64``, ``Int64`` (counts, missing where withheld) and ``float64`` are what
pandas calls them; an empty kind leaves a column as it comes; any other kind is the format of a column of floats, as
:func:`tpm_widgets.results.format_value` knows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

Columns = Mapping[str, str]
TYPES = ("str", "int64", "Int64", "float64")


def with_ends(measure: str = "estimate") -> list[str]:
    """Name the columns of a measure and of the ends of its interval.

    Examples
    --------
    >>> with_ends(), with_ends("won_rate")
    (['estimate', 'conf_low', 'conf_high'], ['won_rate', 'won_rate_low', 'won_rate_high'])
    """
    stem = "conf" if measure == "estimate" else measure
    return [measure, f"{stem}_low", f"{stem}_high"]


def formats_of(columns: Columns) -> dict[str, str]:
    """Return how the columns are read, of those for which it is said."""
    return {name: kind for name, kind in columns.items() if kind and kind not in TYPES}


def typed(rows: Iterable[Any] | pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Make a table with these columns in their order, of the types that they are said to be, whatever the rows hold.

    Examples
    --------
    >>> typed([["north", 3, 0.5], ["south", None, None]], {"group": "str", "won": "Int64", "rate": "percent"})
       group   won  rate
    0  north     3   0.5
    1  south  <NA>   NaN
    """
    types = {name: kind if kind in TYPES else "float64" for name, kind in columns.items() if kind}
    return pd.DataFrame(rows, columns=list(columns)).astype(types)
