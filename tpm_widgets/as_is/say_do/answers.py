"""The two plain answers of saying against doing: how much of a promise happens, and does the score predict it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tpm_widgets.as_is.say_do import yes_no
from tpm_widgets.as_is.say_do.found import SayDoFound
from tpm_widgets.as_is.say_do.groups import SayDoGroups
from tpm_widgets.as_is.say_do.kinds import Kind
from tpm_widgets.language import Paragraph, Sentence, say, say_n
from tpm_widgets.statistics.association.correlation import LEAST

# Hosmer, Lemeshow & Sturdivant (2013), Applied Logistic Regression, 5.2.4: below .7 poor, from .8 on excellent.
HOW_WELL = ((0.7, say("weakly")), (0.8, say("moderately")), (np.inf, say("well")))

MISSING = {
    "person": say("Person by person nothing can be said: answers are not tied to customers here."),
    "groups": say("Between groups nothing can be said yet."),
    "time": say("Over time nothing can be said yet."),
}


def answers_of(result: SayDoFound) -> tuple[Sentence, Sentence]:
    """Return how much of a promised recommendation happens, and whether the score predicts it, and how well."""
    made = yes_no.promise if result.question.yes_no else PROMISES[result.kind]
    return made(result), _prediction(result)


def what_is_missing(result: SayDoFound, level: str) -> Sentence:
    """Say that a level is missing, and what would mend that where it is known."""
    remedies = result.remedies.get(level)
    if not remedies:
        return MISSING[level]
    return say("{missing} {remedies}", missing=MISSING[level], remedies=Paragraph(remedies))


def rows_of(result: SayDoFound) -> dict[str, dict[Any, Any]]:
    """Return each class by its name."""
    return {row["promoter_class"]: row for row in result.classes.to_dict("records")}


# the first answer: how much of a promised recommendation happens


def _promise(result: SayDoFound) -> Sentence:
    rows = rows_of(result)
    promoter, detractor = rows["promoter"], rows["detractor"]
    if not np.isfinite(promoter["estimate"]):
        return say_n(
            "How many promoters recommend within {window} days cannot be said: of {count} answer by a promoter none "
            "was followed that long.",
            "How many promoters recommend within {window} days cannot be said: of {count} answers by promoters none "
            "was followed that long.",
            int(promoter["n"]),
            window=result.window,
        )
    (won,) = result.deeds.query("deed == 'won' and promoter_class == 'promoter'")["estimate"]
    values = {"window": result.window, "won": won}
    if not np.isfinite(detractor["estimate"]):
        return say(
            "Of those who say that they would recommend (promoters), {promoter.estimate:percent} do so within {window} "
            "days ({level:percent:0} interval {promoter.conf_interval:percent}, Kaplan-Meier, {answers}), "
            "and {won:percent} win a customer.",
            result.settings,
            promoter=promoter,
            answers=_answers(promoter),
            **values,
        )
    return say(
        "Of those who say that they would recommend (promoters), {promoter.estimate:percent} do so within {window} "
        "days ({level:percent:0} interval {promoter.conf_interval:percent}, Kaplan-Meier, {answers}), "
        "and {won:percent} win a customer; of the detractors {detractor.estimate:percent} recommend "
        "({detractor.conf_interval:percent}).",
        result.settings,
        promoter=promoter,
        answers=_answers(promoter),
        detractor=detractor,
        **values,
    )


def _at_most(result: SayDoFound) -> Sentence:
    """Bound what promoters can have done where nobody knows who did it."""
    (row,), share = result.respondents.to_dict("records"), rows_of(result)["promoter"]["answer_share"]
    if not (np.isfinite(row["rate"]) and share > 0):
        return say("How much of a promised recommendation happens cannot be said without a link.")
    return say(
        "How much of a promised recommendation happens cannot be said without a link; but even if promoters "
        "({share:percent} of {n} answers) had made every recommendation, 100 of them would have made {most:number:1} a "
        "year.",
        share=share,
        n=result.n,
        most=12 * row["rate"] / share,
    )


def _reported_promise(result: SayDoFound) -> Sentence:
    rows = rows_of(result)
    promoter, detractor = rows["promoter"], rows["detractor"]
    if not np.isfinite(promoter["estimate"]):
        return say("How much of a promised recommendation happens cannot be said: no promoter answered.")
    if not np.isfinite(detractor["estimate"]):
        return say(
            "Of the promoters {promoter.estimate:percent} report that they recommended in the past 12 months "
            "({level:percent:0} interval {promoter.conf_interval:percent}, Wilson, {answers}); what "
            "became of the promise after the answer is not known.",
            result.settings,
            promoter=promoter,
            answers=_answers(promoter),
        )
    return say(
        "Of the promoters {promoter.estimate:percent} report that they recommended in the past 12 months "
        "({level:percent:0} interval {promoter.conf_interval:percent}, Wilson, {answers}), of the "
        "detractors {detractor.estimate:percent} ({detractor.conf_interval:percent}); what became of the promise after "
        "the answer is not known.",
        result.settings,
        promoter=promoter,
        answers=_answers(promoter),
        detractor=detractor,
    )


def _undated_promise(result: SayDoFound) -> Sentence:
    rows = rows_of(result)
    promoter, detractor = rows["promoter"], rows["detractor"]
    if not np.isfinite(promoter["estimate"]):
        return say("How much of a promised recommendation happens cannot be said: no promoter answered.")
    if not np.isfinite(detractor["estimate"]):
        return say(
            "Of the promoters {promoter.estimate:percent} {did} ({level:percent:0} interval "
            "{promoter.conf_interval:percent}, Wilson, {answers}); whether before or after they "
            "answered is not known.",
            result.settings,
            promoter=promoter,
            answers=_answers(promoter),
            did=undated_words(result),
        )
    return say(
        "Of the promoters {promoter.estimate:percent} {did} ({level:percent:0} interval "
        "{promoter.conf_interval:percent}, Wilson, {answers}), of the detractors "
        "{detractor.estimate:percent} ({detractor.conf_interval:percent}); whether before or after they answered is "
        "not known.",
        result.settings,
        promoter=promoter,
        answers=_answers(promoter),
        detractor=detractor,
        did=undated_words(result),
    )


def _answers(row: Mapping[Any, Any]) -> Sentence:
    return say_n("{count} answer", "{count} answers", int(row["n"]))


def undated_words(result: SayDoFound) -> Sentence:
    """Say what is known to have been done, without a date."""
    deed = result.association["deed"].iloc[0]
    return say("have won a customer at some time") if deed == "won" else say("have recommended at some time")


# the second answer: does the score predict, at which level, how well


def _prediction(result: SayDoFound) -> Sentence:
    """Join the person, group and time level."""
    person = yes_no.together if result.question.yes_no else PREDICTIONS[result.kind]
    groups = what_is_missing(result, "groups") if result.groups is None else _over_groups(result.groups)
    time = what_is_missing(result, "time") if result.time is None else result.time.sentences()[-1]
    return say("{person} {groups} {time}", person=person(result), groups=groups, time=time)


def _order(result: SayDoFound) -> Sentence:
    auc = result.auc
    if not np.isfinite(auc.estimate):
        return say("Whether our NPS predicts our recommendations cannot be said: there is nothing to compare.")
    if not auc.excludes(0.5):
        return say(
            "It is not shown that our NPS predicts our recommendations: somebody who recommended had scored higher "
            "than somebody who did not in {estimate:percent} of pairs ({conf_interval:percent}, AUC by bootstrap, "
            "{n:count} answers); {chance:percent:0} is chance.",
            auc,
            chance=0.5,
        )
    if auc.estimate < 0.5:
        return say(
            "Our NPS predicts our recommendations the wrong way round: somebody who recommended had scored higher than "
            "somebody who did not in only {estimate:percent} of pairs ({conf_interval:percent}, AUC by bootstrap, "
            "{n:count} answers); {chance:percent:0} is chance.",
            auc,
            chance=0.5,
        )
    return say(
        "Person by person our NPS does predict our recommendations, {well}: somebody who recommended had scored higher "
        "than somebody who did not in {estimate:percent} of pairs ({conf_interval:percent}, AUC by bootstrap, "
        "{n:count} answers; {chance:percent:0} is chance), and knowing the score makes a forecast {skill:percent} "
        "better (Brier).",
        auc,
        chance=0.5,
        well=next(words for below, words in HOW_WELL if auc.estimate < below),
        skill=result.person.estimate("brier_skill").estimate,
    )


def _together(result: SayDoFound) -> Sentence:
    if not np.isfinite(result.auc.estimate):
        return say("Whether our NPS and reported recommendations go together cannot be said: nothing to compare.")
    if not result.auc.excludes(0.5):
        return say(
            "Whether our NPS predicts our recommendations cannot be said, for the reports look back; nor is it shown "
            "that they go together: who reports a recommendation scores higher than who does not in {estimate:percent} "
            "of pairs ({conf_interval:percent}, AUC by bootstrap, {n:count} answers); {chance:percent:0} is chance.",
            result.auc,
            chance=0.5,
        )
    return say(
        "Whether our NPS predicts our recommendations cannot be said, for the reports look back; but they go together: "
        "who reports a recommendation scores higher than who does not in {estimate:percent} of pairs "
        "({conf_interval:percent}, AUC by bootstrap, {n:count} answers); {chance:percent:0} is chance.",
        result.auc,
        chance=0.5,
    )


def _undated(result: SayDoFound) -> Sentence:
    if not np.isfinite(result.auc.estimate):
        return say("Whether score and deeds go together cannot be said: nothing to compare.")
    tau = result.person.estimate("kendall_tau_b")
    values = {"chance": 0.5, "tau": tau.estimate, "skill": result.person.estimate("brier_skill").estimate}
    if not result.auc.excludes(0.5):
        return say(
            "Association without time, so nothing is predicted; nor is it shown that score and deeds go together: who "
            "did scored higher than who did not in {estimate:percent} of pairs ({conf_interval:percent}, AUC by "
            "bootstrap, {n:count} answers; {chance:percent:0} is chance; Kendall's τ-b {tau:signed}).",
            result.auc,
            **values,
        )
    if result.auc.estimate < 0.5:
        return say(
            "Association without time, so nothing is predicted; and score and deeds go the opposite way: who did "
            "scored higher than who did not in only {estimate:percent} of pairs ({conf_interval:percent}, AUC by "
            "bootstrap, {n:count} answers; {chance:percent:0} is chance; Kendall's τ-b {tau:signed}).",
            result.auc,
            **values,
        )
    return say(
        "Association without time, so nothing is predicted; but score and deeds go together: who did scored higher "
        "than who did not in {estimate:percent} of pairs ({conf_interval:percent}, AUC by bootstrap, {n:count} "
        "answers; {chance:percent:0} is chance; Kendall's τ-b {tau:signed}), and knowing the score makes a guess "
        "{skill:percent} better (Brier).",
        result.auc,
        **values,
    )


def _over_groups(groups: SayDoGroups) -> Sentence:
    """Read the rank correlation over groups, as a clause of the answer."""
    own = groups.association[groups.association["deed"] == groups.deeds[0]]
    own = own[(own["level"] == "all groups") & (own["measure"] == "spearman")]
    if own.empty or not np.isfinite(own["conf_low"].iloc[0]):
        return _few_groups(groups)
    row = own.iloc[0]
    if row["conf_low"] > 0:
        return say(
            "Over {n:count} groups score and deeds rise together (Spearman {estimate:signed}, {conf_interval:signed}).",
            row,
        )
    if row["conf_high"] < 0:
        return say(
            "Over {n:count} groups deeds fall where the score rises (Spearman {estimate:signed}, "
            "{conf_interval:signed}).",
            row,
        )
    return say(
        "Over {n:count} groups it is not shown that score and deeds rise together (Spearman {estimate:signed}, "
        "{conf_interval:signed}).",
        row,
    )


def _few_groups(groups: SayDoGroups) -> Sentence:
    """Say why there is no correlation: groups are withheld, or there are few, or all are the same."""
    withheld = int(groups.table["score"].isna().sum())
    if withheld and len(groups.table) - withheld < LEAST:
        return say_n(
            "Between groups it cannot be said: {count} of {groups} is withheld, having too few answers or customers, "
            "and an interval takes {least} groups. Choose larger ones with by=.",
            "Between groups it cannot be said: {count} of {groups} are withheld, having too few answers or customers, "
            "and an interval takes {least} groups. Choose larger ones with by=.",
            withheld,
            groups=len(groups.table),
            least=LEAST,
        )
    return say("Between groups it cannot be said: there are too few of them, or they do not differ.")


PROMISES: Mapping[Kind, Callable[[SayDoFound], Sentence]] = {
    "linked": _promise,
    "undated": _undated_promise,
    "unlinked": _at_most,
    "reported": _reported_promise,
}
PREDICTIONS: Mapping[Kind, Callable[[SayDoFound], Sentence]] = {
    "linked": _order,
    "undated": _undated,
    "unlinked": lambda _: MISSING["person"],
    "reported": _together,
}
