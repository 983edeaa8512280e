"""How unevenly a total is spread over people (Lorenz curve, Gini coefficient, the share of the top), and how far a
recommendation carries when those it wins recommend in turn (generations, amplification).
"""

from __future__ import annotations

import numpy as np


def lorenz(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the Lorenz curve: of the people with least, cumulated, their share of all people and of the total.

    Parameters
    ----------
    values : ndarray, shape (k,)
        The distinct amounts that one can have, at least 0, ascending.
    counts : ndarray, shape (..., k)
        How many people have each.

    Returns
    -------
    people, total : ndarray, shape (..., k + 1)
        Both from 0 to 1; NaN where there is nobody, or nothing to be spread.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American Statistical
    Association 9, 209-219. https://doi.org/10.2307/2276207
    """
    return _cumulated(counts.astype(float)), _cumulated(counts * values)


def _cumulated(parts: np.ndarray) -> np.ndarray:
    """Cumulated shares from 0 to 1 along the last axis."""
    whole = parts.sum(axis=-1, keepdims=True)
    shares = np.divide(np.cumsum(parts, axis=-1), whole, out=np.full(parts.shape, np.nan), where=whole > 0)
    return np.concatenate([np.where(whole > 0, 0.0, np.nan), shares], axis=-1)


def gini(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the Gini coefficient, shape (...): 0 where all have the same, 1 − 1/n where one of n has all.

    Parameters
    ----------
    values, counts : ndarray
        As for :func:`lorenz`.

    Notes
    -----
    G = Σᵢ Σⱼ |xᵢ − xⱼ| / (2n²x̄), twice the area between the Lorenz curve and the diagonal. It cannot reach 1 with few
    people; G·n/(n − 1), the mean over pairs of *different* people, can.

    References
    ----------
    Gini, C. (1912). Variabilità e mutabilità. Bologna.
    Deltas, G. (2003). The small-sample bias of the Gini coefficient. Review of Economics and Statistics 85, 226-234.
    https://doi.org/10.1162/rest.2003.85.1.226

    Examples
    --------
    >>> float(gini(np.array([0, 8]), np.array([3, 1])))
    0.75
    """
    people, total = lorenz(values, counts)
    return np.asarray(1 - (np.diff(people) * (total[..., 1:] + total[..., :-1])).sum(axis=-1))


def top_share(values: np.ndarray, counts: np.ndarray, top: float) -> np.ndarray:
    """Return the share of the total that the ``top`` share of the people with most have, shape (...).

    Notes
    -----
    1 − L(1 − top) on the Lorenz curve: where the border falls among people with the same amount, they are taken in
    part, so that the answer does not depend on their order.
    """
    people = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    above = np.cumsum(people[..., ::-1], axis=-1)[..., ::-1] - people  # the share of those with more
    taken = np.clip(top - above, 0, people)
    total = (people * values).sum(axis=-1)
    return np.divide((taken * values).sum(axis=-1), total, out=np.full(total.shape, np.nan), where=total > 0)


def resampled_counts(counts: np.ndarray, *, replicates: int, seed: int) -> np.ndarray:
    """Return how many people have each amount in resamples of the people, shape (replicates, k)."""
    size = int(counts.sum())
    if size == 0:
        return np.zeros((replicates, len(counts)), dtype=np.int64)
    return np.random.default_rng(seed).multinomial(size, counts / size, size=replicates)


def counts_by_chance(exposure: np.ndarray, total: int, values: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """Return how many people have each amount if a total falls on people by chance alone, shape (draws, k).

    Parameters
    ----------
    exposure : ndarray, shape (n,)
        How much time each was there; the chance is proportional to it.
    total : int
        How many events fall.
    values : ndarray, shape (k,)
        0, 1, … up to an amount that is not exceeded; what exceeds it is counted there.
    draws, seed : int
        How often, and where the random numbers start.
    """
    rng = np.random.default_rng(seed)
    chances = exposure / exposure.sum()
    most = len(values) - 1
    fallen = (np.minimum(rng.multinomial(total, chances), most) for _ in range(draws))
    return np.array([np.bincount(amounts, minlength=most + 1) for amounts in fallen])


def generations(start: float, k: float, count: int) -> np.ndarray:
    """Return the sizes of successive generations, each ``k`` times the one before, shape (count + 1,).

    Parameters
    ----------
    start : float
        Customers to begin with.
    k : float
        Customers that one customer wins.
    count : int
        How many generations after the first.

    Examples
    --------
    >>> generations(1000, 0.8, 2).round(9).tolist()
    [1000.0, 800.0, 640.0]
    """
    return start * k ** np.arange(count + 1)


def amplification(k: float) -> float:
    """Return 1/(1 − K): customers in all generations per customer to begin with; infinite from K = 1 on.

    Parameters
    ----------
    k : float
        Customers that one customer wins, at least 0; NaN gives NaN.

    Notes
    -----
    The limit of 1 + K + K² + …: as if every generation won as many per head as those observed, for ever.

    Examples
    --------
    >>> round(amplification(0.8), 12)
    5.0
    """
    return 1 / (1 - k) if not k >= 1 else np.inf
