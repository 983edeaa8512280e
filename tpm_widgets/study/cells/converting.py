"""Cells as people write them → values of one kind; each returns the values and a mask of the cells that are neither
empty nor of that kind. Every file form and every frame takes this path, so that the same answers hash alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

NO_ANSWER = (
    "", "na", "n/a", "n.a.", "n. a.", "#n/a", "#nv", "nan", "<na>", "nat", "null", "(null)", "#null!", ".", "-", "–",
    "—", "--", "k. a.", "k.a.", "k. a", "k.a", "keine angabe", "keine angaben", "ohne angabe", "keine antwort",
    "no answer", "no response", "not answered", "nicht beantwortet", "(leer)", "(blank)", "(empty)",
)  # fmt: skip
NO_VALUE = (  # an answer where it names a group
    "none", "prefer not to say", "prefer not to answer", "rather not say", "möchte ich nicht sagen",
    "möchte ich nicht angeben", "möchte ich nicht beantworten",
)  # fmt: skip
MISSING_WORDS = frozenset((*NO_ANSWER, *NO_VALUE))
TRUE_WORDS = ("true", "wahr", "yes", "ja", "y", "j", "1")
FALSE_WORDS = ("false", "falsch", "no", "nein", "n", "0")
YES_OR_NO = re.compile(
    r"\(?(?:\d+\W{1,4})?(true|wahr|yes|ja|false|falsch|no|nein)"
    r"(?:\W{0,4}\d+\W?|\s*[.!]|(?:\s*[,;:(]|\s[–—-]\s).*)?",
    re.IGNORECASE | re.DOTALL,
)  # "Yes (1)", "2 - Nein", "Ja, schon oft"

SPACES = "\u00a0\u202f '’"  # what groups thousands in French and Swiss files
GROUPED = {
    ".": re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?"),
    ",": re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?"),
}
PLAIN = {
    ".": re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE),
    ",": re.compile(r"[-+]?(\d+,?\d*|,\d+)(e[-+]?\d+)?", re.IGNORECASE),
}
UNCLEAR = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}")  # a thousand, or three decimals
LARGEST = 2.0**63  # from here on no number that somebody counted or wrote on purpose
ENOUGH = 5000  # cells of a column that the decimal sign is told from


def is_missing(text: str, *, group: bool = False) -> bool:
    """Tell whether a text stands for an empty cell; with ``group``, whether it does so where it names a group."""
    plain = " ".join(text.split()).casefold()
    return plain in (NO_ANSWER if group else MISSING_WORDS)


def as_texts(cells: pd.Series) -> pd.Series:
    """Trimmed texts; whole numbers without ".0", dates as 2024-03-31, empty cells missing."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        words = as_texts(pd.Series(cells.cat.categories)).to_numpy(object)
        return _taken(words, cells.cat.codes.to_numpy())
    if pd.api.types.is_integer_dtype(cells.dtype) and not cells.hasnans:
        return cells.astype("str")
    if isinstance(cells.dtype, pd.StringDtype):
        texts = cells.astype("str").str.strip().reset_index(drop=True)
        return texts.mask(texts == "")
    codes, uniques = pd.factorize(cells)
    return _taken(np.array([_text(value) for value in uniques], dtype=object), codes)


def _taken(words: np.ndarray, codes: np.ndarray) -> pd.Series:
    padded = np.array([*words, None], dtype=object)  # code -1, a missing cell, takes the last
    return pd.Series(padded[codes], dtype="str")


def _text(value: Any) -> str | None:
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, (datetime, np.datetime64)):
        return day_text(value)
    try:
        return str(value).strip() or None
    except ValueError:  # a whole number of thousands of digits
        return f"{Decimal(value):.6e}"


def day_text(value: datetime | np.datetime64) -> str:
    """Return a moment as 2024-03-31, and its time where it has one; in years that Python does not know, too."""
    moment = pd.Timestamp(value)
    try:
        return str(moment.date() if moment == moment.normalize() else moment)
    except (NotImplementedError, OverflowError, ValueError):
        return str(moment.to_datetime64().astype("datetime64[D]"))


def are_blank(cells: pd.Series) -> np.ndarray:
    """Where cells are empty, or hold a word that says so."""
    texts = as_texts(cells)
    words = [text for text in texts.dropna().unique() if is_missing(text)]
    return (texts.isna() | texts.isin(words)).to_numpy(bool)


def as_numbers(cells: pd.Series, decimal: str = ".") -> tuple[np.ndarray, np.ndarray]:
    """Floats, NaN where empty or no number; thousands are ungrouped where they are grouped in threes."""
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_complex_dtype(cells.dtype):
        values = cells.to_numpy(float, na_value=np.nan, copy=True)
        bad = np.abs(values) >= LARGEST
    else:
        codes, different = pd.factorize(cells)
        uniques = np.asarray(different, dtype=object)  # one cell of it costs a hundredth of one of strings in Arrow
        quick = _plain_numbers(uniques)
        rest = np.flatnonzero(~(np.abs(quick) < LARGEST) | (decimal == ","))
        failed = np.zeros(len(quick) + 1, dtype=bool)
        for place in rest:
            number = _number(uniques[place], decimal)
            quick[place], failed[place] = (np.nan, True) if number is None else (number, False)
        values, bad = np.append(quick, np.nan)[codes], failed[codes]
    values[bad] = np.nan
    return values, bad


def _plain_numbers(values: Any) -> np.ndarray:
    """Read what pandas knows as numbers; NaN where it does not."""
    try:
        return pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(float, copy=True)
    except OverflowError:  # a whole number of hundreds of digits
        return np.full(len(values), np.nan)


def _number(value: Any, decimal: str) -> float | None:
    """One cell as a number: NaN where it is empty, None where it is no number."""
    if isinstance(value, (int, float, np.number)):
        return float(value) if -LARGEST < value < LARGEST else None
    text = str(value).strip()
    if is_missing(text):
        return np.nan
    text = text.replace("−", "-")
    if any(space in text for space in SPACES):
        if not re.fullmatch(rf"[-+]?\d{{1,3}}([{SPACES}]\d{{3}})+([.,]\d+)?", text):
            return None
        text = re.sub(rf"[{SPACES}]", "", text)
    if GROUPED[decimal].fullmatch(text):
        text = text.replace("," if decimal == "." else ".", "")
    if not PLAIN[decimal].fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    return number if abs(number) < LARGEST else None


def decimal_sign(columns: Iterable[pd.Series], delimiter: str) -> str:
    """Tell whether the numbers of a file are written 7.5 or 7,5.

    Most cells tell: 12,5 and 0,125 and 1.234,5 cannot be anything else. Where there are only cells such as 1,234,
    they are thousands in a file with commas between its cells (somebody quoted them on purpose), and decimals
    elsewhere, because programs do not group thousands.
    """
    shown, doubtful = _signs(columns)
    if not shown and delimiter != ",":
        shown = doubtful
    return "," if shown[","] > shown["."] else "."


def decimal_is_doubtful(columns: Iterable[pd.Series], delimiter: str) -> bool:
    """Tell whether the only signs in a file's numbers stand before three digits: 45.000 may be 45 or 45,000."""
    shown, doubtful = _signs(columns)
    quoted = delimiter == "," and not doubtful["."]
    return bool(doubtful) and not shown and not quoted


def are_doubtful(cells: pd.Series) -> np.ndarray:
    """Where a cell is a number of thousands or one with three decimals."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return np.zeros(len(cells), dtype=bool)
    found = [cell for cell in cells.dropna().unique() if UNCLEAR.fullmatch(re.sub(f"[{SPACES}]", "", str(cell)))]
    return cells.isin(found).to_numpy(bool)


def _signs(columns: Iterable[pd.Series]) -> tuple[Counter[str], Counter[str]]:
    """Count the decimal signs that numbers show, and the signs that may be those of decimals or of thousands."""
    shown: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    for column in columns:
        if not pd.api.types.is_numeric_dtype(column.dtype):
            for cell in np.asarray(column.dropna().head(ENOUGH).unique(), dtype=object):
                if str(cell).isdecimal():
                    continue
                text = re.sub(f"[{SPACES}]", "", str(cell))
                if unclear := UNCLEAR.fullmatch(text):
                    doubtful[unclear[1]] += 1
                elif sign := _sign_in(text):
                    shown[sign] += 1
    return shown, doubtful


def _sign_in(text: str) -> str | None:
    """Return the decimal sign that a number shows: the only one, the last of two, the other of one that repeats."""
    signs = [sign for sign in text if sign in ".,"]
    if not signs:
        return None
    other = {".": ",", ",": "."}
    sign = other[signs[0]] if len(signs) > 1 and len(set(signs)) == 1 else signs[-1]
    return sign if PLAIN[sign].fullmatch(text) or GROUPED[sign].fullmatch(text) else None


def as_flags(cells: pd.Series, codes: Mapping[str, Sequence[Any]] | None = None) -> tuple[pd.Series, np.ndarray]:
    """Nullable booleans from yes and no in English and German, 1 and 0, or the study's own words.

    An empty text among these words is what a blank cell means; it alone leaves the usual words in force.
    """
    told = {value: tuple(word for word in own if comparable(word)) for value, own in (codes or {}).items()}
    blank = next((value for value, own in (codes or {}).items() if len(told[value]) < len(own)), None)
    words = {"true": TRUE_WORDS, "false": FALSE_WORDS} | {value: own for value, own in told.items() if own}
    if pd.api.types.is_bool_dtype(cells.dtype):
        texts = cells.astype("boolean").map({True: "true", False: "false"}).astype("str")
        words = {"true": ("true",), "false": ("false",)}
    else:
        texts = as_texts(cells)
        own = {comparable(word) for several in words.values() for word in several}
        labels = [text for text in texts.dropna().unique() if comparable(text) not in own]
        texts = texts.replace({text: plain for text in labels if (plain := plain_flag(text)) != text})
    chosen, bad = _matched(texts, words)
    if blank is not None:
        chosen = chosen.mask(texts.isna(), blank)
    return (chosen == "true").astype("boolean").mask(chosen.isna(), pd.NA), bad


def plain_flag(text: str) -> str:
    """Return the yes or no in a label as "Yes (1)", "2 - Nein" or "Ja, schon oft"; another text as it is."""
    found = YES_OR_NO.fullmatch(text)
    return found[1] if found else text


def as_categories(cells: pd.Series, codes: Mapping[str, Sequence[Any]]) -> tuple[pd.Series, np.ndarray]:
    """Return the schema's words for a category, found by the study's own words for them or by themselves."""
    return _matched(as_texts(cells), {value: (value, *own) for value, own in codes.items()})


def _matched(texts: pd.Series, words: Mapping[str, Sequence[Any]]) -> tuple[pd.Series, np.ndarray]:
    meaning = {comparable(word): value for value, several in words.items() for word in several}
    codes, uniques = pd.factorize(texts)
    keys = [comparable(word) for word in uniques]
    empty = {comparable(word) for word in MISSING_WORDS}
    chosen = _taken(np.array([meaning.get(key) for key in keys], dtype=object), codes)
    bad = np.array([*(key not in meaning and key not in empty for key in keys), False], dtype=bool)[codes]
    return chosen, bad


def comparable(word: Any) -> str:
    """Return a word as it is compared: "One-to-one " is one_to_one, 1.0 is 1."""
    return re.sub(r"[\s-]+", "_", (_text(word) or "").casefold())
