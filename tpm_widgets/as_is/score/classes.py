"""Detractors, passives and promoters of a study: which cut-offs apply, and which answers do not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.score.net_promoter import score_classes
from tpm_widgets.study.model import Scale, Study

Cutoffs = Literal["standard", "european"] | tuple[float, float]
# The highest answer of a detractor and of a passive, on the scale 0 to 10.
CUTOFFS: Mapping[str, tuple[float, float]] = {"standard": (6, 8), "european": (5, 7)}


CLASS_WORDS: Mapping[str, Sentence] = {
    "promoter": say("promoters"),
    "passive": say("passives"),
    "detractor": say("detractors"),
}


def answer_classes(study: Study, cutoffs: Cutoffs | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return each answer's score and its class, −1, 0 or 1 (both missing without one), each of shape (answers,)."""
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    return scores, score_classes(scores, checked_cutoffs(study, cutoffs), study.recommend_scale)


def checked_cutoffs(study: Study, cutoffs: Cutoffs | None) -> tuple[float, float]:
    """Return the cut-offs that apply, as numbers; on any scale but 0 to 10 they have to be given as numbers.

    ``"standard"``, or None, is 0–6 | 7–8 | 9–10 (Reichheld 2003); ``"european"`` is 0–5 | 6–7 | 8–10, for countries
    where people are said to avoid the ends of a scale.
    """
    return cutoffs_on(study.recommend_scale, cutoffs)


def cutoffs_on(scale: Scale, cutoffs: Cutoffs | None) -> tuple[float, float]:
    """Return the cut-offs that apply on a scale, see :func:`checked_cutoffs`."""
    low, high = scale
    if cutoffs is None or isinstance(cutoffs, str):
        if cutoffs not in (None, *CUTOFFS):
            named = " or ".join(map(repr, CUTOFFS))
            raise ValueError(f"cutoffs must be {named}, or two numbers; got {cutoffs!r}.")
        if (low, high) != (0, 10):
            raise DataError([_no_cutoffs(low, high)])
        return CUTOFFS[cutoffs or "standard"]
    if not (len(cutoffs) == 2 and low <= cutoffs[0] <= cutoffs[1] < high):
        raise ValueError(f"cutoffs must be two numbers from {low:g} to below {high:g}, in order; got {cutoffs!r}.")
    return cutoffs


def _no_cutoffs(low: float, high: float) -> dict[str, str]:
    return {
        "table": "survey",
        "column": "recommend",
        "value": f"{low:g} to {high:g}",
        "expected": str(say("a scale from 0 to 10, on which promoters and detractors are defined")),
        "remedy": str(
            say(
                "Where a verb takes cutoffs=, give the highest answer of a detractor and of a passive; all others need "
                "the scale from 0 to 10."
            )
        ),
    }


def check_scores(scores: pd.Series) -> None:
    """Check that Net Promoter Scores are some; missing ones are."""
    if (scores.dropna().abs() > 1 + 1e-12).any():
        raise ValueError("a Net Promoter Score lies outside -1…1.")


def excluded_scores(study: Study, scores: np.ndarray, classes: np.ndarray) -> list[Sentence]:
    """Count the answers of a study that do not count, by reason."""
    off, unweighted = np.isnan(classes) & ~np.isnan(scores), ~np.isnan(classes) & ~(study.weights > 0)
    return exclusions(int(np.isnan(scores).sum()), int(off.sum()), int(unweighted.sum()), study.recommend_scale)


def exclusions(missing: int, off: int, unweighted: int, scale: Scale) -> list[Sentence]:
    """Say how many answers do not count: without a score, off the scale, without a weight."""
    found = []
    if missing:
        found.append(say_n("{count} answer gives no score.", "{count} answers give no score.", missing))
    if off:
        found.append(
            say_n(
                "{count} score is no whole number from {low:count} to {high:count} and does not count.",
                "{count} scores are no whole numbers from {low:count} to {high:count} and do not count.",
                off,
                low=scale[0],
                high=scale[1],
            )
        )
    if unweighted:
        found.append(
            say_n(
                "{count} answer has no weight, or weight 0, and does not count.",
                "{count} answers have no weight, or weight 0, and do not count.",
                unweighted,
            )
        )
    return found
