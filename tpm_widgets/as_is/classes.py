"""Detractors, passives and promoters of a study: which cut-offs apply, and which answers do not count."""

from __future__ import annotations

import numpy as np

from tpm_widgets.errors import DataError
from tpm_widgets.language import Number, Sentence, say, say_n
from tpm_widgets.study.model import Study


def checked_cutoffs(study: Study, cutoffs: tuple[float, float] | None) -> tuple[float, float]:
    """Return the cut-offs that apply: (6, 8) on the scale 0 to 10; on any other scale they have to be given."""
    low, high = study.recommend_scale
    if cutoffs is None:
        if (low, high) != (0, 10):
            expected = say("a scale from 0 to 10, on which promoters and detractors are defined")
            remedy = say("Give cutoffs=(highest answer of a detractor, highest answer of a passive).")
            raise DataError(
                [
                    {
                        "table": "survey",
                        "column": "recommend",
                        "value": f"{low:g} to {high:g}",
                        "expected": str(expected),
                        "remedy": str(remedy),
                    }
                ]
            )
        return 6, 8
    if not (len(cutoffs) == 2 and low <= cutoffs[0] <= cutoffs[1] < high):
        raise ValueError(f"cutoffs must be two numbers from {low:g} to below {high:g}, in order; got {cutoffs!r}.")
    return cutoffs


def excluded_scores(study: Study, scores: np.ndarray, classes: np.ndarray) -> list[Sentence]:
    """Count the answers that do not count, by reason."""
    low, high = study.recommend_scale
    missing, off = np.isnan(scores), np.isnan(classes) & ~np.isnan(scores)
    unweighted = ~np.isnan(classes) & ~(study.weights > 0)
    found = []
    if missing.any():
        found.append(say_n("{count} answer gives no score.", "{count} answers give no score.", int(missing.sum())))
    if off.any():
        found.append(
            say_n(
                "{count} score is no whole number from {low} to {high} and does not count.",
                "{count} scores are no whole numbers from {low} to {high} and do not count.",
                int(off.sum()),
                low=Number(low, 0),
                high=Number(high, 0),
            )
        )
    if unweighted.any():
        found.append(
            say_n(
                "{count} answer has no weight, or weight 0, and does not count.",
                "{count} answers have no weight, or weight 0, and do not count.",
                int(unweighted.sum()),
            )
        )
    return found
