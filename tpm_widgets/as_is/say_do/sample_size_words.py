"""What a sample size for deeds says, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.say_do.cells import PER
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.estimates.rates import people_needed


def sentences_of(
    table: pd.DataFrame, settings: Mapping[str, Any], customers: float, months: float
) -> tuple[Sentence, ...]:
    """Read what recommendations take and whether the study has it, and what the referral rate takes."""
    said = []
    for row in table.to_dict("records"):
        if row["question"] == "recommendations":
            said.append(_rate(row, settings))
            if row["baseline"] > 0 and np.isfinite(customers):
                said.append(_at_hand(row, settings, customers, months))
        if row["question"] == "referral_rate":
            said.append(_share(row, settings))
    return tuple(said)


def _rate(row: Mapping[Any, Any], settings: Mapping[str, Any]) -> Sentence:
    """Say what a ratio of rates takes."""
    if not row["baseline"] > 0:
        return say("How many customers it takes cannot be said: there were no recommendations so far.")
    if not np.isfinite(row["months"]):
        return say(
            "With {customers:count} customers in each of two groups no time is long enough to show {other:number} "
            "instead of {baseline:number} recommendations per 100 customer-years (ratio {target:number}): customers "
            "differ too much from each other.",
            row,
            settings,
        )
    return say(
        "To show {other:number} instead of {baseline:number} recommendations per 100 customer-years (ratio "
        "{target:number}), it takes {customers:count} customers in each of two groups, observed for {months:number:1} "
        "months: about {events:count} recommendations in all ({power:percent:0} power, {level:percent:0} level; "
        "{inflation:number} times as many customers as if recommendations came independently).",
        row,
        settings,
    )


def _share(row: Mapping[Any, Any], settings: Mapping[str, Any]) -> Sentence:
    """Say what a difference between two referral rates takes."""
    if not np.isfinite(row["baseline"]):
        return say("What it takes for the referral rate cannot be said: of no new customer the source is known.")
    if not np.isfinite(row["months"]):
        return say(
            "To show a referral rate of {other:percent} instead of {baseline:percent} ({target:points} percentage "
            "points), it takes {customers:count} new customers whose source is known in each of two groups "
            "({power:percent:0} power, {level:percent:0} level).",
            row,
            settings,
        )
    return say(
        "To show a referral rate of {other:percent} instead of {baseline:percent} ({target:points} percentage points), "
        "it takes {customers:count} new customers whose source is known in each of two periods ({power:percent:0} "
        "power, {level:percent:0} level); at the study's pace each period lasts {months:number:1} months.",
        row,
        settings,
    )


def _at_hand(row: Mapping[Any, Any], settings: Mapping[str, Any], customers: float, months: float) -> Sentence:
    """Say whether the study's own customers and months are enough."""
    rate, power, level = row["baseline"] / PER, settings["power"], settings["level"]
    needed = people_needed(rate, row["target"], months / 12, row["dispersion"], power, level)
    values = {"customers": int(customers), "months": months}
    if needed <= customers / 2:
        return say(
            "The study has that: {customers} customers, observed for {months:number:1} months on average, in two equal "
            "groups.",
            **values,
        )
    return say(
        "The study does not have that: {customers} customers, observed for {months:number:1} months on average; for so "
        "long it would take {needed}.",
        needed=int(np.ceil(2 * needed)),
        **values,
    )
