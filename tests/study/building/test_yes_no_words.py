"""Columns of yes and no take the study's words and are turned like any other."""

import pandas as pd
import pytest

import tpm_widgets as tpm

SAID = ["Bestimmt", "eher nicht", "bestimmt ", None, "Eher nicht"]
YES = [1, 0, 1, None, 0]


def study_of(said=SAID, **more):
    frame = pd.DataFrame({"q": said, "shop": 3})
    return tpm.make_study(frame, recommend="q", recommend_scale="yes/no", touchpoints=["shop"], **more)


def answers(study, role="recommend"):
    return [None if pd.isna(value) else int(value) for value in study.survey[role]]


@pytest.mark.parametrize(
    "words",
    [
        {"q": {"bestimmt": 1, "eher nicht": 0}},
        {"recommend": {"bestimmt": 1, "eher nicht": 0}},
        {"bestimmt": 1, "eher nicht": 0},
    ],
    ids=["of the column", "of the role", "everywhere"],
)
def test_words_stand_for_yes_and_no(words):
    study = study_of(words=words)
    assert study.problems.empty
    assert answers(study) == YES
    assert answers(study_of(words=words, reversed=["q"])) == answers(study_of(words=words, reversed=["recommend"]))
    assert answers(study_of(words=words, reversed=["q"])) == [0, 1, 0, None, 1]


def test_a_column_is_turned_once_and_it_is_said():
    study = study_of(["yes", "no", "yes", None, "no"], reversed=["recommend"])
    assert answers(study) == [0, 1, 0, None, 1]
    assert [str(remark) for remark in study.remarks] == ["Turned, so that higher is better: q."]
    assert tpm.net_promoter_score(study).table.loc[0, "estimate"] == 0.5


def test_words_of_ratings_leave_yes_and_no_as_they_are():
    study = study_of(["yes", "no", "yes", None, "no"], words={"yes": 5, "no": 2})
    assert study.problems.empty
    assert answers(study) == YES


def test_words_go_through_the_codes_of_a_column():
    words = {"q": {"bestimmt": 1, "eher nicht": 2}}
    study = study_of(words=words, codes={"q": {"true": [1], "false": [2]}})
    assert study.problems.empty
    assert answers(study) == YES


def test_a_word_that_says_neither_is_a_fault():
    study = study_of(words={"q": {"bestimmt": 7, "eher nicht": 0}})
    assert study.problems["value"].tolist() == ["Bestimmt", "bestimmt"]
    assert set(map(str, study.problems["expected"])) == {"yes or no"}
    assert answers(study) == [None, 0, None, None, 0]


def test_deeds_and_awareness_take_words_and_are_turned_too(tmp_path):
    pd.DataFrame({"q": SAID, "shop": 3, "saw": ["klar", "nö", "klar", "nö", None], "gave": SAID}).to_csv(
        tmp_path / "answers.csv", index=False
    )
    lines = """
        [survey]
        file = "answers.csv"
        recommend = "q"
        recommend_scale = "yes/no"
        recommended_12m = "gave"
        touchpoints = ["shop"]
        aware = { saw = "shop" }
        words = { bestimmt = 1, "eher nicht" = 0, klar = 1, "nö" = 0 }
        reversed = NAMES
    """
    (tmp_path / "study.toml").write_text(lines.replace("NAMES", '["gave", "saw"]'), "utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    assert answers(study, "recommended_12m") == [0, 1, 0, None, 1]
    assert study.aware["shop"].astype("Float64").tolist()[:4] == [0, 1, 0, 1]
    assert answers(study) == YES
    (tmp_path / "study.toml").write_text(lines.replace("NAMES", '["sav"]'), "utf-8")
    with pytest.raises(tpm.DataError) as refused:
        tpm.load_study(tmp_path)
    assert str(refused.value) == (
        "answers.csv, column 'sav': expected a touchpoint, or a column with a scale, to be reversed. "
        'Did you mean "saw"?'
    )


def test_nothing_that_is_given_changes():
    frame = pd.DataFrame({"q": SAID, "shop": 3})
    before = frame.copy()
    tpm.make_study(
        frame, recommend="q", recommend_scale="yes/no", touchpoints=["shop"], reversed=["q"],
        words={"bestimmt": 1, "eher nicht": 0},
    )  # fmt: skip
    pd.testing.assert_frame_equal(frame, before)
