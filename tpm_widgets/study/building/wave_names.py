"""The time that a wave's name tells: a year, with its half, season, quarter, month, week or day; or a number alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from tpm_widgets.study.cells.days import read_day
from tpm_widgets.study.cells.months import month_number

Kind = Literal["year", "half", "season", "quarter", "month", "week", "number", "day"]

YEAR = r"(?:fy|gj)? ?'?(?P<year>(?:19|20)\d\d|\d\d)(?: ?[/–-] ?(?:20)?\d\d)?"  # 2023/24 begins in 2023
SEP = r"[\s/\-–._,|:]*"  # between a part and its year
APART = r": | [-–] | bis | to | until |, "  # between a name and its time, or two times
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
SEASONS = {
    **dict.fromkeys(("spring", "frühling", "frühjahr", "fj", "ss", "sose"), 4),
    **dict.fromkeys(("summer", "sommer"), 7),
    **dict.fromkeys(("autumn", "fall", "herbst"), 10),
    **dict.fromkeys(("winter", "ws", "wise"), 12),  # the winter that begins in the year
}


def _part(words: str, digits: str) -> str:
    """Return a pattern for a number behind or before its word: "Q1" and "1. Quartal"."""
    return rf"(?:{words}) ?(?P<number>{digits})|(?P<number2>{digits})(?:\.|st|nd|rd|th)? ?(?:{words})"


COUNTED = "wave|welle|round|runde|phase|w|t"  # words for waves and for nothing else
PARTS: tuple[tuple[Kind, str], ...] = (
    ("quarter", _part("q|qu|quarter|quartal|trimestre", "[1-4]")),
    ("half", _part("h|hj|half|halbjahr|half[ -]year", "[12]")),
    ("week", _part("kw|cw|week|woche", r"\d{1,2}")),
    ("season", rf"(?P<word>{'|'.join(SEASONS)})"),
    ("quarter", r"(?P<word>i|ii|iii|iv)(?:\.? ?(?:quartal|quarter))?"),
    ("month", r"m ?(?P<number>\d{1,2})|(?P<word>[^\W\d_]{3,})\.?(?: ?[-–/] ?[^\W\d_]{3,}\.?)?"),
    ("number", _part(rf"(?:{COUNTED}|survey|befragung|no\.?|nr\.?|#)?", r"\d{1,4}")),
)
CENTURY = r"(?:19|20)\d\d"
MONTHS = re.compile(
    rf"(?P<y>{CENTURY})[-/._ ](?P<m>\d{{1,2}})|(?P<m2>\d{{1,2}})[-/._ ](?P<y2>{CENTURY})|(?P<y3>{CENTURY})(?P<m3>\d\d)"
)
RECENT = re.compile(r"(?:19[89]\d|20[0-4]\d)(?: ?[/–-] ?(?:20)?\d\d)?")  # a year in which a survey may have been
FIRST_MONTH: dict[str, int] = {"half": 6, "quarter": 3, "month": 1}  # months from one to the next


@dataclass(frozen=True, slots=True)
class Moment:
    """What a name tells: the kind of its part, its year where it has one, and its place within the year."""

    kind: Kind
    year: int | None
    place: float


def names_in_time(names: Sequence[str]) -> list[str] | None:
    """Order names by the years or the numbers in them; None where not all of them tell."""
    moments = _moments(names)
    if moments is None or any(moment.year is None and moment.kind != "number" for moment in moments):
        return None
    return _sorted(names, moments)


def is_period(name: str) -> bool:
    """Tell whether a text names a time as waves do: 2023, Q1/24, March 2024, Okt 23, Wave 2; no single day, no number.

    >>> [is_period(name) for name in ("2023", "11/2023", "Q1/24", "Mai", "2. Welle")]
    [True, True, True, True, True]
    >>> [is_period(name) for name in ("3", "18-29", "0.87", "II", "2024-03-31", "North")]
    [False, False, False, False, False, False]
    """
    words = " ".join(re.sub(r"[()\[\]]", " ", name).casefold().split())
    if not re.search(r"[^\W\d_]", words):
        return RECENT.fullmatch(words) is not None or (not words.isdecimal() and MONTHS.fullmatch(words) is not None)
    if not (re.search(r"\d", words) or month_number(words)):
        return False
    moment = _moment(words)
    if moment is None or moment.kind == "day":
        return False
    counted = re.fullmatch(rf"(?:{COUNTED}) ?\d+|\d+(?:\.|st|nd|rd|th)? ?(?:{COUNTED})", words)
    return moment.year is not None or moment.kind in ("month", "quarter") or counted is not None


def names_counted(names: Sequence[str]) -> list[str] | None:
    """Order names that differ only in the number at their end, as Q2 and Q10."""
    found = [re.fullmatch(r"(.*?)(\d+)\s*", name) for name in names]
    if not all(found) or len({part[1] for part in found if part}) > 1:
        return None
    numbers = {name: part[2].lstrip("0") for name, part in zip(names, found, strict=True) if part}
    return sorted(names, key=lambda name: (len(numbers[name]), numbers[name]))  # int() takes no thousands of digits


def names_in_year(names: Sequence[str]) -> list[str] | None:
    """Order names of quarters, months or the like without a year; as they stand where they run on into the next one."""
    moments = _moments(names)
    if moments is None or len({moment.kind for moment in moments}) > 1:
        return None
    places = [moment.place for moment in moments]
    first = places.index(min(places))
    runs_on = places[first:] + places[:first] == sorted(places)
    return list(names) if runs_on else _sorted(names, moments)


def _sorted(names: Sequence[str], moments: Sequence[Moment]) -> list[str]:
    order = dict(zip(names, moments, strict=True))
    return sorted(names, key=lambda name: (order[name].year or 0, order[name].place))


def _moments(names: Sequence[str]) -> list[Moment] | None:
    """Read every name; None where one tells no time, two the same, or some have a year and others none."""
    words = [re.sub(r"[()\[\]_]", " ", name).casefold().split() for name in names]
    while words and all(words):
        known = [moment for own in words if (moment := _moment(" ".join(own))) is not None]
        places = {(moment.year, moment.place) for moment in known}
        if len(known) == len(places) == len(names) and len({moment.year is None for moment in known}) == 1:
            return known
        if len({own[0] for own in words}) > 1:
            break
        words = [own[1:] for own in words]  # as in "NPS survey Q1 2024"
    return None


def _moment(name: str) -> Moment | None:
    """Read a folded name: as a whole, or else the part of it that tells a year."""
    if found := _whole(name):
        return found
    parts = [_whole(part.strip()) for part in re.split(APART, name)]
    return next((part for part in parts if part is not None and part.year is not None), None)


def _whole(name: str) -> Moment | None:
    if found := MONTHS.fullmatch(name):
        part = found.groupdict()
        end = next(end for end in ("", "2", "3") if part[f"y{end}"])
        if moment := _checked("month", part[f"y{end}"], int(part[f"m{end}"])):
            return moment
    if found := re.fullmatch(YEAR, name):
        whole = len(found["year"]) == 4
        return _checked("year", found["year"], 1) if whole else _checked("number", None, int(found["year"]))
    if re.search(r"\D", name) or len(name) == 8:  # else a number, which could be one of Excel's days
        written = read_day(name)
        if written == "~":
            return None
        day = pd.to_datetime(written, format="%Y-%m-%d", errors="coerce") if written not in ("", "?") else pd.NaT
        if day is not pd.NaT:
            return Moment("day", int(day.year), day.day_of_year / 367)
    for kind, pattern in PARTS:
        for form in (rf"(?:{pattern}){SEP}{YEAR}", rf"{YEAR}{SEP}(?:{pattern})", pattern):
            found = re.fullmatch(form, name)
            if found and (moment := _of(kind, found)):
                return moment
    return None


def _of(kind: Kind, found: re.Match[str]) -> Moment | None:
    part = found.groupdict()
    year = part.get("year")
    number = part.get("number") or part.get("number2")
    if number:
        return _checked(kind, year, int(number))
    word = part.get("word") or ""
    if kind == "season":
        return _checked("month", year, SEASONS[word])
    place = ROMAN.get(word) if kind == "quarter" else month_number(word)
    return None if place is None else _checked(kind, year, place)


def _checked(kind: Kind, year: str | None, place: int) -> Moment | None:
    """Return the moment as a year and a part of it; None where a year has no such month."""
    if kind == "month" and not 1 <= place <= 12:
        return None
    whole = None if year is None else int(year) + (0 if len(year) == 4 else 2000)
    if kind == "number":
        return Moment(kind, whole, place / 10_000)
    share = (place - 1) / 53 if kind == "week" else (place - 1) * FIRST_MONTH.get(kind, 0) / 12
    return Moment(kind, whole, share)
