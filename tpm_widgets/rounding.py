"""What becomes of a number when somebody reads it: the same digits on every machine."""

from __future__ import annotations

import math

SURE_DECIMALS = 6  # beyond those shown; what comes after them is the noise of sums, another on every processor


def as_read(value: float, digits: int) -> float:
    """Round as people do, a half away from 0, and a half is one whatever the last bits of a sum say.

    Examples
    --------
    >>> as_read(18.25, 1), as_read(-25.75, 1), as_read(-25.749999999999982, 1), as_read(-0.04, 1)
    (18.3, -25.8, -25.8, 0.0)
    """
    shifted = round(abs(value) * 10**digits, SURE_DECIMALS)
    return math.copysign(math.floor(shifted + 0.5) / 10**digits, value) + 0.0  # turns -0.0 into 0.0
