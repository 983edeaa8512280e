"""Cells that may be shown where they are faulty: what is short and harmless. All else may be a person."""

from __future__ import annotations

import re

from tpm_widgets.study.cells.conventions import is_usual
from tpm_widgets.study.cells.converting import is_missing
from tpm_widgets.study.cells.months import is_weekday, month_number

MASK = "•••"
MANY = 3  # cells with one word: no person's name stands so often where a number should be
NUMBERED = re.compile(r"^\d{1,2}\W+|\W+\d{1,2}\W?$")  # as in "Don't know (6)"
NUMBER = re.compile(
    r"[-+−]?(?:\d{1,6}|(?:0|[1-9]\d{0,5})?[.,]\d{1,17}|\d{1,3}(?:[.,' ]\d{3}){1,2}(?:[.,]\d\d?)?"
    r"|\d(?:\.\d+)?e[-+]?\d{1,4})[%°]?",
    re.IGNORECASE,
)
DAY = re.compile(r"(?:\d{4}|\d{1,2})([-./])\d{1,2}\1(?:\d{4}|\d{1,2})(?:[T ,]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?")
FORMULA = re.compile(r"#[A-Z0-9/!?]{2,9}|=[A-Z0-9$:;+*/().,<> -]{1,38}")
WORD = re.compile(r"[^\W\d_A-ZÄÖÜ]{1,12}(?:-[^\W\d_A-ZÄÖÜ]{1,8})?")
FEW = re.compile(r"(?![A-ZÄÖÜ][a-zäöüß]{2})\W{0,2}(?:[^\W_]\W?){1,3}\W{0,2}")  # a sign or two, such as 4*, A3, n.v.
SET_OFF = re.compile(r"[(\[]\d{1,2}[)\]]|^\d{1,2}\W|[-–—:=]\s*\d{1,2}$")
PERSONAL = re.compile(r"@|(?:\d[\s./()-]{0,2}){7}|\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,}")  # mails, phones, accounts
CAPITALS = re.compile(r"(?:[A-ZÄÖÜ][^\W\d_]+[.,]?[ -]?){2,}")


def is_harmless(text: str, count: int = 1) -> bool:
    """Tell whether a text can name nobody: a number, a day, a usual word, or what stands in many cells.

    >>> [is_harmless(text) for text in ("12", "2024-02-30", "often", "#DIV/0!", "very good")]
    [True, True, True, True, True]
    >>> [is_harmless(text) for text in ("Maria Muster", "maria@example.org", "0170 1234567", "K-104711")]
    [False, False, False, False]
    """
    text = " ".join(text.split())
    if any(form.fullmatch(text) for form in (NUMBER, DAY, FORMULA)):
        return True
    if PERSONAL.search(text):
        return False
    if is_missing(text) or is_usual(NUMBERED.sub("", text)):
        return True
    if month_number(text) or is_weekday(text) or WORD.fullmatch(text) or FEW.fullmatch(text):
        return True
    return count >= MANY and not CAPITALS.fullmatch(text)


def may_be_a_label(text: str) -> bool:
    """Tell whether a text with a number in it reads like the label of an answer, and not like a name."""
    set_off = SET_OFF.search(text) is not None
    return is_harmless(NUMBERED.sub("", text.strip()), MANY) if set_off else is_harmless(text)


def tells_of_persons(text: str) -> bool:
    """Tell whether a text holds a mail address, a phone number or an account, whatever else it says."""
    return PERSONAL.search(text) is not None
