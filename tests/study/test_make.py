"""Frames in memory: roles, codes, scales, waves, links between the tables; and the caller's frame stays as it is."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_codes_count_only_outside_the_scale_of_their_column():
    answers = frame(nps=[0, 6, 11, 10], q1=[0, 6, 5, 1], q2=[0, 6, 5, 10], q3=[0, 6, 99, 1])
    study = tpm.make_study(
        answers,
        recommend="nps",
        touchpoints=["q1", "q2", "q3"],
        scales={"q2": (0, 10)},
        not_experienced=[6],
        no_answer=[0, 11],
        codes={"q3": {"not_experienced": [99], "no_answer": [0, 6]}},
    )
    assert study.problems.empty
    np.testing.assert_array_equal(study.survey["recommend"], [0, 6, np.nan, 10])
    np.testing.assert_array_equal(study.ratings["q1"], [np.nan, np.nan, 5, 1])
    np.testing.assert_array_equal(study.ratings["q2"], [0, 6, 5, 10])
    np.testing.assert_array_equal(study.ratings["q3"], [np.nan, np.nan, np.nan, 1])
    assert study.experienced["q1"].tolist() == [pd.NA, False, True, True]
    assert study.experienced["q3"].tolist() == [pd.NA, pd.NA, False, True]
    assert study.rating_scales == {"q1": (1, 5), "q2": (0, 10), "q3": (1, 5)}


def test_codes_may_be_words():
    answers = frame(nps=["9", "don't know", "7"], q1=["never used", "4", "n/a"])
    study = tpm.make_study(
        answers, recommend="nps", touchpoints=["q1"], not_experienced=["Never used"], no_answer=["don't know"]
    )
    assert study.problems.empty
    assert study.experienced["q1"].tolist() == [False, True, pd.NA]


def test_the_callers_frames_stay_as_they_are():
    answers = frame(nps=[9.0, 12.0], q1=[5, 9], day=["2024-01-01", "?"], customer=["a", "x"])
    customers = frame(customer=["a", "a"], acquired=["2020-01-01", "2021-01-01"])
    before = answers.copy(deep=True), customers.copy(deep=True)
    study = tpm.make_study(
        answers, recommend="nps", touchpoints=["q1"], date="day", customer="customer", customers=customers
    )
    assert len(study.problems) == 5
    pd.testing.assert_frame_equal(answers, before[0])
    pd.testing.assert_frame_equal(customers, before[1])
    study.survey.loc[:, "recommend"] = 0
    study.ratings.loc[:, "q1"] = 0
    pd.testing.assert_frame_equal(answers, before[0])


def test_a_role_that_is_not_named_is_not_played():
    answers = frame(recommend=[9, 8], weight=[1, 5], wave=["a", "b"])
    study = tpm.make_study(answers)
    assert list(study.survey) == ["recommend"]
    assert list(study.other_columns) == ["weight", "wave"]
    assert study.weights.tolist() == [1, 1]


def test_roles_segments_and_what_plays_no_role():
    answers = frame(
        nps=[9, 8],
        q1=[5, 4],
        all=[5, 6],
        member=["ja", "nein"],
        know=[1, 0],
        matters=[4, 5],
        region=pd.Categorical(["n", "s"], categories=["s", "n"], ordered=True),
        product=[1, 2],
        zip=["01234", "99999"],
        age=["31", "45"],
    )
    study = tpm.make_study(
        answers,
        recommend="nps",
        touchpoints={"q1": "shop"},
        not_experienced=[6],
        segments=["region", "product"],
        roles={
            "overall": "all",
            "recommended_12m": "member",
            "aware": {"know": "shop"},
            "stated_importance": {"matters": "shop"},
        },
    )
    assert study.problems.empty
    assert list(study.survey) == ["recommend", "overall", "recommended_12m", "region", "product"]
    np.testing.assert_array_equal(study.survey["overall"], [5, np.nan])
    assert study.survey["recommended_12m"].tolist() == [True, False]
    assert study.survey["region"].cat.categories.tolist() == ["s", "n"]
    assert study.survey["product"].tolist() == ["1", "2"]
    assert study.aware["shop"].tolist() == [True, False]
    assert study.stated_importance["shop"].tolist() == [4, 5]
    assert study.other_columns["zip"].tolist() == ["01234", "99999"]
    assert study.other_columns["age"].tolist() == [31, 45]
    assert study.column("age").tolist() == [31, 45]


def test_waves_in_the_order_of_their_start_their_first_answer_or_their_names():
    answers = frame(nps=[9, 8, 7], wave=["Q10", "Q9", "Q2"], day=["2024-01-01", "2024-06-01", "2024-03-01"])
    named = {"survey": answers, "recommend": "nps", "wave": "wave"}
    waves = frame(wave=["Q9", "Q2", "Q10"], start=["2023-01-01", "2023-02-01", "2023-03-01"], end=["2025-01-01"] * 3)

    def order(**more):
        study = tpm.make_study(**named, **more)
        assert study.problems.empty
        assert study.survey["wave"].cat.ordered
        return study.survey["wave"].cat.categories.tolist()

    assert order() == ["Q2", "Q9", "Q10"]
    assert order(date="day") == ["Q10", "Q2", "Q9"]
    assert order(waves=waves) == ["Q9", "Q2", "Q10"]


def test_waves_are_told_from_the_day_of_the_answer():
    answers = frame(id=[1, 1, 2, 3], nps=[9, 8, 7, 6], day=["2024-02-01", "2024-08-01", "2024-06-30", "2025-01-01"])
    waves = frame(wave=["H2", "H1"], start=["2024-07-01", "2024-01-01"], end=["2024-12-31", "2024-06-30"])
    study = tpm.make_study(answers, recommend="nps", respondent="id", date="day", waves=waves)
    assert study.survey["wave"].tolist()[:3] == ["H1", "H2", "H1"]
    assert study.survey["wave"].cat.categories.tolist() == ["H1", "H2"]
    assert study.problems[["row", "column", "value", "expected"]].to_numpy().tolist() == [
        [4, "day", "2025-01-01", "a day within a wave"]
    ]


def test_the_touchpoint_table_gives_order_labels_and_the_columns_themselves():
    table = frame(touchpoint=["phone", "shop", "web"], label=["Hotline", None, "Website"], order=[3, 1, 2])
    answers = frame(nps=[9, 8], shop=[5, 4], phone=[3, 2])
    study = tpm.make_study(answers, recommend="nps", touchpoint_table=table)
    assert study.problems.empty
    assert study.touchpoint_names == ["shop", "phone"]
    assert study.labels == {"shop": "shop", "web": "Website", "phone": "Hotline"}


def test_a_rated_touchpoint_that_is_not_listed_is_kept_and_reported():
    answers = frame(nps=[9, 8], q1=[5, 4])
    study = tpm.make_study(
        answers, recommend="nps", touchpoints={"q1": "kiosk"}, touchpoint_table=frame(touchpoint=["shop"])
    )
    assert study.touchpoints["touchpoint"].tolist() == ["shop", "kiosk"]
    assert study.problems[["table", "value", "expected"]].to_numpy().tolist() == [
        ["touchpoints", "kiosk", "a row for each touchpoint that the survey rates"]
    ]
    assert study.left_out.empty


def test_the_columns_and_words_of_other_tables():
    answers = frame(nps=[9, 8], who=["A", "B"])
    customers = frame(id=["A", "B", "C"], since=["01.02.2020", "03.04.2021", "05.06.2022"], how=["WOM", "Ad", "?"])
    study = tpm.make_study(
        answers,
        recommend="nps",
        customer="who",
        customers=customers,
        reviews=frame(date=["2024-01-01"], platform=["X"], stars=[8]),
        roles={"customers": {"customer": "id", "acquired": "since", "source": "how"}},
        codes={"customers": {"source": {"recommendation": ["wom"], "other": ["ad"], "unknown": ["?"]}}},
        scales={"reviews": {"stars": (1, 10)}},
    )
    assert study.problems.empty
    assert study.customers["source"].tolist() == ["recommendation", "other", "unknown"]
    assert study.customers["acquired"].tolist() == list(pd.to_datetime(["2020-02-01", "2021-04-03", "2022-06-05"]))
    assert study.reviews["stars"].tolist() == [8]


def test_what_refers_to_nobody_is_missing_and_what_cannot_do_without_is_left_out():
    customers = frame(
        customer=["a", "b", None],
        acquired=["2020-01-01", "2021-01-01", "2022-01-01"],
        left=["2019-01-01", None, None],
        recommended_by=["a", "zz", "a"],
    )
    study = tpm.make_study(
        frame(id=[1], nps=[9]),
        recommend="nps",
        respondent="id",
        customers=customers,
        referrals=frame(
            referrer=["a", "zz", "b"], date=["2021-01-01", "2021-01-01", None], new_customer=["q", "a", "a"]
        ),
        incidents=frame(respondent=[1, 2], touchpoint=[None, None], date=["2021-01-01"] * 2, valence=["positive"] * 2),
        revenue=frame(customer=["a", "zz"], period=[2023, 2023], revenue=[10, 20]),
    )
    assert study.customers["customer"].tolist() == ["a", "b"]
    assert study.customers[["left", "recommended_by"]].isna().to_numpy().tolist() == [[True, True], [True, False]]
    assert study.referrals["referrer"].tolist() == ["a"]
    assert study.referrals["new_customer"].isna().tolist() == [True]
    assert study.incidents["respondent"].isna().tolist() == [False, True]
    assert study.revenue.to_dict("records") == [{"customer": "a", "period": "2023", "revenue": 10.0}]
    counts = {(row.table, row.reason): row.count for row in study.left_out.itertuples(index=False)}
    assert counts == {
        ("customers", "left before acquired"): 1,
        ("customers", "recommends himself"): 1,
        ("customers", "no customer"): 1,
        ("referrals", "unknown referrer"): 1,
        ("referrals", "unknown new_customer"): 1,
        ("referrals", "no date"): 1,
        ("incidents", "unknown respondent"): 1,
        ("revenue", "unknown customer"): 1,
    }


def test_blank_cells_as_the_study_says(tmp_path):
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["q1"]\nno_answer = [9]\n'
    (tmp_path / "a.csv").write_text("nps,q1\n9,\n8,4\n7,9\n6,77\n", encoding="utf-8")
    for blank, expected in [
        ("no_answer", [pd.NA, True, pd.NA, pd.NA]),
        ("not_experienced", [False, True, pd.NA, pd.NA]),
    ]:
        (tmp_path / "study.toml").write_text(settings + f'blank = "{blank}"', encoding="utf-8")
        assert tpm.load_study(tmp_path).experienced["q1"].tolist() == expected


def test_answers_that_may_not_be_tied_to_customers_are_not(tmp_path):
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\n[linkage]\npermitted = false\n'
    (tmp_path / "a.csv").write_text("nps,customer\n9,a\n8,b\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    assert "customer" not in tpm.load_study(tmp_path).survey


def test_wrong_arguments():
    with pytest.raises(TypeError) as wrong_type:
        tpm.make_study([1, 2], recommend="nps")
    assert str(wrong_type.value) == "survey must be a data frame or the path of a Parquet file; got list."
    with pytest.raises(tpm.DataError) as wrong:
        tpm.make_study(
            frame(nps=[9, 8]),
            recommend="nps",
            recommend_scale=(10, 0),
            not_experienced=[6],
            no_answer=[6],
            roles={"overal": "q"},
            min_group=0,
        )
    assert str(wrong.value).splitlines() == [
        "study, column 'min_group': found '0', expected a whole number, 1 or more.",
        "survey: found 'overal', expected a key of [survey]. Did you mean 'overall'?",
        "survey, column 'no_answer': found '6', expected a code with one meaning. "
        "It stands under not_experienced, too.",
        "survey, column 'recommend_scale': found '(10, 0)', "
        'expected the lowest and the highest answer, such as [0, 10], or "yes/no". '
        'The lowest first: `recommend_scale=[0, 10]`; and, where low is good: `reversed=["recommend"]`.',
    ]


@pytest.mark.parametrize("kind", ["category", "Int64", "float", "object", "str", "boolean"])
def test_every_kind_of_column_is_read(kind):
    values = pd.Series([1, 0, 1, None], dtype="float").astype("Int64")
    column = values.astype(object).where(values.notna(), None) if kind == "object" else values.astype(kind)
    study = tpm.make_study(frame(nps=[9, 8, 7, 6], q=column), recommend="nps", touchpoints=["q"], rating_scale=(0, 1))
    if kind == "boolean":
        assert study.ratings["q"].tolist()[:3] == [1, 0, 1]
    else:
        np.testing.assert_array_equal(study.ratings["q"], [1, 0, 1, np.nan])
    assert study.problems.empty


def test_numbers_that_are_not_finite_are_faults():
    study = tpm.make_study(frame(nps=[9, np.inf], q=["inf", "4"]), recommend="nps", touchpoints=["q"])
    assert study.problems[["row", "column", "value"]].to_numpy().tolist() == [[2, "nps", "inf"], [1, "q", "inf"]]


def test_a_segment_is_not_called_like_a_role_of_another_column():
    with pytest.raises(tpm.DataError) as error:
        tpm.make_study(frame(nps=[9], group=["a"], wave=["b"]), recommend="nps", wave="group", segments=["wave"])
    assert str(error.value) == (
        "survey, column 'wave': expected a segment that is not called like a role. "
        'Rename the column, or let it play the role: wave = "wave".'
    )


def test_codes_of_a_table_that_has_none_are_refused_as_codes():
    waves = frame(w=["a"], start=["2024-01-01"], end=["2024-01-31"])
    with pytest.raises(tpm.DataError) as error:
        tpm.make_study(
            frame(nps=[9]),
            recommend="nps",
            waves=waves,
            roles={"waves": {"wave": "w"}},
            codes={"waves": {"w": {"a": [1]}}},
        )
    assert str(error.value) == "waves: found 'w', expected a key of [waves.codes]."
