"""What was said and done in one group or period: the score of its answers, its customers' time and deeds. Periods are
quarters, months, or what followed a wave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.customer_time import CustomerTime
from tpm_widgets.as_is.deeds.linkage import day_number
from tpm_widgets.as_is.deeds.new_customers import FREQUENCIES, every_period, period_name
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.deeds.undated import REPORTED, has_undated, reported_deeds, undated_deeds
from tpm_widgets.as_is.score.classes import answer_classes, excluded_scores
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.score.net_promoter import Tally
from tpm_widgets.study.model import Study, given, need

PER = 100  # customer-years
MEASURE = {
    "recommendations": "recommendation_rate",
    "won": "won_rate",
    "reported": "reported_share",
    "recommended": "recommended_share",
}
OBSERVED = ("recommendations", "won")
TOLD = ("reported", "recommended")  # by the answers themselves, without a time

Rhythm = Literal["quarter", "month", "wave"]
ONE_DAY = pd.Timedelta(1, "D")


KINDS = {
    **{"group": "str", "period": "str", "n": "int64", "exposure": "number:0"},
    **dict.fromkeys(("known", *TOLD, *OBSERVED), "Int64"),
    **dict.fromkeys(with_ends("score"), "points"),
    **dict.fromkeys((name for deed in OBSERVED for name in with_ends(MEASURE[deed])), "number:2"),
    **dict.fromkeys((name for deed in TOLD for name in with_ends(MEASURE[deed])), "percent"),
}
FORMATS = formats_of(KINDS)


def table_of(cells: pd.DataFrame, name: str, done: Sequence[str]) -> pd.DataFrame:
    """Return what is shown of groups or periods: what they are, what they said, what they did or else report."""
    told = [column for deed in TOLD if deed in cells for column in ("known", deed, *with_ends(MEASURE[deed]))]
    columns = [name, "n", *with_ends("score"), *(told or done)]
    return typed(cells, {column: KINDS[column] for column in columns})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SaidAndDone:
    """A study's answers as classes and its deeds, from which any group or period can be measured.

    ``time`` is None where the answers themselves tell what was done (``deed``): as reported, or without a date.
    """

    observed: Observed
    classes: np.ndarray
    design: Design
    told_of: np.ndarray
    deed: str
    time: CustomerTime | None
    level: float
    caveats: tuple[Sentence, ...]

    @property
    def deeds(self) -> tuple[str, ...]:
        """Return which deeds are known: observed ones, or else what respondents report."""
        return (self.deed,) if self.time is None else OBSERVED

    def said(self, rows: np.ndarray) -> dict[str, float]:
        """Return n and the score of some answers, with its interval and standard error."""
        tally = Tally.by_design(self.classes, self.design, rows)
        score = tally.score()
        low, high = tally.interval(self.observed.study.question.interval(), self.level)
        found = dict(zip(with_ends("score"), (score.estimate, low, high), strict=True))
        return {"n": score.n, **found, "score_error": score.std_error}

    def done(self, members: np.ndarray, first: int | None = None, last: int | None = None) -> dict[str, float]:
        """Return customer-years, counts and rates of some customers (a mask) from one day to another (since 1970)."""
        if self.time is None:
            raise TypeError("a study without records has no observed deeds.")
        years, deeds = self.time.years(first, last), self.time.deeds
        if first is not None and last is not None:
            deeds = deeds[deeds["day"].between(first, last)]
        present = members & (years > 0)
        row: dict[str, float] = {"customers": int(present.sum()), "exposure": float(years[present].sum())}
        for deed in OBSERVED:
            events = self.time.counts(deeds, won=deed == "won")[present]
            rate = event_rate(events, years[present], level=self.level)
            row[deed] = int(events.sum())
            row |= dict(zip(with_ends(MEASURE[deed]), rate.per(PER), strict=True))
            row[f"{deed}_error"] = PER * rate.std_error
        return row

    def told(self, rows: np.ndarray) -> dict[str, float]:
        """Return how many of some answers tell of a recommendation, as a weighted share with Wilson's interval."""
        found = mean_by_design(self.told_of, self.design, rows)
        share, size = found.estimate, found.n_eff
        low, high = wilson(share, found.size(self.level), self.level)
        values = self.told_of[rows][self.design.weights[rows] > 0]
        row: dict[str, float] = {"known": found.n, self.deed: int(np.nansum(values))}
        row |= dict(zip(with_ends(MEASURE[self.deed]), (share, float(low), float(high)), strict=True))
        return {**row, f"{self.deed}_error": float(np.sqrt(max(share * (1 - share), 0.0) / size)) if size else np.nan}


def said_and_done(observed: Observed, level: float) -> SaidAndDone:
    """Take from a study what both sides need; refuse one that knows of no deeds.

    Deeds that were observed come before deeds that are only reported.
    """
    study = observed.study
    scores, classes = answer_classes(study)
    told_of, deed = np.full(len(scores), np.nan), ""
    recorded = study.customers is not None and study.referrals is not None
    time, caveats = None, excluded_scores(study, scores, classes)
    if not recorded and has_undated(study):
        deeds, found = undated_deeds(study, observed.verb)
        told_of, deed = deeds["recommended"].to_numpy(), "recommended"
        caveats += found
    elif not recorded and study.has("survey", REPORTED):
        told_of, deed = reported_deeds(study).to_numpy(), "reported"
        caveats.append(
            say(
                "The deeds are reported by the respondents themselves and look back twelve months: they came before "
                "the answer, and memory and politeness colour both."
            )
        )
    else:
        time = observed.time
        caveats += [*time.caveats, *_still_open(study)]
    return SaidAndDone(
        observed=observed,
        classes=classes,
        design=study.design,
        told_of=told_of,
        deed=deed,
        time=time,
        level=level,
        caveats=tuple(caveats),
    )


def _still_open(study: Study) -> list[Sentence]:
    """Say that the latest recommendations may still win somebody."""
    if not study.has("referrals", "converted"):
        return []
    referrals = given(study.referrals)
    days = (referrals["converted"] - referrals["date"]).dt.days.median()
    return [
        say(
            "A recommendation that wins a customer takes {days:count} days to do so (median), and counts on the day on "
            "which it was made; the latest ones may still win somebody.",
            days=days,
        )
    ]


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, its first and last day of deeds (since 1970; last < first: none), its answers' rows."""

    name: str
    first: int
    last: int
    rows: np.ndarray


def calendar_spans(study: Study, period: Rhythm, recorded: Sequence[pd.Timestamp], verb: str) -> list[Span]:
    """Cut the time of answers and of recording into calendar periods, those without anything included."""
    need(study, verb, survey=("date",))
    answered = study.survey["date"].dt.to_period(FREQUENCIES[period])
    ends = pd.Series(recorded, dtype="datetime64[ns]").dt.to_period(FREQUENCIES[period])
    both = pd.concat([answered.dropna(), ends])
    return [
        Span(
            period_name(part),
            day_number(part.start_time),
            day_number(part.end_time),
            np.flatnonzero((answered == part).to_numpy()),
        )
        for part in every_period(both)
    ]


def wave_spans(study: Study, observed_until: pd.Timestamp, verb: str) -> list[Span]:
    """Give each wave the time after it: from the day after its end to the end of the next wave, one window at most."""
    waves = wave_names(study, verb)
    ends = _wave_ends(study).dropna()
    undated = [wave for wave in waves if wave not in ends.index]
    if undated:
        expected = say("the days of wave {wave}, for {verb}", wave=undated[0], verb=verb)
        remedy = say("Declare each wave's start and end as a table [waves], or name the column of the answers' dates.")
        raise DataError([{"table": "survey", "column": "wave", "expected": expected, "remedy": remedy}])
    ordered = ends[ends.index.isin(waves)].sort_values(kind="stable")
    after = [*ordered.iloc[1:], observed_until]
    return [
        Span(
            str(wave),
            day_number(end + ONE_DAY),
            day_number(min(following, end + study.period.window * ONE_DAY)),
            _answers(study, str(wave)),
        )
        for (wave, end), following in zip(ordered.items(), after, strict=True)
    ]


def undated_waves(study: Study, verb: str) -> list[Span]:
    """Return the waves with their answers and no time after them, for deeds that the answers report themselves."""
    return [Span(wave, 0, -1, _answers(study, wave)) for wave in wave_names(study, verb)]


def wave_names(study: Study, verb: str) -> list[str]:
    """Name the waves that were answered, in their order."""
    need(study, verb, survey=("wave",))
    return [
        str(wave)
        for wave in study.survey["wave"].dropna().astype("category").cat.remove_unused_categories().cat.categories
    ]


def _answers(study: Study, wave: str) -> np.ndarray:
    """Return the rows of one wave's answers."""
    return np.flatnonzero((study.survey["wave"].astype(str) == wave).to_numpy())


def _wave_ends(study: Study) -> pd.Series:
    """Return the last day of each wave: as declared, else the day of its last answer."""
    if study.waves is not None:
        declared = study.waves.drop_duplicates("wave")
        return declared.set_index(declared["wave"].astype(str))["end"]
    if not study.has("survey", "date"):
        return pd.Series(dtype="datetime64[ns]")
    return study.survey["date"].groupby(study.survey["wave"].astype(str)).max()
