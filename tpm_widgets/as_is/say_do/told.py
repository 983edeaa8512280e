"""Saying beside deeds that have no date: what customer systems count at any time, or what respondents report.

Both go together with the score or do not; neither is anything that an answer could predict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.by_class import SHARES
from tpm_widgets.as_is.deeds.undated import LOOKS_BACK, reported_deeds, undated_deeds
from tpm_widgets.as_is.say_do.person import PersonLevel, person_level
from tpm_widgets.as_is.score.classes import answer_classes, excluded_scores
from tpm_widgets.columns import with_ends
from tpm_widgets.language import Sentence, say_n
from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.statistics.score.question import Question
from tpm_widgets.study.model import Study

YEAR = 365  # days that a report looks back
PER = 100  # customers
MEASURES = ["n", "referrers", *with_ends()]
COUNTED = ["recommendations", *with_ends("rate")]


def reported(study: Study, level: float, replicates: int, seed: int) -> dict[str, Any]:
    """Set the score beside what the same persons report; it precedes the answer."""
    deeds = pd.DataFrame({"reported": reported_deeds(study)})
    answers, excluded = told(study, deeds, "reported")
    excluded += _silent(
        study,
        len(answers),
        lambda count: say_n(
            "{count} answer does not say whether its author recommended.",
            "{count} answers do not say whether their authors recommended.",
            count,
        ),
    )
    return _found(study, answers, ["reported"], level, replicates, seed) | {
        "window": YEAR,
        "caveats": (LOOKS_BACK, *excluded),
    }


def undated(study: Study, level: float, replicates: int, seed: int) -> dict[str, Any]:
    """Set the score beside what the same customers did at some time; before the answer or after it."""
    deeds, caveats = undated_deeds(study, "say_do")
    known = deeds.assign(won=(deeds["customers_won"] > 0).astype(float).mask(deeds["customers_won"].isna()))
    names = [name for name in ("recommended", "won") if known[name].notna().any()]
    answers, excluded = told(study, known, names[0])
    excluded += _silent(
        study,
        len(answers),
        lambda count: say_n(
            "Of {count} answer it is not known whether its customer recommended.",
            "Of {count} answers it is not known whether their customers recommended.",
            count,
        ),
    )
    return _found(study, answers, names, level, replicates, seed) | {
        "window": study.period.window,
        "caveats": (*caveats, *excluded),
    }


def told(study: Study, deeds: pd.DataFrame, deed: str) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return the answers with a score of which the deed is known, and which do not count.

    The answers have ``score, kind, weight, customer`` (a code), the deeds as they are, and ``done``, whether the first
    one was.
    """
    scores, classes = answer_classes(study)
    frame = pd.DataFrame({"score": scores, "kind": classes, "weight": study.weights, "customer": study.persons})
    known = deeds[deed].notna().to_numpy() & np.isfinite(classes) & (study.weights > 0)
    answers = pd.concat([frame, deeds.reset_index(drop=True)], axis=1)[known]
    return answers.assign(done=answers[deed] > 0), excluded_scores(study, scores, classes)


def _silent(study: Study, known: int, words: Callable[[int], Sentence]) -> list[Sentence]:
    """Say how many answers have a score while their deed is not known, where there are any."""
    _, classes = answer_classes(study)
    count = int((np.isfinite(classes) & (study.weights > 0)).sum()) - known
    return [words(count)] if count else []


def _found(
    study: Study, answers: pd.DataFrame, deeds: list[str], level: float, replicates: int, seed: int
) -> dict[str, Any]:
    """Measure the deeds by score, by class and by person."""
    parts = []
    for deed in deeds:
        known = answers[answers[deed].notna()]
        own = known.assign(**{deed: known[deed] > 0})
        parts.append(person_level(own, study.question, deed, level, replicates, seed))
    person = PersonLevel(
        **{
            field.name: pd.concat([getattr(part, field.name) for part in parts], ignore_index=True)
            for field in fields(PersonLevel)
        }
    )
    return {
        "table": by_score(answers, study.question, level),
        "classes": by_class(answers, study.question, level),
        "auc": person.estimate("auc"),
        "n": len(answers),
        "person": person,
    }


def by_score(answers: pd.DataFrame, question: Question, level: float) -> pd.DataFrame:
    """Return, for each score on its scale, how many did it; and where they are counted, the recommendations."""
    scores = question.answers
    columns = [*MEASURES, *(COUNTED if _counted(answers) else [])]
    rows = [_measures(answers[answers["score"] == score], level, len(columns)) for score in scores]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "score", scores)
    table.insert(1, "promoter_class", [question.names[kind] for kind in question.kinds])
    return table


def by_class(answers: pd.DataFrame, question: Question, level: float) -> pd.DataFrame:
    """Return the same for the classes; and their shares of all that was done, and of all answers."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    counted = _counted(answers)
    made = (answers["recommendations"].fillna(0) if counted else answers["done"]).to_numpy(float)
    columns = [*MEASURES, *(COUNTED if counted else [])]
    rows = []
    for kind, name in question.names.items():
        own = (answers["kind"] == kind).to_numpy()
        origin = clustered_share(made * own, made, level=level, weights=weights, clusters=clusters)
        said = weights[own].sum() / weights.sum() if len(answers) else np.nan
        rows.append([name, *_measures(answers[own], level, len(columns)), *origin.limits, said])
    return pd.DataFrame(rows, columns=["promoter_class", *columns, *SHARES, "answer_share"])


def _counted(answers: pd.DataFrame) -> bool:
    return "recommendations" in answers and bool(answers["recommendations"].notna().any())


def _measures(answers: pd.DataFrame, level: float, size: int) -> list[float]:
    """Return the measures of some answers, ``size`` of them."""
    done, weights = answers["done"].to_numpy(float), answers["weight"].to_numpy()
    clusters, ones = answers["customer"].to_numpy(), np.ones(len(answers))
    share = clustered_share(done, ones, level=level, weights=weights, clusters=clusters)
    found = [len(answers), int(done.sum()), *share.limits]
    if size == len(MEASURES):
        return found
    counts = answers.dropna(subset=["recommendations"])
    rate = event_rate(
        counts["recommendations"].to_numpy(float),
        np.ones(len(counts)),
        level=level,
        weights=counts["weight"].to_numpy(),
        clusters=counts["customer"].to_numpy(),
    )
    return [*found, int(counts["recommendations"].sum()), *rate.per(PER)]
