"""One association taken apart: inside groups, and between their means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import WLS

from tpm_widgets.statistics.association.correlation import varies
from tpm_widgets.statistics.estimates.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBetween:
    """Two slopes of one regression, and the p value of the hypothesis that they are the same."""

    within: Estimate
    between: Estimate
    p_difference: float


def within_between(
    outcome: np.ndarray,
    predictor: np.ndarray,
    groups: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    level: float,
) -> WithinBetween:
    """Return the slope inside groups and the slope between group means.

    Parameters
    ----------
    outcome, predictor : ndarray, shape (n,)
        One value per observation.
    groups : ndarray of int, shape (n,)
        Codes of the groups.
    weights : ndarray, shape (n,)
        Above 0.
    clusters : ndarray of int, shape (n,)
        Codes of who the observations belong to.
    level : float
        The confidence level.

    Returns
    -------
    WithinBetween
        Each ``n`` is what the slope rests on: observations inside, groups between. NaN where the predictor does not
        vary there, where the outcome does not vary, or where there are fewer than three clusters.

    Notes
    -----
    Weighted least squares of the outcome on x − x̄_g and x̄_g, the group's weighted mean (Mundlak 1978). The first
    slope is the fixed-effects estimator. Errors are clustered (statsmodels); the groups are taken as they are, not as
    a sample from many, so the interval of the slope between them is about these groups.

    References
    ----------
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica 46, 69-85.
    https://doi.org/10.2307/1913646
    Robinson, W. S. (1950). Ecological correlations and the behavior of individuals. American Sociological Review 15,
    351-357. https://doi.org/10.2307/2087176
    """
    codes = np.unique(groups, return_inverse=True)[1]
    totals = np.bincount(codes, weights) if len(codes) else np.zeros(0)
    means = (np.bincount(codes, weights * predictor) / totals)[codes] if len(codes) else np.zeros(0)
    inside = predictor - means
    columns = {"within": inside, "between": means}
    sizes = {"within": len(outcome), "between": len(totals)}
    found = {name: Estimate(np.nan, np.nan, np.nan, size) for name, size in sizes.items()}
    used = [name for name, column in columns.items() if varies(column)]
    p_difference = np.nan
    if used and varies(outcome) and len(np.unique(clusters)) > 2:
        design = np.column_stack([np.ones(len(outcome)), *(columns[name] for name in used)])
        fit = WLS(outcome, design, weights=weights).fit(cov_type="cluster", cov_kwds={"groups": clusters})
        limits = fit.conf_int(1 - level)
        for place, name in enumerate(used, start=1):
            low, high = limits[place].tolist()
            found[name] = Estimate(float(fit.params[place]), low, high, sizes[name])
        if len(used) == 2:
            p_difference = float(fit.t_test(np.array([0.0, 1.0, -1.0])).pvalue)
    return WithinBetween(**found, p_difference=p_difference)
