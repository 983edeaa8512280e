"""One section of study.toml: its keys checked against those known, its values against their type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Real
from typing import Any

import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.converting import LARGEST
from tpm_widgets.study.cells.days import as_dates
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.names import clean_name
from tpm_widgets.study.model import Scale


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of one section, taken one by one; what is wrong is noted, and the default taken."""

    name: str
    given: dict[str, Any]
    file: str
    faults: Faults

    def refuse(self, key: str, value: object, expected: Sentence, remedy: Sentence | str = "") -> None:
        """Note that the value of a key is wrong."""
        table = self.name.partition(".")[0]
        place = f"{self.name}.{key}" if self.file and self.name else key
        self.faults.refuse(table, self.file, expected, remedy, column=place, value=value)

    def know(self, keys: Iterable[str]) -> None:
        """Note each key that is not among those known; go on as if the nearest had been meant."""
        known = list(keys)
        for key in [key for key in self.given if key not in known]:
            near = get_close_matches(key, known, n=1)
            others = listed_names(known) if known else ""
            remedy = say("Did you mean {key}?", key=repr(near[0])) if near else others
            expected = say("a key of [{section}]", section=self.name) if self.name else say("a section of study.toml")
            self.faults.refuse(self.name.partition(".")[0], self.file, expected, remedy, value=key)
            value = self.given.pop(key)
            if near:
                self.given.setdefault(near[0], value)

    def text(self, key: str, default: Any = None) -> Any:
        """Take a text."""
        value = self.given.get(key, default)
        if value is default or isinstance(value, str):
            return value
        self.refuse(key, value, say("a text"))
        return default

    def column(self, key: str) -> str | None:
        """Take the name of a column."""
        name = self.text(key)
        return None if name is None else clean_name(name)

    def whole(self, key: str, least: int, default: int | None) -> int | None:
        """Take a whole number."""
        value = self.given.get(key, default)
        if value is default or (isinstance(value, int) and is_number(value) and value >= least):
            return value
        self.refuse(key, value, say("a whole number, {least} or more", least=least))
        return default

    def flag(self, key: str) -> bool:
        """Take true or false; false where nothing is said."""
        value = self.given.get(key, False)
        if isinstance(value, bool):
            return value
        self.refuse(key, value, say("true or false"))
        return False

    def chosen(self, key: str, options: Sequence[str], default: Any) -> Any:
        """Take one of several words."""
        value = self.given.get(key, default)
        if value is default or value in options:
            return value
        self.refuse(key, value, say("one of {options}", options=", ".join(map(repr, options))))
        return default

    def scale(self, key: str, default: Scale, value: Any = None, expected: Sentence | None = None) -> Scale:
        """Take a scale: its lowest and its highest value."""
        value = self.given.get(key, default) if value is None else value
        if isinstance(value, (tuple, list)) and len(value) == 2 and all(map(is_number, value)) and value[0] < value[1]:
            return (value[0], value[1])
        remedy = self._turned(key, value) if self.name in ("survey", "survey.scales") else ""
        expected = expected or say("the lowest and the highest value of the scale, such as [1, 5]")
        self.refuse(key, value, expected, remedy)
        return default

    def _turned(self, key: str, value: Any) -> Sentence | str:
        """Say how a scale is declared on which low is good, where its ends are given in that order."""
        numbers = isinstance(value, (tuple, list)) and all(map(is_number, value))
        if not numbers or len(value) != 2 or value[0] == value[1]:
            return ""
        quoted = json.dumps(key, ensure_ascii=False)
        name = '"recommend"' if key == "recommend_scale" else quoted
        every = "true" if self.file else "True"
        return say(
            "The lowest first: `{key}{sign}[{low}, {high}]`; and, where low is good: `reversed{sign}{names}`.",
            key=key if key.isidentifier() else quoted,
            sign=" = " if self.file else "=",
            low=value[1],
            high=value[0],
            names=every if key == "rating_scale" else f"[{name}]",
        )

    def codes(self, key: str) -> tuple[str | float, ...]:
        """Take a list of numbers and texts; a single one is a list of one."""
        values = self._listed(key)
        if all(isinstance(value, (str, bool)) or is_number(value) for value in values):
            return values
        self.refuse(key, self.given[key], say("a list of numbers or texts"))
        return ()

    def names(self, key: str) -> tuple[str, ...]:
        """Take a list of columns."""
        values = self._listed(key)
        if all(isinstance(value, str) for value in values):
            return tuple(map(clean_name, values))
        self.refuse(key, self.given[key], say("a list of columns"))
        return ()

    def pairs(self, key: str) -> dict[str, str] | None:
        """Take columns and the one touchpoint of each; a list of columns names the touchpoints after them."""
        given = self.given.get(key)
        if given is None:
            return None
        mapped = given if isinstance(given, Mapping) else {column: column for column in self.names(key)}
        pairs = {clean_name(column): name for column, name in mapped.items()}
        if not all(isinstance(name, str) for name in pairs.values()) or len(set(pairs.values())) < len(pairs):
            self.refuse(key, given, say("columns, each with a touchpoint of its own"))
            return {}
        return pairs

    def _listed(self, key: str) -> tuple[Any, ...]:
        value = self.given.get(key)
        if value is None:
            return ()
        return tuple(value) if isinstance(value, (tuple, list, set, frozenset, range)) else (value,)

    def subsection(self, key: str) -> dict[str, Any]:
        """Take the keys of a section inside this one; where they are columns, as these are compared."""
        value = self.given.get(key)
        if value is None or isinstance(value, Mapping):
            return {clean_name(name): inner for name, inner in (value or {}).items()}
        section = f"{self.name}.{key}" if self.name else key
        self.refuse(key, value, say("a section of its own, [{section}]", section=section))
        return {}

    def day(self, key: str) -> pd.Timestamp | None:
        """Take a day."""
        value = self.given.get(key)
        if value is None:
            return None
        days, bad = as_dates(pd.Series([str(value)]))
        if bad.any() or pd.isna(days[0]):
            self.refuse(key, value, say("a day such as 2024-03-31"))
            return None
        return days[0]


def is_number(value: object) -> bool:
    """Whether a value is a number that somebody may mean: neither yes or no, nor endless, nor of dozens of digits."""
    return isinstance(value, Real) and not isinstance(value, bool) and abs(value) < LARGEST  # type: ignore[operator]


def listed_names(names: Iterable[str]) -> Sentence:
    """All the names that there are, for the end of a refusal."""
    return say("There are: {names}.", names=", ".join(names))
