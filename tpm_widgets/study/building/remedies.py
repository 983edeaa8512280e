"""What mends the cells of a survey that are no answers on their scale: lines that can be pasted into study.toml.

They are told when every column has been read, so that the lines of several columns can stand beside each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import Paragraph, Sentence, say
from tpm_widgets.study.building.written import Line, Lines, setting_line
from tpm_widgets.study.cells.classes import POINTS, class_points, points_of_classes
from tpm_widgets.study.cells.conventions import says_never, says_none, usual_steps
from tpm_widgets.study.cells.labels import common_end
from tpm_widgets.study.cells.masking import is_harmless
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.settings import SurveySettings

MOST_CODES = 8  # different codes in a column of answers; with more of them it holds other numbers
MOST_WORDS = 25  # different words in a column of answers; with more of them it holds texts
USUAL_SCALES: tuple[Scale, ...] = (
    *((1, high) for high in (4, 5, 6, 7, 9, 10, 11)),
    *((0, high) for high in (4, 5, 6, 7, 10)),
    *((low, 100) for low in (1, 0)),
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
USUAL_CODES = {-1, -2, -8, -9, -77, -88, -99, 8, 9, 66, 77, 88, 96, 97, 98, 99, 999, 9999}


@dataclass(slots=True)
class _Column:
    """What one column holds: numbers on its scale and off it, and words, in their order, with their counts."""

    role: str
    scale: Scale | None
    flag: bool = False  # yes and no are 1 and 0
    on: set[float] = field(default_factory=set)
    off: Counter[float] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    masked: set[str] = field(default_factory=set)  # what may name a person stands in no remedy

    def holds_texts(self) -> bool:
        """Tell whether the column holds so many different texts that they are no answers."""
        return len(self.words) + len(self.masked) > MOST_WORDS

    def fitting(self) -> Scale | None:
        """Return the usual scale that the numbers fill, where the declared one is too short for several of them."""
        if self.scale is None:
            return None
        low, high = self.scale
        if self.role == "recommend" and (points := points_of_classes(self.on | set(self.off))):
            return -points, points
        numbers = _without_codes(sorted(self.on | set(self.off)))
        above, below = [value for value in numbers if value > high], [value for value in numbers if value < low]
        if len(above) + len(below) < 2 or (above == [high + 1] and len(below) == 1):
            return None
        if any(not float(value).is_integer() for value in numbers):
            return None
        for start, end in sorted(USUAL_SCALES, key=lambda scale: scale[1] - scale[0]):
            filled = len(numbers) >= min((end - start + 1) / 2, 6) and max(numbers) >= min(end - 1, 50)
            if start <= min(numbers) and max(numbers) <= end and filled:
                return start, end
        return None


def _without_codes(numbers: list[float]) -> list[float]:
    """Leave out what stands apart at the ends, as codes for no answer do."""
    while len(numbers) > 1 and numbers[-1] - numbers[-2] >= 2 and numbers[-1] in USUAL_CODES:
        numbers = numbers[:-1]
    while len(numbers) > 1 and numbers[0] < 0 and numbers[0] in USUAL_CODES:
        numbers = numbers[1:]
    return numbers


class AnswerRemedies:
    """Gathers the cells that are no answers, column by column, and tells a remedy for each of them at the end."""

    def __init__(self, settings: SurveySettings, file: str, on_rating_scale: Sequence[str]) -> None:
        self._columns: dict[str, _Column] = {}
        self._lines: Lines | None = None
        self._settings = settings
        self._file = file
        self._on_rating_scale = on_rating_scale

    def unreadable(
        self, role: str, column: str, scale: Scale | None, cells: pd.Series, values: np.ndarray, *, flag: bool = False
    ) -> Callable[[], np.ndarray]:
        """Take in the cells that are no numbers, or neither yes nor no; remedies are told when they are asked for."""
        known = self._columns.setdefault(column, _Column(role, scale, flag))
        where, words = pd.factorize(cells)
        texts = [str(word).strip() for word in words]
        for text, count in zip(texts, np.bincount(where, minlength=len(texts)).tolist(), strict=True):
            if is_harmless(text, count):
                known.words[text] += count
            else:
                known.masked.add(text)
        known.on |= _different(values)
        return lambda: np.array([self._of_word(column, text) for text in texts], dtype=object)[where]

    def off_scale(self, role: str, column: str, scale: Scale) -> Callable[[pd.Series, np.ndarray], Callable[[], Any]]:
        """Make the remedy of a rule: it takes in the numbers off the scale, and tells what mends each."""

        def gather(cells: pd.Series, broken: np.ndarray) -> Callable[[], np.ndarray]:
            known = self._columns.setdefault(column, _Column(role, scale))
            where, numbers = pd.factorize(cells[broken])
            counts = np.bincount(where, minlength=len(numbers)).tolist()
            known.off.update(dict(zip(map(float, numbers), counts, strict=True)))
            known.on |= _different(cells[~broken].to_numpy(float))
            return lambda: np.array([self._of_number(column, float(number)) for number in numbers], dtype=object)[where]

        return gather

    def _planned(self) -> Lines:
        """Lay out the lines once; what several columns need stands in one line."""
        if self._lines is not None:
            return self._lines
        lines = Lines(self._settings, self._file, self._on_rating_scale)
        lines.longer = {
            name: (column.scale[0], column.scale[1] + 1)
            for name, column in self._columns.items()
            if column.scale is not None and column.off[column.scale[1] + 1]
        }
        for name, column in self._columns.items():
            if scale := column.fitting():
                lines.scales[name] = scale
            codes = [number for number in column.off if not _lies_on(number, scale)]
            for number in codes if len(codes) <= MOST_CODES else ():
                lines.add_code(name, self._kind(column, number), number)
            if column.holds_texts():
                continue
            if column.flag:
                _plan_flags(lines, name, column)
                continue
            answers = [word for word in column.words if not _is_code(column, word)]
            for word in column.words:
                if _is_code(column, word):
                    lines.add_code(name, _kind_of_word(column, word), word)
            if column.scale is not None and (end := common_end(answers)) is not None:
                lines.scales.setdefault(name, (min(column.scale[0], end - 1), end))
            elif answers:
                numbers, proposed = _proposed(answers, column.scale)
                lines.words[name] = numbers
                if proposed is not None and proposed != column.scale:
                    lines.scales.setdefault(name, proposed)
        self._lines = lines
        return lines

    def _kind(self, column: _Column, number: float) -> str:
        """Tell what a number off the scale is first thought of: the next above a scale of ratings is "never used"."""
        above = column.scale is not None and number == column.scale[1] + 1
        return "not_experienced" if above and _rates(column) else "no_answer"

    def _of_number(self, name: str, number: float) -> str:
        lines, column = self._planned(), self._columns[name]
        scale = lines.scales.get(name)
        short = sorted(other for other in column.off if _lies_on(other, scale))
        if number in short:
            told = [_asks("scale", lines.scale(name)), *self._classes(scale)]
            if len(short) <= 2 and len(told) == 1:
                told.append(_asks("no_answer", lines.codes(name, "no_answer", short)))
            return _told(told, lines.place(name, "scales"))
        if len(column.off) - len(short) > MOST_CODES:
            return say("So many numbers are no codes: declare another scale, or name another column.").text()
        first = self._kind(column, number)
        kinds = [first, *({"no_answer", "not_experienced"} - {first} if _rates(column) else ())]
        told = [_asks(kind, lines.codes(name, kind, [number])) for kind in kinds]
        if first == "not_experienced":
            told.append(_asks("scale", lines.scale(name, longer=True)))
        return self._with_slip(told, column.off[number], lines.place(name, "codes"))

    def _of_word(self, name: str, word: str) -> str:
        lines, column = self._planned(), self._columns[name]
        if column.holds_texts():
            return say("The column holds texts, not answers: name another column.").text()
        if word in column.masked:
            return say("Correct the cell; what it holds may name somebody, and is not shown.").text()
        if column.flag:
            return self._of_flag(name, word)
        if _is_code(column, word):
            first = _kind_of_word(column, word)
            kinds = [first, *({"no_answer", "not_experienced"} - {first} if _rates(column) else ())]
            told = [_asks(kind, lines.codes(name, kind, [word])) for kind in kinds]
            if not says_none(word):
                told.append(_asks("number", lines.all_words({word: ""})))
            return self._with_slip(told, column.words[word], lines.place(name, "codes"))
        if name not in lines.words:
            return _told([_asks("scale", lines.scale(name))], lines.place(name, "scales"))
        told = [_asks("words" if lines.open_words() else "usual_words", lines.all_words())]
        if name in lines.scales and not column.off:
            told += [_asks("with_scale", lines.scale(name)), *self._classes(lines.scales[name])]
        return _told(told, lines.place(name, "words"))

    def _classes(self, scale: Scale | None) -> list[Sentence]:
        """Write where classes lie, on a scale that only promoters, passives and detractors have."""
        if scale is None or scale[0] != -scale[1]:
            return []
        return [_asks("with_scale", setting_line("cutoffs", [scale[0], 0.0], self._file))]

    def _of_flag(self, name: str, word: str) -> str:
        lines, column = self._planned(), self._columns[name]
        place = lines.place(name, "codes")
        if _is_second(column, word):
            return _told([_asks("second", lines.flags(name))], place)
        if not _is_code(column, word):
            return _told([_asks("flags", lines.all_words())], lines.place(name, "words"))
        told = [_asks("no_answer", lines.codes(name, "no_answer", [_code(word)]))]
        if isinstance(_code(word), str):
            told.append(_asks("flags", lines.all_words({word: ""})))
        return self._with_slip(told, column.words[word], place)

    @staticmethod
    def _with_slip(told: list[Sentence], count: int, place: Sentence) -> str:
        """Put first, for a cell that stands alone, that it may be a slip."""
        return _told([say("A slip? Correct the cell."), *told] if count == 1 else told, place)


def _asks(what: str, line: Line) -> Sentence:
    """Ask what a cell is, with the line to paste if it is that."""
    questions = {
        "not_experienced": say("Never used? {line}.", line=line),
        "no_answer": say("No answer? {line}.", line=line),
        "scale": say("Another scale? {line}.", line=line),
        "with_scale": say("With it: {line}.", line=line),
        "number": say("A number? {line}.", line=line),
        "words": say("Which number is each word? {line}.", line=line),
        "flags": say("Yes, 1, or no, 0? {line}.", line=line),
        "second": say("Is 1 yes, and 2 no? {line}.", line=line),
        "usual_words": say("The usual numbers? {line}.", line=line),
    }
    return questions[what]


def _told(parts: list[Sentence], place: Sentence) -> str:
    return Paragraph((*parts, place)).text()


def _proposed(words: list[str], scale: Scale | None) -> tuple[dict[str, float | str], Scale | None]:
    """Give words their usual numbers, on the declared scale or on one with as many steps; else leave each open."""
    if points := class_points(words):
        return {**points}, (-POINTS, POINTS)
    usual = None if scale is None else usual_steps(words, int(scale[1] - scale[0]) + 1)
    if usual is None or scale is None:
        return dict.fromkeys(words, ""), None
    steps, count = usual
    low, high = scale if scale[1] - scale[0] + 1 == count else (1, count)
    return {word: low + step for word, step in steps.items()}, (low, high)


def _plan_flags(lines: Lines, name: str, column: _Column) -> None:
    """Leave open which word is yes and which is no; what stands beside yes and no is no answer."""
    codes = [word for word in column.words if _is_code(column, word) and not _is_second(column, word)]
    for word in codes:
        lines.add_code(name, "no_answer", _code(word))
    words = [word for word in column.words if word not in codes and isinstance(_code(word), str)]
    lines.words[name] = dict.fromkeys(words, "")


def _is_second(column: _Column, word: str) -> bool:
    """Whether a word is the 2 of a question whose answers are 1 and 2."""
    return word == "2" and column.on == {1.0}


def _code(word: str) -> str | float:
    """Return a code as study.toml has to name it: a number where it is one."""
    return float(word) if NUMBER.fullmatch(word) else word


def _rates(column: _Column) -> bool:
    """Whether somebody may never have used what the column asks about."""
    return column.role == "rating"


def _is_code(column: _Column, word: str) -> bool:
    """Whether a word is usual for no answer, or stands among numbers with hardly another word beside it."""
    few = len(column.words) <= 2 and bool(column.on)
    return says_none(word) or few or (column.flag and not isinstance(_code(word), str))


def _kind_of_word(column: _Column, word: str) -> str:
    return "not_experienced" if says_never(word) and _rates(column) else "no_answer"


def _lies_on(number: float, scale: Scale | None) -> bool:
    return scale is not None and scale[0] <= number <= scale[1]


def _different(values: np.ndarray) -> set[float]:
    return set(np.unique(values[~np.isnan(values)]).tolist())
