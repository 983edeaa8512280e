"""The one number in a label, and where none is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.study.cells.labels import labelled_numbers, one_number


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Certainly - 10", 10), ("10 - certainly", 10), ("Never – 0", 0), ("10 = sehr wahrscheinlich", 10),
        ("0: gar nicht", 0), ("10 Extremely likely to recommend", 10), ("Sehr wahrscheinlich (10)", 10), ("(5)", 5),
        ("[5]", 5),
        ("4)", 4), ("5 (good)", 5), ("(7) splendid", 7), ("1. sehr gut", 1), ("5-Sehr gut", 5),
        ("Stimme zu 5", 5), ("9.0 - top", 9), ("10/10", 10), ("9 of 10", 9), ("9 out of 10", 9),
        ("4 von 10 Punkten", 4),
        ("4 stars", 4), ("1 star", 1), ("4 Sterne", 4), ("4★ fine", 4), ("Rated 4 stars", 4), ("★★★★", 4),
        ("⭐️⭐️", 2),
        ("★★★★☆☆☆☆☆☆", 4), ("Note\u00a02", 2), ("Good -3", 3),
    ],
)  # fmt: skip
def test_the_one_number_of_a_label(label, number):
    assert one_number(label, (0, 10)) == number


@pytest.mark.parametrize(
    "label",
    [
        "1-2", "9–10", "18 to 24", "Promoter (9-10)", "4/5", "4 von 5", "24/7", "1,2", "Q3", "A5", "5th", "3x",
        "COVID-5",
        "10+", "< 3", "≥ 5", "5 %", "more than 5", "bis 5", "mindestens 5", "5 or more", "5 und mehr", "5 times",
        "3 Jahre",
        "over 5 - often", "I waited 5 minutes", "I gave 4 for the queue", "Wave 3", "2024-03-31", "★★★★☆", "good",
        "", "-",
    ],
)  # fmt: skip
def test_no_number_is_guessed(label):
    assert one_number(label, (0, 10)) is None


def test_a_sign_is_told_from_a_dash():
    assert one_number("Bad (-3)", (-5, 5)) == -3
    assert one_number("Bad - 3", (-5, 5)) == 3
    assert one_number("Bad -3", (-5, 5)) is None
    assert one_number("-3", (0, 10)) == -3


def test_the_decimal_sign_is_that_of_the_file():
    assert one_number("4,5 - gut", (1, 5), ",") == 4.5
    assert one_number("4,5 - gut", (1, 5), ".") is None


def test_answer_codes_are_read_where_a_whole_column_holds_them():
    assert labelled_numbers(["A1", "A5", "A3 - so-so"], (1, 5)) == {"A1": 1, "A5": 5, "A3 - so-so": 3}
    assert labelled_numbers(["AO01", "AO05"], (1, 5)) == {"AO01": 1, "AO05": 5}
    assert labelled_numbers(["A1", "B2"], (1, 5)) == labelled_numbers(["A1", "four"], (1, 5)) == {}
    assert labelled_numbers(["Q1", "Q2", "Q3"], (1, 5)) == {}


def test_a_label_for_no_answer_has_no_number_unless_that_is_a_code():
    labels = ["Agree (4)", "Don't know (5)"]
    assert labelled_numbers(labels, (1, 4)) == {"Agree (4)": 4}
    assert labelled_numbers(labels, (1, 4), codes=[5]) == {"Agree (4)": 4, "Don't know (5)": 5}


def test_a_column_of_texts_holds_no_numbers():
    texts = [f"the {word} was late" for word in "abcdefghijkl"]
    assert labelled_numbers(["5 at last", *texts], (1, 5)) == {}
    assert labelled_numbers(["5 at last", *texts[:3]], (1, 5)) == {"5 at last": 5}


@given(
    st.integers(0, 10),
    st.sampled_from(["{} - fine", "fine - {}", "fine ({})", "{}/10", "{} of 10", "({})", "{} stars"]),
)
def test_every_answer_of_a_form_is_read(number, form):
    assert one_number(form.format(number), (0, 10)) == number
