"""The same effects in several groups of answers: how they err together, and whether they are all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.regression import Fit, cluster_correction

NOTHING_LEFT = 1e-10  # an eigenvalue of a correlation matrix below this is a direction without variance


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


def joint_correction(fits: Sequence[Fit]) -> float:
    """Return the square root of G/(G − 1) · (n − 1)/(n − k) of one model of all groups, for G persons.

    A model with an interaction of the group with every term falls apart into one model per group; what is left of it
    is this correction, and that a person who answered in several groups ties their errors together.

    References
    ----------
    Cameron & Miller 2015, doi:10.3368/jhr.50.2.317.
    """
    return cluster_correction(np.concatenate([fit.clusters for fit in fits]), sum(len(fit.params) for fit in fits))


def coefficient_influence(fit: Fit, matrix: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Tell what each answer moves the coefficients by, shape (n, k); its cross-product is the sandwich HC0."""
    expected = fit.predict(matrix)
    spread = fit.weights * (expected * (1 - expected) if fit.kind == "logit" else 1.0)
    bread = np.linalg.inv((matrix * spread[:, None]).T @ matrix)
    return np.asarray((fit.weights * (outcome - expected))[:, None] * matrix @ bread)


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
