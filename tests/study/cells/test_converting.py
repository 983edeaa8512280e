"""Cells as people write them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.study.cells.converting import (
    as_categories,
    as_flags,
    as_numbers,
    as_texts,
    decimal_sign,
)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("7", ".", 7),
        (" 7.50 ", ".", 7.5),
        ("7,5", ",", 7.5),
        ("−3", ".", -3),
        ("+3", ",", 3),
        ("1.234,5", ",", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u202f234", ".", 1234),
        ("1'234.5", ".", 1234.5),
        ("1e3", ".", 1000),
        ("1,5e3", ",", 1500),
        (".5", ".", 0.5),
        (",5", ",", 0.5),
        ("", ".", np.nan),
        ("N/A", ".", np.nan),
        ("K. A.", ".", np.nan),
        ("Keine\u00a0Angabe", ".", np.nan),
        ("(Leer)", ".", np.nan),
        ("prefer not to say", ".", np.nan),
        ("#NULL!", ",", np.nan),
        (".", ".", np.nan),
    ],
)
def test_numbers(text, decimal, number):
    values, bad = as_numbers(pd.Series([text]), decimal)
    np.testing.assert_array_equal(values, [number])
    assert not bad.any()


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("7,5", "."), ("7.5", ","), ("12,34", "."), ("1,23,456", "."), ("1 23", "."), ("five", "."), ("5 - good", "."),
     ("inf", "."), ("0x1F", "."), ("1_000", "."), ("5%", "."), ("1.2.3", ".")],
)  # fmt: skip
def test_what_is_no_number(text, decimal):
    values, bad = as_numbers(pd.Series([text]), decimal)
    assert np.isnan(values).all()
    assert bad.all()


@given(
    st.lists(st.integers(-(10**9), 10**9).map(lambda number: number / 64), min_size=1, max_size=20),
    st.sampled_from([".", ","]),
    st.booleans(),
)
def test_what_is_written_is_read(numbers, decimal, grouped):
    texts = [f"{number:{',' if grouped else ''}.6f}" for number in numbers]
    if decimal == ",":
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    cells = pd.Series(texts)
    assert decimal_sign([cells], ";") == decimal
    values, bad = as_numbers(cells, decimal)
    np.testing.assert_array_equal(values, numbers)
    assert not bad.any()


@pytest.mark.parametrize(
    ("cells", "delimiter", "sign"),
    [
        (["1", "2"], ";", "."),
        (["1,5", "2"], ",", ","),
        (["1.5", "x, y", "a.b"], ";", "."),
        (["1,234", "5"], ",", "."),
        (["1,234", "5"], ";", ","),
        (["1,234", "5"], "\t", ","),
        (["1,234", "0,5"], ",", ","),
        (["1.234", "5"], ";", "."),
        (["1.234", "5,5"], ";", ","),
        (["1.234.567"], ";", ","),
        (["1,234", "5.5"], ";", "."),
    ],
)
def test_the_decimal_sign_of_a_file(cells, delimiter, sign):
    assert decimal_sign([pd.Series(cells)], delimiter) == sign


def test_texts_are_the_same_from_every_kind_of_column():
    expected = ["1", "2", None]
    for cells in (
        pd.Series([1.0, 2.0, None]),
        pd.Series([1, 2, None], dtype="Int64"),
        pd.Series(["1 ", " 2", " "]),
        pd.Series([1, "2", None], dtype=object),
        pd.Series([1.0, 2.0, None]).astype("category"),
    ):
        assert as_texts(cells).astype(object).where(as_texts(cells).notna(), None).tolist() == expected
    assert as_texts(pd.Series([1, 2])).tolist() == ["1", "2"]
    assert as_texts(pd.Series(["007", "Zoë"])).tolist() == ["007", "Zoë"]


def test_flags_and_categories():
    values, bad = as_flags(pd.Series(["Ja", "no", "TRUE", "0", "", "maybe"]))
    assert values.tolist() == [True, False, True, False, pd.NA, pd.NA]
    assert bad.tolist() == [False] * 5 + [True]
    values, bad = as_flags(pd.Series([1, 2, 3]), {"true": [1], "false": [2]})
    assert values.tolist() == [True, False, pd.NA]
    assert bad.tolist() == [False, False, True]
    values, bad = as_flags(pd.Series([True, None], dtype="boolean"))
    assert values.tolist() == [True, pd.NA]
    kinds, bad = as_categories(
        pd.Series(["One-to-one", "one_to_many", "shout", "n/a", "talk"]), {"one_to_one": ["Talk"], "one_to_many": []}
    )
    assert kinds.tolist()[:2] == ["one_to_one", "one_to_many"]
    assert kinds.tolist()[4] == "one_to_one"
    assert kinds.isna().tolist() == [False, False, True, True, False]
    assert bad.tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("cell", [10**25, 10**400, 2**63, 1e300, np.inf, "1e999", "1e25", "9" * 30])
def test_what_is_too_large_is_no_number(cell):
    for cells in (pd.Series([cell, 5], dtype=object), pd.Series([cell] * 2, dtype=object)):
        values, bad = as_numbers(cells)
        assert np.isnan(values[0])
        assert bad[0]
