"""Effects set against each other: the same ones in several groups of answers, whether they are all alike; and what a
model expects before and after some of its columns are moved, and how sure that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit

from tpm_widgets.statistics.regression.linear_and_logit import Fit

NOTHING_LEFT = 1e-10  # of a variance: eigenvalues of a correlation matrix, answers of leverage 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest:
    """A joint test that ``df`` differences are all 0.

    Attributes
    ----------
    chi2 : float
        d′V⁻¹d for differences d with covariance V.
    df : int
        How many differences are linearly independent.
    df_residual : float
        Clusters minus 1; F = chi2 / df is held against the F distribution of ``df`` and ``df_residual``.
    """

    chi2: float
    df: int
    df_residual: float

    @property
    def f(self) -> float:
        """The statistic per difference."""
        return self.chi2 / self.df

    @property
    def p_value(self) -> float:
        """The probability of a larger F where nothing differs."""
        return float(stats.f.sf(self.f, self.df, self.df_residual))


def coefficient_influence(fit: Fit, matrix: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Tell what each answer moves the coefficients by, shape (n, k); its cross-product is the sandwich HC0."""
    _, bread = _information(fit, matrix)
    return np.asarray((fit.weights * (outcome - fit.predict(matrix)))[:, None] * matrix @ bread)


def left_by_leverage(fit: Fit, matrix: np.ndarray) -> np.ndarray:
    """Return 1 − h for the leverage h of each answer, shape (n,); 1 where nothing would be left.

    Influences divided by it make the sandwich HC3. Several groups need it: a joint test adds up what is too small in
    each of many variances, and HC0 or the usual factor G/(G − 1) · (n − 1)/(n − k) rejects equal drivers too often.

    References
    ----------
    MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7; Bell & McCaffrey 2002, Survey Methodology 28, 169-181.
    """
    spread, bread = _information(fit, matrix)
    left = 1 - spread * np.einsum("ij,jk,ik->i", matrix, bread, matrix)
    return np.where(left < NOTHING_LEFT, 1.0, left)


def _information(fit: Fit, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each answer weighs in the information, shape (n,), and the inverse of that, shape (k, k)."""
    expected = fit.predict(matrix)
    spread = fit.weights * (expected * (1 - expected) if fit.kind == "logit" else 1.0)
    return spread, np.linalg.inv((matrix * spread[:, None]).T @ matrix)


def effect_influence(
    fit: Fit, matrix: np.ndarray, moved: np.ndarray, column: int, rated: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the average effect of a column among who rated it, and what each answer moves it by, shape (n,).

    An answer moves it through the coefficients (``moved``) and, for 0/1 outcomes, as one of those averaged over:
    another sample of the group would hold other ratings. Without that part two groups alike differ too often.

    Parameters
    ----------
    fit : Fit
    matrix : numpy.ndarray, shape (n, k)
    moved : numpy.ndarray, shape (n, k)
        From ``coefficient_influence``.
    column : int
    rated : numpy.ndarray of bool, shape (n,)

    References
    ----------
    Korn & Graubard 1999, Analysis of Health Surveys, section 3.7 (predictive margins); Dowd, Greene & Norton 2014,
    doi:10.1111/1475-6773.12122.
    """
    effect, gradient = fit.average_effect(column, matrix[rated], fit.weights[rated])
    influence = moved @ gradient
    if fit.kind == "logit":
        expected = fit.predict(matrix[rated])
        share = fit.weights[rated] / fit.weights[rated].sum()
        influence[rated] += share * (fit.params[column] * expected * (1 - expected) - effect)
    return effect, influence


def sum_by_person(influences: Sequence[np.ndarray], clusters: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Add up each group's influences by person, the persons of all groups in one order; shapes (persons, k)."""
    labels, code = np.unique(np.concatenate(clusters), return_inverse=True)
    ends = np.cumsum([len(own) for own in clusters])[:-1]
    return [
        np.column_stack([np.bincount(person, part, len(labels)) for part in influence.T])
        for influence, person in zip(influences, np.split(code, ends), strict=True)
    ]


def wald_test(differences: np.ndarray, influence: np.ndarray, clusters: int) -> WaldTest | None:
    """Test that differences are all 0; None where there is none to test.

    Parameters
    ----------
    differences : numpy.ndarray, shape (q,)
    influence : numpy.ndarray, shape (persons, q)
        What each person moves them by.
    clusters : int
        Persons that the differences rest on.
    """
    covariance = influence.T @ influence
    scale = np.sqrt(np.diag(covariance))
    if not len(differences) or not (scale > 0).all():
        return None
    standard = covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(standard)
    known = values > NOTHING_LEFT
    turned = (differences / scale) @ vectors[:, known]
    return WaldTest(chi2=float((turned**2 / values[known]).sum()), df=int(known.sum()), df_residual=clusters - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictionChange:
    """The weighted mean prediction before and after, and what each answer moves the two by.

    Attributes
    ----------
    baseline, change : float
        The mean prediction as the answers are, and by how much it differs after the move.
    baseline_influence, change_influence : numpy.ndarray, shape (n,)
        What each answer adds to the sampling error of ``baseline`` and of ``change``.
    clusters : numpy.ndarray, shape (n,)
        The independent unit of each answer.
    df : float
        Degrees of freedom for an interval.
    """

    baseline: float
    change: float
    baseline_influence: np.ndarray
    change_influence: np.ndarray
    clusters: np.ndarray
    df: float


def prediction_change(fit: Fit, matrix: np.ndarray, positions: Sequence[int], moves: np.ndarray) -> PredictionChange:
    """Move columns of a design and predict again.

    Parameters
    ----------
    fit : Fit
        A linear or logistic regression.
    matrix : ndarray, shape (n, k)
        The answers that it was fitted on.
    positions : sequence of int
        The m columns that are moved.
    moves : ndarray, shape (n, m)
        By how much, for each answer.

    Notes
    -----
    With μ the model's mean, w̃ weights that add up to 1, x* the moved columns and ψᵢ what answer i moves the
    coefficients by (``Fit.influence``): Δ = Σ w̃ᵢ(μ(x*ᵢβ) − μ(xᵢβ)), its gradient G = Σ w̃ᵢ(μ′(x*ᵢβ)x*ᵢ − μ′(xᵢβ)xᵢ),
    and answer i adds w̃ᵢ(Δᵢ − Δ) + G·ψᵢ to the error of Δ. The second part is the delta method, the first is that the
    answers are themselves a sample. Kept by answer, the errors of several models on the same answers add up rightly.
    """
    share = fit.weights / fit.weights.sum()
    predictor = matrix @ fit.params
    before, slope_before = _mean_and_slope(fit, predictor)
    after, slope_after = _mean_and_slope(fit, predictor + moves @ fit.params[list(positions)])
    differences = after - before
    baseline, change = float(share @ before), float(share @ differences)
    baseline_gradient = (share * slope_before) @ matrix
    gradient = (share * (slope_after - slope_before)) @ matrix
    gradient[list(positions)] += (share * slope_after) @ moves
    return PredictionChange(
        baseline=baseline,
        change=change,
        baseline_influence=share * (before - baseline) + fit.influence @ baseline_gradient,
        change_influence=share * (differences - change) + fit.influence @ gradient,
        clusters=fit.clusters,
        df=float(fit.degrees(gradient[:, None])[0]),
    )


def _mean_and_slope(fit: Fit, predictor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if fit.kind == "linear":
        return predictor, np.ones_like(predictor)
    mean = expit(predictor)
    return mean, mean * (1 - mean)


def clustered_error(influences: Sequence[np.ndarray], clusters: Sequence[np.ndarray]) -> float:
    """Return the standard error of a sum of estimates on overlapping answers: influences added by unit, squared."""
    units, _ = pd.factorize(np.concatenate(list(clusters)))
    return float(np.sqrt(np.sum(np.bincount(units, weights=np.concatenate(list(influences))) ** 2)))


def rate_change(rate: float, factor: float) -> tuple[float, float, float]:
    """Return by how much a share changes when its part grows by a factor and the rest stays: R·f/(R·f + 1 − R) − R.

    Returns
    -------
    change, by_factor, by_rate : float
        The change (exactly 0 where the factor is 1), and its derivatives in the factor and in the share.
    """
    total = 1 + rate * (factor - 1)  # exactly 1 where the factor is 1, so that no change has no error
    return rate * (1 - rate) * (factor - 1) / total, rate * (1 - rate) / total**2, factor / total**2 - 1
