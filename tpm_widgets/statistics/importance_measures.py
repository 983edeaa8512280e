"""All measures of importance that need one covariance matrix and nothing else, under one name each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tpm_widgets.statistics.relative_weights import relative_weights
from tpm_widgets.statistics.shapley import lmg
from tpm_widgets.statistics.single_importance import betasq, first, last, pratt

Measure = Literal["lmg", "relative_weights", "last", "first", "betasq", "pratt"]


def importance_of(
    measure: Measure, covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()
) -> np.ndarray:
    """Return each player's importance, shape (…, players).

    Parameters
    ----------
    measure : {"lmg", "relative_weights", "last", "first", "betasq", "pratt"}
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k columns and, last, the outcome; one matrix or many.
    groups : sequence of sequences of int
        The columns of each player.
    always : sequence of int
        Columns that are in every model; with "lmg", "last" and "first" only.
    """
    if measure == "lmg":
        return lmg(covariance, groups, always)
    if measure == "last":
        return last(covariance, groups, always)
    if measure == "first":
        return first(covariance, groups, always)
    if measure == "betasq":
        return betasq(covariance, groups)
    # A column that two players share stands there twice.
    order = np.array([*(column for group in groups for column in group), covariance.shape[-1] - 1])
    starts = np.cumsum([0, *(len(group) for group in groups)])[:-1]
    split = relative_weights if measure == "relative_weights" else pratt
    return np.add.reduceat(split(covariance[..., order[:, None], order]), starts, axis=-1)
