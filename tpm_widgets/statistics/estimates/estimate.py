"""One number and how sure it is; shares and their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import proportion_confint


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate, its confidence interval, and the number of observations behind it.

    Attributes
    ----------
    estimate, conf_low, conf_high : float
        NaN where the data cannot say.
    n : int
        How many observations it rests on, unweighted.
    """

    estimate: float
    conf_low: float
    conf_high: float
    n: int = 0

    def __post_init__(self) -> None:
        if self.conf_low > self.conf_high:
            raise ValueError(f"conf_low {self.conf_low!r} lies above conf_high {self.conf_high!r}.")

    @property
    def limits(self) -> list[float]:
        """The estimate and both ends of its interval."""
        return [self.estimate, self.conf_low, self.conf_high]

    def excludes(self, value: float) -> bool:
        """Tell whether the interval is known and leaves ``value`` out."""
        return bool(np.isfinite(self.conf_low) and not self.conf_low <= value <= self.conf_high)


def wilson(share: ArrayLike, n: ArrayLike, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the Wilson score interval of shares.

    Parameters
    ----------
    share : array_like
        Shares between 0 and 1; NaN where there is none.
    n : array_like
        The sizes behind them, whole or effective (Kish); 0 gives NaN.
    level : float
        The confidence level.

    Returns
    -------
    conf_low, conf_high : ndarray
        Always within 0…1, and an interval of more than one point even for the shares 0 and 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> low, high = wilson(0.3, 50, level=0.95)
    >>> round(float(low), 4), round(float(high), 4)
    (0.191, 0.4375)
    """
    share, n = np.broadcast_arrays(np.asarray(share, dtype=float), np.asarray(n, dtype=float))
    low, high = np.full(share.shape, np.nan), np.full(share.shape, np.nan)
    known = (n > 0) & np.isfinite(share)
    if known.any():
        bounds = proportion_confint(share[known] * n[known], n[known], alpha=1 - level, method="wilson")
        # rounding may pass 0 and 1, or the share itself, by one unit in the last place
        low[known] = np.clip(np.minimum(bounds[0], share[known]), 0, 1)
        high[known] = np.clip(np.maximum(bounds[1], share[known]), 0, 1)
    return low, high
