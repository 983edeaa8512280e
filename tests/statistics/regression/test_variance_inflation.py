"""Variance inflation against statsmodels, and the generalised one against R's car (Fox & Weisberg)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from tpm_widgets.statistics.regression.checks import (
    condition_number,
    generalised_variance_inflation,
    variance_inflation,
)
from tpm_widgets.statistics.regression.covariance import correlation

EXACT = 1e-8  # a ridge of 1e-12 keeps singular matrices invertible
# Duncan's occupations (1961): income, education, type; as in R's carData
INCOME = [62, 72, 75, 55, 64, 21, 64, 80, 67, 72, 42, 76, 76, 41, 48, 76, 53, 60, 42, 78, 29, 48, 55, 29, 21, 47, 81,
          36, 22, 44, 15, 7, 42, 9, 21, 21, 16, 16, 9, 14, 12, 17, 7, 34, 8]  # fmt: skip
EDUCATION = [86, 76, 92, 90, 86, 84, 93, 100, 87, 86, 74, 98, 97, 84, 91, 34, 45, 56, 44, 82, 72, 55, 71, 50, 23, 39,
             28, 32, 22, 25, 29, 7, 26, 19, 15, 20, 26, 28, 17, 22, 30, 25, 20, 47, 32]  # fmt: skip
KIND = list("pppppppp") + ["w"] + list("pppppp") + ["w"] + list("pppp") + list("wwww") + ["b"] * 21


def columns(n=300, k=5, seed=1, shared=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, k)) + shared * rng.normal(size=(n, 1))


@given(st.integers(0, 10**6), st.floats(0, 4))
@settings(max_examples=20)
def test_as_statsmodels_has_it(seed, shared):
    data = columns(seed=seed, shared=shared)
    with_constant = np.column_stack([np.ones(len(data)), data])
    expected = [variance_inflation_factor(with_constant, place) for place in range(1, 6)]
    found = variance_inflation(correlation(np.cov(data.T)))
    assert found.tolist() == pytest.approx(expected, rel=EXACT)
    assert (found >= 1 - EXACT).all()


def test_duncan_as_car_has_it():
    """``vif(lm(prestige ~ income + education + type, data = Duncan))`` of R's car: the help page's GVIF."""
    kinds = np.array(KIND)
    data = np.column_stack([INCOME, EDUCATION, kinds == "p", kinds == "w"]).astype(float)
    found = generalised_variance_inflation(correlation(np.cov(data.T)), [[0], [1], [2, 3]])
    assert found.tolist() == pytest.approx([2.209178, 5.297584, 5.098592], abs=5e-7)
    assert (found ** (1 / np.array([2, 2, 4]))).tolist() == pytest.approx([1.486330, 2.301648, 1.502666], abs=5e-7)
    alone = variance_inflation(correlation(np.cov(data[:, :2].T)))
    assert alone.tolist() == pytest.approx([2.1049, 2.1049], abs=5e-5)


def test_the_generalised_one_does_not_depend_on_how_a_group_is_coded():
    data = columns()
    turned = data.copy()
    turned[:, :2] = data[:, :2] @ np.array([[2.0, 1.0], [-1.0, 3.0]]) + 7
    groups = [[0, 1], [2], [3, 4]]
    first, second = (generalised_variance_inflation(correlation(np.cov(one.T)), groups) for one in (data, turned))
    assert first.tolist() == pytest.approx(second.tolist(), rel=1e-10)


def test_single_columns_have_the_plain_one():
    standard = correlation(np.cov(columns().T))
    groups = [[place] for place in range(5)]
    assert generalised_variance_inflation(standard, groups).tolist() == pytest.approx(
        variance_inflation(standard).tolist(), rel=EXACT
    )


def test_condition_number_is_that_of_standardised_columns():
    data = columns(shared=3.0)
    standardised = (data - data.mean(axis=0)) / data.std(axis=0)
    standard = correlation(np.cov(data.T))
    before = standard.copy()
    assert condition_number(standard) == pytest.approx(np.linalg.cond(standardised), rel=1e-9)
    assert np.isinf(condition_number(np.ones((2, 2)))) or condition_number(np.ones((2, 2))) > 1e7
    assert (standard == before).all()
    assert condition_number(np.diag([1.0, 0.0])) == np.inf and condition_number(np.eye(3)) == 1
