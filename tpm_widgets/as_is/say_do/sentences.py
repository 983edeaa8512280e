"""What lies behind the answers of saying against doing, in three sentences."""

from __future__ import annotations

import numpy as np

from tpm_widgets.as_is.say_do import yes_no
from tpm_widgets.as_is.say_do.answers import rows_of, what_is_missing
from tpm_widgets.as_is.say_do.found import SayDoFound
from tpm_widgets.language import Sentence, say, say_n


def sentences_of(result: SayDoFound) -> tuple[Sentence, ...]:
    """Return three sentences on what lies behind the two answers."""
    if result.question.yes_no and result.n:
        return _of_yes_no(result)
    if result.kind == "unlinked":
        first = (_beside(result), _first_of_groups(result), _course(result))
    elif result.n == 0:
        nothing = (
            say("No answer could be followed, so nothing can be said about deeds.")
            if result.kind == "linked"
            else say("No answer has both a score and a deed, so nothing can be said about deeds.")
            if result.kind == "undated"
            else say("No answer has both a score and a report, so nothing can be said about deeds.")
        )
        first = (nothing, _first_of_groups(result), _course(result))
    elif result.kind == "undated":
        first = (_any_time(result), _origin(result), _cutoffs(result))
    elif result.kind == "reported":
        first = (_looks_back(result), _origin(result), _cutoffs(result))
    else:
        first = (_origin(result), _cutoffs(result), _respondents(result))
    return first


def _of_yes_no(result: SayDoFound) -> tuple[Sentence, ...]:
    """Return what lies behind the answers of a yes/no question, which has no cut-offs."""
    if result.kind == "unlinked":
        return yes_no.beside(result), _first_of_groups(result), _course(result)
    if result.kind == "linked":
        return yes_no.origin(result), _respondents(result)
    return (_any_time(result) if result.kind == "undated" else _looks_back(result)), yes_no.origin(result)


def _origin(result: SayDoFound) -> Sentence:
    counted = result.kind != "reported" and "recommendations" in result.classes
    count = int(result.classes["recommendations" if counted else "referrers"].sum())
    if count == 0 and result.kind == "reported":
        return say("Nobody reports a recommendation.")
    if count == 0 and result.kind == "undated":
        return say("Nobody is known to have recommended.")
    if count == 0:
        return say("Nobody recommended while followed.")
    rows = rows_of(result)
    if result.kind == "reported":
        return say_n(
            "Of {count} respondent who reports a recommendation, {promoter.recommendation_share:percent} are "
            "promoters, who gave {promoter.answer_share:percent} of the answers, "
            "{passive.recommendation_share:percent} passives and {detractor.recommendation_share:percent} detractors.",
            "Of {count} respondents who report a recommendation, {promoter.recommendation_share:percent} are "
            "promoters, who gave {promoter.answer_share:percent} of the answers, "
            "{passive.recommendation_share:percent} passives and {detractor.recommendation_share:percent} detractors.",
            count,
            rows,
        )
    if not counted:
        return say_n(
            "Of {count} customer of whom a recommendation is known, {promoter.recommendation_share:percent} are "
            "promoters, who gave {promoter.answer_share:percent} of the answers, "
            "{passive.recommendation_share:percent} passives and {detractor.recommendation_share:percent} detractors.",
            "Of {count} customers of whom a recommendation is known, {promoter.recommendation_share:percent} are "
            "promoters, who gave {promoter.answer_share:percent} of the answers, "
            "{passive.recommendation_share:percent} passives and {detractor.recommendation_share:percent} detractors.",
            count,
            rows,
        )
    return say_n(
        "Of {count} recommendation, {promoter.recommendation_share:percent} came from promoters, who gave "
        "{promoter.answer_share:percent} of the answers, {passive.recommendation_share:percent} from passives and "
        "{detractor.recommendation_share:percent} from detractors.",
        "Of {count} recommendations, {promoter.recommendation_share:percent} came from promoters, who gave "
        "{promoter.answer_share:percent} of the answers, {passive.recommendation_share:percent} from passives and "
        "{detractor.recommendation_share:percent} from detractors.",
        count,
        rows,
    )


def _cutoffs(result: SayDoFound) -> Sentence:
    """Say whether the three classes carry what the score knows."""
    forms = result.forms[result.forms["deed"] == result.forms["deed"].iloc[0]].set_index(["smaller", "larger"])
    cut = dict(zip(("lower", "upper"), result.question.words_of_cutoffs, strict=True))
    steps, within = (forms.loc[(smaller, "linear and classes")] for smaller in ("linear", "classes"))
    if not np.isfinite([steps["p_value"], within["p_value"]]).all():
        return say(
            "Whether the cut-offs {lower} and {upper} carry what the score knows cannot be said from these answers.",
            **cut,
        )
    chance = 1 - result.settings["level"]
    steps_add, score_adds = steps["p_value"] < chance, within["p_value"] < chance
    if steps_add and score_adds:
        return say(
            "The cut-offs {lower} and {upper} carry a part of what the score knows: the classes add to a straight "
            "line (p {p_value:p}), and inside a class the score still adds (p {within:p}; score tests, "
            "{n:count} answers).",
            steps,
            within=within["p_value"],
            **cut,
        )
    if score_adds:
        return say(
            "The cut-offs {lower} and {upper} do not carry what the score knows: inside a class the score still "
            "adds (p {within:p}), while it is not shown that the classes add to a straight line (p "
            "{p_value:p}; score tests, {n:count} answers).",
            steps,
            within=within["p_value"],
            **cut,
        )
    if steps_add:
        return say(
            "The cut-offs {lower} and {upper} carry what the score knows: the classes add to a straight line (p "
            "{p_value:p}), and it is not shown that the score adds inside a class (p {within:p}; score tests, "
            "{n:count} answers).",
            steps,
            within=within["p_value"],
            **cut,
        )
    return say(
        "Classes with the cut-offs {lower} and {upper} and a straight line cannot be told apart: it is not shown that "
        "either adds to the other (p {p_value:p} and p {within:p}; score tests, {n:count} answers).",
        steps,
        within=within["p_value"],
        **cut,
    )


def _respondents(result: SayDoFound) -> Sentence:
    """Set those who answered beside those who never did."""
    rows = {row["group"]: row for row in result.respondents.to_dict("records")}
    own, other = rows["respondents"], rows["never answered"]
    if not np.isfinite([own["rate"], other["rate"]]).all():
        return say("Those who answered cannot be set beside those who never did: of one kind nobody was observed.")
    if own["rate_low"] > other["rate_high"]:
        return say(
            "Those who answer recommend more than others: {own.rate:number} recommendations per 100 customer-months "
            "({own.rate_interval:number}, {own.customers:count} customers) against {other.rate:number} "
            "({other.rate_interval:number}, {other.customers:count} who never answered).",
            own=own,
            other=other,
        )
    if own["rate_high"] < other["rate_low"]:
        return say(
            "Those who answer recommend less than others: {own.rate:number} recommendations per 100 customer-months "
            "({own.rate_interval:number}, {own.customers:count} customers) against {other.rate:number} "
            "({other.rate_interval:number}, {other.customers:count} who never answered).",
            own=own,
            other=other,
        )
    return say(
        "It is not shown that those who answer differ in deeds: {own.rate:number} recommendations per 100 "
        "customer-months ({own.rate_interval:number}, {own.customers:count} customers) against {other.rate:number} "
        "({other.rate_interval:number}, {other.customers:count} who never answered).",
        own=own,
        other=other,
    )


def _beside(result: SayDoFound) -> Sentence:
    """Put the score and the rate of an unlinked study side by side."""
    (row,) = result.respondents.to_dict("records")
    rows = rows_of(result)
    return say(
        "Answers are not tied to customers here, so they only stand side by side: a Net Promoter Score of "
        "{score:points} ({n} answers), and {rate:number} recommendations per 100 customer-months "
        "({rate_interval:number}, {customers:count} customers).",
        row,
        score=rows["promoter"]["answer_share"] - rows["detractor"]["answer_share"],
        n=result.n,
    )


def _looks_back(result: SayDoFound) -> Sentence:
    return say_n(
        "The deed is reported here, and looks back: {count} answer says whether its author recommended in the 12 "
        "months before it, so nothing below is a prediction.",
        "The deed is reported here, and looks back: {count} answers say whether their authors recommended in the 12 "
        "months before them, so nothing below is a prediction.",
        result.n,
    )


def _any_time(result: SayDoFound) -> Sentence:
    return say_n(
        "The deeds have no date here: of {count} answer it is known whether its customer recommended at some time, so "
        "what follows is association without time.",
        "The deeds have no date here: of {count} answers it is known whether their customers recommended at some time, "
        "so what follows is association without time.",
        result.n,
    )


def _first_of_groups(result: SayDoFound) -> Sentence:
    return what_is_missing(result, "groups") if result.groups is None else result.groups.sentences()[0]


def _course(result: SayDoFound) -> Sentence:
    return what_is_missing(result, "time") if result.time is None else result.time.sentences()[0]
