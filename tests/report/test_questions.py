"""The questions of the notebooks: what a study answers, and how what it lacks is said, in both languages."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.report import asking
from tpm_widgets.report.asking import questions
from tpm_widgets.report.questions import ENOUGH


@pytest.fixture(scope="module")
def survey_only():
    survey = pd.DataFrame({"nps": [9, 10, 3, 8] * 10, "desk": [5, 4, 1, 4] * 10})
    return tpm.make_study(survey, recommend="nps", touchpoints=["desk"])


def test_a_survey_alone_is_told_what_each_question_would_need(survey_only):
    table = tpm.study_questions(survey_only).table.set_index("question")
    assert list(table.columns) == ["notebook", "answer", "needed", "verbs"]
    assert table.loc["What do customers say?", ["answer", "needed"]].tolist() == ["answered", ""]
    needed = table.loc["How much of a promised recommendation happens?", "needed"]
    assert needed == (
        "Needed in study.toml: customer and date under [survey], [customers] and [referrals]; or one of recommended, "
        "recommendations, customers_won and recommended_12m under [survey]."
    )
    first = table.loc["Where to begin: what is important and rated low?"]
    assert first["answer"] == "in part"  # for words, not for deeds
    assert table.loc["Which measures first?", "needed"] == "Needed in study.toml: [actions]."


def test_data_reasons_are_said_as_the_verb_says_them():
    survey = pd.DataFrame({"nps": [9, 10], "desk": [5, 5]})
    study = tpm.make_study(survey, recommend="nps", touchpoints=["desk"])
    needed = tpm.study_questions(study).table.set_index("question").loc["What drives what they say?", "needed"]
    assert needed == (
        "Needed: at least one touchpoint whose ratings differ. Check the columns named as touchpoints, and their "
        "scales and codes."
    )


def test_it_is_read_in_german(survey_only):
    found = tpm.study_questions(survey_only)
    assert found.summary("de").startswith("Von 17 Fragen der Notebooks beantwortet diese Studie 3")
    lines = list(found.lines("de"))
    assert lines[0] == "beantwortet        Was sagen die Kunden?"
    assert lines[1].startswith(
        "nicht beantwortet  Wer sagt es: Welche Segmente unterscheiden sich? Nötig in study.toml"
    )


def test_the_sample_answers_all_and_every_question_has_a_verb():
    assert set(tpm.study_questions(tpm.sample_study("insurer")).table["answer"]) == {"answered"}
    for question in questions():
        assert all(hasattr(tpm, verb) for verb, _ in question.parts)


def test_a_large_study_is_asked_of_some_of_its_answers(survey_only):
    survey = pd.DataFrame({"nps": [9, 10, 3, 8] * ENOUGH, "desk": [5, 4, 1, 4] * ENOUGH})
    study = tpm.make_study(survey, recommend="nps", touchpoints=["desk"])
    found = tpm.study_questions(study)
    assert list(found.table["answer"]) == list(tpm.study_questions(survey_only).table["answer"])
    assert found.data_hash == study.data_hash


def test_a_mistake_in_one_verb_leaves_the_other_questions_answered(survey_only, monkeypatch):
    def fails(study):
        raise ZeroDivisionError("a cell of somebody's")

    monkeypatch.setattr(asking, "net_promoter_score", fails)
    table = tpm.study_questions(survey_only).table.set_index("question")
    assert table.loc["What do customers say?", ["answer", "needed"]].tolist() == [
        "not answered",
        "Needed: that net_promoter_score does not fail (ZeroDivisionError). That is a mistake of the program, not of "
        "your study: please report it.",
    ]
    assert (table["answer"] == "answered").sum() >= 2
