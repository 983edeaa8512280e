"""Whether importances can be told from noise and from each other, and how unsure their shares are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.statistics.importance.told import joint_p_value, share_errors
from tpm_widgets.strategy.drivers.of_study import DriverRegression


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What can be told of importances.

    Attributes
    ----------
    noise, equal : float
        p values of: no rating goes with the outcome; all go with it alike, per standard deviation. Missing where it
        cannot be tested; the second also where there is one touchpoint only.
    errors : pandas.Series
        By touchpoint: the standard error of its share of what ratings explain.
    df : float
        Degrees of freedom for an interval.
    """

    noise: float
    equal: float
    errors: pd.Series
    df: float

    def anything(self, level: float) -> bool:
        """Tell whether importances differ by more than chance from nothing and, where there are several, alike."""
        limits = [self.noise] + ([] if len(self.errors) < 2 else [self.equal])
        return all(p_value < 1 - level for p_value in limits)


def told(drivers: DriverRegression) -> Told:
    """Test the slopes of all ratings whose error is known."""
    fit, design = drivers.fit, drivers.design
    places = np.array([design.names.index(name) for name in design.touchpoints])
    places = places[np.isfinite(np.diag(fit.cov)[places])]
    names = [design.names[place] for place in places]
    slopes, covariance = fit.params[places], fit.cov[np.ix_(places, places)]
    columns = _within(drivers, places)
    scale = np.sqrt(np.diag(columns))
    contrasts = np.eye(len(fit.params))[:, places]
    df = float(fit.degrees(contrasts).min())
    apart = np.eye(len(names))[:-1] - np.eye(len(names))[-1]
    each = apart * scale
    return Told(
        noise=joint_p_value(slopes, covariance, df),
        equal=joint_p_value(each @ slopes, each @ covariance @ each.T, df),
        errors=pd.Series(np.sqrt(np.diag(share_errors(slopes, covariance, columns))), index=names),
        df=df,
    )


def _within(drivers: DriverRegression, places: np.ndarray) -> np.ndarray:
    """Return the covariance of ratings, less what goes with who rated what."""
    covariance = drivers.covariance
    own = places - 1
    others = np.flatnonzero([column.part == "not_rated" for column in drivers.design.columns[1:]])
    ratings = covariance[np.ix_(own, own)]
    if not len(others):
        return ratings
    crossed = covariance[np.ix_(own, others)]
    return np.asarray(
        ratings - crossed @ np.linalg.pinv(covariance[np.ix_(others, others)], hermitian=True) @ crossed.T
    )
