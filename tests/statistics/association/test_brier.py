"""The Brier score against scikit-learn, its parts by hand, and that they add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from tpm_widgets.statistics.association.brier import brier

WEIGHTS = st.lists(st.floats(0, 20), min_size=11, max_size=11)


@settings(max_examples=80)
@given(cases=WEIGHTS, controls=WEIGHTS, forecast=st.lists(st.floats(0, 1), min_size=11, max_size=11))
def test_the_parts_add_up_to_the_score_that_scikit_learn_gives(cases, controls, forecast):
    cases, controls, forecast = (np.array(values) for values in ([*cases[:10], 1.0], [1.0, *controls[1:]], forecast))
    found = brier(cases, controls, forecast)
    outcome, predicted = np.repeat([1, 0], 11), np.concatenate([forecast, forecast])
    expected = brier_score_loss(outcome, predicted, sample_weight=np.concatenate([cases, controls]))
    assert found.score == pytest.approx(expected, abs=1e-12)
    assert found.score == pytest.approx(found.reliability - found.resolution + found.uncertainty, abs=1e-12)
    assert found.skill == pytest.approx(1 - found.score / found.uncertainty, abs=1e-9)


def test_many_at_once_are_the_same_one_by_one():
    rng = np.random.default_rng(1)
    cases, controls, forecast = rng.integers(0, 9, (5, 11)), rng.integers(0, 9, (5, 11)), rng.uniform(size=11)
    together = brier(cases, controls, forecast)
    for row in range(5):
        assert together.score[row] == pytest.approx(brier(cases[row], controls[row], forecast).score)


def test_degenerate_counts():
    nobody = brier(np.zeros(3), np.zeros(3), np.full(3, 0.5))
    assert np.isnan(nobody.score) and np.isnan(nobody.skill)
    all_did = brier(np.ones(3), np.zeros(3), np.ones(3))
    assert (float(all_did.score), float(all_did.uncertainty)) == (0.0, 0.0)
    assert np.isnan(all_did.skill)


def test_the_input_stays_as_it_was():
    cases, controls, forecast = np.ones(2), np.ones(2), np.full(2, 0.5)
    brier(cases, controls, forecast)
    assert (cases == 1).all() and (controls == 1).all() and (forecast == 0.5).all()


def test_unlike_forecasts_by_hand():
    """Two groups of 4 and 6: 1 of 4 happened under .5, 4 of 6 under .6; half of all."""
    found = brier(np.array([1.0, 4]), np.array([3.0, 2]), np.array([0.5, 0.6]))
    assert found.reliability == pytest.approx(0.4 * 0.25**2 + 0.6 * (0.6 - 4 / 6) ** 2)
    assert found.resolution == pytest.approx(0.4 * 0.25**2 + 0.6 * (4 / 6 - 0.5) ** 2)
    assert found.uncertainty == pytest.approx(0.25)
    assert found.score == pytest.approx((1 * 0.25 + 3 * 0.25 + 4 * 0.16 + 2 * 0.36) / 10)
    assert found.skill == pytest.approx(1 - float(found.score) / 0.25)
    scaled = brier(np.array([0.01, 0.04]), np.array([0.03, 0.02]), np.array([0.5, 0.6]))  # weights have no unit
    assert scaled.score == pytest.approx(float(found.score))
