"""Partial pooling: against statsmodels' meta-analysis, and what it does to extremes that are chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from tpm_widgets.statistics.estimates.pooling import partly_pooled

ESTIMATES, ERRORS = np.array([0.1, 0.35, 0.3, 0.8, -0.2]), np.array([0.05, 0.1, 0.04, 0.3, 0.2])


def test_mean_and_spread_are_those_of_a_random_effects_meta_analysis():
    found, expected = partly_pooled(ESTIMATES, ERRORS), combine_effects(ESTIMATES, ERRORS**2, method_re="dl")
    assert found.spread**2 == pytest.approx(expected.tau2)
    assert found.mean == pytest.approx(expected.mean_effect_re)
    kept = (found.estimates - found.mean) / (ESTIMATES - found.mean)
    assert kept == pytest.approx(expected.tau2 / (expected.tau2 + ERRORS**2))


def test_groups_that_differ_by_chance_alone_are_all_alike():
    found = partly_pooled(np.array([0.1, 0.12, 0.09]), np.full(3, 0.1))
    assert found.spread == 0 and found.estimates == pytest.approx([0.31 / 3] * 3)


@pytest.mark.parametrize(
    ("estimates", "errors"),
    [([0.1, 0.2], [0.1, 0.1]), ([0.1, 0.2, np.nan], [0.1] * 3), ([0.1, 0.2, 0.3], [0.1, 0.0, 0.1])],
)
def test_what_cannot_be_pooled_is_not(estimates, errors):
    assert partly_pooled(np.array(estimates), np.array(errors)) is None


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 1)), min_size=3, max_size=20))
def test_every_group_moves_towards_the_mean_and_nothing_is_changed(groups):
    estimates, errors = np.array(groups).T
    before = estimates.copy()
    found = partly_pooled(estimates, errors)
    assert (estimates == before).all()
    away = estimates - found.mean
    assert (np.abs(found.estimates - found.mean) <= np.abs(away) + 1e-12).all()
    assert ((found.estimates - found.mean) * away >= -1e-12).all()


def test_the_highest_of_many_groups_is_too_high_and_the_pooled_one_is_not():
    """200 studies of 30 groups: what is highest overstates itself by chance; pooled, it does not on average."""
    rng = np.random.default_rng(20260105)
    raw, pooled = [], []
    for _ in range(200):
        truth, errors = 0.3 + 0.05 * rng.normal(size=30), rng.choice([0.05, 0.2], 30)
        seen = truth + errors * rng.normal(size=30)
        found = partly_pooled(seen, errors).estimates
        raw.append(seen.max() - truth[seen.argmax()])
        pooled.append(found.max() - truth[found.argmax()])
    assert np.mean(raw) > 0.25 and abs(np.mean(pooled)) < 0.02
