"""The latest measurement of a figure: of the last wave, or of the last quarter's new customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from tpm_widgets.as_is.referral import referral_rate
from tpm_widgets.control.metrics import RATING, answer_values
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.net_promoter import score_interval
from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.weights import effective_size, mean_interval, weighted_mean
from tpm_widgets.study.model import Study


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
    values, weights = answer_values(study, metric), study.weights
    used = np.isfinite(values) & (weights > 0)
    name = "all"
    if study.has("survey", "wave"):
        waves = study.survey["wave"].astype("category")
        last = waves.cat.remove_unused_categories().cat.categories[-1]
        used &= (waves == last).to_numpy(bool)
        name = str(last)
    days = study.survey["date"][used] if "date" in study.survey else pd.Series(dtype="datetime64[ns]")
    return Measurement(
        estimate=_estimate(study, values[used], weights[used], metric, level), name=name, last_day=days.max()
    )


def _estimate(study: Study, values: np.ndarray, weights: np.ndarray, metric: str, level: float) -> Estimate:
    """Give the score its adjusted Wald interval, a share Wilson's, a mean rating Student's; nothing where too few."""
    if len(values) < study.min_group:
        return Estimate(np.nan, np.nan, np.nan, len(values))
    mean, std_error, n_eff = weighted_mean(values, weights)
    if metric == "nps":
        low, high = score_interval(values, weights, level=level)
    elif metric.startswith(RATING):
        low, high = mean_interval(mean, std_error, n_eff, level)
    else:
        low, high = (float(end) for end in wilson(mean, effective_size(weights), level))
    return Estimate(mean, low, high, len(values))


def _latest_rate(study: Study, level: float) -> Measurement:
    shown = referral_rate(study, period="quarter", level=level).table.dropna(subset=["estimate"])
    if not len(shown):
        return Measurement(estimate=Estimate(np.nan, np.nan, np.nan, 0), name="", last_day=pd.NaT)
    row = shown.iloc[-1].to_dict()
    last_day = pd.Period(row["period"], freq="Q").end_time.normalize()
    if study.period.observed_until is not None:
        last_day = min(last_day, study.period.observed_until)
    estimate = Estimate(row["estimate"], row["conf_low"], row["conf_high"], int(row["known"]))
    return Measurement(estimate=estimate, name=row["period"], last_day=last_day)
