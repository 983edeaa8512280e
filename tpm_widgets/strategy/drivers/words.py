"""What a driver regression says: what it explains and how, and what one rating point more goes with."""

from __future__ import annotations

from tpm_widgets.as_is.deeds.undated import UNDATED
from tpm_widgets.language import Number, Points, Sentence, Worded, say
from tpm_widgets.statistics.regression.design import Missing
from tpm_widgets.strategy.drivers.models import Model
from tpm_widgets.strategy.drivers.outcomes import COUNTED, SAID, WORDS, Outcome

PER = 100  # customer-years, or customers where no time is known
UNWELCOME = ("detractor", "left")
POLICIES: dict[Missing, Sentence] = {
    "indicator": say("an indicator where not rated"),
    "complete": say("only answers that rated everything"),
    "pairwise": say("each covariance from the answers that have both"),
    "imputed": say("no answer filled in several times, an indicator where never experienced"),
}


def need_welcome(outcome: Outcome, verb: str) -> None:
    """Refuse the drivers of an outcome that better ratings should make rarer."""
    if outcome in UNWELCOME:
        raise ValueError(
            f"{verb} takes drivers of an outcome that better ratings should raise, such as 'recommend' or 'referred'; "
            f"these explain {outcome!r}."
        )


def aim_words(outcome: Outcome) -> Sentence:
    """Say whether an outcome is of words or of deeds, and which."""
    if outcome in SAID:
        return say("words ({outcome})", outcome=WORDS[outcome])
    return say("deeds ({outcome})", outcome=WORDS[outcome])


def method_words(model: Model, dispersion: float, outcome: Outcome) -> Sentence:
    """Name a model, its errors and its importance."""
    if model == "ols":
        return say("linear regression with robust errors, LMG importance")
    if model == "logit":
        return say("logistic regression, LMG importance of the linear probability model")
    if model == "ordered_logit":
        return say("ordered logistic regression, LMG importance of the linear model")
    if outcome in UNDATED:
        return _undated_method(model, dispersion)
    if model == "poisson":
        return say(
            "Poisson regression with the time followed as exposure and robust errors, LMG importance of the linear "
            "model of the rate"
        )
    return say(
        "negative binomial regression of dispersion {dispersion:number} with the time followed as exposure and robust "
        "errors, LMG importance of the linear model of the rate",
        dispersion=dispersion,
    )


def _undated_method(model: Model, dispersion: float) -> Sentence:
    """Name a model of counts that have no time."""
    if model == "poisson":
        return say("Poisson regression with robust errors, LMG importance of the linear model of the count")
    return say(
        "negative binomial regression of dispersion {dispersion:number} with robust errors, LMG importance of the "
        "linear model of the count",
        dispersion=dispersion,
    )


def effect_quantity(outcome: Outcome, value: float) -> Worded:
    """Read an effect: points of the score, percentage points of a probability, or a rate."""
    if outcome == "recommend" or outcome in COUNTED:
        return Number(value, signed=True)
    return Points(value)


def effect_template(outcome: Outcome, **values: object) -> Sentence:
    """Say what one rating point more goes with: ``touchpoint``, ``change``, ``level``, ``interval``."""
    if outcome == "recommend":
        return say(
            "One rating point more at {touchpoint} goes with {change} points of the score ({level:percent:0} interval "
            "{interval}).",
            **values,
        )
    if outcome == "referrals":
        return say(
            "One rating point more at {touchpoint} goes with {change} recommendations per 100 customer-years "
            "({level:percent:0} interval {interval}).",
            **values,
        )
    if outcome == "referrals_won":
        return say(
            "One rating point more at {touchpoint} goes with {change} customers won per 100 customer-years "
            "({level:percent:0} interval {interval}).",
            **values,
        )
    if outcome == "recommendations":
        return say(
            "One rating point more at {touchpoint} goes with {change} recommendations per 100 customers "
            "({level:percent:0} interval {interval}).",
            **values,
        )
    if outcome == "customers_won":
        return say(
            "One rating point more at {touchpoint} goes with {change} customers won per 100 customers "
            "({level:percent:0} interval {interval}).",
            **values,
        )
    return say(
        "One rating point more at {touchpoint} goes with {change} percentage points in the probability of "
        "{outcome} ({level:percent:0} interval {interval}).",
        outcome=WORDS[outcome],
        **values,
    )
