"""Johnson's relative weights: R² split by way of uncorrelated stand-ins for the predictors, and rotated back."""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.covariance import NOTHING_LEFT, correlation


def relative_weights(covariance: np.ndarray) -> np.ndarray:
    """Split R² among correlated predictors, for any number of them.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k predictors and, last, the outcome (which must vary); one matrix or many. Constant predictors get 0.

    Returns
    -------
    numpy.ndarray, shape (…, k)
        Shares of the outcome's variance, none negative; they add up to R².

    Notes
    -----
    R = VΔV′ is the predictors' correlation matrix and Λ = VΔ^½V′ its square root: the correlations of the predictors
    with the closest uncorrelated variables Z. With β = Λ⁻¹r the regression on Z, predictor j gets Σ_k λ²_jk β²_k.
    Without that last rotation any two predictors would come out as 50 to 50. Equal to Genizi's (1993) decomposition.

    References
    ----------
    Johnson 2000, doi:10.1207/S15327906MBR3501_1.
    """
    standard = correlation(covariance)
    values, vectors = np.linalg.eigh(standard[..., :-1, :-1])
    root = np.sqrt(np.where(values > NOTHING_LEFT, values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    back = np.swapaxes(vectors, -1, -2)
    beta = (vectors * inverse[..., None, :]) @ back @ standard[..., :-1, -1:]
    return ((((vectors * root[..., None, :]) @ back) ** 2) @ beta**2)[..., 0]
