"""Measures of importance that look at one regression, or two: last, first, squared coefficients, Pratt's product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.statistics.covariance import correlation, explained, standardised_slopes

Groups = Sequence[Sequence[int]]


def last(covariance: np.ndarray, groups: Groups, always: Sequence[int] = ()) -> np.ndarray:
    """How much R² loses without each player: what it explains when it enters last ("usefulness").

    Parameters
    ----------
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k predictors and, last, the outcome; one matrix or many.
    groups : sequence of sequences of int
        The columns of each player.
    always : sequence of int
        Columns that are in every model.

    Returns
    -------
    numpy.ndarray, shape (…, len(groups))
        They do not add up to R².
    """
    standard = correlation(covariance)
    everyone = sorted({*always, *(column for group in groups for column in group)})
    total = explained(standard, everyone)
    without = [
        {*always, *(column for place, group in enumerate(groups) if place != player for column in group)}
        for player in range(len(groups))
    ]
    return np.maximum(np.stack([total - explained(standard, sorted(rest)) for rest in without], axis=-1), 0.0)


def first(covariance: np.ndarray, groups: Groups, always: Sequence[int] = ()) -> np.ndarray:
    """R² of each player on its own (above that of ``always``); parameters as for ``last``, not adding up either."""
    standard = correlation(covariance)
    base = explained(standard, sorted(always))
    alone = [explained(standard, sorted({*always, *group})) - base for group in groups]
    return np.maximum(np.stack(alone, axis=-1), 0.0)


def betasq(covariance: np.ndarray, groups: Groups) -> np.ndarray:
    """Squared standardised coefficients; parameters as for ``last``, not adding up either.

    For a group the variance of its part of the fit, β′Rβ over its columns: for one column that is β², and it does not
    depend on how a factor is coded.
    """
    standard = correlation(covariance)
    slopes = standardised_slopes(covariance)
    parts = []
    for group in groups:
        own = np.array(group)
        beta = slopes[..., own]
        parts.append((beta[..., None, :] @ standard[..., own[:, None], own] @ beta[..., :, None])[..., 0, 0])
    return np.stack(parts, axis=-1)


def pratt(covariance: np.ndarray) -> np.ndarray:
    """Coefficient times correlation of each column, β_j r_j, shape (…, k); they add up to R².

    Negative where a coefficient and a correlation point to different sides.

    References
    ----------
    Pratt 1987; Thomas, Hughes & Zumbo 1998, doi:10.1023/A:1006954016433.
    """
    return standardised_slopes(covariance) * correlation(covariance)[..., :-1, -1]
