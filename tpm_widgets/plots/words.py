"""Words and colours that follow from what a regression explains."""

from __future__ import annotations

from tpm_widgets.language import Number, Points, Sentence, Worded, say
from tpm_widgets.plots.theme import DOING, QUIET, SAYING
from tpm_widgets.strategy.outcomes import SAID, WORDS

DONE = ("referred", "won")


def outcome_color(outcome: str) -> str:
    """Blue for what customers say, vermilion for what they do, neutral for anything else."""
    if outcome in SAID:
        return SAYING
    return DOING if outcome in DONE else QUIET


def outcome_words(outcome: str) -> Worded | str:
    """Name an outcome; a column of the user's own by its own name."""
    return WORDS.get(outcome, outcome)


def effect(outcome: str, value: float) -> Worded:
    """Read an effect: in points of the score, or in percentage points of a probability."""
    return Number(value, signed=True) if outcome == "recommend" else Points(value)


def effect_unit(outcome: str) -> Sentence:
    """Name the unit of an effect per rating point."""
    if outcome == "recommend":
        return say("Change in the score per rating point (points of the 0–10 scale)")
    return say("Change in the chance of {outcome} per rating point (percentage points)", outcome=WORDS[outcome])
