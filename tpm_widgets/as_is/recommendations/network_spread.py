"""How unevenly recommendations are spread over customers, with intervals, and how unevenly by chance alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.columns import typed, with_ends
from tpm_widgets.statistics.estimates.concentration import counts_by_chance, gini, lorenz, resampled_counts, top_share
from tpm_widgets.statistics.estimates.estimate import wilson

TOP = 0.1  # the share of people that "the top" means
REPLICATES, DRAWS, SEED = 2_000, 100, 1
RARELY = 1e-12  # as often does chance give a customer more than what is counted
GRID = np.linspace(0, 1, 51)
COLUMNS = {"measure": "", "n": "", **dict.fromkeys((*with_ends(), "by_chance"), "number:3")}


def _referrers(counts: np.ndarray) -> np.ndarray:
    """Return the same counts without those who made none."""
    return np.concatenate([np.zeros_like(counts[..., :1]), counts[..., 1:]], axis=-1)


def _statistics(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Return every measure from how many customers made 0, 1, … recommendations; ``counts`` has the shape (..., k)."""
    values = np.arange(counts.shape[-1])
    active = _referrers(counts)
    made, people, referrers = (
        (counts * values).sum(-1).astype(float), counts.sum(-1).astype(float), active.sum(-1).astype(float)
    )  # fmt: skip

    def per(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
        return np.divide(whole, parts, out=np.full(np.shape(whole), np.nan), where=parts > 0)

    of_referrers = gini(values, active)
    return {
        "share_who_recommended": per(referrers, people),
        "recommendations_per_customer": per(made, people),
        "recommendations_per_referrer": per(made, referrers),
        "top_tenth_of_customers": top_share(values, counts, TOP),
        "top_tenth_of_referrers": top_share(values, active, TOP),
        "gini_of_customers": gini(values, counts),
        "gini_of_referrers": of_referrers,
        "gini_of_referrers_corrected": per(of_referrers * referrers, referrers - 1),
    }


def _by_chance(counts: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the counts if recommendations fall on customers in proportion to their days, shape (draws, k)."""
    total = int((counts * np.arange(len(counts))).sum())
    if total == 0:
        return counts[None, :]
    # chance may give one customer more than anybody made
    most = int(stats.binom.isf(RARELY, total, years.max() / years.sum()))
    return counts_by_chance(years, total, np.arange(most + 1), draws=DRAWS, seed=SEED)


def concentration_measures(counts: np.ndarray, years: np.ndarray, level: float) -> pd.DataFrame:
    """Return every measure with its interval and what it would be by chance."""
    estimates = _statistics(counts)
    resampled = _statistics(resampled_counts(counts, replicates=REPLICATES, seed=SEED))
    chance = _statistics(_by_chance(counts, years))
    people = {"customers": int(counts.sum()), "referrers": int(counts[1:].sum())}
    rows = []
    for name, estimate in estimates.items():
        n = people["referrers" if "referrer" in name else "customers"]
        low, high = _percentiles(resampled[name], level)
        if name == "share_who_recommended":
            low, high = wilson(estimate, n, level)
        rows.append([name, n, float(estimate), float(low), float(high), _mean(chance[name])])
    return typed(rows, COLUMNS)


def _percentiles(resampled: np.ndarray, level: float) -> np.ndarray:
    """Return both limits of a bootstrap along the first axis; NaN where no resample had anything to say."""
    known = resampled[np.isfinite(resampled).reshape(len(resampled), -1).all(axis=1)]
    if not len(known):
        return np.full((2, *resampled.shape[1:]), np.nan)
    return np.quantile(known, [(1 - level) / 2, (1 + level) / 2], axis=0)


def _mean(drawn: np.ndarray) -> float:
    known = drawn[np.isfinite(drawn)]
    return float(known.mean()) if len(known) else np.nan


def lorenz_curves(counts: np.ndarray, years: np.ndarray, level: float) -> pd.DataFrame:
    """Return the Lorenz curves of all customers and of those who recommended, with pointwise limits."""
    resampled = resampled_counts(counts, replicates=REPLICATES // 4, seed=SEED)
    chance = _on_grid(_by_chance(counts, years)).mean(axis=0)
    parts = []
    for of, some, drawn in (
        ("customers", counts, resampled),
        ("referrers", _referrers(counts), _referrers(resampled)),
    ):
        low, high = _percentiles(_on_grid(drawn), level)
        parts.append(
            pd.DataFrame(
                {
                    "of": of,
                    "share": GRID,
                    "estimate": _on_grid(some[None, :])[0],
                    "conf_low": low,
                    "conf_high": high,
                    "by_chance": chance if of == "customers" else np.nan,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _on_grid(counts: np.ndarray) -> np.ndarray:
    """Read Lorenz curves at the shares of the grid, shape (rows of counts, len(GRID))."""
    people, total = lorenz(np.arange(counts.shape[-1]), counts)
    return np.array([np.interp(GRID, own, made) for own, made in zip(people, total, strict=True)])
