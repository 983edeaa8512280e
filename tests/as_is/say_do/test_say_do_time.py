"""Saying and doing over time: by hand, against scipy, a known delay, and what cannot be said."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

YEAR = 365.25


def courses(make, scores, deeds, answers=40, people=400):
    """Make an unlinked study month by month: the share of promoters, and of customers who recommend in it."""
    months = pd.period_range("2021-01", periods=len(scores), freq="M")
    survey = {
        "date": np.repeat(months.to_timestamp(), answers),
        "recommend": np.concatenate([np.where(np.arange(answers) < round(answers * s), 10.0, 3.0) for s in scores]),
    }
    made = [(person, month.start_time) for month, share in zip(months, deeds, strict=True)
            for person in range(round(people * share))]  # fmt: skip
    customers = {"customer": np.arange(people), "acquired": "2020-01-01"}
    until = str(months[-1].end_time.date())
    return make(survey, customers, made, start="2021-01-01", until=until, linkage={"permitted": False})


def test_by_hand(linked_study):
    study = linked_study(
        {"customer": list("abcdefgh"), "date": ["2023-02-01"] * 6 + ["2023-07-01"] * 2,
         "recommend": [9.0, 9, 9, 9, 2, 8, 9, 9]},
        referrals=[("a", "2023-01-01"), ("a", "2023-03-31"), ("b", "2023-04-01")],
        until="2023-09-30",
    )  # fmt: skip
    result = tpm.say_do_time(study)
    assert result.table.columns.tolist() == [
        "period", "n", "score", "score_low", "score_high", "exposure", "recommendations", "recommendation_rate",
        "recommendation_rate_low", "recommendation_rate_high", "won", "won_rate", "won_rate_low", "won_rate_high",
    ]  # fmt: skip
    assert result.table["period"].tolist() == ["2023-Q1", "2023-Q2", "2023-Q3"]
    assert result.table["n"].tolist() == [6, 0, 2]
    assert result.table["score"].iloc[0] == pytest.approx(0.5)
    assert result.table["score"].iloc[1:].isna().all()  # nobody, and fewer than five
    assert result.table["exposure"].tolist() == pytest.approx([8 * days / YEAR for days in (90, 91, 92)])
    assert result.table["recommendations"].tolist() == [2, 1, 0]
    assert result.table["recommendation_rate"].iloc[1] == pytest.approx(100 / (8 * 91 / YEAR))
    # adjusted Wald of 4.75, 2.5 and 1.75 in 9; two recommendations of one customer are worth 4/3.5; none in 2.015 years
    assert result.summary("en") == (
        "The Net Promoter Score was +50.0 (−17.7 to +84.4) in 2023-Q1 (95% intervals, adjusted Wald, 8 answers in "
        "all). What was done, recommendations per 100 customer-years: 101.46 (3.81 to 516.45) in 2023-Q1 and 0.00 "
        "(0.00 to 183.07) in 2023-Q3. Which comes first is not said: 1 period has both a score and a rate, and a lag "
        "profile takes 20."
    )
    assert read(result.caveats, "en") == (
        "The score is that of those who answered, the deeds are everybody's; two courses that go together need not "
        "cause each other, and the seasons are in both. Withheld, because they hold fewer than 5 answers: 2023-Q3."
    )
    assert result.settings == {"period": "quarter", "lags": 4, "level": 0.95}


def test_counts_add_up_to_those_of_all_time():
    study = tpm.simulate_study(seed=3, respondents=1_200)
    whole = tpm.say_do(study, replicates=1).respondents.set_index("group").loc["everybody"]
    for period in ("quarter", "month"):
        table = tpm.say_do_time(study, period).table
        assert table["recommendations"].sum() == whole["recommendations"]
        assert table["exposure"].sum() * 12 == pytest.approx(whole["exposure"])


def test_deeds_that_follow_two_months_later_are_found(linked_study):
    rng = np.random.default_rng(6)
    said = rng.uniform(0.2, 0.8, 30)
    done = np.append([0.1, 0.1], 0.05 + 0.1 * said[:-2])
    study = courses(linked_study, said, done)
    result = tpm.say_do_time(study, "month", lags=3)
    own = result.lags.query("deed == 'recommendations'").set_index("lag")
    assert own.index.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert own["estimate"].idxmax() == 2
    assert own.loc[2, "apart"]
    assert result.lags.query("deed == 'won'")["estimate"].isna().all()  # nobody was won
    assert "where the deeds come 2 periods after the answers" in result.summary("en")
    rest = [
        stats.linregress(np.arange(30), column)
        for column in (result.table["score"], result.table["recommendation_rate"])
    ]
    score, rate = (
        result.table[name].to_numpy() - line.intercept - line.slope * np.arange(30)
        for name, line in zip(("score", "recommendation_rate"), rest, strict=True)
    )
    assert own.loc[2, "estimate"] == pytest.approx(stats.pearsonr(score[:-2], rate[2:]).statistic, abs=1e-10)


def test_unrelated_courses_are_not_brought_together(linked_study):
    rng = np.random.default_rng(8)
    study = courses(linked_study, rng.uniform(0.3, 0.7, 24), rng.uniform(0.05, 0.15, 24))
    result = tpm.say_do_time(study, "month")
    assert result.periods == 24
    assert result.summary("en").endswith(
        "It is not shown that the score and the rate go together beyond their trends, at any distance of up to 4 "
        "periods (9 correlations together at 95%, Bonferroni; 24 periods)."
    )


def test_nineteen_periods_are_too_few(linked_study):
    rng = np.random.default_rng(9)
    result = tpm.say_do_time(courses(linked_study, rng.uniform(0.3, 0.7, 19), rng.uniform(0.05, 0.15, 19)), "month")
    assert result.lags.empty
    assert result.summary("en").endswith(
        "Which comes first is not said: 19 periods have both a score and a rate, and a lag profile takes 20."
    )


def test_a_score_that_never_changes(linked_study):
    result = tpm.say_do_time(courses(linked_study, [0.5] * 20, [0.1] * 20), "month")
    assert result.lags["estimate"].isna().all()
    assert result.summary("en").endswith(
        "Which comes first cannot be said: the score or the rate does not vary about its trend."
    )


def test_nobody_recommended_and_nobody_answered(linked_study):
    study = courses(linked_study, [0.5, 0.6], [0.0, 0.0])
    result = tpm.say_do_time(study, "month")
    assert result.table["recommendation_rate"].tolist() == [0, 0]
    assert (result.table["recommendation_rate_high"] > 0).all()
    silent = tpm.say_do_time(replace(study, survey=study.survey.assign(recommend=np.nan)), "month")
    assert silent.summary("en").startswith("What was done, recommendations per 100 customer-years: 0.00")


def test_a_reported_study_has_a_course_and_no_profile(linked_study):
    study = courses(linked_study, [0.5] * 24, [0.1] * 24)
    asked = study.survey.assign(recommended_12m=pd.array(np.arange(960) % 4 == 0, dtype="boolean"))
    result = tpm.say_do_time(replace(study, survey=asked, customers=None, referrals=None), "month")
    assert result.table["reported_share"].tolist() == pytest.approx([0.25] * 24)
    assert result.lags.empty
    assert result.summary("en").endswith(
        "Which comes first cannot be said: what respondents report looks back twelve months, over several periods."
    )


def test_waves_without_days_are_refused(linked_study):
    study = linked_study({"customer": list("abcde"), "recommend": 9.0, "wave": "one"}, referrals=[("a", "2023-04-01")])
    with pytest.raises(DataError) as refusal:
        tpm.say_do_time(study, "wave")
    assert str(refusal.value) == (
        "survey, column 'wave': expected the days of wave one, for say_do_time(period='wave'). Declare each wave's "
        "start and end as a table [waves], or name the column of the answers' dates."
    )
    with pytest.raises(DataError, match=r"expected values of this role for say_do_time\(period='quarter'\)"):
        tpm.say_do_time(study)


def test_wrong_arguments_are_refused(linked_study):
    study = courses(linked_study, [0.5, 0.6], [0.1, 0.1])
    with pytest.raises(ValueError, match=r"^period must be one of 'quarter', 'month', 'wave'; got 'year'\.$"):
        tpm.say_do_time(study, "year")
    with pytest.raises(ValueError, match=r"^lags must be a whole number from 0 to 8; got 9\.$"):
        tpm.say_do_time(study, lags=9)


def test_the_study_stays_as_it_was(linked_study):
    study = courses(linked_study, [0.5, 0.6], [0.1, 0.1])
    before = study.data_hash
    pd.testing.assert_frame_equal(tpm.say_do_time(study).table, tpm.say_do_time(study).table)
    assert study.data_hash == before


def test_as_many_answers_as_a_group_needs_make_a_score(linked_study):
    study = linked_study(
        {"customer": list("abcdefghi"), "date": ["2023-02-01"] * 5 + ["2023-05-01"] * 4, "recommend": 9.0},
        until="2023-06-30",
    )
    assert tpm.say_do_time(study).table["score"].isna().tolist() == [False, True]
