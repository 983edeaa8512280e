"""What by= means: which rows make which group, what groups are called, and what is no group."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.as_is.groups import (
    MOST_GROUPS,
    answer_groups,
    group_in_period,
    group_name,
    group_order,
    line_groups,
    split_columns,
    split_names,
    split_values,
    value_text,
    withheld_caveat,
    without_value,
)
from tpm_widgets.language import read, say


@pytest.mark.parametrize(
    ("group", "wave", "name"),
    [("north", None, "north"), ("all", None, "all"), ("all", "2024", "2024"), ("north", "2024", "north (2024)")],
)
def test_a_group_is_called_by_its_value_and_its_wave(group, wave, name):
    assert group_name(group, wave) == name


@pytest.mark.parametrize(
    ("group", "period", "name"),
    [
        ("north", None, "north"),
        ("all", "2024-Q1", "2024-Q1"),
        ("north", "2024-Q1", "north, 2024-Q1"),
        ("all", None, ""),
    ],
)
def test_a_group_in_a_period_is_called_by_both(group, period, name):
    assert group_in_period({"group": group, "period": period}) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (2.5, "2.5"),
        (3, "3"),
        ("3.0", "3.0"),
        (pd.Timestamp("2024-03-01 12:00"), "2024-03-01"),
        (True, "True"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, text):
    assert value_text(value) == text


def test_rows_are_split_by_every_combination_of_values_in_their_order():
    frame = pd.DataFrame({"region": ["b", "a", "b", None, "a"], "wave": ["1", "1", "2", "2", None], "age": [30.0] * 5})
    groups, caveats = line_groups(frame, np.array([1, 1, 1, 1, 1]))
    assert [(group.group, group.wave, group.rows.tolist()) for group in groups] == [
        ("a / 30", "1", [1]),
        ("b / 30", "1", [0]),
        ("b / 30", "2", [2]),
    ]
    assert read(caveats, "en") == "2 answers without a value of region, wave and age are in no group."
    (whole,), nothing = line_groups(frame[[]], np.ones(5, dtype=int))
    assert (whole.name, whole.rows.tolist(), nothing) == ("all", [0, 1, 2, 3, 4], [])
    waves, (caveat,) = line_groups(frame[["wave"]], np.array([1, 1, 1, 1, 1]))
    assert [(group.group, group.name, group.rows.tolist()) for group in waves] == [
        ("all", "1", [0, 1]),
        ("all", "2", [2, 3]),
    ]
    assert caveat.text("en") == "1 answer without a value of wave is in no group."


def test_a_category_that_nobody_has_makes_no_group():
    waves = pd.Categorical(["2", "2", "1"], ["2", "1", "0"], ordered=True)
    groups, _ = line_groups(pd.DataFrame({"wave": waves, "region": ["a", "b", "a"]}), np.ones(3, dtype=int))
    assert [group.name for group in groups] == ["a (2)", "b (2)", "a (1)"]


def test_each_answer_of_a_study_counts_once(linked_study):
    study = linked_study({"customer": list("abc"), "date": "2023-01-01", "recommend": 9.0, "region": ["x", None, None]})
    groups, (caveat,) = answer_groups(study, ("region", "region"))
    assert [group.rows.tolist() for group in groups] == [[0]]
    assert caveat.text("en") == "2 answers without a value of region are in no group."


@pytest.mark.parametrize("by", ["respondent", "customer", "text", ["region", "customer"]])
def test_a_group_of_each_person_is_refused(by):
    name = by if isinstance(by, str) else by[1]
    with pytest.raises(ValueError) as caught:
        split_names(by)
    assert str(caught.value) == f"by={name!r} would make a group of each person; split by a segment or by wave."


def test_columns_that_split_are_categories_flags_texts_and_the_users_own():
    customers = pd.DataFrame(
        columns=["customer", "acquired", "segment", "region", "bought_again", "value", "what_said"]
    )
    assert split_columns("customers", customers) == ["bought_again", "segment", "region"]


def few_or_many(values, rows):
    """So many different values, the first ones twice until there are as many rows."""
    return pd.Series([f"v{place % values}" for place in range(rows)], name="x").to_frame()


@pytest.mark.parametrize(
    ("values", "rows", "refused"),
    [
        (MOST_GROUPS, MOST_GROUPS + 1, False),  # few, however many rows they hold
        (MOST_GROUPS + 1, 2 * (MOST_GROUPS + 1), False),  # two rows each
        (MOST_GROUPS + 1, 2 * (MOST_GROUPS + 1) - 1, True),  # less than two rows each
        (1, 1, False),  # one row makes one group
        (2, 2, True),  # a group of each row
        (2, 3, False),
    ],
)
def test_names_are_no_groups(values, rows, refused):
    frame = few_or_many(values, rows)
    if not refused:
        assert split_values("customers", frame, "x").nunique() == values
        return
    with pytest.raises(ValueError) as caught:
        split_values("customers", frame, "x")
    assert str(caught.value) == (
        "by='x' would make a group of each row of customers; split by a column with fewer values."
    )


def test_what_has_no_value_is_no_group():
    values = split_values("customers", pd.DataFrame({"x": ["b", None, "a", "a", None]}), "x")
    assert values.tolist() == ["b", None, "a", "a", None]
    assert group_order(values) == ["a", "b"]
    assert group_order(pd.Series([10, 9, 9, None])) == [10.0, 9.0]  # as texts
    assert read(without_value(values, "x"), "en") == "2 rows without a value of x are in no group."
    assert read(without_value(values[:3], "x"), "en") == "1 row without a value of x is in no group."
    assert without_value(values[2:4], "x") == []


def test_what_is_withheld_is_named():
    assert withheld_caveat([], 5) == []
    assert read(withheld_caveat(["a"], 5), "en") == "Withheld, because they hold fewer than 5 answers: a."
    assert read(withheld_caveat(["a", say("score {score}", score=3)], 9, say("customers")), "en") == (
        "Withheld, because they hold fewer than 9 customers: a and score 3."
    )
