"""How far a recommendation carries when those it wins recommend in turn: generations and amplification."""

from __future__ import annotations

import numpy as np


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
