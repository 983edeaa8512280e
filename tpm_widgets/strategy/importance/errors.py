"""Errors, intervals and ranks of importance, from resamples or from the influence function; and each player's
importance against what random predictors of as many columns would get.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from tpm_widgets.statistics.importance.lmg_influence import lmg_influence, random_predictor_shares
from tpm_widgets.statistics.importance.measures import Measure, importance_of, random_importances
from tpm_widgets.statistics.importance.resampled import percentile_interval, resampled_covariances, resampled_lmg
from tpm_widgets.statistics.regression.covariance import correlation
from tpm_widgets.statistics.regression.few_clusters import intraclass_correlation
from tpm_widgets.statistics.regression.linear_and_logit import repeats, robust_covariance
from tpm_widgets.strategy.importance.explanation import Answers, Explanation

Columns = dict[str, np.ndarray]
TOP = 3
STEP = 0.05  # of an intraclass correlation; random predictors are drawn once for each


def by_bootstrap(
    found: Explanation,
    answers: Answers,
    measure: Measure,
    importance: np.ndarray,
    replicates: int,
    level: float,
    seed: int,
) -> tuple[Columns, Columns]:
    """Draw the customers again: columns by player, and differences by pair."""
    drawn = _drawn(found, answers, measure, replicates, seed)
    totals = drawn.sum(axis=1, keepdims=True)
    shares = np.divide(drawn, totals, out=np.zeros_like(drawn), where=totals > 0)
    places = rankdata(-drawn, method="min", axis=1)
    low, high = percentile_interval(drawn, level)
    share_low, share_high = percentile_interval(shares, level)
    ends = np.quantile(places, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    table = {
        "importance": importance,
        "std_error": drawn.std(axis=0, ddof=1),
        "conf_low": low,
        "conf_high": high,
        "share_low": share_low,
        "share_high": share_high,
        "rank_low": ends[0],
        "rank_high": ends[1],
        "top": (places <= TOP).mean(axis=0),
    }
    first, second = np.triu_indices(len(importance), 1)
    apart = drawn[:, first] - drawn[:, second]
    low, high = percentile_interval(apart, level)
    return table, _difference(importance, apart.std(axis=0, ddof=1), low, high)


def _drawn(found: Explanation, answers: Answers, measure: Measure, replicates: int, seed: int) -> np.ndarray:
    """Compute the importance in every resample, shape (replicates, players)."""
    rows = (answers.data, answers.weights, answers.clusters)
    if measure == "lmg":  # in pieces that stay in cache
        return resampled_lmg(*rows, found.groups, found.always, replicates, seed)
    batches = resampled_covariances(*rows, replicates, seed)
    return np.concatenate([importance_of(measure, batch, found.groups, found.always) for batch in batches])


def by_influence(found: Explanation, answers: Answers, importance: np.ndarray, level: float) -> tuple[Columns, Columns]:
    """Take the errors from the influence function: columns by player, and differences by pair."""
    moved = lmg_influence(answers.data, answers.weights, found.groups, found.always)
    clusters = len(np.unique(answers.clusters))
    covariance = robust_covariance(moved, answers.clusters) * clusters / (clusters - 1)
    error = np.sqrt(np.diag(covariance))
    total = importance.sum() or np.nan  # of nothing explained there are no shares
    share = importance / total
    slope = (np.eye(len(share)) - share[:, None]) / total
    share_error = np.sqrt(np.einsum("ij,jk,ik->i", slope, covariance, slope))
    reach = norm.ppf((1 + level) / 2)
    first, second = np.triu_indices(len(importance), 1)
    spread = np.add.outer(error**2, error**2) - 2 * covariance
    apart = reach * np.sqrt(np.maximum(spread, 0))
    gap = importance[:, None] - importance
    low, high = _log_odds_interval(importance, error, reach)
    share_low, share_high = _log_odds_interval(share, share_error, reach)
    table = {
        "importance": importance,
        "std_error": error,
        "conf_low": low,
        "conf_high": high,
        "share_low": share_low,
        "share_high": share_high,
        "rank_low": 1 + (gap < -apart).sum(axis=1),
        "rank_high": len(importance) - (gap > apart).sum(axis=1),
        "top": np.full(len(importance), np.nan),
    }
    own, reached = gap[first, second], apart[first, second]
    return table, _difference(importance, reached / reach, own - reached, own + reached)


def _log_odds_interval(share: np.ndarray, error: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an interval that is symmetric in log odds and so stays between 0 and 1; 0 and 1 are themselves."""
    inside = (share > 0) & (share < 1)
    inner = np.where(inside, share, 0.5)
    odds, step = inner / (1 - inner), np.exp(reach * error / (inner * (1 - inner)))
    low, high = odds / step / (1 + odds / step), 1 / (1 + 1 / (odds * step))
    return np.where(inside, low, share), np.where(inside, high, share)


def _difference(importance: np.ndarray, error: np.ndarray, low: np.ndarray, high: np.ndarray) -> Columns:
    first, second = np.triu_indices(len(importance), 1)
    return {
        "difference": importance[first] - importance[second],
        "std_error": error,
        "conf_low": low,
        "conf_high": high,
    }


def noise_table(
    found: Explanation, answers: Answers, measure: Measure, importance: np.ndarray, level: float, seed: int
) -> pd.DataFrame:
    """One row per player: importance, what ``level`` of random predictors stay below, and p of being one of them."""
    sizes = np.array([len(columns) for columns in found.groups])
    high, p_value = np.empty(len(sizes)), np.empty(len(sizes))
    alike = np.array([_alike(answers, columns) for columns in found.groups])
    for size, correlated in sorted(set(zip(sizes.tolist(), alike.tolist(), strict=True))):
        own = (sizes == size) & (alike == correlated)
        got = np.sort(_random(found, answers, measure, size, seed, correlated))
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


def _alike(answers: Answers, columns: Sequence[int]) -> float:
    """Return how alike the answers of one customer are in these columns: the mean intraclass correlation, in steps."""
    if not repeats(answers.clusters):
        return 1.0
    found = intraclass_correlation(answers.data[:, list(columns)], answers.clusters)
    return float(round(found.mean() / STEP) * STEP)


def _random(
    found: Explanation, answers: Answers, measure: Measure, size: int, seed: int, alike: float = 1.0
) -> np.ndarray:
    """Draw what random players of ``size`` columns get; for LMG from its quadratic form, without any column."""
    if measure != "lmg":
        return random_importances(
            measure, answers.data, answers.weights, answers.clusters, found.groups, found.always, size, seed,
            alike,
        )  # fmt: skip
    share = answers.weights / answers.weights.sum()
    scale = np.sqrt(np.diag(found.covariance))
    standard = (answers.data - share @ answers.data) / np.where(scale > 0, scale, 1.0)
    clusters = len(np.unique(answers.clusters))
    moved = share[:, None] * standard
    meat = alike * robust_covariance(moved, answers.clusters) * clusters / (clusters - 1)
    if alike < 1:
        meat += (1 - alike) * moved.T @ moved * len(moved) / (len(moved) - 1)
    return random_predictor_shares(correlation(found.covariance), meat, found.groups, found.always, size, seed)
