"""Months, weekdays and seasons as people write them, in the languages that survey tools speak."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from babel import Locale

OFTEN = ("en", "de")
OTHERS = (
    "bg", "ca", "cs", "da", "el", "es", "et", "fi", "fr", "hu", "it", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru",
    "sk", "sl", "sv", "tr", "uk",
)  # fmt: skip
MORE_MONTHS = {"sept": 9, "mrz": 3, "mär": 3, "maerz": 3, "mae": 3, "jänner": 1, "jän": 1, "feber": 2, "juno": 6}


def month_number(word: str) -> int | None:
    """Return 1 to 12 for the name of a month, whole or short, in any language; None where it is none."""
    return _number(word, _months)


def is_weekday(word: str) -> bool:
    """Tell whether a word is a day of the week, whole or short, in any language."""
    return _number(word, _weekdays) is not None


def _number(word: str, names: Callable[[tuple[str, ...]], dict[str, int]]) -> int | None:
    plain = word.casefold().strip(".")
    found = names(OFTEN).get(plain)
    return names(OTHERS).get(plain) if found is None else found


@cache
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    return (MORE_MONTHS if languages == OFTEN else {}) | _unambiguous(
        (name, number)
        for language in languages
        for forms in Locale(language).months.values()
        for names in forms.values()
        for number, name in names.items()
    )


@cache
def _weekdays(languages: tuple[str, ...]) -> dict[str, int]:
    return _unambiguous(
        (name, number)
        for language in languages
        for forms in Locale(language).days.values()
        for names in forms.values()
        for number, name in names.items()
    )


def _unambiguous(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Keep the words of two letters or more that mean one number in all languages."""
    meanings: dict[str, set[int]] = {}
    for name, number in pairs:
        meanings.setdefault(name.casefold().strip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1 and len(name) > 1}
