"""Splitting customers or recommendations by a column of their own table, never by person."""

from __future__ import annotations

import pandas as pd

from tpm_widgets.language import Sentence, say_n
from tpm_widgets.study.schema import TABLES, role_names

MOST_GROUPS = 20  # where more groups hold less than two rows each, they are names rather than groups
_KINDS = ("category", "flag", "text")
_IN_OWN_WORDS = ("what_said",)


def split_columns(table: str, frame: pd.DataFrame) -> list[str]:
    """Name the columns of a table that make groups: its categories, flags and texts, and those without a role."""
    roles = [role.name for role in TABLES[table] if role.kind in _KINDS and role.name not in _IN_OWN_WORDS]
    own = [str(name) for name in frame.columns if name not in role_names(table)]
    return [*(name for name in roles if name in frame), *own]


def split_values(table: str, frame: pd.DataFrame, by: str) -> pd.Series:
    """Return one group's name per row, missing where the row is in none; refuse a column that names persons."""
    values, known = frame[by], frame[by].dropna()
    many = known.nunique() > MOST_GROUPS and 2 * known.nunique() > len(known)
    if many or (len(values) > 1 and known.is_unique):
        raise ValueError(f"by={by!r} would make a group of each row of {table}; split by a column with fewer values.")
    return values.astype(object).where(values.notna(), None)


def without_value(values: pd.Series, by: str) -> list[Sentence]:
    """Count the rows that are in no group."""
    missing = int(values.isna().sum())
    if not missing:
        return []
    return [
        say_n(
            "{count} row without a value of {column} is in no group.",
            "{count} rows without a value of {column} are in no group.",
            missing,
            column=by,
        )
    ]


def group_order(values: pd.Series) -> list[object]:
    """Return the groups in the order of their names."""
    return sorted(values.dropna().unique(), key=str)
