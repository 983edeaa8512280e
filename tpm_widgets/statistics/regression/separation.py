"""Has a regression a finite fit? Outcomes that do not vary, and ratings that tell them apart without error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import linprog

from tpm_widgets.errors import DataError
from tpm_widgets.language import Names, Sentence, say

WITH_AND_WITHOUT = say("ratings that overlap between answers with and without the outcome")
LOW_AND_HIGH = say("ratings that overlap between answers with low and with high scores")
ENOUGH = 1e-6  # gain of a direction, with coordinates up to 1, that is more than rounding


def refuse_no_variation(outcome: np.ndarray) -> None:
    """Refuse an outcome, 0 where it did not happen, that is the same for everybody."""
    if outcome.min() == outcome.max():
        found = say("none of {n} answers", n=len(outcome)) if outcome.max() == 0 else say("all {n}", n=len(outcome))
        raise DataError(
            [
                {
                    "table": "survey",
                    "value": str(found),
                    "expected": str(say("answers with and without the outcome")),
                    "remedy": str(say("A longer period or window may bring some; until then nothing can be compared.")),
                }
            ]
        )


def refuse_separation(
    names: Sequence[str], rising: np.ndarray, still: np.ndarray | None = None, expected: Sentence = WITH_AND_WITHOUT
) -> None:
    """Refuse data along some direction of which the likelihood rises for ever, and name the columns that do it alone.

    Parameters
    ----------
    names : sequence of str, length k
        Of the last k parameters; those before them (the constant or the thresholds) are always free.
    rising : numpy.ndarray, shape (rows, parameters)
        Linear forms of the parameters on which the likelihood rises without end: the data separate where a direction
        lowers none of them and raises some.
    still : numpy.ndarray, shape (rows, parameters), optional
        Linear forms that must not move along that direction.
    expected : Sentence
        What the refusal asks for.

    References
    ----------
    Konis 2007 (logit); Correia, Guimarães & Zylkin 2019, arXiv:1903.01633 (counts).
    """
    free = rising.shape[1] - len(names)
    if not _separates(rising, still):
        return
    places = {name: [*range(free), free + place] for place, name in enumerate(names)}
    alone = [
        name for name, own in places.items() if _separates(rising[:, own], None if still is None else still[:, own])
    ]
    remedy = say("Leave touchpoints out or take more answers: no finite effect fits these ratings.")
    column = Names(tuple(alone)).text() if alone else ""
    raise DataError([{"table": "survey", "column": column, "expected": str(expected), "remedy": str(remedy)}])


def _separates(rising: np.ndarray, still: np.ndarray | None) -> bool:
    rising = np.unique(rising, axis=0)
    if still is not None:
        rising = rising @ null_space(np.unique(still, axis=0))
    if not rising.size:
        return False
    best = linprog(-rising.sum(axis=0), A_ub=-rising, b_ub=np.zeros(len(rising)), bounds=(-1, 1), method="highs")
    return bool(best.status == 0 and -best.fun > ENOUGH)
