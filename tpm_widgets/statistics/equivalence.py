"""An effect, too small to matter, or undecided: many estimates judged at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.statistics.multiplicity import holm_levels


def judge_effects(
    estimate: np.ndarray, std_error: np.ndarray, p_value: np.ndarray, negligible: float, level: float = 0.95
) -> pd.DataFrame:
    """Decide for each estimate whether it is negligible, an effect, or undecided; in this order.

    Parameters
    ----------
    estimate, std_error, p_value : numpy.ndarray, shape (m,)
        Of normal estimates; missing ones (NaN) are undecided and not counted.
    negligible : float
        δ: what lies within ±δ is too small to matter.
    level : float, default 0.95
        1 − α.

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
    holm = stats.norm.ppf((1 + holm_levels(p_value, level)) / 2) * std_error
    equivalence = stats.norm.ppf(level) * std_error
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
