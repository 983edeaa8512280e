"""In which form does a score carry what it knows: as a straight line, by its classes, or score by score?"""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd
from scipy import stats
from scipy.interpolate import CubicSpline
from scipy.linalg import orth

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.linear_and_logit import fit_logit

KNOTS = (0.0, 0.5, 0.8, 1.0)  # of the spline, from the lowest to the highest score: both ends, where answers lie
FEW = 20  # neighbouring scores of one class with fewer answers are one category
QUESTIONS = (
    ("none", "linear"),
    ("linear", "spline"),
    ("linear", "categories"),
    ("linear", "linear and classes"),
    ("classes", "linear and classes"),
    ("classes", "categories"),
)


def line_of_counts(cases: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Return the probability of the event at each score by a logistic line, shape (k,).

    Parameters
    ----------
    cases, controls : ndarray, shape (k,)
        Weight of those with and without the event at the scores 0, 1, ….

    Returns
    -------
    ndarray, shape (k,)
        The overall share where only one score was given, or the event happened to all or to none; NaN where the
        score tells the two apart without error, so that no finite line fits.
    """
    scores = np.arange(len(cases), dtype=float)
    if min(cases.sum(), controls.sum()) <= 0 or (cases + controls > 0).sum() < 2:
        return np.full(len(cases), cases.sum() / (cases + controls).sum() if (cases + controls).any() else np.nan)
    return _logistic(np.column_stack([np.ones(len(cases)), scores]), cases, controls)


def compare_forms(
    score: np.ndarray, event: np.ndarray, classes: np.ndarray, weights: np.ndarray, clusters: np.ndarray
) -> pd.DataFrame:
    """Ask, form against form, whether the larger one fits the event better than the smaller one that it contains.

    Parameters
    ----------
    score : ndarray of int, shape (n,)
        0 … k − 1, the steps of the scale.
    event : ndarray of bool, shape (n,)
    classes : ndarray of int, shape (k,)
        The class of each score.
    weights : ndarray, shape (n,)
        Survey weight × censoring weight, above 0.
    clusters : ndarray of int, shape (n,)
        Who belongs together.

    Returns
    -------
    pandas.DataFrame
        One row per question: ``smaller``, ``larger`` (none, linear, classes, linear and classes, spline, categories),
        ``df``, ``likelihood_ratio``, ``statistic`` (robust score test), ``p_value`` (of the latter).

    Notes
    -----
    Logistic regressions on the score. ``spline`` is a natural cubic one with knots at both ends, at
    five and at eight tenths of the scale (0, 5, 8, 10); ``categories``
    has one coefficient per score, neighbours of one class with fewer than 20 answers taken together.

    With weights, or several answers of one person, the likelihood ratio is that of a pseudo-likelihood (weights with
    mean 1) and follows no chi-squared distribution. So p values come from the generalised score test, whose
    covariance is clustered; it needs the smaller fit only, and so exists where a class without a single event makes
    the larger one infinite. Missing where the smaller form has no finite fit.

    References
    ----------
    Boos, D. D. (1992). On generalized score tests. The American Statistician 46, 327-333.
    https://doi.org/10.1080/00031305.1992.10475921
    """
    weights = weights / weights.mean() if len(weights) else weights
    size = len(classes)
    cells = np.bincount(score + size * event, weights=weights, minlength=2 * size)
    forms = _forms(np.bincount(score, minlength=size), classes)
    fits = {name: _fitted(matrix, cells[size:], cells[:size]) for name, matrix in forms.items()}
    rows = []
    for smaller, larger in QUESTIONS:
        ratio = 2 * (_log_likelihood(fits[larger], cells) - _log_likelihood(fits[smaller], cells))
        test = _score_test(forms[smaller], forms[larger], fits[smaller], score, event, weights, clusters)
        rows.append([smaller, larger, test[0], ratio, *test[1:]])
    return pd.DataFrame(rows, columns=["smaller", "larger", "df", "likelihood_ratio", "statistic", "p_value"])


def _forms(counts: np.ndarray, classes: np.ndarray) -> dict[str, np.ndarray]:
    """Each form's columns at the scores 0 … k − 1."""
    size = len(classes)
    scores = np.arange(float(size))
    steps, line = _indicators(classes), np.column_stack([np.ones(size), scores])
    knots = np.array(KNOTS) * (size - 1)
    return {
        "none": np.ones((size, 1)),
        "linear": line,
        "classes": steps,
        "linear and classes": np.column_stack([steps, scores]),
        "spline": CubicSpline(knots, np.eye(len(knots)), bc_type="natural")(scores),
        "categories": _indicators(_categories(counts, classes)),
    }


def _categories(counts: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Give each score a number, neighbours of one class with few answers the same one, shape (k,)."""
    numbers = np.zeros(len(counts), dtype=int)
    latest = -1
    for _, group in groupby(range(len(counts)), key=classes.__getitem__):
        first, held = latest + 1, FEW
        for score in group:
            if held >= FEW:
                latest, held = latest + 1, 0
            numbers[score], held = latest, held + counts[score]
        if held < FEW and latest > first:  # too few are left over: they join their neighbours
            numbers[numbers == latest] = latest - 1
            latest -= 1
    return numbers


def _indicators(labels: np.ndarray) -> np.ndarray:
    return (labels[:, None] == np.unique(labels)).astype(float)


def _fitted(matrix: np.ndarray, cases: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Probabilities at each score; NaN where the fit is infinite. Groups without any other column are their shares."""
    given = cases + controls > 0
    labels = np.unique(matrix[given], axis=0, return_inverse=True)[1].ravel()
    basis = orth(matrix[given]) if given.any() else np.zeros((0, 0))
    if basis.shape[1] <= labels.max(initial=-1):
        full = matrix @ np.linalg.pinv(matrix[given]) @ basis  # the same columns, of full rank, at every score
        return _logistic(full, cases, controls)
    share = np.full(len(matrix), np.nan)
    part, whole = (np.bincount(labels, weights=counts[given]) for counts in (cases, cases + controls))
    share[given] = (part / whole)[labels]
    return share


def _logistic(matrix: np.ndarray, cases: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Probabilities of a logistic regression on columns of full rank; NaN where a coefficient is infinite."""
    counts = np.concatenate([cases, controls])
    outcome, design = np.repeat([1.0, 0.0], len(matrix)), np.vstack([matrix, matrix])
    seen = counts > 0
    try:
        fit = fit_logit(outcome[seen], design[seen], [""] * matrix.shape[1], weights=counts[seen])
    except DataError:
        return np.full(len(matrix), np.nan)
    return fit.predict(matrix)


def _log_likelihood(share: np.ndarray, cells: np.ndarray) -> float:
    """Of the weighted counts without and with the event; what happened to nobody adds nothing."""
    expected = np.concatenate([1 - share, share])
    given = cells > 0
    return float(cells[given] @ np.log(expected[given]))


def _score_test(
    smaller: np.ndarray,
    larger: np.ndarray,
    share: np.ndarray,
    score: np.ndarray,
    event: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
) -> tuple[int, float, float]:
    """Degrees of freedom, statistic and p value of the larger form's score at the smaller form's fit."""
    present = np.bincount(score, weights=weights, minlength=len(share))
    share = np.where(present > 0, share, 0.0)
    if not len(score) or not np.isfinite(share).all():
        return 0, np.nan, np.nan
    root = np.sqrt(present * share * (1 - share))
    inside = np.linalg.pinv(smaller * root[:, None])
    beyond = larger - smaller @ (inside @ (larger * root[:, None]))
    directions = orth(beyond * root[:, None], rcond=1e-9)
    df = directions.shape[1]
    if not df or np.abs(beyond * root[:, None]).max() < 1e-9:
        return 0, np.nan, np.nan
    columns = np.divide(directions, root[:, None], out=np.zeros_like(directions), where=root[:, None] > 0)
    moved = (weights * (event - share[score]))[:, None] * columns[score]
    codes = np.unique(clusters, return_inverse=True)[1]
    summed = np.column_stack([np.bincount(codes, weights=column) for column in moved.T])
    total = summed.sum(axis=0)
    statistic = float(total @ np.linalg.pinv(summed.T @ summed) @ total)
    return df, statistic, float(stats.chi2.sf(statistic, df))
