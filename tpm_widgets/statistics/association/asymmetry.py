"""Disappointed, OK, delighted: what a rating means on any scale, and which way a touchpoint leans, by the asymmetry of
reward and penalty and its interval.
"""

from __future__ import annotations

import numpy as np

CLASSES = ("delighter", "satisfier", "hybrid", "dissatisfier", "frustrator")
LIMITS = (0.7, 0.2, -0.2, -0.7)  # a delighter lies above the first of them, a frustrator below the last

DISAPPOINTED, OK, DELIGHTED = -1, 0, 1


def asymmetry(reward: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Return (r − |p|) / (|r| + |p|), where a reward below or a penalty above 0 counts for neither side; −1…1."""
    reward, penalty = np.asarray(reward, float), np.asarray(penalty, float)
    leaning = np.maximum(reward, 0.0) - np.maximum(-penalty, 0.0)
    impact = np.abs(reward) + np.abs(penalty)
    return np.divide(leaning, impact, out=np.full(impact.shape, np.nan), where=impact > 0)


def asymmetry_interval(reward: float, penalty: float, covariance: np.ndarray, reach: float) -> tuple[float, float]:
    """Return Fieller's interval of the asymmetry; missing where the range of impact might be 0.

    Parameters
    ----------
    reward, penalty : float
    covariance : numpy.ndarray, shape (2, 2)
        Of both, in this order.
    reach : float
        The quantile that makes an interval of a standard error.

    Notes
    -----
    With r and p of the right signs asymmetry is the ratio t of r + p and r − p. Fieller's set of ratios is an interval
    exactly where r − p differs from 0 at the same level; elsewhere nothing is given. Where a sign is wrong |t| exceeds
    1 and the asymmetry is (1 + |t|) / 2t: an interval of ratios that crosses 1 or −1 is folded there, and so contains
    the end of the scale. A percentile interval never does, because no resample lies on the end itself.

    References
    ----------
    Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x.
    """
    (own, both), (_, other) = covariance
    total, apart = reward + penalty, reward - penalty
    lead = apart**2 - reach**2 * (own + other - 2 * both)
    if not (apart > 0 and lead > 0):
        return np.nan, np.nan
    middle = total * apart - reach**2 * (own - other)
    product = total**2 - reach**2 * (own + other + 2 * both)
    spread = np.sqrt(max(middle**2 - lead * product, 0.0))
    low, high = (middle - spread) / lead, (middle + spread) / lead
    ends = _folded(low), _folded(high)
    return -1.0 if low <= -1 <= high else min(ends), 1.0 if low <= 1 <= high else max(ends)


def _folded(ratio: float) -> float:
    """Turn (r + p) / (r − p) with r > p into the asymmetry."""
    return ratio if abs(ratio) <= 1 else float(np.copysign((1 + abs(ratio)) / (2 * abs(ratio)), ratio))


def class_of(asymmetries: np.ndarray) -> np.ndarray:
    """Return the places in ``CLASSES``; −1 where the asymmetry is missing.

    "hybrid" includes both its limits, the classes beside it the limits further out.
    """
    first, second, third, fourth = LIMITS
    values = np.asarray(asymmetries, float)
    above = [values > first, values > second, values >= third, values >= fourth, values < fourth]
    return np.where(np.isnan(values), -1, np.argmax(above, axis=0))


def class_shares(rewards: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """Return in which share of resamples a touchpoint falls into each class, shape (5,); they add up to 1.

    Resamples in which a high rating goes with no more than a low one have no class and do not count; missing where
    none is left.
    """
    with np.errstate(invalid="ignore"):  # missing in resamples that could not tell
        told = rewards > penalties
    counts = np.bincount(class_of(asymmetry(rewards[told], penalties[told])), minlength=len(CLASSES))
    return counts / counts.sum() if counts.sum() else np.full(len(CLASSES), np.nan)


def rating_cuts(scale: tuple[float, float]) -> tuple[int, int]:
    """Return the highest rating that disappoints and the lowest that delights, by the thirds of a scale.

    Parameters
    ----------
    scale : tuple of two numbers
        The ends of the scale.

    Notes
    -----
    Below the middle third of the scale is disappointed, above it delighted; its ends belong to OK. That is
    1–2 | 3 | 4–5 on 1 to 5, 0–3 | 4–6 | 7–10 on 0 to 10, 1–2 | 3–5 | 6–7 on 1 to 7, 1–3 | 4–7 | 8–10 on 1 to 10.

    Examples
    --------
    >>> rating_cuts((1, 5)), rating_cuts((0, 10)), rating_cuts((1, 7))
    ((2, 4), (3, 7), (2, 6))
    """
    low, high = scale
    # (2·low + high) / 3 is the middle third's lower end, written so that a whole number comes out exactly
    return int(np.ceil((2 * low + high) / 3)) - 1, int(np.floor((low + 2 * high) / 3)) + 1


def rating_classes(ratings: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
    """Sort ratings into disappointed (−1), OK (0) and delighted (+1) by :func:`rating_cuts`.

    Parameters
    ----------
    ratings : ndarray
        Any shape; NaN where there is none.
    scale : tuple of two numbers
        The ends of the scale.

    Returns
    -------
    ndarray of float
        The same shape; NaN where there is no rating.

    Examples
    --------
    >>> rating_classes(np.array([1, 2, 3, 4, 5, np.nan]), (1, 5))
    array([-1., -1.,  0.,  1.,  1., nan])
    """
    ratings = np.asarray(ratings, dtype=float)
    low, high = rating_cuts(scale)
    classes = np.where(ratings <= low, DISAPPOINTED, np.where(ratings >= high, DELIGHTED, OK)).astype(float)
    return np.where(np.isnan(ratings), np.nan, classes)
