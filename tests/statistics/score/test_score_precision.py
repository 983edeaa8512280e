"""Sample sizes of the score: the smallest whole number that keeps the margin, and MeasuringU's formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tpm_widgets.statistics.score.net_promoter import score_interval
from tpm_widgets.statistics.score.precision import margin_of_error, size_for_difference, size_for_margin

Z = 1.959963984540054


def test_the_margin_is_half_the_adjusted_wald_interval():
    low, high = score_interval(np.repeat([-1.0, 0.0, 1.0], [6, 12, 18]))
    assert margin_of_error(6 / 36, 18 / 36, 36, 0.95) == pytest.approx((high - low) / 2)


def test_a_margin_of_ten_points_by_hand():
    """Worst case, half detractors and half promoters: z²(n + 1.5)/(n + 3)² ≤ .01 from n = 379.64 on,
    the root of .01(n + 3)² − z²(n + 3) + 1.5z²; MeasuringU's z²V/m² − 3, which leaves V as it is, gives 381.15."""
    n = size_for_margin(0.5, 0.5, 0.1, 0.95)
    assert n == 380
    assert Z**2 * (n + 1.5) / (n + 3) ** 2 <= 0.01 < Z**2 * (n + 0.5) / (n + 2) ** 2


def test_a_finite_population_by_hand():
    """One half each among 1,000: n = 275 is the first with z²(n + 1.5)/(n + 3)²·(1000 − n)/999 ≤ .01."""

    def squared(n):
        return Z**2 * (n + 1.5) / (n + 3) ** 2 * (1000 - n) / 999

    n = size_for_margin(0.5, 0.5, 0.1, 0.95, population=1000)
    assert squared(n) <= 0.01 < squared(n - 1)
    assert n == 275
    assert margin_of_error(0.5, 0.5, 1000, 0.95, population=1000) == 0


def test_the_margin_in_a_finite_population_and_with_a_design_effect_by_hand():
    plain = margin_of_error(0.2, 0.5, 40, 0.9)
    shares = (0.2 * 40 + 0.75) / 43, (0.5 * 40 + 0.75) / 43
    variance = sum(shares) - (shares[1] - shares[0]) ** 2
    assert plain == pytest.approx(1.6448536 * np.sqrt(variance / 43))
    assert margin_of_error(0.2, 0.5, 40, 0.9, population=100) == pytest.approx(plain * np.sqrt(60 / 99))
    assert margin_of_error(0.2, 0.5, 60, 0.9, design_effect=1.5) == pytest.approx(plain)
    assert margin_of_error(0.2, 0.5, 41, 0.9, population=41) == 0
    assert margin_of_error(0.2, 0.5, 42, 0.9, population=41) == 0
    assert margin_of_error(0.2, 0.5, 1, 0.9, population=1) == 0  # the only one there is has answered


def test_a_margin_that_one_answer_has_needs_one():
    """One answer already has less than ±100 points at the level of 50 %; and all of a few may be needed."""
    assert size_for_margin(0.2, 0.5, 1.0, 0.5) == 1
    assert size_for_margin(0.5, 0.5, 1e-9, 0.95, population=30) == 30
    assert size_for_difference(0.61, 0.61, 0.5, 0.95, 0.8) == int(np.ceil(1.22 * 7.848879 / 0.25 - 3))


def test_weights_cost_answers():
    assert size_for_margin(0.2, 0.5, 0.05, 0.95, design_effect=1.5) == pytest.approx(
        1.5 * size_for_margin(0.2, 0.5, 0.05, 0.95), abs=1.5
    )


def test_the_published_formula_of_a_difference():
    """n = s²Z²/d² − 3 in each group (Lewis & Sauro, MeasuringU), z .05 two-sided and power .8: 2.8016² = 7.8489."""
    assert size_for_difference(0.61, 0.61, 0.1, 0.95, 0.8) == int(np.ceil(1.22 * 7.848879 / 0.01 - 3)) == 955
    assert size_for_difference(1e-6, 1e-6, 1.0, 0.95, 0.8) == 1


def test_the_power_is_reached_in_simulated_samples():
    """4,000 pairs of samples of the size that is said: 80 % of the differences show, within 2 points."""
    shares = np.array([[0.2, 0.3, 0.5], [0.25, 0.3, 0.45]])
    variances = shares[:, 0] + shares[:, 2] - (shares[:, 2] - shares[:, 0]) ** 2
    n = size_for_difference(*variances, 0.1, 0.95, 0.8)
    rng = np.random.default_rng(3)
    one, two = (rng.multinomial(n, share, size=4000) / n for share in shares)
    score, other = (part[:, 2] - part[:, 0] for part in (one, two))
    spread = [part[:, 2] + part[:, 0] - value**2 for part, value in ((one, score), (two, other))]
    z = (score - other) / np.sqrt(sum(spread) / n)
    assert (np.abs(z) > stats.norm.ppf(0.975)).mean() == pytest.approx(0.8, abs=0.02)


@settings(max_examples=60)
@given(
    counts=st.tuples(*[st.integers(0, 20)] * 3).filter(any),
    margin=st.floats(0.01, 0.5),
    population=st.none() | st.integers(2, 10_000),
)
def test_one_answer_less_is_not_enough(counts, margin, population):
    detractors, promoters = counts[0] / sum(counts), counts[2] / sum(counts)
    n = size_for_margin(detractors, promoters, margin, 0.95, population=population)
    assert margin_of_error(detractors, promoters, n, 0.95, population=population) <= margin
    if n > 1:
        assert margin_of_error(detractors, promoters, n - 1, 0.95, population=population) > margin
    assert population is None or n <= population
