"""Holm's intervals against Holm's test, by its definition and as statsmodels makes it."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values, holm_levels


def rejected_by_holm(p_values, alpha):
    """Step down from the smallest p value until one exceeds α / (hypotheses left) (Holm 1979)."""
    rejected = np.zeros(len(p_values), bool)
    for step, position in enumerate(np.argsort(p_values, kind="stable")):
        if p_values[position] >= alpha / (len(p_values) - step):
            break
        rejected[position] = True
    return rejected


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=20), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_interval_excludes_zero_exactly_where_holm_rejects(values, level):
    p_values = np.array(values)
    limits = (1 - level) / np.arange(1, len(p_values) + 1)
    assume(np.abs(p_values[:, None] - limits).min() > 1e-12)  # on a limit itself rounding decides
    excluded = p_values < 1 - holm_levels(p_values, level)
    assert (excluded == rejected_by_holm(p_values, 1 - level)).all()


@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=20))
def test_adjusted_as_statsmodels(values):
    p_values = np.array(values)
    for adjust, method in (("holm", "holm"), ("benjamini_hochberg", "fdr_bh")):
        with patch("gc.collect"):  # it collects all garbage each time, which takes longer than all else
            expected = multipletests(p_values, method=method)[1]
        np.testing.assert_allclose(adjusted_p_values(p_values, adjust), expected, rtol=1e-12, atol=0)


def test_as_statsmodels():
    p_values = np.array([0.0004, 0.011, 0.012, 0.2, 0.013, 0.04, 0.004])
    rejected = multipletests(p_values, alpha=0.05, method="holm")[0]
    assert ((p_values < 1 - holm_levels(p_values)) == rejected).all()
    assert 0 < rejected.sum() < len(p_values)


def test_between_the_plain_level_and_bonferroni():
    levels = holm_levels(np.array([0.03, 0.001, 0.4, 0.02]), 0.95)
    assert levels[1] == pytest.approx(1 - 0.05 / 4)
    assert levels[2] == pytest.approx(0.95)
    # 0.02 is second: 3·0.02 = 0.06 > 0.05; 0.03 is third and inherits 0.06, so its level is 1 − 0.05·0.03/0.06
    assert levels[[3, 0]] == pytest.approx([1 - 0.05 / 3, 0.975])


def test_missing_p_values_are_not_counted():
    levels = holm_levels(np.array([np.nan, 0.001, np.nan, 0.5]))
    assert np.isnan(levels[[0, 2]]).all()
    assert levels[1] == pytest.approx(0.975)
    assert np.isnan(holm_levels(np.array([np.nan]))).all()


def test_a_p_value_of_zero_has_bonferronis_level():
    assert holm_levels(np.array([0.0, 0.2]))[0] == pytest.approx(0.975)


def test_adjusted_p_values_by_hand():
    """R's p.adjust gives the same; 0.04 stands fourth of five, so Benjamini and Hochberg make it 0.04·5/4 = 0.05."""
    p = np.array([0.04, 0.01, np.nan, 0.03, 0.02, 0.05])
    assert adjusted_p_values(p, "holm") == pytest.approx([0.09, 0.05, np.nan, 0.09, 0.08, 0.09], nan_ok=True)
    assert adjusted_p_values(p, "benjamini_hochberg") == pytest.approx(
        [0.05, 0.05, np.nan, 0.05, 0.05, 0.05], nan_ok=True
    )
    assert np.isnan(adjusted_p_values(np.array([np.nan]))).all()
    assert p[0] == 0.04  # the input stays as it was


def test_the_usual_level_is_95_percent_and_holm_the_usual_adjustment():
    p_values = np.array([0.03, 0.001, 0.4, 0.02])
    assert (holm_levels(p_values) == holm_levels(p_values, 0.95)).all()
    assert (adjusted_p_values(p_values) == adjusted_p_values(p_values, "holm")).all()
    assert holm_levels(np.zeros(3)).tolist() == pytest.approx([1 - 0.05 / 3, 1 - 0.05 / 2, 0.95])
