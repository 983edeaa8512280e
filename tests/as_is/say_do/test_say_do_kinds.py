"""Three kinds of study, and studies that can hardly say anything: a value or a sentence, never a warning."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

DEEDS = [("a", "2023-04-01"), ("b", "2023-05-01")]


@pytest.fixture(scope="module")
def unlinked():
    study = tpm.simulate_study(seed=3, respondents=600, touchpoints=4)
    return replace(study, linkage={"permitted": False, "basis": ""})


@pytest.fixture(scope="module")
def reported(unlinked):
    return replace(unlinked, customers=None, referrals=None)


def test_unlinked_answers_and_deeds_stand_side_by_side(unlinked):
    result = tpm.say_do(unlinked, replicates=5)
    assert result.kind == "unlinked"
    assert "nps" in result.table and "score" not in result.table
    assert np.isnan(result.auc.estimate)
    assert result.respondents["group"].tolist() == ["everybody"]
    assert result.classes["answer_share"].sum() == pytest.approx(1)
    assert result.classes["recommendation_share"].isna().all()
    assert len(result.association) == len(result.forms) == 0
    score = tpm.net_promoter_score(unlinked).table["estimate"].iloc[0]
    shares = result.classes["answer_share"]
    assert shares.iloc[0] - shares.iloc[2] == pytest.approx(score)
    said = [sentence.text("en") for sentence in result.sentences()]
    assert len(said) == 5
    assert said[0].startswith("Answers are not tied to customers here, so they only stand side by side: ")
    most = 12 * result.respondents["rate"].iloc[0] / shares.iloc[0]
    assert said[3].endswith(f"had made every recommendation, 100 of them would have made {most:.1f} a year.")
    assert said[4].startswith("Person by person nothing can be said: answers are not tied to customers here. ")


def test_a_report_looks_back_and_predicts_nothing(reported):
    result = tpm.say_do(reported, replicates=50)
    assert (result.kind, result.window) == ("reported", 365)
    survey, weights = reported.survey, reported.weights
    promoters = survey["recommend"] >= 9
    expected = np.average(survey["recommended_12m"][promoters].astype(float), weights=weights[promoters])
    assert result.classes["estimate"].iloc[0] == pytest.approx(expected)
    assert result.classes["recommendation_share"].sum() == pytest.approx(1)
    assert result.table.columns.tolist() == [
        "score", "promoter_class", "n", "referrers", "estimate", "conf_low", "conf_high",
    ]  # fmt: skip
    assert set(result.association["deed"]) == {"reported"}
    said = [sentence.text("en") for sentence in result.sentences()]
    assert len(said) == 5
    assert said[0].startswith("The deed is reported here, and looks back: 600 answers say")
    assert said[4].startswith("Whether our NPS predicts our recommendations cannot be said, for the reports look back")
    assert str(result.caveats[0]).startswith("Reported, looks back")


def test_what_a_study_records_comes_before_what_respondents_report(unlinked, reported):
    assert tpm.say_do(replace(unlinked, linkage={"permitted": True}), replicates=5).kind == "linked"
    assert tpm.say_do(unlinked, replicates=5).kind == "unlinked"
    assert tpm.say_do(reported, replicates=5).kind == "reported"


def test_groups_are_those_that_were_asked_for(unlinked):
    result = tpm.say_do(unlinked, by="wave", replicates=5)
    assert result.groups.by == ("wave",)
    assert result.settings["by"] == "wave"
    with pytest.raises(ValueError, match=r"^by='shoe_size' ties no answers to customers; "):
        tpm.say_do(unlinked, by="shoe_size", replicates=5)


def everybody(score, deeds=DEEDS, **columns):
    return {"customer": list("abcdef"), "date": "2023-03-01", "recommend": score} | columns, deeds


HARDLY = {
    "nobody recommended": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], []),
    "everybody promoted": everybody(10.0),
    "everybody recommended": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], [(name, "2023-04-01") for name in "abcdef"]),
    "one respondent": ({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}, DEEDS[:1]),
    "one wave": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], wave="2023"),
    "one score each": everybody([0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
    "the score tells all": everybody([9.0, 10.0, 3.0, 2.0, 5.0, 4.0]),
    "zero weights": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], weight=0.0),
    "no complete window": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], [], date="2024-06-01"),
    "no score": everybody(np.nan),
    "nothing observed": everybody([9.0, 2.0, 8.0, 10.0, 5.0, 7.0], date="2024-12-31"),
}


@pytest.mark.parametrize("name", HARDLY)
@pytest.mark.parametrize("kind", ["linked", "unlinked", "reported"])
def test_degenerate_studies_give_sentences(name, kind, linked_study):
    """Warnings are errors in these tests; every sentence can be read, in both languages, and every page be shown."""
    answers, deeds = HARDLY[name]
    study = linked_study(answers, referrals=deeds)
    if kind == "unlinked":
        study = replace(study, linkage={"permitted": False})
    if kind == "reported":
        named = [person for person, _ in deeds]
        told = study.survey.assign(recommended_12m=study.survey["customer"].isin(named).astype("boolean"))
        study = replace(study, survey=told, customers=None, referrals=None)
    result = tpm.say_do(study, replicates=20)
    assert result.kind == kind
    assert len(result.sentences()) == 5
    for language in ("en", "de"):
        assert all(len(sentence.text(language)) > 20 for sentence in (*result.sentences(), *result.caveats))
    assert "nan" not in result.summary("en").lower()
    assert "<table" in result._repr_html_()


def test_answers_without_a_report_are_counted(reported):
    silent = reported.survey["recommended_12m"].astype("boolean").mask(reported.survey.index < 10)
    result = tpm.say_do(replace(reported, survey=reported.survey.assign(recommended_12m=silent)), replicates=5)
    assert result.n == 590
    assert "10 answers do not say whether their authors recommended." in [str(caveat) for caveat in result.caveats]


def test_the_input_stays_as_it_was(unlinked, reported):
    for study in (unlinked, reported):
        before = study.data_hash
        first, again = tpm.say_do(study, replicates=5), tpm.say_do(study, replicates=5)
        assert study.data_hash == before
        pd.testing.assert_frame_equal(first.table, again.table)
