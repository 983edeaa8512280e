"""Promoters, passives and detractors as somebody has made them already: in words, or as 100, 0 and -100."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tpm_widgets.study.cells.converting import comparable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column, words_like

MOST = 4  # different cells: three classes, and one of those who gave no answer
CLASSES = {
    1: ("promoter", "promoters", "promotor", "promotoren", "promoteur", "promoteurs", "promotore", "promotores"),
    0: ("passive", "passives", "passiv", "passiver", "neutral", "neutrals", "indifferent", "indifferente", "passif"),
    -1: ("detractor", "detractors", "detraktor", "detraktoren", "kritiker", "critic", "critics", "détracteur"),
}
CLASS_OF = {word: number for number, words in CLASSES.items() for word in words}
SCORE = words_like(r"nps\b|net ?promoter|(?:weiter)?empfehl|recommend")
POINTS = (100.0, 1.0)  # for a promoter


@dataclass(frozen=True, slots=True)
class Classes:
    """The scale on which classes are read, up to where there are detractors and passives, and the words of each."""

    scale: Scale
    words: dict[str, float]

    @property
    def cutoffs(self) -> Scale:
        """The highest answers of detractors and of passives."""
        return self.scale[0], 0.0


def classes_of(column: Column) -> Classes | None:
    """Return how a column of classes is read; None where it is none.

    Words have to name promoters and one other class; numbers need a name that tells of the score.
    """
    if not 2 <= column.distinct <= MOST:
        return None
    told = {str(column.value_labels.get(text, text)): text for text in column.uniques if text not in column.none}
    found = {word: CLASS_OF[comparable(word)] for word in told if comparable(word) in CLASS_OF}
    if len(found) == len(told) and len(set(found.values())) >= 2 and set(found.values()) & {1}:
        return Classes((-POINTS[0], POINTS[0]), {word: number * POINTS[0] for word, number in found.items()})
    values = set(column.values())
    for points in POINTS:
        if {-points, points} <= values <= {-points, 0.0, points} and SCORE.search(column.spoken):
            return Classes((-points, points), {})
    return None


def with_classes(column: Column, classes: Classes) -> Column:
    """Return a column with the numbers of its classes instead of other ones of its words."""
    if not classes.words:
        return column
    told = [str(column.value_labels.get(text, text)) for text in column.uniques]
    numbers = np.array([classes.words.get(word, np.nan) for word in told])
    return replace(column, numbers=numbers, words=classes.words, unread=())
