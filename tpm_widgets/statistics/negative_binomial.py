"""The log-likelihood of negative binomial counts (NB2) with its derivatives, exact for any small dispersion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from tpm_widgets.statistics.likelihoods import Slopes

LARGEST = 100.0  # of η, whose exponential has to be raised to the third power
FAR = 50.0  # of |log α|, which no data have
SMALL = 0.02  # αμ below which a power series is more exact than the formula
POWERS = np.arange(10)
SERIES = (-1.0) ** POWERS * (POWERS + 1) / (POWERS + 2)


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
