"""From a regression on low and high ratings to tables: reward, penalty and their asymmetry, and the factor's odds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.statistics.asymmetry import CLASSES, asymmetry, asymmetry_interval, class_of, class_shares
from tpm_widgets.statistics.design import Design
from tpm_widgets.statistics.regression import Fit
from tpm_widgets.statistics.resampled_slopes import resampled_slopes


def contrast_table(design: Design, fit: Fit, level: float) -> pd.DataFrame:
    """One row per touchpoint: reward and penalty with intervals, and what kind of touchpoint they make."""
    reach = float(stats.t.ppf((1 + level) / 2, fit.df))
    return pd.DataFrame([_row(str(name), design, fit, reach) for name in design.ratings])


def _row(touchpoint: str, design: Design, fit: Fit, reach: float) -> dict[str, object]:
    places = _places(design, touchpoint)
    known = [place for place in places if place is not None]
    params, cov = np.full(2, np.nan), np.full((2, 2), np.nan)
    told = [place is not None for place in places]
    params[told], cov[np.ix_(told, told)] = fit.params[known], fit.cov[np.ix_(known, known)]
    margin = reach * np.sqrt(np.diag(cov))
    (reward, penalty), low, high = params, params - margin, params + margin
    limits = asymmetry_interval(reward, penalty, cov, reach)
    certain = not np.isnan(limits[0])
    value = float(asymmetry(reward, penalty)) if certain else np.nan
    return {
        "touchpoint": touchpoint,
        "n": int(design.rated(touchpoint).sum()),
        "reward": reward,
        "reward_low": low[0],
        "reward_high": high[0],
        "penalty": penalty,
        "penalty_low": low[1],
        "penalty_high": high[1],
        "riocs": abs(reward) + abs(penalty),
        "asymmetry": value,
        "asymmetry_low": limits[0],
        "asymmetry_high": limits[1],
        "factor": CLASSES[int(class_of(np.array(value)))] if certain else None,
        "note": "wrong sign" if reward < 0 or penalty > 0 else "" if certain else "too uncertain",
    }


def _places(design: Design, touchpoint: str) -> tuple[int | None, int | None]:
    """Where a touchpoint's reward and penalty stand among the coefficients."""
    return design.position(touchpoint, "high"), design.position(touchpoint, "low")


def resampled_classes(
    table: pd.DataFrame, design: Design, fit: Fit, outcome: np.ndarray, replicates: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the customers again: the table with the ``probability`` of each factor, and those of all factors.

    Both are missing where the table tells no factor.
    """
    shares = np.full((len(table), len(CLASSES)), np.nan)
    told = np.flatnonzero(table["factor"].notna())
    if len(told):
        drawn = resampled_slopes(design.matrix, outcome, fit.weights, fit.clusters, replicates, seed)
        for row in told:
            places = [place - 1 for place in _places(design, table["touchpoint"][row]) if place is not None]
            shares[row] = class_shares(*drawn[:, places].T)
    own = [shares[row, CLASSES.index(table["factor"][row])] if row in told else np.nan for row in range(len(table))]
    table = table.copy()
    table.insert(list(table).index("factor") + 1, "probability", own)
    return table, pd.DataFrame({"touchpoint": table["touchpoint"], **dict(zip(CLASSES, shares.T, strict=True))})
