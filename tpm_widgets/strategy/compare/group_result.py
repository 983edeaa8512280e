"""The result that holds the drivers of one group against those of another: segments, or waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.language import Between, Number, Points, Sentence, Worded, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.regression.contrasts import WaldTest
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import WORDS

Verdict = Literal["yes", "no", "cannot be told"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DriverGroups(Result):
    """Drivers of one outcome, group against group; made by ``compare_driver_groups``, which tells the columns.

    Attributes
    ----------
    verdict : {"yes", "no", "cannot be told"}
        Do the drivers differ? No: every difference is negligible. Yes: the joint test says so.
    test : WaldTest or None
        Of all differences at once (chi2, df, df_residual, f, p_value); None where there are not two groups.
    log_odds_test : WaldTest or None
        For 0/1 outcomes the same of the coefficients, the interactions of touchpoint and group.
    touchpoints : pandas.DataFrame
        One row per touchpoint, its effects in all groups tested at once: touchpoint, groups (how many), chi2, df,
        p_value, p_adjusted (Holm).
    groups : pandas.DataFrame
        One row per group: group, n, events, coefficients, per_coefficient (answers, or answers of the rarer outcome),
        r_squared, withheld.
    effects : pandas.DataFrame
        One row per group compared and touchpoint: group, and the columns of ``driver_regression(…).effects``.
    rank_correlations : pandas.DataFrame
        One row per pair: group, other, touchpoints (how many both have), estimate (Spearman's, of the importances),
        conf_low, conf_high (bootstrap).
    models : mapping
        Group → its DriverRegression.
    outcome : str
        What was explained.
    labels : mapping
        The words for each touchpoint.
    """

    interval_of: ClassVar[str] = "difference"
    first_by: ClassVar[str] = "p_value"

    verdict: Verdict
    test: WaldTest | None
    log_odds_test: WaldTest | None
    touchpoints: pd.DataFrame
    groups: pd.DataFrame
    effects: pd.DataFrame
    rank_correlations: pd.DataFrame
    models: Mapping[str, DriverRegression]
    outcome: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        known = self.table.dropna(subset=["difference"])
        if not np.allclose(known["difference"], known["estimate"] - known["other_estimate"], rtol=0, atol=1e-12):
            raise ValueError("Each difference is the group's effect minus the other's.")

    @property
    def formats(self) -> dict[str, str]:  # type: ignore[override]  # it depends on what is measured
        """Effects on a probability are read in points, on the score as they are; shares in points."""
        effect = "number:3" if self.outcome == "recommend" else "points"
        share = ("share_difference", "share_difference_low", "share_difference_high")
        return {
            **dict.fromkeys(["estimate", "other_estimate", "difference", "conf_low", "conf_high"], effect),
            **dict.fromkeys(share, "points"),
            **dict.fromkeys(["std_error", "p_value", "importance", "other_importance"], "hidden"),  # for want of room
        }

    @property
    def shown(self) -> pd.DataFrame:
        """The touchpoints whose effects differ by more than chance, after adjusting for their number."""
        return self.touchpoints[self.touchpoints["p_adjusted"] <= 1 - self.settings["level"]]

    def sentences(self) -> tuple[Sentence, ...]:
        """Answer whether the drivers differ; name the touchpoints that do; say how alike the rankings are."""
        rows = self.groups.to_dict("records")
        compared = [row for row in rows if not row["withheld"]]
        found = [
            say(
                "Do the drivers of {outcome} differ by {by:list} between {groups:list:6}? {answer}",
                outcome=WORDS[self.outcome],
                by=(by,) if isinstance(by := self.settings["by"], str) else tuple(by),
                groups=tuple(self._group(row) for row in rows if len(compared) < 2 or row in compared),
                answer=self.answer(),
            )
        ]
        if 1 < len(compared) < len(rows):
            few = tuple(self._group(row) for row in rows if row["withheld"])
            found.append(say("Not compared, because too few answers stand behind them: {groups:list:6}.", groups=few))
        if self.test is not None:
            found += [self._touchpoints_said(), self._ranks_said()]
        return tuple(found)

    def answer(self) -> Sentence:
        """Say yes, no, or that it cannot be told, and why."""
        if self.test is None:
            return say(
                "It cannot be told: fewer than two groups hold {needed} answers per coefficient.",
                needed=self.settings["per_coefficient"],
            ) if self.outcome == "recommend" else say(
                "It cannot be told: fewer than two groups hold {needed} answers of the rarer outcome per coefficient.",
                needed=self.settings["per_coefficient"],
            )  # fmt: skip
        values = {"test": self._test(self.test), "delta": self.change(self.settings["negligible"], signed=False)}
        if self.verdict == "yes":
            return say("Yes, by more than chance ({test}).", test=values["test"])
        if self.verdict == "no":
            return say("No: every difference lies within ±{delta} per rating point ({test}).", **values)
        return say(
            "It cannot be told: the differences may be chance ({test}), and some may be larger than ±{delta} per "
            "rating point.",
            **values,
        )

    def change(self, value: float, signed: bool = True) -> Sentence:
        """Read an effect or a difference of effects, with its unit."""
        if self.outcome == "recommend":
            return say("{change} points of the score", change=Number(value, signed=signed))
        number: Worded = Points(value) if signed else Number(value * 100, 1)
        return say("{change} percentage points", change=number)

    def _group(self, row: Mapping[Any, Any]) -> Sentence:
        if self.outcome == "recommend":
            return say("{group} (n = {n:count})", row)
        return say("{group} (n = {n:count}, {events:count} with the outcome)", row)

    def _test(self, test: WaldTest) -> Sentence:
        return say("joint robust Wald test, F({df}, {df_residual:count}) = {f:number}, p {p_value:p}", test)

    def _touchpoints_said(self) -> Sentence:
        tested = self.touchpoints["p_value"].notna().sum()
        names = tuple(self.labels[name] for name in self.shown.sort_values("p_value", kind="stable")["touchpoint"])
        known = self.table.dropna(subset=["p_value"])
        largest = known.iloc[int(known["p_value"].to_numpy().argmin())].to_dict()
        values = {
            "tested": int(tested),
            "touchpoint": self.labels[largest["touchpoint"]],
            "difference": self.change(largest["difference"]),
            "interval": Between(self._number(largest["conf_low"]), self._number(largest["conf_high"])),
        }
        if not names:
            return say(
                "None of {tested} touchpoints differs by itself, by Holm's correction; the clearest difference is that "
                "of {touchpoint}, {difference} per rating point in {group} against {other} ({level:percent:0} interval "
                "{interval}, p {p_adjusted:p} after Holm).",
                largest,
                self.settings,
                **values,
            )
        return say_n(
            "{count} of {tested} touchpoints differs by itself, by Holm's correction: {names:list:8}. Clearest: "
            "{touchpoint}, {difference} per rating point in {group} against {other} ({level:percent:0} interval "
            "{interval}, p {p_adjusted:p} after Holm).",
            "{count} of {tested} touchpoints differ by themselves, by Holm's correction: {names:list:8}. Clearest: "
            "{touchpoint}, {difference} per rating point in {group} against {other} ({level:percent:0} interval "
            "{interval}, p {p_adjusted:p} after Holm).",
            len(names),
            largest,
            self.settings,
            names=names,
            **values,
        )

    def _number(self, value: float) -> Worded:
        return Number(value, signed=True) if self.outcome == "recommend" else Points(value)

    def _ranks_said(self) -> Sentence:
        known = self.rank_correlations.dropna(subset=["estimate"])
        if known.empty:
            return say("Rankings by importance are compared from three touchpoints on.")
        least = known.iloc[int(known["estimate"].to_numpy().argmin())].to_dict()
        if len(known) == 1:
            return say(
                "The rankings by importance in {group} and {other} correlate with {estimate:number} (Spearman; "
                "{level:percent:0} bootstrap interval {conf_interval:number}).",
                least,
                self.settings,
            )
        return say(
            "Of {count} pairs, the rankings by importance are least alike in {group} and {other}: they correlate with "
            "{estimate:number} (Spearman; {level:percent:0} bootstrap interval {conf_interval:number}).",
            least,
            self.settings,
            count=len(known),
        )
