"""Intervals from shares: solved equations, published values, and the interval of a difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from tpm_widgets.statistics.score.intervals import adjusted_wald, mover, tango, wald

SOLVED = 1e-9  # of an equation's root
Z = 1.959963984540054


def by_hand(detractors, promoters, n):
    """The ends of Tango's interval by another solver, from the equation as METHODS states it."""
    b, c = n * detractors, n * promoters

    def distance(d):
        a, linear, constant = 2 * n, -b - c + (2 * n - c + b) * d, -b * d * (1 - d)
        q = (np.sqrt(linear**2 - 4 * a * constant) - linear) / (2 * a)
        return (c - b - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))

    score = promoters - detractors
    return (
        optimize.brentq(lambda d: distance(d) - Z, -1 + 1e-9, score, xtol=1e-14),
        optimize.brentq(lambda d: distance(d) + Z, score, 1 - 1e-9, xtol=1e-14),
    )


def test_many_intervals_at_once_are_those_of_another_solver():
    detractors, promoters, n = np.array([0.2, 1 / 3, 0.05]), np.array([0.5, 1 / 3, 0.25]), np.array([40, 12, 200])
    low, high = tango(detractors, promoters, n, 0.95)
    for place, (one, two, size) in enumerate(zip(detractors, promoters, n, strict=True)):
        assert (low[place], high[place]) == pytest.approx(by_hand(one, two, size), abs=SOLVED)


@pytest.mark.parametrize(
    ("kind", "counts", "expected"),
    [
        (adjusted_wald, (6, 12, 18), (0.0730, 0.5424)),
        (tango, (6, 12, 18), (0.0695, 0.5491)),
        (wald, (6, 12, 18), (0.0899, 0.5768)),
        (adjusted_wald, (2, 0, 9), (0.0800, 0.9200)),
        (tango, (2, 0, 9), (0.0460, 0.8973)),
        (tango, (10, 0, 20), (-0.0244, 0.6154)),
    ],
)
def test_published_intervals_from_shares(kind, counts, expected):
    """Rocks (2016), as METHODS, section 1, states them: four digits."""
    n = sum(counts)
    assert kind(counts[0] / n, counts[2] / n, n, 0.95) == pytest.approx(expected, abs=5e-5)


def test_everybody_a_promoter_keeps_the_end_of_the_scale():
    for kind in (adjusted_wald, tango):
        low, high = kind(0.0, 1.0, 20, 0.95)
        assert 0 < low < 1 and high == 1
    assert wald(0.0, 1.0, 20, 0.95) == (1, 1)


def test_the_difference_of_wald_intervals_is_the_z_interval():
    """R's nps.test of two samples (golden/nps.json): 200 answers each, NPS .27 and −.085."""
    first, second = (0.27, *wald(0.16, 0.43, 200, 0.95)), (-0.085, *wald(0.31, 0.225, 200, 0.95))
    assert mover(first, second) == pytest.approx((0.213334120458157, 0.496665879541843), abs=1e-12)


def test_the_difference_of_score_intervals_covers_exactly_enough():
    """All outcomes of two groups of 12: Wald's z interval covers too rarely, those made of adjusted Wald do not."""
    n, level = 12, 0.95
    counts = np.array([(d, p) for d in range(n + 1) for p in range(n + 1 - d)])
    truths = np.array([[0.1, 0.3, 0.6], [0.3, 0.4, 0.3]])
    weights = [stats.multinomial.pmf(np.c_[counts[:, 0], n - counts.sum(axis=1), counts[:, 1]], n, p) for p in truths]
    true = (truths[0, 2] - truths[0, 0]) - (truths[1, 2] - truths[1, 0])
    scores = (counts[:, 1] - counts[:, 0]) / n
    covered = {}
    for kind in (wald, adjusted_wald):
        ends = np.c_[scores, np.stack(kind(counts[:, 0] / n, counts[:, 1] / n, n, level), axis=1)].tolist()
        inside = np.array([[holds(mover(tuple(one), tuple(two)), true) for two in ends] for one in ends])
        covered[kind] = weights[0] @ inside @ weights[1]
    assert covered[wald] < 0.94 < covered[adjusted_wald] < 0.975


def holds(interval, value):
    return interval[0] - 1e-9 <= value <= interval[1] + 1e-9


@settings(max_examples=60)
@given(counts=st.tuples(*[st.integers(0, 40)] * 3).filter(any), level=st.floats(0.5, 0.999))
def test_intervals_lie_on_the_scale_hold_the_score_and_grow_with_the_level(counts, level):
    n = sum(counts)
    detractors, promoters = counts[0] / n, counts[2] / n
    for kind in (adjusted_wald, tango):
        low, high = kind(detractors, promoters, n, level)
        wider = kind(detractors, promoters, n, (1 + level) / 2)
        assert -1 <= low <= high <= 1
        assert wider[0] <= low + 1e-9 and high <= wider[1] + 1e-9
    low, high = tango(detractors, promoters, n, level)
    assert low - 1e-9 <= promoters - detractors <= high + 1e-9


def test_arrays_stay_as_they_were():
    shares = np.array([0.2, 0.3])
    tango(shares, shares, 30, 0.95)
    assert shares.tolist() == [0.2, 0.3]


def test_an_interval_of_a_difference_by_hand():
    """Each end is as far as the two that make it: low √(.1² + .2²), high √(.3² + .4²) from 0.5 − 0.2."""
    low, high = mover((0.5, 0.4, 0.8), (0.2, -0.2, 0.4))
    assert (low, high) == pytest.approx((0.3 - np.hypot(0.1, 0.2), 0.3 + np.hypot(0.3, 0.4)))
    assert mover((0.2, -0.2, 0.4), (0.5, 0.4, 0.8)) == pytest.approx((-high, -low))
    assert mover((0.5, 0.6, 0.4), (0.2, 0.3, 0.1)) == pytest.approx((0.3, 0.3))  # of ends on the wrong side


@pytest.mark.parametrize("level", [0.5, 0.8, 0.99])
def test_levels_other_than_the_usual_one(level):
    z = stats.norm.ppf((1 + level) / 2)
    low, high = wald(0.2, 0.5, 40, level)
    assert (low, high) == pytest.approx((0.3 - z * np.sqrt(0.61 / 40), 0.3 + z * np.sqrt(0.61 / 40)))
    shares = (0.2 * 40 + 0.75) / 43, (0.5 * 40 + 0.75) / 43
    assert adjusted_wald(0.2, 0.5, 40, level) == pytest.approx(wald(*shares, 43, level))


def test_nobody_a_promoter_keeps_the_other_end_of_the_scale():
    for kind in (adjusted_wald, tango):
        low, high = kind(1.0, 0.0, 20, 0.95)
        assert low == -1 and -1 < high < 0
    assert tango(0.0, 0.0, 20, 0.95)[1] == pytest.approx(-tango(0.0, 0.0, 20, 0.95)[0])


def test_the_ends_of_the_score_interval_are_found_to_the_last_digit():
    """The equation of METHODS changes its sign within 1e-12 of what is found."""
    low, high = tango(0.2, 0.5, 40, 0.95)
    assert (float(low), float(high)) == pytest.approx(by_hand(0.2, 0.5, 40), abs=1e-12)
