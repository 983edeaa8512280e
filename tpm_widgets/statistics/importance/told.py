"""Can importances be told from noise, or from each other? Joint tests of slopes, and how unsure shares are that rest on
them.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

NOTHING_LEFT = 1e-10  # of a correlation matrix's eigenvalues


def joint_p_value(estimates: np.ndarray, covariance: np.ndarray, df: float) -> float:
    """Test that all estimates are 0; missing where fewer degrees of freedom are left than there are estimates.

    Notes
    -----
    W = b′V⁻¹b as Hotelling's T² of ν degrees of freedom: (ν − q + 1)/(νq)·W is held against F(q, ν − q + 1), q being
    how many of the estimates are linearly independent; W/q against F(q, ∞) where ν is infinite.

    References
    ----------
    Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004 (few clusters).
    """
    scale = np.sqrt(np.diag(covariance))
    if not len(estimates) or not (scale > 0).all():
        return np.nan
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    known = values > NOTHING_LEFT
    q = int(known.sum())
    wald = float((((estimates / scale) @ vectors[:, known]) ** 2 / values[known]).sum())
    if np.isinf(df):
        return float(stats.chi2.sf(wald, q))
    left = df - q + 1
    return float(stats.f.sf(left / (df * q) * wald, q, left)) if left > 0 else np.nan


def share_errors(slopes: np.ndarray, covariance: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the covariance of each rating's share of what is explained, of those whose better ratings go with more.

    Parameters
    ----------
    slopes : numpy.ndarray, shape (p,)
    covariance : numpy.ndarray, shape (p, p)
        Of the slopes.
    columns : numpy.ndarray, shape (p, p)
        The covariance of the ratings.

    Notes
    -----
    With R = ΛΛ the correlations of the ratings, s their standard deviations and b the slopes Johnson's relative weights
    are ε = (Λ∘Λ)(Λ(sb))², close to LMG and smooth in b; where b ≤ 0 a share is 0. The errors of ε/Σε follow by the
    delta method from those of the slopes; how the ratings themselves hang together is taken as known.

    References
    ----------
    Johnson 2000, doi:10.1207/S15327906MBR3501_1.
    """
    scale = np.sqrt(np.diag(columns))
    values, vectors = np.linalg.eigh(columns / np.outer(scale, scale))
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    turned = root @ (scale * slopes)
    helps = slopes > 0
    weights = np.where(helps, root**2 @ turned**2, 0.0)
    if not weights.sum() > 0:
        return np.zeros_like(covariance)
    moved = np.where(helps[:, None], (root**2 * (2 * turned)) @ (root * scale), 0.0)
    shares = weights / weights.sum()
    gradient = (moved - np.outer(shares, moved.sum(axis=0))) / weights.sum()
    return np.asarray(gradient @ covariance @ gradient.T)
