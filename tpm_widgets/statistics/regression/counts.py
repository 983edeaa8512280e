"""Poisson and negative binomial (NB2) regression of counts on exposure, with weights and clusters, exact for any small
dispersion.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from tpm_widgets.statistics.regression.few_clusters import FewClusters
from tpm_widgets.statistics.regression.likelihoods import Slopes, maximise
from tpm_widgets.statistics.regression.linear_and_logit import (
    SUSPECT,
    Fit,
    cluster_correction,
    clustered_covariance,
    few_clusters_of,
    few_degrees,
)
from tpm_widgets.statistics.regression.separation import refuse_no_variation, refuse_separation

LARGEST = 100.0  # of η, whose exponential has to be raised to the third power
FAR = 50.0  # of |log α|, which no data have
SMALL = 0.02  # αμ below which a power series is more exact than the formula
POWERS = np.arange(10)
SERIES = (-1.0) ** POWERS * (POWERS + 1) / (POWERS + 2)


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
        Errors are always the sandwich · n/(n − k), because counts of people vary more than Poisson's, with normal
        intervals; where customers repeat they are as those of ``fit_linear``.

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
    few = few_clusters_of(matrix, mean, weights, clusters)
    if few is None:
        bread = np.linalg.inv((matrix * (weights * mean)[:, None]).T @ matrix)
        influence = (weights * (counts - mean))[:, None] * matrix @ bread * cluster_correction(clusters, len(params))
    else:
        influence = few.influence((counts - mean) / np.sqrt(mean))
    return _fit(names, params, influence, weights, clusters, exposure, dispersion=0.0, few=few)


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
        Where counts vary no more than Poisson's, the dispersion is 0 and the fit Poisson's. Where customers repeat,
        the sandwich · G/(G−1) · (n−1)/(n−k), with G − 1 degrees of freedom.

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
    influence *= cluster_correction(clusters, len(params))
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
    few: FewClusters | None = None,
) -> CountFit:
    return CountFit(
        kind="log",
        names=tuple(names),
        params=params,
        cov=clustered_covariance(influence, clusters, few),
        df=few_degrees(clusters),
        weights=weights,
        clusters=clusters,
        influence=influence,
        freedom=few,
        exposure=exposure,
        dispersion=dispersion,
    )


@dataclass(frozen=True, slots=True, eq=False)
class NegativeBinomial:
    """Counts of mean μ = exposure · exp(η) and variance μ + αμ²; the free parameter is log α.

    Attributes
    ----------
    counts, weights : numpy.ndarray, shape (n,)
    log_exposure : numpy.ndarray, shape (n,)
    start : numpy.ndarray, shape (1,)
    """

    counts: np.ndarray
    weights: np.ndarray
    log_exposure: np.ndarray
    start: np.ndarray

    def slopes(self, parameters: np.ndarray, columns: np.ndarray) -> Slopes:
        """Evaluate at log α and coefficients (the constant is one of the columns).

        The curvature is the negative Hessian; away from the maximum, where that need not be positive definite, log α
        is taken apart from the coefficients.
        """
        if abs(parameters[0]) > FAR:
            return Slopes(-np.inf, np.empty(0), np.empty((0, 0)))
        alpha = np.exp(parameters[0])
        mean, spread, value = self._at(alpha, parameters[1:], columns)
        slope, by_alpha = self._slopes(alpha, mean, spread)
        bend = self.weights * mean * (1 + alpha * self.counts) / spread**2
        cross = alpha * (self.weights * (self.counts - mean) * mean / spread**2) @ columns.T
        steps = np.arange(int(self.counts.max()))
        past = np.append(0.0, np.cumsum((steps / (1 + alpha * steps)) ** 2))[self.counts.astype(int)]
        twice = -past + self.counts * (mean / spread) ** 2 + mean**3 * _second(alpha * mean)
        own = -float(self.weights @ (alpha**2 * twice + alpha * by_alpha))
        gradient = np.append(alpha * (self.weights @ by_alpha), columns @ (self.weights * slope))
        curvature = np.empty((len(parameters), len(parameters)))
        curvature[1:, 1:] = (columns * bend) @ columns.T
        curvature[0, 1:] = curvature[1:, 0] = cross
        curvature[0, 0] = own
        if own <= 0 or np.linalg.eigvalsh(curvature)[0] <= 0:
            curvature[0, 1:] = curvature[1:, 0] = 0
            curvature[0, 0] = max(abs(own), abs(gradient[0]))  # log α moves by 1 at most
        return Slopes(float(self.weights @ value), gradient, curvature)

    def scores(self, parameters: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return each answer's weighted part of the gradient, shape (n, parameters)."""
        alpha = np.exp(parameters[0])
        mean, spread, _ = self._at(alpha, parameters[1:], columns)
        slope, by_alpha = self._slopes(alpha, mean, spread)
        return self.weights[:, None] * np.column_stack([alpha * by_alpha, slope[:, None] * columns.T])

    def _at(
        self, alpha: float, coefficients: np.ndarray, columns: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the means, 1 + αμ, and the log-likelihoods."""
        linear = np.minimum(coefficients @ columns + self.log_exposure, LARGEST)
        mean = np.exp(linear)
        spread = 1 + alpha * mean
        steps = np.arange(int(self.counts.max()))
        past = np.append(0.0, np.cumsum(np.log1p(alpha * steps)))[self.counts.astype(int)]
        value = past + self.counts * (linear - np.log(spread)) - np.log1p(alpha * mean) / alpha
        return mean, spread, value - gammaln(self.counts + 1)

    def _slopes(self, alpha: float, mean: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each log-likelihood's derivative in the linear predictor and in α."""
        steps = np.arange(int(self.counts.max()))
        past = np.append(0.0, np.cumsum(steps / (1 + alpha * steps)))[self.counts.astype(int)]
        return (self.counts - mean) / spread, past - self.counts * mean / spread + mean**2 * _first(alpha * mean)


def _first(t: np.ndarray) -> np.ndarray:
    """Return (log(1 + t) − t/(1 + t)) / t²."""
    safe = np.maximum(t, SMALL)
    exact = (np.log1p(safe) - safe / (1 + safe)) / safe**2
    return np.where(t < SMALL, np.minimum(t, SMALL)[:, None] ** POWERS @ SERIES, exact)


def _second(t: np.ndarray) -> np.ndarray:
    """Return the derivative of ``_first``."""
    safe = np.maximum(t, SMALL)
    exact = 1 / (safe * (1 + safe) ** 2) - 2 * _first(safe) / safe
    series = np.minimum(t, SMALL)[:, None] ** POWERS[:-1] @ (SERIES[1:] * POWERS[1:])
    return np.where(t < SMALL, series, exact)
