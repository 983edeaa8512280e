"""Ordered logistic regression with weights and clusters: the log odds of a higher score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.regression.likelihoods import maximise, ordered
from tpm_widgets.statistics.regression.linear_and_logit import (
    SUSPECT,
    Fit,
    cluster_correction,
    few_degrees,
    repeats,
    robust_covariance,
)
from tpm_widgets.statistics.regression.separation import LOW_AND_HIGH, refuse_no_variation, refuse_separation

MOST_LEVELS = 20  # different values of the outcome


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderedFit(Fit):
    """A fitted ordered logit: P(Y > level c) = 1 / (1 + exp(−(Xβ − θ_c))); the constant is 0, thresholds stand for it.

    Attributes
    ----------
    levels : numpy.ndarray, shape (m + 1,)
        The values of the outcome, rising.
    thresholds : numpy.ndarray, shape (m,)
        θ between each two neighbouring levels, rising.
    joint : numpy.ndarray, shape (k + m, k + m)
        The covariance of coefficients and thresholds.
    """

    levels: np.ndarray
    thresholds: np.ndarray
    joint: np.ndarray

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Return the expected score of each row of a design's matrix, shape (rows,)."""
        return self.levels[0] + self.exceed(matrix) @ np.diff(self.levels)

    def exceed(self, matrix: np.ndarray) -> np.ndarray:
        """Return for each row the probabilities of more than each level but the highest, shape (rows, m)."""
        return np.asarray(expit((matrix @ self.params)[:, None] - self.thresholds))

    def average_effect(self, column: int, matrix: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the weighted mean change of the expected score per unit of a column, and its gradient in (β, θ)."""
        share = weights / weights.sum()
        above = self.exceed(matrix)
        density = above * (1 - above) * np.diff(self.levels)
        bend = density * (1 - 2 * above)
        slope = float(share @ density.sum(axis=1))
        gradient = self.params[column] * np.append((share * bend.sum(axis=1)) @ matrix, -(share @ bend))
        gradient[column] += slope
        return float(self.params[column] * slope), gradient

    def std_error(self, gradient: np.ndarray) -> float:
        """Return the delta-method standard error of a quantity with this gradient in (β, θ)."""
        return float(np.sqrt(gradient @ self.joint @ gradient))


def fit_ordered_logit(
    outcome: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> OrderedFit:
    """Fit an ordered logit (proportional odds) by weighted maximum likelihood; parameters as ``fit_linear``.

    Returns
    -------
    OrderedFit
        With the inverse information as covariance where there are neither weights nor repeated customers, else with
        the sandwich · G/(G−1) · (n−1)/(n−k); normal intervals, where customers repeat those of t with G − 1 degrees of
        freedom.

    Raises
    ------
    DataError
        Where the outcome is the same for everybody or has more than 20 values, answers are too few, or some columns
        tell low from high without error.

    Notes
    -----
    statsmodels' ``OrderedModel`` knows no weights; without weights the two agree (tested), as with R's ``polr``.

    References
    ----------
    McCullagh 1980, doi:10.1111/j.2517-6161.1980.tb01109.x.
    """
    refuse_no_variation(outcome)
    levels, category = np.unique(outcome, return_inverse=True)
    if len(levels) > MOST_LEVELS:
        expected = say(
            "at most {most} different scores for an ordered logit; here {count}", most=MOST_LEVELS, count=len(levels)
        )
        raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(say('Choose model="ols".'))}])
    m, k = len(levels) - 1, matrix.shape[1]
    if len(outcome) <= m + k - 1:
        expected = say("more answers than coefficients and thresholds; here {n} and {k}", n=len(outcome), k=m + k - 1)
        remedy = say('Take more answers, or choose model="ols".')
        raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])
    weighted = weights is not None and not np.allclose(weights, weights[0], atol=0)
    weights = np.ones(len(outcome)) if weights is None else weights
    columns = np.ascontiguousarray(matrix[:, 1:].T)
    law = ordered(outcome, weights)
    best = maximise(law, columns, np.append(law.start, np.zeros(len(columns))))
    if not best.converged or np.abs(best.parameters[m:] @ (columns - columns.mean(axis=1)[:, None])).max() > SUSPECT:
        refuse_separation(names[1:], _rising(category, matrix), expected=LOW_AND_HIGH)
    clusters = np.arange(len(outcome)) if clusters is None else clusters
    bread = np.linalg.inv(best.curvature)
    influence = law.scores(best.parameters, columns) @ bread
    robust = weighted or repeats(clusters)
    if robust:
        influence *= cluster_correction(clusters, m + k - 1)
    covariance = robust_covariance(influence, clusters) if robust else bread
    places = np.append(np.arange(m, m + k - 1), np.arange(m))  # coefficients before thresholds
    joint = np.zeros((m + k, m + k))
    joint[1:, 1:] = covariance[np.ix_(places, places)]
    return OrderedFit(
        kind="ordered_logit",
        names=tuple(names),
        params=np.append(0.0, best.parameters[m:]),
        cov=joint[:k, :k],
        df=few_degrees(clusters),
        weights=weights,
        clusters=clusters,
        influence=np.column_stack([np.zeros(len(outcome)), influence[:, m:]]),
        levels=levels,
        thresholds=best.parameters[:m],
        joint=joint,
    )


def _rising(category: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return θ_c − xβ and xβ − θ_{c−1} of every answer, as far as its level has such an edge, as forms of (θ, β)."""
    top = category.max()
    below, above = category < top, category > 0
    upper = np.column_stack([np.eye(top)[category[below]], -matrix[below, 1:]])
    lower = np.column_stack([-np.eye(top)[category[above] - 1], matrix[above, 1:]])
    return np.vstack([upper, lower])
