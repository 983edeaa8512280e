"""How often intervals by design cover the truth: answers of persons, weights that go with the score, recommenders."""

import numpy as np
import pytest
from scipy import stats

from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.score.difference import difference_by_design
from tpm_widgets.statistics.score.net_promoter import Tally

pytestmark = pytest.mark.slow

RUNS = 1500
LIMITS = (0.93 - 0.0132, 0.97 + 0.0088)  # 93 to 97 %, and two standard errors of 1,500 runs
SCORE, PROMOTERS = 0.3, 0.5


def persons(rng, count, answers, alike=0.7):
    """Answers of persons whose opinions last, and who gave each."""
    who = np.repeat(np.arange(count), answers)
    opinion = np.sqrt(alike) * rng.normal(size=count)[who] + np.sqrt(1 - alike) * rng.normal(size=len(who))
    return np.searchsorted(stats.norm.ppf([0.2, 0.5]), opinion) - 1.0, who


def informative(rng, count):
    """Detractors answer a quarter as often as promoters and weigh four times as much; weights have a CV of about 1."""
    weight = np.array([4.0, 2.0, 1.0])
    kinds = rng.choice(3, count, p=np.array([0.2, 0.3, 0.5]) / weight / (np.array([0.2, 0.3, 0.5]) / weight).sum())
    return kinds - 1.0, weight[kinds] * rng.lognormal(-0.18, 0.6, count)


def covered(intervals, truths):
    """The share of runs in which each interval holds its truth."""
    low, high = np.array(intervals).transpose(2, 0, 1)
    return ((low <= truths) & (truths <= high)).mean(axis=0)


def intervals(values, design):
    promoters, score = mean_by_design((values > 0).astype(float), design), mean_by_design(values, design)
    ends = wilson(promoters.estimate, promoters.size(0.95), 0.95)
    return [Tally.by_design(values, design).interval("adjusted_wald", 0.95), ends, score.interval(0.95)]


@pytest.mark.parametrize(("count", "answers"), [(15, 4), (30, 2), (30, 4), (100, 4), (300, 2)])
def test_answers_of_persons(count, answers):
    rng = np.random.default_rng(20260101)
    found = []
    for _ in range(RUNS):
        values, who = persons(rng, count, answers)
        found.append(intervals(values, Design.of(np.ones(len(who)), who)))
    share = covered(found, [SCORE, PROMOTERS, SCORE])
    assert ((share > LIMITS[0]) & (share < LIMITS[1])).all(), share


@pytest.mark.parametrize("count", [100, 400])
def test_weights_that_go_with_the_score(count):
    rng = np.random.default_rng(20260102)
    found = []
    for _ in range(RUNS):
        values, weights = informative(rng, count)
        found.append(intervals(values, Design.of(weights)))
    share = covered(found, [SCORE, PROMOTERS, SCORE])
    assert ((share > LIMITS[0]) & (share < LIMITS[1])).all(), share


@pytest.mark.parametrize("answers", [2, 4])
def test_waves_without_a_change_differ_and_goals_are_reached_by_chance_alone(answers):
    rng = np.random.default_rng(20260103)
    found, reached = [], []
    for _ in range(RUNS):
        values, who = persons(rng, 200, answers)
        design, rows = Design.of(np.ones(len(who)), who), np.arange(len(who))
        later, earlier = rows[who >= 100], rows[who < 100]
        found.append([difference_by_design(values, design, later, earlier, who).interval(0.95)])
        reached.append(Tally.by_design(values, design, earlier).interval("adjusted_wald", 0.95)[0] >= SCORE)
    share = covered(found, [0.0])
    assert (share > LIMITS[0]).all() and (share < LIMITS[1]).all(), share
    assert np.mean(reached) < 0.025 + 2 * np.sqrt(0.025 * 0.975 / RUNS)


@pytest.mark.parametrize(("tail", "recommenders"), [(3.5, 15), (2.5, 30), (2.2, 100)])
def test_recommenders_who_win_many(tail, recommenders):
    """Each wins 1 + Pareto, rounded up; its variance exists above 2."""
    mean = 1 + float(np.sum(np.arange(1, 2_000_000) ** -tail))
    others = int(3 * recommenders * mean)
    truth = recommenders * mean / (recommenders * mean + others)
    rng = np.random.default_rng(20260104)
    found = []
    for _ in range(RUNS):
        won = np.ceil(rng.pareto(tail, max(rng.poisson(recommenders), 1)) + 1).astype(int)
        rest = rng.poisson(others)
        came = np.concatenate([np.ones(won.sum()), np.zeros(rest)])
        by = np.concatenate([np.repeat(np.arange(len(won)), won), len(won) + np.arange(rest)])
        rate = mean_by_design(came, Design.of(np.ones(len(came)), by))
        found.append([wilson(rate.estimate, rate.size(0.95), 0.95)])
    (share,) = covered(found, [truth])
    assert 0.92 - 0.014 < share < LIMITS[1], share
