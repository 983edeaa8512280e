"""What people report to have done: the deed of a study that has no other. It looks back, and so predicts nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds import CLASSES
from tpm_widgets.statistics.clustered_share import clustered_share
from tpm_widgets.statistics.net_promoter import score_classes
from tpm_widgets.study.model import Study

MEASURES = ["n", "referrers", "estimate", "conf_low", "conf_high"]


def reports(study: Study, scores: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """Return the answers with both a score and a report: ``score, kind, weight, customer`` (a code), ``reported``."""
    report = study.survey["recommended_12m"].astype("boolean")
    frame = pd.DataFrame({"score": scores, "kind": classes, "weight": study.weights, "customer": study.persons})
    known = report.notna().to_numpy() & np.isfinite(classes) & (study.weights > 0)
    return frame[known].assign(reported=report[known].to_numpy(bool))


def reported_by_score(answers: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return, for each score from 0 to 10, how many report that they recommended in the past 12 months."""
    scores = np.arange(11)
    rows = [_measures(answers[answers["score"] == score], level) for score in scores]
    table = pd.DataFrame(rows, columns=MEASURES)
    table.insert(0, "score", scores)
    table.insert(1, "promoter_class", [CLASSES[kind] for kind in score_classes(scores).tolist()])
    return table


def reported_by_class(answers: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the same for promoters, passives, detractors; and their shares of all who report, and of all answers."""
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    reported = answers["reported"].to_numpy(float)
    rows = []
    for kind, name in CLASSES.items():
        own = (answers["kind"] == kind).to_numpy()
        origin = clustered_share(reported * own, reported, level=level, weights=weights, clusters=clusters)
        said = weights[own].sum() / weights.sum() if len(answers) else np.nan
        rows.append([name, *_measures(answers[own], level), origin.estimate, origin.conf_low, origin.conf_high, said])
    columns = ["promoter_class", *MEASURES, "recommendation_share", "share_low", "share_high", "answer_share"]
    return pd.DataFrame(rows, columns=columns)


def _measures(answers: pd.DataFrame, level: float) -> list[float]:
    reported = answers["reported"].to_numpy(float)
    weights, clusters = answers["weight"].to_numpy(), answers["customer"].to_numpy()
    share = clustered_share(reported, np.ones(len(answers)), level=level, weights=weights, clusters=clusters)
    return [len(answers), int(reported.sum()), share.estimate, share.conf_low, share.conf_high]
