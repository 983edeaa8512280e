"""From spells of watching to curves, medians, the test and the ratios of hazards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.statistics.event_curves import CURVE, event_curve, hazard_ratios, log_rank
from tpm_widgets.statistics.survival import event_share


def _arrays(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy(float) for name in ("time", "entry")} | {"event": frame["event"].to_numpy(bool)}


def group_curve(frame: pd.DataFrame, horizon: int, level: float) -> tuple[list[float], pd.DataFrame]:
    """Return the share at the horizon with its interval, and the curve from 0 on."""
    arrays = _arrays(frame)
    weights, clusters = frame["weight"].to_numpy(float), pd.factorize(frame["person"])[0]
    share = event_share(**arrays, horizon=horizon, level=level, weights=weights, clusters=clusters)
    curve = event_curve(**arrays, level=level, weights=weights, clusters=clusters)
    start = pd.DataFrame([[0.0, int((arrays["entry"] <= 0).sum()), 0.0, 0.0, 0.0]], columns=CURVE)
    parts = [start, curve] if len(curve) else [start]
    if np.isfinite(share.estimate) and (curve.empty or curve["time"].iloc[-1] < horizon):
        at_risk = int((arrays["time"] >= horizon).sum())
        end = [float(horizon), at_risk, share.estimate, share.conf_low, share.conf_high]
        parts.append(pd.DataFrame([end], columns=CURVE))
    limits = [share.estimate, share.conf_low, share.conf_high]
    return limits, pd.concat(parts, ignore_index=True).astype({"at_risk": "int64"})


def medians(curve: pd.DataFrame) -> list[float]:
    """Return the time at which half have recommended, and those at which the upper and the lower limit say so."""
    return [
        float(curve.loc[curve[name] >= 0.5, "time"].min()) for name in ("estimate", "conf_high", "conf_low")
    ]  # fmt: skip


def compared(frame: pd.DataFrame, level: float) -> dict[str, Any]:
    """Return the test and the ratios of hazards between the groups that are shown."""
    arrays, groups = _arrays(frame), frame["group"].to_numpy(str)
    clusters = pd.factorize(frame["person"])[0]
    repeated = clusters if frame["person"].duplicated().any() else None
    return {
        "log_rank": log_rank(group=groups, **arrays),
        "hazard_ratios": hazard_ratios(group=groups, level=level, clusters=repeated, **arrays),
    }


def no_curve() -> pd.DataFrame:
    """Return the columns of a curve without a row."""
    return pd.DataFrame({"group": pd.Series(dtype="str"), **{name: np.zeros(0) for name in CURVE}})
