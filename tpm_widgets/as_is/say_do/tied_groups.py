"""Groups that are known of answers and of customers alike: what ties saying to doing where persons may not be tied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import ALL, answers_outside, value_text
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study, given
from tpm_widgets.study.schema import role_names

WAVE = "wave"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TiedGroups:
    """Each answer's and each customer's group, by the same names.

    Attributes
    ----------
    columns : tuple of str
        The columns that make the groups, without ``wave``.
    by_wave : bool
        Whether time is split as well.
    answers, customers : ndarray of object
        One group per row of ``study.survey``, and of the customers that were handed in; None where a value is missing.
    names : list of str
        All groups, in the order of their values.
    caveats : list of Sentence
        How they were chosen, and who is in none.
    """

    columns: tuple[str, ...]
    by_wave: bool
    answers: np.ndarray
    customers: np.ndarray
    names: list[str]
    caveats: list[Sentence]


def tied_columns(study: Study) -> list[str]:
    """Name the columns that are known of answers and of customers: those of one name, in linked studies all.

    In a reported study, which has no customers, every segment of the survey.
    """
    if study.customers is None:
        return list(study.segments)
    known = {*study.survey.columns, *study.other_columns.columns}
    own = [str(name) for name in study.customers if name == "segment" or name not in role_names("customers")]
    shared = [name for name in own if name in known and name not in role_names("survey")]
    return shared or (own if is_linked(study) else [])


def is_linked(study: Study) -> bool:
    """Tell whether answers may be, and are, tied to customers and days."""
    return bool(study.linkage.get("permitted", True)) and study.has("survey", "customer", "date")


def tie_groups(study: Study, by: str | Sequence[str] | None, people: pd.DataFrame, verb: str) -> TiedGroups:
    """Find each answer's and each customer's group.

    Parameters
    ----------
    study : Study
    by : str, sequence of str or None
        Columns that answers and customers have in common, and ``"wave"``; crossed. None: all columns that make at
        least two groups and groups of ``study.min_group`` answers on average, crossed where every combination holds
        as many answers and customers, else the one with the most groups; ``"wave"`` where there is no such column.
    people : pandas.DataFrame
        The customers table, or an empty one in a reported study.
    verb : str
        Who asks; named in a refusal.
    """
    wanted = _default(study, people, verb) if by is None else list(dict.fromkeys([by] if isinstance(by, str) else by))
    offered = [*tied_columns(study), *([WAVE] if WAVE in study.survey else [])]
    for name in wanted:
        if name not in offered and not _is_own(study, name):
            listed = ", ".join(map(repr, offered)) or "no column"
            raise ValueError(
                f"by={name!r} ties no answers to customers; the survey and the customers table have {listed} in common."
            )
    columns = [name for name in wanted if name != WAVE]
    answers, customers = _keys(study, columns, None), _keys(study, columns, people)
    names = _in_order(study, columns, answers, customers)
    if not names:
        expected = say(
            "an answer or a customer with a value of {columns:list}, for {verb}", columns=tuple(columns), verb=verb
        )
        remedy = say("Fill in the column, or split by another one.")
        raise DataError([{"table": "survey", "expected": expected, "remedy": remedy}])
    if len(names) > max(len(answers), len(customers)) / 2 > 1:
        raise ValueError(f"by={by!r} would make a group of each person; split by a column with fewer values.")
    caveats = _missing(answers, customers, columns)
    if by is None and len(tied_columns(study)) > len(columns) and columns:
        caveats.append(
            say(
                "Answers and customers have {columns:list} in common; groups are made by {chosen:list} alone, because "
                "all of them crossed make no further groups, or too small ones. Choose with by=.",
                columns=tuple(tied_columns(study)),
                chosen=tuple(columns),
            )
        )
    return TiedGroups(
        columns=tuple(columns),
        by_wave=WAVE in wanted,
        answers=answers,
        customers=customers,
        names=names,
        caveats=caveats,
    )


def _is_own(study: Study, name: str) -> bool:
    """Tell whether a column that is no default may be asked for: of the survey alone, or of linked customers."""
    if study.customers is None:
        return name not in role_names("survey") and (name in study.survey or name in study.other_columns)
    return is_linked(study) and name in study.customers and (name == "segment" or name not in role_names("customers"))


def _default(study: Study, people: pd.DataFrame, verb: str) -> list[str]:
    """Choose the columns that make groups large enough."""
    sizes = {name: pd.Series(_keys(study, [name], None)).value_counts() for name in tied_columns(study)}
    fit = [name for name, counts in sizes.items() if len(counts) > 1 and counts.mean() >= study.min_group]
    if not fit:
        if study.has("survey", WAVE):
            return [WAVE]
        expected = say("a column that answers and customers have in common, or waves, for {verb}", verb=verb)
        remedy = say("Give both tables a column of the same name, such as a region, or name the wave under [survey].")
        raise DataError([{"table": "customers", "expected": expected, "remedy": remedy}])
    tables = [None, people] if len(people) else [None]
    crossed = [pd.Series(_keys(study, fit, table)).value_counts() for table in tables]
    largest = max(fit, key=lambda name: (sizes[name] >= study.min_group).sum())
    # a column that another one contains, as a region its houses, makes no further groups
    alone = len(crossed[0]) == len(sizes[largest])
    if alone or any(counts.min() < study.min_group for counts in crossed):
        return [largest]
    return fit


def _values(study: Study, name: str, people: pd.DataFrame | None) -> pd.Series:
    """Return one column, of the customers, or (None) of the answers; through the link where only customers have it."""
    if people is not None:
        return people[name] if name in people else pd.Series(None, index=people.index, dtype=object)
    if name in study.survey or name in study.other_columns:
        return study.column(name)
    known = given(study.customers).drop_duplicates("customer").set_index("customer")[name]
    return known.reindex(study.survey["customer"]).set_axis(study.survey.index)


def _keys(study: Study, columns: Sequence[str], people: pd.DataFrame | None) -> np.ndarray:
    """Return each row's group in words, None where a value is missing."""
    rows = len(study.survey if people is None else people)
    if not columns:
        return np.full(rows, ALL, dtype=object)
    parts = [_values(study, name, people).reset_index(drop=True) for name in columns]
    whole = np.logical_and.reduce([part.notna().to_numpy() for part in parts])
    words = [part.astype(object).where(part.notna(), "").map(value_text) for part in parts]
    joined = [" / ".join(row) for row in zip(*words, strict=True)]
    keys = np.array(joined, dtype=object)
    keys[~whole] = None
    return keys


def _in_order(study: Study, columns: Sequence[str], answers: np.ndarray, customers: np.ndarray) -> list[str]:
    """List all groups: in the order that a single column's categories give, else by name."""
    found = {name for keys in (answers, customers) for name in keys if name is not None}
    if len(columns) == 1:
        values = _values(study, columns[0], None)
        if isinstance(values.dtype, pd.CategoricalDtype):
            ordered = [value_text(value) for value in values.cat.categories]
            return [name for name in ordered if name in found] + sorted(found - set(ordered))
    return sorted(found)


def _missing(answers: np.ndarray, customers: np.ndarray, columns: Sequence[str]) -> list[Sentence]:
    """Count answers and customers that are in no group."""
    found = answers_outside(int(pd.isna(answers).sum()), columns)
    if lost := int(pd.isna(customers).sum()):
        found.append(
            say_n(
                "{count} customer without a value of {columns:list} is in no group.",
                "{count} customers without a value of {columns:list} are in no group.",
                lost,
                columns=tuple(columns),
            )
        )
    return found
