"""What a reader of drivers and of their importance has to know: what they rest on, what they do not show, which
touchpoints are missing, what is in every model, and who overlaps with whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.regression.checks import overlap, twins
from tpm_widgets.statistics.regression.covariance import correlation
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT, Design, Missing, Part
from tpm_widgets.statistics.regression.linear_and_logit import Fit, repeats
from tpm_widgets.statistics.tables.fit_of_sums import SumsFit

TOUCHPOINT = {
    "not rated": say("Without an estimate, because no answer rated them: {touchpoints:all}."),
    "constant": say("Without an estimate, because all ratings are the same: {touchpoints:all}."),
    "one outcome": say(
        "Without an estimate, because all answers that rated them have the same outcome: {touchpoints:all}."
    ),
    "made of others": say("Without an estimate, because other ratings already contain theirs: {touchpoints:all}."),
    "empty class": say(
        "Without an estimate, because low, middle or high ratings are (almost) absent: {touchpoints:all}."
    ),
}
NOT_RATED = {
    "one answer": say(
        "A single answer did not rate {touchpoints:all}: too few to tell it apart; it counts as an average rating."
    ),
    "one outcome": say(
        "All answers that did not rate {touchpoints:all} have the same outcome, so no finite effect of not having "
        "rated fits; they count as average ratings."
    ),
    "made of others": say(
        "Who did not rate {touchpoints:all} follows from what else was not rated; they have no indicator of their own."
    ),
}
CONTRAST = say(
    "Low or high ratings go together with those of other touchpoints, so without an estimate: {touchpoints:all}."
)

FEW_CUSTOMERS = 30  # below, single customers decide much, and intervals get wide

MUCH = 0.9  # share of a predictor's variance that the others explain: a variance inflation factor of 10


def driver_caveats(
    labels: Mapping[str, str],
    everybody: int,
    design: Design,
    covariance: np.ndarray,
    fit: Fit | SumsFit,
    events: int | None,
    missing: Missing,
) -> tuple[Sentence, ...]:
    """Say what every driver regression has to: association, how many answers per coefficient, who is not in it."""
    found = [
        say(
            "A driver is an association, not a cause: ratings and outcome may both follow from something else, and "
            "ratings of one questionnaire share a general mood."
        )
    ]
    coefficients = len(design.columns) - 1
    found += few_caveats(fit, events, coefficients)
    found += few_customers_caveat(fit) if isinstance(fit, Fit) else []
    if fit.kind == "ordered_logit":
        found.append(
            say(
                "An ordered logit takes a rating point to multiply the odds of a higher score by the same factor at "
                "every step of the score."
            )
        )
    unsure = np.isnan(np.diag(fit.cov))
    alone = tuple(labels[name] for name in design.touchpoints if unsure[design.names.index(name)])
    if alone:
        template = say("A single answer decides the estimate for {touchpoints:all}, so that its error is not known.")
        if isinstance(fit, Fit) and repeats(fit.clusters):
            template = say(
                "A single customer decides the estimate for {touchpoints:all}, so that its error is not known."
            )
        found.append(say(template.template, touchpoints=alone))
    if missing == "indicator" and any(column.part == "not_rated" for column in design.columns):
        found.append(
            say(
                "Who did not rate a touchpoint is told apart by an indicator, not given a rating; an effect of a "
                "rating is one among those who rated it."
            )
        )
    if missing == "complete" and fit.n < everybody:
        found.append(
            say(
                "Only the {n} of {all} answers that rated every touchpoint count; they may differ from the others.",
                n=fit.n,
                all=everybody,
            )
        )
    close = close_touchpoints(design, covariance, labels, ("rating",))
    return (*found, *close, *left_out_caveats(design, labels))


def few_caveats(fit: Fit | SumsFit, events: int | None, coefficients: int) -> list[Sentence]:
    """Say where fewer than 10 answers, answers of the rarer outcome, or counted events stand behind a coefficient."""
    counted = fit.kind == "log"
    rarer = fit.n if events is None else events if counted else min(events, fit.n - events)
    if rarer >= PER_COEFFICIENT * coefficients:
        return []
    each = rarer / coefficients
    if events is None:
        return [say("Only {each:number:1} answers per coefficient: the estimates are unsure.", each=each)]
    if counted:
        return [
            say(
                "Only {each:number:1} counted events per coefficient ({events} for {coefficients}): the estimates are "
                "unsure, and the strongest look stronger than they are.",
                each=each,
                events=events,
                coefficients=coefficients,
            )
        ]
    return [
        say(
            "Only {each:number:1} answers of the rarer outcome per coefficient ({rarer} for {coefficients}): the "
            "estimates are unsure, and the strongest look stronger than they are.",
            each=each,
            rarer=rarer,
            coefficients=coefficients,
        )
    ]


def few_customers_caveat(fit: Fit) -> list[Sentence]:
    """Say where fewer than 30 customers stand behind answers that some of them gave repeatedly."""
    customers = len(np.unique(fit.clusters))
    if customers >= FEW_CUSTOMERS or not repeats(fit.clusters):
        return []
    return [
        say(
            "Only {customers} customers stand behind the {n} answers: intervals are widened for that, but single "
            "customers decide much.",
            customers=customers,
            n=fit.n,
        )
    ]


def left_out_caveats(design: Design, labels: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Name the touchpoints without an estimate of their own, one sentence per reason."""
    named: dict[str, list[str]] = {}
    twins = []
    for gap in design.left_out:
        label = labels[gap.touchpoint]
        if gap.part in ("low", "high"):
            named.setdefault(CONTRAST.template, []).append(label)
        elif gap.reason == "same as":
            twins.append(_twin(gap.part == "rating", label, labels[gap.twin]))
        else:
            templates = TOUCHPOINT if gap.part == "rating" else NOT_RATED
            named.setdefault(templates[gap.reason].template, []).append(label)
    sentences = [say(template, touchpoints=tuple(dict.fromkeys(names))) for template, names in named.items()]
    return (*sentences, *twins)


def _twin(rating: bool, touchpoint: str, twin: str) -> Sentence:
    if rating:
        return say(
            "{touchpoint} is without an estimate, because its ratings are those of {twin}.",
            touchpoint=touchpoint,
            twin=twin,
        )
    return say(
        "{touchpoint} and {twin} were left unrated by the same answers, or each by those who rated the other; they "
        "share one indicator.",
        touchpoint=touchpoint,
        twin=twin,
    )


def always_caveat(names: Sequence[str], share: float) -> Sentence:
    """Name what is in every model and the share of variance that it explains on its own."""
    return say(
        "In every model, explaining {share:percent} of the variance on their own: {names:list}. Importance divides "
        "what the others add to that.",
        names=tuple(names),
        share=share,
    )


def collinear_caveats(
    standard: np.ndarray, groups: Sequence[Sequence[int]], words: Sequence[str]
) -> tuple[Sentence, ...]:
    """Name players that carry the same values, and others that the rest explain almost completely."""
    same = twins(standard, groups)
    sentences = [
        say(
            "{first} and {second} carry the same values, or mirror images: nothing can tell them apart.",
            first=words[first],
            second=words[second],
        )
        for first, second in same
    ]
    paired = {player for pair in same for player in pair}
    rest = [player for player in range(len(groups)) if player not in paired]
    return (*sentences, *close_caveat(standard, groups, words, rest))


def close_touchpoints(
    design: Design, covariance: np.ndarray, labels: Mapping[str, str], parts: Sequence[Part]
) -> tuple[Sentence, ...]:
    """Name touchpoints whose columns of these parts the same parts of the others explain almost completely."""
    standard = correlation(covariance)
    members: dict[str, list[int]] = {}
    for position, column in enumerate(design.columns[1:]):
        if column.part in parts:
            members.setdefault(column.touchpoint, []).append(position)
    return close_caveat(standard, list(members.values()), [labels[name] for name in members])


def close_caveat(
    standard: np.ndarray, groups: Sequence[Sequence[int]], words: Sequence[str], among: Sequence[int] | None = None
) -> tuple[Sentence, ...]:
    """Name the players (``among`` those given) that the rest explain almost completely; nothing where there is none."""
    shares = overlap(standard, groups)
    among = range(len(groups)) if among is None else among
    close = tuple(words[player] for player in among if shares[player] > MUCH)
    if not close:
        return ()
    return (
        say(
            "Of {names:all} the others explain more than {much:percent:0} of the variance: what goes with which of "
            "them is unsure.",
            names=close,
            much=MUCH,
        ),
    )
