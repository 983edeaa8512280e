"""Sentences that know their numbers and are put into words only when somebody reads them.

Results store values; a :class:`Sentence` keeps a template and its values apart, so that one result can be read in
English now and in German later. Extraction: ``make messages``.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from tpm_widgets.errors import check_option

Language = Literal["en", "de"]
_current: list[Language] = []


def set_language(language: Language) -> None:
    """Choose the language of sentences, labels, panels and reports.

    Parameters
    ----------
    language : {"en", "de"}
        English or German. Until it is called, the environment variable ``TPM_LANGUAGE`` decides, and English
        where that is not set either.

    Raises
    ------
    ValueError
        Where the language is neither of the two.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> tpm.set_language("en")
    """
    check_option("language", language, Language)
    _current[:] = [language]


def current_language() -> Language:
    """Return the language that sentences are read in now."""
    if _current:
        return _current[0]
    return "de" if os.environ.get("TPM_LANGUAGE", "en").lower().startswith("de") else "en"


@lru_cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """Read a language's catalogue as its translator writes it, so that no compiled copy can be out of date."""
    source = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "tpm_widgets.po"
    if not source.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Worded(Protocol):
    """Anything that can be put into words in a language."""

    def text(self, language: Language | None = None) -> str:
        """Return the words in ``language`` (the current one where None)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template and its values; ``text()`` puts them together in the reader's language."""

    template: str
    values: Mapping[str, Any]
    plural: str | None = None
    count: int | None = None

    def text(self, language: Language | None = None) -> str:
        """Return the sentence in ``language`` (the current one where None)."""
        language = language or current_language()
        catalogue = _catalogue(language)
        if self.plural is None or self.count is None:
            template = catalogue.gettext(self.template)
        else:
            template = catalogue.ngettext(self.template, self.plural, self.count)
        return template.format(**{name: word(value, language) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.text()


def say(template: str, **values: Any) -> Sentence:
    """Make a sentence from a template (extracted for translation) and the values that it names."""
    return Sentence(template, MappingProxyType(values))


def say_n(singular: str, plural: str, count: int, **values: Any) -> Sentence:
    """Make a sentence whose wording depends on a count, available in it as ``{count}``."""
    return Sentence(singular, MappingProxyType({"count": count, **values}), plural, int(count))


def read(sentences: Iterable[Worded], language: Language | None = None) -> str:
    """Several sentences as one paragraph."""
    return " ".join(sentence.text(language) for sentence in sentences)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Several sentences as one value of another; texts that are worded already stay as they are."""

    sentences: tuple[Worded | str, ...]

    def text(self, language: Language | None = None) -> str:
        """Return one after the other."""
        language = language or current_language()
        return " ".join(word(sentence, language) for sentence in self.sentences)


def word(value: Any, language: Language) -> str:
    """Put one value into words: sentences and quantities in their own way, whole numbers grouped, dates as dates."""
    if hasattr(value, "text"):
        return str(value.text(language))
    if isinstance(value, (bool, np.bool_)):
        return say("yes").text(language) if value else say("no").text(language)
    if isinstance(value, (int, np.integer)):
        return format_decimal(int(value), locale=language)
    if isinstance(value, (float, np.floating)):
        return Number(float(value)).text(language)
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return format_date(pd.Timestamp(value).date(), format="medium", locale=language)
    return str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a fixed count of decimals; a value that is not there is a dash."""

    value: float
    digits: int = 2
    signed: bool = False

    def text(self, language: Language | None = None) -> str:
        """Return the number with the language's decimal sign."""
        if not np.isfinite(self.value):
            return "–"
        rounded = round(self.value, self.digits) + 0.0  # turns -0.0 into 0.0
        pattern = "#,##0" + ("." + "0" * self.digits if self.digits else "")
        sign = "+" if self.signed and rounded > 0 else ""
        return sign + format_decimal(rounded, pattern, locale=language or current_language()).replace("-", "−")


def signed(value: float) -> Number:
    """Make a number that shows its sign."""
    return Number(value, signed=True)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share between 0 and 1, read as a percentage."""

    value: float
    digits: int = 1

    def text(self, language: Language | None = None) -> str:
        """Return "14.2%", in German "14,2 %"."""
        language = language or current_language()
        number = Number(self.value * 100, self.digits).text(language)
        if number == "–":
            return number
        return number + ("\u00a0%" if language == "de" else "%")


@dataclass(frozen=True, slots=True)
class Points:
    """A score or a difference between −1 and 1, read as signed points between −100 and 100."""

    value: float
    digits: int = 1

    def text(self, language: Language | None = None) -> str:
        """Return "+33.3"."""
        return Number(self.value * 100, self.digits, signed=True).text(language)


@dataclass(frozen=True, slots=True)
class Between:
    """An interval of two quantities of one kind, as "7.3 to 54.2"."""

    low: Worded
    high: Worded

    def text(self, language: Language | None = None) -> str:
        """Return both ends with the language's word between them."""
        return say("{low} to {high}", low=self.low, high=self.high).text(language)


def between(row: Mapping[Any, Any] | pd.Series, kind: Callable[[float], Worded], measure: str = "conf") -> Between:
    """Make an interval of a table's row: its columns ``…_low`` and ``…_high``, as quantities of one kind."""
    return Between(kind(row[f"{measure}_low"]), kind(row[f"{measure}_high"]))


@dataclass(frozen=True, slots=True)
class PValue:
    """A p value, never shown as 0."""

    value: float

    def text(self, language: Language | None = None) -> str:
        """Return "= 0.031" or "< 0.001", to follow the letter p."""
        if not np.isfinite(self.value):
            return "= –"
        if self.value < 0.001:
            return "< " + Number(0.001, 3).text(language)
        return "= " + Number(self.value, 3).text(language)


@dataclass(frozen=True, slots=True)
class Names:
    """Several names as a list with the language's "and"; a long one is cut after ``most`` and says how many follow."""

    names: tuple[str | Worded, ...]
    most: int = 5

    def text(self, language: Language | None = None) -> str:
        """Return "a, b and c"; for none, the language's word for none."""
        language = language or current_language()
        shown = [word(name, language) if hasattr(name, "text") else str(name) for name in self.names[: self.most]]
        rest = len(self.names) - len(shown)
        if rest:
            shown.append(say_n("{count} other", "{count} others", rest).text(language))
        if not shown:
            return say("none").text(language)
        return format_list(shown, locale="en_GB" if language == "en" else language)
