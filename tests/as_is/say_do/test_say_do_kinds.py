"""Three kinds of study, and studies that can hardly say anything: a value or a sentence, never a warning."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.language import read

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


LOOKS_BACK = (
    "Reported, looks back: the recommendation precedes the answer. Memory and politeness colour both, and who "
    "recommended may score higher because of it."
)
RECORDED = (
    "It rests on {n} answers of {n} customers, of whom {made} recommended. Recommendations that nobody recorded count "
    "as not made; and a score that goes with deeds does not make them happen."
)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([True, False, True], ""),
        ([True, None, True], " 1 answer does not say whether its author recommended."),
        ([True, None, None], " 2 answers do not say whether their authors recommended."),
    ],
)
def test_who_does_not_tell_does_not_count(linked_study, told, said):
    """One answer without a score and one without weight are said elsewhere."""
    answers = {"recommend": [9.0, 8.0, 2.0, np.nan, 9.0], "weight": [1.0, 2.0, 1.0, 1.0, 0.0]}
    answers["recommended_12m"] = pd.array([*told, True, True], dtype="boolean")
    study = replace(
        linked_study(answers, {"customer": ["a"], "acquired": "2020-01-01"}), customers=None, referrals=None
    )
    result = tpm.say_do(study, replicates=1)
    assert result.n == 3 - told.count(None)
    assert read(result.caveats, "en") == (
        LOOKS_BACK + " 1 answer gives no score. 1 answer has no weight, or weight 0, and does not count." + said
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (0, ""),
        (1, " With only 1 customer who recommended, the interval of the AUC is a rough guide."),
        (9, " With only 9 customers who recommended, the interval of the AUC is a rough guide."),
        (10, ""),
    ],
)
def test_few_who_recommended(linked_study, made, said):
    names = [f"c{place:02}" for place in range(12)]
    answers = {"customer": names, "date": "2023-03-01", "recommend": [9.0, 2.0] * 6}
    result = tpm.say_do(linked_study(answers, referrals=[(name, "2023-04-01") for name in names[:made]]), replicates=1)
    assert read(result.caveats, "en") == RECORDED.format(n=12, made=made) + said


def test_a_report_by_hand(linked_study):
    """Promoters: weights 3 and 1, the first reports; a detractor reports as well; a passive does not."""
    answers = {"recommend": [9.0, 10.0, 2.0, 7.0], "weight": [3.0, 1.0, 2.0, 2.0]}
    answers["recommended_12m"] = pd.array([True, False, True, False], dtype="boolean")
    study = replace(
        linked_study(answers, {"customer": ["a"], "acquired": "2020-01-01"}), customers=None, referrals=None
    )
    result = tpm.say_do(study, replicates=1)
    assert result.classes["n"].tolist() == [2, 1, 1]
    assert result.classes["referrers"].tolist() == [1, 0, 1]
    assert result.classes["estimate"].tolist() == [0.75, 0, 1]
    assert result.classes["recommendation_share"].tolist() == pytest.approx([0.6, 0, 0.4])
    assert result.classes["answer_share"].tolist() == [0.5, 0.25, 0.25]
    assert result.table["n"].tolist() == [0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1]
    assert result.table["promoter_class"].tolist() == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert result.table.loc[9, ["referrers", "estimate"]].tolist() == [1, 1]


def test_shares_without_a_link_are_weighted(linked_study):
    """Promoters weigh 3, a detractor 1; who has no weight or no score is not there."""
    answers = {"recommend": [9.0, 2.0, 9.0, np.nan], "weight": [3.0, 1.0, 0.0, 5.0], "date": "2023-03-01"}
    study = linked_study(answers, {"customer": list("ab"), "acquired": "2020-01-01"}, [("a", "2023-04-01")])
    result = tpm.say_do(study, replicates=1)
    assert (result.kind, result.n) == ("unlinked", 2)
    assert result.classes["answer_share"].tolist() == [0.75, 0, 0.25]
    assert result.classes["n"].tolist() == [1, 0, 1]
    assert read(result.caveats, "en") == (
        "1 answer gives no score. 1 answer has no weight, or weight 0, and does not count."
    )
    assert result.settings == {
        "window": 365, "by": None, "level": 0.95, "replicates": 1, "seed": 1, "response_weights": False
    }  # fmt: skip
