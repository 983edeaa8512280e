"""What followed the answers, by score and by class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.columns import with_ends
from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.estimates.survival import SurvivalShare, event_share
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.statistics.score.question import Question

COUNTS = ["n", "exposure", "referrers", "recommendations"]
MEASURES = [*COUNTS, *with_ends(), *with_ends("rate")]
SHARES = ["recommendation_share", "share_low", "share_high"]
CLASS_COLUMNS = ["promoter_class", *MEASURES, *SHARES, "answer_share"]


def by_score(answers: pd.DataFrame, question: Question, window: int, level: float) -> pd.DataFrame:
    """Return the measures of each score on its scale, also of those that nobody gave."""
    scores = question.answers
    rows = [measures(answers[answers["score"] == score], window, level) for score in scores]
    table = pd.DataFrame(rows, columns=MEASURES)
    table.insert(0, "score", scores)
    table.insert(1, "promoter_class", [question.names[kind] for kind in question.kinds])
    return _typed(table)


def measures(answers: pd.DataFrame, window: int, level: float) -> list[float]:
    """Return the measures of some answers, in the order of ``MEASURES``."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    events, months = answers["events"].to_numpy(float), answers["months"].to_numpy()
    share = _share_until(answers, "referred", "time", window, level)
    rate = event_rate(events, months, level=level, weights=weights, clusters=clusters)
    counts = [len(answers), months.sum(), int(answers["referred"].sum()), int(events.sum())]
    return [*counts, *share.limits, *rate.per(100)]


def by_class(answers: pd.DataFrame, question: Question, window: int, level: float) -> pd.DataFrame:
    """Return promoters, passives, detractors: their measures, their shares of all recommendations and of answers."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    events = answers["events"].to_numpy(float)
    rows: list[list[Any]] = []
    for kind, name in question.names.items():
        own = (answers["kind"] == kind).to_numpy()
        share = clustered_share(events * own, events, level=level, weights=weights, clusters=clusters)
        said = weights[own].sum() / weights.sum() if len(answers) else np.nan
        rows.append([name, *measures(answers[own], window, level), *share.limits, said])
    return _typed(pd.DataFrame(rows, columns=CLASS_COLUMNS))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Keep counts as whole numbers, whatever stands beside them."""
    return table.astype(dict.fromkeys(("n", "referrers", "recommendations"), "int64"))


def deed_shares(answers: pd.DataFrame, question: Question, window: int, level: float) -> pd.DataFrame:
    """Return the share of each class, and of all, who recommended, and who won a customer: two deeds, kept apart."""
    rows = []
    for deed, time in (("referred", "time"), ("won", "won_time")):
        for kind, name in (*question.names.items(), (None, "all")):
            own = answers if kind is None else answers[answers["kind"] == kind]
            share = _share_until(own, deed, time, window, level)
            rows.append([deed, name, len(own), int(own[deed].sum()), *share.limits])
    return pd.DataFrame(rows, columns=["deed", "promoter_class", "n", "made", *with_ends()])


def _share_until(answers: pd.DataFrame, deed: str, time: str, window: int, level: float) -> SurvivalShare:
    return event_share(
        answers[time].to_numpy(float),
        answers[deed].to_numpy(bool),
        horizon=window,
        level=level,
        entry=answers["entry"].to_numpy(float),
        weights=answers["weight"].to_numpy(),
        clusters=answers["customer"].to_numpy(),
    )
