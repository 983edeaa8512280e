"""The order of the decisions, on estimates whose intervals can be read off."""

import numpy as np
import pytest

from tpm_widgets.statistics.estimates.multiplicity import judge_effects


def judge(estimates, errors, p_values, negligible=0.03, level=0.95):
    return judge_effects(np.array(estimates), np.array(errors), np.array(p_values), negligible, level)


def test_small_comes_before_an_effect():
    """0.01 ± 1.96·0.002 excludes 0, and yet lies within ±0.03: too small to matter."""
    assert list(judge([0.01], [0.002], [5.7e-7])["verdict"]) == ["negligible"]


def test_an_effect_need_not_be_large():
    """0.03 ± 1.645·0.01 reaches over 0.03, and 0.03 ± 1.96·0.01 excludes 0."""
    assert list(judge([0.03, -0.03], [0.01, 0.01], [0.0027, 0.0027])["verdict"]) == ["effect", "effect"]


def test_wide_intervals_are_undecided_and_so_is_what_is_missing():
    table = judge([0.01, np.nan], [0.05, np.nan], [0.84, np.nan])
    assert list(table["verdict"]) == ["undecided", "undecided"]


def test_intervals_by_hand():
    """Two estimates: the smaller p takes the 97.5 % interval (z = 2.241403), the other the 95 % interval; TOST 90 %."""
    table = judge([0.1, 0.1], [0.01, 0.04], [1e-20, 0.0124])
    assert table["conf_low"].tolist() == pytest.approx([0.1 - 0.02241403, 0.1 - 0.0783986], abs=1e-7)
    assert table["equivalence_high"].tolist() == pytest.approx([0.1 + 0.01644854, 0.1 + 0.06579415], abs=1e-7)


def test_many_tests_make_an_effect_harder_to_claim():
    alone = judge([0.05], [0.02], [0.0124])["verdict"][0]
    among_others = judge([0.05] + [0.0] * 9, [0.02] * 10, [0.0124] + [1.0] * 9)["verdict"][0]
    assert (alone, among_others) == ("effect", "undecided")


def test_what_touches_a_limit_is_not_inside_and_what_touches_zero_is_no_effect():
    assert judge([0.0, 0.03], [0.0, 0.0], [1.0, 0.5], negligible=0.0)["verdict"].tolist() == ["undecided", "effect"]
    assert judge([0.03, -0.03], [0.0, 0.0], [1.0, 1.0])["verdict"].tolist() == ["effect", "effect"]
    assert judge([0.0299, -0.0299], [0.0, 0.0], [1.0, 1.0])["verdict"].tolist() == ["negligible"] * 2


def test_without_a_level_it_is_95_percent_and_of_one_side_90():
    given, usual = judge([0.1, 0.2], [0.02, 0.1], [1e-6, 0.04]), judge_effects(
        np.array([0.1, 0.2]), np.array([0.02, 0.1]), np.array([1e-6, 0.04]), 0.03
    )  # fmt: skip
    assert given.equals(usual)
    other = judge([0.1], [0.02], [1e-6], level=0.9).iloc[0]
    assert other["conf_low"] == pytest.approx(0.1 - 1.6448536 * 0.02)
    assert other["equivalence_low"] == pytest.approx(0.1 - 1.2815516 * 0.02)
