"""What followed the answers, by score and by class, and what customers did who never answered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.linkage import DAYS_PER_MONTH, customer_spans, day_number, day_numbers, recorded_period
from tpm_widgets.statistics.association import auc_interval, auc_of_counts
from tpm_widgets.statistics.clusters import cluster_ratio
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.net_promoter import score_classes
from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.rates import event_rate
from tpm_widgets.statistics.resampling import resampled_totals
from tpm_widgets.statistics.survival import event_share
from tpm_widgets.statistics.weights import effective_size
from tpm_widgets.study.model import Study

CLASSES = {1: "promoter", 0: "passive", -1: "detractor"}
COUNTS = ["n", "exposure", "referrers", "recommendations"]
RATE = ["rate", "rate_low", "rate_high"]
MEASURES = [*COUNTS, "estimate", "conf_low", "conf_high", *RATE]
SHARES = ["recommendation_share", "share_low", "share_high"]


def by_score(answers: pd.DataFrame, window: int, level: float) -> pd.DataFrame:
    """Return the measures of each score from 0 to 10, also of those that nobody gave."""
    scores = np.arange(11)
    rows = [measures(answers[answers["score"] == score], window, level) for score in scores]
    table = pd.DataFrame(rows, columns=MEASURES)
    table.insert(0, "score", scores)
    table.insert(1, "promoter_class", [CLASSES[kind] for kind in score_classes(scores).tolist()])
    return _typed(table)


def measures(answers: pd.DataFrame, window: int, level: float) -> list[float]:
    """Return the measures of some answers, in the order of ``MEASURES``."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    events, months = answers["events"].to_numpy(float), answers["months"].to_numpy()
    share = event_share(
        answers["time"].to_numpy(float),
        answers["referred"].to_numpy(),
        horizon=window,
        level=level,
        entry=answers["entry"].to_numpy(float),
        weights=weights,
        clusters=clusters,
    )
    rate = event_rate(events, months, level=level, weights=weights, clusters=clusters)
    counts = [len(answers), months.sum(), int(answers["referred"].sum()), int(events.sum())]
    shares = [share.estimate, share.conf_low, share.conf_high]
    return [*counts, *shares, 100 * rate.estimate, 100 * rate.conf_low, 100 * rate.conf_high]


def by_class(answers: pd.DataFrame, window: int, level: float) -> pd.DataFrame:
    """Return promoters, passives, detractors with their measures and their shares of all recommendations."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    events = answers["events"].to_numpy(float)
    made = np.bincount(clusters, weights=weights * events) if len(answers) else np.zeros(0)
    rows: list[list[Any]] = []
    for kind, name in CLASSES.items():
        own = (answers["kind"] == kind).to_numpy()
        share, error = cluster_ratio(events * own, events, weights, clusters)
        # where one class made all, or none, the customers who recommended are the only measure of size
        n_eff = effective_size(made) if not error > 0 else min(share * (1 - share) / error**2, effective_size(made))
        low, high = wilson(share, n_eff, level)
        rows.append([name, *measures(answers[own], window, level), share, float(low), float(high)])
    return _typed(pd.DataFrame(rows, columns=["promoter_class", *MEASURES, *SHARES]))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Keep counts as whole numbers, whatever stands beside them."""
    return table.astype(dict.fromkeys(("n", "referrers", "recommendations"), "int64"))


def auc_of_score(answers: pd.DataFrame, level: float, replicates: int, seed: int) -> Estimate:
    """Return the AUC of the score for having recommended within the window, and its bootstrap interval."""
    known = answers[answers["complete"]]
    cells = known["score"].to_numpy(int) + 11 * known["referred"].to_numpy(int)
    values = (known["weight"] * known["censoring_weight"]).to_numpy()
    clusters = known["customer"].to_numpy()

    def auc(totals: np.ndarray) -> np.ndarray:
        return auc_of_counts(totals[..., 11:], totals[..., :11])

    estimate = float(auc(np.bincount(cells, weights=values, minlength=22)))
    low = high = np.nan
    if np.isfinite(estimate):
        totals = resampled_totals(values, cells, clusters, size=22, replicates=replicates, seed=seed)
        low, high = auc_interval(estimate, auc(totals), level)
    return Estimate(estimate, low, high, len(known))


def by_response(study: Study, level: float) -> pd.DataFrame:
    """Return the rates of those who ever answered, of those who never did, and of everybody, as customers."""
    people = customer_spans(study)
    recorded_from, observed_until = recorded_period(study)
    start = np.maximum(day_numbers(people["acquired"]), day_number(recorded_from))
    end = np.minimum(day_numbers(people["left"].fillna(observed_until)), day_number(observed_until))
    referrals = study.referrals.dropna(subset=["referrer", "date"])  # type: ignore[union-attr]
    person = pd.Index(people["customer"]).get_indexer(pd.Index(referrals["referrer"]))
    day = day_numbers(referrals["date"])
    inside = (person >= 0) & (day >= start[person]) & (day <= end[person])
    events = np.bincount(person[inside], minlength=len(people)).astype(float)
    months = np.maximum(end - start + 1, 0) / DAYS_PER_MONTH

    answered = people["customer"].isin(study.survey["customer"].dropna()).to_numpy()
    present = months > 0
    groups = {"respondents": present & answered, "never answered": present & ~answered, "everybody": present}
    rows = []
    for name, member in groups.items():
        rate = event_rate(events[member], months[member], level=level)
        limits = [100 * rate.estimate, 100 * rate.conf_low, 100 * rate.conf_high]
        rows.append([name, int(member.sum()), months[member].sum(), int(events[member].sum()), *limits])
    return pd.DataFrame(rows, columns=["group", "customers", "exposure", "recommendations", *RATE])
