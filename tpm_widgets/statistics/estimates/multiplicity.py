"""Many tests at once: adjusted p values, Holm's step-down procedure read as intervals, and many estimates judged at
once: an effect, too small to matter, or undecided.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

Adjustment = Literal["holm", "benjamini_hochberg"]


def adjusted_p_values(p_values: np.ndarray, adjust: Adjustment = "holm") -> np.ndarray:
    """Return p values adjusted for their number; missing ones (NaN) stay missing and are not counted.

    Parameters
    ----------
    p_values : numpy.ndarray, shape (m,)
    adjust : {"holm", "benjamini_hochberg"}
        Holm: the probability of at least one false rejection is kept. Benjamini-Hochberg: the expected share of false
        ones among the rejections is kept.

    References
    ----------
    Holm, S. (1979). Scandinavian Journal of Statistics 6, 65-70. https://doi.org/10.2307/4615733
    Benjamini, Y., & Hochberg, Y. (1995). Journal of the Royal Statistical Society B 57, 289-300.
    https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> adjusted_p_values(np.array([0.01, np.nan, 0.04, 0.03]))
    array([0.03,  nan, 0.06, 0.06])
    """
    adjusted, known = np.full(len(p_values), np.nan), np.isfinite(p_values)
    if known.any():
        adjust_known = _holm if adjust == "holm" else stats.false_discovery_control
        adjusted[known] = adjust_known(p_values[known])
    return adjusted


def _holm(p_values: np.ndarray) -> np.ndarray:
    """By its definition: statsmodels' multipletests collects all garbage first, a tenth of a second each time."""
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def holm_levels(p_values: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Return for each interval the level at which it excludes 0 exactly where Holm's procedure rejects "0".

    Parameters
    ----------
    p_values : numpy.ndarray, shape (m,)
        Two-sided, of tests that the intervals belong to; missing ones (NaN) are not counted among the m.
    level : float, default 0.95
        1 − α; the probability of at least one false "excludes 0" is at most α.

    Returns
    -------
    numpy.ndarray, shape (m,)
        Between ``level`` and Bonferroni's 1 − α/m; missing where the p value is.

    Notes
    -----
    With p₍₁₎ ≤ … ≤ p₍ₘ₎, Holm's adjusted value is p̃₍ᵣ₎ = max over s ≤ r of (m − s + 1) p₍ₛ₎, and "0" is rejected where
    p̃ ≤ α, that is where p ≤ α p / p̃. So the interval of level 1 − α p / p̃ agrees with the test; for the smallest p it
    is Bonferroni's interval. What holds for all of them together is the claim "not 0": as a set they do not cover all
    true values with probability 1 − α, for which Bonferroni's intervals would be needed throughout. Intervals that
    keep both promises tell nothing more than the sign of what was rejected (Strassburger & Bretz 2008).

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Strassburger & Bretz 2008, doi:10.1002/sim.3338; Guilbaud 2008,
    doi:10.1002/bimj.200710449.
    """
    levels = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    ordered = p_values[order]
    steps = np.arange(len(ordered), 0, -1)
    adjusted = np.maximum.accumulate(steps * ordered)
    shrink = np.divide(ordered, adjusted, out=1.0 / steps, where=adjusted > 0)
    levels[order] = 1 - (1 - level) * shrink
    return levels


def judge_effects(
    estimate: np.ndarray,
    std_error: np.ndarray,
    p_value: np.ndarray,
    negligible: float,
    level: float = 0.95,
    df: float | np.ndarray = np.inf,
) -> pd.DataFrame:
    """Decide for each estimate whether it is negligible, an effect, or undecided; in this order.

    Parameters
    ----------
    estimate, std_error, p_value : numpy.ndarray, shape (m,)
        Missing ones (NaN) are undecided and not counted.
    negligible : float
        δ: what lies within ±δ is too small to matter.
    level : float, default 0.95
        1 − α.
    df : float or numpy.ndarray, shape (m,)
        Degrees of freedom of each estimate; infinite for normal ones.

    Returns
    -------
    pandas.DataFrame
        conf_low, conf_high: the Holm-adjusted interval; equivalence_low, equivalence_high: the interval of level
        1 − 2α that belongs to two one-sided tests of level α; verdict: "negligible" where the equivalence interval
        lies within ±δ (even if it excludes 0), "effect" where the Holm-adjusted interval excludes 0, else "undecided".

    References
    ----------
    Schuirmann 1987, doi:10.1007/BF01068419 (two one-sided tests); Holm 1979, doi:10.2307/4615733.
    """
    holm = stats.t.ppf((1 + holm_levels(p_value, level)) / 2, df) * std_error
    equivalence = stats.t.ppf(level, df) * std_error
    table = pd.DataFrame(
        {
            "conf_low": estimate - holm,
            "conf_high": estimate + holm,
            "equivalence_low": estimate - equivalence,
            "equivalence_high": estimate + equivalence,
        }
    )
    small = (table["equivalence_low"] > -negligible) & (table["equivalence_high"] < negligible)
    apart = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    table["verdict"] = np.select([small, apart], ["negligible", "effect"], "undecided")
    return table
