"""The figures that control watches: their values, answer by answer, their latest measurement (of the last wave, or of
the last quarter's new customers), and the words and units to read them in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.deeds.new_customers import unfinished
from tpm_widgets.as_is.groups import design_caveats
from tpm_widgets.as_is.score.classes import answer_classes, class_caveats
from tpm_widgets.language import Number, Percent, Points, Sentence, Worded, say, say_n
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import Estimate, wilson
from tpm_widgets.statistics.score.net_promoter import DETRACTOR, PASSIVE, PROMOTER, Tally
from tpm_widgets.study.model import Study

RATING = "rating:"
CLASSES = {"promoters": PROMOTER, "passives": PASSIVE, "detractors": DETRACTOR}
SURVEY_METRICS = ("nps", *CLASSES)
YES = "yes"  # the share of yes, in the place of these where yes or no was answered


def known_metrics(study: Study) -> list[str]:
    """List the metrics that goals and wave tests know for this study."""
    of_survey = [YES] if study.question.yes_no else [*SURVEY_METRICS]
    return [*of_survey, "referral_rate", *(RATING + name for name in study.touchpoint_names)]


def meant(study: Study, metric: str) -> str:
    """Return the metric that is meant: of a yes/no question the share of yes takes the score's place."""
    return YES if metric == "nps" and study.question.yes_no else metric


def answer_values(study: Study, metric: str) -> np.ndarray:
    """Give each answer the number whose weighted mean is the metric; missing where the answer has none, shape (n,)."""
    if metric.startswith(RATING):
        return study.ratings[metric.removeprefix(RATING)].to_numpy(float)
    _, classes = answer_classes(study)
    if metric in ("nps", YES):
        return classes
    return np.where(np.isnan(classes), np.nan, classes == CLASSES[metric])


def metric_caveats(study: Study, metric: str) -> list[Sentence]:
    """Say what is to be known of the classes, where the metric is made of them."""
    return class_caveats(study) if metric in SURVEY_METRICS else []


def metric_words(metric: str, labels: dict[str, str] | None = None) -> Sentence:
    """Name a metric in words."""
    if metric.startswith(RATING):
        touchpoint = metric.removeprefix(RATING)
        return say("Rating of {touchpoint}", touchpoint=(labels or {}).get(touchpoint, touchpoint))
    return {
        "nps": say("Net Promoter Score"),
        YES: say("Share of yes"),
        "promoters": say("Share of promoters"),
        "passives": say("Share of passives"),
        "detractors": say("Share of detractors"),
        "referral_rate": say("Referral rate"),
    }[metric]


def metric_format(metric: str) -> str:
    """Name the format of a metric's columns: the score in points, shares in percent, ratings as they are."""
    if metric.startswith(RATING):
        return "number:2"
    return "points" if metric == "nps" else "percent"


def quantity(metric: str, value: float) -> Worded:
    """Read a level of the metric in its own unit."""
    if metric.startswith(RATING):
        return Number(value)
    return Points(value) if metric == "nps" else Percent(value)


def counted(metric: str, n: int) -> Sentence:
    """Count what a metric rests on: new customers for the referral rate, else answers."""
    if metric == "referral_rate":
        return say_n("{count} new customer", "{count} new customers", n)
    return say_n("{count} answer", "{count} answers", n)


def difference(metric: str, value: float) -> Worded:
    """Read a difference of two levels: signed points (percentage points for shares), or signed rating points."""
    return Number(value, signed=True) if metric.startswith(RATING) else Points(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An estimate, the name of the wave or period that it is of, and its last day (missing where unknown)."""

    estimate: Estimate
    name: str
    last_day: pd.Timestamp | NaTType


def measure(study: Study, metric: str, level: float) -> Measurement:
    """Measure a metric in the last wave; the referral rate in the last quarter."""
    if metric == "referral_rate":
        return _latest_rate(study, level)
    values, design = answer_values(study, metric), study.design
    rows, name = _latest_answers(study)
    used = rows[np.isfinite(values[rows]) & (design.weights[rows] > 0)]
    days = study.survey["date"].iloc[used] if "date" in study.survey else pd.Series(dtype="datetime64[ns]")
    return Measurement(
        estimate=_estimate(values, design, used, metric, level, study.min_group),
        name=name,
        last_day=days.max(),
    )


def _latest_answers(study: Study) -> tuple[np.ndarray, str]:
    """Return the rows of the last wave's answers and its name; all of them where there are no waves."""
    if not study.has("survey", "wave"):
        return np.arange(len(study.survey)), "all"
    waves = study.survey["wave"].astype("category")
    last = waves.cat.remove_unused_categories().cat.categories[-1]
    return np.flatnonzero((waves == last).to_numpy(bool)), str(last)


def _estimate(values: np.ndarray, design: Design, rows: np.ndarray, metric: str, level: float, least: int) -> Estimate:
    """Give the score its adjusted Wald interval, a share Wilson's, a mean rating Student's; nothing where too few."""
    if len(rows) < least:
        return Estimate(np.nan, np.nan, np.nan, len(rows))
    mean = mean_by_design(values, design, rows)
    if metric == "nps":
        low, high = Tally.by_design(values, design, rows).interval("adjusted_wald", level)
    elif metric.startswith(RATING):
        low, high = mean.interval(level)
    else:
        low, high = (float(end) for end in wilson(mean.estimate, mean.size(level), level))
    return Estimate(mean.estimate, low, high, mean.n)


def _latest_rate(study: Study, level: float) -> Measurement:
    """Return the rate of the last quarter that is over, of the last one at all where none is; with enough customers."""
    rates = referral_rate(study, period="quarter", level=level).table
    shown = rates[rates["estimate"].notna() & (rates["known"] >= study.min_group)]
    if not len(shown):
        return Measurement(estimate=Estimate(np.nan, np.nan, np.nan, 0), name="", last_day=pd.NaT)
    over = [unfinished(study, "Q", period) is None for period in shown["period"]]
    row = (shown[over] if any(over) else shown).iloc[-1].to_dict()
    last_day = pd.Period(row["period"], freq="Q").end_time.normalize()
    if study.period.observed_until is not None:
        last_day = min(last_day, study.period.observed_until)
    estimate = Estimate(row["estimate"], row["conf_low"], row["conf_high"], int(row["known"]))
    return Measurement(estimate=estimate, name=row["period"], last_day=last_day)


def measured_caveats(study: Study, metrics: Iterable[str]) -> list[Sentence]:
    """Say what hangs together in what was measured, and which quarter is not over."""
    found, names = [], set(metrics)
    if names - {"referral_rate"}:
        found += design_caveats(study, [_latest_answers(study)[0]])
    if "referral_rate" in names:
        name = _latest_rate(study, 0.95).name
        rates = referral_rate(study, period="quarter")
        until = unfinished(study, "Q", name) if name else None
        if until is not None:
            found.append(say("{period} is not over: it is known until {day} only.", period=name, day=until))
        elif name and rates.table["period"].iloc[-1] != name:
            found.append(
                say(
                    "The referral rate is that of {period}: later quarters are not over, or have fewer than {least} "
                    "new customers of known source.",
                    period=name,
                    least=study.min_group,
                )
            )
        found += [caveat for caveat in rates.caveats if "{largest}" in caveat.template]
    return found
