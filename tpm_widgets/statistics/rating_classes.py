"""Disappointed, OK, delighted: what a rating means on any scale."""

from __future__ import annotations

import numpy as np

DISAPPOINTED, OK, DELIGHTED = -1, 0, 1


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
