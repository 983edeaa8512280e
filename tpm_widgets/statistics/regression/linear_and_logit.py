"""Linear and logistic regression with weights and clusters, and what follows from a fit by the delta method."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import WLS

from tpm_widgets.statistics.regression.few_clusters import FewClusters, few_clusters
from tpm_widgets.statistics.regression.separation import refuse_no_variation, refuse_separation

Kind = Literal["linear", "logit", "ordered_logit", "log"]
NOTHING_LEFT = 1e-10  # 1 − leverage of an answer that a coefficient follows without any residual
SUSPECT = 12.0  # log odds that no survey answer has, unless a coefficient runs away to infinity


class Freedom(Protocol):
    """What tells the degrees of freedom of contrasts."""

    def degrees(self, contrasts: np.ndarray) -> np.ndarray:
        """Return those of each column of contrasts, (k, m) → (m,); NaN for zeros."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A fitted regression, as small arrays; ``k`` coefficients, ``n`` answers.

    Attributes
    ----------
    kind : {"linear", "logit", "ordered_logit", "log"}
        Whether the mean of the outcome is Xβ or 1 / (1 + exp(−Xβ)); for the others see ``OrderedFit``, ``CountFit``.
    names : tuple of str
        One name per coefficient, the constant first.
    params : numpy.ndarray, shape (k,)
        The coefficients.
    cov : numpy.ndarray, shape (k, k)
        Their covariance: HC3, cluster-robust, or (unweighted logit without clusters) the inverse information; missing
        for coefficients that a single answer or cluster decides.
    df : float
        Degrees of freedom of the t distribution for intervals; infinite for the normal one. Those of a single contrast
        may be fewer: ``degrees``.
    weights : numpy.ndarray, shape (n,)
        The weight of each answer, as given.
    clusters : numpy.ndarray, shape (n,)
        The label of the independent unit (customer or answer) that each answer belongs to.
    influence : numpy.ndarray, shape (n, k)
        What each answer moves the coefficients by; summed by cluster, its cross-product is the robust covariance.
    freedom : Freedom, optional
        Tells the degrees of freedom of each contrast, where they are not the same for all.
    """

    kind: Kind
    names: tuple[str, ...]
    params: np.ndarray
    cov: np.ndarray
    df: float
    weights: np.ndarray
    clusters: np.ndarray
    influence: np.ndarray
    freedom: Freedom | None = None

    @property
    def n(self) -> int:
        """The number of answers."""
        return len(self.weights)

    @property
    def mass(self) -> np.ndarray:
        """What each answer weighs in an average of the expected outcome: its weight, shape (n,)."""
        return self.weights

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Return the expected outcome of each row of a design's matrix, shape (rows,)."""
        linear = matrix @ self.params
        return expit(linear) if self.kind == "logit" else linear

    def average_effect(self, column: int, matrix: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the weighted mean change of the expected outcome per unit of a column, and its gradient in β."""
        own = np.eye(len(self.params))[column]
        if self.kind == "linear":
            return float(self.params[column]), own
        share = weights / weights.sum()
        mean = self.predict(matrix)
        density = mean * (1 - mean)
        slope = float(share @ density)
        bend = (share * density * (1 - 2 * mean)) @ matrix
        return float(self.params[column] * slope), own * slope + self.params[column] * bend

    def std_error(self, gradient: np.ndarray) -> float:
        """Return the delta-method standard error of a quantity with this gradient in the coefficients."""
        used = np.flatnonzero(gradient)  # an unknown error elsewhere does not matter
        return float(np.sqrt(gradient[used] @ self.cov[np.ix_(used, used)] @ gradient[used]))

    def degrees(self, contrasts: np.ndarray | None = None) -> np.ndarray:
        """Return the degrees of freedom of contrasts, (k, m) → (m,), or where None of each coefficient, (k,)."""
        contrasts = np.eye(len(self.params)) if contrasts is None else contrasts
        every = np.full(contrasts.shape[1], self.df)
        if self.freedom is None:
            return every
        own = self.freedom.degrees(contrasts)
        return np.where(np.isnan(own), every, own)


def fit_linear(
    outcome: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> Fit:
    """Fit a linear regression by (weighted) least squares.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (n,)
    matrix : numpy.ndarray, shape (n, k)
        The constant first; of full rank, with n > k.
    names : sequence of str, length k
    weights : numpy.ndarray, shape (n,), optional
        Probability weights, above 0; ones where None.
    clusters : numpy.ndarray, shape (n,), optional
        The label of each answer's customer; every answer its own where None.

    Returns
    -------
    Fit
        With HC3 errors and n − k degrees of freedom (errors are missing where a single answer decides a coefficient,
        because it leaves no residual to judge it by); where a label repeats, with the cluster-robust errors CR2 and
        the degrees of freedom that each contrast has (``few_clusters``), G − 1 at most for G clusters.

    References
    ----------
    MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7; Pustejovsky & Tipton 2018,
    doi:10.1080/07350015.2016.1247004; Cameron & Miller 2015, doi:10.3368/jhr.50.2.317.
    """
    weights = np.ones(len(outcome)) if weights is None else weights
    result = WLS(outcome, matrix, weights=weights).fit()
    bread = result.normalized_cov_params
    score = (weights * result.resid)[:, None] * matrix @ bread
    n, k = matrix.shape
    few = few_clusters(matrix, weights, clusters) if clusters is not None and repeats(clusters) else None
    clusters = np.arange(n) if clusters is None else clusters
    if few is None:
        leverage = weights * np.einsum("ij,jk,ik->i", matrix, bread, matrix)
        decisive = 1 - leverage < NOTHING_LEFT
        influence = score / np.where(decisive, 1, 1 - leverage)[:, None]
        influence[decisive[:, None] & (np.abs(matrix @ bread) > NOTHING_LEFT)] = np.nan
    else:
        influence = few.influence(result.resid)
    return Fit(
        kind="linear",
        names=tuple(names),
        params=np.asarray(result.params),
        cov=clustered_covariance(influence, clusters, few),
        df=float(n - k if few is None else len(np.unique(clusters)) - 1),
        weights=weights,
        clusters=clusters,
        influence=influence,
        freedom=few,
    )


def fit_logit(
    outcome: np.ndarray,
    matrix: np.ndarray,
    names: Sequence[str],
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> Fit:
    """Fit a logistic regression by (weighted pseudo-) maximum likelihood; parameters as ``fit_linear``, outcome 0/1.

    Returns
    -------
    Fit
        With the inverse information as covariance where there are neither weights nor repeated customers, with weights
        the sandwich · n/(n − k), and normal intervals (``df`` infinite); where customers repeat as ``fit_linear``.

    Raises
    ------
    DataError
        Where the outcome is the same for everybody, or where some columns tell the two outcomes apart without error,
        so that their coefficients would be infinite.

    References
    ----------
    Binder 1983, doi:10.2307/1402588 (weights); Konis 2007 (separation, by linear programming); Pustejovsky & Tipton
    2018, doi:10.1080/07350015.2016.1247004 (few customers; at the working weights of the fit).
    """
    refuse_no_variation(outcome)
    weighted = weights is not None and not np.allclose(weights, weights[0], atol=0)
    weights = np.ones(len(outcome)) if weights is None else weights
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = GLM(outcome, matrix, family=Binomial(), var_weights=weights / weights.mean())
        result = model.fit(tol=1e-10, tol_criterion="params", maxiter=60)
    params = np.asarray(result.params)
    linear = matrix @ params
    if caught or not result.converged or np.abs(linear).max() > SUSPECT:
        refuse_separation(names[1:], np.where(outcome > 0, 1, -1)[:, None] * matrix)
    mean = expit(linear)
    bread = np.linalg.inv((matrix * (weights * mean * (1 - mean))[:, None]).T @ matrix)
    clusters = np.arange(len(outcome)) if clusters is None else clusters
    slope = np.maximum(mean * (1 - mean), np.finfo(float).tiny)
    few = few_clusters_of(matrix, slope, weights, clusters)
    if few is None:
        influence = (weights * (outcome - mean))[:, None] * matrix @ bread
        influence *= cluster_correction(clusters, matrix.shape[1]) if weighted else 1.0
    else:
        influence = few.influence((outcome - mean) / np.sqrt(slope))
    robust = weighted or few is not None
    return Fit(
        kind="logit",
        names=tuple(names),
        params=params,
        cov=clustered_covariance(influence, clusters, few) if robust else bread * weights[0],
        df=few_degrees(clusters),
        weights=weights,
        clusters=clusters,
        influence=influence,
        freedom=few,
    )


def few_clusters_of(
    matrix: np.ndarray, slope: np.ndarray, weights: np.ndarray, clusters: np.ndarray
) -> FewClusters | None:
    """Find what makes errors of few clusters hold, at a slope of each mean above 0; None where no label repeats."""
    if not repeats(clusters):
        return None
    return few_clusters(matrix * np.sqrt(slope)[:, None], weights, clusters)


def wald_table(estimate: np.ndarray, std_error: np.ndarray, df: float | np.ndarray, level: float) -> pd.DataFrame:
    """Estimates with t (or, for infinite ``df``, normal) intervals and p values of "nothing", one row per estimate.

    Returns
    -------
    pandas.DataFrame
        estimate, std_error, conf_low, conf_high, p_value.
    """
    reach = stats.t.ppf((1 + level) / 2, df) * std_error
    known = std_error > 0
    ratio = np.divide(np.abs(estimate), std_error, out=np.full(len(estimate), np.nan), where=known)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
            "p_value": 2 * stats.t.sf(ratio, df),
        }
    )


def repeats(clusters: np.ndarray) -> bool:
    """Tell whether any label stands for more than one answer."""
    return len(np.unique(clusters)) < len(clusters)


def few_degrees(clusters: np.ndarray) -> float:
    """Return the degrees of freedom of as many clusters; infinite where no label repeats."""
    return float(len(np.unique(clusters)) - 1) if repeats(clusters) else np.inf


def clustered_covariance(influence: np.ndarray, clusters: np.ndarray, few: FewClusters | None = None) -> np.ndarray:
    """Return the robust covariance, missing for coefficients that a single one of few clusters decides."""
    cov = robust_covariance(influence, clusters)
    if few is not None:
        decided = few.decided()
        cov[decided] = cov[:, decided] = np.nan
    return cov


def cluster_correction(clusters: np.ndarray, k: int) -> float:
    """Return the square root of G/(G−1) · (n−1)/(n−k); for clusters of one answer each, of n/(n−k)."""
    n, groups = len(clusters), len(np.unique(clusters))
    return float(np.sqrt(groups / (groups - 1) * (n - 1) / (n - k)))


def robust_covariance(influence: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return the cross-product of the influences, summed by cluster."""
    labels, code = np.unique(clusters, return_inverse=True)
    summed = _sum_by(influence, code, len(labels)) if len(labels) < len(clusters) else influence
    return summed.T @ summed


def _sum_by(rows: np.ndarray, code: np.ndarray, groups: int) -> np.ndarray:
    return np.column_stack([np.bincount(code, weights=column, minlength=groups) for column in rows.T])
