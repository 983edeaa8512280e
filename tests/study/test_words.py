"""Answers in words: numbers in labels, maps of words, and what a check says of them."""

import pandas as pd
import pytest

import tpm_widgets as tpm


@pytest.fixture
def study_of(tmp_path):
    """Write the answers of a survey and its settings, and read them."""

    def read(answers, settings):
        (tmp_path / "answers.csv").write_text(answers, encoding="utf-8")
        (tmp_path / "study.toml").write_text(f'[survey]\nfile = "answers.csv"\n{settings}\n', encoding="utf-8")
        return tpm.load_study(tmp_path)

    return read


def score_of(study):
    return tpm.net_promoter_score(study).table["estimate"].item()


def test_the_ends_of_a_scale_that_carry_words(study_of):
    study = study_of(
        "tell a friend?,desk\nSurely - 10,5\nNever - 0,1\n9,4\n7,3\nSurely - 10,5\n6,2\n8,4\nSurely - 10,5\n5,2\n9,4\n",
        'recommend = "tell a friend?"\ntouchpoints = ["desk"]',
    )
    assert study.survey["recommend"].tolist() == [10, 0, 9, 7, 10, 6, 8, 10, 5, 9]
    assert score_of(study) == pytest.approx(0.2)
    assert study.ratings["desk"].mean() == 3.5
    check = tpm.check_study(study)
    assert check.exit_code == 0
    assert check.summary("en") == "The study has 10 answers; touchpoints rated: 1. No fault was found."
    assert [remark.text("en") for remark in check.caveats] == [
        "4 labels are read by the number in them, such as “Surely - 10” as 10: tell a friend?."
    ]


def test_full_answers_with_their_code_and_one_for_never_used(study_of):
    study = study_of(
        "q1,a,b\n10,Wholly (7),(5)\n9,Much (6),4)\n3,Not (1),(3)\n8,Rather (5),(6)\n9,Never used (8),(7) splendid\n",
        'recommend = "q1"\nrating_scale = [1, 7]\nnot_experienced = ["Never used (8)"]\ntouchpoints = ["a", "b"]',
    )
    assert study.problems.empty
    assert study.ratings["a"].tolist()[:4] == [7, 6, 1, 5]
    assert study.ratings["b"].tolist() == [5, 4, 3, 6, 7]
    assert study.experienced["a"].tolist() == [True, True, True, True, False]


def test_a_code_given_as_a_number_is_found_in_a_label(study_of):
    settings = 'recommend = "q1"\nnot_experienced = [8]\ntouchpoints = ["a"]'
    study = study_of("q1,a\n10,Good (4)\n9,Never used (8)\n", settings)
    assert study.problems.empty
    assert study.experienced["a"].tolist() == [True, False]


def test_answer_codes_and_stars(study_of):
    study = study_of(
        "q1,a,b,c,d\nA10,A5,★★★★★,5 stars,5/5\nA9,A4,★★★★☆,4 stars,4/5\n,,,,\nA0,A1,★☆☆☆☆,1 star,1/5\n",
        'recommend = "q1"\ntouchpoints = ["a", "b", "c", "d"]',
    )
    assert study.problems.empty
    assert study.survey["recommend"].dropna().tolist() == [10, 9, 0]
    for name in "abcd":
        assert study.ratings[name].dropna().tolist() == [5, 4, 1]


def test_a_number_off_the_scale_in_a_label_is_a_fault():
    answers = pd.DataFrame({"nps": [9, 8, 7], "q": ["Good (4)", "Best (7)", "5/7"]})
    study = tpm.make_study(answers, recommend="nps", touchpoints=["q"])
    assert study.ratings["q"].tolist()[:1] == [4]
    assert study.ratings["q"].isna().tolist() == [False, True, True]
    assert dict(zip(study.left_out["reason"], study.left_out["count"], strict=True)) == {
        "no number": 1,
        "off the scale": 1,
    }


def test_one_label_is_told_as_one():
    study = tpm.make_study(pd.DataFrame({"nps": [9, "Surely (10)"]}), recommend="nps")
    assert [remark.text("en") for remark in study.remarks] == [
        "1 label is read by the number in it, such as “Surely (10)” as 10: nps."
    ]


def test_labels_of_an_ordered_categorical_are_read():
    labels = pd.Categorical(["4 - good", None, "1 - bad"], categories=["1 - bad", "4 - good"], ordered=True)
    study = tpm.make_study(pd.DataFrame({"nps": [9, 8, 7], "q": labels}), recommend="nps", touchpoints=["q"])
    assert study.problems.empty
    assert study.ratings["q"].dropna().tolist() == [4, 1]


AGREEMENT = "Q1,Q2_1\n10,Fully agree\n9,Rather agree\n2,Fully disagree\n8,Undecided\n10,Fully agree\n7,Undecided\n"
AGREED = 'recommend = "Q1"\ntouchpoints = { Q2_1 = "shop" }\n'


def test_words_stand_for_numbers(study_of):
    words = '{ "fully  AGREE" = 5, Rather-agree = 4, undecided = 3, "fully disagree" = 1 }'
    study = study_of(AGREEMENT, f"{AGREED}words = {words}")
    assert study.problems.empty
    assert study.ratings["shop"].tolist() == [5, 4, 1, 3, 5, 3]
    assert study.remarks == ()


def test_a_column_has_words_of_its_own(study_of):
    study = study_of(
        "Q1,a,b\nyes,good,good\nno,bad,very good\n",
        'recommend = "Q1"\ntouchpoints = ["a", "b"]\n[survey.words]\ngood = 5\nbad = 1\n'
        'recommend = { yes = 10, no = 0 }\n[survey.words.b]\n"very good" = 5\ngood = 4\n',
    )
    assert study.problems.empty
    assert study.survey["recommend"].tolist() == [10, 0]
    assert study.ratings["a"].tolist() == [5, 1]
    assert study.ratings["b"].tolist() == [4, 5]


def test_words_in_memory_go_before_the_number_of_a_label_and_before_the_words_for_a_missing_cell():
    answers = pd.DataFrame({"nps": [9, 8, 7, 6], "q": ["(1) good", "none", "NA", "4"]})
    study = tpm.make_study(answers, recommend="nps", touchpoints=["q"], words={"(1) good": 5, "none": 1})
    assert study.problems.empty
    assert study.ratings["q"].fillna(0).tolist() == [5, 1, 0, 4]


def test_words_of_the_labels_of_spss(tmp_path):
    import pyreadstat

    labels = {"q": {1: "good", 2: "bad"}}
    pyreadstat.write_sav(pd.DataFrame({"nps": [9, 8], "q": [1, 2]}), tmp_path / "a.sav", variable_value_labels=labels)
    settings = '[survey]\nfile = "a.sav"\nrecommend = "nps"\ntouchpoints = ["q"]\nwords = { good = 5, bad = 1 }\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    assert tpm.load_study(tmp_path).ratings["q"].tolist() == [5, 1]


def test_a_word_has_a_number_and_a_column_of_words_is_there(study_of):
    with pytest.raises(tpm.DataError) as error:
        study_of(AGREEMENT, f'{AGREED}words = {{ good = "", bad = true, 3 = 5, "ok" = "3" }}\n')
    assert str(error.value).splitlines() == [
        "study.toml, column 'survey.words.good': expected the number that this word stands for.",
        "study.toml, column 'survey.words.bad': found 'True', expected the number that this word stands for.",
        "study.toml, column 'survey.words.3': found '5', expected a word, for numbers are read as they are.",
    ]
    with pytest.raises(tpm.DataError) as error:
        study_of(AGREEMENT, f"{AGREED}words = {{ Q2_2 = {{ good = 5 }} }}\n")
    assert str(error.value) == ("answers.csv, column 'Q2_2': expected a column of this name. Did you mean \"Q2_1\"?")


def test_words_for_nothing_among_ratings_are_told_with_what_they_may_mean(tmp_path):
    """N/A is no answer; where it says that somebody never came, the line that is told makes it so."""
    (tmp_path / "a.csv").write_text("nps,shop,app\n9,5,N/A\n8,4,never\n3,-,2\n10,5,\n")
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["shop", "app"]\nnot_experienced = [{}]\n'
    (tmp_path / "study.toml").write_text(settings.format('"never"'))
    check = tpm.check_study(tmp_path)
    assert (
        'a.csv: 2 ratings are words for no answer (- and N/A); where they mean “never used”, write not_experienced = '
        '["never", "-", "N/A"] under [survey].'
    ) in [str(remark) for remark in check.study.remarks]  # fmt: skip
    assert check.study.experienced["app"].tolist() == [pd.NA, False, True, pd.NA]
    (tmp_path / "study.toml").write_text(settings.format('"never", "N/A", "-"'))
    again = tpm.load_study(tmp_path)
    assert not [remark for remark in again.remarks if "words for no answer" in str(remark)]
    assert again.experienced["app"].tolist() == [False, False, True, pd.NA]
