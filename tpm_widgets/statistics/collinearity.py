"""Which players overlap so much that what they explain together can hardly be divided."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

SAME = 1e-9  # 1 − |correlation| of columns that carry the same values
RIDGE = 1e-12  # lets the inverse of a singular correlation matrix exist


def twins(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of players of one column each whose columns are the same, or mirror images, from their correlations."""
    single = [player for player, group in enumerate(groups) if len(group) == 1]
    own = np.array([groups[player][0] for player in single], dtype=int)
    same = np.abs(standard[own[:, None], own]) > 1 - SAME
    return [(single[i], single[j]) for i, j in np.argwhere(np.triu(same, 1)).tolist()]


def overlap(standard: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return how much of each player's variance the other players explain, shape (players,).

    The largest R² of one of its columns on the columns of all others, from the correlations of all columns. The block
    of the inverse correlation matrix that belongs to a player is the inverse of what the others leave of it.
    """
    columns = [column for group in groups for column in group]
    inverse = np.linalg.inv(standard[np.ix_(columns, columns)] + RIDGE * np.eye(len(columns)))
    if len(columns) == len(groups):
        return 1 - 1 / np.diag(inverse)
    starts = np.cumsum([0, *(len(group) for group in groups)])
    found = []
    for start, end in pairwise(starts):
        left = np.linalg.inv(inverse[start:end, start:end])
        found.append(1 - (np.diag(left) / np.diag(standard)[columns[start:end]]).min())
    return np.array(found)
