"""Customers by two values, each high or low: what they buy (CLV) and whom they bring (CRV)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.weights import mean_interval, weighted_mean

# segment: is its CLV high, is its CRV high?
SEGMENTS = {
    "Champions": (True, True),
    "Affluents": (True, False),
    "Advocates": (False, True),
    "Misers": (False, False),
}
MEANS = ["clv", "clv_low", "clv_high", "crv", "crv_low", "crv_high"]
SHARES = ["share", "share_low", "share_high"]


def value_cuts(clv: np.ndarray, crv: np.ndarray, cuts: tuple[float, float] | None) -> dict[str, float]:
    """Return the given cuts, or the medians; a CRV is high where it lies above, so also where the median is 0."""
    if cuts is not None:
        return {"clv": float(cuts[0]), "crv": float(cuts[1])}
    if not len(clv):
        return {"clv": np.nan, "crv": np.nan}
    return {"clv": float(np.median(clv)), "crv": float(max(np.median(crv), 0.0))}


def segment_table(
    clv: np.ndarray, crv: np.ndarray, won: np.ndarray, cuts: Mapping[str, float], least: int, level: float
) -> pd.DataFrame:
    """Count, divide and average each segment, and withhold the small ones."""
    rich, bringing = clv > cuts["clv"], crv > cuts["crv"]
    rows = []
    for name, (high_clv, high_crv) in SEGMENTS.items():
        own = (rich == high_clv) & (bringing == high_crv)
        n = int(own.sum())
        if 0 < n < least:
            rows.append([name, n, *[np.nan] * 11])
            continue
        share = n / len(clv) if len(clv) else np.nan
        low, high = wilson(share, len(clv), level)
        part = crv[own].sum() / crv.sum() if crv.sum() else np.nan
        means = [*_mean(clv[own], level), *_mean(crv[own], level)]
        rows.append([name, n, share, float(low), float(high), *means, won[own].sum(), part])
    table = pd.DataFrame(rows, columns=["segment", "customers", *SHARES, *MEANS, "won", "crv_share"])
    floats = dict.fromkeys([*SHARES, *MEANS, "crv_share"], "float64")
    return table.astype({"segment": "str", "customers": "int64", "won": "Int64", **floats})


def _mean(values: np.ndarray, level: float) -> list[float]:
    """Return a mean with Student's interval; none where all values are the same."""
    mean, error, n = weighted_mean(values, np.ones(len(values)))
    low, high = mean_interval(mean, error if error > 0 else np.nan, n, level)
    return [mean, low, high]


def winners_by_value(rich: np.ndarray, winner: np.ndarray, least: int, level: float) -> pd.DataFrame:
    """Return of customers with high and with low CLV the share who won somebody."""
    rows = []
    for name, own in (("high", rich), ("low", ~rich)):
        n = int(own.sum())
        share = float(winner[own].mean()) if n >= max(least, 1) else np.nan
        low, high = wilson(share, n, level)
        rows.append([name, n, share, float(low), float(high)])
    return pd.DataFrame(rows, columns=["clv", "customers", "estimate", "conf_low", "conf_high"])
