"""Correlations of few groups: against R, Bland and Altman's example, scipy; coverage on fixed seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tpm_widgets.statistics.association.correlation import (
    fisher_interval,
    pearson,
    repeated_correlation,
    spearman,
    varies,
)

# Hollander & Wolfe (1973), p. 187: Hunter L value and panel's assessment of nine lots of canned tuna; R's cor.test
TUNA = np.array([44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1])
PANEL = np.array([2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8])

# Bland & Altman (1995), BMJ 310:446: intramural pH and PaCO2 of eight subjects
SUBJECTS = [
    ([6.68, 6.53, 6.43, 6.33], [3.97, 4.12, 4.09, 3.97]),
    ([6.85, 7.06, 7.13, 7.17], [5.27, 5.37, 5.41, 5.44]),
    ([7.40, 7.42, 7.41, 7.37, 7.34, 7.35, 7.28, 7.30, 7.34], [5.67, 3.64, 4.32, 4.73, 4.96, 5.04, 5.22, 4.82, 5.07]),
    ([7.36, 7.33, 7.29, 7.30, 7.35], [5.67, 5.10, 5.53, 4.75, 5.51]),
    ([7.35, 7.30, 7.30, 7.37, 7.27, 7.28, 7.32, 7.32], [4.28, 4.44, 4.32, 3.23, 4.46, 4.72, 4.75, 4.99]),
    ([7.38, 7.30, 7.29, 7.33, 7.31, 7.33], [4.78, 4.73, 5.12, 4.93, 5.03, 4.93]),
    ([6.86, 6.94, 6.92], [6.85, 6.44, 6.52]),
    ([7.19, 7.29, 7.21, 7.25, 7.20, 7.19, 6.77, 6.82], [5.28, 4.56, 4.34, 4.32, 4.41, 3.69, 6.09, 5.58]),
]


def test_pearson_is_that_of_r():
    """R's cor.test on its own example: 0.5711816, 95 % interval -0.1497426 … 0.8955795."""
    found = pearson(TUNA, PANEL, 0.95)
    assert (found.estimate, found.conf_low, found.conf_high) == pytest.approx(
        (0.5711816, -0.1497426, 0.8955795), abs=5e-8
    )


def test_spearman_is_scipy_s_with_the_interval_of_bonett_and_wright():
    found = spearman(TUNA, PANEL, 0.9)
    rho = stats.spearmanr(TUNA, PANEL).statistic
    margin = stats.norm.ppf(0.95) * np.sqrt((1 + rho**2 / 2) / 6)
    assert found.estimate == pytest.approx(rho, abs=1e-12)
    assert (found.conf_low, found.conf_high) == pytest.approx(
        (np.tanh(np.arctanh(rho) - margin), np.tanh(np.arctanh(rho) + margin)), abs=1e-12
    )


def test_repeated_correlation_is_bland_and_altman_s():
    """Bakdash & Marusich (2017): r(38) = -0.51, 95 % interval [-0.71, -0.23]; rmcorr gives -0.5067697."""
    ph, carbon = (np.concatenate(column) for column in zip(*SUBJECTS, strict=True))
    subjects = np.repeat(np.arange(8), [len(one) for one, _ in SUBJECTS])
    found = repeated_correlation(ph, carbon, subjects, 0.95)
    assert found.estimate == pytest.approx(-0.5067697, abs=5e-8)
    assert (found.conf_low, found.conf_high, found.n) == (
        pytest.approx(-0.71, abs=0.005), pytest.approx(-0.23, abs=0.005), 47
    )  # fmt: skip


def test_a_perfect_order_of_four_groups_is_no_certainty():
    """One in twelve orders of four is perfect, up or down: an interval that excludes 0 would be wrong too often."""
    found = spearman(np.arange(4.0), np.array([1.0, 2, 5, 9]), 0.95)
    assert (found.estimate, found.conf_high) == (pytest.approx(1), 1)
    assert found.conf_low < 0
    ten = spearman(np.arange(10.0), -np.arange(10.0), 0.95)
    assert ten.conf_low == -1
    assert -1 < ten.conf_high < -0.9


def test_too_few_or_too_alike():
    for correlate in (pearson, spearman):
        three = correlate(np.array([1.0, 2, 3]), np.array([1.0, 3, 2]), 0.95)
        assert three.estimate == pytest.approx(0.5)
        assert np.isnan(three.conf_low)
        assert np.isnan(correlate(np.array([1.0, 2]), np.array([1.0, 2]), 0.95).estimate)
        assert np.isnan(correlate(np.ones(8), np.arange(8.0), 0.95).estimate)
        assert np.isnan(correlate(np.array([]), np.array([]), 0.95).estimate)
    assert np.isnan(repeated_correlation(np.arange(3.0), np.arange(3.0), np.arange(3), 0.95).estimate)
    assert np.isnan(repeated_correlation(np.array([]), np.array([]), np.array([]), 0.95).estimate)


def test_missing_pairs_are_left_out_and_the_input_stays():
    x, y = np.append(TUNA, np.nan), np.append(PANEL, 3.0)
    before = x.copy(), y.copy()
    assert pearson(x, y, 0.95) == pearson(TUNA, PANEL, 0.95)
    assert np.array_equal(x, before[0], equal_nan=True)
    assert np.array_equal(y, before[1])


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=4, max_size=12))
def test_turning_one_side_round_turns_the_correlation_round(pairs):
    x, y = np.array(pairs, dtype=float).T
    for correlate in (pearson, spearman):
        one, other = correlate(x, y, 0.95), correlate(x, -y, 0.95)
        expected = [-other.estimate, -other.conf_high, -other.conf_low]
        assert np.allclose([one.estimate, one.conf_low, one.conf_high], expected, atol=1e-9, equal_nan=True)
        assert not one.estimate > 1 + 1e-12


@pytest.mark.parametrize("n", [6, 15])
@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_the_intervals_cover(n, correlation):
    """800 samples of two normal columns; 99.9 % binomial limits around 95 % are 92.2 … 97.4 %. Ranks of six are coarse
    and their interval is on the safe side."""
    rng = np.random.default_rng(7)
    ranks = 6 / np.pi * np.arcsin(correlation / 2)
    covered = np.zeros(2)
    for _ in range(800):
        x = rng.standard_normal(n)
        y = correlation * x + np.sqrt(1 - correlation**2) * rng.standard_normal(n)
        found = pearson(x, y, 0.95), spearman(x, y, 0.95)
        covered += [
            one.conf_low <= true <= one.conf_high for one, true in zip(found, (correlation, ranks), strict=True)
        ]
    assert 0.922 < covered[0] / 800 < 0.974
    assert 0.922 < covered[1] / 800 < 0.995


def test_no_more_variation_than_rounding_is_none():
    """Relative to the size of a column, and where that is below 1, absolutely; three values are enough."""
    steps = np.array([0.0, 1, 2, 1])
    assert varies(steps[:3]) and not varies(steps[:2]) and not varies(np.ones(5))
    assert varies(1e6 + 2e-6 * steps) and not varies(1e6 + 4e-7 * steps)
    assert varies(1e-11 * steps) and not varies(4e-13 * steps)
    assert np.isnan(pearson(steps, 0.1 + 1e-17 * steps, 0.95).estimate)


def test_an_exact_correlation_has_no_reach():
    assert fisher_interval(1.0, 0.1, 0.95) == (1, 1) and fisher_interval(-1.0, 0.1, 0.95) == (-1, -1)
    low, high = fisher_interval(0.5, 0.04, 0.9)
    assert np.arctanh([low, high]) == pytest.approx(np.arctanh(0.5) + 1.6448536 * 0.2 * np.array([-1, 1]))


def test_four_pairs_are_the_least_for_an_interval():
    x, y = np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])
    for correlate in (pearson, spearman):
        assert np.isfinite(correlate(x, y, 0.95).conf_low)
        assert np.isnan(correlate(x[:3], y[:3], 0.95).conf_high)
    found = pearson(x, y, 0.95)
    assert (found.estimate, found.n) == (pytest.approx(0.8), 4)
    assert np.arctanh(found.conf_high) - np.arctanh(0.8) == pytest.approx(1.959964)  # 1/√(4 − 3)
    assert spearman(x[:3], x[:3], 0.95).estimate == pytest.approx(1) and np.isnan(spearman(x[:3], x[:3], 0.95).conf_low)


def test_half_a_step_below_a_perfect_order_by_hand():
    """Ten groups: ranks move in steps of 12/990; a perfect order is read as 1 − 6/990 and its upper end is 1."""
    found = spearman(np.arange(10.0), np.arange(10.0), 0.9)
    kept = 1 - 6 / 990
    low = np.tanh(np.arctanh(kept) - 1.6448536 * np.sqrt((1 + kept**2 / 2) / 7))
    assert (found.estimate, found.conf_low, found.conf_high) == pytest.approx((1, low, 1), abs=1e-7)
    one_step = np.array([1.0, 0, 2, 3, 4, 5, 6, 7, 8, 9])  # 1 − 12/990 is its own
    assert spearman(np.arange(10.0), one_step, 0.9).conf_high < 1


def test_blocks_of_a_single_pair_are_left_out_with_missing_ones():
    """Two waves of three and two groups, by hand: what is left of each about its own mean; 5 − 2 + 1 = 4 are free."""
    x, y = np.array([1.0, 2, 3, 10, 14, 7, np.nan]), np.array([2.0, 1, 3, 5, 6, 9, 1])
    blocks = np.array([1, 1, 1, 2, 2, 3, 3])
    found = repeated_correlation(x, y, blocks, 0.9)
    dx, dy = np.array([-1.0, 0, 1, -2, 2]), np.array([0.0, -1, 1, -0.5, 0.5])
    r = dx @ dy / np.sqrt(dx @ dx * (dy @ dy))
    assert (found.estimate, found.n) == (pytest.approx(r), 5)
    assert np.arctanh([found.conf_low, found.conf_high]) == pytest.approx(
        np.arctanh(r) + 1.6448536 * np.array([-1, 1])
    )  # 1/√(5 − 2 − 2)
    fewer = repeated_correlation(x[:4], y[:4], blocks[:4], 0.9)
    assert fewer.n == 3 and np.isnan(fewer.conf_low)
    shifted = repeated_correlation(x + 100 * blocks, y - 7 * blocks, blocks, 0.9)
    assert shifted.estimate == pytest.approx(found.estimate)
