"""What a sample size for deeds says, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.say_do.cells import PER
from tpm_widgets.language import Number, Percent, Points, Sentence, say
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
    values = {
        "ratio": Number(row["target"]),
        "baseline": Number(row["baseline"]),
        "other": Number(row["other"]),
        "power": Percent(settings["power"], 0),
        "level": Percent(settings["level"], 0),
        "customers": int(row["customers"]),
    }
    if not np.isfinite(row["months"]):
        return say(
            "With {customers} customers in each of two groups no time is long enough to show {other} instead of "
            "{baseline} recommendations per 100 customer-years (ratio {ratio}): customers differ too much from each "
            "other.",
            **values,
        )
    return say(
        "To show {other} instead of {baseline} recommendations per 100 customer-years (ratio {ratio}), it takes "
        "{customers} customers in each of two groups, observed for {months} months: about {events} recommendations in "
        "all ({power} power, {level} level; {inflation} times as many customers as if recommendations came "
        "independently).",
        months=Number(row["months"], 1),
        events=Number(row["events"], 0),
        inflation=Number(row["inflation"]),
        **values,
    )


def _share(row: Mapping[Any, Any], settings: Mapping[str, Any]) -> Sentence:
    """Say what a difference between two referral rates takes."""
    if not np.isfinite(row["baseline"]):
        return say("What it takes for the referral rate cannot be said: of no new customer the source is known.")
    values = {
        "baseline": Percent(row["baseline"]),
        "other": Percent(row["other"]),
        "difference": Points(row["target"]),
        "customers": int(row["customers"]),
        "power": Percent(settings["power"], 0),
        "level": Percent(settings["level"], 0),
    }
    if not np.isfinite(row["months"]):
        return say(
            "To show a referral rate of {other} instead of {baseline} ({difference} percentage points), it takes "
            "{customers} new customers whose source is known in each of two groups ({power} power, {level} level).",
            **values,
        )
    return say(
        "To show a referral rate of {other} instead of {baseline} ({difference} percentage points), it takes "
        "{customers} new customers whose source is known in each of two periods ({power} power, {level} level); at the "
        "study's pace each period lasts {months} months.",
        months=Number(row["months"], 1),
        **values,
    )


def _at_hand(row: Mapping[Any, Any], settings: Mapping[str, Any], customers: float, months: float) -> Sentence:
    """Say whether the study's own customers and months are enough."""
    rate, power, level = row["baseline"] / PER, settings["power"], settings["level"]
    needed = people_needed(rate, row["target"], months / 12, row["dispersion"], power, level)
    values = {"customers": int(customers), "months": Number(months, 1)}
    if needed <= customers / 2:
        return say(
            "The study has that: {customers} customers, observed for {months} months on average, in two equal groups.",
            **values,
        )
    return say(
        "The study does not have that: {customers} customers, observed for {months} months on average; for so long it "
        "would take {needed}.",
        needed=int(np.ceil(2 * needed)),
        **values,
    )
