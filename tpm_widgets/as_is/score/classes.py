"""Detractors, passives and promoters of a study: which cut-offs apply, and which answers do not count."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.score.question import CUTOFFS, USUAL, Question
from tpm_widgets.statistics.score.question import Cutoffs as Cutoffs
from tpm_widgets.study.model import Scale, Study

CLASS_WORDS: Mapping[str, Sentence] = {
    "promoter": say("promoters"),
    "passive": say("passives"),
    "detractor": say("detractors"),
    "yes": say("answers of yes"),
    "no": say("answers of no"),
}


def answer_classes(study: Study, cutoffs: Cutoffs | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return each answer's score and its class, −1, 0 or 1 (both missing without one), each of shape (answers,)."""
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    return scores, study.question.classes(scores, cutoffs)


def class_caveats(study: Study, cutoffs: Cutoffs | None = None) -> list[Sentence]:
    """Say what is to be known of the classes: who draws them where nobody declares them, and an unlikely scale."""
    likelier = study.question.likelier(study.survey["recommend"].to_numpy(float, na_value=np.nan))
    return place_caveats(study.question, cutoffs) if likelier is None else [another_scale(likelier)]


def need_classes(study: Study, verb: str) -> None:
    """Refuse a yes/no question where the three classes are what is asked about."""
    if study.question.yes_no:
        raise DataError(
            [
                {
                    "table": "survey",
                    "column": "recommend",
                    "expected": say("a question with promoters, passives and detractors, for {verb}", verb=verb),
                    "remedy": say(
                        "It was answered by yes or no: net_promoter_score gives the share of yes, compare_scores the "
                        "differences."
                    ),
                }
            ]
        )


def place_caveats(question: Question, cutoffs: Cutoffs | None = None) -> list[Sentence]:
    """Say which answers are whose, where nobody says it and the scale is not the usual one."""
    by_name = cutoffs in CUTOFFS or (cutoffs is None and question.cutoffs is None)
    if question.yes_no or question.scale == USUAL or not by_name:
        return []
    return [
        say(
            "On a scale from {low} to {high} the classes are those of 0 to 10 by their place: detractors {low} to "
            "{detractor}, passives up to {passive}, promoters above. Other studies may draw them elsewhere, and scores "
            "of different scales are not alike; yours are declared by cutoffs = [{detractor}, {passive}] under "
            "[survey], or as the option cutoffs.",
            low=_plain(question.scale[0]),
            high=_plain(question.scale[1]),
            detractor=_plain(question.cut(cutoffs)[0]),
            passive=_plain(question.cut(cutoffs)[1]),
        )
    ]


def another_scale(scale: Scale) -> Sentence:
    """Ask whether answers on 0 to 10 were given on another scale."""
    ends = {"low": _plain(scale[0]), "high": _plain(scale[1])}
    if scale in ((0, 1), (1, 2)):
        return say(
            'Only {low} and {high} on a scale from 0 to 10: a yes/no question? Then write recommend_scale = "yes/no" '
            "under [survey].",
            **ends,
        )
    return say(
        "Only answers from {low} to {high} on a scale from 0 to 10: another scale? Then write recommend_scale = "
        "[{low}, {high}] under [survey].",
        **ends,
    )


def _plain(number: float) -> str:
    return f"{number:g}"


def check_scores(scores: pd.Series) -> None:
    """Check that Net Promoter Scores are some; missing ones are."""
    if (scores.dropna().abs() > 1 + 1e-12).any():
        raise ValueError("a Net Promoter Score lies outside -1…1.")


def excluded_scores(
    study: Study, scores: np.ndarray, classes: np.ndarray, cutoffs: Cutoffs | None = None
) -> list[Sentence]:
    """Count the answers of a study that do not count, by reason; and say what is to be known of the classes."""
    off, unweighted = np.isnan(classes) & ~np.isnan(scores), ~np.isnan(classes) & ~(study.weights > 0)
    counted = exclusions(int(np.isnan(scores).sum()), int(off.sum()), int(unweighted.sum()), study.recommend_scale)
    return [*class_caveats(study, cutoffs), *counted]


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
