"""Words for codes and columns: groups, answers by yes and no, and touchpoints bear them everywhere."""

import pandas as pd
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame(
    {
        "nps": [10, 9, 3, 8, 10, 6, 9, 2, 10, 7, 9, 1],
        "shop": [5, 4, 2, 4, 5, 3, 4, 1, 5, 4, 4, 2],
        "problem": [2.0, 2, 1, 2, 2, 1, 2, 1, 2, 2, 1, 1],
        "size": ["10", "2", "10", "2", "2", "10", "2", "10", "2", "10", "2", "10"],
        "told": [1, 2, 2, 2, 1, 2, 1, 2, 1, 2, 1, 2],
    }
)
LABELS = {
    "problem": {1: "yes", 2: "no"},
    "size": {"2": "small", "10": "large"},
    "told": {1: "Yes", 2: "No"},
    "shop": "The shop",
}


@pytest.fixture(params=["memory", "csv", "xlsx", "sav"])
def study(request, tmp_path):
    if request.param == "memory":
        return tpm.make_study(ANSWERS, recommend="nps", touchpoints=["shop"], segments=["size"], labels=LABELS,
                              roles={"recommended_12m": "told"})  # fmt: skip
    if request.param == "csv":
        ANSWERS.to_csv(tmp_path / "answers.csv", index=False)
    elif request.param == "xlsx":
        ANSWERS.to_excel(tmp_path / "answers.xlsx", index=False)
    else:
        pytest.importorskip("pyreadstat").write_sav(ANSWERS, tmp_path / "answers.sav")
    (tmp_path / "study.toml").write_text(
        f"""
        [survey]
        file = "answers.{request.param}"
        recommend = "nps"
        touchpoints = ["shop"]
        segments = ["size"]
        recommended_12m = "told"
        [survey.labels]
        shop = "The shop"
        [survey.labels.problem]
        1 = "yes"
        2 = "no"
        [survey.labels.size]
        2 = "small"
        10 = "large"
        [survey.labels.told]
        1 = "Yes"
        2 = "No"
        """,
        encoding="utf-8",
    )
    return tpm.load_study(tmp_path)


def test_groups_answers_and_touchpoints_bear_the_words(study):
    assert study.problems.empty
    assert study.labels == {"shop": "The shop"}
    assert tpm.net_promoter_score(study, by="problem").table["group"].tolist() == ["yes", "no"]
    assert tpm.net_promoter_score(study, by="size").table["group"].tolist() == ["small", "large"]
    assert study.survey["recommended_12m"].tolist() == [told == 1 for told in ANSWERS["told"]]


def test_a_code_without_a_word_stays_a_code():
    study = tpm.make_study(ANSWERS, recommend="nps", labels={"problem": {1: "yes"}}, touchpoints=["shop"])
    assert tpm.net_promoter_score(study, by="problem").table["group"].tolist() == ["2", "yes"]


def test_the_words_of_the_study_go_before_those_of_the_file(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_sav(ANSWERS[["nps", "problem"]], tmp_path / "a.sav", column_labels=["Score", "Problem?"],
                         variable_value_labels={"problem": {1: "Had one", 2: "Had none"}})  # fmt: skip
    settings = '[survey]\nfile = "a.sav"\nrecommend = "nps"\ntouchpoints = []\n[survey.labels.problem]\n1 = "trouble"\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert tpm.net_promoter_score(study, by="problem").table["group"].tolist() == ["trouble", "Had none"]


def test_what_is_no_word_and_an_absent_column_are_refused():
    with pytest.raises(tpm.DataError) as error:
        tpm.make_study(ANSWERS, recommend="nps", touchpoints=["shop"], labels={"problem": {1: 2}, "shop": ""})
    assert str(error.value).splitlines() == [
        "survey, column '1': found '2', expected a word to be shown.",
        "survey, column 'shop': expected a word to be shown.",
    ]
    with pytest.raises(tpm.DataError, match="column 'probelm': expected a column of this name"):
        tpm.make_study(ANSWERS, recommend="nps", touchpoints=["shop"], labels={"probelm": {1: "yes"}})


def test_a_word_for_a_column_of_groups_is_shown_and_both_names_find_it():
    study = tpm.make_study(
        ANSWERS, recommend="nps", touchpoints=["shop"], segments=["size"], labels={"size": "Size of the company"}
    )
    assert study.segments == ("Size of the company",)
    assert tpm.rank_segments(study).table["segment"].tolist() == ["Size of the company"]
    pd.testing.assert_series_equal(study.column("size"), study.column("Size of the company"), check_names=False)


def test_a_word_that_is_a_column_or_a_tie_to_customers_changes_no_name():
    options = {"recommend": "nps", "touchpoints": ["shop"], "segments": ["size"]}
    assert tpm.make_study(ANSWERS, **options, labels={"size": "problem"}).segments == ("size",)
    customers = pd.DataFrame({"customer": ["a", "b"], "acquired": "2024-01-01", "size": ["2", "10"]})
    tied = tpm.make_study(ANSWERS, **options, labels={"size": "Size"}, customers=pd.concat([customers] * 5).assign(
        customer=[f"c{number}" for number in range(10)]))  # fmt: skip
    assert tied.segments == ("size",)


def test_a_column_and_its_codes_are_named_at_once():
    labels = {"size": {"Size of the firm": {2: "small", "10": "large"}}}
    study = tpm.make_study(ANSWERS, recommend="nps", touchpoints=["shop"], segments=["size"], labels=labels)
    assert study.segments == ("Size of the firm",)
    assert study.survey["Size of the firm"].tolist()[:2] == ["large", "small"]
