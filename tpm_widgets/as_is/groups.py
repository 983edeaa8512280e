"""Splitting answers by segment and wave, the one meaning of ``by=``; and customers or recommendations, by a column of
their own table, never by person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, Worded, say, say_n
from tpm_widgets.results import ALL as ALL
from tpm_widgets.study.model import Study
from tpm_widgets.study.schema import TABLES, role_names

# One group per person would print who said what.
_PERSONAL = ("respondent", "customer", "text")
ANSWERS = say("answers")

MOST_GROUPS = 20  # where more groups hold less than two rows each, they are names rather than groups
_KINDS = ("category", "flag", "text")
_IN_OWN_WORDS = ("what_said",)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the answers: the words for them, their wave where split by wave, and their rows (shape (n,))."""

    group: str
    wave: str | None
    rows: np.ndarray

    @property
    def name(self) -> str:
        """The group and its wave in one text."""
        return group_name(self.group, self.wave)


def group_name(group: str, wave: str | None) -> str:
    """Put a group and its wave into one text."""
    if wave is None:
        return group
    return wave if group == ALL else f"{group} ({wave})"


def name_of(row: Mapping[Any, Any]) -> str:
    """Put a row's group and wave into one text."""
    return group_name(row["group"], None if pd.isna(row["wave"]) else row["wave"])


def group_in_period(row: Mapping[Any, Any]) -> str:
    """Put a row's group and period into one text; empty for everybody in all the time."""
    parts = [row["group"] if row["group"] != ALL else "", row["period"] if pd.notna(row["period"]) else ""]
    return ", ".join(part for part in parts if part)


def answer_groups(study: Study, by: str | Sequence[str] | None) -> tuple[list[Group], list[Sentence]]:
    """Split the answers by one or several columns of the survey.

    Parameters
    ----------
    study : Study
    by : str, sequence of str or None
        A role, a segment, or any other column of the file. None: everybody in one group.

    Returns
    -------
    groups : list of Group
        In the order of the columns' categories or values; combinations that nobody has do not appear.
    caveats : list of Sentence
        How many answers are in no group, because a value is missing.

    Raises
    ------
    ValueError
        Where a column does not exist or would split by person.
    """
    answers = np.ones(len(study.survey), dtype=int)
    return line_groups(pd.DataFrame({name: study.column(name) for name in split_names(by)}), answers)


def split_names(by: str | Sequence[str] | None) -> list[str]:
    """Return the columns to split by, each once; refuse those that would split by person."""
    names = [by] if isinstance(by, str) else list(dict.fromkeys(by or ()))
    for name in names:
        if name in _PERSONAL:
            raise ValueError(f"by={name!r} would make a group of each person; split by a segment or by wave.")
    return names


def line_groups(frame: pd.DataFrame, answers: np.ndarray) -> tuple[list[Group], list[Sentence]]:
    """Split lines, each of which stands for some ``answers``, by all columns of a frame; see :func:`answer_groups`."""
    if frame.shape[1] == 0:
        return [Group(ALL, None, np.arange(len(answers)))], []
    whole = frame.notna().all(axis=1)
    groups = [_group(frame.columns, values, rows) for values, rows in _combinations(frame[whole])]
    return groups, answers_outside(int(answers[~whole].sum()), list(frame.columns))


def answers_outside(count: int, columns: Sequence[str]) -> list[Sentence]:
    """Count the answers that are in no group, because a value of the columns is missing."""
    if not count:
        return []
    return [
        say_n(
            "{count} answer without a value of {columns:list} is in no group.",
            "{count} answers without a value of {columns:list} are in no group.",
            count,
            columns=tuple(columns),
        )
    ]


def _combinations(frame: pd.DataFrame) -> Iterator[tuple[tuple[object, ...], np.ndarray]]:
    """Each combination of values with its row numbers, in order."""
    for values, part in frame.groupby(list(frame.columns), observed=True, sort=True):
        yield values, part.index.to_numpy()


def _group(names: Iterable[str], values: Iterable[object], rows: np.ndarray) -> Group:
    parts = dict(zip(names, map(value_text, values), strict=True))
    wave = parts.pop("wave", None)
    return Group(" / ".join(parts.values()) or ALL, wave, rows)


def value_text(value: object) -> str:
    """One group's value as text: whole numbers without a decimal point, dates without a time."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def need_two_groups(by: str | Sequence[str], names: Iterable[str]) -> None:
    """Refuse a split that leaves nothing to compare."""
    found = list(names)
    if len(found) >= 2:
        return
    fault = {
        "table": "survey",
        "column": ", ".join(split_names(by)),
        "value": ", ".join(found),
        "expected": str(say("at least two groups to compare")),
        "remedy": str(say("Split by a column in which the answers differ.")),
    }
    raise DataError([fault])


def highest_and_lowest(
    rows: Sequence[Mapping[Any, Any]], measure: str = "estimate"
) -> tuple[Mapping[Any, Any], Mapping[Any, Any]]:
    """Return the rows with the highest and the lowest value of a measure, the first ones where several are."""
    return max(rows, key=lambda row: row[measure]), min(rows, key=lambda row: row[measure])


def withhold(table: pd.DataFrame, small: pd.Series, size: str = "n") -> tuple[pd.DataFrame, list[dict[Any, Any]]]:
    """Blank the numbers of small groups, which keep their names and their ``size``; and return what is left of these.

    Examples
    --------
    >>> measured = pd.DataFrame({"group": ["north", "south"], "n": [30, 2], "estimate": [0.5, 1.0]})
    >>> withhold(measured, measured["n"] < 5)[0]
       group   n  estimate
    0  north  30       0.5
    1  south   2       NaN
    """
    numbers = table.select_dtypes("number").columns.difference([size])
    shown = table.assign(**{str(name): table[name].mask(small) for name in numbers})
    return shown, shown[small].to_dict("records")


def withheld_caveat(names: Iterable[str | Worded], min_group: int, members: Sentence = ANSWERS) -> list[Sentence]:
    """Say which groups are withheld because they hold few ``members``."""
    named = tuple(names)
    if not named:
        return []
    return [
        say(
            "Withheld, because they hold fewer than {least} {members}: {groups:list}.",
            least=min_group,
            members=members,
            groups=named,
        )
    ]


def design_caveats(study: Study, groups: Iterable[np.ndarray]) -> list[Sentence]:
    """Say what hangs together within groups of answers (their rows), and which strata cannot tell their own error."""
    design, found = study.design, []
    again = sum(len(rows) - len(np.unique(design.clusters[rows])) for rows in groups)
    if study.has("survey", "cluster"):
        units = len(np.unique(design.clusters[design.weights > 0]))
        found.append(
            say_n(
                "All answers come from {count} cluster, which tells nothing of its own error.",
                "The answers come from {count} clusters, and the intervals know it.",
                units,
            )
        )
    elif again:
        found.append(
            say_n(
                "{count} answer comes from somebody who answered before in the same group; the answers of one person "
                "count as one cluster.",
                "{count} answers come from somebody who answered before in the same group; the answers of one person "
                "count as one cluster.",
                again,
            )
        )
    if lonely := design.lonely():
        found.append(
            say_n(
                "{count} stratum holds a single cluster; its distance from the mean of all is taken for its error, "
                "which makes intervals rather too wide.",
                "{count} strata hold a single cluster each; their distance from the mean of all is taken for their "
                "error, which makes intervals rather too wide.",
                lonely,
            )
        )
    return found


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
