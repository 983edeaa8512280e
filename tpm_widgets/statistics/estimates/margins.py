"""What is known of the population: the categories of a margin, as a study's columns have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from tpm_widgets.statistics.estimates.raking import Margin

CROSSED = ":"  # "age:sex" with "young:f", as in the formulas of survey packages


def margin_of(column: Callable[[str], pd.Series], name: str, shares: Mapping[str, float]) -> tuple[Margin, pd.Series]:
    """Return one margin, and the category of each answer as a text, missing where it has none.

    ``column`` finds a column by its name, or raises a ValueError.
    """
    parts = [_texts(column(part)) for part in parts_of(column, name)]
    texts = parts[0]
    for part in parts[1:]:
        texts = texts + CROSSED + part
    codes = pd.Index(list(shares)).get_indexer(pd.Index(texts))
    return Margin(codes, np.array(list(shares.values()), dtype=float)), texts


def parts_of(column: Callable[[str], pd.Series], name: str) -> list[str]:
    """Return the columns that a margin crosses; a column may have the sign in its own name."""
    if CROSSED not in name:
        return [name]
    try:
        column(name)
    except ValueError:
        return [part.strip() for part in name.split(CROSSED)]
    return [name]


def _texts(values: pd.Series) -> pd.Series:
    """Return categories as they are written in a margin: 1 for 1.0."""
    return values.map(_text, na_action="ignore").astype("str")


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
