"""What was said and done in one group or period: the score of its answers, its customers' time and deeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpm_widgets.as_is.classes import answer_classes, excluded_scores
from tpm_widgets.as_is.customer_time import CustomerTime, customer_time
from tpm_widgets.language import Number, Sentence, say
from tpm_widgets.statistics.net_promoter import net_promoter, score_interval
from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.rates import event_rate
from tpm_widgets.statistics.weights import effective_size
from tpm_widgets.study.model import Study

PER = 100  # customer-years
MEASURE = {"recommendations": "recommendation_rate", "won": "won_rate", "reported": "reported_share"}
OBSERVED = ("recommendations", "won")


def ends(measure: str) -> list[str]:
    """Name the columns of a measure and its interval."""
    return [measure, f"{measure}_low", f"{measure}_high"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SaidAndDone:
    """A study's answers as classes and its deeds, from which any group or period can be measured.

    ``time`` is None in a reported study, where the answers themselves say what was done.
    """

    classes: np.ndarray
    weights: np.ndarray
    reported: np.ndarray
    time: CustomerTime | None
    level: float
    caveats: tuple[Sentence, ...]

    @property
    def deeds(self) -> tuple[str, ...]:
        """Return which deeds are known: observed ones, or else what respondents report."""
        return ("reported",) if self.time is None else OBSERVED

    def said(self, rows: np.ndarray) -> dict[str, float]:
        """Return n and the score of some answers, with its interval and standard error."""
        score = net_promoter(self.classes[rows], self.weights[rows])
        low, high = score_interval(self.classes[rows], self.weights[rows], level=self.level)
        found = dict(zip(ends("score"), (score.estimate, low, high), strict=True))
        return {"n": score.n, **found, "score_error": score.std_error}

    def done(self, members: np.ndarray, first: int | None = None, last: int | None = None) -> dict[str, float]:
        """Return customer-years, counts and rates of some customers (a mask) from one day to another (since 1970)."""
        if self.time is None:
            raise TypeError("a reported study has no observed deeds.")
        years, deeds = self.time.years(first, last), self.time.deeds
        if first is not None and last is not None:
            deeds = deeds[deeds["day"].between(first, last)]
        present = members & (years > 0)
        row: dict[str, float] = {"customers": int(present.sum()), "exposure": float(years[present].sum())}
        for deed in OBSERVED:
            events = self.time.counts(deeds, won=deed == "won")[present]
            rate = event_rate(events, years[present], level=self.level)
            row[deed] = int(events.sum())
            limits = (rate.estimate, rate.conf_low, rate.conf_high)
            row |= dict(zip(ends(MEASURE[deed]), (PER * value for value in limits), strict=True))
            row[f"{deed}_error"] = PER * rate.std_error
        return row

    def told(self, rows: np.ndarray) -> dict[str, float]:
        """Return how many of some answers report a recommendation, as a weighted share with Wilson's interval."""
        weights, values = self.weights[rows], self.reported[rows]
        known = np.isfinite(values) & (weights > 0)
        weights, values, size = weights[known], values[known], effective_size(weights[known])
        share = float(weights @ values / weights.sum()) if known.any() else np.nan
        low, high = wilson(share, size, self.level)
        row: dict[str, float] = {"known": int(known.sum()), "reported": int(values.sum())}
        row |= dict(zip(ends("reported_share"), (share, float(low), float(high)), strict=True))
        return {**row, "reported_error": float(np.sqrt(max(share * (1 - share), 0.0) / size)) if size else np.nan}


def said_and_done(study: Study, level: float, verb: str) -> SaidAndDone:
    """Take from a study what both sides need; refuse one that knows of no deeds.

    Deeds that were observed come before deeds that are only reported.
    """
    scores, classes = answer_classes(study)
    reported = np.full(len(scores), np.nan)
    observed = study.customers is not None and study.referrals is not None
    time, caveats = None, excluded_scores(study, scores, classes)
    if not observed and study.has("survey", "recommended_12m"):
        reported = study.survey["recommended_12m"].to_numpy(float, na_value=np.nan)
        caveats.append(
            say(
                "The deeds are reported by the respondents themselves and look back twelve months: they came before "
                "the answer, and memory and politeness colour both."
            )
        )
    else:
        time = customer_time(study, verb)
        caveats += [*time.caveats, *_still_open(study)]
    return SaidAndDone(
        classes=classes, weights=study.weights, reported=reported, time=time, level=level, caveats=tuple(caveats)
    )


def _still_open(study: Study) -> list[Sentence]:
    """Say that the latest recommendations may still win somebody."""
    if not study.has("referrals", "converted"):
        return []
    days = (study.referrals["converted"] - study.referrals["date"]).dt.days.median()  # type: ignore[index]
    return [
        say(
            "A recommendation that wins a customer takes {days} days to do so (median), and counts on the day on which "
            "it was made; the latest ones may still win somebody.",
            days=Number(days, 0),
        )
    ]
