"""Lorenz, Gini and the top: known values, the mean absolute difference, and what chance alone makes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tpm_widgets.statistics.estimates.concentration import counts_by_chance, gini, lorenz, resampled_counts, top_share


def of(amounts):
    return np.unique(amounts, return_counts=True)


def mean_difference_gini(amounts):
    amounts = np.asarray(amounts, float)
    return np.abs(amounts[:, None] - amounts).mean() / (2 * amounts.mean())


def test_all_alike_and_one_has_all():
    assert gini(*of([4] * 7)) == pytest.approx(0)
    for n in (2, 5, 100):
        assert gini(*of([0] * (n - 1) + [3])) == pytest.approx(1 - 1 / n)


def test_published_value():
    """1, 2, 3, 4, 5: (n² − 1)/(3n(n + 1)) = 4/15, the uniform distribution on whole numbers."""
    assert gini(*of([1, 2, 3, 4, 5])) == pytest.approx(4 / 15)


def test_the_lorenz_curve_by_hand():
    people, total = lorenz(np.array([0, 1, 3]), np.array([2, 1, 1]))
    assert_allclose(people, [0, 0.5, 0.75, 1])
    assert_allclose(total, [0, 0, 0.25, 1])


def test_the_top_is_taken_from_the_most_and_in_part_where_the_border_falls_among_equals():
    values, counts = np.array([0, 1, 5]), np.array([5, 4, 1])
    assert top_share(values, counts, 0.1) == pytest.approx(5 / 9)
    assert top_share(values, counts, 0.2) == pytest.approx(6 / 9)
    assert top_share(values, counts, 0.05) == pytest.approx(2.5 / 9)
    assert top_share(values, counts, 1.0) == pytest.approx(1)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=40).filter(any))
def test_gini_is_half_the_relative_mean_difference_and_the_top_reads_the_lorenz_curve(amounts):
    values, counts = of(amounts)
    assert gini(values, counts) == pytest.approx(mean_difference_gini(amounts), abs=1e-12)
    people, total = lorenz(values, counts)
    assert (np.diff(total) >= -1e-12).all() and total[-1] == pytest.approx(1)
    for top in (0.1, 0.37):
        assert top_share(values, counts, top) == pytest.approx(1 - np.interp(1 - top, people, total), abs=1e-12)
    assert gini(values * 7, counts * 3) == pytest.approx(gini(values, counts), abs=1e-12)


def test_many_at_once_are_each_alone():
    counts = np.array([[5, 2, 1], [1, 1, 9], [4, 0, 0]])
    values = np.arange(3)
    together = gini(values, counts)
    assert_allclose(together[:2], [gini(values, row) for row in counts[:2]])
    assert np.isnan(together[2])
    top = top_share(values, counts, 0.1)
    assert_allclose(top[:2], [top_share(values, row, 0.1) for row in counts[:2]])
    assert np.isnan(top[2])
    for curves, own in zip(
        lorenz(values, counts), zip(*(lorenz(values, row) for row in counts), strict=True), strict=True
    ):
        assert_allclose(curves, own)


def test_nobody_at_all():
    nobody = np.zeros(3)
    assert np.isnan(gini(np.arange(3), nobody))
    assert np.isnan(top_share(np.arange(3), nobody, 0.1))
    assert resampled_counts(nobody.astype(int), replicates=2, seed=1).sum() == 0


def test_resamples_are_draws_of_people():
    counts = np.array([60, 30, 10])
    drawn = resampled_counts(counts, replicates=4000, seed=1)
    assert (drawn.sum(axis=1) == 100).all()
    assert_allclose(drawn.mean(axis=0), counts, rtol=0.02)
    assert_allclose(drawn.var(axis=0), 100 * np.array([0.6, 0.3, 0.1]) * (1 - np.array([0.6, 0.3, 0.1])), rtol=0.1)


def test_by_chance_falls_in_proportion_to_time():
    """With equal time the share of those with none is (1 − 1/n)^m."""
    drawn = counts_by_chance(np.ones(200), 100, np.arange(30), draws=400, seed=1)
    assert (drawn.sum(axis=1) == 200).all()
    assert drawn[:, 0].mean() / 200 == pytest.approx((1 - 1 / 200) ** 100, rel=0.01)
    # who was there for no time gets none
    assert (counts_by_chance(np.array([1.0, 0.0]), 5, np.arange(6), draws=3, seed=1)[:, 5] == 1).all()


def test_the_percentile_interval_of_gini_covers():
    """500 customers of whom most recommend never and some often: the interval holds the Gini of a million of them."""
    rng = np.random.default_rng(4)

    def draw(size):
        return np.bincount(rng.poisson(rng.gamma(0.6, 0.8, size)), minlength=40)[:40]

    values = np.arange(40)
    truth = gini(values, draw(1_000_000))
    hits = 0
    for seed in range(200):
        drawn = gini(values, resampled_counts(draw(500), replicates=400, seed=seed))
        low, high = np.quantile(drawn, [0.025, 0.975])
        hits += low <= truth <= high
    assert hits >= 178  # binomial(200, .95): fewer has a probability below .001


def test_where_nothing_is_to_be_spread_only_the_people_have_a_curve():
    people, total = lorenz(np.array([0, 1]), np.array([3, 0]))
    assert people.tolist() == [0, 1, 1] and np.isnan(total).all()
    assert all(np.isnan(curve).all() for curve in lorenz(np.array([0, 1]), np.zeros(2)))


def test_seeds_decide_and_amounts_beyond_the_largest_are_counted_with_it():
    exposure, values = np.array([1.0, 3.0]), np.arange(4)
    assert (counts_by_chance(np.ones(1), 9, values, draws=2, seed=1) == [[0, 0, 0, 1]] * 2).all()
    one, same, other = (counts_by_chance(np.ones(9), 9, values, draws=9, seed=seed) for seed in (1, 1, 2))
    assert (one == same).all() and not (one == other).all()
    fallen = counts_by_chance(exposure, 1000, np.arange(1001), draws=200, seed=1)
    most = np.array([np.flatnonzero(row)[-1] for row in fallen])
    assert most.mean() == pytest.approx(750, abs=4)  # three of four fall on who was there three times as long
    drawn = [resampled_counts(np.array([5, 5]), replicates=20, seed=seed) for seed in (1, 1, 2)]
    assert (drawn[0] == drawn[1]).all() and not (drawn[0] == drawn[2]).all()
    assert resampled_counts(np.zeros(2, dtype=int), replicates=3, seed=1).shape == (3, 2)
