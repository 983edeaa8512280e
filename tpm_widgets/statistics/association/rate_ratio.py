"""How much do rates differ per unit of something? Poisson regression of counts on exposure."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from tpm_widgets.statistics.regression.linear_and_logit import cluster_correction, robust_covariance


def rate_ratio(
    events: np.ndarray,
    exposure: np.ndarray,
    predictor: np.ndarray,
    *,
    level: float,
    weights: np.ndarray,
    clusters: np.ndarray,
) -> tuple[float, float, float]:
    """Return by what the rate is multiplied per unit of a predictor, with an interval clustered by person.

    Parameters
    ----------
    events, exposure : ndarray, shape (n,)
        Counts, and times above 0; log time is the offset.
    predictor : ndarray, shape (n,)
    level : float
        The confidence level.
    weights : ndarray, shape (n,)
        Above 0, on any scale.
    clusters : ndarray of int, shape (n,)

    Returns
    -------
    estimate, conf_low, conf_high : float
        NaN where the predictor does not vary, nothing happened, or it happened at one end of the predictor only, so
        that no finite ratio fits; no interval where every count is exactly as expected, so that no error shows.

    Notes
    -----
    The errors are the clustered sandwich, so that counts need not be Poisson: some people recommend again and again,
    and one person's answers belong together. Without weights they are those of statsmodels' ``cov_type="cluster"``,
    which does not support weights.
    """
    happened = predictor[events > 0]
    if not len(happened) or not predictor.min() < predictor.max():
        return np.nan, np.nan, np.nan
    if happened.min() == predictor.max() or happened.max() == predictor.min() or len(np.unique(clusters)) < 2:
        return np.nan, np.nan, np.nan
    design = np.column_stack([np.ones(len(predictor)), predictor - predictor.mean()])
    model = GLM(events, design, family=Poisson(), offset=np.log(exposure), var_weights=weights / weights.mean())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # every count is as expected: the ratio is finite
        fit = model.fit(tol=1e-10, tol_criterion="params")
    bread = np.linalg.inv((design * (weights * fit.mu)[:, None]).T @ design)
    influence = (weights * (events - fit.mu))[:, None] * design @ bread * cluster_correction(clusters, 2)
    std_error = float(np.sqrt(robust_covariance(influence, clusters)[1, 1]))
    reach = stats.norm.ppf((1 + level) / 2) * std_error if std_error > 1e-9 else np.nan
    low, high = np.exp(fit.params[1] + reach * np.array([-1, 1]))
    return float(np.exp(fit.params[1])), float(low), float(high)
