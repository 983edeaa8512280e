"""Exposure by hand, to the day (METHODS, section 3)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tpm_widgets.as_is.deeds.linkage import DAYS_PER_MONTH
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError


def days(frame, row):
    return frame.loc[row, ["entry", "days", "time", "events"]].astype(int).tolist()


def test_twelve_months_are_a_year_of_the_calendar():
    months = np.mean([365, 365, 365, 366]) / DAYS_PER_MONTH
    assert months == pytest.approx(12)


def test_exposure_starts_the_day_after_and_ends_at_the_earliest_limit(linked_study):
    study = linked_study(
        {
            "customer": ["window", "next", "next", "leaver", "end"],
            "date": ["2023-03-01", "2023-03-01", "2023-06-01", "2023-03-01", "2024-12-01"],
            "recommend": [9.0, 9.0, 3.0, 7.0, 10.0],
        },
        {
            "customer": ["window", "next", "leaver", "end"],
            "acquired": "2020-01-01",
            "left": [None, None, "2023-03-31", None],
        },
    )
    answers = Observed(study, "say_do").answers().answers
    assert [days(answers, row)[1] for row in range(5)] == [365, 92, 365, 30, 30]
    assert answers["start"].iloc[0] == pd.Timestamp("2023-03-02")
    assert answers["end"].iloc[0] == pd.Timestamp("2024-02-29")
    assert answers["complete"].tolist() == [True, False, True, False, False]
    assert answers["censored"].tolist() == [False, True, False, True, True]


def test_only_recommendations_inside_count_and_each_for_one_answer(linked_study):
    study = linked_study(
        {"customer": ["a", "a", "b"], "date": ["2023-03-01", "2023-06-01", "2023-03-01"], "recommend": [9.0, 3.0, 5.0]},
        referrals=[
            ("a", "2023-03-01"),  # the day of the answer: not yet
            ("a", "2023-06-01"),  # the day of the next answer: still the first one's
            ("a", "2023-06-02"),
            ("a", "2024-05-31"),  # the last day of the second one's window
            ("a", "2024-06-01"),  # too late
            ("stranger", "2023-04-01"),
        ],
    )
    answers = Observed(study, "say_do").answers().answers
    assert answers["events"].tolist() == [1, 2, 0]
    assert answers["first_event"].tolist()[:2] == [92.0, 1.0]
    assert np.isnan(answers["first_event"].iloc[2])
    assert answers["referred"].tolist() == [True, True, False]


def test_an_answer_before_recording_enters_late_and_gets_no_censoring_weight(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2022-12-01", "2022-12-31"], "recommend": [9.0, 9.0]},
        referrals=[("a", "2022-12-15"), ("a", "2023-02-01")],
    )
    exposure = Observed(study, "say_do").answers()
    assert days(exposure.answers, 0) == [30, 335, 62, 1]
    assert days(exposure.answers, 1) == [0, 365, 365, 0]  # recording began on its first day
    assert exposure.answers["complete"].tolist() == [False, True]
    assert exposure.answers["censoring_weight"].tolist() == [0.0, 1.0]
    assert [str(caveat) for caveat in exposure.caveats] == [
        "1 answer was given before recommendations were recorded and enters late; what happened in between is not "
        "known."
    ]


def test_won_needs_a_new_customer_whose_own_source_does_not_deny_it(linked_study):
    referrals = pd.DataFrame(
        {
            "referrer": ["a", "b", "c", "d"],
            "date": "2023-04-01",
            "converted": ["2023-05-01", None, None, None],
            "new_customer": [None, "n1", "n2", None],
        }
    )
    study = linked_study(
        {"customer": list("abcd"), "date": "2023-03-01", "recommend": 9.0},
        {
            "customer": [*"abcd", "n1", "n2"],
            "acquired": ["2020-01-01"] * 4 + ["2023-05-01"] * 2,
            "source": ["unknown"] * 4 + ["recommendation", "other"],
        },
        referrals,
    )
    exposure = Observed(study, "say_do").answers()
    assert exposure.answers["referred"].all()
    assert exposure.answers["won"].tolist() == [True, True, False, False]
    assert [str(caveat) for caveat in exposure.caveats] == [
        "1 recommendation names a new customer whose own source is another one; it counts as made, not as won."
    ]


def test_a_recommendation_that_won_nobody_does_not_settle_whether_one_will(linked_study):
    """All recommend; b is lost after that, and may still have won somebody; a, c and d are seen to the end."""
    referrals = pd.DataFrame(
        {
            "referrer": ["a", "a", "b", "c", "d"],
            "date": ["2023-03-05", "2023-09-01", "2023-03-05", "2023-03-05", "2023-03-05"],
            "converted": [None, "2023-10-01", None, None, None],
        }
    )
    study = linked_study(
        {"customer": list("abcd"), "date": "2023-03-01", "recommend": 9.0},
        {"customer": list("abcd"), "acquired": "2020-01-01", "left": [None, "2023-04-01", None, None]},
        referrals,
    )
    answers = Observed(study, "say_do").answers().answers
    assert answers["complete"].all()
    assert answers["censoring_weight"].tolist() == [1.0] * 4
    assert answers["won"].tolist() == [True, False, False, False]
    assert answers["won_complete"].tolist() == [True, False, True, True]
    assert answers["won_weight"].tolist() == pytest.approx([4 / 3, 0, 4 / 3, 4 / 3])


def test_answers_that_cannot_be_followed_are_counted_by_reason(linked_study):
    study = linked_study(
        {
            "customer": [None, "a", "stranger", "late", "twice", "twice", "gone"],
            "date": ["2023-03-01", None, "2023-03-01", "2023-03-01", "2023-03-01", "2023-03-01", "2023-06-01"],
            "recommend": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
        },
        {
            "customer": ["a", "late", "twice", "gone"],
            "acquired": ["2020-01-01", "2024-01-01", "2020-01-01", "2020-01-01"],
            "left": [None, None, None, "2023-06-01"],
        },
    )
    exposure = Observed(study, "say_do").answers()
    assert set(exposure.left_out.values()) == {1}
    assert exposure.answers.index.tolist() == [5]  # of two answers on one day the later row counts
    assert [str(caveat) for caveat in exposure.caveats] == [
        "1 answer was left out: no customer is named.",
        "1 answer was left out: no date is given.",
        "1 answer was left out: the customers table does not know the customer.",
        "1 answer was left out: given before the customer was one.",
        "1 answer was left out: the same customer answered again on that day.",
        "1 answer was left out: no day was observed after it.",
    ]


def test_without_a_declared_period_the_days_in_the_data_stand_in(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2023-03-01", "2023-03-11"], "recommend": [9.0, 9.0]},
        referrals=[("b", "2023-04-01")],
        start=None,
        until=None,
    )
    exposure = Observed(study, "say_do").answers()
    assert (exposure.recorded_from, exposure.observed_until) == (pd.Timestamp("2023-03-01"), pd.Timestamp("2023-04-01"))
    assert exposure.answers["days"].tolist() == [31, 21]
    assert [str(caveat) for caveat in exposure.caveats] == [
        "The study does not declare the whole period of recording; the first and last day in the data stand in for "
        "what is missing."
    ]


def test_nothing_to_follow_is_an_empty_table(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2024-12-31"], "recommend": [9.0]})
    assert Observed(study, "say_do").answers().answers.empty


def test_censoring_weights_are_estimated_within_promoter_class(linked_study):
    study = linked_study(
        {"customer": list("abcd"), "date": "2023-03-01", "recommend": [9.0, 10.0, 3.0, 3.0]},
        {"customer": list("abcd"), "acquired": "2020-01-01", "left": ["2023-05-01", None, None, None]},
    )
    answers = Observed(study, "say_do").answers().answers
    assert answers["censoring_weight"].tolist() == [0.0, 2.0, 1.0, 1.0]


def test_the_input_stays_as_it_was(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2023-06-01", "2023-03-01"], "recommend": [9.0, 2.0]},
        referrals=[("b", "2023-04-01")],
    )
    before = study.data_hash
    Observed(study, "say_do").answers()
    assert study.data_hash == before


@pytest.mark.parametrize("window", [0, -1, 30.5, True, "365"])
def test_a_window_that_is_no_count_of_days_is_refused(linked_study, window):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    with pytest.raises(ValueError) as caught:
        Observed(study, "say_do").answers(window)
    assert str(caught.value) == f"window must be a whole number of days, at least 1; got {window!r}."


def test_a_study_that_may_not_be_linked_is_refused_in_words(linked_study):
    study = linked_study(
        {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}, linkage={"permitted": False, "basis": ""}
    )
    with pytest.raises(DataError) as caught:
        Observed(study, "say_do").answers()
    assert str(caught.value) == (
        "survey, column 'customer': expected answers that may be tied to customers, for say_do. [linkage] in "
        "study.toml says that this is not permitted. Put net_promoter_score and referral_rate side by side instead: "
        "they need no link."
    )


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_exposures_of_a_customer_never_overlap_and_agree_with_counting_by_hand(linked_study, data):
    count = data.draw(st.integers(1, 8))
    names = [data.draw(st.sampled_from("ab")) for _ in range(count)]
    answered = [data.draw(st.integers(-60, 400)) for _ in range(count)]
    made = [(data.draw(st.sampled_from("ab")), data.draw(st.integers(-60, 500))) for _ in range(6)]
    first = pd.Timestamp("2023-01-01")
    study = linked_study(
        {"customer": names, "date": [first + pd.Timedelta(day, "D") for day in answered], "recommend": 9.0},
        {"customer": ["a", "b"], "acquired": "2020-01-01", "left": ["2023-09-01", None]},
        [(name, first + pd.Timedelta(day, "D")) for name, day in made],
        until="2024-04-01",
        window=120,
    )
    answers = Observed(study, "say_do").answers().answers
    for row, answer in answers.iterrows():
        inside = [
            day for name, day in made
            if name == names[row] and answer["start"] <= first + pd.Timedelta(day, "D") <= answer["end"]
        ]  # fmt: skip
        assert answer["events"] == len(inside)
        assert answer["days"] == (answer["end"] - answer["start"]).days + 1
        assert 1 <= answer["days"] <= 120
        if inside:
            assert answer["time"] == min(inside) - answered[row]
    for _, own in answers.sort_values("start").groupby("customer"):
        assert (own["start"].iloc[1:].to_numpy() > own["end"].iloc[:-1].to_numpy()).all()


def test_several_late_answers_and_several_who_came_otherwise(linked_study):
    referrals = pd.DataFrame({"referrer": "a", "date": "2023-04-01", "new_customer": ["n1", "n2", "n3"]})
    study = linked_study(
        {"customer": ["a", "b"], "date": "2022-12-01", "recommend": 9.0},
        {"customer": ["a", "b", "n1", "n2", "n3"], "acquired": "2020-01-01",
         "source": ["unknown", None, "other", "other", "recommendation"]},
        referrals,
    )  # fmt: skip
    exposure = Observed(study, "say_do").answers()
    assert [str(caveat) for caveat in exposure.caveats] == [
        "2 answers were given before recommendations were recorded and enter late; what happened in between is not "
        "known.",
        "2 recommendations name a new customer whose own source is another one; they count as made, not as won.",
    ]
    assert exposure.answers["wins"].tolist() == [1, 0]


@pytest.mark.parametrize(("start", "until"), [(None, "2024-12-31"), ("2023-01-01", None)])
def test_half_a_period_is_not_the_whole(linked_study, start, until):
    study = linked_study(
        {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}, referrals=[("a", "2023-04-01")], start=start,
        until=until,
    )  # fmt: skip
    assert str(Observed(study, "say_do").answers().caveats[0]).startswith("The study does not declare the whole period")


def test_without_any_day_no_period_is_known(linked_study):
    study = linked_study({"recommend": [9.0]}, {"customer": ["a"], "acquired": "2020-01-01"}, start=None, until=None)
    with pytest.raises(DataError) as caught:
        Observed(study, "anybody").time
    assert str(caught.value) == (
        "period: expected days on which deeds were recorded; no date tells when. Declare recording_start and "
        "observed_until under [period] in study.toml."
    )


def test_an_answer_on_the_first_day_as_a_customer_and_one_on_the_last_day_observed(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2023-03-01", "2024-12-30"], "recommend": 9.0},
        {"customer": ["a", "b"], "acquired": "2023-03-01"},
    )
    exposure = Observed(study, "say_do").answers()
    assert set(exposure.left_out.values()) == {0}
    assert exposure.answers["days"].tolist() == [365, 1]


def test_the_first_of_the_customers_may_have_come_otherwise(linked_study):
    people = {"customer": ["new", "a"], "acquired": ["2023-05-01", "2020-01-01"], "source": ["other", "unknown"]}
    made = pd.DataFrame({"referrer": ["a"], "date": "2023-04-01", "new_customer": ["new"]})
    study = linked_study({"customer": ["a"], "date": "2023-03-01", "recommend": 9.0}, people, made)
    assert Observed(study, "say_do").answers().answers["won"].tolist() == [False]


def test_a_study_that_says_nothing_of_linking_may_be_linked(linked_study):
    study = linked_study({"customer": ["a"], "date": "2023-03-01", "recommend": 9.0}, linkage={"basis": "consent"})
    assert len(Observed(study, "say_do").answers().answers) == 1
