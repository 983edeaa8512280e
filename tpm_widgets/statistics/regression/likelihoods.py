"""Log-likelihoods of one answer in its linear predictor (logit, Poisson, ordered logit) with two derivatives, and their
maximum by Newton's method, each step cut until it climbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from scipy.special import expit, gammaln

Model = Literal["logit", "ordered", "poisson"]
STEEPEST = 700.0  # exp of more is infinite
LEAST = 1e-300  # probability

MOST_STEPS = 60
NEAR = 1e-9  # gain per answer of a step below which full steps converge, and rounding hides whether they climb
CLOSE = 1e-20  # gain per answer of a last step: parameters are then known to about 1e-9 of their error
SHORTEST = 1e-6  # part of a step


class Slopes(NamedTuple):
    """Log-likelihood, gradient and negative Hessian in the parameters: ``free`` ones, then one per column."""

    value: float
    gradient: np.ndarray
    curvature: np.ndarray


class Likelihood(Protocol):
    """What a Newton step needs to know."""

    @property
    def start(self) -> np.ndarray:
        """The free parameters where no column is in the model."""

    def slopes(self, parameters: np.ndarray, columns: np.ndarray) -> Slopes:
        """Evaluate at parameters (free ones first), for columns of shape (k, n)."""


@dataclass(frozen=True, slots=True, eq=False)
class _OneConstant:
    """Models with a constant and one linear predictor."""

    outcome: np.ndarray
    weights: np.ndarray
    start: np.ndarray

    def slopes(self, parameters: np.ndarray, columns: np.ndarray) -> Slopes:
        value, slope, bend = self.at(parameters[0] + parameters[1:] @ columns)
        slope, bend = slope * self.weights, bend * self.weights
        weighted = columns * bend
        curvature = np.empty((len(parameters), len(parameters)))
        curvature[0, 0] = bend.sum()
        curvature[0, 1:] = curvature[1:, 0] = weighted.sum(axis=1)
        curvature[1:, 1:] = weighted @ columns.T
        return Slopes(float(self.weights @ value), np.append(slope.sum(), columns @ slope), curvature)

    def at(self, linear: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log-likelihood, first and negative second derivative of each answer."""
        raise NotImplementedError


class Logit(_OneConstant):
    """0/1 outcomes: P(1) = 1 / (1 + exp(−η))."""

    def at(self, linear: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As for every model with a constant."""
        side = 2 * self.outcome - 1
        seen = 1 / (1 + np.exp(np.minimum(-side * linear, STEEPEST)))  # the probability of what was seen
        return np.log(seen), side * (1 - seen), seen * (1 - seen)


class Poisson(_OneConstant):
    """Counts: mean exp(η)."""

    def at(self, linear: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As for every model with a constant."""
        mean = np.exp(np.minimum(linear, STEEPEST))
        return self.outcome * linear - mean - gammaln(self.outcome + 1), self.outcome - mean, mean


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Ordered categories 0…m: P(at most c) = 1 / (1 + exp(−(θ_c − η))); the free parameters are the thresholds θ."""

    category: np.ndarray
    weights: np.ndarray
    start: np.ndarray

    def slopes(self, parameters: np.ndarray, columns: np.ndarray) -> Slopes:
        """Evaluate at thresholds (rising) and coefficients."""
        free = len(self.start)
        if (np.diff(parameters[:free]) <= 0).any():
            return Slopes(-np.inf, np.empty(0), np.empty((0, 0)))
        seen, a, b, upper, lower = self._edges(parameters, columns)
        # Second derivatives of log P in the upper edge, the lower edge, and both.
        aa = self.weights * (a * a - a * (1 - 2 * upper))
        bb = self.weights * (b * b + b * (1 - 2 * lower))
        ab = -self.weights * a * b
        a, b = self.weights * a, self.weights * b
        by_edge = [np.bincount(self.category, part, free + 1) for part in (a, b, aa, bb, ab)]
        gradient = np.concatenate([by_edge[0][:free] - by_edge[1][1:], columns @ (b - a)])
        curvature = np.zeros((len(parameters), len(parameters)))
        place = np.arange(free)
        curvature[place, place] = by_edge[2][:free] + by_edge[3][1:]
        curvature[place[1:], place[:-1]] = curvature[place[:-1], place[1:]] = by_edge[4][1:free]
        at_upper, at_lower = -(aa + ab), -(bb + ab)  # an edge with the linear predictor
        for row, column in enumerate(columns, start=free):
            cross = np.bincount(self.category, at_upper * column, free + 1)[:free]
            cross += np.bincount(self.category, at_lower * column, free + 1)[1:]
            curvature[row, :free] = curvature[:free, row] = cross
        curvature[free:, free:] = (columns * (aa + bb + 2 * ab)) @ columns.T
        return Slopes(float(self.weights @ np.log(seen)), gradient, curvature)

    def scores(self, parameters: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return each answer's weighted part of the gradient, shape (n, parameters)."""
        free = len(self.start)
        _, a, b, _, _ = self._edges(parameters, columns)
        edges = np.zeros((len(a), free + 2))  # the outermost two are no parameters
        rows = np.arange(len(a))
        edges[rows, self.category + 1] = a
        edges[rows, self.category] = -b
        return self.weights[:, None] * np.column_stack([edges[:, 1:-1], (b - a)[:, None] * columns.T])

    def _edges(self, parameters: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return the probability of what was seen, both edges' densities divided by it, and their probabilities."""
        free = len(self.start)
        linear = parameters[free:] @ columns
        edges = np.concatenate([[-np.inf], parameters[:free], [np.inf]])
        upper, lower = expit(edges[self.category + 1] - linear), expit(edges[self.category] - linear)
        seen = np.maximum(upper - lower, LEAST)
        return seen, upper * (1 - upper) / seen, lower * (1 - lower) / seen, upper, lower


def likelihood(model: Model, outcome: np.ndarray, weights: np.ndarray) -> Likelihood:
    """Return a model's likelihood, started where nothing but the outcome's distribution is known.

    Parameters
    ----------
    model : {"logit", "ordered", "poisson"}
    outcome : numpy.ndarray, shape (n,)
        0/1; any values in order; counts.
    weights : numpy.ndarray, shape (n,)
        Divided by their mean, so that they do not change the unit of the likelihood.
    """
    weights = weights / weights.mean()
    mean = float(weights @ outcome / weights.sum())
    if model == "logit":
        return Logit(outcome, weights, np.array([np.log(mean / (1 - mean))]))
    if model == "poisson":
        return Poisson(outcome, weights, np.array([np.log(mean)]))
    return ordered(outcome, weights)


def ordered(outcome: np.ndarray, weights: np.ndarray) -> Ordered:
    """Return the likelihood of an ordered logit; as ``likelihood``."""
    weights = weights / weights.mean()
    category = np.unique(outcome, return_inverse=True)[1]
    below = np.cumsum(np.bincount(category, weights))[:-1] / weights.sum()
    return Ordered(category, weights, np.log(below / (1 - below)))


class Maximum(NamedTuple):
    """Where a likelihood is largest.

    Attributes
    ----------
    parameters : numpy.ndarray, shape (m,)
    curvature : numpy.ndarray, shape (m, m)
        The negative Hessian there.
    converged : bool
    """

    parameters: np.ndarray
    curvature: np.ndarray
    converged: bool


def maximise(law: Likelihood, columns: np.ndarray, parameters: np.ndarray) -> Maximum:
    """Climb from ``parameters`` to the maximum.

    Parameters
    ----------
    law : Likelihood
        Its curvature positive definite.
    columns : numpy.ndarray, shape (k, n)
    parameters : numpy.ndarray, shape (m,)
        The law's own parameters, then one per column.
    """
    n = columns.shape[1]
    now = law.slopes(parameters, columns)
    for _ in range(MOST_STEPS):
        step, *_ = np.linalg.lstsq(now.curvature, now.gradient, rcond=None)
        gain = float(now.gradient @ step) / 2
        shorter = 1.0
        then = law.slopes(parameters + step, columns)
        while gain > NEAR * n and not then.value >= now.value and shorter > SHORTEST:
            shorter /= 2
            then = law.slopes(parameters + shorter * step, columns)
        if not np.isfinite(then.value):
            break
        parameters, now = parameters + shorter * step, then
        if gain < CLOSE * n:
            return Maximum(parameters, now.curvature, converged=True)
    return Maximum(parameters, now.curvature, converged=False)
