"""Overlap of players against regressions on each other."""

import numpy as np
import pytest

from tpm_widgets.statistics.regression.checks import overlap, twins
from tpm_widgets.statistics.regression.covariance import correlation, explained


def test_overlap_is_r_squared_on_the_others():
    rng = np.random.default_rng(1)
    standard = correlation(np.cov((rng.normal(size=(90, 5)) + rng.normal(size=(90, 1))).T))
    square = standard[np.ix_([1, 2, 3, 4, 0], [1, 2, 3, 4, 0])]  # the first one explained by the others
    assert overlap(standard, [[0], [1], [2], [3], [4]])[0] == pytest.approx(explained(square, range(4)), abs=1e-9)
    largest = max(float(explained(standard[np.ix_([2, 3, 4, own], [2, 3, 4, own])], range(3))) for own in (0, 1))
    assert overlap(standard, [[0, 1], [2], [3, 4]])[0] == pytest.approx(largest, abs=1e-9)


def test_twins_are_found_also_as_mirror_images():
    rng = np.random.default_rng(1)
    data = rng.normal(size=(50, 3))
    standard = correlation(np.cov(np.column_stack([data, 2 - 3 * data[:, 1], data[:, 2]]).T))
    assert twins(standard, [[0], [1], [2], [3], [4]]) == [(1, 3), (2, 4)]
    assert twins(standard, [[0], [1, 3], [2], [4]]) == [(2, 3)]
    assert overlap(standard, [[0], [1], [2], [3], [4]])[[1, 2, 3, 4]] == pytest.approx(np.ones(4), abs=1e-9)
