"""What the cells of a column say about its role: days, identifiers, weights, groups, texts or answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from tpm_widgets.language import say
from tpm_widgets.study.building.wave_names import is_period
from tpm_widgets.study.cells.conventions import says_none
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.ends import codes_over_column, goodness
from tpm_widgets.study.proposing.evidence import Evidence
from tpm_widgets.study.proposing.kinds.classes import classes_of
from tpm_widgets.study.proposing.kinds.deeds import FLAGS, from_counts, is_of_deed
from tpm_widgets.study.proposing.kinds.flags import is_coded_flag, is_flag, is_mark

NEARLY_ALL = 0.9
MOST_GROUPS = 20
MOST_LISTS = 200  # different cells of several choices
SHARED = 1.5  # cells in which a choice stands, in the mean
LONG_TEXT = 25  # letters of a typical cell of texts
CODES = re.compile(r"[A-Z]{1,3}\d{1,3}")  # of answers, as LimeSurvey has them
EXCEL_DAYS = (32874, 58440)  # 1990 to 2059
LEAST_HALVES = 5  # different answers of a column in which halves stand
LOWEST_END = 4  # of their scale
HIGHEST = 11  # of the numbers of a scale of answers and a code beside it


def from_values(column: Column, rows: int) -> Iterator[Evidence]:
    """Yield what the cells of a column say; ``rows`` is the number of answers in the file."""
    if not column.filled:
        yield Evidence("none", 2.0, say("it is empty"))
        return
    if column.distinct == 1 and rows > 1 and not (is_mark(column) and is_of_deed(column)):
        yield Evidence("none", 0.9, say("all of its cells are the same"))
    if classes_of(column) is not None:
        yield Evidence("none", 2.0, say("it is made of the score"))
        return
    if _are_lists(column):
        yield Evidence("none", 0.7, say("its cells hold several choices each"))
    yield from _person(column, rows)
    yield from _day(column)
    yield from _weight(column)
    yield from _tenure(column)
    yield from _answer(column)
    yield from _group(column, rows)
    yield from _text(column, rows)


def _are_lists(column: Column) -> bool:
    """Whether cells hold one or several of the same few choices: "Phone;", "Phone;E-mail;" or "1,3,4"."""
    if column.distinct > MOST_LISTS or is_day(column) or column.value_labels:
        return False
    for sign in ";", "|", ",":
        parts = [[part.strip() for part in text.split(sign) if part.strip()] for text in column.uniques]
        lengths = {len(own) for own in parts}
        several = {part for own in parts for part in own}
        plain = all(part.isdecimal() for part in several) and max(lengths, default=0) < 3  # 2,5 is a number
        often = sum(map(len, parts)) >= SHARED * len(several)
        if len(lengths) > 1 and often and not plain and max(map(len, several)) <= LONG_TEXT:
            return True
    return False


def _person(column: Column, rows: int) -> Iterator[Evidence]:
    """Yield whether each value stands once, as the number of a respondent does."""
    once = column.distinct == column.filled
    spaced = column.share(np.array([" " in text for text in column.uniques], dtype=bool))
    decimals = bool(np.any(column.numbers[~np.isnan(column.numbers)] % 1))
    is_id = not decimals and spaced < 0.1 and not is_day(column)
    if once and is_id and column.filled >= NEARLY_ALL * rows and rows > 2:
        yield Evidence("respondent", 0.35, say("each of its values stands once"))
    else:
        yield Evidence("respondent", -1.0)
    if is_id and column.distinct > MOST_GROUPS:
        yield Evidence("customer", 0.2, say("its values are those of many persons"))
    elif not is_id or column.distinct < min(rows, 5):
        yield Evidence("customer", -1.0)


def is_day(column: Column) -> bool:
    """Whether nearly all cells are days."""
    return column.share(column.days) >= NEARLY_ALL


def _day(column: Column) -> Iterator[Evidence]:
    serial = (column.numbers >= EXCEL_DAYS[0]) & (column.numbers <= EXCEL_DAYS[1]) & (column.numbers % 1 >= 0)
    if is_day(column) or column.share(serial) >= NEARLY_ALL:
        yield Evidence("date", 0.35 if is_day(column) else 0.2, say("its cells are days"))
    else:
        yield Evidence("date", -1.0)
    if 2 <= column.distinct <= 2 * MOST_GROUPS and column.distinct < column.filled:
        if _are_periods(column):
            years = column.share(~np.isnan(column.numbers))
            yield Evidence("wave", 0.3 if years else 0.5, say("its values are periods of time"))
            return
        if column.filled >= 2 * column.distinct and column.distinct <= MOST_GROUPS:
            yield Evidence("wave", 0.1)
            return
    yield Evidence("wave", -1.0)


def _are_periods(column: Column) -> bool:
    """Whether nearly all cells name a time; the search ends where that is known."""
    others = 0
    for text, count in zip(column.uniques, column.counts, strict=True):
        others += 0 if is_period(column.value_labels.get(text, text)) else int(count)
        if others > (1 - NEARLY_ALL) * column.filled:
            return False
    return True


def _weight(column: Column) -> Iterator[Evidence]:
    """Yield whether the cells are weights: above 0, not whole, 1 in the mean."""
    numbers, counts = column.numbers, column.counts
    read = ~np.isnan(numbers)
    if column.share(read) < NEARLY_ALL or not np.all(numbers[read] >= 0) or not np.any(numbers[read] % 1):
        yield Evidence("weight", -1.0)
        return
    mean = float(np.average(numbers[read], weights=counts[read]))
    if abs(mean - 1) < 0.05:
        points = 0.5 if abs(mean - 1) < 0.01 else 0.4
        yield Evidence("weight", points, say("its numbers are above 0, and 1 in the mean"))
    else:
        yield Evidence("weight", 0.15 if 0.2 < mean < 5 else -0.2)


def _tenure(column: Column) -> Iterator[Evidence]:
    numbers = column.numbers[~np.isnan(column.numbers)]
    if column.share(~np.isnan(column.numbers)) < NEARLY_ALL or numbers.min() < 0 or len(numbers) < 4:
        yield Evidence("tenure", -1.0)
    else:
        yield Evidence("tenure", 0.2, say("its cells are numbers"))


def _answer(column: Column) -> Iterator[Evidence]:
    """Yield whether the cells can be answers on a scale, or yes and no."""
    values = list(column.values())
    yield from from_counts(column)
    flag, coded = is_flag(column) or is_mark(column), is_coded_flag(column)
    for role in FLAGS:
        if flag or coded:
            told = say("its cells are yes and no") if flag else say("its cells are 1 and 2")
            yield Evidence(role, 0.35 if flag else 0.2, told)
        else:
            yield Evidence(role, -1.0)
    if flag:
        yield Evidence("recommend", 0.0)
        yield Evidence("rating", -1.0)
        yield Evidence("overall", -1.0)
        return
    answered = np.array([text not in column.never and text not in column.none for text in column.uniques], dtype=bool)
    read = column.share(answered & ~np.isnan(column.numbers)) / (column.share(answered) or 1.0)
    core = [value for value in values if 0 <= value <= HIGHEST]
    whole = all(value % 1 == 0 for value in values) or _with_halves(values)
    if read < 0.5 or len(core) < 2 or not whole or len(values) - len(core) > 4:
        for role in ("recommend", "rating", "overall", "annoyance"):
            yield Evidence(role, -1.0)
        return
    yield Evidence("overall", 0.2, say("its cells are answers on a scale"))
    yield Evidence("annoyance", 0.2, say("its cells are answers on a scale"))
    if max(core) in (10, 11) and not column.words:
        yield Evidence("recommend", 0.3, say("its cells are answers from 0 to 10"))
    else:
        yield Evidence("recommend", 0.1)


def _with_halves(values: Sequence[float]) -> bool:
    """Whether numbers are answers in steps of a half, up to more than those of weights and of prices are."""
    return len(values) >= LEAST_HALVES and max(values) >= LOWEST_END and all(value * 2 % 1 == 0 for value in values)


def _group(column: Column, rows: int) -> Iterator[Evidence]:
    """Yield whether the cells are names of a few groups."""
    if _are_named_groups(column):
        yield Evidence("segment", 0.6, say("the words over it name what its codes mean"))
        yield Evidence("rating", -1.0)
        yield Evidence("tenure", -1.0)
        return
    few = 2 <= column.distinct <= MOST_GROUPS and column.filled >= 2 * column.distinct
    if not few or is_day(column) or _letters(column) >= LONG_TEXT:
        yield Evidence("segment", -1.0)
        return
    told = {*column.value_labels, *column.words}
    named = np.isnan(column.numbers) | np.array([text in told for text in column.uniques], dtype=bool)
    if column.words and not column.unread and not is_flag(column):
        return
    if column.share(named) > 0.5:
        yield Evidence("segment", 0.5, say("its cells are names of a few groups"))
    elif all(map(CODES.fullmatch, column.uniques)):
        yield Evidence("segment", 0.5, say("its cells are a few codes"))
    elif column.filled >= 0.5 * rows:
        yield Evidence("segment", 0.2, say("its cells are a few codes"))


def _are_named_groups(column: Column) -> bool:
    """Whether the words over a column name what its codes mean, and these are no good or bad answers."""
    told = codes_over_column(column)
    codes = {value for value in column.values() if value in told}
    judged = sum(bool(goodness(words)) or says_none(words) for words in told.values())
    return len(codes) > 1 and set(column.values()) <= set(told) and judged <= len(told) / 3


def _letters(column: Column) -> float:
    """Return how long a typical cell is, in the file's own words for a code."""
    told = [column.value_labels.get(text, text) for text in column.uniques]
    return float(np.average([len(text) for text in told], weights=column.counts))


def _text(column: Column, rows: int) -> Iterator[Evidence]:
    """Yield whether the cells are what people wrote in their own words."""
    spaced = column.share(np.array([text.count(" ") >= 2 for text in column.uniques], dtype=bool))
    if _letters(column) >= LONG_TEXT and spaced > 0.5 and not is_day(column):
        few = column.distinct <= min(MOST_GROUPS, 0.3 * column.filled)
        yield Evidence("text", 0.2 if few else 0.5, say("its cells are sentences"))
    elif column.share(np.isnan(column.numbers)) > 0.5 and column.distinct > 0.5 * column.filled and not is_day(column):
        yield Evidence("text", 0.15)
    else:
        yield Evidence("text", -1.0)
