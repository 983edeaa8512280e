"""Shewhart limits for shares and scores, and how long an unchanged process runs before it is accused by chance."""

from __future__ import annotations

import numpy as np

ONE_SIDE = 0.00135  # beyond three standard errors of a normal figure
ROUNDING = 1e-9  # counts that differ from a limit by less than this lie on it, which is no signal
NEVER = 1e-12  # the accuracy of the Fourier transform: a smaller probability cannot be told from 0


def shewhart_limits(
    center: float, variance: float, sizes: np.ndarray, bounds: tuple[float, float], sigmas: float = 3.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits center ± sigmas·√(variance / n), one pair per period, cut at the bounds of the scale.

    ``variance`` is that of a single answer: p(1 − p) for a share, p_pro + p_det − NPS² for the score. A size of 0
    has no limits (missing).
    """
    sizes = np.asarray(sizes, float)
    known = np.where(sizes > 0, sizes, np.nan)
    half_width = sigmas * np.sqrt(variance / known)
    lower, upper = bounds
    return np.maximum(center - half_width, lower), np.minimum(center + half_width, upper)


def chance_limits(
    promoters: float, detractors: float, sizes: np.ndarray, tail: float = ONE_SIDE
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits beyond each of which a balance of known shares lies with a probability of at most ``tail``.

    Exact (trinomial, binomial where nobody is a detractor), for shares so near to 0 or 1 that three standard errors say
    nothing. A size of 0 has no limits (missing); others are rounded down, to 1 at least.
    """
    sizes = np.asarray(sizes, float)
    lower, upper = np.full(len(sizes), np.nan), np.full(len(sizes), np.nan)
    known = np.flatnonzero(sizes > 0)
    whole = np.array([whole_size(size) for size in sizes[known]], dtype=int)
    for size in np.unique(whole):
        balance = _balance(promoters, detractors, int(size))
        score = np.arange(-size, size + 1) / size
        here = known[whole == size]
        lower[here] = score[np.searchsorted(np.cumsum(balance), tail, side="right")]
        upper[here] = score[::-1][np.searchsorted(np.cumsum(balance[::-1]), tail, side="right")]
    return lower, upper


def whole_size(size: float) -> int:
    """Round an effective size down to whole answers, at least 1."""
    return max(int(size * (1 + ROUNDING)), 1)


def run_length(promoters: float, detractors: float, size: int, lower: float, upper: float) -> float:
    """Return the mean number of periods until an unchanged score leaves its limits; infinite where it cannot.

    Exact: the distribution of promoters minus detractors among ``size`` answers is the ``size``-fold convolution of
    (detractors, passives, promoters), taken as a power of its Fourier transform. Without detractors the promoters are
    binomial, so this serves shares too.
    """
    balance = _balance(promoters, detractors, size)
    score = np.arange(-size, size + 1)
    outside = (score < size * lower - ROUNDING) | (score > size * upper + ROUNDING)
    alarm = float(balance[outside].sum())
    return 1 / alarm if alarm > NEVER else float("inf")


def _balance(promoters: float, detractors: float, size: int) -> np.ndarray:
    """Return the probability of each balance, −size … size, of promoters minus detractors among some answers."""
    one_answer = np.zeros(2 * size + 1)
    one_answer[[0, 1, 2]] += [detractors, 1 - promoters - detractors, promoters]
    return np.fft.irfft(np.fft.rfft(one_answer) ** size, n=2 * size + 1).clip(min=0)
