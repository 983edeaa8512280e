"""What each check of a driver regression found, whether it matters, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from tpm_widgets.language import Between, Names, Number, Percent, PValue, Sentence, Worded, say
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT
from tpm_widgets.strategy.trust.checks import CHANCE, Accuracy, Ends, Spread
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
        say("Only {each} {unit} per coefficient ({limit} are needed): join touchpoints, or wait for more answers.")
        if few
        else say("There are {each} {unit} per coefficient, which is enough ({limit} are needed).")
    )
    values = {"each": Number(each, 1), "unit": unit, "limit": PER_COEFFICIENT}
    return Diagnosis("answers", each, PER_COEFFICIENT, few, say(template.template, **values))


def judge_collinearity(table: pd.DataFrame, labels: Mapping[str, str]) -> Diagnosis:
    """Can the touchpoints' ratings be told apart?"""
    worst = table.iloc[int(table["vif"].argmax())]
    inflated = table.loc[table["vif"] >= INFLATED, "touchpoint"]
    values = {"vif": Number(worst["vif"], 1), "limit": Number(INFLATED, 0)}
    if inflated.empty:
        said = say(
            "The ratings can be told apart: the largest variance inflation is {vif}, at {touchpoint}, whose error is "
            "{times} times what it would be if its ratings did not go with others ({limit} and more matters).",
            touchpoint=labels[worst["touchpoint"]],
            times=Number(float(np.sqrt(worst["vif"])), 2),
            **values,
        )
    else:
        said = say(
            "Variance inflation is up to {vif} ({limit} and more matters): the ratings of {touchpoints} can hardly be "
            "told apart from others; read their estimates together, or join them by groups= in relative_importance.",
            touchpoints=Names(tuple(labels[name] for name in inflated)),
            **values,
        )
    return Diagnosis("collinearity", float(worst["vif"]), INFLATED, not inflated.empty, said)


def judge_condition(condition: float) -> Diagnosis:
    """Is some combination of columns nearly constant?"""
    tied = condition >= CONDITION
    template = (
        say(
            "The condition number is {value} ({limit} and more matters): some columns nearly add up to a constant, so "
            "that small changes of the data move estimates far; leave one of them out."
        )
        if tied
        else say("The condition number is {value} ({limit} and more matters): no columns nearly add up to a constant.")
    )
    values = {"value": Number(condition, 1), "limit": Number(CONDITION, 0)}
    return Diagnosis("condition", condition, CONDITION, tied, say(template.template, **values))


def judge_influence(table: pd.DataFrame, labels: Mapping[str, str]) -> Diagnosis:
    """Judge whether an estimate hangs on a single customer."""
    known = table.dropna(subset="influence")
    worst = known.iloc[int(known["influence"].argmax())]
    moved = known.loc[known["influence"] >= MOVED, "touchpoint"]
    values = {
        "largest": Number(worst["influence"], 2),
        "before": Number(worst["estimate"], 3, signed=True),
        "after": Number(worst["estimate_without"], 3, signed=True),
        "limit": Number(MOVED, 0),
        "touchpoint": labels[worst["touchpoint"]],
    }
    if moved.empty:
        said = say(
            "No estimate hangs on one customer: leaving one out changes an estimate by {largest} standard errors at "
            "most ({touchpoint}: {before} becomes {after}; {limit} and more matters).",
            **values,
        )
    elif np.isinf(worst["influence"]):
        said = say(
            "Without one customer there would be no estimate for {touchpoints}: do not use it.",
            touchpoints=Names(tuple(labels[name] for name in known.loc[np.isinf(known["influence"]), "touchpoint"])),
        )
    else:
        said = say(
            "Single customers decide about {touchpoints}: leaving one out changes the estimate by up to {largest} "
            "standard errors ({touchpoint}: {before} becomes {after}; {limit} and more matters); look at these "
            "answers, or take more.",
            touchpoints=Names(tuple(labels[name] for name in moved)),
            **values,
        )
    return Diagnosis("influence", float(worst["influence"]), MOVED, not moved.empty, said)


def judge_accuracy(found: Accuracy, level: float, folds: int) -> Diagnosis:
    """Judge whether the model knows anything about people that it has not seen."""
    chance = CHANCE[found.measure]
    apparent, outside = found.apparent.estimate, found.cross_validated.estimate
    if np.isnan(outside):
        said = say(
            "The model could not be cross-validated: without some of the customers no finite effects fit. Join "
            "touchpoints, or wait for more answers."
        )
        return Diagnosis("overfitting", np.nan, OPTIMISM, True, said)
    lost = (apparent - outside) / (apparent - chance) if apparent > chance else np.inf
    beats = found.cross_validated.conf_low > chance
    matters = not beats or lost > OPTIMISM
    values = {
        "outside": Number(outside, 3) if found.measure == "auc" else Percent(outside),
        "apparent": Number(apparent, 3) if found.measure == "auc" else Percent(apparent),
        "level": Percent(level, 0),
        "interval": _interval(found.cross_validated, 3 if found.measure == "auc" else None),
        "folds": folds,
        "lost": Percent(lost, 0),
    }
    predicted = {
        "r_squared": say(
            "Of the variance among other people's answers the model explains {outside} ({level} interval {interval}; "
            "{folds} folds of whole customers), of its own {apparent}"
        ),
        "auc": say(
            "Of two other people, one with the outcome and one without, the model tells which is which with an AUC of "
            "{outside} ({level} interval {interval}; {folds} folds of whole customers; 0.5 is chance), among its own "
            "answers {apparent}"
        ),
        "deviance": say(
            "Of the deviance of other people's counts the model explains {outside} ({level} interval {interval}; "
            "{folds} folds of whole customers), of its own {apparent}"
        ),
    }[found.measure]
    what = say(predicted.template, **values)
    if not beats:
        said = say("{what}: it is not shown to know more than chance; do not act on these drivers.", what=what)
    elif matters:
        said = say(
            "{what}: {lost} of what it seems to know is overfitted; leave touchpoints out or take more answers.",
            what=what,
            lost=values["lost"],
        )
    else:
        said = say("{what}: little is overfitted.", what=what)
    return Diagnosis("overfitting", float(lost), OPTIMISM, bool(matters), said)


def _interval(estimate: Estimate, digits: int | None) -> Worded:
    low, high = estimate.conf_low, estimate.conf_high
    if digits is None:
        return Between(Percent(low), Percent(high))
    return Between(Number(low, digits), Number(high, digits))


def judge_calibration(slope: Estimate) -> Diagnosis:
    """Judge whether what is predicted for other people happens as often."""
    shrinks = bool(slope.estimate < SHRINKS and slope.conf_high < 1)
    template = (
        say(
            "Predictions for other people are too extreme (slope of calibration {slope}, interval {interval}; 1 is "
            "right): effects look about {times} times as large as they are; shrink them, or take more answers."
        )
        if shrinks
        else say(
            "Predictions for other people come true as often as they say (slope of calibration {slope}, interval "
            "{interval}; 1 is right, below {limit} matters)."
        )
    )
    values = {
        "slope": Number(slope.estimate),
        "interval": _interval(slope, 2),
        "times": Number(1 / slope.estimate if slope.estimate > 0 else np.nan, 2),
        "limit": Number(SHRINKS, 1),
    }
    return Diagnosis("calibration", slope.estimate, SHRINKS, shrinks, say(template.template, **values))


def judge_spread(spread: Spread) -> Diagnosis:
    """Do residuals spread more for some ratings than for others?"""
    uneven = spread.p_value < SPREADS
    template = (
        say(
            "Residuals spread more for some ratings than for others (Breusch–Pagan {statistic} on {df} degrees of "
            "freedom, p {p}); it does not matter here, because all errors are robust, but intervals of textbook "
            "regressions would be wrong."
        )
        if uneven
        else say(
            "Residuals spread alike for all ratings (Breusch–Pagan {statistic} on {df} degrees of freedom, p {p}); the "
            "errors are robust anyway."
        )
    )
    values = {"statistic": Number(spread.statistic, 1), "df": spread.df, "p": PValue(spread.p_value)}
    return Diagnosis("spread", spread.p_value, SPREADS, False, say(template.template, **values))


def judge_dispersion(ratio: float, model: str) -> Diagnosis:
    """Do counts vary more than the model expects?"""
    wide = ratio >= DISPERSED and model == "poisson"
    template = (
        say(
            "Counts vary {ratio} times as much as a Poisson model expects ({limit} and more matters): a few recommend "
            'very often. The errors are robust, but model="negative_binomial" lets these few count less.'
        )
        if wide
        else say("Counts vary {ratio} times as much as the model expects, which does not matter: errors are robust.")
    )
    values = {"ratio": Number(ratio, 1), "limit": Number(DISPERSED, 1)}
    return Diagnosis("dispersion", ratio, DISPERSED, wide, say(template.template, **values))


def judge_ends(ends: Ends, kind: str) -> Diagnosis:
    """Judge whether the scale ends before the customers do."""
    values = {"ceiling": Percent(ends.ceiling), "outside": Percent(ends.outside), "limit": Percent(CEILING, 0)}
    if kind == "ordered_logit":
        said = say(
            "The highest score was given by {ceiling} of the answers; the ordered logit knows that it ends there."
        )
        return Diagnosis("ceiling", ends.ceiling, CEILING, False, say(said.template, **values))
    full = ends.ceiling >= CEILING
    template = (
        say(
            "The highest score was given by {ceiling} of the answers ({limit} and more matters), and {outside} are "
            "predicted beyond the scores given: the straight line is an average, too flat in the middle and too steep "
            'at the top; hold it against outcome="promoter" or model="ordered_logit".'
        )
        if full
        else say(
            "The highest score was given by {ceiling} of the answers ({limit} and more matters), and {outside} are "
            "predicted beyond the scores given: the scale has room enough."
        )
    )
    return Diagnosis("ceiling", ends.ceiling, CEILING, full, say(template.template, **values))


def judge_halo(components: pd.DataFrame) -> Diagnosis:
    """Is it one mood that all ratings share?"""
    share = float(components["share"].iloc[0])
    values = {"share": Percent(share, 0), "even": Percent(1 / len(components), 0), "limit": Percent(MOOD, 0)}
    moody = share >= MOOD
    template = (
        say(
            "One general mood carries {share} of what the ratings vary (their first component; {even} if they were "
            "independent, {limit} and more matters): who likes one likes all, and single touchpoints are hard to tell; "
            "ask fewer questions at a time, or each right after its contact."
        )
        if moody
        else say(
            "A general mood carries {share} of what the ratings vary (their first component; {even} if they were "
            "independent, {limit} and more matters): touchpoints are rated each for itself, too."
        )
    )
    return Diagnosis("halo", share, MOOD, moody, say(template.template, **values))


def judge_net(net: pd.DataFrame, marker: Marker, labels: Mapping[str, str]) -> Diagnosis:
    """Judge what is left of the drivers when the mood is held still."""
    told = (net["conf_low"] > 0) | (net["conf_high"] < 0)
    lost = net.loc[told & (net["net_low"] <= 0) & (net["net_high"] >= 0), "touchpoint"]
    left = float(net["net_importance"].sum() / net["importance"].sum())
    values = {
        "marker": MARKERS[marker.kind],
        "n": int(net.attrs["n"]),
        "left": Percent(left, 0),
        "told": int(told.sum()),
        "names": Names(tuple(labels[name] for name in lost)),
    }
    template = (
        say("Net of halo (with {marker} held still; {n} answers) {left} of what the ratings explain is left, and all "
            "{told} touchpoints that were told from 0 still are.")
        if lost.empty
        else say(
            "Net of halo (with {marker} held still; {n} answers) {left} of what the ratings explain is left; of {told} "
            "touchpoints that were told from 0 these no longer are: {names}. They may be nothing but mood."
        )
    )  # fmt: skip
    return Diagnosis("net of halo", left, np.nan, not lost.empty, say(template.template, **values))
