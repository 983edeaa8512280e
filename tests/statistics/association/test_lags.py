"""The lag profile: a delay that is known, series that only rise together, coverage for related neighbours."""

import numpy as np
import pytest

from tpm_widgets.statistics.association.correlation import detrended, lag_profile


def autoregressive(rng, n, coefficient):
    noise = rng.standard_normal(n + 40)
    for place in range(1, n + 40):
        noise[place] += coefficient * noise[place - 1]
    return noise[40:]


def test_a_delay_of_two_periods_is_found():
    rng = np.random.default_rng(1)
    first = rng.standard_normal(30)
    second = np.append(rng.standard_normal(2), first[:-2]) + 0.3 * rng.standard_normal(30)
    profile = lag_profile(first, second, 3, 0.95)
    assert max(profile, key=lambda lag: profile[lag].estimate) == 2
    assert profile[2].conf_low > 0.6
    assert [profile[lag].n for lag in (-3, 0, 3)] == [27, 30, 27]
    backwards = lag_profile(second, first, 3, 0.95)
    assert backwards[-2].estimate == pytest.approx(profile[2].estimate, abs=1e-12)


def test_at_no_distance_it_is_the_correlation_of_what_a_line_leaves():
    rng = np.random.default_rng(2)
    time = np.arange(25.0)
    first, second = rng.standard_normal(25) + time, rng.standard_normal(25) - 2 * time
    design = np.column_stack([np.ones(25), time])
    rest = [series - design @ np.linalg.lstsq(design, series, rcond=None)[0] for series in (first, second)]
    assert lag_profile(first, second, 0, 0.95)[0].estimate == pytest.approx(np.corrcoef(rest)[0, 1], abs=1e-12)


def test_two_lines_have_nothing_left_to_compare():
    assert (detrended(3 + 0.1 * np.arange(40)) == 0).all()
    assert np.isnan(lag_profile(np.arange(20.0), 0.3 * np.arange(20.0), 1, 0.95)[0].estimate)
    assert np.isnan(lag_profile(np.ones(20), np.arange(20.0), 1, 0.95)[0].estimate)


def test_missing_periods_and_short_series():
    rng = np.random.default_rng(3)
    first, second = rng.standard_normal((2, 24))
    first[[3, 9]] = np.nan
    before = first.copy()
    profile = lag_profile(first, second, 1, 0.95)
    assert (profile[0].n, profile[1].n) == (22, 21)
    assert np.array_equal(first, before, equal_nan=True)
    short = lag_profile(np.array([1.0, 3, 2, 5]), np.array([2.0, 1, 4, 3]), 1, 0.95)
    assert np.isfinite(short[0].estimate)
    assert np.isnan(short[0].conf_low)
    assert np.isnan(lag_profile(np.full(5, np.nan), np.arange(5.0), 0, 0.95)[0].estimate)


@pytest.mark.parametrize("coefficient", [0.0, 0.7])
def test_the_interval_covers_where_neighbours_are_alike(coefficient):
    """600 pairs of unrelated series of 30; 99.9 % binomial limits around 95 % are 91.8 … 97.6 %."""
    rng = np.random.default_rng(4)
    covered = []
    for _ in range(600):
        found = lag_profile(*(autoregressive(rng, 30, coefficient) for _ in range(2)), 0, 0.95)[0]
        covered.append(found.conf_low <= 0 <= found.conf_high)
    assert 0.918 < np.mean(covered) < 0.976


def test_neighbours_that_are_alike_are_worth_less_by_hand():
    """Bartlett: n(1 − ab)/(1 + ab) − 4 free, of series whose own lags are a and b; of unlike ones never more than n."""
    rng = np.random.default_rng(6)
    first, second = detrended(autoregressive(rng, 24, 0.8)), detrended(autoregressive(rng, 24, 0.8))
    a, b = (part[1:] @ part[:-1] / (part @ part) for part in (first, second))
    assert min(a, b) > 0.2
    for lag, found in lag_profile(first, second, 2, 0.9).items():
        n = 24 - abs(lag)
        reach = 1.6448536 / np.sqrt(n * (1 - a * b) / (1 + a * b) - 4)
        assert np.arctanh([found.conf_low, found.conf_high]) == pytest.approx(
            np.arctanh(found.estimate) + reach * np.array([-1, 1]), abs=1e-6
        )
    alternating = detrended(np.tile([1.0, -1, 2], 8))
    a, b = (part[1:] @ part[:-1] / (part @ part) for part in (first, alternating))
    assert a * b < 0
    found = lag_profile(first, alternating, 0, 0.9)[0]
    assert np.arctanh(found.conf_high) - np.arctanh(found.estimate) == pytest.approx(1.6448536 / np.sqrt(20), abs=1e-6)


def test_three_periods_have_a_line_and_two_have_none():
    assert detrended(np.array([1.0, 2, np.nan])).tolist()[:2] == [1, 2]
    assert detrended(np.array([0.0, 3, 0])) == pytest.approx([-1, 2, -1])
    line = detrended(np.array([5.0, np.nan, 7, 8]))
    assert np.isnan(line[1]) and (line[[0, 2, 3]] == 0).all()
    small = 1e-6 * np.array([1.0, -1, -1, 1])
    assert (detrended(900 + small) != 0).all()  # above 1e-9 of the size, below which it is rounding
    assert (detrended(1100 + small) == 0).all()


def test_units_do_not_matter_and_five_periods_are_the_least():
    rng = np.random.default_rng(6)
    first, second = autoregressive(rng, 24, 0.8), autoregressive(rng, 24, 0.8)
    once, small = lag_profile(first, second, 1, 0.9), lag_profile(0.001 * first + 5, 100 * second, 1, 0.9)
    for lag in (-1, 0, 1):
        assert (small[lag].conf_low, small[lag].conf_high) == pytest.approx((once[lag].conf_low, once[lag].conf_high))
    zigzag, other = np.array([1.0, -1, 1, -1, 1]), np.array([0.0, 2, 3, 2, 0])  # neighbours alike in one of them only
    five = lag_profile(zigzag, other, 1, 0.9)
    assert np.isfinite(five[0].conf_low) and np.isnan(five[1].conf_low) and np.isfinite(five[1].estimate)
