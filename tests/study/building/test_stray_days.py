"""Waves in the order of their answers' median day, and days that stray far from their wave."""

import pandas as pd
import pytest

import tpm_widgets as tpm


def waves(stray=None, role="wave"):
    answers = pd.DataFrame({"score": [10] * 19 + [8] + [3] * 19 + [8], "desk": 3}).assign(
        wave=["one"] * 20 + ["two"] * 20, day=["2024-03-01"] * 20 + ["2024-10-01"] * 20
    )
    if stray is not None:
        answers.loc[25, "day"] = stray
    return tpm.make_study(answers, recommend="score", touchpoints=["desk"], date="day", **{role: "wave"})


@pytest.mark.parametrize("stray", [None, "2014-10-01", "2034-10-01"])
def test_one_stray_day_turns_no_waves_around(stray):
    study = waves(stray)
    row = tpm.compare_waves(study).table.iloc[0]
    assert (row["previous"], row["wave"], row["difference"]) == ("one", "two", pytest.approx(-1.9))
    if stray is None:
        assert study.problems.empty
        return
    (problem,) = study.problems.to_dict("records")
    assert (problem["row"], problem["column"], problem["value"]) == (26, "day", stray)
    assert problem["expected"] == "a day near those of the same wave"
    assert problem["remedy"] == "Correct the day, or the wave."
    assert study.left_out.to_dict("records") == [{"table": "survey", "reason": "day far from its wave", "count": 1}]
    assert study.survey["date"].isna().sum() == 1 and len(study.survey) == 40


def test_a_wave_that_takes_long_has_no_strays():
    days = pd.date_range("2022-01-01", periods=40, freq="40D")
    answers = pd.DataFrame({"score": 9, "desk": 3, "day": days, "wave": ["a"] * 20 + ["b"] * 20})
    study = tpm.make_study(answers, recommend="score", touchpoints=["desk"], date="day", wave="wave")
    assert study.problems.empty and study.survey["date"].notna().all()


def test_of_waves_with_one_median_that_which_began_first_stands_first():
    answers = pd.DataFrame({"score": 9, "desk": 3, "wave": list("yyyxxx")}).assign(
        day=["2024-03-03", "2024-03-05", "2024-03-09", "2024-03-01", "2024-03-05", "2024-03-06"]
    )
    study = tpm.make_study(answers, recommend="score", touchpoints=["desk"], date="day", wave="wave")
    assert study.survey["wave"].cat.categories.tolist() == ["x", "y"]
