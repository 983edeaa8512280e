"""Drivers of saying against drivers of doing, two models on the same answers: the work behind ``compare_drivers``, and
its result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.multiplicity import judge_effects
from tpm_widgets.statistics.importance.resampled import bootstrap_lmg
from tpm_widgets.strategy.compare.options import OF_THE_RATE, Options
from tpm_widgets.strategy.compare.ranks import correlate_ranks, share_differences
from tpm_widgets.strategy.drivers.of_study import DriverRegression, regress
from tpm_widgets.strategy.drivers.outcomes import WORDS, Outcome, known_answers, said
from tpm_widgets.strategy.drivers.tables import effect_degrees
from tpm_widgets.study.model import Study

LISTS = {
    ("effect", "effect"): "both",
    ("effect", "negligible"): "talk only",
    ("negligible", "effect"): "deeds only",
    ("negligible", "negligible"): "neither",
}
VERDICTS = (*LISTS.values(), "undecided")


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
        **dict.fromkeys(["say_relative", "do_relative"], "percent:0"),
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
        outcomes = WORDS[self.saying.outcome], WORDS[self.doing.outcome]
        told = [
            say_n(
                "{names:list:8} goes with {known}, while {unknown} is undecided",
                "{names:list:8} go with {known}, while {unknown} is undecided",
                len(half[part]),
                names=self._named(half[part]),
                known=known,
                unknown=unknown,
            )
            for part, (known, unknown) in (("say", outcomes), ("do", outcomes[::-1]))
            if half[part]
        ]
        if len(told) == 2:
            found.append(say("Half known: {saying}; {doing}.", saying=told[0], doing=told[1]))
        elif told:
            found.append(say("Half known: {told}.", told=told[0]))
        if not np.isnan(self.rank_correlation.conf_low):  # of few touchpoints there is none
            found.append(self._correlation_said())
        return tuple(found)

    def _half_known(self, part: str) -> tuple[str, ...]:
        """Touchpoints with an effect on one part, the other being undecided."""
        known = (self.table["verdict"] == "undecided") & (self.table[f"{part}_verdict"] == "effect")
        return tuple(self.table.loc[known, "touchpoint"])

    def _lists_said(self) -> Sentence:
        return say_n(
            "Of {count} touchpoint, {both:list:8} go with both {saying} and {doing}; talk only: {talk:list:8}; deeds "
            "only: {deeds:list:8}; neither: {neither:list:8}; undecided: {undecided} ({n} answers, average effects "
            "with Holm-adjusted {level:percent:0} intervals, negligible within ±{say_delta:hundredths} and "
            "±{do_delta:hundredths:2} percentage points per rating point).",
            "Of {count} touchpoints, {both:list:8} go with both {saying} and {doing}; talk only: {talk:list:8}; deeds "
            "only: {deeds:list:8}; neither: {neither:list:8}; undecided: {undecided} ({n} answers, average effects "
            "with Holm-adjusted {level:percent:0} intervals, negligible within ±{say_delta:hundredths} and "
            "±{do_delta:hundredths:2} percentage points per rating point).",
            len(self.table),
            self.settings,
            both=self._named(self.lists["both"]),
            talk=self._named(self.lists["talk only"]),
            deeds=self._named(self.lists["deeds only"]),
            neither=self._named(self.lists["neither"]),
            undecided=len(self.lists["undecided"]),
            saying=WORDS[self.saying.outcome],
            doing=WORDS[self.doing.outcome],
            n=self.doing.n,
            say_delta=self.settings["negligible"][0],
            do_delta=self.settings["negligible"][1],
        )

    def _correlation_said(self) -> Sentence:
        rank = self.rank_correlation
        return say(
            "The rankings by importance for saying and for doing correlate with {estimate:number} (Spearman; "
            "{level:percent:0} bootstrap interval {conf_interval:number}).",
            rank,
            self.settings,
        )

    def _named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.labels[name] for name in names)


def compare_outcomes(
    study: Study,
    saying: Outcome,
    doing: Outcome,
    negligible: tuple[float, float | None],
    options: Options,
) -> DriverComparison:
    """Fit both models on the same answers, judge every effect, and sort the touchpoints into the five lists."""
    answers = known_answers(Observed(study, "compare_drivers"), doing, options.window)
    words = said(study, saying)[answers.rows]
    answers, words = answers.only(~np.isnan(words)), words[~np.isnan(words)]
    outcomes = np.column_stack([words, answers.observed])
    settings, level = options.of_models, options.level
    models = {
        part: regress(study, own, outcome, options.missing, level, {"outcome": outcome, **settings}, outcomes)
        for part, outcome, own in (
            ("say", saying, replace(answers, observed=words, caveats=())),
            ("do", doing, answers),
        )
    }
    rates = [float(np.average(own, weights=answers.weights)) for own in outcomes.T]
    small = (negligible[0], OF_THE_RATE * rates[1] if negligible[1] is None else negligible[1])
    used = np.searchsorted(answers.rows, models["do"].design.rows)
    rank_correlation, differences = _importances(models, outcomes[used], options)
    intervals = _intervals(models, small, level)
    table = _table(models, intervals)
    for part, rate in zip(models, rates, strict=True):
        table[f"{part}_relative"] = table[f"{part}_estimate"] / rate
    events = models["do"].events or 0
    return DriverComparison(
        table=table,
        intervals=intervals,
        lists={verdict: tuple(table.loc[table["verdict"] == verdict, "touchpoint"]) for verdict in VERDICTS},
        rank_correlation=rank_correlation,
        differences=differences,
        saying=models["say"],
        doing=models["do"],
        events_per_coefficient=min(events, models["do"].n - events) / (len(models["do"].design.columns) - 1),
        labels=study.labels,
        settings={"saying": saying, "doing": doing, "negligible": small, **settings, "seed": options.seed},
        caveats=_caveats(models, table) + (_of_the_rate(models["do"], rates[1]) if negligible[1] is None else ()),
        data_hash=models["do"].data_hash,
    )


def _intervals(models: Mapping[str, DriverRegression], negligible: tuple[float, float], level: float) -> pd.DataFrame:
    """Both parts' effects, judged."""
    parts = []
    for (part, model), delta in zip(models.items(), negligible, strict=True):
        effects = model.effects[["touchpoint", "estimate", "std_error", "p_value"]]
        estimate, std_error, p_value = (effects[name].to_numpy() for name in ("estimate", "std_error", "p_value"))
        df = pd.Series(effect_degrees(model.fit, model.design), index=model.design.touchpoints)
        own = df.reindex(effects["touchpoint"]).to_numpy()
        judged = judge_effects(estimate, std_error, p_value, delta, level, own)
        effects = effects.assign(part=part)[["touchpoint", "part", "estimate", "std_error", "p_value"]]
        parts.append(pd.concat([effects, judged], axis=1))
    return pd.concat(parts, ignore_index=True)


def _table(models: Mapping[str, DriverRegression], intervals: pd.DataFrame) -> pd.DataFrame:
    table = models["do"].table[["touchpoint", "n"]].copy()
    names = {"estimate": "estimate", "conf_low": "low", "conf_high": "high", "verdict": "verdict"}
    for part in models:
        own = intervals[intervals["part"] == part].set_index("touchpoint")
        for source, target in names.items():
            table[f"{part}_{target}"] = own[source].reindex(table["touchpoint"]).to_numpy()
    pairs = zip(table["say_verdict"], table["do_verdict"], strict=True)
    table["verdict"] = [LISTS.get(pair, "undecided") for pair in pairs]
    for part, model in models.items():
        table[f"{part}_importance"] = model.table["importance"].to_numpy()
    return table


def _importances(
    models: Mapping[str, DriverRegression], outcomes: np.ndarray, options: Options
) -> tuple[Estimate, pd.DataFrame]:
    """Correlate the two rankings and subtract the shares, with percentile intervals."""
    design, fit = models["do"].design, models["do"].fit
    resamples = options.replicates, options.seed
    moved = bootstrap_lmg(design.matrix[:, 1:], outcomes, fit.weights, fit.clusters, design.groups(), *resamples)
    exact = np.stack([model.table["importance"].dropna().to_numpy() for model in models.values()])
    drawn = exact + moved
    estimate, low, high = share_differences(exact[::-1], drawn[:, ::-1], options.level)  # doing minus saying
    differences = pd.DataFrame(
        {"touchpoint": design.touchpoints, "estimate": estimate, "conf_low": low, "conf_high": high}
    )
    return correlate_ranks(exact, drawn, options.level, fit.n), differences


def _caveats(models: Mapping[str, DriverRegression], table: pd.DataFrame) -> tuple[Sentence, ...]:
    saying, doing = models["say"], models["do"]
    rarer = min(doing.events or 0, doing.n - (doing.events or 0))
    found = [
        say(
            "Ratings and score stand in one questionnaire and share a general mood, which the deeds do not: a small "
            "effect on saying may be nothing but mood."
        ),
        say(
            "{each:number:1} answers of the rarer outcome per coefficient stand behind {doing}; below 10 most "
            "touchpoints remain undecided.",
            each=rarer / (len(doing.design.columns) - 1),
            doing=WORDS[doing.outcome],
        ),
    ]
    for part, model in models.items():
        expected = -1 if model.outcome == "detractor" else 1
        against = (table[f"{part}_verdict"] == "effect") & (table[f"{part}_estimate"] * expected < 0)
        if against.any():
            names = tuple(model.labels[name] for name in table.loc[against, "touchpoint"])
            template = (
                say("Better ratings go with more of {outcome}: {touchpoints:all}.", **_against(model, names))
                if expected < 0
                else say("Better ratings go with less of {outcome}: {touchpoints:all}.", **_against(model, names))
            )
            found.append(template)
    own = {str(sentence): sentence for sentence in (*doing.caveats, *saying.caveats)}
    return (*found, *own.values())


def _of_the_rate(doing: DriverRegression, rate: float) -> tuple[Sentence, ...]:
    return (
        say(
            "Negligible for {doing} is {part:percent:0} of the share who did it ({rate:percent}) per rating point; "
            "what is rare cannot change by as many points as what is frequent.",
            doing=WORDS[doing.outcome],
            part=OF_THE_RATE,
            rate=rate,
        ),
    )


def _against(model: DriverRegression, names: tuple[str, ...]) -> dict[str, object]:
    return {"outcome": WORDS[model.outcome], "touchpoints": names}
