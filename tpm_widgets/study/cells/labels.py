"""Labels that hold one number → that number: "Certainly - 10", "Agree (6)", "4 of 5", "★★★★", and answer codes A1 … A5.

Where two numbers could be meant, or the number is part of a word, of a quantity or of a range, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tpm_widgets.study.cells.conventions import says_none
from tpm_widgets.study.model import Scale

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
UNIT = r"(?:[★⭐]\ufe0f?|stars?|stern(?:en?)?|points?|punkt(?:en?)?|pts?\b\.?)"
OF_END = re.compile(rf"\s*{UNIT}?\s*(?:/|of|out of|von|aus|sur|de|di)\s*", re.IGNORECASE)  # 4 of 5
OWN_UNIT = re.compile(rf"\s*-?\s*{UNIT}(?!\w)", re.IGNORECASE)
FULL, EMPTY = "★⭐🌟✭✮*", "☆✩"
STARS = re.compile(rf"[{re.escape(FULL)}]*[{EMPTY}]*")
BOUNDS = re.compile(r"[<>≤≥~≈±+%€$£]")
BEFORE_BOUND = re.compile(
    r"\b(?:than|over|under|above|below|about|at least|at most|up to|als|über|unter|ab|bis|bis zu|mindestens|höchstens"
    r"|max|maximal|min|ca|circa|etwa|since|seit|before|after|vor|nach|until|between|from|question|frage|item|option|wave|welle"
    r"|version|phase)"
    r"\.?\s*$",
    re.IGNORECASE,
)
AFTER_BOUND = re.compile(
    r"\s*(?:(?:or|and|oder|und|bzw\.?)\s+(?:more|less|fewer|over|under|above|below|older|younger|up|mehr|weniger|älter"
    r"|jünger|darüber|darunter)|(?:times?|mal|years?|months?|weeks?|days?|hours?|minutes?|mins?|seconds?|jahren?|jahre?"
    r"|monat(?:en?)?|wochen?|tag(?:en?)?|stunden?|minuten?|sekunden?|uhr|am|pm|euros?|eur|usd|percent|prozent)\b)",
    re.IGNORECASE,
)
OPENING, CLOSING, DASHES = "([", ")]", "-–—"
SET_OFF = ":=|" + DASHES
ANSWER_CODE = re.compile(r"(A|AO|L)(\d{1,3})(?:\s*[-–—:.)=]\s*\S.*|\s+\S.*)?", re.DOTALL)
MOST_TEXTS = 10  # different texts without a number in a column that still holds answers


def labelled_numbers(
    labels: Sequence[str], scale: Scale, decimal: str = ".", codes: Sequence[float] = ()
) -> dict[str, float]:
    """Return the number of each label of a column from which it can be told; ``codes`` are numbers that are no answers.

    A label that says that there is no answer ("don't know (6)") has no number, unless that is one of the codes.
    """
    if coded := _answer_codes(labels):
        return coded
    found = {}
    for label in labels:
        number = one_number(label, scale, decimal)
        if number is not None and (number in codes or not says_none(label)):
            found[label] = number
    return {} if len(labels) - len(found) > max(len(found), MOST_TEXTS) else found


def _answer_codes(labels: Sequence[str]) -> dict[str, float]:
    """Read A1 … A5, with or without words behind, where the whole column is such codes."""
    matches = [ANSWER_CODE.fullmatch(label.strip()) for label in labels]
    found = {label: match for label, match in zip(labels, matches, strict=True) if match}
    if len(found) < len(labels) or len({match[1] for match in found.values()}) != 1:
        return {}
    return {label: float(match[2]) for label, match in found.items()}


def one_number(label: str, scale: Scale, decimal: str = ".") -> float | None:
    """Return the one number that a label gives as its answer; None where that cannot be told."""
    text = " ".join(label.replace("−", "-").split())
    if text and STARS.fullmatch(text.replace(" ", "").replace("\ufe0f", "")):
        return _stars(text, scale)
    numbers = list(NUMBER.finditer(text))
    if not numbers or BOUNDS.search(text):
        return None
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 2 and OF_END.fullmatch(text[first.end() : last.start()]):
        if _plain(last[0], decimal) != scale[1]:
            return None
    elif len(numbers) != 1:
        return None
    before, after = text[: first.start()], text[last.end() :]
    negative = before in ("-", "(-", "[-") or before.endswith((" (-", " [-"))
    if negative:
        before = before[:-1]
    elif before.endswith("-") and scale[0] < 0 and not before.endswith("- "):
        return None  # "Good -3": a dash or a sign
    number = _plain(first[0], decimal)
    if number is None or not _stands_alone(before, OWN_UNIT.sub("", after, count=1)):
        return None
    return -number if negative else number


def common_end(labels: Sequence[str]) -> float | None:
    """Return the end that all labels of the form "4 of 7" name; None where one has another form or another end."""
    ends = set()
    for label in labels:
        numbers = list(NUMBER.finditer(label))
        if len(numbers) != 2 or not OF_END.fullmatch(label[numbers[0].end() : numbers[1].start()]):
            return None
        ends.add(_plain(numbers[1][0], "."))
    return ends.pop() if len(ends) == 1 else None


def _stars(text: str, scale: Scale) -> float | None:
    full, empty = (sum(text.count(sign) for sign in signs) for signs in (FULL, EMPTY))
    whole = full + empty == scale[1] if empty else full <= scale[1]
    return float(full) if whole and full >= scale[0] else None


def _plain(number: str, decimal: str) -> float | None:
    """Return a number with at most one decimal sign; "1,2" is a list where decimals are written 1.2."""
    signs = [sign for sign in number if sign in ".,"]
    if len(signs) > 1 or (signs and signs[0] != decimal):
        return None
    return float(number.replace(",", "."))


def _stands_alone(before: str, after: str) -> bool:
    """Whether a number is set off from the words around it, or stands first or last and is no part of a quantity."""
    left, right = before.rstrip(), after.lstrip()
    if left[-1:] in OPENING and right[:1] in CLOSING and left and right:
        return True
    if before[-1:] not in (*"\"'“„([:=|,;", "", " ", *DASHES) or (before[-1:] in DASHES and before[-2:-1].strip()):
        return False
    if after[:1] not in (*"\"'”“)]:=|,;.!", "", " ", *DASHES):
        return False
    ends = not right.strip(" .!\"'”“")
    if (not left.strip("\"'“„([") and right[:1] in (*SET_OFF, *CLOSING, ".")) or (ends and left[-1:] in (*SET_OFF,)):
        return True
    at_an_end = not left or ends
    return at_an_end and not BEFORE_BOUND.search(before) and not AFTER_BOUND.match(after)
