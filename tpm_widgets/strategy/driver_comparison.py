"""The result that holds drivers of saying against drivers of doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from tpm_widgets.language import Between, Names, Number, Percent, Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.strategy.drivers import DriverRegression
from tpm_widgets.strategy.outcomes import WORDS


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DriverComparison(Result):
    """Drivers of saying beside drivers of doing; made by ``compare_drivers``, which tells the columns.

    Attributes
    ----------
    intervals : pandas.DataFrame
        One row per touchpoint and part ("say", "do"): touchpoint, part, estimate, std_error, p_value; conf_low,
        conf_high (Holm-adjusted); equivalence_low, equivalence_high (level 2·level − 1); verdict.
    lists : mapping
        "both", "talk only", "deeds only", "neither", "undecided" → their touchpoints.
    rank_correlation : Estimate
        Spearman's, of the importances for saying and doing, with bootstrap interval.
    differences : pandas.DataFrame
        touchpoint, estimate (its share of what explains doing minus its share of what explains saying), conf_low,
        conf_high (bootstrap).
    saying, doing : DriverRegression
        The two models, on the same answers with the same weights.
    events_per_coefficient : float
        Answers of the rarer outcome of doing per coefficient.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["say_estimate", "say_low", "say_high", "do_estimate", "do_low", "do_high"], "points"),
        **dict.fromkeys(["say_importance", "do_importance"], "percent"),
    }

    intervals: pd.DataFrame
    lists: Mapping[str, tuple[str, ...]]
    rank_correlation: Estimate
    differences: pd.DataFrame
    saying: DriverRegression
    doing: DriverRegression
    events_per_coefficient: float
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if sorted(name for names in self.lists.values() for name in names) != sorted(self.table["touchpoint"]):
            raise ValueError("Each touchpoint belongs into exactly one of the five lists.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say which touchpoints drive both, only one, or nothing; what is half known; how alike the rankings are."""
        half = {part: self._half_known(part) for part in ("say", "do")}
        found = [self._lists_said()]
        if half["say"] or half["do"]:
            found.append(
                say(
                    "Half known: {say_names} go with {saying}, while {doing} is undecided; {do_names} go with {doing}, "
                    "while {saying} is undecided.",
                    say_names=self._named(half["say"]),
                    do_names=self._named(half["do"]),
                    saying=WORDS[self.saying.outcome],
                    doing=WORDS[self.doing.outcome],
                )
            )
        return (*found, self._correlation_said())

    def _half_known(self, part: str) -> tuple[str, ...]:
        """Touchpoints with an effect on one part, the other being undecided."""
        known = (self.table["verdict"] == "undecided") & (self.table[f"{part}_verdict"] == "effect")
        return tuple(self.table.loc[known, "touchpoint"])

    def _lists_said(self) -> Sentence:
        return say(
            "Of {count} touchpoints, {both} go with both {saying} and {doing}; talk only: {talk}; deeds only: {deeds}; "
            "neither: {neither}; undecided: {undecided} ({n} answers, average effects with Holm-adjusted {level} "
            "intervals, negligible within ±{say_delta} and ±{do_delta} percentage points per rating point).",
            count=len(self.table),
            both=self._named(self.lists["both"]),
            talk=self._named(self.lists["talk only"]),
            deeds=self._named(self.lists["deeds only"]),
            neither=self._named(self.lists["neither"]),
            undecided=len(self.lists["undecided"]),
            saying=WORDS[self.saying.outcome],
            doing=WORDS[self.doing.outcome],
            n=self.doing.n,
            level=Percent(self.settings["level"], 0),
            say_delta=Number(self.settings["negligible"][0] * 100, 1),
            do_delta=Number(self.settings["negligible"][1] * 100, 1),
        )

    def _correlation_said(self) -> Sentence:
        rank = self.rank_correlation
        return say(
            "The rankings by importance for saying and for doing correlate with {estimate} (Spearman; {level} "
            "bootstrap interval {interval}).",
            estimate=Number(rank.estimate),
            level=Percent(self.settings["level"], 0),
            interval=Between(Number(rank.conf_low), Number(rank.conf_high)),
        )

    def _named(self, names: tuple[str, ...]) -> Names:
        return Names(tuple(self.labels[name] for name in names), most=8)
