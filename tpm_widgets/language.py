"""Sentences that know their numbers and are put into words only when somebody reads them.

Results store values; a :class:`Sentence` keeps a template and its values apart, so that one result can be read in
English now and in German later. How a number is shown stands in the template, as one of ``NAMED_FORMATS``, where
whoever translates it sees what the number is. Extraction: ``make messages``.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from tpm_widgets.options import check_option
from tpm_widgets.rounding import as_read
from tpm_widgets.visible import visible

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
        return "".join(
            words + (word(self.values[name], language, how) if name else "") for words, name, how in fields(template)
        )

    def __str__(self) -> str:
        return self.text()


@cache
def fields(template: str) -> tuple[tuple[str, str, str], ...]:
    """Take a template apart: words, and after them the name of a value and its format, where there are any."""
    parts = tuple((words, name or "", how or "") for words, name, how, _ in Formatter().parse(template))
    for _, name, how in parts:
        kind, _, digits = how.partition(":")
        if how and (kind not in NAMED_FORMATS or not (digits.isdecimal() or how == kind)):
            raise ValueError(
                f"{{{name}:{how}}} in {template!r}: the formats are {', '.join(NAMED_FORMATS)}, and after one of them "
                "may stand how many digits, as in percent:0."
            )
    return parts


def say(template: str, *rows: Any, **values: Any) -> Sentence:
    """Make a sentence from a template (extracted for translation) and the values that it names.

    ``{n}`` is a value, ``{estimate:percent}`` or ``{level:percent:0}`` one with its format and digits,
    ``{conf_interval:percent}`` stands for both ``conf_low`` and ``conf_high``, and ``{best.n}`` comes from the row that
    was given as ``best``. What has no name of its own is taken from the first of the rows (a mapping, a row of a table,
    anything with such attributes) that has it.

    >>> row = {"n": 1200, "estimate": 0.142}
    >>> say("{estimate:percent} of {n:count} answers on {day}", row, day="Monday").text("en")
    '14.2% of 1,200 answers on Monday'
    """
    return Sentence(template, _named((template,), rows, values))


def say_n(singular: str, plural: str, count: int, *rows: Any, **values: Any) -> Sentence:
    """Make a sentence whose wording depends on a count, available in it as ``{count}``; the rest as in ``say``."""
    return Sentence(singular, _named((singular, plural), rows, {"count": count, **values}), plural, int(count))


def _named(templates: Iterable[str], rows: tuple[Any, ...], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the values that templates name; one that is missing is missed when the sentence is read."""
    found = {}
    for name in {name: None for template in templates for _, name, _ in fields(template) if name}:
        for source in (values, *rows):
            value = reduce(_part, name.split("."), source)
            if value is not _ABSENT:
                found[name] = value
                break
    return MappingProxyType(found)


_ABSENT = object()


def _part(source: Any, name: str) -> Any:
    """Take one value of a row, and for ``conf_interval`` both ends, ``conf_low`` and ``conf_high``."""
    value = source.get(name, _ABSENT) if isinstance(source, (Mapping, pd.Series)) else getattr(source, name, _ABSENT)
    if value is _ABSENT and name.endswith("_interval"):
        low, high = (_part(source, name.removesuffix("interval") + end) for end in ("low", "high"))
        return _ABSENT if low is _ABSENT or high is _ABSENT else Between(low, high)
    return value


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


def word(value: Any, language: Language, how: str = "") -> str:
    """Put one value into words: by its format, or sentences in their own way, whole numbers grouped, dates as dates."""
    if how:
        return in_format(value, how).text(language)
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
    return visible(str(value))


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
        rounded = as_read(self.value, self.digits)
        pattern = "#,##0" + ("." + "0" * self.digits if self.digits else "")
        sign = "+" if self.signed and rounded > 0 else ""
        return sign + format_decimal(rounded, pattern, locale=language or current_language()).replace("-", "−")


def signed(value: float, digits: int = 2) -> Number:
    """Make a number that shows its sign."""
    return Number(value, digits, signed=True)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share between 0 and 1, read as a percentage."""

    value: float
    digits: int = 1

    def text(self, language: Language | None = None) -> str:
        """Return "14.2%", in German "14,2 %"."""
        language = language or current_language()
        number = Number(self.value * 100, self.digits).text(language)
        return number if number == "–" else number + ("\u00a0%" if language == "de" else "%")


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
    """An interval, as "7.3 to 54.2"."""

    low: Any
    high: Any

    def text(self, language: Language | None = None) -> str:
        """Return both ends with the language's word between them."""
        return say("{low} to {high}", low=self.low, high=self.high).text(language)


@dataclass(frozen=True, slots=True)
class PValue:
    """A p value, never shown as 0."""

    value: float
    digits: int = 3

    def text(self, language: Language | None = None) -> str:
        """Return "= 0.031" or "< 0.001", to follow the letter p."""
        if not np.isfinite(self.value):
            return "= –"
        least = 10**-self.digits
        if self.value < least:
            return "< " + Number(least, self.digits).text(language)
        return "= " + Number(self.value, self.digits).text(language)


@dataclass(frozen=True, slots=True)
class Names:
    """Several names as a list with the language's "and"; one longer than ``most`` is cut and says how many follow."""

    names: tuple[str | Worded, ...]
    most: int | None = 5

    def text(self, language: Language | None = None) -> str:
        """Return "a, b and c"; for none, the language's word for none."""
        language = language or current_language()
        shown = [word(name if hasattr(name, "text") else str(name), language) for name in self.names[: self.most]]
        rest = len(self.names) - len(shown)
        if rest:
            shown.append(say_n("{count} other", "{count} others", rest).text(language))
        if not shown:
            return say("none").text(language)
        return format_list(shown, locale="en_GB" if language == "en" else language)


# What may stand after a name in a template, and as the format of a table's column; a count of digits may follow.
NAMED_FORMATS: Mapping[str, Callable[..., Worded]] = {
    "count": lambda value, digits=0: Number(value, digits),  # 1,200
    "number": Number,  # 4.31
    "signed": signed,  # +0.31
    "percent": Percent,  # 14.2%, of 0.142
    "points": Points,  # +14.2, of 0.142
    "hundredths": lambda value, digits=1: Number(100 * value, digits),  # 14.2, of 0.142
    "p": PValue,  # = 0.031 or < 0.001
    "list": lambda names, most=5: Names(tuple(names), most),  # a, b and c; of more than five the first ones
    "all": lambda names, most=None: Names(tuple(names), most),  # a, b, c, d, e and f
}


def in_format(value: Any, how: str) -> Worded:
    """Make a quantity, an interval or a list of at most so many names, as a format says, such as ``percent:0``."""
    if isinstance(value, Between):
        return Between(in_format(value.low, how), in_format(value.high, how))
    kind, _, digits = how.partition(":")
    return NAMED_FORMATS[kind](value, *([int(digits)] if digits else []))
