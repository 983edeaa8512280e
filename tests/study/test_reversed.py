"""Scales on which low is good."""

import pandas as pd
import pytest

import tpm_widgets as tpm

GRADES = pd.DataFrame(
    {
        "nps": [10, 9, 3, 8, 10, 0, 7, 9, 2, 6],
        "shop": [1, 2, 5, 2, 1, 6, 3, 2, 5, 4],
        "phone": [1, 7, 2, 9, 3, 3, 1, 2, 2, 1],
        "all": [1, 2, 3, 4, 5, 6, 1, 2, 3, 4],
    }
)


def study_of(**more):
    return tpm.make_study(GRADES, recommend="nps", rating_scale=(1, 6), touchpoints={"shop": "store", "phone": "call"},
                          not_experienced=[7], no_answer=[9], **more)  # fmt: skip


def test_grades_are_turned():
    study = study_of(reversed=["store"])
    assert study.ratings["store"].tolist() == (7 - GRADES["shop"]).tolist()
    assert study.ratings["store"].mean() == pytest.approx(3.9)
    assert study.rating_scales["store"] == (1, 6)
    slope = study.ratings["store"].cov(study.survey["recommend"]) / study.ratings["store"].var()
    assert slope == pytest.approx(
        1.9516, abs=5e-5
    )  # least squares of the score on the grade, with the sign of "better"
    assert study.ratings["call"].equals(study_of().ratings["call"])
    assert [remark.text("en") for remark in study.remarks] == ["Turned, so that higher is better: shop."]
    assert study.ratings.equals(study_of(reversed=["shop"]).ratings)


def test_all_ratings_are_turned_after_their_codes_were_seen():
    study = study_of(reversed=True, roles={"overall": "all"})
    assert study.ratings["call"].fillna(0).tolist() == [6, 0, 5, 0, 4, 4, 6, 5, 5, 6]
    assert study.experienced["call"].tolist()[1:2] == [False]
    assert study.survey["overall"].tolist() == (7 - GRADES["all"]).tolist()
    assert study.survey["recommend"].tolist() == GRADES["nps"].tolist()
    assert study_of(reversed=False).ratings.equals(study_of().ratings)


def test_the_score_and_stated_importance_are_turned_by_name():
    study = study_of(reversed=["recommend", "all"], roles={"stated_importance": {"all": "store"}})
    assert study.survey["recommend"].tolist() == (10 - GRADES["nps"]).tolist()
    assert study.stated_importance["store"].tolist() == (7 - GRADES["all"]).tolist()
    assert study.ratings["store"].tolist() == GRADES["shop"].tolist()


def test_a_name_without_a_scale_is_refused():
    with pytest.raises(tpm.DataError) as error:
        study_of(reversed=["stor"])
    assert str(error.value) == (
        "survey, column 'stor': expected a touchpoint, or a column with a scale, to be reversed. "
        'Did you mean "store"?'
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("rating_scale = [6, 1]", ["rating_scale = [1, 6]", "reversed = true"]),
        ("recommend_scale = [10, 0]", ["recommend_scale = [0, 10]", 'reversed = ["recommend"]']),
    ],
)
def test_a_scale_with_the_highest_first_is_refused_with_what_to_write(tmp_path, wrong, right):
    GRADES.to_csv(tmp_path / "a.csv", index=False)
    top = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["shop"]\nrating_scale = [1, 6]\n'
    top = top.replace("rating_scale = [1, 6]\n", "") if "rating" in wrong else top
    (tmp_path / "study.toml").write_text(f"{top}{wrong}\n", encoding="utf-8")
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(tmp_path)
    key = wrong.split()[0]
    ends = "value of the scale, such as [1, 5]" if "rating" in key else 'answer, such as [0, 10], or "yes/no"'
    assert str(error.value) == (
        f"study.toml, column 'survey.{key}': found {wrong.partition(' = ')[2]!r}, expected the lowest and the highest "
        f"{ends}. The lowest first: `{right[0]}`; and, where low is good: `{right[1]}`."
    )
    (tmp_path / "study.toml").write_text("\n".join([top, *right]), encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    expected = 7 - GRADES["shop"] if "rating" in wrong else 10 - GRADES["nps"]
    assert (study.ratings["shop"] if "rating" in wrong else study.survey["recommend"]).tolist() == expected.tolist()


def test_a_scale_of_one_column_with_the_highest_first(tmp_path):
    GRADES.to_csv(tmp_path / "a.csv", index=False)
    top = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["shop"]\n'
    (tmp_path / "study.toml").write_text(f"{top}scales = {{ shop = [6, 1] }}\n", encoding="utf-8")
    remedy = tpm.check_study(tmp_path).table["remedy"].item()
    assert remedy == 'The lowest first: `shop = [1, 6]`; and, where low is good: `reversed = ["shop"]`.'
