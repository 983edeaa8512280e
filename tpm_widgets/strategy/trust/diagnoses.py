"""What each check of a driver regression found, whether it matters, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT
from tpm_widgets.strategy.drivers.chance import NO_ERROR, ROUNDING
from tpm_widgets.strategy.trust.checks import CHANCE, NOT_VALIDATED, Accuracy, Ends, Spread
from tpm_widgets.strategy.trust.halo import MARKERS, Marker

INFLATED = 5.0  # variance inflation factor
CONDITION = 30.0  # Belsley, Kuh & Welsch: from 30 on columns are strongly tied
MOVED = 1.0  # standard errors that one customer may move an estimate by
OPTIMISM = 0.1  # share of the accuracy that is lost with other people's answers
SHRINKS = 0.9  # slope of calibration
MOOD = 0.5  # share of the first component (Harman's test: one factor carries most)
CEILING = 0.15  # share of answers with the highest score (Terwee et al. 2007)
SPREADS = 0.05  # p value of the test for residuals of one spread
DISPERSED = 1.5  # variance of counts in multiples of what the model expects

CHECKS = {
    "answers": say("answers per coefficient"),
    "collinearity": say("collinearity"),
    "condition": say("condition number"),
    "influence": say("influence of single customers"),
    "overfitting": say("overfitting"),
    "calibration": say("calibration"),
    "spread": say("spread of the residuals"),
    "dispersion": say("spread of the counts"),
    "ceiling": say("ceiling of the scale"),
    "halo": say("halo"),
    "net of halo": say("what is left net of halo"),
}


class Diagnosis(NamedTuple):
    """One check: a number, the limit from which it matters, whether it does, and the sentence that says so."""

    check: str
    value: float
    limit: float
    matters: bool
    said: Sentence


def judge_answers(each: float, kind: str) -> Diagnosis:
    """Are there enough answers, or answers with the rarer outcome, for each coefficient?"""
    unit = {
        "logit": say("answers of the rarer outcome"),
        "log": say("recommendations"),
    }.get(kind, say("answers"))
    few = each < PER_COEFFICIENT
    template = (
        say(
            "Only {each:number:1} {unit} per coefficient ({limit} are needed): join touchpoints, or wait for more "
            "answers."
        )
        if few
        else say("There are {each:number:1} {unit} per coefficient, which is enough ({limit} are needed).")
    )
    said = say(template.template, each=each, unit=unit, limit=PER_COEFFICIENT)
    return Diagnosis("answers", each, PER_COEFFICIENT, few, said)


def judge_collinearity(table: pd.DataFrame, labels: Mapping[str, str]) -> Diagnosis:
    """Can the touchpoints' ratings be told apart?"""
    worst = table.iloc[int(table["vif"].argmax())]
    inflated = table.loc[table["vif"] >= INFLATED, "touchpoint"]
    values = {"vif": worst["vif"], "limit": INFLATED}
    if inflated.empty:
        said = say(
            "The ratings can be told apart: the largest variance inflation is {vif:number:1}, at {touchpoint}, whose "
            "error is {times:number} times what it would be if its ratings did not go with others ({limit:count} and "
            "more matters).",
            touchpoint=labels[worst["touchpoint"]],
            times=np.sqrt(worst["vif"]),
            **values,
        )
    else:
        said = say(
            "Variance inflation is up to {vif:number:1} ({limit:count} and more matters): the ratings of "
            "{touchpoints:list} can hardly be told apart from others; read their estimates together, or join them by "
            "groups= in relative_importance.",
            touchpoints=tuple(labels[name] for name in inflated),
            **values,
        )
    return Diagnosis("collinearity", float(worst["vif"]), INFLATED, not inflated.empty, said)


def judge_condition(condition: float) -> Diagnosis:
    """Is some combination of columns nearly constant?"""
    tied = condition >= CONDITION
    template = (
        say(
            "The condition number is {value:number:1} ({limit:count} and more matters): some columns nearly add up to "
            "a constant, so that small changes of the data move estimates far; leave one of them out."
        )
        if tied
        else say(
            "The condition number is {value:number:1} ({limit:count} and more matters): no columns nearly add up to a "
            "constant."
        )
    )
    said = say(template.template, value=condition, limit=CONDITION)
    return Diagnosis("condition", condition, CONDITION, tied, said)


def judge_influence(table: pd.DataFrame, labels: Mapping[str, str]) -> Diagnosis:
    """Judge whether an estimate hangs on a single customer."""
    known = table.dropna(subset="influence")
    worst = known.iloc[int(known["influence"].argmax())]
    moved = known.loc[known["influence"] >= MOVED, "touchpoint"]
    values = {"limit": MOVED, "touchpoint": labels[worst["touchpoint"]]}
    if moved.empty:
        said = say(
            "No estimate hangs on one customer: leaving one out changes an estimate by {influence:number} standard "
            "errors at most ({touchpoint}: {estimate:signed:3} becomes {estimate_without:signed:3}; {limit:count} and "
            "more matters).",
            worst,
            **values,
        )
    elif np.isinf(worst["influence"]):
        said = say(
            "Without one customer there would be no estimate for {touchpoints:list}: do not use it.",
            touchpoints=tuple(labels[name] for name in known.loc[np.isinf(known["influence"]), "touchpoint"]),
        )
    else:
        said = say(
            "Single customers decide about {touchpoints:list}: leaving one out changes the estimate by up to "
            "{influence:number} standard errors ({touchpoint}: {estimate:signed:3} becomes "
            "{estimate_without:signed:3}; {limit:count} and more matters); look at these answers, or take more.",
            worst,
            touchpoints=tuple(labels[name] for name in moved),
            **values,
        )
    return Diagnosis("influence", float(worst["influence"]), MOVED, not moved.empty, said)


def judge_accuracy(found: Accuracy, level: float, folds: int) -> Diagnosis:
    """Judge whether the model knows anything about people that it has not seen."""
    chance = CHANCE[found.measure]
    apparent, outside = found.apparent.estimate, found.cross_validated.estimate
    if np.isnan(outside):
        return Diagnosis("overfitting", np.nan, OPTIMISM, True, NOT_VALIDATED)
    lost = (apparent - outside) / (apparent - chance) if apparent > chance else np.inf
    beats = found.cross_validated.conf_low > chance
    matters = not beats or lost > OPTIMISM
    predicted = {
        "r_squared": say(
            "Of the variance among other people's answers the model explains {estimate:percent} ({level:percent:0} "
            "interval {conf_interval:percent}; {folds} folds of whole customers), of its own {apparent:percent}"
        ),
        "auc": say(
            "Of two other people, one with the outcome and one without, the model tells which is which with an AUC of "
            "{estimate:number:3} ({level:percent:0} interval {conf_interval:number:3}; {folds} folds of whole "
            "customers; 0.5 is chance), among its own answers {apparent:number:3}"
        ),
        "deviance": say(
            "Of the deviance of other people's counts the model explains {estimate:percent} ({level:percent:0} "
            "interval {conf_interval:percent}; {folds} folds of whole customers), of its own {apparent:percent}"
        ),
    }[found.measure]
    if found.cross_validated.conf_high - found.cross_validated.conf_low <= ROUNDING:
        return Diagnosis("overfitting", np.nan, OPTIMISM, True, NO_ERROR)
    what = say(predicted.template, found.cross_validated, apparent=apparent, level=level, folds=folds)
    if not beats:
        said = say("{what}: it is not shown to know more than chance; do not act on these drivers.", what=what)
    elif matters:
        said = say(
            "{what}: {lost:percent:0} of what it seems to know is overfitted; leave touchpoints out or take more "
            "answers.",
            what=what,
            lost=lost,
        )
    else:
        said = say("{what}: little is overfitted.", what=what)
    return Diagnosis("overfitting", float(lost), OPTIMISM, bool(matters), said)


def judge_calibration(slope: Estimate) -> Diagnosis:
    """Judge whether what is predicted for other people happens as often."""
    shrinks = bool(slope.estimate < SHRINKS and slope.conf_high < 1)
    template = (
        say(
            "Predictions for other people are too extreme (slope of calibration {estimate:number}, interval "
            "{conf_interval:number}; 1 is right): effects look about {times:number} times as large as they are; shrink "
            "them, or take more answers."
        )
        if shrinks
        else say(
            "Predictions for other people come true as often as they say (slope of calibration {estimate:number}, "
            "interval {conf_interval:number}; 1 is right, below {limit:number:1} matters)."
        )
    )
    times = 1 / slope.estimate if slope.estimate > 0 else np.nan
    said = say(template.template, slope, times=times, limit=SHRINKS)
    return Diagnosis("calibration", slope.estimate, SHRINKS, shrinks, said)


def judge_spread(spread: Spread) -> Diagnosis:
    """Do residuals spread more for some ratings than for others?"""
    uneven = spread.p_value < SPREADS
    template = (
        say(
            "Residuals spread more for some ratings than for others (Breusch–Pagan {statistic:number:1} on {df} "
            "degrees of freedom, p {p_value:p}); it does not matter here, because all errors are robust, but intervals "
            "of textbook regressions would be wrong."
        )
        if uneven
        else say(
            "Residuals spread alike for all ratings (Breusch–Pagan {statistic:number:1} on {df} degrees of freedom, p "
            "{p_value:p}); the errors are robust anyway."
        )
    )
    return Diagnosis("spread", spread.p_value, SPREADS, False, say(template.template, spread))


def judge_dispersion(ratio: float, model: str) -> Diagnosis:
    """Do counts vary more than the model expects?"""
    wide = ratio >= DISPERSED and model == "poisson"
    template = (
        say(
            "Counts vary {ratio:number:1} times as much as a Poisson model expects ({limit:number:1} and more "
            'matters): a few recommend very often. The errors are robust, but model="negative_binomial" lets these few '
            "count less."
        )
        if wide
        else say(
            "Counts vary {ratio:number:1} times as much as the model expects, which does not matter: errors are robust."
        )
    )
    said = say(template.template, ratio=ratio, limit=DISPERSED)
    return Diagnosis("dispersion", ratio, DISPERSED, wide, said)


def judge_ends(ends: Ends, kind: str) -> Diagnosis:
    """Judge whether the scale ends before the customers do."""
    if kind == "ordered_logit":
        said = say(
            "The highest score was given by {ceiling:percent} of the answers; the ordered logit knows that it ends "
            "there.",
            ends,
        )
        return Diagnosis("ceiling", ends.ceiling, CEILING, False, said)
    full = ends.ceiling >= CEILING
    template = (
        say(
            "The highest score was given by {ceiling:percent} of the answers ({limit:percent:0} and more matters), and "
            "{outside:percent} are predicted beyond the scores given: the straight line is an average, too flat in the "
            'middle and too steep at the top; hold it against outcome="promoter" or model="ordered_logit".'
        )
        if full
        else say(
            "The highest score was given by {ceiling:percent} of the answers ({limit:percent:0} and more matters), and "
            "{outside:percent} are predicted beyond the scores given: the scale has room enough."
        )
    )
    return Diagnosis("ceiling", ends.ceiling, CEILING, full, say(template.template, ends, limit=CEILING))


def judge_halo(components: pd.DataFrame) -> Diagnosis:
    """Is it one mood that all ratings share?"""
    share = float(components["share"].iloc[0])
    moody = share >= MOOD
    template = (
        say(
            "One general mood carries {share:percent:0} of what the ratings vary (their first component; "
            "{even:percent:0} if they were independent, {limit:percent:0} and more matters): who likes one likes all, "
            "and single touchpoints are hard to tell; ask fewer questions at a time, or each right after its contact."
        )
        if moody
        else say(
            "A general mood carries {share:percent:0} of what the ratings vary (their first component; "
            "{even:percent:0} if they were independent, {limit:percent:0} and more matters): touchpoints are rated "
            "each for itself, too."
        )
    )
    said = say(template.template, share=share, even=1 / len(components), limit=MOOD)
    return Diagnosis("halo", share, MOOD, moody, said)


def judge_net(net: pd.DataFrame, marker: Marker, labels: Mapping[str, str]) -> Diagnosis:
    """Judge what is left of the drivers when the mood is held still."""
    told = (net["conf_low"] > 0) | (net["conf_high"] < 0)
    lost = net.loc[told & (net["net_low"] <= 0) & (net["net_high"] >= 0), "touchpoint"]
    left = float(net["net_importance"].sum() / net["importance"].sum())
    values = {
        "marker": MARKERS[marker.kind],
        "n": int(net.attrs["n"]),
        "left": left,
        "told": int(told.sum()),
        "names": tuple(labels[name] for name in lost),
    }
    template = (
        say(
            "Net of halo (with {marker} held still; {n} answers) {left:percent:0} of what the ratings explain is left; "
            "no touchpoint had been told from 0 on these answers."
        )
        if not told.any()
        else say(
            "Net of halo (with {marker} held still; {n} answers) {left:percent:0} of what the ratings explain is left, "
            "and all {told} touchpoints that were told from 0 still are."
        )
        if lost.empty
        else say(
            "Net of halo (with {marker} held still; {n} answers) {left:percent:0} of what the ratings explain is left; "
            "of {told} touchpoints that were told from 0 these no longer are: {names:list}. They may be nothing but "
            "mood."
        )
    )
    return Diagnosis("net of halo", left, np.nan, not lost.empty, say(template.template, **values))
