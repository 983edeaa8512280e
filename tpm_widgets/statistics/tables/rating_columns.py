"""What a driver regression sums over the answers of a table, whatever its size and whoever does the summing.

The sums are over raw, small numbers, z = (1, c₁ … c_J, u …): cⱼ is the step of rating j on its scale (1 for the lowest,
0 where it was not rated), u is 1 where it was not rated, for the ratings that have such an indicator. Centring, twins
and columns that had to be left out are a linear map of z, made afterwards in small arrays, so that whoever sums knows
nothing of them. A cell is a rating where it lies on the scale; all else (missing, codes, off the scale) is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tpm_widgets.statistics.regression.likelihoods import Slopes

Scale = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingColumns:
    """Which columns of a table are the outcome, the ratings and the weight, and how their cells are read.

    Attributes
    ----------
    outcome : str
    scale : (number, number)
        Lowest and highest score; only rows with a score on it count.
    event : (number, number) or None
        None: y is the score. Else y is 1 where the score lies between the two, ends included, and 0 elsewhere; only
        whole scores count.
    ratings : tuple of str, length J
    scales : tuple of (number, number)
        Of each rating.
    absent : tuple of int
        The places of the ratings that have an indicator.
    weight : str or None
        Only rows with a finite weight above 0 count.
    codes : tuple of numbers
        Cells off their scale that mean something; other such cells are counted.
    complete : bool
        Whether only rows with all ratings count.
    """

    outcome: str
    scale: Scale
    event: Scale | None
    ratings: tuple[str, ...]
    scales: tuple[Scale, ...]
    absent: tuple[int, ...]
    weight: str | None = None
    codes: tuple[float, ...] = ()
    complete: bool = False

    @property
    def width(self) -> int:
        """The length of z."""
        return 1 + len(self.ratings) + len(self.absent)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the table that are read, each once."""
        weight = () if self.weight is None else (self.weight,)
        return tuple(dict.fromkeys((self.outcome, *self.ratings, *weight)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatingProducts:
    """The first sums: what the design and the linear regression are made of.

    Attributes
    ----------
    n, left_out : int
        Rows used, and the others.
    weight, weight_squared : float
        Σw and Σw²; without weights both are n.
    absent, absent_events : numpy.ndarray, shape (len(columns.absent),)
        Σu and Σuy, both unweighted.
    events : float
        Σy, unweighted.
    low, high : float
        The least and the largest y; 0 where there are none.
    products : numpy.ndarray, shape (m + 1, m + 1)
        Σw(z, y)(z, y)'.
    off_scale : int
        Cells of ratings that are neither missing nor on their scale nor a code; 0 where the engine sums.
    """

    n: int
    left_out: int
    weight: float
    weight_squared: float
    absent: np.ndarray
    events: float
    absent_events: np.ndarray
    low: float
    high: float
    products: np.ndarray
    off_scale: int = 0

    def __add__(self, other: RatingProducts) -> RatingProducts:
        filled = [part for part in (self, other) if part.n]
        return RatingProducts(
            low=min((part.low for part in filled), default=0.0),
            high=max((part.high for part in filled), default=0.0),
            **_added(self, other, ("n", "left_out", "weight", "weight_squared", "absent", "events", "absent_events")),
            **_added(self, other, ("products", "off_scale")),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearMeat:
    """What HC3 errors of a linear regression are made of, besides the products.

    Attributes
    ----------
    meat : numpy.ndarray, shape (m, m)
        Σw²e²/(1 − h)²·zz'.
    decisive : numpy.ndarray, shape (d, m)
        The rows whose leverage leaves nothing; they count in ``meat`` without being divided by 1 − h.
    """

    meat: np.ndarray
    decisive: np.ndarray

    def __add__(self, other: LinearMeat) -> LinearMeat:
        return LinearMeat(meat=self.meat + other.meat, decisive=np.concatenate([self.decisive, other.decisive]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogitSums:
    """What the errors of a logistic regression and of its average effects are made of.

    Attributes
    ----------
    slopes : Slopes
        Log-likelihood, gradient, negative Hessian.
    meat : numpy.ndarray, shape (m, m)
        Σw²(y − p)²·zz'.
    bend : numpy.ndarray, shape (m, m)
        Σw·p(1 − p)(1 − 2p)·zz'.
    largest : float
        The largest |log odds| of a row.
    """

    slopes: Slopes
    meat: np.ndarray
    bend: np.ndarray
    largest: float

    def __add__(self, other: LogitSums) -> LogitSums:
        return LogitSums(
            slopes=add_slopes(self.slopes, other.slopes),
            largest=max(self.largest, other.largest),
            **_added(self, other, ("meat", "bend")),
        )


def add_slopes(one: Slopes, other: Slopes) -> Slopes:
    """Return the slopes of both parts of a table together."""
    return Slopes(one.value + other.value, one.gradient + other.gradient, one.curvature + other.curvature)


def _added(one: Any, other: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) + getattr(other, name) for name in names}
