"""New customers of a table of any size, counted by day, source and group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import ALL, split_names
from tpm_widgets.as_is.new_customers import Split
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.batches import refuse_columns
from tpm_widgets.statistics.reductions import weighted_counts
from tpm_widgets.study.converting import as_categories, as_dates, day_stands_first
from tpm_widgets.study.schema import SOURCES

LEAST = 5  # new customers of a group of a table; a study says it itself
ROLES = ("acquired", "source")


def count_customers(
    source: Any,
    by: str | None,
    period: Split | None,
    roles: Mapping[str, str] | None,
    codes: Mapping[str, Mapping[str, Sequence[Any]]] | None,
) -> tuple[pd.DataFrame, list[Sentence], str]:
    """Count the customers of a table: ``acquired, source, group, count``, what has to be said, and the data's hash."""
    columns = {**{role: role for role in ROLES}, **(roles or {})}
    for role in columns:
        if role not in ROLES:
            raise ValueError(f"roles names the columns of {' and '.join(map(repr, ROLES))}; got {role!r}.")
    if period == "wave":
        raise ValueError("period='wave' goes with a study, which knows when its waves began and ended.")
    own = {value: (codes or {}).get("source", {}).get(value, ()) for value in SOURCES}
    names = split_names(by)
    counts = weighted_counts(source, list(dict.fromkeys([columns["acquired"], columns["source"], *names])))
    days, no_day = _days(counts.keys[columns["acquired"]], columns["acquired"])
    lines = pd.DataFrame(
        {
            "acquired": days,
            "source": _sources(counts.keys[columns["source"]], columns["source"], own),
            "group": counts.keys[by].astype(object) if by is not None else ALL,
            "count": counts.rows,
        }
    )
    caveats = [
        say(
            "Every customer of the table counts as new, however long ago; leave out of it those who came before "
            "sources were recorded."
        )
    ]
    if no_day.any():
        caveats.append(
            say_n(
                "{count} customer without a day of acquisition is left out.",
                "{count} customers without a day of acquisition are left out.",
                int(counts.rows[no_day].sum()),
            )
        )
    return lines[~no_day].reset_index(drop=True), caveats, counts.digest


def _days(cells: pd.Series, column: str) -> tuple[pd.Series, np.ndarray]:
    texts = cells.map(str, na_action="ignore").astype("str")
    days, bad = as_dates(texts, day_stands_first([texts]))
    refuse_columns(say("a column of days, such as 2024-03-31"), [column] if bad.any() else [])
    return days, days.isna().to_numpy()


def _sources(cells: pd.Series, column: str, own: Mapping[str, Sequence[Any]]) -> np.ndarray:
    """Return the schema's words for the sources; what has none is refused, so that no source is unknown by mistake."""
    found, bad = as_categories(cells.astype(object), own)
    if bad.any():
        expected = say("one of {values}", values=", ".join(SOURCES))
        remedy = say('Name the words of your table: codes={{"source": {{"recommendation": ["…"], "other": ["…"]}}}}.')
        words = sorted(set(map(str, cells[bad])))
        raise DataError(
            [
                {"table": "frame", "column": column, "value": word, "expected": str(expected), "remedy": str(remedy)}
                for word in words
            ]
        )
    return found.fillna("unknown").to_numpy(object)
