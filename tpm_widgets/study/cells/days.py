"""Cells → days, in whatever manner they are written; what could be two days is told apart from what is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.converting import as_texts, is_missing
from tpm_widgets.study.cells.months import is_weekday, month_number

DATE_TYPE: Literal["datetime64[us]"] = "datetime64[us]"
Counted = Literal["", "excel", "seconds", "milliseconds"]

NUMBERS = re.compile(
    r"(?P<y>\d{4})[-/. ] ?(?P<m>\d{1,2})[-/. ] ?(?P<d>\d{1,2})\.?"
    r"|(?P<y8>\d{4})(?P<m8>\d{2})(?P<d8>\d{2})(?:[T ]?\d{4}(?:\d{2})?Z?)?"
    r"|(?P<first>\d{1,2})(?P<sign>[./-]| (?=\d{1,2} \d{4})) ?(?P<second>\d{1,2})[./ -] ?(?P<year>\d{4}|\d{2})"
    r"|(?P<yc>\d{4}) ?[年년] ?(?P<mc>\d{1,2}) ?[月월] ?(?P<dc>\d{1,2}) ?[日일]"
)
GAP = r"[\s\-/.]*"
WORD = r"(?P<month>[^\W\d_]+)\.?"
NAMED = (
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?{GAP}(?:of |de )?{WORD},?"
        rf"{GAP}(?:de |del )?'?(?P<year>\d{{4}}|\d\d)"
    ),
    re.compile(rf"{WORD}{GAP}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[\s\-/.]+'?(?P<year>\d{{4}}|\d\d)"),
    re.compile(rf"(?P<year>\d{{4}}){GAP}{WORD}{GAP}(?P<day>\d{{1,2}})"),
    re.compile(rf"{WORD} (?P<day>\d{{1,2}}) \d{{1,2}}:\d\d(?::\d\d)?(?: \S+)? (?P<year>\d{{4}})"),  # as C writes it
)  # fmt: skip
WEEKDAY = re.compile(r"([^\W\d_]+)\.?,? (.*)")
ARTICLE = re.compile(r"^(?:den|the|le|el) | г\.?$")  # and the "year" of Russian days
TIME = (
    r"(?i)(?:[T ,]| [-–/|] |(?<=[a-z]\d{4}):)+(?:(?:um|at|à|kl\.?) )?\d{1,2}"
    r"(?::\d.*|h\d\d.*|\.\d\d(?:\.\d\d(?:\.\d+)?)?(?: uhr| ?[ap]\.?m\.?)?| ?(?:uhr|[ap]\.?m\.?))$"
)
TIME_FIRST = r"(?i)^\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?| uhr)?,? (?=.*\d)"
YEAR_LAST = r":\d\d(?: \S+)? \d{4}$"  # the time stands before the year
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
FIRST_DAY = np.datetime64("1899-12-30", "D")  # day 0 of Excel's 1900 system, as it counts after February 1900
SURE = (36526, 55153)  # 2000 to 2050: no other numbers of days look like these
POSSIBLE = (14611, 73050)  # 1940 to 2099
MOMENTS = {"seconds": (10, 1), "milliseconds": (13, 1000)}  # digits, and how many make a second
FROM_2000_TO_2050 = (946_684_800, 2_524_608_000)
MOST_DAYS, MOST_MONTHS = 31, 12
FIRST_YEAR, LAST_YEAR = 1900, 2199  # of days that somebody means; 9999-12-31 says "open" in many systems
NEAR = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR}-12-31")
FEW_YEARS = 5
ENOUGH = 0.9  # of the values of a column that have to be such numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that were ``found``, without time, and where cells are neither empty nor a day.

    ``bad`` is no day; ``unclear`` is one of two days, as 3/4/2024 is; ``far`` is one of a year that nobody means;
    ``counted`` says whether the column holds the day numbers of Excel or seconds (milliseconds) since 1970.
    """

    found: pd.Series
    bad: np.ndarray
    unclear: np.ndarray
    far: np.ndarray
    counted: Counted = ""


def as_dates(cells: pd.Series, day_first: bool | None = None) -> tuple[pd.Series, np.ndarray]:
    """Return days and where a cell is none, or one of two; a day of a year that nobody means is missing."""
    days = read_days(cells, day_first)
    return days.found, days.bad | days.unclear


def read_days(cells: pd.Series, day_first: bool | None = None, *, dots: bool = True) -> Days:
    """Read a column of days.

    Parameters
    ----------
    cells : pandas.Series
        Days as such, or texts and numbers: 2024-03-31, 20240331, 24/03/31, 31.03.2024, 31/03/2024 or 03/31/2024,
        26 Jan 2024, January 26, 2024, each with any time of day behind it, which does not count; or a column of
        Excel's day numbers, or of seconds since 1970.
    day_first : bool or None
        Whether 03/04/2024 is the 3rd of April; None where that is not known.
    dots : bool
        With dots the day stands first, whatever ``day_first`` says.
    """
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        cells = cells.dt.tz_localize(None)
    if pd.api.types.is_datetime64_dtype(cells.dtype):
        nowhere = np.zeros(len(cells), dtype=bool)
        found, far = _near(cells.to_numpy().astype("datetime64[D]"))
        return Days(found=found, bad=nowhere, unclear=nowhere, far=far)
    codes, uniques = pd.factorize(cells)
    texts = as_texts(pd.Series(uniques)).fillna("").astype("str")
    places, parts = pd.factorize(_without_time(texts))
    year_first = _year_stands_first(parts)
    written = [_iso(part, day_first, dots, year_first) for part in parts]
    counted = _how_counted([part for part, text in zip(parts, written, strict=True) if text])
    if counted:
        written = [
            text if text != "?" else _counted_day(part, counted) for part, text in zip(parts, written, strict=True)
        ]
    days = pd.to_datetime(pd.Series(written, dtype="str"), format="%Y-%m-%d", errors="coerce").astype(DATE_TYPE)
    unclear = np.array([text == "~" for text in written], dtype=bool)
    bad = np.array([bool(text) for text in written], dtype=bool) & days.isna().to_numpy() & ~unclear
    whole = np.append(places, len(parts))[codes]  # code -1, an empty cell, takes the last
    found, far = _near(np.append(days.to_numpy(), np.datetime64("NaT", "us"))[whole])
    return Days(
        found=found,
        bad=np.append(bad, False)[whole],
        unclear=np.append(unclear, False)[whole],
        far=far,
        counted=counted,
    )


def _near(days: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    """Return days without those of years that nobody means, and where these stood."""
    far = (days < NEAR[0]) | (days > NEAR[1])  # a missing day is neither
    return pd.Series(np.where(far, np.datetime64("NaT"), days), dtype=DATE_TYPE), far


def read_day(text: str) -> str:
    """Return one text as 2024-03-31, whatever the time behind it; "" where it is empty, "?" no day, "~" one of two."""
    whole = re.search(YEAR_LAST, text) is not None
    return _iso(text if whole else re.sub(TIME_FIRST, "", re.sub(TIME, "", text)), None, True)


def _without_time(texts: pd.Series) -> pd.Series:
    """Take the time of day off, so that few different texts are left to read."""
    whole = texts.str.contains(YEAR_LAST, regex=True)
    days = texts.str.replace(TIME, "", regex=True).str.replace(TIME_FIRST, "", regex=True)
    return texts.where(whole, days)


def _year_stands_first(parts: Iterable[str]) -> bool:
    """Tell 24/03/31 from 31/03/24, in a whole column: days are many, and years are few and follow each other."""
    found = [part for part in map(NUMBERS.fullmatch, parts) if part and part["first"]]
    if not found or any(len(part["first"]) != 2 or len(part["year"]) != 2 for part in found):
        return False
    firsts, lasts = ({int(part[name]) for part in found} for name in ("first", "year"))
    if max(lasts) > MOST_DAYS or any(int(part["second"]) > MOST_MONTHS for part in found):
        return False
    if max(firsts) > MOST_DAYS:
        return len(firsts) <= len(lasts)
    if any(part["sign"] == "." for part in found) or not _run_on(firsts) or 2 * len(firsts) >= len(lasts):
        return False
    return len(lasts) > FEW_YEARS or not _run_on(lasts)  # one day of each of some years looks like this, too


def _run_on(numbers: set[int]) -> bool:
    return len(numbers) == max(numbers) - min(numbers) + 1


def _iso(text: str, day_first: bool | None, dots: bool, year_first: bool = False) -> str:
    """One text as 2024-03-31; "" where it is empty, "?" where it is no day, "~" where it is one of two."""
    text = " ".join(text.split())
    if is_missing(text):
        return ""
    found = NUMBERS.fullmatch(text)
    if found is None and (named := _named_day(text)) != "?":
        return named
    weekday = WEEKDAY.fullmatch(text)  # only now, for "mar" is March, and Tuesday in three languages
    if found is None and weekday and is_weekday(weekday[1]):
        text = weekday[2]
        found = NUMBERS.fullmatch(text)
    if found is None:
        return _named_day(text)
    part = found.groupdict()
    for year in ("y", "y8", "yc"):
        if part[year]:
            end = year[1:]
            return _written(part[year], int(part[f"m{end}"]), int(part[f"d{end}"]))
    first, second = int(part["first"]), int(part["second"])
    if year_first:
        return _written(part["first"], second, int(part["year"]))
    if part["sign"] == "." and dots:
        day_first = True
    if day_first is None and first <= 12 and second <= 12 and first != second:
        return "~"
    if day_first or (day_first is None and first > 12):
        first, second = second, first
    return _written(part["year"], first, second)


def _written(year: str, month: int, day: int) -> str:
    if len(year) == 2:
        year = f"{'19' if int(year) > 68 else '20'}{year}"  # as POSIX reads two digits
    return f"{year}-{month:02}-{day:02}"


def _named_day(text: str) -> str:
    """Read a day whose month is a word."""
    text = ARTICLE.sub("", text.casefold())
    for form in NAMED:
        found = form.fullmatch(text)
        if found and (month := month_number(found["month"])):
            return _written(found["year"], month, int(found["day"]))
    return "?"


def _how_counted(parts: list[str]) -> Counted:
    """Tell whether a column's texts, of which none is empty, are numbers that count days or seconds."""
    if not parts:
        return ""
    serials = [int(part[:5]) for part in parts if SERIAL.fullmatch(part)]
    if len(serials) >= ENOUGH * len(parts) and (
        all(SURE[0] <= day <= SURE[1] for day in serials)
        or (
            all(POSSIBLE[0] <= day <= POSSIBLE[1] for day in serials)
            and not all(1 <= day % 1000 <= 366 for day in serials)  # else a year and its day, as in 24090
        )
    ):
        return "excel"
    for unit, (digits, per_second) in MOMENTS.items():
        moments = [int(part) / per_second for part in parts if part.isdecimal() and len(part) == digits]
        if len(moments) >= ENOUGH * len(parts) and all(_in_our_time(moment) for moment in moments):
            return unit  # type: ignore[return-value]  # a key of MOMENTS
    return ""


def _in_our_time(moment: float) -> bool:
    return FROM_2000_TO_2050[0] <= moment <= FROM_2000_TO_2050[1]


def _counted_day(part: str, counted: Counted) -> str:
    if counted == "excel":
        return str(FIRST_DAY + int(part[:5])) if SERIAL.fullmatch(part) else "?"
    digits, per_second = MOMENTS[counted]
    if not (part.isdecimal() and len(part) == digits):
        return "?"
    return str(np.datetime64(int(part) // per_second, "s").astype("datetime64[D]"))


def day_stands_first(columns: Iterable[pd.Series]) -> bool | None:
    """Tell 31/03/2024 from 03/31/2024 by the cells in which only one order can be; None where both orders can."""
    votes: Mapping[bool, int] = _votes(columns)
    if min(votes.values()) > 0.1 * max(votes.values()) or not any(votes.values()):
        return None
    return votes[True] > votes[False]


def _votes(columns: Iterable[pd.Series]) -> dict[bool, int]:
    votes = {True: 0, False: 0}
    for column in columns:
        if not (pd.api.types.is_string_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype)):
            continue
        texts = as_texts(pd.Series(pd.unique(column.dropna()))).dropna()
        parts = pd.unique(_without_time(texts))
        for part in () if _year_stands_first(parts) else parts:
            found = NUMBERS.fullmatch(part)
            if found and found["first"] and found["sign"] != ".":
                votes[True] += int(found["first"]) > 12 >= int(found["second"])
                votes[False] += int(found["second"]) > 12 >= int(found["first"])
    return votes
