"""Promoters, passives and detractors as cells: in words, or as 100, 0 and -100."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tpm_widgets.study.cells.converting import comparable

POINTS = 100.0  # of a promoter, where words name the classes
CLASSES = {
    1: ("promoter", "promoters", "promotor", "promotoren", "promoteur", "promoteurs", "promotore", "promotores"),
    0: ("passive", "passives", "passiv", "passiver", "neutral", "neutrals", "indifferent", "indifferente", "passif"),
    -1: ("detractor", "detractors", "detraktor", "detraktoren", "kritiker", "critic", "critics", "détracteur"),
}
CLASS_OF = {word: number for number, words in CLASSES.items() for word in words}


def class_points(words: Sequence[str]) -> dict[str, float]:
    """Return the points of each word, where all name classes, and promoters are among several; else none.

    >>> class_points(["Detractor", "Promoter"]), class_points(["neutral", "good"])
    ({'Detractor': -100.0, 'Promoter': 100.0}, {})
    """
    found = {word: CLASS_OF[comparable(word)] for word in words if comparable(word) in CLASS_OF}
    whole = len(found) == len(words) and len(set(found.values())) > 1 and 1 in found.values()
    return {word: number * POINTS for word, number in found.items()} if whole else {}


def points_of_classes(values: Collection[float]) -> float:
    """Return the points of promoters, where numbers are those of classes: 100, or 1; else 0."""
    return next((end for end in (POINTS, 1.0) if {-end, end} <= set(values) <= {-end, 0.0, end}), 0.0)
