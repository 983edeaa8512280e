"""The study's own words for columns and for the codes in them: ``[survey.labels]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tpm_widgets.language import say
from tpm_widgets.study.cells.converting import comparable
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words for columns, and for codes: column → code as it is compared → word, in the order of the groups."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def named(self) -> list[str]:
        """Return the columns that must be there."""
        return list(dict.fromkeys((*self.columns, *self.values)))


def label_settings(reader: Section) -> Labels:
    """Take words: a text names a column, a section of its own the codes of one, and one within it both at once."""
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    section = Section(f"{reader.name}.labels", reader.subsection("labels"), reader.file, reader.faults)
    for column, given in section.given.items():
        if isinstance(given, Mapping):
            name, given = _named(given)
            if name:
                columns[column] = name
            own = Section(f"{section.name}.{column}", dict(given), reader.file, reader.faults)
            values[column] = {_key(code): word for code, word in given.items() if _is_word(own, code, word)}
        elif _is_word(section, column, given):
            columns[column] = given
    return Labels(columns=columns, values=values)


def _named(given: Mapping[Any, Any]) -> tuple[str, Mapping[Any, Any]]:
    """Return the name of a column and the words of its codes, where they stand under that name; else no name."""
    name, words = next(iter(given.items()), ("", ""))
    return (str(name), words) if len(given) == 1 and isinstance(words, Mapping) else ("", given)


def _is_word(section: Section, key: str, word: Any) -> bool:
    if isinstance(word, str) and word.strip():
        return True
    section.refuse(str(key), word, say("a word to be shown"))
    return False


def _key(code: Any) -> str:
    """Return a code as it is compared: 1 is 1.0, also where a file holds them as texts."""
    return re.sub(r"^(-?\d+)\.0+$", r"\1", comparable(code))


def with_labels(raw: RawTable, labels: Labels) -> RawTable:
    """Return the table with the study's words; those of the file stay where the study has none."""
    values = {column: dict(words) for column, words in raw.value_labels.items()}
    for column, words in labels.values.items():
        if column in raw.frame:
            cells = raw.frame[column].dropna().unique()
            known = {**dict.fromkeys(values.get(column, ())), **dict.fromkeys(cells)}
            own = {code: words[key] for code in known if (key := _key(code)) in words}
            values[column] = {**values.get(column, {}), **own}
    return replace(raw, labels={**raw.labels, **labels.columns}, value_labels=values)
