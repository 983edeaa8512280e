"""What customers say and what they do, as one outcome per answer, with the weight and the customer of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tpm_widgets.as_is.classes import answer_classes
from tpm_widgets.as_is.exposure import follow_answers
from tpm_widgets.as_is.leaving import follow_leaving
from tpm_widgets.as_is.linkage import DAYS_PER_YEAR, need_permission
from tpm_widgets.errors import DataError
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.statistics.net_promoter import DETRACTOR, PROMOTER
from tpm_widgets.study.model import Study, need

Outcome = Literal[
    "recommend",
    "promoter",
    "detractor",
    "referred",
    "won",
    "left",
    "bought_again",
    "referrals",
    "referrals_won",
]
SAID = ("recommend", "promoter", "detractor")
COUNTED = {"referrals": "events", "referrals_won": "wins"}  # the column of Exposure.answers
WORDS = {
    "recommend": say("the willingness to recommend"),
    "promoter": say("being a promoter"),
    "detractor": say("being a detractor"),
    "referred": say("having recommended"),
    "won": say("having won a customer"),
    "left": say("leaving"),
    "bought_again": say("buying again"),
    "referrals": say("the number of recommendations"),
    "referrals_won": say("the number of customers won"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The answers whose outcome is known.

    Attributes
    ----------
    rows : numpy.ndarray, shape (n,)
        Positions in the survey.
    observed : numpy.ndarray, shape (n,)
        The score, 0/1, or a count.
    weights : numpy.ndarray, shape (n,)
        Above 0: the study's weight, for deeds that did or did not happen times the weight that makes up for cut
        observation.
    clusters : numpy.ndarray, shape (n,)
        A number for each customer; the same for all outcomes of a study.
    exposure : numpy.ndarray, shape (n,)
        The years in which a count was made; 1 for other outcomes.
    caveats : tuple of Sentence
    """

    rows: np.ndarray
    observed: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray
    exposure: np.ndarray
    caveats: tuple[Sentence, ...] = ()

    def only(self, wanted: np.ndarray) -> Answers:
        """Keep some of the answers, by a mask of shape (n,)."""
        names = ("rows", "observed", "weights", "clusters", "exposure")
        return replace(self, **{name: getattr(self, name)[wanted] for name in names})


def known_answers(study: Study, outcome: Outcome, window: int | None, verb: str) -> Answers:
    """Collect the answers whose outcome is known; for deeds those followed long enough, weighted for the others."""
    caveats: tuple[Sentence, ...] = ()
    exposure = np.ones(len(study.survey))
    if outcome in SAID:
        values, weights = said(study, outcome), study.weights
    elif outcome in COUNTED:
        values, weights, exposure, caveats = _counted(study, outcome, window, verb)
    elif outcome == "bought_again":
        values, weights, caveats = _bought_again(study, verb)
    else:
        values, weights, caveats = _done(study, outcome, window, verb)
    rows = np.flatnonzero(~np.isnan(values) & (weights > 0))
    if not len(rows):
        expected = say("answers for which {outcome} is known", outcome=WORDS[outcome])
        remedy = say("Check the answers' dates and weights, and the period of recording.")
        raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])
    return Answers(
        rows=rows,
        observed=values[rows],
        weights=weights[rows],
        clusters=study.persons[rows],
        exposure=exposure[rows],
        caveats=caveats,
    )


def said(study: Study, outcome: Outcome) -> np.ndarray:
    """Return the score, or whether it is a promoter's or a detractor's; missing without one, shape (answers,)."""
    if outcome == "recommend":
        return study.survey["recommend"].to_numpy(float, na_value=np.nan)
    _, classes = answer_classes(study)
    wanted = PROMOTER if outcome == "promoter" else DETRACTOR
    return np.where(np.isnan(classes), np.nan, classes == wanted)


def _done(
    study: Study, outcome: Outcome, window: int | None, verb: str
) -> tuple[np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Tell what each answer's customer did within the window: missing where that was not seen to the end."""
    followed = (follow_leaving if outcome == "left" else follow_answers)(study, window=window, verb=verb)
    answers = followed.answers
    # A recommendation settles "referred" at once, but not "won": a later one may still win a customer.
    complete, weight = ("won_complete", "won_weight") if outcome == "won" else ("complete", "censoring_weight")
    known = answers[answers[complete]]
    values, weights = np.full(len(study.survey), np.nan), np.zeros(len(study.survey))
    values[known.index] = known[outcome]
    weights[known.index] = known[weight] * study.weights[known.index]
    how_many = say(
        "Deeds within {window} days of the answer are known for {known} of {followed} answers followed ({share}); "
        "these are weighted so that they stand for all.",
        window=followed.window,
        known=len(known),
        followed=len(answers),
        share=Percent(len(known) / max(len(answers), 1)),
    )
    return values, weights, (how_many, *followed.caveats)


def _counted(
    study: Study, outcome: Outcome, window: int | None, verb: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Count each answer's recommendations in the time for which it was followed, however short, and that time."""
    followed = follow_answers(study, window=window, verb=verb)
    answers = followed.answers
    values, exposure = np.full(len(study.survey), np.nan), np.ones(len(study.survey))
    values[answers.index] = answers[COUNTED[outcome]]
    exposure[answers.index] = answers["days"] / DAYS_PER_YEAR
    how_long = say(
        "Every answer followed counts with its own time, {years} customer-years in all, at most {window} days after "
        "the answer.",
        years=Number(float(exposure[answers.index].sum()), 0),
        window=followed.window,
    )
    return values, study.weights, exposure, (how_long, *followed.caveats)


def _bought_again(study: Study, verb: str) -> tuple[np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Tell whether each answer's customer is known to have bought again; missing where that is not known."""
    need_permission(study, verb)
    need(study, verb, survey=("customer",), customers=("customer", "bought_again"))
    people = study.customers.dropna(subset=["customer"]).drop_duplicates("customer")  # type: ignore[union-attr]
    bought = people.set_index("customer")["bought_again"].astype("Float64")
    values = study.survey["customer"].map(bought).to_numpy(float, na_value=np.nan)
    undated = say(
        "Whether a customer bought again has no date: it may have happened before the answer, so that the purchase may "
        "have moved the ratings."
    )
    return values, study.weights, (undated,)
