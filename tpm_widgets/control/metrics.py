"""The figures that control watches: their values, answer by answer, and the words and units to read them in."""

from __future__ import annotations

import numpy as np

from tpm_widgets.as_is.classes import answer_classes
from tpm_widgets.language import Number, Percent, Points, Sentence, Worded, say, say_n
from tpm_widgets.statistics.net_promoter import DETRACTOR, PASSIVE, PROMOTER
from tpm_widgets.study.model import Study

RATING = "rating:"
CLASSES = {"promoters": PROMOTER, "passives": PASSIVE, "detractors": DETRACTOR}
SURVEY_METRICS = ("nps", *CLASSES)


def known_metrics(study: Study) -> list[str]:
    """List the metrics that goals and wave tests know for this study."""
    return [*SURVEY_METRICS, "referral_rate", *(RATING + name for name in study.touchpoint_names)]


def answer_values(study: Study, metric: str) -> np.ndarray:
    """Give each answer the number whose weighted mean is the metric; missing where the answer has none, shape (n,)."""
    if metric.startswith(RATING):
        return study.ratings[metric.removeprefix(RATING)].to_numpy(float)
    _, classes = answer_classes(study)
    if metric == "nps":
        return classes
    return np.where(np.isnan(classes), np.nan, classes == CLASSES[metric])


def metric_words(metric: str, labels: dict[str, str] | None = None) -> Sentence:
    """Name a metric in words."""
    if metric.startswith(RATING):
        touchpoint = metric.removeprefix(RATING)
        return say("Rating of {touchpoint}", touchpoint=(labels or {}).get(touchpoint, touchpoint))
    return {
        "nps": say("Net Promoter Score"),
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
