"""Saying against doing where willingness was asked by yes or no: the share who did it among either."""

from __future__ import annotations

import numpy as np

from tpm_widgets.as_is.say_do.found import SayDoFound
from tpm_widgets.language import Sentence, say, say_n

DID = {
    "linked": say("recommended within the window"),
    "undated": say("recommended at some time"),
    "reported": say("report a recommendation in the past 12 months"),
}


def promise(result: SayDoFound) -> Sentence:
    """Say how many did it of those who say yes, and of those who say no."""
    rows = {row["promoter_class"]: row for row in result.classes.to_dict("records")}
    if result.kind == "unlinked" or not np.isfinite(rows["yes"]["estimate"]):
        return say("How many of those who say yes recommend cannot be said: nobody is known to have done both.")
    if not np.isfinite(rows["no"]["estimate"]):
        return say(
            "Said yes, and {did}: {yes.estimate:percent} ({level:percent:0} interval {yes.conf_interval:percent}, "
            "{yes.n:count} answers).",
            result.settings,
            yes=rows["yes"],
            did=DID[result.kind],
        )
    return say(
        "Said yes, and {did}: {yes.estimate:percent} ({level:percent:0} interval {yes.conf_interval:percent}, "
        "{yes.n:count} answers); said no, and did all the same: {no.estimate:percent} ({no.conf_interval:percent}, "
        "{no.n:count} answers).",
        result.settings,
        yes=rows["yes"],
        no=rows["no"],
        did=DID[result.kind],
    )


def together(result: SayDoFound) -> Sentence:
    """Say whether a yes goes with the deed, by how many percentage points, and whether anything is predicted."""
    if result.kind == "unlinked" or not np.isfinite(result.auc.estimate):
        return say("Person by person nothing can be said about what a yes is worth: there is nothing to compare.")
    gap = result.person.estimate("somers_d")
    time = (
        say("the answer came first")
        if result.kind == "linked"
        else say("association without time: nothing is predicted")
    )
    if not gap.excludes(0.0):
        return say(
            "It is not shown that who says yes recommends more than who says no: {estimate:points} percentage points "
            "({conf_interval:points}, by bootstrap, {n:count} answers; {time}).",
            gap,
            time=time,
        )
    if gap.estimate < 0:
        return say(
            "Who says yes recommends less than who says no: {estimate:points} percentage points "
            "({conf_interval:points}, by bootstrap, {n:count} answers; {time}).",
            gap,
            time=time,
        )
    return say(
        "Who says yes recommends more than who says no: {estimate:points} percentage points ({conf_interval:points}, "
        "by bootstrap, {n:count} answers; {time}).",
        gap,
        time=time,
    )


def origin(result: SayDoFound) -> Sentence:
    """Say which share of what was done is theirs who say yes."""
    rows = {row["promoter_class"]: row for row in result.classes.to_dict("records")}
    if result.kind == "unlinked" or not np.isfinite(rows["yes"]["recommendation_share"]):
        return say("Nobody who answered is known to have recommended.")
    count = int(result.classes.get("recommendations", result.classes["referrers"]).sum())
    return say_n(
        "Of {count} deed, {yes.recommendation_share:percent} was done by those who say yes, who gave "
        "{yes.answer_share:percent} of the answers.",
        "Of {count} deeds, {yes.recommendation_share:percent} were done by those who say yes, who gave "
        "{yes.answer_share:percent} of the answers.",
        count,
        rows,
    )


def beside(result: SayDoFound) -> Sentence:
    """Put the share of yes and the rate of an unlinked study side by side."""
    (row,) = result.respondents.to_dict("records")
    rows = {row["promoter_class"]: row for row in result.classes.to_dict("records")}
    return say(
        "Answers are not tied to customers here, so they only stand side by side: a share of yes of {yes:percent} ({n} "
        "answers), and {rate:number} recommendations per 100 customer-months ({rate_interval:number}, "
        "{customers:count} customers).",
        row,
        yes=rows["yes"]["answer_share"],
        n=result.n,
    )
