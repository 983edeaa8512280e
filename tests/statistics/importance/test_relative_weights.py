"""Johnson's weights against rwa 0.1.0 and relaimpo's genizi (R 4.2.2), and by hand for two predictors."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.statistics.importance.measures import relative_weights
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import r_squared

GOLDEN = Path(__file__).parents[2] / "golden"
RWA = json.loads((GOLDEN / "rwa.json").read_text())
RELAIMPO = json.loads((GOLDEN / "relaimpo.json").read_text())
EIGEN = 1e-11  # an eigendecomposition loses a few digits where predictors correlate


@pytest.mark.parametrize(
    ("name", "outcome"), [("swiss", "Fertility"), ("attitude", "rating"), ("stackloss", "stack.loss")]
)
def test_as_rwa_and_as_genizi(name, outcome):
    data = pd.read_csv(GOLDEN / f"{name}.csv", index_col=0 if name == "swiss" else None)
    weights = relative_weights(np.cov(data[[*RWA[name]["names"], outcome]].to_numpy().T))
    assert weights == pytest.approx(RWA[name]["raw"], abs=EIGEN)
    assert weights == pytest.approx(RELAIMPO[name]["genizi"], abs=EIGEN)
    assert weights.sum() == pytest.approx(RWA[name]["rsquare"], abs=EIGEN)


def test_two_predictors_are_not_fifty_to_fifty():
    """Without the rotation back they would be. For two, Johnson's weights are LMG: ½(r₁² + R² − r₂²)."""
    r1, r2, r12 = 0.7, 0.4, 0.3
    covariance = np.array([[1, r12, r1], [r12, 1, r2], [r1, r2, 1]])
    explained = (r1**2 + r2**2 - 2 * r1 * r2 * r12) / (1 - r12**2)
    expected = [(explained + r1**2 - r2**2) / 2, (explained - r1**2 + r2**2) / 2]
    assert relative_weights(covariance) == pytest.approx(expected, abs=1e-12)
    assert relative_weights(covariance) / explained == pytest.approx([0.81, 0.19], abs=0.01)


@given(st.integers(0, 10**6), st.integers(2, 7))
@settings(max_examples=30)
def test_none_is_negative_and_they_add_up(seed, p):
    rng = np.random.default_rng(seed)
    covariance = np.cov((rng.normal(size=(50, p + 1)) + rng.normal(size=(50, 1))).T)
    weights = relative_weights(covariance)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(r_squared(covariance), abs=1e-10)


def test_duplicates_share_evenly_and_a_constant_gets_nothing():
    covariance = np.array([[1, 1, 0, 0.5], [1, 1, 0, 0.5], [0, 0, 0, 0], [0.5, 0.5, 0, 1]])
    assert relative_weights(covariance) == pytest.approx([0.125, 0.125, 0], abs=1e-12)


def test_independent_predictors_have_their_squared_correlation_in_both_measures():
    covariance = np.array([[4, 0, 1.2], [0, 1, 0.5], [1.2, 0.5, 1]])
    assert relative_weights(covariance) == pytest.approx([0.36, 0.25], abs=1e-12)
    assert lmg(covariance) == pytest.approx([0.36, 0.25], abs=1e-12)


def test_input_stays_as_it_was():
    covariance = np.array([[1, 0.2, 0.5], [0.2, 1, 0.3], [0.5, 0.3, 1]])
    before = covariance.copy()
    relative_weights(covariance)
    assert (covariance == before).all()
