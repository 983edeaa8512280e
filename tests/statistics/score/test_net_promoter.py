"""The Net Promoter Score's numbers against Rocks (2016) and R 4.2.2, package NPS 1.1 (golden/nps.json)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tpm_widgets.statistics.score.net_promoter import Tally, net_promoter, score_classes, score_interval

GOLDEN = 1e-13  # R prints 15 digits
PUBLISHED = 5e-5  # four digits are published

A = [0, 2, 6, 7, 7, 8, 9, 9, 10, 10, 10, 5]
B_COUNTS = [3, 1, 2, 2, 4, 9, 11, 30, 52, 41, 45]
B = np.repeat(np.arange(11), B_COUNTS)


def classes_of(detractors, passives, promoters):
    return np.repeat([-1.0, 0.0, 1.0], [detractors, passives, promoters])


@pytest.mark.parametrize(
    ("scores", "score", "variance", "std_error"),
    [
        (A, 0.0833333333333333, 0.743055555555556, 0.248839900932902),
        (B, 0.27, 0.5171, 0.0508478121456568),
        ([10] * 20, 1, 0, 0),
        ([3] * 20, -1, 0, 0),
    ],
)
def test_score_variance_and_error_as_r_computes_them(scores, score, variance, std_error):
    result = net_promoter(score_classes(np.array(scores)))
    assert result.estimate == pytest.approx(score, abs=GOLDEN)
    assert result.variance == pytest.approx(variance, abs=GOLDEN)
    assert result.std_error == pytest.approx(std_error, abs=GOLDEN)


def test_classes_and_shares_as_r_gives_them():
    assert score_classes(np.arange(11)).tolist() == [-1] * 7 + [0] * 2 + [1] * 2
    result = net_promoter(score_classes(B))
    assert (result.detractors, result.passives, result.promoters) == pytest.approx((0.16, 0.41, 0.43), abs=GOLDEN)


def test_own_cutoffs_count_where_rs_nps_ignores_them():
    """R's nps(breaks=list(1:3, 4, 5)) gives −1, because it ignores the breaks; right is 4 of 10 against 4 of 10."""
    scores = np.array([1, 2, 3, 4, 5, 5, 5, 4, 3, 5])
    assert net_promoter(score_classes(scores, cutoffs=(3, 4), scale=(1, 5))).estimate == 0


def test_the_interval_of_one_group_runs_upwards_where_rs_is_upside_down():
    """R's nps.test gives c(.369659880498146, .170340119501854)."""
    low, high = score_interval(score_classes(B), interval="wald")
    assert (low, high) == pytest.approx((0.170340119501854, 0.369659880498146), abs=GOLDEN)


def test_two_groups_as_r_tests_them():
    """R's second group has NPS −.085 among 200, and its error fits 62, 93 and 45 answers only."""
    first, second = net_promoter(score_classes(B)), net_promoter(classes_of(62, 93, 45))
    difference, std_error = first.estimate - second.estimate, np.hypot(first.std_error, second.std_error)
    assert second.estimate == pytest.approx(-0.085, abs=GOLDEN)
    assert difference == pytest.approx(0.355, abs=GOLDEN)
    assert std_error == pytest.approx(0.0722798381293151, abs=GOLDEN)
    assert 2 * stats.norm.sf(difference / std_error) == pytest.approx(9.03977564137293e-07, rel=1e-9)
    margin = stats.norm.ppf(0.975) * std_error
    assert (difference - margin, difference + margin) == pytest.approx((0.213334120458157, 0.496665879541843))


@pytest.mark.parametrize(
    ("counts", "interval", "expected"),
    [
        ((6, 12, 18), "adjusted_wald", (0.0730, 0.5424)),
        ((6, 12, 18), "score", (0.0695, 0.5491)),
        ((6, 12, 18), "wald", (0.0899, 0.5768)),
        ((2, 0, 9), "adjusted_wald", (0.0800, 0.9200)),
        ((2, 0, 9), "score", (0.0460, 0.8973)),
        ((10, 0, 20), "score", (-0.0244, 0.6154)),
    ],
)
def test_published_intervals(counts, interval, expected):
    """Rocks (2016), as METHODS, section 1, states them."""
    assert score_interval(classes_of(*counts), interval=interval) == pytest.approx(expected, abs=PUBLISHED)


def test_wald_may_leave_the_scale():
    assert score_interval(classes_of(2, 0, 9), interval="wald")[1] == pytest.approx(1.0922, abs=PUBLISHED)


def test_the_bootstrap_agrees_with_wald_in_a_large_sample():
    classes = classes_of(3000, 3000, 4000)
    wald = score_interval(classes, interval="wald")
    assert score_interval(classes, interval="bootstrap") == pytest.approx(wald, abs=0.002)
    assert score_interval(classes, interval="bootstrap", seed=7) == score_interval(
        classes, interval="bootstrap", seed=7
    )


def test_the_weighted_error_is_that_of_repeated_samples():
    """Linearised against 4,000 samples with fixed seeds: within 4 %."""
    rng = np.random.default_rng(11)
    errors, scores = [], []
    for _ in range(4000):
        classes = rng.choice([-1.0, 0.0, 1.0], 200, p=[0.2, 0.3, 0.5])
        weights = rng.gamma(2, 1, 200) * np.where(classes == 1, 2, 1)
        result = net_promoter(classes, weights)
        scores.append(result.estimate)
        errors.append(result.std_error)
    assert np.mean(errors) == pytest.approx(np.std(scores), rel=0.04)


def test_the_adjusted_wald_interval_covers_exactly_enough():
    """Every outcome of 20 answers, weighted by its multinomial probability: 95 % within 93.5 … 97.5 %."""
    for p in ([0.2, 0.3, 0.5], [0.1, 0.3, 0.6], [1 / 3, 1 / 3, 1 / 3]):
        covered = 0.0
        for detractors in range(21):
            for promoters in range(21 - detractors):
                counts = [detractors, 20 - detractors - promoters, promoters]
                low, high = score_interval(classes_of(*counts))
                if low <= p[2] - p[0] <= high:
                    covered += stats.multinomial.pmf(counts, 20, p)
        assert 0.935 < covered < 0.975


@settings(max_examples=100)
@given(counts=st.tuples(*[st.integers(0, 60)] * 3).filter(any), level=st.floats(0.5, 0.999))
def test_intervals_turn_with_the_scale_and_hold_the_score(counts, level):
    for interval in ("adjusted_wald", "score"):
        low, high = score_interval(classes_of(*counts), interval=interval, level=level)
        turned = score_interval(classes_of(*counts[::-1]), interval=interval, level=level)
        assert turned == pytest.approx((-high, -low), abs=1e-7)
        assert -1 <= low <= high <= 1
    estimate = net_promoter(classes_of(*counts)).estimate
    assert low - 1e-9 <= estimate <= high + 1e-9


def test_nobody():
    result = net_promoter(np.array([np.nan]))
    assert (result.n, result.n_eff) == (0, 0)
    assert np.isnan(result.estimate)
    for interval in ("adjusted_wald", "score", "wald", "bootstrap"):
        assert np.isnan(score_interval(np.array([]), interval=interval)).all()


def test_weights_by_hand_and_answers_of_weight_zero_do_not_count():
    """Detractor 1, passive 2, promoters 1 and 3 and one of weight 0: NPS 3/7, error √(Σw²(x − NPS)²)/7."""
    classes, weights = np.array([-1.0, 0, 1, 1, 1, np.nan]), np.array([1.0, 2, 1, 3, 0, 5])
    found = net_promoter(classes, weights)
    distance = np.array([-1.0, 0, 1, 1]) - 3 / 7
    assert found.estimate == pytest.approx(3 / 7)
    assert found.std_error == pytest.approx(np.sqrt((np.array([1, 4, 1, 9]) * distance**2).sum()) / 7)
    assert (found.n, found.n_eff) == (4, pytest.approx(49 / 15))
    low, high = score_interval(classes, weights, interval="wald", level=0.9)
    assert (high - low) / 2 == pytest.approx(1.6448536 * found.std_error)
    tally = Tally.of(classes, weights)
    assert [tally.count(kind) for kind in (-1, 0, 1)] == [1, 1, 2]
    assert tally.classes.tolist() == [-1, 0, 1]  # a line per class, unless weights are to be kept apart
    for unit in (1e-170, 1e170):
        assert net_promoter(classes, unit * weights).std_error == pytest.approx(found.std_error)
        for interval in ("adjusted_wald", "score", "wald", "bootstrap"):
            ends = (score_interval(classes, own, interval=interval) for own in (weights, unit * weights))
            assert next(ends) == pytest.approx(next(ends))


def test_lines_of_many_answers_are_so_many_answers():
    classes, weights, times = np.array([-1.0, 0, 1, 1]), np.array([1.0, 2, 1, 3]), np.array([2.0, 3, 4, 1])
    lines = Tally.of(classes, weights, times)
    copies = Tally.of(np.repeat(classes, times.astype(int)), np.repeat(weights, times.astype(int)))
    assert (lines.n == copies.n).all()
    for interval in ("adjusted_wald", "score", "wald"):
        assert lines.interval(interval, 0.9) == pytest.approx(copies.interval(interval, 0.9))
    apart = Tally.of(classes, weights, times, alike=True)
    assert sorted(apart.n.tolist()) == [1, 2, 3, 4]
    together = Tally.of(np.repeat(classes, times.astype(int)), np.repeat(weights, times.astype(int)), alike=True)
    assert apart.interval("bootstrap", 0.9) == together.interval("bootstrap", 0.9)


def test_two_answers_are_drawn_again_as_they_are():
    """One detractor and one promoter: resamples are −1, 0 and 1, of which the outer ones are a quarter each."""
    assert score_interval(np.array([-1.0, 1]), interval="bootstrap", level=0.6) == (-1, 1)
    assert score_interval(np.array([-1.0, 1]), interval="bootstrap", level=0.4) == (0, 0)
    # a promoter of weight 3 makes the mixed resample (3 − 1)/4
    weighted = score_interval(np.array([-1.0, 1]), np.array([1.0, 3]), interval="bootstrap", level=0.4)
    assert weighted == pytest.approx((0.5, 0.5))


def test_what_is_usual_need_not_be_said():
    classes = classes_of(6, 12, 18)
    assert score_interval(classes) == score_interval(classes, interval="adjusted_wald", level=0.95)
    usual = score_interval(classes, interval="bootstrap")
    assert usual == score_interval(classes, interval="bootstrap", level=0.95, replicates=2000, seed=1)
    assert usual == Tally.of(classes, alike=True).interval("bootstrap", 0.95)
    assert usual != score_interval(classes, interval="bootstrap", replicates=199, seed=3)
    assert (score_classes(np.arange(-1, 12)) == score_classes(np.arange(-1, 12), (6, 8), (0, 10))).sum() == 11
    european = score_classes(np.arange(11), cutoffs=(5, 7))
    assert european.tolist() == [-1] * 6 + [0] * 2 + [1] * 3
    assert np.isnan(score_classes(np.array([0, 6]), (3, 4), (1, 5))).all()


def test_an_unknown_interval_is_refused():
    with pytest.raises(ValueError) as caught:
        score_interval(classes_of(1, 1, 1), interval="exact")
    assert str(caught.value) == (
        "interval must be one of 'adjusted_wald', 'score', 'wald', 'bootstrap', 'wilson'; got 'exact'."
    )


def test_the_input_stays_as_it_was():
    scores, classes, weights = np.array([6.5, 10.0]), classes_of(1, 2, 3), np.ones(6)
    score_classes(scores)
    score_interval(classes, weights, interval="bootstrap")
    assert scores.tolist() == [6.5, 10.0]
    assert classes.tolist() == classes_of(1, 2, 3).tolist()
    assert weights.tolist() == [1] * 6
