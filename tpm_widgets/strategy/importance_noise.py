"""Each player's importance against what random predictors of as many columns would get."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.statistics.covariance import correlation
from tpm_widgets.statistics.importance_measures import Measure
from tpm_widgets.statistics.lmg_influence import random_predictor_shares
from tpm_widgets.statistics.random_predictors import random_importances
from tpm_widgets.statistics.regression import robust_covariance
from tpm_widgets.strategy.importance_source import Answers, Explanation


def noise_table(
    found: Explanation, answers: Answers, measure: Measure, importance: np.ndarray, level: float, seed: int
) -> pd.DataFrame:
    """One row per player: importance, what ``level`` of random predictors stay below, and p of being one of them."""
    sizes = np.array([len(columns) for columns in found.groups])
    high, p_value = np.empty(len(sizes)), np.empty(len(sizes))
    for size in np.unique(sizes):
        own = sizes == size
        got = np.sort(_random(found, answers, measure, int(size), seed))
        high[own] = np.quantile(got, level)
        p_value[own] = (1 + len(got) - np.searchsorted(got, importance[own])) / (1 + len(got))
    return pd.DataFrame(
        {
            found.kind: list(found.players),
            "importance": found.spread(importance),
            "random_high": found.spread(high),
            "p_value": found.spread(p_value),
        }
    )


def _random(found: Explanation, answers: Answers, measure: Measure, size: int, seed: int) -> np.ndarray:
    """Draw what random players of ``size`` columns get; for LMG from its quadratic form, without any column."""
    if measure != "lmg":
        return random_importances(
            measure, answers.data, answers.weights, answers.clusters, found.groups, found.always, size, seed
        )
    share = answers.weights / answers.weights.sum()
    scale = np.sqrt(np.diag(found.covariance))
    standard = (answers.data - share @ answers.data) / np.where(scale > 0, scale, 1.0)
    clusters = len(np.unique(answers.clusters))
    meat = robust_covariance(share[:, None] * standard, answers.clusters) * clusters / (clusters - 1)
    return random_predictor_shares(correlation(found.covariance), meat, found.groups, found.always, size, seed)
