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


def test_overlap_of_a_group_does_not_depend_on_the_order_of_columns():
    rng = np.random.default_rng(4)
    standard = correlation(np.cov((rng.normal(size=(90, 5)) + rng.normal(size=(90, 1))).T))
    first = overlap(standard, [[0, 1], [2], [3, 4]])
    turned = [4, 2, 0, 3, 1]
    back = {column: place for place, column in enumerate(turned)}
    second = overlap(standard[np.ix_(turned, turned)], [[back[3], back[4]], [back[2]], [back[1], back[0]]])
    assert second[::-1] == pytest.approx(first, abs=1e-12)
    assert overlap(np.eye(3), [[0], [1, 2]]) == pytest.approx([0, 0], abs=1e-9)


def test_almost_the_same_is_not_the_same():
    standard = np.array([[1, 1 - 1e-8, 1 - 1e-10], [1 - 1e-8, 1, 0.5], [1 - 1e-10, 0.5, 1]])
    assert twins(standard, [[0], [1], [2]]) == [(0, 2)]
    assert twins(np.eye(3), [[0], [1], [2]]) == []
