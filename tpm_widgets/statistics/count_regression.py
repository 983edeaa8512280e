"""Poisson and negative binomial regression of counts on exposure, with weights and clusters."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from tpm_widgets.statistics.negative_binomial import NegativeBinomial
from tpm_widgets.statistics.newton import maximise
from tpm_widgets.statistics.regression import SUSPECT, Fit, cluster_correction, robust_covariance
from tpm_widgets.statistics.separation import refuse_no_variation, refuse_separation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountFit(Fit):
    """A fitted count model: the expected count is exposure · exp(Xβ).

    Attributes
    ----------
    exposure : numpy.ndarray, shape (n,)
        Above 0; the time in which each answer's count was made.
    dispersion : float
        α of the variance μ + αμ²; 0 for Poisson, and where counts vary no more than Poisson's.
    """

    exposure: np.ndarray
    dispersion: float

    @property
    def mass(self) -> np.ndarray:
        """What each answer weighs in an average rate: its weight times its exposure, shape (n,)."""
        return self.weights * self.exposure

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Return the expected rate, the count per unit of exposure, of each row of a design's matrix, shape (rows,)."""
        return np.exp(matrix @ self.params)

    def average_effect(self, column: int, matrix: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the weighted mean change of the rate per unit of a column, and its gradient in β."""
        part = weights / weights.sum() * self.predict(matrix)
        gradient = self.params[column] * part @ matrix
        gradient[column] += part.sum()
        return float(self.params[column] * part.sum()), gradient


def fit_poisson(
    counts: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
    exposure: np.ndarray | None = None,
) -> CountFit:
    """Fit a Poisson regression by (weighted pseudo-) maximum likelihood; other parameters as ``fit_linear``.

    Parameters
    ----------
    counts : numpy.ndarray, shape (n,)
    exposure : numpy.ndarray, shape (n,), optional
        Above 0; its logarithm is the offset. Ones where None.

    Returns
    -------
    CountFit
        Errors are always the sandwich, G/(G−1) · (n−1)/(n−k), because counts of people vary more than Poisson's; normal
        intervals.

    Raises
    ------
    DataError
        Where nothing was counted or every count is the same, or where some columns tell who has a count above 0
        without error.

    References
    ----------
    Gourieroux, Monfort & Trognon 1984, doi:10.2307/1913472 (pseudo-likelihood: only the mean has to be right).
    """
    weights, clusters, exposure = _complete(counts, weights, clusters, exposure)
    params = _poisson(counts, matrix, names, weights, exposure)
    mean = exposure * np.exp(matrix @ params)
    bread = np.linalg.inv((matrix * (weights * mean)[:, None]).T @ matrix)
    influence = (weights * (counts - mean))[:, None] * matrix @ bread
    return _fit(names, params, influence, weights, clusters, exposure, dispersion=0.0)


def fit_negative_binomial(
    counts: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
    exposure: np.ndarray | None = None,
) -> CountFit:
    """Fit a negative binomial regression (NB2), its dispersion estimated; parameters and errors as ``fit_poisson``.

    Returns
    -------
    CountFit
        Where counts vary no more than Poisson's, the dispersion is 0 and the fit Poisson's.

    Notes
    -----
    Counts of mean μ and variance μ + αμ². β and log α are found together by Newton's method, and the sandwich is that
    of both. statsmodels' ``NegativeBinomial`` knows no weights; without weights the two agree (tested), as with
    ``glm.nb`` of R's MASS.

    References
    ----------
    Cameron & Trivedi 2013, doi:10.1017/CBO9781139013567, ch. 3.3; Lawless 1987, doi:10.2307/3314912.
    """
    weights, clusters, exposure = _complete(counts, weights, clusters, exposure)
    params = _poisson(counts, matrix, names, weights, exposure)
    mean = exposure * np.exp(matrix @ params)
    excess = float(weights @ ((counts - mean) ** 2 - mean))
    if excess <= 0:  # the likelihood falls from α = 0 on
        return fit_poisson(counts, matrix, names, weights, clusters, exposure)
    start = np.array([np.log(excess / float(weights @ mean**2))])
    law = NegativeBinomial(counts, weights / weights.mean(), np.log(exposure), start)
    columns = np.ascontiguousarray(matrix.T)
    best = maximise(law, columns, np.append(start, params))
    influence = law.scores(best.parameters, columns) @ np.linalg.inv(best.curvature)
    dispersion = float(np.exp(best.parameters[0]))
    return _fit(names, best.parameters[1:], influence[:, 1:], weights, clusters, exposure, dispersion)


def _complete(
    counts: np.ndarray, weights: np.ndarray | None, clusters: np.ndarray | None, exposure: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fill in weights of 1, answers of their own, exposures of 1."""
    ones = np.ones(len(counts))
    return (
        ones if weights is None else weights,
        np.arange(len(counts)) if clusters is None else clusters,
        ones if exposure is None else exposure,
    )


def _poisson(
    counts: np.ndarray, matrix: np.ndarray, names: Sequence[str], weights: np.ndarray, exposure: np.ndarray
) -> np.ndarray:
    refuse_no_variation(counts)
    model = GLM(counts, matrix, family=Poisson(), offset=np.log(exposure), var_weights=weights / weights.mean())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = model.fit(tol=1e-10, tol_criterion="params", maxiter=60)
    params = np.asarray(result.params)
    linear = matrix @ params
    if caught or not result.converged or np.ptp(linear) > SUSPECT:
        refuse_separation(names[1:], -matrix[counts == 0], matrix[counts > 0])
    return params


def _fit(
    names: Sequence[str],
    params: np.ndarray,
    influence: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    exposure: np.ndarray,
    dispersion: float,
) -> CountFit:
    influence = influence * cluster_correction(clusters, len(params))
    return CountFit(
        kind="log",
        names=tuple(names),
        params=params,
        cov=robust_covariance(influence, clusters),
        df=np.inf,
        weights=weights,
        clusters=clusters,
        influence=influence,
        exposure=exposure,
        dispersion=dispersion,
    )
