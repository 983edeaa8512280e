"""Intervals of the Net Promoter Score from shares and a size, one or very many at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri  # scipy.stats, which asks the same function, takes a second to import

BISECTIONS = 60  # halve an interval of at most 2 until it is a rounding error wide
EDGE = 1 - 1e-12  # just inside the scale's end the variance under the hypothesis is positive

Ends = tuple[np.ndarray, np.ndarray]


def normal_quantile(level: float) -> float:
    """Return how many standard errors an interval of this level reaches to either side."""
    return float(ndtri((1 + level) / 2))


def wald(detractors: ArrayLike, promoters: ArrayLike, n: ArrayLike, level: float) -> Ends:
    """Return estimate ± z·√(variance/n), which may leave −1…1.

    Parameters
    ----------
    detractors, promoters : array_like
        Shares, 0…1; the passives are the rest.
    n : array_like
        The sizes behind them, whole or effective (Kish), above 0.
    level : float
        The confidence level.

    Returns
    -------
    conf_low, conf_high : ndarray
    """
    detractors, promoters, n = _arrays(detractors, promoters, n)
    score = promoters - detractors
    margin = normal_quantile(level) * np.sqrt(np.maximum(promoters + detractors - score**2, 0.0) / n)
    return score - margin, score + margin


def adjusted_wald(detractors: ArrayLike, promoters: ArrayLike, n: ArrayLike, level: float) -> Ends:
    """Return the Wald interval after adding ¾, 1½ and ¾ answers, centred on the score so adjusted, cut at −1 and 1.

    Parameters and returns are those of :func:`wald`.

    References
    ----------
    Rocks, B. (2016). The American Statistician 70, 365-372. https://doi.org/10.1080/00031305.2016.1158124
    """
    low, high = wald(*adjusted_shares(detractors, promoters, n), level)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)


def adjusted_shares(
    detractors: ArrayLike, promoters: ArrayLike, n: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return detractors, promoters and n after adding ¾ detractors, 1½ passives and ¾ promoters."""
    detractors, promoters, n = _arrays(detractors, promoters, n)
    return (detractors * n + 0.75) / (n + 3), (promoters * n + 0.75) / (n + 3), n + 3


def tango(detractors: ArrayLike, promoters: ArrayLike, n: ArrayLike, level: float) -> Ends:
    """Return Tango's score interval: all scores that a test with the variance under the hypothesis does not reject.

    Parameters and returns are those of :func:`wald`.

    Notes
    -----
    The ends solve (c − b − nD)/√(n(2q + D(1 − D))) = ±z by bisection, for all intervals at once; b detractors and c
    promoters, q the share of detractors that is likeliest under D. An end of the scale where everybody stands is never
    rejected.

    References
    ----------
    Tango, T. (1998). Statistics in Medicine 17, 891-908.
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B
    """
    detractors, promoters, n = _arrays(detractors, promoters, n)
    b, c, score, z = n * detractors, n * promoters, promoters - detractors, normal_quantile(level)

    def distance(d: np.ndarray) -> np.ndarray:
        """How many standard errors the observed score lies above the hypothesised one; it falls from there on."""
        linear = -b - c + (2 * n - c + b) * d
        q = (np.sqrt(np.maximum(linear**2 + 8 * n * b * d * (1 - d), 0.0)) - linear) / (4 * n)
        return (c - b - n * d) / np.sqrt(np.maximum(n * (2 * q + d * (1 - d)), 1e-300))

    bottom, top = np.full_like(score, -EDGE), np.full_like(score, EDGE)
    low = _crossing(lambda d: distance(d) > z, bottom, score)
    high = _crossing(lambda d: distance(d) > -z, score, top)
    return np.where(distance(bottom) > z, low, -1.0), np.where(distance(top) < -z, high, 1.0)


def mover(first: tuple[float, float, float], second: tuple[float, float, float]) -> tuple[float, float]:
    """Return the interval of a difference, first − second, of two independent estimates from their own intervals.

    Parameters
    ----------
    first, second : (estimate, conf_low, conf_high)

    Notes
    -----
    The method of variance estimates recovery: each end of the difference lies as far from it as the two ends that make
    it, squared and added. From two Wald intervals it makes the Wald interval of the difference.

    References
    ----------
    Newcombe, R. G. (1998). Statistics in Medicine 17, 873-890.
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    Zou, G. Y., & Donner, A. (2008). Statistics in Medicine 27, 1693-1702. https://doi.org/10.1002/sim.3095
    """
    (one, one_low, one_high), (two, two_low, two_high) = first, second
    difference = one - two
    low = difference - np.hypot(max(one - one_low, 0.0), max(two_high - two, 0.0))
    return float(low), float(difference + np.hypot(max(one_high - one, 0.0), max(two - two_low, 0.0)))


def _crossing(above: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return where a condition that holds at ``low`` ceases to hold on the way to ``high``."""
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        holds = above(middle)
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
    return (low + high) / 2


def _arrays(*values: ArrayLike) -> list[np.ndarray]:
    return [np.asarray(value, dtype=float) for value in np.broadcast_arrays(*values)]
