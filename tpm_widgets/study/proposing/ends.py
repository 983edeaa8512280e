"""What words say of the ends of a scale: "(1 = sehr gut, 6 = ungenügend)", "very satisfied (1) to … (6)", grades."""

from __future__ import annotations

import re

from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column, words_like

GRADES: Scale = (1.0, 6.0)
GERMAN_GRADES = words_like(r"(?:schul|gesamt|einzel)?noten?\b|benotung\b|zensur(?:en)?\b")
ENGLISH_GRADES = words_like(r"(?:school )?grades?\b|school marks?\b")
BAD = (
    r"(?:(?:sehr|völlig|voellig|äußerst|absolut|ganz|eher|am) )?(?:ungen(?:ü|ue)gend|mangelhaft|schlecht\w*"
    r"|unzufrieden|miserabel|katastroph\w+|furchtbar)|(?:gar|überhaupt|ueberhaupt) nicht|nicht zufrieden"
    r"|(?:stimme|trifft) (?:gar |überhaupt |ueberhaupt )?nicht|lehne"
    r"|(?:(?:very|extremely|completely|totally|most) )?(?:un|dis)satisf\w+|(?:very |extremely )?(?:bad|poor|low)\b"
    r"|worst|terrible|awful|insufficient|inadequate|fail\w*|not (?:at all|satisfied|good)"
    r"|(?:(?:strongly|fully|completely|totally) )?disagree"
)
GOOD = (
    r"(?:(?:sehr|völlig|voellig|äußerst|absolut|vollkommen|ganz|eher|rundum|super|am) )?(?:gut\b|zufrieden|beste?n?\b"
    r"|einverstanden)|hervorragend|ausgezeichnet|exzellent|perfekt|(?:stimme|trifft) (?:voll|ganz|zu)|voll"
    r"|(?:(?:very|extremely|completely|fully|totally|most) )?(?:satisfied|good\b)|(?:the )?best\b|excellent"
    r"|outstanding|perfect|(?:(?:strongly|fully|completely|totally) )?agree"
)
NUMBER = r"(?<![\w.,])(?P<number>\d{1,3})(?![\d]|[.,]\d)"
SIGN = r"\s*(?:[=:(–—-]|is|ist|means|bedeutet|heißt)?\s*[„“\"'»«]?\s*"
WORD = rf"(?:(?P<bad>{BAD})|(?P<good>{GOOD}))"
NUMBER_FIRST = re.compile(rf"{NUMBER}{SIGN}{WORD}", re.IGNORECASE)
WORD_FIRST = re.compile(rf"(?<!\w){WORD}\s*[„“\"'»«]?\s*[=:(\[–—-]*\s*{NUMBER}", re.IGNORECASE)


def ends_in(words: str) -> tuple[float, float] | None:
    """Return the numbers of the worst and of the best answer, where words name both."""
    first, second = _ends(NUMBER_FIRST, words), _ends(WORD_FIRST, words)
    for found in first, second, second | first:
        good, bad = ({number for number, best in found.items() if best is kind} for kind in (True, False))
        if good and bad and (max(good) < min(bad) or min(good) > max(bad)):
            return (max(bad), min(good)) if max(good) < min(bad) else (min(bad), max(good))
    return None


def _ends(pattern: re.Pattern[str], words: str) -> dict[float, bool]:
    return {float(one["number"]): one["good"] is not None for one in pattern.finditer(words)}


def ends_of(column: Column) -> tuple[float, float] | None:
    """Return the numbers of the worst and of the best answer that the words over a column name."""
    return ends_in(f"{column.name} {column.question}")


def is_graded(column: Column) -> bool:
    """Whether the words are of grades, and the answers can be: from 1 to 6, with a 6 where only English says so."""
    values = list(column.values())
    if not values or not GRADES[0] <= min(values) <= max(values) <= GRADES[1] or column.words or column.value_labels:
        return False
    if GERMAN_GRADES.search(column.spoken):
        return True
    return ENGLISH_GRADES.search(column.spoken) is not None and max(values) == GRADES[1]
