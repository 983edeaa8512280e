"""Who left within the window after an answer, by hand, to the day."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError
from tpm_widgets.strategy.drivers.outcomes import follow_leaving


def followed(study, window=None):
    return follow_leaving(Observed(study, "driver_regression"), window)


def test_left_within_the_window_or_seen_to_its_end(linked_study):
    study = linked_study(
        {
            "customer": ["stayed", "again", "again", "leaver", "last day", "too late", "cut", "gone before"],
            "date": [
                "2023-03-01",
                "2023-03-01",
                "2023-06-01",
                "2023-03-01",
                "2023-03-01",
                "2023-03-01",
                "2024-12-01",
                "2023-03-01",
            ],
            "recommend": 9.0,
        },
        {
            "customer": ["stayed", "again", "leaver", "last day", "too late", "cut", "gone before"],
            "acquired": "2020-01-01",
            "left": [None, "2023-08-01", "2023-03-31", "2024-02-29", "2024-03-01", None, "2023-02-01"],
        },
    )
    found = followed(study)
    answers = found.answers
    assert answers.index.tolist() == [0, 1, 2, 3, 4, 5, 6]  # the last one had left before the answer
    assert answers["left"].tolist() == [False, True, True, True, True, False, False]
    assert answers["time"].tolist() == [365, 153, 61, 30, 365, 365, 30]
    assert answers["complete"].tolist() == [True] * 6 + [False]
    assert found.left_out["not_followed"] == 1
    assert [str(caveat) for caveat in found.caveats] == ["1 answer was left out: no day was observed after it."]


def test_a_next_answer_ends_nothing_but_the_end_of_observation_does(linked_study):
    study = linked_study(
        {"customer": ["a", "a", "b"], "date": ["2024-01-01", "2024-06-01", "2024-01-01"], "recommend": [9.0, 3.0, 5.0]},
        {"customer": ["a", "b"], "acquired": "2020-01-01", "left": [None, "2024-01-11"]},
    )
    answers = followed(study).answers
    assert answers["time"].tolist() == [365, 213, 10]
    assert answers["complete"].tolist() == [True, False, True]


def test_weights_make_complete_answers_stand_for_all_that_were_followed(linked_study):
    rng = np.random.default_rng(1)
    dates = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 720, 400), unit="D")
    names = [f"c{row}" for row in range(400)]
    gone = dates + pd.to_timedelta(rng.integers(1, 1500, 400), unit="D")
    study = linked_study(
        {"customer": names, "date": dates, "recommend": 9.0},
        {"customer": names, "acquired": "2020-01-01", "left": gone},
    )
    answers = followed(study).answers
    assert (answers.loc[~answers["complete"], "censoring_weight"] == 0).all()
    assert answers["censoring_weight"].sum() == pytest.approx(len(answers), rel=0.03)
    share = np.average(answers["left"], weights=answers["censoring_weight"])
    assert share == pytest.approx(365 / 1500, abs=0.07)


def test_where_the_end_of_observation_is_not_declared_the_last_known_day_stands_for_it(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2023-03-01", "2023-03-01"], "recommend": 9.0},
        {"customer": ["a", "b"], "acquired": "2020-01-01", "left": ["2023-09-01", None]},
        until=None,
    )
    found = followed(study)
    assert found.answers["time"].tolist() == [184, 184]
    assert found.answers["complete"].tolist() == [True, False]
    assert [str(caveat) for caveat in found.caveats] == [
        "The study does not declare observed_until; the last day in the data ends the observation instead."
    ]


def test_no_recommendations_are_needed_but_the_day_of_leaving_is(linked_study):
    study = linked_study(
        {"customer": ["a"], "date": ["2023-03-01"], "recommend": 9.0}, {"customer": ["a"], "acquired": ["2020-01-01"]}
    )
    with pytest.raises(DataError) as refused:
        followed(study)
    assert str(refused.value) == (
        "customers, column 'left': expected values of this role for driver_regression. "
        'Name the column that plays this role under [customers] in study.toml: left = "…".'
    )


def test_answers_that_may_not_be_tied_to_customers_are_refused(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": 9.0}, linkage={"permitted": False})
    with pytest.raises(DataError) as refused:
        followed(study)
    assert str(refused.value) == (
        "survey, column 'customer': expected answers that may be tied to customers, for driver_regression. "
        "[linkage] in study.toml says that this is not permitted. Put net_promoter_score and referral_rate side by "
        "side instead: they need no link."
    )


def test_a_wrong_window_is_refused(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": 9.0})
    with pytest.raises(ValueError) as refused:
        followed(study, window=0)
    assert str(refused.value) == "window must be a whole number of days, at least 1; got 0."


def test_the_study_stays_as_it_was(linked_study):
    study = linked_study(
        {"customer": ["a"], "date": ["2023-03-01"], "recommend": 9.0},
        {"customer": ["a"], "acquired": ["2020-01-01"], "left": ["2023-06-01"]},
    )
    before = study.survey.copy(), study.customers.copy()
    followed(study)
    pd.testing.assert_frame_equal(study.survey, before[0])
    pd.testing.assert_frame_equal(study.customers, before[1])
