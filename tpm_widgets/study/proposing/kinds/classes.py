"""Promoters, passives and detractors as somebody has made them already: in words, or as 100, 0 and -100."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tpm_widgets.study.cells.classes import POINTS, class_points, points_of_classes
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column, words_like

MOST = 4  # different cells: three classes, and one of those who gave no answer
SCORE = words_like(r"nps\b|net ?promoter|(?:weiter)?empfehl|recommend")


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
    if found := class_points([*told]):
        return Classes((-POINTS, POINTS), found)
    points = points_of_classes(column.values())
    return Classes((-points, points), {}) if points and SCORE.search(column.spoken) else None


def with_classes(column: Column, classes: Classes) -> Column:
    """Return a column with the numbers of its classes instead of other ones of its words."""
    if not classes.words:
        return column
    told = [str(column.value_labels.get(text, text)) for text in column.uniques]
    numbers = np.array([classes.words.get(word, np.nan) for word in told])
    return replace(column, numbers=numbers, words=classes.words, unread=())
