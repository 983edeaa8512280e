"""How much of the error of a coefficient comes from columns that go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.collinearity import overlap


def variance_inflation(standard: np.ndarray) -> np.ndarray:
    """Return the variance inflation factor of each column, 1/(1 − R² on all others), shape (k,).

    Parameters
    ----------
    standard : ndarray, shape (k, k)
        Correlations of the columns, none of which contains another.

    References
    ----------
    Marquardt, D. W. (1970). Generalized inverses, ridge regression, biased linear estimation, and nonlinear
    estimation. Technometrics 12, 591-612. https://doi.org/10.1080/00401706.1970.10488699

    Examples
    --------
    >>> variance_inflation(np.array([[1.0, 0.6], [0.6, 1.0]]))
    array([1.5625, 1.5625])
    """
    return np.asarray(1 / (1 - overlap(standard, [[column] for column in range(len(standard))])))


def generalised_variance_inflation(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return by how much the joint confidence region of each group of columns is inflated, shape (len(groups),).

    Parameters
    ----------
    standard : ndarray, shape (k, k)
        Correlations of all columns, none of which contains another.
    groups : sequence of sequences of int
        Columns that belong together, such as a rating and the indicator that it is missing.

    Notes
    -----
    GVIF = det(R₁₁) · det(R₂₂) / det(R), where R₁₁ are the correlations within the group and R₂₂ those among all
    others: the ratio of the squared volumes of the group's confidence ellipsoid with these columns and with columns
    that do not go together with the others. It does not depend on how the group is coded. For one column it is the
    variance inflation factor; GVIF^(1/columns) is comparable between groups of different sizes.

    References
    ----------
    Fox, J. & Monette, G. (1992). Generalized collinearity diagnostics. Journal of the American Statistical
    Association 87, 178-183. https://doi.org/10.1080/01621459.1992.10475190

    Examples
    --------
    >>> generalised_variance_inflation(np.array([[1, 0, 0.6], [0, 1, 0.0], [0.6, 0, 1]]), [[0, 1], [2]])
    array([1.5625, 1.5625])
    """
    return np.array([_inflation(standard, list(group)) for group in groups])


def _inflation(standard: np.ndarray, group: list[int]) -> float:
    others = [column for column in range(len(standard)) if column not in group]
    log = (np.linalg.slogdet(standard[np.ix_(part, part)])[1] for part in (group, others))
    return float(np.exp(sum(log) - np.linalg.slogdet(standard)[1]))


def condition_number(standard: np.ndarray) -> float:
    """Return √(largest ÷ smallest eigenvalue) of the correlations of all columns.

    References
    ----------
    Belsley, D. A., Kuh, E. & Welsch, R. E. (1980). Regression Diagnostics. Wiley.
    https://doi.org/10.1002/0471725153

    Examples
    --------
    >>> condition_number(np.array([[1.0, 0.6], [0.6, 1.0]]))
    2.0
    """
    values = np.linalg.eigvalsh(standard)
    return float(np.sqrt(values[-1] / values[0])) if values[0] > 0 else float("inf")
