import pandas as pd

from tpm_widgets.columns import formats_of, typed, with_ends

COLUMNS = {"group": "str", "wave": "", "n": "int64", "won": "Int64", "rate": "percent", "spread": "float64"}


def test_a_table_has_the_types_that_are_said_whatever_the_rows_hold():
    table = typed([["north", None, 3.0, None, None, None]], COLUMNS)
    assert [str(kind) for kind in table.dtypes] == ["str", "object", "int64", "Int64", "float64", "float64"]
    assert list(typed([], COLUMNS)) == list(COLUMNS)


def test_what_a_row_does_not_name_is_missing():
    row = typed([{"won": 2, "n": 3, "group": "north", "more": 1}], COLUMNS).to_dict("records")[0]
    assert row["won"] == 2
    assert [name for name, value in row.items() if pd.isna(value)] == ["wave", "rate", "spread"]


def test_what_is_no_type_is_a_format():
    assert formats_of(COLUMNS) == {"rate": "percent"}


def test_only_the_estimate_gives_its_ends_another_stem():
    assert with_ends() == ["estimate", "conf_low", "conf_high"]
    assert with_ends("reach") == ["reach", "reach_low", "reach_high"]
