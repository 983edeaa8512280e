"""Willingness asked by yes or no: the share of yes in the score's place, by Wilson; and answers that look like it.

Independent values: statsmodels 0.14 (proportion_confint, Logit), to 1e-6 unless a line says otherwise.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(8)
    desk = rng.integers(1, 6, 200)
    yes = rng.random(200) < 0.15 * desk
    return pd.DataFrame({
        "q": np.where(yes, "Ja", "nein"), "desk": desk, "app": rng.integers(1, 6, 200),
        "area": np.where(np.arange(200) % 3 < 1, "north", "south"),
        "wave": np.where(np.arange(200) < 100, "2023", "2024"),
        "did": np.where(rng.random(200) < 0.2 + 0.3 * yes, "yes", "no"),
    })  # fmt: skip


def study_of(frame, **more):
    options = {"recommend": "q", "recommend_scale": "yes/no", "touchpoints": ["desk", "app"], "segments": ["area"]}
    return tpm.make_study(frame, **{**options, **more})


def test_the_share_of_yes_with_wilsons_interval(frame):
    result = tpm.net_promoter_score(study_of(frame))
    yes = (frame["q"] == "Ja").sum()
    low, high = proportion_confint(yes, 200, method="wilson")
    row = result.table.iloc[0]
    assert row[["yes", "no", "estimate"]].tolist() == pytest.approx([yes / 200, 1 - yes / 200, yes / 200])
    assert row[["conf_low", "conf_high"]].tolist() == pytest.approx([low, high])
    assert result.settings["interval"] == "wilson"
    assert result.summary("en") == (
        f"The share of yes is {yes / 2:.1f}% (95% interval {100 * low:.1f}% to {100 * high:.1f}%, Wilson), from 200 "
        "answers."
    )
    assert "promoters" not in result.table and "promoters" not in result.counts
    assert result.formats["estimate"] == "percent"


@given(st.integers(0, 30), st.integers(0, 30))
def test_yes_and_no_add_up_and_the_interval_stays_a_share(yes, no):
    if yes + no == 0:
        return
    study = tpm.make_study(
        pd.DataFrame({"q": [1] * yes + [0] * no, "shop": 3}), recommend="q", recommend_scale="yes/no",
        touchpoints=["shop"],
    )  # fmt: skip
    row = tpm.net_promoter_score(study).table.iloc[0]
    assert row["yes"] + row["no"] == pytest.approx(1)
    assert 0 <= row["conf_low"] <= row["estimate"] <= row["conf_high"] <= 1


def test_words_codes_and_no_answer(frame):
    coded = frame.assign(q=frame["q"].map({"Ja": "1", "nein": "2"}))
    coded.loc[:4, "q"] = "9"
    study = study_of(coded, no_answer=[9], codes={"recommend": {"true": [1], "false": [2]}})
    assert study.problems.empty
    assert study.survey["recommend"].isna().sum() == 5
    expected = (frame["q"][5:] == "Ja").mean()
    assert tpm.net_promoter_score(study).table.loc[0, "estimate"] == pytest.approx(expected)
    strange = study_of(frame.assign(q=["maybe", *frame["q"][1:]]))
    (fault,) = strange.problems.to_dict("records")
    assert (fault["value"], str(fault["expected"])) == ("maybe", "yes or no")
    assert str(fault["remedy"]) == (
        'A slip? Correct the cell. No answer? `no_answer=["maybe"]`. Yes, 1, or no, 0? `words={"maybe": ""}`. '
        "(for make_study)"
    )


def test_drivers_of_yes_are_a_logit_by_statsmodels(frame):
    study = study_of(frame)
    x = sm.add_constant(frame[["desk", "app"]].astype(float))
    expected = sm.Logit((frame["q"] == "Ja").astype(float), x).fit(disp=0).params
    for outcome in ("recommend", "promoter", "yes"):
        drivers = tpm.driver_regression(study, outcome=outcome)
        assert (drivers.outcome, drivers.model) == ("yes", "logit")
        assert drivers.table["estimate"].tolist() == pytest.approx(expected[["desk", "app"]].tolist(), abs=1e-4)
    assert tpm.what_if(study, {"desk": 0.5}).row("yes")["baseline"] == pytest.approx((frame["q"] == "Ja").mean())


def test_say_do_on_two_classes(frame):
    study = study_of(frame, roles={"recommended_12m": "did"})
    result = tpm.say_do(study, replicates=20)
    did, yes = frame["did"] == "yes", frame["q"] == "Ja"
    classes = result.classes.set_index("promoter_class")
    assert classes["estimate"].to_dict() == pytest.approx({"yes": did[yes].mean(), "no": did[~yes].mean()})
    gap = result.person.estimate("somers_d").estimate
    assert gap == pytest.approx(did[yes].mean() - did[~yes].mean())
    assert tpm.compare_drivers(study, replicates=20).saying.outcome == "yes"


def test_waves_groups_and_charts_go_on(frame):
    study = study_of(frame, wave="wave")
    shares = (frame["q"] == "Ja").groupby(frame["wave"]).mean()
    waves = tpm.compare_waves(study)
    assert waves.metric == "yes"
    assert waves.table.loc[0, "difference"] == pytest.approx(shares["2024"] - shares["2023"])
    chart = tpm.control_chart(study)
    assert chart.table["estimate"].tolist() == pytest.approx(shares.tolist())
    assert chart.table["lower"].ge(0).all() and chart.table["upper"].le(1).all()
    assert tpm.plot_control_chart(chart).get_ylabel() == "Share of yes (percent)"
    pair = tpm.compare_scores(study, by="area")
    assert "percentage points" in pair.summary("en")


@pytest.mark.parametrize(
    ("answers", "expected", "remedy"),
    [
        ([0, 1, 1], "only 0 and 1 on a scale 0–10: a yes/no question?",
         'If so: `recommend_scale = "yes/no"`. If not: `recommend_scale = [0, 10]`.'),
        ([1, 2, 2], "only 1 and 2 on a scale 0–10: a yes/no question?",
         'If so: `recommend_scale = "yes/no"` with `codes.q = { true = [1], false = [2] }`. If not: '
         "`recommend_scale = [0, 10]`."),
        ([1, 2, 3, 4, 5] * 4, "only 1 to 5 on a scale 0–10: another scale?",
         "If so: `recommend_scale = [1, 5]`. If not: `recommend_scale = [0, 10]`."),
    ],
)  # fmt: skip
def test_answers_of_a_shorter_scale_are_asked_about(answers, expected, remedy):
    frame = pd.DataFrame({"q": answers, "desk": 3})
    check = tpm.check_study(tpm.make_study(frame, recommend="q", touchpoints=["desk"]))
    (fault,) = check.table.to_dict("records")
    assert (fault["column"], str(fault["expected"]), str(fault["remedy"])) == ("q", expected, remedy)
    assert check.exit_code == 1 and check.study.survey["recommend"].notna().all()
    caveat = tpm.net_promoter_score(check.study).caveats[0].text("en")
    assert "on a scale from 0 to 10: " in caveat


@pytest.mark.parametrize(("answers", "line"), [
    ([0, 1, 1], 'recommend_scale = "yes/no"'),
    ([1, 2, 2], 'recommend_scale = "yes/no"\ncodes."q" = { true = [1], false = [2] }'),
    ([1, 2, 3, 4, 5] * 4, "recommend_scale = [1, 5]"),
    ([0, 1, 1], "recommend_scale = [0, 10]"),
    ([1, 2, 3, 4, 5] * 4, "recommend_scale = [0, 10]"),
])  # fmt: skip
def test_the_remedy_followed_comes_out_clean(answers, line, tmp_path):
    pd.DataFrame({"q": answers, "desk": 3}).to_csv(tmp_path / "answers.csv", index=False)
    settings = f'[survey]\nfile = "answers.csv"\nrecommend = "q"\ntouchpoints = ["desk"]\n{line}\n'
    (tmp_path / "study.toml").write_text(settings)
    assert tpm.check_study(tmp_path).exit_code == 0


def test_a_study_on_0_to_10_is_asked_nothing():
    study = tpm.make_study(pd.DataFrame({"q": [0, 1, 10], "desk": 3}), recommend="q", touchpoints=["desk"])
    assert study.problems.empty
