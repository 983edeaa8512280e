"""Wilson's interval, Kish's size, the thirds of a scale, and estimates that contradict themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tpm_widgets.statistics.association.asymmetry import rating_classes, rating_cuts
from tpm_widgets.statistics.estimates.design import effective_size
from tpm_widgets.statistics.estimates.estimate import Estimate, wilson

SIZES = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


def test_wilson_as_published():
    """Newcombe (1998), table I: 81 of 263 → .2553 … .3662; 0 of 20 → 0 … .1611; 29 of 29 → .8830 … 1."""
    low, high = wilson([81 / 263, 0, 1], [263, 20, 29], level=0.95)
    assert low == pytest.approx([0.2553, 0, 0.8830], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1611, 1], abs=5e-5)


def test_wilson_is_statsmodels_also_for_effective_sizes():
    low, high = wilson(0.3, 12.5, level=0.9)
    assert (low, high) == pytest.approx(proportion_confint(0.3 * 12.5, 12.5, alpha=0.1, method="wilson"))


@settings(max_examples=80)
@given(share=st.floats(0, 1), n=st.floats(0.5, 1e6), level=st.floats(0.5, 0.999))
def test_wilson_holds_the_share_and_stays_inside(share, n, level):
    low, high = wilson(share, n, level)
    assert 0 <= low <= share <= high <= 1


def test_nobody_has_no_interval():
    assert np.isnan(wilson([0.5, np.nan], [0, 10], 0.95)).all()


@settings(max_examples=80)
@given(weights=SIZES)
def test_kish_lies_between_one_and_n(weights):
    size = effective_size(np.array(weights))
    if max(weights) == 0:
        assert size == 0
    else:
        assert 1 - 1e-9 <= size <= len(weights) + 1e-9


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ((1, 5), [-1, -1, 0, 1, 1]),
        ((1, 7), [-1, -1, 0, 0, 0, 1, 1]),
        ((0, 10), [-1] * 4 + [0] * 3 + [1] * 4),
        ((1, 10), [-1] * 3 + [0] * 4 + [1] * 3),
        ((1, 3), [-1, 0, 1]),
    ],
)
def test_the_thirds_of_a_scale(scale, expected):
    ratings = np.arange(scale[0], scale[1] + 1, dtype=float)
    assert rating_classes(ratings, scale).tolist() == expected
    low, high = rating_cuts(scale)
    assert expected == np.where(ratings <= low, -1, np.where(ratings >= high, 1, 0)).tolist()


@settings(max_examples=80)
@given(low=st.integers(-5, 5), width=st.integers(2, 100))
def test_the_thirds_are_symmetric(low, width):
    ratings = np.arange(low, low + width + 1, dtype=float)
    classes = rating_classes(ratings, (low, low + width))
    assert (classes == -classes[::-1]).all()
    assert {-1, 0, 1} == set(classes)


def test_an_estimate_refuses_an_interval_upside_down():
    with pytest.raises(ValueError) as caught:
        Estimate(0.27, 0.37, 0.17)
    assert str(caught.value) == "conf_low 0.37 lies above conf_high 0.17."


def test_an_estimate_tells_what_its_interval_excludes():
    assert Estimate(0.6, 0.55, 0.65, 100).excludes(0.5)
    assert not Estimate(0.6, 0.45, 0.75, 10).excludes(0.5)
    assert not Estimate(0.6, np.nan, np.nan).excludes(0.5)
    # the ends belong to it
    assert not Estimate(0.6, 0.5, 0.7).excludes(0.5) and not Estimate(0.6, 0.5, 0.7).excludes(0.7)
    assert Estimate(0.6, 0.5, 0.7).excludes(0.71)
    assert Estimate(0.5, 0.5, 0.5).n == 0
