"""How active some customers were: rates, conversion, the value of those won, and what may still come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.as_is.activity_parts import Part
from tpm_widgets.as_is.customer_time import CustomerTime
from tpm_widgets.language import Sentence, say_n
from tpm_widgets.statistics.clustered_share import clustered_share
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.rates import event_rate
from tpm_widgets.statistics.weights import mean_interval, weighted_mean
from tpm_widgets.study.model import Study

COUNTS = ["customers", "exposure", "recommenders", "recommendations", "won"]
RATES = ["recommender_rate", "recommendation_rate", "won_rate"]  # per 100 customer-years
MEASURES = [f"{name}{end}" for name in (*RATES, "conversion") for end in ("", "_low", "_high")]
USUAL = 0.9  # of all conversions came within the time that a younger recommendation is given


def activity_measures(rows: pd.DataFrame, level: float, *, withhold: bool) -> list[float | None]:
    """Return the measures of some customers' time, in the order of ``COUNTS`` and ``MEASURES``."""
    customers = rows["customer"].nunique()
    if withhold:
        return [customers, np.nan, None, None, None, *[np.nan] * len(MEASURES)]
    weights, clusters = rows["weight"].to_numpy(float), rows["customer"].to_numpy()
    made, won, first = (rows[name].to_numpy(float) for name in ("recommendations", "won", "first"))
    years, at_risk = rows["years"].to_numpy(float), rows["at_risk"].to_numpy(float)
    limits: list[float | None] = []
    for events, time in ((first, at_risk), (made, years), (won, years)):
        rate = event_rate(events, time, level=level, weights=weights, clusters=clusters)
        limits += [100 * rate.estimate, 100 * rate.conf_low, 100 * rate.conf_high]
    share = clustered_share(won, made, level=level, weights=weights, clusters=clusters)
    limits += [share.estimate, share.conf_low, share.conf_high]
    return [customers, float(years.sum()), int(first.sum()), int(made.sum()), int(won.sum()), *limits]


def values_won(study: Study, time: CustomerTime, by: str | None, parts: list[Part], level: float) -> pd.DataFrame:
    """Return the mean value of the customers won, by group, where both are recorded."""
    columns = ["group", "n", "estimate", "conf_low", "conf_high"]
    if "value" not in time.people or not study.has("referrals", "new_customer"):
        return pd.DataFrame(columns=columns)
    won = time.deeds[time.deeds["won"]]
    value = of_deeds(study, time, "new_customer")[won.index].map(time.people.set_index("customer")["value"])
    perspective = of_deeds(study, time, "perspective")[won.index]
    rows = []
    for part in parts:
        own = perspective == part.group if by == "perspective" else won["person"].isin(part.rows.index)
        known = value[own].dropna().astype(float)
        mean = _mean(known.to_numpy(), won.loc[known.index, "person"].to_numpy(), level)
        rows.append([part.group, mean.n, mean.estimate, mean.conf_low, mean.conf_high])
    return pd.DataFrame(rows, columns=columns)


def _mean(values: np.ndarray, clusters: np.ndarray, level: float) -> Estimate:
    mean, std_error, n_eff = weighted_mean(values, np.ones(len(values)), clusters)
    return Estimate(mean, *mean_interval(mean, std_error, n_eff, level), len(values))


def of_deeds(study: Study, time: CustomerTime, role: str) -> pd.Series:
    """Return a column of the recommendations that count; missing where the table has none."""
    return study.referrals.reindex(columns=[role])[role].loc[time.deeds.index]  # type: ignore[union-attr]


def pending(study: Study, time: CustomerTime) -> list[Sentence]:
    """Count the recommendations that have won nobody yet and are younger than most conversions are when they come."""
    dated = study.referrals.reindex(columns=["date", "converted"]).loc[time.deeds.index]  # type: ignore[union-attr]
    delays = (pd.to_datetime(dated["converted"]) - dated["date"]).dt.days.dropna().to_numpy(float)
    if not len(delays):
        return []
    usual = int(np.ceil(np.quantile(delays, USUAL)))
    age = (time.observed_until - dated["date"]).dt.days.to_numpy(float)
    young = int(((age < usual) & ~time.deeds["won"].to_numpy(bool)).sum())
    if not young:
        return []
    return [
        say_n(
            "{count} recommendation that has won nobody is younger than {days} days, within which nine of ten "
            "conversions came; it may still win.",
            "{count} recommendations that have won nobody are younger than {days} days, within which nine of ten "
            "conversions came; they may still win.",
            young,
            days=usual,
        )
    ]
