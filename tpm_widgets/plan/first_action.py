"""What is said of the action that stands first, and what actions are measured by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tpm_widgets.language import Sentence, say, say_n

AIMS = {
    "nps": say("words (Net Promoter Score)"),
    "yes": say("words (share of yes)"),
    "referral_rate": say("deeds (referral rate)"),
}
METRICS = {"nps": say("Net Promoter Score"), "yes": say("share of yes"), "referral_rate": say("referral rate")}


def first_action(
    first: Mapping[Any, Any], table: pd.DataFrame, labels: Mapping[str, str], settings: Mapping[str, Any]
) -> Sentence:
    """Say what the first of all open actions promises, if the association is causal, or that none promises anything."""
    told = {
        **settings,
        "touchpoint": labels.get(first["touchpoint"], first["touchpoint"]),
        "metric": METRICS[settings["metric"]],
    }
    if first["effect"] <= 0:
        return say_n(
            "The one open action promises nothing for {aim}; {action} ({touchpoint}): if causal, {effect:points} "
            "points of the {metric} ({level:percent:0} interval {effect_interval:points}, {n:count} answers).",
            "None of {count} open actions promises anything for {aim}; first stands {action} ({touchpoint}): if "
            "causal, {effect:points} points of the {metric} ({level:percent:0} interval {effect_interval:points}, "
            "{n:count} answers).",
            len(table),
            first,
            aim=AIMS[settings["metric"]],
            **told,
        )
    return say_n(
        "The one open action is {action} ({touchpoint}), for {cost:count}: if causal, {effect:points} points of "
        "the {metric} ({level:percent:0} interval {effect_interval:points}, {n:count} answers), its probability of "
        "success included.",
        "First of {count} open actions is {action} ({touchpoint}), for {cost:count}: if causal, "
        "{effect:points} points of the {metric} ({level:percent:0} interval {effect_interval:points}, "
        "{n:count} answers), its probability of success included.",
        len(table),
        first,
        **told,
    )
