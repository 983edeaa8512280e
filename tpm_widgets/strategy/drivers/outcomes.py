"""What customers say and what they do, as one outcome per answer, with the weight and the customer of each; and who
left within the window after an answer, where that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.exposure import (
    answer_spells,
    check_window,
    left_out_caveats,
    weights_within_class,
)
from tpm_widgets.as_is.deeds.linkage import (
    DAYS_PER_YEAR,
    day_number,
    day_numbers,
    need_permission,
    recorded_period,
)
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.deeds.undated import LOOKS_BACK, REPORTED, UNDATED, has_undated, reported_deeds, undated_deeds
from tpm_widgets.as_is.score.classes import answer_classes, class_caveats
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.score.net_promoter import DETRACTOR, PROMOTER
from tpm_widgets.study.model import Study, given, need

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
    "reported",
    "recommended",
    "recommendations",
    "customers_won",
    "yes",
]
SAID = ("recommend", "promoter", "detractor", "yes")
FOLLOWED = {"referrals": "events", "referrals_won": "wins"}  # the column of Exposure.answers
COUNTED = (*FOLLOWED, *UNDATED[1:])
WORDS = {
    "recommend": say("the willingness to recommend"),
    "promoter": say("being a promoter"),
    "detractor": say("being a detractor"),
    "yes": say("saying yes"),
    "referred": say("having recommended"),
    "won": say("having won a customer"),
    "left": say("leaving"),
    "bought_again": say("buying again"),
    "referrals": say("the number of recommendations"),
    "referrals_won": say("the number of customers won"),
    "reported": say("having recommended (reported, looks back)"),
    "recommended": say("having recommended (at any time)"),
    "recommendations": say("the number of recommendations (at any time)"),
    "customers_won": say("the number of customers won (at any time)"),
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


def known_answers(observed: Observed, outcome: Outcome, window: int | None = None) -> Answers:
    """Collect the answers whose outcome is known; for deeds those followed long enough, weighted for the others."""
    study = observed.study
    caveats: tuple[Sentence, ...] = ()
    exposure = np.ones(len(study.survey))
    if outcome in SAID:
        values, weights = said(study, outcome), study.weights
        caveats = () if outcome == "recommend" else tuple(class_caveats(study))
    elif outcome in FOLLOWED:
        values, weights, exposure, caveats = _counted(observed, outcome, window)
    elif outcome == "reported" or outcome in UNDATED:
        values, caveats = _at_any_time(observed, outcome)
        weights = study.weights
    elif outcome == "bought_again":
        values, weights, caveats = _bought_again(observed)
    else:
        values, weights, caveats = _done(observed, outcome, window)
    rows = np.flatnonzero(~np.isnan(values) & (weights > 0))
    if not len(rows):
        expected = say("answers for which {outcome} is known", outcome=WORDS[outcome])
        remedy = say("Check the answers' dates and weights, and the period of recording.")
        if outcome in UNDATED:
            remedy = say('Name the column that tells it under [survey]: {role} = "…".', role=outcome)
        raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])
    return Answers(
        rows=rows,
        observed=values[rows],
        weights=weights[rows],
        clusters=study.clusters[rows],
        exposure=exposure[rows],
        caveats=caveats,
    )


def asked(study: Study, outcome: Outcome, verb: str) -> Outcome:
    """Return the outcome that is meant: where yes or no was answered, saying yes; refuse what it cannot give.

    Raises
    ------
    DataError
        For detractors of a yes/no question, and for a yes of any other.
    """
    if not study.question.yes_no and outcome != "yes":
        return outcome
    if study.question.yes_no and outcome != "detractor":
        return "yes" if outcome in ("recommend", "promoter") else outcome
    expected = say("an answer that makes {outcome}, for {verb}", outcome=WORDS[outcome], verb=verb)
    remedy = (
        say("It was answered by yes or no: take outcome='recommend', which is saying yes.")
        if study.question.yes_no
        else say("Declare recommend_scale = \"yes/no\" under [survey], or take outcome='promoter'.")
    )
    raise DataError([{"table": "survey", "column": "recommend", "expected": expected, "remedy": remedy}])


def said(study: Study, outcome: Outcome) -> np.ndarray:
    """Return the score, or whether it is a promoter's or a detractor's; missing without one, shape (answers,)."""
    if outcome == "recommend":
        return study.survey["recommend"].to_numpy(float, na_value=np.nan)
    _, classes = answer_classes(study)
    wanted = DETRACTOR if outcome == "detractor" else PROMOTER
    return np.where(np.isnan(classes), np.nan, classes == wanted)


def _done(
    observed: Observed, outcome: Outcome, window: int | None
) -> tuple[np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Tell what each answer's customer did within the window: missing where that was not seen to the end."""
    study = observed.study
    followed = follow_leaving(observed, window) if outcome == "left" else observed.answers(window)
    answers = followed.answers
    # A recommendation settles "referred" at once, but not "won": a later one may still win a customer.
    complete, weight = ("won_complete", "won_weight") if outcome == "won" else ("complete", "censoring_weight")
    known = answers[answers[complete]]
    values, weights = np.full(len(study.survey), np.nan), np.zeros(len(study.survey))
    values[known.index] = known[outcome]
    weights[known.index] = known[weight] * study.weights[known.index]
    how_many = say(
        "Deeds within {window} days of the answer are known for {known} of {followed} answers followed "
        "({share:percent}); these are weighted so that they stand for all.",
        window=followed.window,
        known=len(known),
        followed=len(answers),
        share=len(known) / max(len(answers), 1),
    )
    return values, weights, (how_many, *followed.caveats)


def _counted(
    observed: Observed, outcome: Outcome, window: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Count each answer's recommendations in the time for which it was followed, however short, and that time."""
    study, followed = observed.study, observed.answers(window)
    answers = followed.answers
    values, exposure = np.full(len(study.survey), np.nan), np.ones(len(study.survey))
    values[answers.index] = answers[FOLLOWED[outcome]]
    exposure[answers.index] = answers["days"] / DAYS_PER_YEAR
    how_long = say(
        "Every answer followed counts with its own time, {years:count} customer-years in all, at most {window} days "
        "after the answer.",
        years=exposure[answers.index].sum(),
        window=followed.window,
    )
    return values, study.weights, exposure, (how_long, *followed.caveats)


def _at_any_time(observed: Observed, outcome: Outcome) -> tuple[np.ndarray, tuple[Sentence, ...]]:
    """Tell what each answer's customer did at some time, as recorded or as reported."""
    study, verb = observed.study, observed.verb
    if outcome == "reported":
        need(study, verb, survey=(REPORTED,))
        return reported_deeds(study).to_numpy(), (LOOKS_BACK,)
    deeds, caveats = undated_deeds(study, verb)
    return deeds[outcome].to_numpy(), tuple(caveats)


def best_known(study: Study) -> Outcome:
    """Return the deed that a study knows best: followed after the answer, else at any time, else as reported."""
    linked = study.linkage.get("permitted", True) and study.has("survey", "customer", "date")
    if linked and study.has("customers", "customer", "acquired") and study.referrals is not None:
        return "referred"
    if has_undated(study):
        return "recommended"
    return "reported" if study.has("survey", REPORTED) else "referred"


def _bought_again(observed: Observed) -> tuple[np.ndarray, np.ndarray, tuple[Sentence, ...]]:
    """Tell whether each answer's customer is known to have bought again; missing where that is not known."""
    study, verb = observed.study, observed.verb
    need_permission(study, verb)
    need(study, verb, survey=("customer",), customers=("customer", "bought_again"))
    people = given(study.customers).dropna(subset=["customer"]).drop_duplicates("customer")
    bought = people.set_index("customer")["bought_again"].astype("Float64")
    values = study.survey["customer"].map(bought).to_numpy(float, na_value=np.nan)
    undated = say(
        "Whether a customer bought again has no date: it may have happened before the answer, so that the purchase may "
        "have moved the ratings."
    )
    return values, study.weights, (undated,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """The answers that can be tied to a customer's staying or leaving.

    Attributes
    ----------
    answers : pandas.DataFrame
        One row per answer that was followed for at least one day; the index is the row of ``study.survey``.
        ``left`` within the window · ``time`` days from the answer to leaving or to the end · ``complete`` whether the
        whole window, or the leaving, was seen · ``censoring_weight`` 1/G where complete, 0 where not.
    window : int
        Days after the answer.
    left_out : mapping
        Answers that were not followed, counted by reason (a key of ``exposure.REASONS``).
    caveats : tuple of Sentence
    """

    answers: pd.DataFrame
    window: int
    left_out: Mapping[str, int]
    caveats: tuple[Sentence, ...]


def follow_leaving(observed: Observed, window: int | None = None) -> Leaving:
    """Follow each answer until its customer left, the window ended, or observation did.

    Parameters
    ----------
    observed : Observed
        Of a study with ``customer`` and ``date`` in the survey, ``acquired`` and ``left`` in the customers.
    window : int, optional
        Days; the study's own where None.

    Raises
    ------
    DataError
        Where answers cannot, or may not, be tied to customers.

    Notes
    -----
    As ``exposure.follow_answers``, but a next answer ends nothing: it shows that the customer is still one. Where the
    study does not declare ``observed_until``, the last day on which somebody is known to have left counts too. Answers
    given before recording began have weight 0, because whether those who left then were kept is not known.
    """
    study, verb = observed.study, observed.verb
    window = check_window(study.period.window if window is None else window)
    need_permission(study, verb)
    need(study, verb, survey=("customer", "date"), customers=("customer", "acquired", "left"))
    first_day, last_day = recorded_period(study)
    people = observed.spans
    if study.period.observed_until is None and people["left"].notna().any():
        last_day = max(last_day, people["left"].max())
    spells, left_out = answer_spells(
        study, people, window, day_number(first_day), day_number(last_day), until_next=False
    )
    gone = people["left"].reindex(spells["person"])
    left = gone.notna().to_numpy() & (day_numbers(gone.fillna(last_day)) == spells["end"].to_numpy())
    time = (spells["end"] - spells["answered"]).to_numpy()
    complete = (spells["entry"].to_numpy() == 0) & (left | (time == window))
    answers = pd.DataFrame(
        {
            "left": left,
            "time": time,
            "complete": complete,
            "censoring_weight": weights_within_class(study, spells, time, complete),
        },
        index=spells.index,
    )
    found = list(left_out_caveats(left_out))
    if study.period.observed_until is None:
        found.append(
            say("The study does not declare observed_until; the last day in the data ends the observation instead.")
        )
    return Leaving(answers=answers.sort_index(), window=window, left_out=left_out, caveats=tuple(found))
