"""The same effects in several groups of answers: how they err together, and whether they are all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.regression import Fit

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
