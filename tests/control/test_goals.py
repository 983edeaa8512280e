"""Progress towards goals: by hand, by verdict, and what cannot be judged."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tpm_widgets as tpm
from tpm_widgets.control.goals import _verdict

SCORES = [3] * 20 + [7] * 30 + [10] * 50  # NPS 0.3


def study_of(goals, **columns):
    survey = pd.DataFrame({"score": SCORES * 2, "desk": [2, 3, 4, 5, 5] * 40, "wave": ["W1"] * 100 + ["W2"] * 100})
    survey = survey.assign(date=["2024-03-01"] * 100 + ["2024-09-01"] * 100, **columns)
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["desk"], wave="wave", date="date", goals=pd.DataFrame(goals)
    )


def goal(metric="nps", baseline=0.0, target=0.4, due="2025-09-01", **more):
    return {"metric": [metric], "baseline": [baseline], "target": [target], "due": [due]} | more


def test_progress_by_hand():
    # 0.3 on the way from 0.0 to 0.4: three quarters; 0.1 left in 365 days: 0.00834 a month
    result = tpm.goal_progress(study_of(goal(goal=["Grow"])))
    (row,) = result.table.to_dict("records")
    score = tpm.net_promoter_score(study_of(goal()), by="wave").table.iloc[1]
    assert row["estimate"] == pytest.approx(0.3) and row["progress"] == pytest.approx(0.75)
    assert row["progress_low"] == pytest.approx(score["conf_low"] / 0.4)
    assert row["progress_high"] == pytest.approx(score["conf_high"] / 0.4)
    assert row["verdict"] == "on the way" and row["measured"] == "W2" and row["n"] == 100
    assert row["days_left"] == 365 and row["pace"] == pytest.approx(0.1 / 365 * 365.25 / 12)
    assert result.summary("en") == (
        "1 goal: 0 reached, 1 on the way, 0 without progress shown, 0 moving away. Grow: Net Promoter Score +30.0 "
        "(W2, n = 100; 95% interval +14.1 to +44.2) between 0.0 at first and the target +40.0: 75% of the way "
        "(interval 35% to 111%). It is due on Sep 1, 2025: +10.0 points are missing, +0.8 a month."
    )


@pytest.mark.parametrize(
    ("baseline", "target", "verdict"),
    [
        (0.0, 0.1, "reached"),
        (0.0, 0.3, "on the way"),
        (0.25, 0.4, "no progress shown"),
        (0.6, 0.8, "moving away"),
        (0.6, 0.5, "reached"),  # a goal below its baseline
        (0.3, 0.3, ""),
    ],
)
def test_verdicts(baseline, target, verdict):
    result = tpm.goal_progress(study_of(goal(baseline=baseline, target=target)))
    assert result.table["verdict"].tolist() == [verdict]
    assert result.summary() and result._repr_html_()


@given(st.floats(-3, 3), st.floats(0, 2))
def test_every_interval_has_one_verdict(low, width):
    high = low + width
    expected = {
        "reached": low >= 1,
        "moving away": high < 0,
        "on the way": 0 < low < 1,
        "no progress shown": low <= 0 <= high,
    }
    assert [name for name, holds in expected.items() if holds] == [_verdict(low, high)]


def test_target_and_baseline_alike_are_said_so():
    result = tpm.goal_progress(study_of(goal(baseline=0.3, target=0.3, goal=["Stay"])))
    assert np.isnan(result.table["progress"]).all()
    assert "Target and baseline are the same, so there is no way to measure progress on: Stay." in map(
        str, result.caveats
    )


def test_all_metrics_have_their_own_interval():
    metrics = ["nps", "promoters", "passives", "detractors", "rating:desk"]
    goals = {
        "metric": metrics,
        "baseline": [0.1, 0.4, 0.4, 0.3, 3],
        "target": [0.5, 0.6, 0.2, 0.1, 4.5],
        "due": "2025-09-01",
    }
    table = tpm.goal_progress(study_of(goals), level=0.9).table.set_index("metric")
    np.testing.assert_allclose(table["estimate"], [0.3, 0.5, 0.3, 0.2, 3.8])
    # Wilson, 90 %, 50 of 100: (0.4193, 0.5807); Student, 3.8 ± 1.6604·s/10 with s = 1.172
    np.testing.assert_allclose(
        table.loc["promoters", ["conf_low", "conf_high"]].astype(float), [0.4188, 0.5812], atol=1e-3
    )
    s = np.std([2, 3, 4, 5, 5] * 20, ddof=1)
    np.testing.assert_allclose(table.loc["rating:desk", "conf_high"] - 3.8, 1.660391 * s / 10, atol=1e-6)


def test_the_referral_rate_is_that_of_the_last_quarter():
    study = tpm.simulate_study(seed=1, respondents=400)
    result = tpm.goal_progress(study)
    row = result.table.set_index("metric").loc["referral_rate"]
    last = tpm.referral_rate(study, period="quarter").table.iloc[-1]
    assert row["measured"] == last["period"] and row["n"] == last["known"]
    np.testing.assert_allclose(
        row[["estimate", "conf_low", "conf_high"]].astype(float),
        last[["estimate", "conf_low", "conf_high"]].astype(float),
    )


def test_a_rate_may_begin_anywhere_from_nobody_to_everybody():
    study = tpm.simulate_study(seed=1, respondents=400)
    from_nobody = pd.DataFrame(goal("referral_rate", baseline=0.0, target=1.0)).astype({"due": "datetime64[us]"})
    (row,) = tpm.goal_progress(replace(study, goals=from_nobody)).table.to_dict("records")
    assert row["progress"] == pytest.approx(row["estimate"])


def test_a_goal_that_was_due_and_one_without_dates():
    past = tpm.goal_progress(study_of(goal(due="2024-06-01"))).summary("en")
    assert "It was due on Jun 1, 2024, and +10.0 points were missing." in past
    study = study_of(goal())
    undated = tpm.goal_progress(replace(study, survey=study.survey.drop(columns=["date", "wave"])))
    assert undated.table["measured"].tolist() == ["all"] and undated.table["n"].tolist() == [200]
    assert "+10.0 points are missing." in undated.summary("en")


def test_too_few_answers_are_not_judged():
    study = study_of(goal(metric="rating:desk", baseline=3, target=4))
    empty = replace(study, ratings=study.ratings[study.ratings.index < 103].reindex(study.ratings.index))
    result = tpm.goal_progress(empty)
    assert result.table["verdict"].tolist() == [""] and result.table["n"].tolist() == [3]
    assert "Too few values, or a missing baseline or target, to judge: rating:desk." in map(str, result.caveats)


def test_all_faults_of_the_goals_at_once():
    study = study_of(goal())
    goals = pd.DataFrame({"metric": ["nps", "sales"], "baseline": [30.0, 0.1], "target": [0.4, 0.5]})
    goals["due"] = pd.Timestamp("2025-09-01")
    with pytest.raises(tpm.DataError) as caught:
        tpm.goal_progress(replace(study, goals=goals))
    assert str(caught.value) == (
        "goals, row 2, column 'baseline': found 30.0, expected a number from −1 to 1. Write shares as 0.35 for 35%, "
        "and the score as 0.35 for 35 points.\n"
        "goals, row 3, column 'metric': found 'sales', expected one of nps, promoters, passives, detractors, "
        "referral_rate and rating:desk. Write the metric as listed."
    )


def test_no_goals_are_refused_in_words():
    with pytest.raises(tpm.DataError) as caught:
        tpm.goal_progress(replace(study_of(goal()), goals=None))
    assert str(caught.value) == (
        "goals: expected a table for goal_progress. Add the table as a file under [goals] in study.toml, or as goals= "
        "to make_study."
    )


def test_the_input_stays():
    study = study_of(goal())
    before = study.data_hash
    tpm.goal_progress(study)
    assert study.data_hash == before
