"""Colours and axes of the figures that control watches."""

from __future__ import annotations

from matplotlib.axis import Axis

from tpm_widgets.control.metrics import RATING, metric_format, metric_words
from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.scales import number_axis, percent_axis, points_axis, signed_axis
from tpm_widgets.plots.theme import DOING, QUIET, SAYING


def metric_color(metric: str) -> str:
    """Blue for what customers say, vermilion for the referral rate, neutral for ratings."""
    if metric == "referral_rate":
        return DOING
    return QUIET if metric.startswith(RATING) or metric == "ratings" else SAYING


def metric_title(metric: str, labels: dict[str, str] | None = None) -> Sentence:
    """Name a metric; all ratings at once have a name of their own."""
    return say("ratings of the touchpoints") if metric == "ratings" else metric_words(metric, labels)


def level_axis(axis: Axis, metric: str, labels: dict[str, str] | None = None) -> None:
    """Label an axis with the metric and its unit."""
    words = metric_words(metric, labels)
    kind = metric_format(metric)
    if kind == "points":
        points_axis(axis, say("{metric} (points)", metric=words))
    elif kind == "percent":
        percent_axis(axis, say("{metric} (percent)", metric=words))
    else:
        number_axis(axis, say("{metric} (rating points)", metric=words))


def change_axis(axis: Axis, metric: str) -> None:
    """Label an axis of differences between two levels of the metric."""
    if metric.startswith(RATING) or metric == "ratings":
        signed_axis(axis, say("Difference, later less earlier (rating points)"))
    elif metric == "nps":
        points_axis(axis, say("Difference, later less earlier (points)"))
    else:
        points_axis(axis, say("Difference, later less earlier (percentage points)"))
