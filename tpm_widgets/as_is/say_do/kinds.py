"""The kinds of study that saying can be held against doing in, and what is known where deeds have a date.

Without dates (``told``) saying and doing go together or not, and nothing is predicted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.by_class import CLASS_COLUMNS, by_class, by_score, deed_shares
from tpm_widgets.as_is.deeds.linkage import DAYS_PER_MONTH, need_linked
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.deeds.undated import REPORTED, has_undated, undated_fault
from tpm_widgets.as_is.say_do.cells import Rhythm, said_and_done
from tpm_widgets.as_is.say_do.groups import SayDoGroups, groups_of
from tpm_widgets.as_is.say_do.person import linked_person_level
from tpm_widgets.as_is.say_do.response import by_response, response_weights
from tpm_widgets.as_is.say_do.time import SayDoTime, time_of
from tpm_widgets.as_is.score.classes import answer_classes, excluded_scores
from tpm_widgets.errors import DataError
from tpm_widgets.language import Paragraph, Sentence, Worded, say, say_n
from tpm_widgets.study.model import Study

Made = TypeVar("Made")
Kind = Literal["linked", "undated", "unlinked", "reported"]

# Below so many customers who recommended, a bootstrap interval is a rough guide only.
FEW_REFERRERS = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """The group level and the time level; each None where the study cannot give it, and then what would mend that."""

    groups: SayDoGroups | None = None
    time: SayDoTime | None = None
    remedies: Mapping[str, tuple[Worded | str, ...]]


def levels_of(observed: Observed, by: Any, level: float) -> Levels:
    """Make both levels; what refuses one does not refuse the other."""
    survey = observed.study.survey
    # answers without a date may still have a wave
    period: Rhythm = "wave" if "wave" in survey and not observed.study.has("survey", "date") else "quarter"
    measured, why = _unless_refused(lambda: said_and_done(observed, level))
    if measured is None:
        return Levels(remedies={"groups": why, "time": why})
    groups, no_groups = _unless_refused(lambda: groups_of(measured, by))
    time, no_time = _unless_refused(lambda: time_of(measured, period))
    return Levels(groups=groups, time=time, remedies={"groups": no_groups, "time": no_time})


def _unless_refused(make: Callable[[], Made]) -> tuple[Made | None, tuple[Worded | str, ...]]:
    """Return what is made, or else the remedies of the refusal."""
    try:
        return make(), ()
    except DataError as refusal:
        return None, refusal.remedies


def kind_of(study: Study, levels: Levels) -> Kind:
    """Tell which kind a study is; refuse one that is none, in words that say what each would need."""
    try:
        need_linked(study, "say_do")
        return "linked"
    except DataError as refusal:
        link = refusal.problems
    if has_undated(study):
        return "undated"
    recorded = study.customers is not None and study.referrals is not None
    if recorded and (levels.groups or levels.time):
        return "unlinked"
    if study.has("survey", REPORTED):
        return "reported"
    anything = say(
        "Add customers and referrals, and a column of the same name in survey and customers (a region), or the date of "
        "each answer."
    )
    groups_need = {
        "table": "customers",
        "expected": say("or, without a link, something that customers and answers have in common, for say_do"),
        "remedy": Paragraph(levels.remedies["groups"]) if recorded else anything,
    }
    report_needs = {
        "table": "survey",
        "column": "recommended_12m",
        "expected": say("or, without any record, what respondents report, for say_do"),
        "remedy": say('Ask whether they recommended in the past 12 months: recommended_12m = "…" under [survey].'),
    }
    lacking = [{str(name): value for name, value in fault.items()} for fault in link.to_dict("records")]
    raise DataError([*lacking, groups_need, undated_fault("say_do"), report_needs])


def scored(study: Study) -> tuple[np.ndarray, np.ndarray, list[Sentence]]:
    """Return each answer's score and class, and which do not count."""
    scores, classes = answer_classes(study)
    return scores, classes, excluded_scores(study, scores, classes)


def linked(
    observed: Observed, window: int, level: float, replicates: int, seed: int, weight_response: bool
) -> dict[str, Any]:
    """Follow each answer's customer: everything that is known about persons."""
    study, exposure = observed.study, observed.answers(window)
    scores, classes, excluded = scored(study)
    at = exposure.answers.index
    answers = exposure.answers.assign(
        score=scores[at], kind=classes[at], weight=study.weights[at], months=exposure.answers["days"] / DAYS_PER_MONTH
    )
    answers = answers[answers["kind"].notna() & (answers["weight"] > 0)]
    caveats = [*exposure.caveats, *excluded, *_linked_caveats(answers)]
    deeds = deed_shares(answers, study.question, exposure.window, level)
    response = pd.DataFrame()
    if weight_response and len(answers):
        factor = response_weights(observed, study.survey["customer"][answers.index], answers["weight"].to_numpy())
        answers = answers.assign(weight=answers["weight"] * factor)
        before, deeds = deeds, deed_shares(answers, study.question, exposure.window, level)
        response = deeds.assign(unweighted=before["estimate"], change=deeds["estimate"] - before["estimate"])
        caveats.append(_response_caveat(response))
    person = linked_person_level(answers, study.question, level, replicates, seed)
    return {
        "table": by_score(answers, study.question, exposure.window, level),
        "classes": by_class(answers, study.question, exposure.window, level),
        "auc": person.estimate("auc"),
        "respondents": by_response(observed, level, weighted=weight_response),
        "window": exposure.window,
        "n": len(answers),
        "person": person,
        "deeds": deeds,
        "response": response,
        "caveats": tuple(caveats),
    }


def unlinked(observed: Observed, window: int, level: float, levels: Levels) -> dict[str, Any]:
    """Put what was said beside what was done: nobody is known to have done both."""
    study = observed.study
    _, classes, excluded = scored(study)
    weights = np.where(np.isfinite(classes), study.weights, 0.0)
    rows = {
        name: {"n": int(((classes == kind) & (weights > 0)).sum()), "answer_share": weights[classes == kind].sum()}
        for kind, name in study.question.names.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("promoter_class").reset_index()
    table["answer_share"] /= weights.sum() if weights.any() else np.nan
    shown = next(level for level in (levels.groups, levels.time) if level is not None)
    return {
        "table": shown.table.rename(columns=lambda name: name.replace("score", "nps")),
        "classes": table.reindex(columns=CLASS_COLUMNS),
        "respondents": by_response(observed, level, linked=False),
        "window": window,
        "n": int((weights > 0).sum()),
        "caveats": tuple(excluded),
    }


def _response_caveat(response: pd.DataFrame) -> Sentence:
    (row,) = response.query("deed == 'referred' and promoter_class == 'all'").to_dict("records")
    return say(
        "Answers are weighted to all customers by segment and year of acquisition; that moves the share of all who "
        "recommend from {unweighted:percent} to {estimate:percent}, and cannot mend what sets apart those who answer "
        "inside a cell.",
        row,
    )


def _linked_caveats(answers: pd.DataFrame) -> list[Sentence]:
    """Say what the numbers rest on and what they do not show."""
    referrers = answers.loc[answers["referred"], "customer"].nunique()
    found = [
        say(
            "It rests on {n} answers of {customers} customers, of whom {referrers} recommended. Recommendations that "
            "nobody recorded count as not made; and a score that goes with deeds does not make them happen.",
            n=len(answers),
            customers=answers["customer"].nunique(),
            referrers=referrers,
        )
    ]
    if 0 < referrers < FEW_REFERRERS:
        found.append(
            say_n(
                "With only {count} customer who recommended, the interval of the AUC is a rough guide.",
                "With only {count} customers who recommended, the interval of the AUC is a rough guide.",
                referrers,
            )
        )
    return found
