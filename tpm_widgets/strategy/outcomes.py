"""What customers say and what they do, as one outcome per answer, with the weight and the customer of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tpm_widgets.as_is.exposure import follow_answers
from tpm_widgets.errors import DataError
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.statistics.net_promoter import DETRACTOR, PROMOTER, score_classes
from tpm_widgets.study.model import Study

Outcome = Literal["recommend", "promoter", "detractor", "referred", "won"]
SAID = ("recommend", "promoter", "detractor")
WORDS = {
    "recommend": say("the willingness to recommend"),
    "promoter": say("being a promoter"),
    "detractor": say("being a detractor"),
    "referred": say("having recommended"),
    "won": say("having won a customer"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The answers whose outcome is known.

    Attributes
    ----------
    rows : numpy.ndarray, shape (n,)
        Positions in the survey.
    observed : numpy.ndarray, shape (n,)
        The score, or 0/1.
    weights : numpy.ndarray, shape (n,)
        Above 0: the study's weight, for deeds times the weight that makes up for cut observation.
    clusters : numpy.ndarray, shape (n,)
        A number for each customer; the same for all outcomes of a study.
    caveats : tuple of Sentence
    """

    rows: np.ndarray
    observed: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray
    caveats: tuple[Sentence, ...] = ()

    def only(self, wanted: np.ndarray) -> Answers:
        """Keep some of the answers, by a mask of shape (n,)."""
        arrays = {name: getattr(self, name)[wanted] for name in ("rows", "observed", "weights", "clusters")}
        return replace(self, **arrays)


def known_answers(study: Study, outcome: Outcome, window: int | None, verb: str) -> Answers:
    """Collect the answers whose outcome is known; for deeds those followed long enough, weighted for the others."""
    caveats: tuple[Sentence, ...] = ()
    if outcome in SAID:
        values, weights = said(study, outcome), study.weights
    else:
        values, weights, caveats = _done(study, outcome, window, verb)
    rows = np.flatnonzero(~np.isnan(values) & (weights > 0))
    if not len(rows):
        expected = say("answers for which {outcome} is known", outcome=WORDS[outcome])
        remedy = say("Check the answers' dates and weights, and the period of recording.")
        raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])
    return Answers(
        rows=rows, observed=values[rows], weights=weights[rows], clusters=study.persons[rows], caveats=caveats
    )


def said(study: Study, outcome: Outcome) -> np.ndarray:
    """Return the score, or whether it is a promoter's or a detractor's; missing without one, shape (answers,)."""
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    if outcome == "recommend":
        return scores
    classes = score_classes(scores, scale=study.recommend_scale)
    wanted = PROMOTER if outcome == "promoter" else DETRACTOR
    return np.where(np.isnan(classes), np.nan, classes == wanted)


def _done(
    study: Study, outcome: Outcome, window: int | None, verb: str
) -> tuple[np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Tell what each answer's customer did within the window: missing where that was not seen to the end."""
    exposure = follow_answers(study, window=window, verb=verb)
    answers = exposure.answers
    # A recommendation settles "referred" at once, but not "won": a later one may still win a customer.
    complete, weight = ("won_complete", "won_weight") if outcome == "won" else ("complete", "censoring_weight")
    known = answers[answers[complete]]
    values, weights = np.full(len(study.survey), np.nan), np.zeros(len(study.survey))
    values[known.index] = known[outcome]
    weights[known.index] = known[weight] * study.weights[known.index]
    followed = say(
        "Deeds within {window} days of the answer are known for {known} of {followed} answers followed ({share}); "
        "these are weighted so that they stand for all.",
        window=exposure.window,
        known=len(known),
        followed=len(answers),
        share=Percent(len(known) / max(len(answers), 1)),
    )
    return values, weights, (followed, *exposure.caveats)
