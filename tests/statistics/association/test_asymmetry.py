"""The asymmetry by hand, Fieller's interval against the test that it inverts, and the five classes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.statistics.association.asymmetry import CLASSES, asymmetry, asymmetry_interval, class_of, class_shares

REACH = 1.959964


def test_by_hand():
    """0.6 and −0.2: (0.6 − 0.2) / 0.8; a wrong sign counts for neither side; nothing has no asymmetry."""
    rewards, penalties = [0.6, 0.5, 0.0, 0.6, -0.2, -0.1, 0.0], [-0.2, 0.0, -0.5, 0.2, -0.6, 0.3, 0.0]
    expected = [0.5, 1, -1, 0.75, -0.75, 0, np.nan]
    assert asymmetry(rewards, penalties) == pytest.approx(expected, nan_ok=True, abs=1e-15)


def test_the_limits_belong_to_the_inner_classes():
    values = [1, 0.71, 0.7, 0.21, 0.2, 0, -0.2, -0.21, -0.7, -0.71, -1, np.nan]
    names = [CLASSES[place] if place >= 0 else None for place in class_of(values)]
    assert names == ["delighter", "delighter", "satisfier", "satisfier", "hybrid", "hybrid", "hybrid", "dissatisfier",
                     "dissatisfier", "frustrator", "frustrator", None]  # fmt: skip


def test_an_interval_holds_the_ratios_that_a_test_does_not_reject():
    """Fieller: t lies inside where |(r + p) − t(r − p)| is at most 1.96 standard errors; all signs are right here."""
    reward, penalty, cov = 0.5, -0.4, np.array([[0.004, 0.001], [0.001, 0.006]])
    low, high = asymmetry_interval(reward, penalty, cov, REACH)
    grid = np.linspace(-1, 1, 20_001)
    contrast = np.column_stack([1 - grid, 1 + grid])  # (r + p) − t(r − p) in r and p
    errors = np.sqrt(np.einsum("ij,jk,ik->i", contrast, cov, contrast))
    kept = grid[np.abs(contrast @ [reward, penalty]) <= REACH * errors]
    assert (low, high) == pytest.approx((kept.min(), kept.max()), abs=1e-4)


def test_the_end_of_the_scale_is_inside_where_a_part_may_be_nothing():
    cov = np.diag([0.01, 0.01])
    low, high = asymmetry_interval(0.8, -0.05, cov, REACH)
    assert 0 < low < 1 == high
    assert asymmetry_interval(0.05, -0.8, cov, REACH) == pytest.approx((-1, -low))
    low, high = asymmetry_interval(0.8, 0.6, np.diag([1e-6, 1e-6]), REACH)  # a wrong sign beyond doubt: 0.8 / 1.4
    assert low < 0.8 / 1.4 < high < 0.6
    low, high = asymmetry_interval(0.9, 0.2, np.diag([1e-6, 1e-6]), REACH)  # the same, a ratio below 2: 0.9 / 1.1
    assert low < 0.9 / 1.1 < high < 0.83


def test_nothing_is_given_where_the_range_might_be_zero():
    cov = np.diag([0.01, 0.01])
    just = REACH * np.sqrt(0.02)
    assert np.isnan(asymmetry_interval(just - 1e-6, 0.0, cov, REACH)).all()
    assert not np.isnan(asymmetry_interval(just + 1e-6, 0.0, cov, REACH)).any()
    assert np.isnan(asymmetry_interval(-1.0, 1.0, cov, REACH)).all()
    assert np.isnan(asymmetry_interval(np.nan, -1.0, cov, REACH)).all()


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.01, 0.5), st.floats(0.01, 0.5), st.floats(-0.95, 0.95))
def test_estimate_and_interval_stay_in_the_scale(reward, penalty, first, second, tie):
    both = tie * first * second
    low, high = asymmetry_interval(reward, penalty, np.array([[first**2, both], [both, second**2]]), REACH)
    if np.isnan(low):
        return
    assert -1 <= low <= high <= 1
    assert low - 1e-9 <= float(asymmetry(reward, penalty)) <= high + 1e-9


def test_shares_of_resamples():
    rewards = np.array([0.9, 0.5, 0.4, 0.4, np.nan, -0.2])
    penalties = np.array([-0.1, -0.2, -0.4, -0.4, -0.5, 0.1])  # the last two have no class
    assert class_shares(rewards, penalties).tolist() == [0.25, 0.25, 0.5, 0, 0]
    assert np.isnan(class_shares(rewards[4:], penalties[4:])).all()


def test_what_has_no_asymmetry_has_no_class_and_no_share():
    assert class_of(np.array([np.nan, 0.5])).tolist() == [-1, 1]
    # a high rating that goes with as much as a low one tells no class
    assert class_shares(np.array([0.3, 0.3]), np.array([0.3, -0.1])).tolist() == [0, 1, 0, 0, 0]
