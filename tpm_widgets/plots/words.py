"""Words and colours that follow from what a regression explains."""

from __future__ import annotations

from tpm_widgets.language import Sentence, Worded, say
from tpm_widgets.plots.theme import DOING, QUIET, SAYING
from tpm_widgets.strategy.drivers.outcomes import COUNTED, SAID, WORDS, Outcome
from tpm_widgets.strategy.drivers.words import effect_quantity


def outcome_color(outcome: str) -> str:
    """Blue for what customers say, vermilion for what they do, neutral for anything else."""
    if outcome in SAID:
        return SAYING
    return DOING if outcome in WORDS else QUIET


def outcome_words(outcome: str) -> Worded | str:
    """Name an outcome; a column of the user's own by its own name."""
    return WORDS.get(outcome, outcome)


def effect(outcome: Outcome, value: float) -> Worded:
    """Read an effect: points of the score, percentage points of a probability, or a rate."""
    return effect_quantity(outcome, value)


def in_percent(outcome: str) -> bool:
    """Whether an effect is a change of a probability."""
    return outcome != "recommend" and outcome not in COUNTED


def effect_unit(outcome: str) -> Sentence:
    """Name the unit of an effect per rating point."""
    if outcome == "recommend":
        return say("Change in the score per rating point (points of its scale)")
    if outcome == "referrals":
        return say("Change in recommendations per 100 customer-years, per rating point")
    if outcome == "referrals_won":
        return say("Change in customers won per 100 customer-years, per rating point")
    if outcome == "recommendations":
        return say("Change in recommendations per 100 customers, per rating point")
    if outcome == "customers_won":
        return say("Change in customers won per 100 customers, per rating point")
    return say("Change in the chance of {outcome} per rating point (percentage points)", outcome=WORDS[outcome])
