"""Differences of means and shares against statsmodels, the paired test, and simulation."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from tpm_widgets.statistics.estimates.design import Design
from tpm_widgets.statistics.score.difference import MeanDifference, agresti_caffo, difference_by_design
from tpm_widgets.statistics.score.net_promoter import net_promoter

ROUNDING = 1e-12
test_proportions_2indep.__test__ = False  # pytest takes the name for a test


def mean_difference(later, earlier, later_weights, earlier_weights, *persons, unbiased=False):
    """Compare two samples: independent answers where nobody has a name, else those of persons."""
    n = len(later) + len(earlier)
    who = np.concatenate(persons) if persons else np.arange(n)
    design = Design(np.concatenate([later_weights, earlier_weights]), who)
    rows = np.arange(n)
    values = np.concatenate([later, earlier])
    return difference_by_design(values, design, rows[: len(later)], rows[len(later) :], who, unbiased)


@pytest.fixture
def waves():
    rng = np.random.default_rng(1)
    return rng.choice([-1.0, 0.0, 1.0], 80, p=[0.2, 0.3, 0.5]), rng.choice([-1.0, 0.0, 1.0], 60, p=[0.4, 0.3, 0.3])


def test_scores_of_different_persons_differ_as_two_samples(waves):
    later, earlier = waves
    weights = np.random.default_rng(2).uniform(0.5, 2, 140)
    found = mean_difference(later, earlier, weights[:80], weights[80:])
    second, first = net_promoter(later, weights[:80]), net_promoter(earlier, weights[80:])
    assert found.difference == pytest.approx(second.estimate - first.estimate, abs=ROUNDING)
    assert found.std_error == pytest.approx(np.hypot(second.std_error, first.std_error), abs=ROUNDING)
    assert found.shared == 0


def test_ratings_differ_as_in_statsmodels():
    rng = np.random.default_rng(3)
    later, earlier = rng.integers(1, 6, 40).astype(float), rng.integers(1, 6, 55).astype(float)
    found = mean_difference(later, earlier, np.ones(40), np.ones(55), unbiased=True)
    z, _ = CompareMeans(DescrStatsW(later), DescrStatsW(earlier)).ztest_ind(usevar="unequal")
    assert found.difference / found.std_error == pytest.approx(z, abs=1e-10)


def test_the_same_persons_twice_are_tested_by_their_paired_differences(waves):
    later, earlier = waves[0][:60], waves[1]
    persons = np.arange(60)
    found = mean_difference(later, earlier, np.ones(60), np.ones(60), persons, persons[::1])
    assert found.std_error == pytest.approx(np.std(later - earlier) / np.sqrt(60), abs=ROUNDING)
    assert found.shared == 60


def test_a_partial_overlap_has_the_right_error():
    # 60 of 100 persons answer twice, with a lasting opinion: the error is that of many repetitions
    rng = np.random.default_rng(4)
    differences, errors = [], []
    for _ in range(1500):
        opinion = rng.normal(size=140)
        first = np.clip(np.round(3 + opinion[:100] + 0.5 * rng.normal(size=100)), 1, 5)
        second = np.clip(np.round(3 + opinion[40:] + 0.5 * rng.normal(size=100)), 1, 5)
        found = mean_difference(second, first, np.ones(100), np.ones(100), np.arange(40, 140), np.arange(100))
        differences.append(found.difference)
        errors.append(found.std_error)
    assert found.shared == 60
    # the standard deviation of 1,500 repetitions is itself known to about 2 %
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.06)


@pytest.mark.parametrize("counts", [(30, 100, 20, 110), (0, 40, 3, 50), (12, 12, 9, 15)])
def test_shares_differ_as_in_statsmodels(counts):
    later, later_size, earlier, earlier_size = counts
    found = agresti_caffo(*counts, 0.9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels divides by 0 for the odds ratio, which is not asked for
        args = (later, later_size, earlier, earlier_size)
        p_value = test_proportions_2indep(*args, method="agresti-caffo", compare="diff").pvalue
        interval = confint_proportions_2indep(*args, method="agresti-caffo", compare="diff", alpha=0.1)
    np.testing.assert_allclose(found[1:], [*interval, p_value], atol=1e-12)


def test_two_shares_of_nothing_do_not_differ():
    std_error, low, high, p_value = agresti_caffo(0, 20, 0, 20, 0.95)
    assert std_error > 0 and low == pytest.approx(-high) and p_value == 1


def test_interval_and_p_value_are_those_of_the_z_test():
    found = MeanDifference(later=0.5, earlier=0.3, std_error=0.1, shared=0)
    assert found.difference == pytest.approx(0.2)
    assert found.interval(0.9) == pytest.approx((0.2 - 0.16448536, 0.2 + 0.16448536))
    assert found.p_value == pytest.approx(0.0455003, abs=1e-7)
    assert MeanDifference(0.3, 0.5, 0.1, 0).p_value == pytest.approx(found.p_value)
    alike = mean_difference(np.full(3, 0.1), np.full(7, 0.3), np.array([0.1, 0.2, 0.7]), np.ones(7))
    assert alike.std_error == 0 and np.isnan(alike.p_value) and np.isnan(alike.interval(0.95)).all()


def test_one_answer_has_no_unbiased_error_and_two_have_one():
    assert np.isnan(
        mean_difference(np.array([3.0]), np.array([4.0, 5]), np.ones(1), np.ones(2), unbiased=True).std_error
    )
    found = mean_difference(np.array([3.0, 1]), np.array([4.0, 5]), np.ones(2), np.ones(2), unbiased=True)
    assert found.std_error == pytest.approx(np.sqrt(2 / 2 + 0.5 / 2))
    assert mean_difference(np.array([3.0, 1]), np.array([4.0, 5]), np.ones(2), np.ones(2)).std_error == pytest.approx(
        np.sqrt(1 / 2 + 0.25 / 2)
    )  # not so unless it is asked for


def test_who_answers_several_times_in_a_wave_is_one_person():
    later, earlier = np.array([1.0, 1, 0, -1]), np.array([0.0, 1, 1])
    found = mean_difference(later, earlier, np.ones(4), np.ones(3), np.array([5, 5, 8, 9]), np.array([9, 5, 5]))
    moves = {5: 2 * 0.75 / 4 - 2 * (1 / 3) / 3, 8: -0.25 / 4, 9: -1.25 / 4 + (2 / 3) / 3}
    assert found.std_error == pytest.approx(np.sqrt(sum(move**2 for move in moves.values())))
    assert found.shared == 2


def test_an_interval_of_shares_ends_at_all_and_nothing():
    _, low, high, _ = agresti_caffo(1, 1, 0, 1, 0.99)
    assert high == 1 and low > -1
    _, low, high, _ = agresti_caffo(0, 1, 1, 1, 0.99)
    assert low == -1 and high < 1


@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=2, max_size=30), st.floats(0.1, 10))
def test_swapping_the_waves_turns_the_sign_and_weights_have_no_unit(values, unit):
    later, earlier = np.array(values), np.array([*values[::-1][1:], 0.0])
    one, other = np.ones(len(later)), np.full(len(earlier), unit)
    there, back = mean_difference(later, earlier, one, other), mean_difference(earlier, later, other, one)
    assert there.difference == pytest.approx(-back.difference, abs=ROUNDING)
    assert there.std_error == pytest.approx(back.std_error, abs=ROUNDING)
