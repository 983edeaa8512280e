"""What every verb returns: a tidy table, the settings that made it, its caveats, and sentences made when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.language import Language, Number, PValue, Sentence, current_language, in_format, read, say, word

# How a column is read where a result does not say otherwise. A share is 0…1, points are −1…1, both shown times 100.
FORMATS = {
    "n_eff": "number:1",
    "share": "percent",
    "p_value": "p_value",
    "p_adjusted": "p_value",
}
MOST_ROWS = 30  # of a table on a page
FLOWING = 3  # sentences that are read in one go
ESTIMATED = ("estimate", "rating", "importance", "reach", "gap")  # without which other columns say little
COUNTS = ("n", "n_eff", "known", "answered")  # columns that only tell of how many
ALL = "all"  # the group of everybody, where a verb was asked for no split


@cache  # reading the metadata takes longer than many a result
def _own_version() -> str:
    return version("tpm_widgets")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Result:
    """The base of all results; inherit it for a statistic of your own.

    Attributes
    ----------
    table : pandas.DataFrame
        Tidy: one row per thing, one number per cell, nothing rounded.
    settings : mapping
        The options that made the result.
    caveats : tuple of Sentence
        What a reader has to know before believing the table.
    data_hash : str
        Twelve hexadecimal digits that change with any cell of the data.
    version : str
        The version of tpm_widgets that computed it.
    """

    formats: ClassVar[Mapping[str, str]] = {}
    interval_of: ClassVar[str] = "estimate"  # the column that conf_low and conf_high belong to
    first_by: ClassVar[str] = ""  # the column whose smallest values are shown where a table is too long to show

    table: pd.DataFrame
    settings: Mapping[str, Any] = field(default_factory=dict)
    caveats: tuple[Sentence, ...] = ()
    data_hash: str = ""
    version: str = field(default_factory=_own_version)

    def sentences(self) -> tuple[Sentence, ...]:
        """One to three sentences with n, interval and method; every result writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has to say what it found: write sentences().")

    def summary(self, language: Language | None = None) -> str:
        """Read the result as plain sentences in ``language`` (the current one where None)."""
        return read(self.sentences(), language)

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        body = self.table.to_string(max_rows=24, max_cols=12, float_format=lambda value: f"{value:.4g}", index=False)
        return f"{type(self).__name__}({options})\n{body}"

    def _repr_html_(self) -> str:
        language = current_language()
        table, cut = self._shown()
        labels = getattr(self, "labels", None)
        rows = table_html(table, self.formats, language, self.interval_of, labels) if len(table) else ""
        caveats = "".join(f"<li>{escape(caveat.text(language))}</li>" for caveat in (*cut, *self.caveats))
        return (
            f'<div class="tpm-result">{self._read(language)}'
            f"{rows}" + (f'<ul class="tpm-caveats">{caveats}</ul>' if caveats else "") + "</div>"
        )

    def _read(self, language: Language) -> str:
        """Write up to three sentences as one paragraph; of more, each as its own."""
        sentences = self.sentences()
        parts = [sentences] if len(sentences) <= FLOWING else [(sentence,) for sentence in sentences]
        return "".join(f"<p>{escape(read(part, language))}</p>" for part in parts)

    def _shown(self) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
        """Return the rows that a page has room for, in their order, and a sentence where that is not all of them."""
        return shown_rows(self.table, self.first_by)


def shown_rows(table: pd.DataFrame, first_by: str = "") -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """Return the columns that say something and the rows that a page has room for, and a sentence on the others."""
    if len(table) > 1 and _says_nothing(table):
        count = len(table)
        return table.iloc[:0], (
            say("Of {count} rows none has a number that can be shown; they are in .table.", count=count),
        )
    table = table[[name for name in table if not _idle(table[name])]]
    if len(table) <= MOST_ROWS:
        return table, ()
    rows = table[first_by].nsmallest(MOST_ROWS).index if first_by else table.index[:MOST_ROWS]
    cut = say("{shown} of {count} rows are shown; all are in .table.", shown=len(rows), count=len(table))
    return table.loc[rows.sort_values()], (cut,)


def _says_nothing(table: pd.DataFrame) -> bool:
    """Whether every number but counts is missing, as where each group was too small to be shown."""
    numbers = table.select_dtypes("number").columns.difference(list(COUNTS))
    return bool({*numbers} & {*ESTIMATED}) and bool(table[list(numbers)].isna().all(axis=None))


def _idle(column: pd.Series) -> bool:
    """Whether a column only says that nothing was split: a group of everybody, no wave, no touchpoint."""
    if column.empty or pd.api.types.is_numeric_dtype(column):
        return False
    return bool((column.isna() | (column == "")).all() or (column.name == "group" and (column == ALL).all()))


def table_html(
    table: pd.DataFrame,
    formats: Mapping[str, str] | None = None,
    language: Language | None = None,
    interval_of: str = "estimate",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Write a table as escaped HTML: an interval under its estimate or as one column, a name under its label.

    ``formats`` gives columns ``percent``, ``points``, ``hundredths``, ``p_value``, ``number:2`` or ``hidden``.
    """
    language = language or current_language()
    formats = {**FORMATS, **(formats or {})}
    if labels is None and {"touchpoint", "label"} <= set(table.columns):
        labels, table = dict(zip(table["touchpoint"], table["label"], strict=True)), table.drop(columns="label")
    visible = [str(name) for name in table.columns if formats.get(str(name)) != "hidden"]
    columns = _with_intervals(visible, interval_of)
    interval = say("interval")
    head = "".join(f"<th>{_under(name, interval if ends else None, language)}</th>" for name, ends in columns)
    body = "".join(
        "<tr>" + "".join(_cell(row, name, ends, formats, labels or {}, language) for name, ends in columns) + "</tr>"
        for row in table.rename(columns=str).to_dict("records")
    )
    return f'<table class="dataframe"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _with_intervals(names: list[str], interval_of: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each column to show, with its interval's ends where it has one; those get no column of their own."""
    owners: dict[str, tuple[str, ...]] = {}
    for low in names:
        stem = low.removesuffix("_low")
        if stem != low and f"{stem}_high" in names:
            named = interval_of if stem == "conf" else f"{stem}_estimate"
            owners[named if named in names else stem] = (low, f"{stem}_high")
    shown = []
    for name in names:
        if name in owners or not any(name in ends for ends in owners.values()):
            shown.append((name, owners.get(name, ())))
        elif (stem := name.removesuffix("_low")) in owners and stem not in names:  # two ends without an estimate
            shown.append((stem, owners[stem]))
    return shown


def _cell(
    row: Mapping[Any, Any],
    name: str,
    ends: tuple[str, ...],
    formats: Mapping[str, str],
    labels: Mapping[str, str],
    language: Language,
) -> str:
    how = formats.get(name, formats.get(ends[0], "") if ends else "")
    interval = None
    if ends and not any(pd.isna(row[end]) for end in ends):
        low, high = (format_value(row[end], how, language) for end in ends)
        interval = say("{low} to {high}", low=low, high=high)
    if name not in row:
        text, interval, align = (interval.text(language) if interval else "–"), None, "right"
    elif name == "touchpoint" and row[name] in labels:
        value = row[name]
        text, align = labels[value], "left"
        interval = None if text == value else Sentence("{name}", {"name": value})
    else:
        text = format_value(row[name], how, language)
        align = "right" if isinstance(row[name], (int, float, np.number)) else "left"
    return f'<td style="text-align:{align}">{_under(text, interval, language)}</td>'


def _under(text: str, below: Sentence | None, language: Language) -> str:
    """Escaped text, with a second, smaller line."""
    return escape(text) + (f"<br><small>{escape(below.text(language))}</small>" if below else "")


def format_value(value: Any, how: str = "", language: Language | None = None) -> str:
    """Put one cell into words: by its format, or by its type with four significant digits."""
    language = language or current_language()
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if how == "p_value":
        return PValue(float(value)).text(language).removeprefix("= ")
    if how:
        return in_format(float(value), how).text(language)
    if isinstance(value, (float, np.floating)):
        return Number(float(value), _significant(float(value))).text(language)
    return word(value, language)


def _significant(value: float, significant: int = 4) -> int:
    """How many decimals show ``significant`` digits of a value."""
    if value == 0 or not np.isfinite(value):
        return 0
    return int(np.clip(significant - 1 - np.floor(np.log10(abs(value))), 0, 6))
