"""One number and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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

    def excludes(self, value: float) -> bool:
        """Tell whether the interval is known and leaves ``value`` out."""
        return bool(np.isfinite(self.conf_low) and not self.conf_low <= value <= self.conf_high)
