"""What a faulty cell or a missing row is called, each with its place and its remedy as a whole."""

import pandas as pd

import tpm_widgets as tpm
from tpm_widgets.errors import describe
from tpm_widgets.study.cells.faults import shorten


def faults_of(survey, **more):
    """Make a study of a few answers, and tell its faults in words."""
    study = tpm.make_study(pd.DataFrame(survey), recommend="nps", **more)
    return study, [describe(fault) for _, fault in study.problems.iterrows()]


def test_flags_and_categories_in_words_of_their_own():
    customers = {"customer": ["a", "b"], "acquired": ["2020-01-01", "2021-01-01"], "source": ["other", "friend"],
                 "left": ["2022-01-01", "2022-01-01"], "bought_again": ["yes", "perhaps"]}  # fmt: skip
    study, faults = faults_of({"nps": [9, 8]}, customers=pd.DataFrame(customers))
    assert faults == [
        "customers, row 2, column 'source': found 'friend', expected one of recommendation, other, unknown. "
        "Name the file's own words under [customers.codes.source].",
        "customers, row 2, column 'bought_again': found 'perhaps', expected yes or no. "
        "Name the file's own words under [customers.codes.bought_again].",
    ]
    assert study.left_out["reason"].tolist() == ["outside the values of source", "neither yes nor no"]


def test_who_knows_a_touchpoint_in_words_of_their_own():
    survey = {"nps": [9, 8], "q1": [5, 4], "know": ["yes", "vaguely"]}
    _, faults = faults_of(survey, touchpoints={"q1": "shop"}, roles={"aware": {"know": "shop"}})
    assert faults == [
        "survey, row 2, column 'know': found 'vaguely', expected yes or no. "
        'A slip? Correct the cell. No answer? `no_answer=["vaguely"]`. Yes, 1, or no, 0? `words={"vaguely": ""}`. '
        "(for make_study)"
    ]


def test_a_row_without_its_key_is_left_out():
    customers = pd.DataFrame({"customer": ["a", None], "acquired": ["2020-01-01", "2021-01-01"]})
    study, faults = faults_of({"nps": [9, 8]}, customers=customers)
    assert faults == [
        "customers, row 2, column 'customer': expected a value. Fill in the cell; until then the row is left out."
    ]
    assert len(study.customers) == 1


def test_a_cell_is_told_as_people_wrote_it_and_a_missing_one_not_at_all():
    cells = [None, float("nan"), pd.NA, pd.NaT, "", 3.0, 2.5, " a\n b ", "x" * 41, pd.Timestamp("2024-01-31"), [1]]
    told = ["", "", "", "", "", "3", "2.5", "a b", "x" * 39 + "…", "2024-01-31", "[1]"]
    assert [shorten(cell) for cell in cells] == told


def test_a_touchpoint_that_is_rated_and_not_listed_stays():
    listed = pd.DataFrame({"touchpoint": ["shop"]})
    survey = {"nps": [9, 8], "q1": [5, 4], "q2": [3, 4]}
    study, faults = faults_of(survey, touchpoints={"q1": "shop", "q2": "phone"}, touchpoint_table=listed)
    assert faults == [
        "touchpoints, column 'touchpoint': found 'phone', expected a row for each touchpoint that the survey rates. "
        "Add the row, or correct the name in the survey's touchpoints."
    ]
    assert study.touchpoint_names == ["shop", "phone"]


WAVES = pd.DataFrame(
    {"wave": ["one", "two"], "start": ["2024-01-01", "2024-07-01"], "end": ["2024-03-31", "2024-09-30"]}
)


def test_a_day_outside_every_wave_has_none_and_the_first_and_the_last_day_belong_to_it():
    days = ["2024-01-01", "2024-03-31", "2024-04-01", "2024-07-01", None]
    study, faults = faults_of({"nps": [9, 8, 7, 6, 5], "day": days}, date="day", waves=WAVES)
    assert faults == [
        "survey, row 3, column 'day': found '2024-04-01', expected a day within a wave. "
        "Correct the day, or a wave's start or end."
    ]
    assert study.survey["wave"].tolist()[:2] == ["one", "one"] and study.survey["wave"].isna().tolist()[2:] == [
        True, False, True,
    ]  # fmt: skip


def test_a_wave_that_the_table_of_waves_does_not_list_is_missing():
    study, faults = faults_of({"nps": [9, 8], "w": ["two", "three"]}, wave="w", waves=WAVES)
    assert faults == [
        "survey, row 2, column 'w': found 'three', expected a wave of the table of waves. "
        "Correct the cell, or list the wave in the table of waves."
    ]
    assert study.survey["wave"].tolist()[:1] == ["two"] and study.survey["wave"].isna().tolist() == [False, True]
    assert study.survey["wave"].cat.categories.tolist() == ["one", "two"]


def test_a_number_of_another_table_that_is_off_its_scale_may_have_another():
    customers = pd.DataFrame({"customer": ["a"], "acquired": ["2020-01-01"]})
    reviews = pd.DataFrame({"platform": ["web"], "date": ["2024-01-01"], "stars": [7]})
    _, faults = faults_of({"nps": [9]}, customers=customers, reviews=reviews)
    assert faults == [
        "reviews, row 1, column 'stars': found '7', expected a number from 1 to 5. "
        "Correct the cell, or declare stars = [lowest, highest] under [reviews.scales]."
    ]


CUSTOMERS = pd.DataFrame({"customer": ["a", "b"], "acquired": ["2020-01-01", "2021-01-01"]})


def test_a_customer_who_is_listed_twice_or_recommended_himself():
    customers = CUSTOMERS.assign(recommended_by=["b", "b"], left=["2019-12-31", "2021-01-01"])
    customers = pd.concat([customers, customers.tail(1).assign(recommended_by="a")], ignore_index=True)
    study, faults = faults_of({"nps": [9]}, customers=customers)
    assert faults == [
        "customers, row 3, column 'customer': found '•••', expected each customer once. "
        "Delete the row; the first one is kept.",
        "customers, row 1, column 'left': found '2019-12-31', expected a day on or after acquired. "
        "Correct one of the two days.",
        "customers, row 2, column 'recommended_by': found '•••', expected somebody else than in customer. "
        "Correct one of the two cells.",
    ]
    assert study.left_out["reason"].tolist() == ["customer repeated", "left before acquired", "recommends himself"]


def test_people_whom_other_tables_do_not_know():
    incidents = pd.DataFrame({"customer": ["a", "x"], "respondent": ["1", "9"], "touchpoint": ["shop", "shop"],
                              "date": ["2024-01-01"] * 2, "valence": ["positive"] * 2})  # fmt: skip
    survey = {"nps": [9, 8], "id": ["1", "2"], "q1": [5, 4]}
    study, faults = faults_of(survey, respondent="id", touchpoints={"q1": "shop"}, customers=CUSTOMERS,
                              incidents=incidents)  # fmt: skip
    assert faults == [
        "incidents, row 2, column 'respondent': found '•••', expected a respondent of the survey. Correct the cell.",
        "incidents, row 2, column 'customer': found '•••', expected a customer of the table of customers. "
        "Correct the cell, or add the customer.",
    ]
    assert study.left_out["reason"].tolist() == ["unknown respondent", "unknown customer"]
