"""Goals word for word: each state of a goal, what is due when, and what each metric is measured in."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.control.goals import _caveats, _row
from tpm_widgets.control.metrics import (
    Measurement,
    counted,
    difference,
    known_metrics,
    measure,
    metric_format,
    metric_words,
    quantity,
)
from tpm_widgets.statistics.estimates.estimate import Estimate

FIXED = (
    "The baselines are taken as fixed numbers; where they were measured in a sample, the verdicts are too sure, and "
    "compare_waves is the better test."
)
LAST = pd.Timestamp("2024-09-01")


def measured(estimate=0.3, low=0.2, high=0.4, last_day=LAST):
    return Measurement(estimate=Estimate(estimate, low, high, 100), name="W2", last_day=last_day)


def goal(baseline=0.0, target=0.4, due="2025-09-01", **more):
    return {"metric": "nps", "baseline": baseline, "target": target, "due": pd.Timestamp(due), **more}


def progress_of(*rows, level=0.95):
    table = pd.DataFrame(list(rows))
    return tpm.GoalProgress(table=table, labels={}, settings={"level": level}, caveats=_caveats(table))


def read(*rows, **options):
    """What is said of the first goal, after the count of goals."""
    return str(progress_of(*rows, **options).sentences()[1])


HEAD = "nps: Net Promoter Score +30.0 (W2, n = 100; 95% interval +20.0 to +40.0) between "


@pytest.mark.parametrize(
    ("target", "due", "words"),
    [
        (0.4, "2025-09-01", "0.0 at first and the target +40.0: 75% of the way (interval 50% to 100%). It is due on "
         "Sep 1, 2025: +10.0 points are missing, +0.8 a month."),
        (0.4, "2024-09-02", "0.0 at first and the target +40.0: 75% of the way (interval 50% to 100%). It is due on "
         "Sep 2, 2024: +10.0 points are missing, +304.4 a month."),
        (0.4, "2024-09-01", "0.0 at first and the target +40.0: 75% of the way (interval 50% to 100%). It was due on "
         "Sep 1, 2024, and +10.0 points were missing."),
        (0.4, None, "0.0 at first and the target +40.0: 75% of the way (interval 50% to 100%). +10.0 points are "
         "missing."),
        (0.3, "2025-09-01", "0.0 at first and the target +30.0: 100% of the way (interval 67% to 133%). The estimate "
         "is at the target, but its interval still falls short of it."),
        (0.2, "2025-09-01", "0.0 at first and the target +20.0: 150% of the way (interval 100% to 200%). The whole "
         "interval lies at or beyond the target."),
    ],
)  # fmt: skip
def test_how_far_and_until_when(target, due, words):
    assert read(_row(goal(target=target, due=due), measured())) == HEAD + words


def test_days_and_pace():
    """A month is 365.25/12 days; nothing is asked of a goal that is due or reached."""
    for due, days, pace in (
        ("2025-09-01", 365, 0.1 / 365 * 365.25 / 12),
        ("2024-09-02", 1, 0.1 * 365.25 / 12),
        ("2024-09-01", 0, np.nan),
        ("2024-08-31", -1, np.nan),
        (None, np.nan, np.nan),
    ):
        row = _row(goal(due=due), measured())
        np.testing.assert_allclose([row["days_left"], row["pace"]], [days, pace], rtol=1e-12)
    assert np.isnan(_row(goal(), measured(last_day=pd.NaT))["days_left"])
    assert np.isnan(_row(goal(target=0.3), measured())["pace"])  # exactly there
    assert _row(goal(target=0.31), measured())["pace"] > 0


def test_a_goal_below_its_baseline_has_its_interval_in_order():
    row = _row(goal(baseline=0.5, target=0.3), measured())
    np.testing.assert_allclose([row["progress"], row["progress_low"], row["progress_high"]], [1.0, 0.5, 1.5])
    np.testing.assert_allclose([row["remaining"], row["estimate"]], [0.0, 0.3], atol=1e-15)
    assert row["verdict"] == "on the way"


def test_all_goals_are_counted_and_the_first_two_read():
    rows = [
        _row(goal(target=target, goal=name), measured())
        for name, target in zip("abcd", [0.2, 0.4, 0.3, 0.5], strict=True)
    ]
    rows.append(_row(goal(baseline=0.3, target=0.5), measured()))
    rows.append(_row(goal(baseline=0.45, target=0.5), measured()))
    said = progress_of(*rows).sentences()
    assert str(said[0]) == "6 goals: 1 reached, 3 on the way, 1 without progress shown, 1 moving away."
    assert [str(one)[:2] for one in said[1:]] == ["a:", "b:"]
    one = progress_of(_row(goal(baseline=0.3, target=0.3), measured()))
    assert one.summary("en") == "1 goal: 0 reached, 0 on the way, 0 without progress shown, 0 moving away."


def test_what_cannot_be_judged_is_named():
    same = _row(goal(baseline=0.3, target=0.3, goal="Stay"), measured())
    no_baseline = _row(goal(baseline=np.nan, goal="From where"), measured())
    no_target = _row(goal(target=np.nan, goal="Where to"), measured())
    few = _row(goal(goal="Who"), Measurement(estimate=Estimate(np.nan, np.nan, np.nan, 3), name="W2", last_day=LAST))
    fine = _row(goal(goal=None), measured())
    assert fine["goal"] == "nps"
    assert [row["verdict"] for row in (same, no_baseline, no_target, few, fine)] == ["", "", "", "", "on the way"]
    result = progress_of(same, no_baseline, no_target, few, fine)
    assert [str(caveat) for caveat in result.caveats] == [
        FIXED,
        "Target and baseline are the same, so there is no way to measure progress on: Stay.",
        "Too few values, or a missing baseline or target, to judge: From where, Where to and Who.",
    ]
    assert [str(caveat) for caveat in progress_of(fine).caveats] == [FIXED]


def test_an_interval_of_progress_runs_upwards():
    result = progress_of(_row(goal(), measured()))
    with pytest.raises(ValueError) as refused:
        replace(result, table=result.table.assign(progress_high=0.1))
    assert str(refused.value) == "An interval of progress runs from low to high."


@pytest.mark.parametrize(
    ("metric", "words", "formats", "level", "change", "answers"),
    [
        ("nps", "Net Promoter Score", "points", "+25.0", "+25.0", "1 answer"),
        ("promoters", "Share of promoters", "percent", "25.0%", "+25.0", "1 answer"),
        ("passives", "Share of passives", "percent", "25.0%", "+25.0", "1 answer"),
        ("detractors", "Share of detractors", "percent", "25.0%", "+25.0", "1 answer"),
        ("referral_rate", "Referral rate", "percent", "25.0%", "+25.0", "1 new customer"),
        ("rating:desk", "Rating of The desk", "number:2", "0.25", "+0.25", "1 answer"),
    ],
)
def test_every_metric_in_its_unit(metric, words, formats, level, change, answers):
    assert metric_words(metric, {"desk": "The desk"}).text("en") == words
    assert metric_format(metric) == formats
    assert quantity(metric, 0.25).text("en") == level
    assert difference(metric, 0.25).text("en") == change
    assert counted(metric, 1).text("en") == answers
    assert counted(metric, 1250).text("en") == answers.replace("1", "1,250") + "s"


def study_of(**columns):
    """Twelve answers in two waves, in the last of them 3 promoters, 2 passives, 1 detractor."""
    survey = pd.DataFrame(
        {
            "score": [3, 3, 3, 3, 3, 3, 10, 9, 9, 8, 7, 6],
            "desk": [1] * 6 + [5, 5, 4, 3, 2, 2],
            "wave": ["W1"] * 6 + ["W2"] * 6,
            "date": ["2024-03-01"] * 6 + [f"2024-09-0{day}" for day in (1, 2, 9, 4, 5, 6)],
            "weight": 1.0,
        }
    ).assign(**columns)
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["desk"], wave="wave", date="date", weight="weight"
    )


def test_known_metrics_are_the_scores_the_rate_and_each_rating():
    assert known_metrics(study_of()) == ["nps", "promoters", "passives", "detractors", "referral_rate", "rating:desk"]


@pytest.mark.parametrize(
    ("metric", "estimate"),
    [("nps", 1 / 3), ("promoters", 1 / 2), ("passives", 1 / 3), ("detractors", 1 / 6), ("rating:desk", 3.5)],
)
def test_measured_is_the_last_wave(metric, estimate):
    found = measure(study_of(), metric, 0.95)
    assert found.estimate.estimate == pytest.approx(estimate)
    assert (found.name, found.last_day, found.estimate.n) == ("W2", pd.Timestamp("2024-09-09"), 6)
    assert found.estimate.conf_low < estimate < found.estimate.conf_high


def test_answers_of_weight_0_are_not_counted_and_five_are_enough():
    """Without its first answer the last wave has five, two of them promoters; without two it has too few."""
    five = study_of(weight=[1.0] * 6 + [0.0] + [1.0] * 5)
    found = measure(five, "promoters", 0.95).estimate
    assert (found.n, found.estimate) == (5, pytest.approx(0.4))
    four = study_of(weight=[1.0] * 6 + [0.0, 0.0] + [1.0] * 4)
    found = measure(four, "promoters", 0.95).estimate
    assert found.n == 4
    assert np.isnan([found.estimate, found.conf_low, found.conf_high]).all()
    last = measure(study_of(weight=[1.0] * 8 + [0.0] + [1.0] * 3), "nps", 0.95).last_day
    assert last == pd.Timestamp("2024-09-06")  # the day of the answer without weight is none that was measured


def test_weights_are_in_the_interval_of_a_share():
    """Weights 4, 1, 1, 1, 1, 1: Kish's n of 81/21, and Wilson's interval of it."""
    found = measure(study_of(weight=[1.0] * 6 + [4.0] + [1.0] * 5), "promoters", 0.9).estimate
    n, p, z = 81 / 21, 6 / 9, 1.6448536269514722
    middle, half = p + z**2 / 2 / n, z * np.sqrt(p * (1 - p) / n + z**2 / 4 / n**2)
    np.testing.assert_allclose(
        [found.estimate, found.conf_low, found.conf_high],
        [p, (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)],
    )


def customers_until(until):
    survey = pd.DataFrame({"score": [9, 3], "desk": [4, 5]})
    customers = pd.DataFrame(
        {
            "customer": list("abcdef"),
            "acquired": ["2024-01-10"] * 3 + ["2024-05-01"] * 3,
            "source": ["recommendation", "other", "other", "recommendation", "recommendation", "other"],
        }
    )
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["desk"], customers=customers, observed_until=until, min_group=3
    )


@pytest.mark.parametrize(
    ("until", "name", "rate", "last"),
    [
        ("2024-06-15", "2024-Q1", 1 / 3, "2024-03-31"),  # the second quarter is not over
        ("2024-09-30", "2024-Q2", 2 / 3, "2024-06-30"),
        ("2024-02-15", "2024-Q1", 1 / 3, "2024-02-15"),  # neither is the first
    ],
)
def test_a_quarter_ends_on_its_last_day_or_where_observation_does(until, name, rate, last):
    study = customers_until(until)
    study = replace(study, customers=study.customers[study.customers["acquired"] < "2024-07-01"])
    found = measure(study, "referral_rate", 0.95)
    assert (found.name, found.estimate.n) == (name, 3)
    assert found.estimate.estimate == pytest.approx(rate)
    assert found.last_day == pd.Timestamp(last)


def test_where_no_source_is_known_there_is_nothing_to_judge():
    study = customers_until("2024-06-15")
    study = replace(study, customers=study.customers.assign(source="unknown"))
    found = measure(study, "referral_rate", 0.95)
    assert (found.name, found.last_day, found.estimate.n) == ("", pd.NaT, 0)
    assert np.isnan(found.estimate.estimate)


def test_ratings_and_shares_off_their_scale():
    goals = pd.DataFrame(
        {
            "metric": ["rating:desk", "promoters", "nps", "nps"],
            "baseline": [1.0, -0.1, -1.0, 1.0],
            "target": [5.5, 1.0, 1.0, -1.01],
            "due": "2025-09-01",
        }
    )
    with pytest.raises(tpm.DataError) as refused:
        tpm.goal_progress(replace(study_of(), goals=goals))
    remedy = "Write shares as 0.35 for 35%, and the score as 0.35 for 35 points."
    assert str(refused.value).splitlines() == [
        f"goals, row 2, column 'target': found 5.5, expected a number from 1 to 5. {remedy}",
        f"goals, row 3, column 'baseline': found -0.1, expected a number from 0 to 1. {remedy}",
        f"goals, row 5, column 'target': found -1.01, expected a number from −1 to 1. {remedy}",
    ]
