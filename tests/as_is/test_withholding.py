import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.as_is.groups import highest_and_lowest, need_two_groups, withheld_caveat, withhold


def measured():
    return pd.DataFrame(
        {
            "group": ["north", "south"],
            "wave": pd.Series([None, "2024"], dtype="str"),
            "customers": pd.array([9, 2], dtype="Int64"),
            "won": pd.array([3, 1], dtype="Int64"),
            "rate": [0.25, 0.5],
        }
    )


def test_a_small_group_keeps_its_names_and_its_size_alone():
    before = measured()
    table, withheld = withhold(before, before["customers"] < 5, "customers")
    assert table.iloc[1].isna().to_dict() == {
        "group": False, "wave": False, "customers": False, "won": True, "rate": True,
    }  # fmt: skip
    assert [row["group"] for row in withheld] == ["south"]
    pd.testing.assert_frame_equal(before, measured())
    pd.testing.assert_series_equal(table.dtypes, before.dtypes)


def test_where_no_group_is_small_the_table_stays_as_it_is():
    table, withheld = withhold(measured(), measured()["customers"] < 2, "customers")
    pd.testing.assert_frame_equal(table, measured())
    assert withheld == []
    assert withheld_caveat([], 5) == []


def test_of_equal_values_the_first_is_named():
    rows = [{"place": place, "estimate": value} for place, value in enumerate([1.0, 3.0, 3.0, 1.0])]
    assert [row["place"] for row in highest_and_lowest(rows)] == [1, 0]


def test_one_group_is_nothing_to_compare():
    need_two_groups("area", ["north", "south"])
    with pytest.raises(tpm.DataError) as refused:
        need_two_groups(["area", "wave"], ["north"])
    assert refused.value.problems[["column", "value", "expected", "remedy"]].to_dict("records") == [
        {
            "column": "area, wave",
            "value": "north",
            "expected": "at least two groups to compare",
            "remedy": "Split by a column in which the answers differ.",
        }
    ]
