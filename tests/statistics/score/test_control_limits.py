"""Limits against hand-computed ones; run lengths against exact distributions computed another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tpm_widgets.statistics.score.control_limits import run_length, shewhart_limits

EXACT = 1e-8  # the Fourier transform against sums of a mass function


def test_limits_of_a_score_by_hand():
    # 50 % promoters, 20 % detractors: NPS 0.3, variance 0.7 − 0.09 = 0.61, 3·√(0.61/100) = 0.234307
    lower, upper = shewhart_limits(0.3, 0.61, np.array([100, 0]), (-1, 1))
    np.testing.assert_allclose([lower[0], upper[0]], [0.065693, 0.534307], atol=1e-6)
    assert np.isnan([lower[1], upper[1]]).all()


@pytest.mark.parametrize(("share", "periods"), [(0.2, 478), (0.1, 242)])
def test_run_length_of_a_p_chart_is_the_exact_binomial(share, periods):
    # p-chart, n = 120: not the 370 of a normal figure
    (lower,), (upper,) = shewhart_limits(share, share * (1 - share), np.array([120]), (0, 1))
    counts = np.arange(121)
    outside = (counts / 120 < lower) | (counts / 120 > upper)
    exact = 1 / stats.binom.pmf(counts, 120, share)[outside].sum()
    found = run_length(share, 0.0, 120, lower, upper)
    assert round(found) == periods
    assert found == pytest.approx(exact, rel=EXACT)


def test_run_length_of_a_score_is_the_exact_trinomial():
    size, promoters, detractors = 25, 0.5, 0.2
    (lower,), (upper,) = shewhart_limits(0.3, 0.61, np.array([size]), (-1, 1))
    alarm = 0.0
    for up in range(size + 1):
        for down in range(size + 1 - up):
            if not lower <= (up - down) / size <= upper:
                shares = [promoters, detractors, 1 - promoters - detractors]
                alarm += stats.multinomial.pmf([up, down, size - up - down], size, shares)
    assert run_length(promoters, detractors, size, lower, upper) == pytest.approx(1 / alarm, rel=EXACT)


def test_limits_that_nothing_can_leave_never_give_a_signal():
    assert run_length(0.5, 0.2, 1, -1.0, 1.0) == np.inf


def test_what_lies_on_a_limit_is_no_signal():
    # with limits at 0.1 and 0.3 of ten answers, one and three successes are inside
    inside = stats.binom.pmf([1, 2, 3], 10, 0.2).sum()
    assert run_length(0.2, 0.0, 10, 0.1, 0.3) == pytest.approx(1 / (1 - inside), rel=EXACT)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 5000))
def test_limits_hold_the_center_and_narrow_with_n(promoters, rest, size):
    detractors = (1 - promoters) * rest
    center = promoters - detractors
    variance = max(promoters + detractors - center**2, 0)
    lower, upper = shewhart_limits(center, variance, np.array([size, 4 * size]), (-1, 1))
    assert (lower <= center).all() and (center <= upper).all()
    assert lower[0] <= lower[1] and upper[1] <= upper[0]


def test_three_sigmas_unless_told_otherwise_cut_at_the_bounds():
    wide = shewhart_limits(0.3, 0.61, np.array([9]), (-1, 1))
    assert (wide[0][0], wide[1][0]) == pytest.approx((0.3 - 0.781025, 1))
    two = shewhart_limits(0.3, 0.61, np.array([9]), (-1, 1), sigmas=2)
    assert (two[0][0], two[1][0]) == pytest.approx((0.3 - 0.5206833, 0.3 + 0.5206833), abs=1e-7)
    low, _ = shewhart_limits(0.02, 0.02 * 0.98, np.array([10]), (0, 1))
    assert low[0] == 0


def test_a_single_answer_outside_is_a_signal():
    """Of one answer: 20 % detractors lie below −0.5, 50 % promoters above 0.5; or only one side is told."""
    assert run_length(0.5, 0.2, 1, -0.5, 0.5) == pytest.approx(1 / 0.7)
    assert run_length(0.5, 0.2, 1, -1, 0.5) == pytest.approx(2)
    assert run_length(0.5, 0.2, 1, -0.5, 1) == pytest.approx(5)
