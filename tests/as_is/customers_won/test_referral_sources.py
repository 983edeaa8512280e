"""The three questions: shares by hand, who it was as a relation only, and what is never shown."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read
from tpm_widgets.statistics.estimates.weighted import clustered_share


@pytest.fixture
def study(linked_study):
    """Two old customers, one a promoter; sixteen new ones, of whom ten were recommended by the two."""
    new = [f"n{number:02}" for number in range(16)]
    people = pd.DataFrame(
        {
            "customer": ["old", "elder", *new],
            "acquired": ["2020-01-01"] * 2 + ["2023-06-01"] * 16,
            "source": ["unknown"] * 2 + ["recommendation"] * 10 + ["other"] * 6,
            "recommended_by": [None] * 2 + ["old"] * 6 + [None] * 10,
            "aware_through": [None] * 2 + ["friend"] * 8 + ["old", "old"] + ["<b>search</b>"] * 5 + ["fair"],
            "what_said": [None] * 2 + ["They pay quickly"] * 5 + ["old knows"] * 2 + [None] * 9,
            "segment": ["family", "single", *["single"] * 16],
        }
    )
    referrals = pd.DataFrame({"referrer": "elder", "date": "2023-05-01", "new_customer": ["n06", "n07"]})
    answers = {"customer": ["old", "old", "elder"], "date": ["2023-01-05", "2023-07-01", "2023-01-05"]}
    return linked_study({**answers, "recommend": [10.0, 0.0, 3.0]}, people, referrals, min_group=2)


def test_by_hand(study):
    result = tpm.referral_sources(study)
    assert result.table.columns.tolist() == [
        "question", "answer", "n", "estimate", "conf_low", "conf_high", "answered",
    ]  # fmt: skip
    assert result.table[["question", "answer", "n", "answered"]].to_numpy().tolist() == [
        ["aware_through", "friend", 8, 16],
        ["aware_through", "<b>search</b>", 5, 16],
        ["aware_through", "other", 3, 16],
        ["what_said", "They pay quickly", 5, 7],
        ["what_said", "old knows", 2, 7],
        ["who", "customer", 8, 10],
        ["who", "not named", 2, 10],
        ["who_segment", "family", 6, 8],
        ["who_segment", "single", 2, 8],
        ["who_class", "promoter", 6, 8],
        ["who_class", "detractor", 2, 8],
    ]
    assert result.table.loc[0, "estimate"] == 0.5
    assert result.table.groupby("question")["estimate"].sum().tolist() == pytest.approx([1] * 5)


def test_answers_of_people_who_were_recommended_by_different_persons_have_wilsons_interval(linked_study):
    new = [f"n{number:02}" for number in range(20)]
    people = {"customer": new, "acquired": "2023-06-01", "aware_through": ["press"] * 12 + ["radio"] * 8}
    study = linked_study({"customer": ["n00"], "date": "2023-07-01", "recommend": 9.0}, people)
    row = tpm.referral_sources(study).table.loc[0]
    assert (row["conf_low"], row["conf_high"]) == pytest.approx(proportion_confint(12, 20, method="wilson"))


def test_no_identifier_is_shown_and_texts_are_escaped(study):
    result = tpm.referral_sources(study)
    html = result._repr_html_()
    assert "&lt;b&gt;search&lt;/b&gt;" in html
    assert "<b>search" not in html
    shown = set(result.table["answer"])
    assert not shown & set(study.customers["customer"])
    assert any("summed as" in str(caveat) for caveat in result.caveats)


def test_the_promoter_class_is_that_of_the_last_answer_before(study):
    """``old`` became a detractor only after the new customers had come."""
    table = tpm.referral_sources(study).table.set_index(["question", "answer"])
    assert table.loc[("who_class", "promoter"), "n"] == 6


def test_without_permission_to_tie_answers_there_is_no_class(study):
    apart = tpm.referral_sources(replace(study, linkage={"permitted": False, "basis": ""}))
    assert "who_class" not in set(apart.table["question"])
    assert "who_segment" in set(apart.table["question"])


def test_it_reads_as_sentences(study):
    assert (
        tpm.referral_sources(study)
        .summary("en")
        .startswith("How did you become aware of us? Most often: friend, 50.0% of 16 who answered (95% interval ")
    )
    caveats = [str(caveat) for caveat in tpm.referral_sources(study).caveats]
    assert "What was said? For 3 new customers the answer is not on record." in caveats


def test_nobody_new_nobody_answered(linked_study):
    people = {"customer": ["a"], "acquired": "2020-01-01", "aware_through": ["press"], "source": ["other"]}
    study = linked_study({"customer": ["a"], "date": "2023-07-01", "recommend": 9.0}, people)
    result = tpm.referral_sources(study)
    assert result.table.empty
    assert result.summary("en") == "No answer of a new customer can be shown."


def test_customers_who_were_asked_nothing_are_refused(linked_study):
    people = {"customer": ["a"], "acquired": "2023-06-01"}
    study = linked_study({"customer": ["a"], "date": "2023-07-01", "recommend": 9.0}, people)
    with pytest.raises(DataError) as caught:
        tpm.referral_sources(study)
    assert str(caught.value) == (
        "customers, column 'aware_through': expected values of this role for referral_sources. Name the column that "
        'plays this role under [customers] in study.toml: aware_through = "…".'
    )


def test_the_simulated_recommenders_are_found():
    """Counted from the table: every new customer of known source by recommendation has a recommender."""
    study = tpm.simulate_study(seed=3, respondents=800)
    new = study.customers[study.customers["acquired"] >= study.period.recording_start]
    table = tpm.referral_sources(study).table.set_index(["question", "answer"])
    won = new[new["source"] == "recommendation"]
    assert table.loc[("who", "customer"), "n"] == len(won)
    segments = won["recommended_by"].map(study.customers.set_index("customer")["segment"]).value_counts()
    assert table.loc["who_segment"]["n"].to_dict() == segments.to_dict()
    heard = new["aware_through"].value_counts()
    assert np.array_equal(table.loc["aware_through"]["n"].sort_index(), heard.sort_index())


def test_the_input_stays_as_it_was(study):
    before = study.data_hash
    tpm.referral_sources(study)
    assert study.data_hash == before


def test_it_reads_as_three_answers_and_says_what_is_missing(study):
    """Wilson's interval of 8 in 16 by two recommenders and six others, of 5 in 7 and of 6 in 8 by two recommenders."""
    result = tpm.referral_sources(study)
    rows = {(row["question"], row["answer"]): row for row in result.table.to_dict("records")}
    friend, fast, promoter = (
        f"{100 * row['conf_low']:.1f}% to {100 * row['conf_high']:.1f}%"
        for row in (
            rows["aware_through", "friend"],
            rows["what_said", "They pay quickly"],
            rows["who_class", "promoter"],
        )
    )
    assert result.summary("en") == (
        f"How did you become aware of us? Most often: friend, 50.0% of 16 who answered (95% interval {friend}, "
        f"Wilson). What was said? Most often: They pay quickly, 71.4% of 7 who answered (95% interval {fast}, Wilson). "
        f"What had that customer answered before? Most often: a promoter, 75.0% of 8 who answered (95% interval "
        f"{promoter}, Wilson)."
    )
    assert read(result.caveats, "en") == (
        "What was said? For 3 new customers the answer is not on record. Answers that fewer than 2 gave, those beyond "
        'the ten most frequent, and those that name a person of the study are summed as "other".'
    )


def test_one_whose_answer_is_not_on_record_and_a_question_that_nobody_answered(linked_study):
    people = {"customer": list("abc"), "acquired": "2023-06-01", "aware_through": ["press", "press", None]}
    people |= {"source": ["other", "recommendation", "unknown"], "what_said": None}
    study = linked_study({"customer": ["a"], "date": "2023-07-01", "recommend": 9.0}, people, min_group=1)
    result = tpm.referral_sources(study, level=0.9)
    low, high = proportion_confint(2, 2, alpha=0.1, method="wilson")
    assert result.table.loc[0, ["conf_low", "conf_high"]].tolist() == pytest.approx([low, high])
    assert result.summary("en") == (
        "How did you become aware of us? Most often: press, 100.0% of 2 who answered (90% interval 42.5% to 100.0%, "
        "Wilson). Who was it? Most often: nobody on record, 100.0% of 1 who answered (90% interval 27.0% to 100.0%, "
        "Wilson)."
    )
    assert read(result.caveats, "en") == (
        "How did you become aware of us? For 1 new customer the answer is not on record. What was said? Nobody's "
        "answer is on record. Of which segment was it? Nobody's answer is on record. What had that customer answered "
        "before? Nobody's answer is on record."
    )


def test_an_answer_on_the_day_of_coming_counts(linked_study):
    """``old`` was a promoter, and answers as a detractor on the very day on which the new customer comes."""
    people = {"customer": ["old", "new"], "acquired": ["2020-01-01", "2023-06-01"], "recommended_by": [None, "old"]}
    answers = {
        "customer": ["old"] * 3,
        "date": ["2023-05-01", "2023-06-01", "2023-06-02"],
        "recommend": [9.0, 3.0, 8.0],
    }
    table = tpm.referral_sources(linked_study(answers, people, min_group=1)).table
    assert table.loc[table["question"] == "who_class", "answer"].tolist() == ["detractor"]


def test_those_whom_one_customer_recommended_are_one_cluster(study):
    """``old`` recommended the first six, ``elder`` two, and each of the others came alone."""
    clusters = np.array([0] * 6 + [1] * 2 + list(range(2, 10)))
    expected = clustered_share(np.repeat([1.0, 0.0], 8), np.ones(16), level=0.95, clusters=clusters)
    row = tpm.referral_sources(study).table.iloc[0]
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((expected.conf_low, expected.conf_high))


def test_answers_may_be_tied_unless_the_study_says_no(study):
    silent = tpm.referral_sources(replace(study, linkage={"basis": "consent"}))
    assert "who_class" in set(silent.table["question"])
