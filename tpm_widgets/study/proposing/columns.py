"""What can be seen of one column of a file before anybody has said what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from tpm_widgets.study.cells.conventions import codes_over, nearest_steps, says_never, says_none, usual_steps
from tpm_widgets.study.cells.converting import MISSING_WORDS, as_numbers, as_texts, decimal_sign, is_missing
from tpm_widgets.study.cells.days import as_dates
from tpm_widgets.study.cells.labels import common_end, labelled_numbers
from tpm_widgets.study.cells.names import JOINT
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.headers import IMPORT_MARK, UNDER_QUESTIONS

MOST_ANSWERS = 30  # different cells of a column that may hold answers on a scale
MOST_VALUES = 150  # different cells of a column that may hold codes or a slider
SAMPLED = 300  # rows, or different cells, that the kind of a column is told from
EARLIEST = pd.Timestamp(1990, 1, 1)  # no survey's answers that are analysed are older
MISSING_BEGIN = frozenset(word[0] for word in MISSING_WORDS if word)  # hardly a cell needs a closer look
USUAL_STEPS = 5  # of a scale in words that could have more or fewer
GUESSED_SCALES: tuple[Scale, ...] = ((0, 10), (1, 5), (1, 7))  # on which numbers are looked for in labels
CHOSEN = " - Selected Choice"  # what Qualtrics adds to questions with several choices
IMPORT_CODE = re.compile(r"QID\d+")
CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, the words of its question, and its cells as texts.

    Attributes
    ----------
    name, question : str
        As the file calls it, and the words that stand over it besides; "" where there are none.
    uniques, codes, counts
        The different texts, for each row which of them stands there (-1: none), and how often each stands there.
    numbers : numpy.ndarray
        For each different text its number, NaN where it has none.
    days : numpy.ndarray
        For each different text whether it is a day.
    imported : str
        What Qualtrics calls the column in its ImportId: "QID3_2", "recordedDate"; "" elsewhere.
    labelled : bool
        Whether the question is a label that the file itself shows, as SPSS does.
    value_labels : mapping
        The file's own words for a code, by the code's text.
    never, none : tuple of str
        Texts that say "never used" and "no answer".
    words : mapping
        Texts without a number in them that have one by convention, as "very good" has.
    steps : int
        How many steps the scale of these words has.
    unread : tuple of str
        The other texts of a column that otherwise holds answers.
    unsure : tuple of str
        Those of ``none`` that stand beside yes and no, and are neither: "vielleicht", "?".
    signs : tuple of str
        Signs that stand for an empty cell, such as "-".
    """

    name: str
    question: str
    uniques: tuple[str, ...]
    codes: np.ndarray
    counts: np.ndarray
    numbers: np.ndarray
    days: np.ndarray
    imported: str = ""
    labelled: bool = False
    value_labels: Mapping[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    words: Mapping[str, float] = field(default_factory=dict)
    steps: int = 0
    unread: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return int(self.counts.sum())

    @property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len(self.uniques)

    @property
    def called(self) -> str:
        """The name as it is searched for words, with what an ImportId says besides."""
        own = spoken(IMPORT_CODE.sub(" ", self.imported))
        return f"{spoken(self.name)} {own}".strip() if own not in spoken(self.name) else spoken(self.name)

    @property
    def spoken(self) -> str:
        """Name and question as they are searched for words."""
        return f"{self.called} {self.question.casefold()}".strip()

    @property
    def block(self) -> str:
        """The question of which the column is a row, by its ImportId."""
        found = IMPORT_CODE.match(self.imported)
        return found[0] if found else ""

    def share(self, of: np.ndarray) -> float:
        """Return the share of the filled cells for which a mask over the different texts holds."""
        return float(self.counts[of].sum() / self.filled) if self.filled else 0.0

    def values(self) -> dict[float, int]:
        """Count the answers that are numbers, from the lowest to the highest; never and none are no answers.

        A column of very many different cells holds none.
        """
        found: dict[float, int] = {}
        if self.distinct > MOST_VALUES:
            return found
        for text, number, count in zip(self.uniques, self.numbers, self.counts, strict=True):
            if not np.isnan(number) and text not in self.never and text not in self.none:
                found[float(number)] = found.get(float(number), 0) + int(count)
        return dict(sorted(found.items()))

    def answers(self) -> np.ndarray:
        """Return the number of each row, NaN where it has none."""
        return np.append(self.numbers, np.nan)[self.codes]


def spoken(name: str) -> str:
    """Return a name as words: "RecordedDate" is "recorded date", "Q7ALL" is "q 7 all"."""
    return " ".join(re.sub(r"[_.\-:/|\[\](){}]+", " ", CAMEL.sub(" ", name)).casefold().split())


def words_like(pattern: str) -> re.Pattern[str]:
    """Return a pattern of words, each from its beginning, in either case."""
    return re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)


def columns_of(raw: RawTable) -> list[Column]:
    """Look at every column of a table, in its order."""
    decimal = raw.decimal or decimal_sign((raw.frame[name].head(SAMPLED) for name in raw.frame), raw.delimiter)
    return _read_together([_column(raw, str(name), decimal) for name in raw.frame])


def _read_together(columns: list[Column]) -> list[Column]:
    """Read the words of columns that share some as one scale: a single column may not hold all of its steps.

    Where a word is on no scale, as "prima" beside the usual five, the others are read, and it is unread.
    """
    found = []
    for column in columns:
        if column.unread and not column.words:
            unread = {*column.unread}
            sharing = {
                word for other in columns if not unread.isdisjoint(_in_words(other)) for word in _in_words(other)
            }
            column = _with_words(column, *_by_convention(sorted(sharing), nearly=True))
        found.append(column)
    return found


def _with_words(column: Column, words: Mapping[str, float], steps: int) -> Column:
    """Return a column in which words have numbers, unless more of its cells hold others."""
    own = {word: words[word] for word in column.unread if word in words}
    rest = tuple(word for word in column.unread if word not in own)
    of = {text: int(count) for text, count in zip(column.uniques, column.counts, strict=True)}
    if not own or sum(of[word] for word in rest) > sum(of[word] for word in own):
        return column
    numbers = [own.get(text, number) for text, number in zip(column.uniques, column.numbers, strict=True)]
    return replace(column, numbers=np.array(numbers), words=own, steps=steps, unread=rest)


def _in_words(column: Column) -> tuple[str, ...]:
    return (*column.unread, *column.words)


def _column(raw: RawTable, name: str, decimal: str) -> Column:
    labels = {str(as_texts(pd.Series([code]))[0]): words for code, words in raw.value_labels.get(name, {}).items()}
    never = [code for code, words in raw.value_labels.get(name, {}).items() if says_never(words)]
    written, different = pd.factorize(raw.cells(name, never))  # that of who never used it is not merely missing
    codes, index = pd.factorize(as_texts(pd.Series(different)))
    codes = np.append(codes, -1)[written]
    found = np.asarray(index, dtype=object)
    empty = np.array([text[0].casefold() in MISSING_BEGIN and is_missing(text) for text in found], dtype=bool)
    codes = np.append(np.where(empty, -1, np.cumsum(~empty) - 1), -1)[codes]
    uniques = tuple(found[~empty])
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
    numbers = _numbers(uniques, decimal)
    column = Column(
        name=name,
        question=_question(raw, name),
        imported=_imported(raw, name),
        uniques=uniques,
        codes=codes,
        counts=counts,
        numbers=numbers,
        days=_days(uniques, numbers),
        labelled=name in raw.labels,
        value_labels=labels,
        signs=tuple(text for text in found[empty] if not any(map(str.isalnum, text))),
    )
    return _with_answers(column, decimal) if 0 < len(uniques) <= MOST_ANSWERS else column


def _question(raw: RawTable, name: str) -> str:
    """Return the words over a column that are not its name; of a joined name, the name holds them already."""
    over = [
        cell
        for cell in raw.header.get(name, ())
        if cell not in name.split(JOINT) and cell.casefold() not in UNDER_QUESTIONS and not cell.startswith(IMPORT_MARK)
    ]
    words = raw.labels.get(name) or JOINT.join(over)
    return "" if words == name else " ".join(words.split()).removesuffix(CHOSEN)


def _imported(raw: RawTable, name: str) -> str:
    """Return the ImportId over a column of Qualtrics; "" where there is none."""
    marks = [cell for cell in raw.header.get(name, ()) if cell.startswith(IMPORT_MARK)]
    try:
        return str(json.loads(marks[0])["ImportId"]) if marks else ""
    except (ValueError, KeyError):
        return ""


def _numbers(uniques: Sequence[str], decimal: str) -> np.ndarray:
    """Return the number of each text; where none of the first ones has one, none has."""
    first = as_numbers(pd.Series(uniques[:SAMPLED], dtype=object), decimal)[0]
    if len(uniques) <= SAMPLED:
        return first
    if np.isnan(first).all():
        return np.full(len(uniques), np.nan)
    return as_numbers(pd.Series(uniques, dtype=object), decimal)[0]


def _days(uniques: Sequence[str], numbers: np.ndarray) -> np.ndarray:
    """Which texts are days in either order: of very many, all are if most of the first ones are."""
    first = pd.Series(uniques[:SAMPLED], dtype="str")
    candidates = np.isnan(numbers[: len(first)]) & first.str.contains(r"\d", regex=True).to_numpy(bool)
    found = np.zeros(len(first), dtype=bool)
    if candidates.any():
        orders = [as_dates(first[candidates].reset_index(drop=True), day_first)[0] for day_first in (True, False)]
        found[candidates] = np.logical_or.reduce([(days >= EARLIEST).to_numpy() for days in orders])
    return np.append(found, np.full(len(uniques) - len(first), bool(len(found)) and found.mean() > 0.5))


def _with_answers(column: Column, decimal: str) -> Column:
    """Read the words of a column that may hold answers: codes for none, numbers in labels, usual words."""
    told = {text: column.value_labels.get(text, text) for text in column.uniques}
    over = codes_over(f"{column.name} {column.question}")
    by_number = {text: over.get(float(number)) for text, number in zip(column.uniques, column.numbers, strict=True)}
    never = tuple(text for text, words in told.items() if says_never(words) or by_number[text])
    none = tuple(
        text for text, words in told.items() if (says_none(words) or by_number[text] is not None) and text not in never
    )
    rest = [
        text
        for text, number in zip(column.uniques, column.numbers, strict=True)
        if np.isnan(number) and text not in never and text not in none
    ]
    in_labels = _in_labels(rest, decimal, len(told) - len(rest) - len(never) - len(none))
    words, steps = ({}, 0) if in_labels else _by_convention(rest)
    numbers = column.numbers.copy()
    for place, text in enumerate(column.uniques):
        if text in in_labels or text in words:
            numbers[place] = in_labels.get(text, words.get(text, np.nan))
    known = {**in_labels, **words}
    unread = tuple(text for text in rest if text not in known)
    return replace(column, numbers=numbers, never=never, none=none, words=words, steps=steps, unread=unread)


def _in_labels(texts: list[str], decimal: str, plain: int) -> dict[str, float]:
    """Return the number in each label of answers; ``plain`` is how many answers are numbers without words.

    Where one in three has none, or more, or all have the same words ("Shop 1"), these are no answers.
    """
    if not texts:
        return {}
    end = common_end(texts)
    scales = GUESSED_SCALES if end is None else ((1.0, end), *GUESSED_SCALES)
    read = [labelled_numbers(texts, scale, decimal) for scale in scales]
    found = max(read, key=len)
    left = len(texts) - len(found)
    answers = plain or len({re.sub(r"\d", "", label) for label in found}) > 1
    return found if not left or (answers and len(found) + plain >= 2 * left) else {}


def _by_convention(texts: list[str], *, nearly: bool = False) -> tuple[dict[str, float], int]:
    """Return the usual number of each word, and how many steps its scale has; 0 where no scale has them all.

    ``nearly``: or most of them.
    """
    usual = usual_steps(texts, USUAL_STEPS) if len(texts) > 1 else None
    if usual is None and nearly:
        usual = nearest_steps(texts, USUAL_STEPS)
    return ({}, 0) if usual is None else ({str(word): 1.0 + step for word, step in usual[0].items()}, usual[1])
