"""What words say of the ends of a scale: "(1 = sehr gut, 6 = ungenügend)", "very satisfied (1) to … (6)", grades."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tpm_widgets.study.cells.conventions import says_none
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column, words_like

GRADES: Scale = (1.0, 6.0)
GERMAN_GRADES = words_like(r"(?:schul|gesamt|einzel)?noten?\b|benotung\b|zensur(?:en)?\b")
ENGLISH_GRADES = words_like(r"(?:school )?grades?\b|school marks?\b")
MIDDLE = re.compile(
    r"\b(?:teils|weder|neither|neutral|undecided|unentschieden|average|mixed|vielleicht|maybe|mittel\w*)", re.IGNORECASE
)
BAD = re.compile(
    r"\b(?:nicht|kein\w*|not|no|nein|never|nie|niemals|selten|rarely|hardly|kaum|weniger|less|lehne\w*|ablehn\w*"
    r"|un(?:zufr|wahrsch|gen(?:ü|ue)g|wichtig|freundl|lik|satisf|happy|important|helpful|friendly|accept)\w*"
    r"|dis(?:sat|agr|pleas|appoint)\w*|mangelhaft\w*|(?:sehr )?schlecht\w*|miserab\w*|katastroph\w*|furchtbar\w*"
    r"|schwierig\w*|difficult|hard|schwer|entt(?:ä|ae)usch\w*|ver(?:ä|ae)rgert|bad|poor|low|gering\w*|niedrig\w*|worse"
    r"|worst|terrible|awful|horribl\w*|insufficient|inadequate|fail\w*|angry|frustrat\w*|below|verfehlt\w*)\b",
    re.IGNORECASE,
)
GOOD = re.compile(
    r"\b(?:gut\w{0,2}|zufrieden\w*|beste\w?|besser|einverstanden|hervorragend\w*|ausgezeichnet\w*|exzellent\w*|perfe[ck]t\w*"
    r"|stimme\w?|stimmt|zustimm\w*|trifft|voll\w*|ja|yes|bestimmt|sicher\w*|wahrscheinlich\w*|auf jeden fall|immer|oft"
    r"|h(?:ä|ae)ufig|einfach|leicht|freundlich|wichtig|hoch|hohe\w?|(?:ü|ue)bertroffen|begeister\w*|satisf\w+|good|best|better|excellent"
    r"|outstanding|agree\w*|appl(?:y|ies)|likely|definitely|certainly|probably|surely|always|often|easy|happy|pleased"
    r"|delight\w*|friendly|helpful|important|high|exceed\w*|great|super|top|a lot)\b",
    re.IGNORECASE,
)
EFFORT = re.compile(r"\b(?:effort|aufwand|m(?:ü|ue)he)\b", re.IGNORECASE)
NUMBER = r"(?<![\w.,])(?P<number>\d{1,3})(?![\d]|[.,]\d)"
SIGN = r"\s*(?:[=:(–—-]|is|ist|means|bedeutet|heißt)?\s*[„“\"'»«]?\s*"
MEANT = r"(?P<words>[^\d,;:=()\[\]|/…–—„“\"»«.]{2,60}?)"
NUMBER_FIRST = re.compile(
    rf"{NUMBER}{SIGN}{MEANT}\s*(?=$|[\d,;:()\[\]|/…–—„“\"»«.-]|\b(?:to|bis|und|and)\b)", re.IGNORECASE
)
CODED = re.compile(r"(?<![\w.,])(\d{1,3})\s*[=:]\s*")
SIGNED = re.compile(
    NUMBER_FIRST.pattern.replace(SIGN, r"\s*(?:[=:]|means|bedeutet|heißt)\s*[„“\"'»«]?\s*"), re.IGNORECASE
)
WORD_FIRST = re.compile(
    rf"(?:^|[\d,;:()\[\]|/…–—„“\"»«.-]|\b(?:to|bis|und|and|from|von)\b)\s*{MEANT}\s*[„“\"'»«]?\s*[=:(\[–—-]+\s*{NUMBER}",
    re.IGNORECASE,
)


def goodness(words: str) -> int | None:
    """Return 1 where words name a good answer, -1 for a bad one, 0 for one between; None where they do not say.

    >>> goodness("sehr zufrieden"), goodness("nein, bestimmt nicht"), goodness("neither agree nor disagree")
    (1, -1, 0)
    """
    if MIDDLE.search(words):
        return 0
    found = -1 if BAD.search(words) else 1 if GOOD.search(words) else None
    return -found if found and EFFORT.search(words) else found


def ends_in(words: str) -> tuple[float, float] | None:
    """Return the numbers of the worst and of the best answer, where words name both."""
    first, second = _ends(NUMBER_FIRST, words), _ends(WORD_FIRST, words)
    for found in first, second, second | first:
        good, bad = ({number for number, best in found.items() if best == kind} for kind in (1, -1))
        if good and bad and min(abs(one - other) for one in good for other in bad) > 1:
            if max(good) < min(bad):
                return max(bad), min(good)
            if min(good) > max(bad):
                return min(bad), max(good)
    return None


def _ends(pattern: re.Pattern[str], words: str) -> dict[float, int]:
    told = ((float(one["number"]), one["words"]) for one in pattern.finditer(words))
    return {number: found for number, meant in told if not says_none(meant) and (found := goodness(meant))}


def legend_of(words: str) -> dict[float, str]:
    """Return what the words over a column say of single numbers: "(1 = very good)"."""
    return {float(one["number"]): one["words"] for one in SIGNED.finditer(words) if not says_none(one["words"])}


def named_codes(words: str) -> dict[float, str]:
    """Return what the words over a column call its codes, where there are several: "Gender (1 = male, 2 = female)".

    >>> named_codes("Age: 1 = up to 29, 2 = 30-49; 3 = 50+"), named_codes("Waiting (1 = good)")
    ({1.0: 'up to 29', 2.0: '30-49', 3.0: '50+'}, {})
    """
    signs = [*CODED.finditer(words)]
    if len(signs) < 2:
        return {}
    ends = [*(sign.start() for sign in signs[1:]), len(words)]
    told = {float(sign[1]): words[sign.end() : end] for sign, end in zip(signs, ends, strict=True)}
    told = {code: re.split(r"[)\]|?]", text)[0].strip(" ,;/&·–—-\"'„“”") for code, text in told.items()}
    return told if len(told) == len(signs) and all(told.values()) else {}


def codes_over_column(column: Column) -> dict[float, str]:
    """Return what the words over a column call its codes."""
    return named_codes(column.name) or named_codes(column.question)


def before_codes(words: str) -> str:
    """Return the words that stand before those of codes: "Gender (1 = male, 2 = female)" is "Gender"."""
    first = CODED.search(words)
    return words[: first.start()].strip(" ,;:([|–—-") if first else words


def best_is(numbers: Mapping[float, str]) -> float | None:
    """Return the end of a scale that is the good one, by the words of its numbers; None where they do not tell."""
    told = {number: found for number, words in numbers.items() if (found := goodness(words)) is not None}
    good, bad = ([number for number, found in told.items() if found == kind] for kind in (1, -1))
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if good and bad:
        return high if min(good) > max(bad) else low if max(good) < min(bad) else None
    if not (low in told and high in told) and len(numbers) > 1:  # of the ends one is told of
        ends = {end: told[end] for end in (low, high) if told.get(end)}
        for end, found in ends.items():
            return end if found == 1 else low + high - end
    return None


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
