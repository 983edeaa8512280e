"""The scale of answers, and the codes beside it, told from labels, from the words of the question and from the values.

A number far from the others is a code. Whether the number next to a usual scale is one (a 6 beside 1 to 5) is told by
the persons: who gives the best answer to one question gives better answers to the others too, who has never used
something does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpm_widgets.study.cells.conventions import says_none, usual_steps
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column, words_like
from tpm_widgets.study.proposing.ends import GRADES, best_is, ends_of, goodness, is_graded, legend_of
from tpm_widgets.study.proposing.kinds.classes import classes_of
from tpm_widgets.study.proposing.peers import Peers

HIGHEST = 11
ENDS = (3, 4, 5, 6, 7, 9, 10, 100)
# A number that may be a code, and the end of the usual scale before it.
DOUBTFUL: dict[float, float] = {6: 5, 8: 7, 11: 10}
USUAL_LENGTHS = (5, 7, 10, 11)
NO_SCALE = (0, 9)  # ten steps go from 1
FEWEST_ANSWERS = 20  # that tell where a scale ends
USUAL_END = 5
FEW = 5  # answers of each kind that a comparison rests on at least
FEWEST_STEPS = 3  # of a scale that is labelled throughout
SEVERAL = 3  # answers of 1 without any 0 that speak for a scale from 1
CLEAR = 2.0  # standard errors
IN_QUESTION = re.compile(
    r"(?<![\d.,])([01])(?![\d.,])\s*(?:[=(:„“\"][^0-9]{0,60}?)?\s*"
    r"(?:[-–—,;/|]|to|bis|and|und|through|à|a|al?|até|e|et|till?|\.\.+|…)\s*(?:[^0-9]{0,40}?)"
    r"(?<![\d.,])(4|5|6|7|9|10|100)(?![\d.,])",
    re.IGNORECASE,
)
NPS = words_like(r"nps\b|net ?promoter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the answers of some columns of one kind are read.

    ``never`` and ``none`` are the codes for "never used" and "no answer", ``turned`` whether the low end is the good
    one, ``doubt`` a number that may be a code or an answer: what is proposed for it is the more usual of the two.
    """

    scale: Scale
    never: tuple[str | float, ...] = ()
    none: tuple[str | float, ...] = ()
    turned: bool | None = False
    doubt: float | None = None
    end: float | None = None
    graded: bool = False  # turned as grades that run against recommending
    usual: bool = False  # taken to begin with 0, as it usually does
    asks: Literal["", "against", "1 is best", "6 is best"] = ""  # about its direction
    told: bool = False  # by labels, by the question or by the persons


def code_of(text: str) -> str | float:
    """Return a code as study.toml writes it: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def apart(column: Column) -> tuple[list[float], list[float]]:
    """Part the numbers of a column into those that lie together, from 0 to 11, and codes far from them."""
    values = list(column.values())
    core = [value for value in values if 0 <= value <= HIGHEST]
    if (steps := on_its_scale(column)) and len(steps) < len(column.value_labels):
        core = [value for value in core if value <= max(steps) or str(f"{value:g}") not in column.value_labels]
    while len(core) > 2 and core[-1] - core[-2] >= 3 and core[-1] in (8, 9):
        core.pop()
    wide = [value for value in values if value % 1 == 0 and 0 <= value <= 100]
    if len(wide) > 15 and max(core, default=0) >= 10:  # a slider
        core = wide
    kept = set(core)
    return core, [value for value in values if value not in kept]


def on_its_scale(column: Column) -> dict[float, str]:
    """Return the labels of a column that are steps of its scale, by their numbers, in order.

    No step is a number whose label says that there is no answer, that stands apart from the steps below it, each of
    which is labelled or answered, or whose label fits nothing while those below it are as many good as bad ones.
    """
    told = {code_of(code): str(words) for code, words in column.value_labels.items()}
    numbers = sorted(number for number in told if isinstance(number, float) and 0 <= number <= 100)
    found = {number: told[number] for number in numbers if not says_none(told[number])}
    seen = {*found, *(column.values().keys() - told.keys())}  # who labels many steps may leave one out
    while len(found) > FEWEST_STEPS:
        *below, last = found
        rest = {number: found[number] for number in below}
        each = all(number in seen for number in np.arange(below[0], below[-1] + 1))
        gap = not all(number in seen for number in np.arange(below[-1] + 1, last))
        plain = _digits(found[last]) or (last == 10 and below[0] == 0 and goodness(found[last]) is not None)
        whole = (below[-1] == 10 and below[0] == 0) or _is_whole(list(rest.values()))
        odd = goodness(found[last]) is None and not plain and whole
        if not (odd or (each and gap and not plain)):
            break
        found = rest
    return found


def _digits(label: str) -> bool:
    return label.strip().isdecimal()


def _is_whole(words: Sequence[str]) -> bool:
    """Whether words from a good to a bad end are all of a scale: as many as one usually has, or alike on both sides."""
    known = [goodness(one) for one in words]
    if {known[0], known[-1]} != {-1, 1}:
        return False
    return len(words) in USUAL_LENGTHS or (None not in known and sum(one or 0 for one in known) == 0)


def declared(column: Column) -> Scale | None:
    """Return the scale that labels or the words of the question name; grades have their own."""
    labelled = {number: words for number, words in on_its_scale(column).items() if number <= HIGHEST}
    if len(labelled) >= 2 and max(labelled) - min(labelled) >= 2:
        return _with_unlabelled(column, labelled)
    if (ends := ends_of(column)) is not None:
        return min(ends), max(ends)
    found = IN_QUESTION.search(f"{column.name} {column.question}")
    if found is None:
        return GRADES if is_graded(column) else None
    return float(found[1]), float(found[2])


def _with_unlabelled(column: Column, labelled: dict[float, str]) -> Scale:
    """Return the scale of labelled steps, with the answers next to it that have no label: up to its named ends.

    Whoever labels all steps but the last has left one out; beyond the words of both ends there are codes.
    """
    low, high = min(labelled), max(labelled)
    if _is_whole(list(labelled.values())) and (low, high) != NO_SCALE:
        return low, high
    answered = column.values().keys() - {code_of(code) for code in column.value_labels}
    while high + 1 in answered and high < 10:
        high += 1
    while low - 1 in answered:
        low -= 1
    return low, high


def is_turned(column: Column) -> bool | None:
    """Whether labels or the words of the question say that the low end is the good one; None where they do not say."""
    if column.words:
        return False  # the numbers of words go up
    if (ends := ends_of(column)) is not None:
        return ends[1] < ends[0]
    over = legend_of(f"{column.name} {column.question}")
    told = on_its_scale(column) or {
        float(number): text
        for text, number in zip(column.uniques, column.numbers, strict=True)
        if not np.isnan(number) and not says_none(text) and goodness(text) is not None
    }
    for numbers in (told, over):
        words = {number: re.sub(r"[\W\d_]+", " ", text).strip() for number, text in sorted(numbers.items())}
        words = {number: text for number, text in words.items() if text}
        best = best_is(words)
        if best is None and len(words) > 1 and (usual := usual_steps(list(words.values()), 5)) is not None:
            best = max(words, key=lambda number: usual[0][words[number]])
        if best is not None and len(words) > 1:
            return best == min(words)
        if len(words) == 1 and (found := goodness(next(iter(words.values())))):
            low = next(iter(words)) <= 1  # one end is told of
            return low == (found == 1)
    return None


def read_recommend(column: Column) -> Reading:
    """Read the question on recommendation; 0 to 10 where nothing else is to be seen."""
    if (classes := classes_of(column)) is not None:
        return Reading(scale=classes.scale, none=_sorted({*map(code_of, column.none)}), told=True)
    core, far = apart(column)
    codes = {*map(code_of, (*column.none, *column.never)), *far}
    scale = declared(column)
    doubt, usual = None, False
    if scale is None and 0 in core and NPS.search(column.spoken):
        scale = (0.0, 10.0)  # however few of its answers are high
    if scale is None:
        high = max(core, default=10)
        scale = (0.0, 10.0)
        if sum(column.values().values()) < FEWEST_ANSWERS and high <= 10:
            usual = 0 not in core and high == 10  # few answers do not tell where a scale ends
        elif high < 6 or (high in (6, 7) and min(core) >= 1 and len(core) >= 5):
            scale = (1.0, next(float(end) for end in (5, 7) if end >= high))
            doubt = 0.0 if 0 in core else None
            scale = (min(scale[0], min(core)), scale[1])
        elif high in (10, 11) and 0 not in core and 1 in core:
            named = NPS.search(column.spoken) is not None and high == 10
            likely = high == 11 or column.values()[1.0] >= SEVERAL
            doubt, usual = (1.0, False) if likely and not named else (None, True)
            scale = (1.0 if doubt else 0.0, float(high))
    codes |= {value for value in core if not scale[0] <= value <= scale[1]}
    if column.words:
        scale = (1.0, float(column.steps))
    return Reading(
        scale=scale,
        none=_sorted(codes),
        turned=is_turned(column),
        doubt=doubt,
        usual=usual,
        told=declared(column) is not None,
    )


def by_scale(columns: Sequence[Column]) -> list[list[Column]]:
    """Part columns whose words name different scales; those without words go with most of the others."""
    named = [declared(column) for column in columns]
    usual = Counter(scale for scale in named if scale is not None).most_common(1)
    parts: dict[Scale | None, list[Column]] = {}
    for column, scale in zip(columns, named, strict=True):
        parts.setdefault(scale or (usual[0][0] if usual else None), []).append(column)
    return list(parts.values())


def read_ratings(columns: Sequence[Column], peers: Peers) -> Reading:
    """Read columns of ratings on one scale; ``peers`` are all the ratings of the file."""
    never = {code_of(text) for column in columns for text in column.never}
    none = {code_of(text) for column in columns for text in column.none}
    cores, far = zip(*map(apart, columns), strict=True)
    none |= {value for values in far for value in values}
    values = sorted({value for core in cores for value in core})
    known = Counter(scale for column in columns if (scale := declared(column)) is not None)
    turned = _mostly_turned(columns)
    if known or any(column.words for column in columns):
        scale = known.most_common(1)[0][0] if known else (1.0, float(max(column.steps for column in columns)))
        beyond = {value for value in values if not scale[0] <= value <= scale[1]}
        never |= {value for value in beyond if value == scale[1] + 1}
        none |= beyond - never
        return Reading(scale=scale, never=_sorted(never), none=_sorted(none), turned=turned, told=True)
    return _by_persons(columns, values, peers, never, none, turned)


def _mostly_turned(columns: Sequence[Column]) -> bool | None:
    told = [turned for column in columns if (turned := is_turned(column)) is not None]
    return sum(told) > len(told) / 2 if told and len(told) >= len(columns) / 2 else None


def _by_persons(
    columns: Sequence[Column],
    values: Sequence[float],
    peers: Peers,
    never: set[str | float],
    none: set[str | float],
    turned: bool | None,
) -> Reading:
    """Tell by the persons whether the highest number and a 0 are codes; in doubt they are what is more usual.

    What is made of the highest number is asked about in any case: whoever rates by grades turns the persons round.
    """
    values = [value for value in values if value not in never and value not in none]  # by the labels of some columns
    high, low = max(values), min(values)
    doubt, end, told = None, None, False
    halves = any(high - 1 < value < high for value in values)  # up to its last number a scale has them
    if high in DOUBTFUL and not halves:
        end = high
        code = _stands_apart(columns, high, DOUBTFUL[high], peers)
        told |= code is not None
        if code is not False:
            never.add(high)
            high = DOUBTFUL[high]
    if low == 0 and high < 10:
        code = _stands_apart(columns, 0.0, 1.0, peers)
        told |= code is not None
        if code is None:
            code = bool(never)
            doubt = 0.0
        if code:
            none.add(0.0)
            low = 1.0
    few = sum(sum(column.values().values()) for column in columns) < FEWEST_ANSWERS
    ends = [end for end in ENDS if end >= high and not (few and end < USUAL_END)]
    scale = (min(low, 1.0), float(ends[0]) if ends else high)
    return Reading(
        scale=scale,
        never=_sorted(never),
        none=_sorted(none),
        turned=turned,
        doubt=doubt,
        end=end,
        told=told,
    )


def _stands_apart(columns: Sequence[Column], number: float, neighbour: float, peers: Peers) -> bool | None:
    """Whether those who gave a number rate other things less extremely than those who gave its neighbour on the scale.

    None where there are too few of them, or the difference is less than two standard errors.
    """
    mine: dict[float, list[np.ndarray]] = {number: [], neighbour: []}
    for column in columns:
        answers, rest = column.answers(), peers.without(column.name)
        for value, means in mine.items():
            means.append(rest[answers == value])
    given, beside = (np.concatenate(means) for means in mine.values())
    given, beside = given[~np.isnan(given)], beside[~np.isnan(beside)]
    if len(given) < FEW or len(beside) < FEW:
        return None
    error = np.sqrt(given.var() / len(given) + beside.var() / len(beside))
    difference = (given.mean() - beside.mean()) * np.sign(number - neighbour)
    if error == 0 or abs(difference) < CLEAR * error:
        return None
    return bool(difference < 0)


def _sorted(codes: set[str | float]) -> tuple[str | float, ...]:
    return tuple(
        sorted(codes, key=lambda code: (isinstance(code, str), code if isinstance(code, float) else 0, str(code)))
    )
