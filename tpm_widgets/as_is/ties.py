"""Who is first, where several are: nobody is named alone who shares the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tpm_widgets.language import Sentence, Worded, say_n

SAME = 1e-9  # values that differ by less are the same share, counted in another order

Row = Mapping[Any, Any]
Name = Callable[[Row], str | Worded]


def tied(rows: Sequence[Row], measure: str, *, lowest: bool = False) -> list[Row]:
    """Return the rows that share the highest value of a measure, or the lowest, in their order.

    >>> [row["name"] for row in tied([{"name": "a", "n": 2}, {"name": "b", "n": 3}, {"name": "c", "n": 3}], "n")]
    ['b', 'c']
    """
    known = [row for row in rows if row[measure] == row[measure]]  # a missing value differs from itself
    if not known:
        return []
    extreme = (min if lowest else max)(row[measure] for row in known)
    return [row for row in known if abs(row[measure] - extreme) <= SAME]


def names_tied(rows: Sequence[Row], measure: str, name: Name, *, lowest: bool = False) -> tuple[str | Worded, ...]:
    """Return the names of all that share the first place, or the last."""
    return tuple(name(row) for row in tied(rows, measure, lowest=lowest))


def told_ties(rows: Sequence[Row], measure: str, name: Name, *, lowest: bool = False) -> tuple[Sentence, ...]:
    """Say who shares the place of the one that a sentence named; nothing where it is alone."""
    first, *others = names_tied(rows, measure, name, lowest=lowest)
    if not others:
        return ()
    return (
        say_n("{others:list} ties with {first}.", "{others:list} tie with {first}.", len(others), others=tuple(others),
              first=first),
    )  # fmt: skip


def told_ends(rows: Sequence[Row], name: Name, measure: str = "estimate") -> tuple[Sentence, ...]:
    """Say who shares the lowest and who the highest place of groups between which a sentence said that values run."""
    if len(tied(rows, measure)) == len([row for row in rows if row[measure] == row[measure]]):
        return told_ties(rows, measure, name)
    return (*told_ties(rows, measure, name, lowest=True), *told_ties(rows, measure, name))
