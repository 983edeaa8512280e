"""Reading numbers from frames of any make."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables.numeric import read_numbers

FRAME = pd.DataFrame(
    {"y": [1.0, 2, 3, 5, 4], "a b": [1, 3, 2, 5, np.nan], "ü.x": [True, False, True, True, False], "w": [1, 2, 0, 1, 1],
     "name": list("abcde")}
)  # fmt: skip


def test_complete_rows_with_weight():
    numbers = read_numbers(FRAME, "y", ["a b"], "w")
    assert numbers.names == ("a b", "y")
    assert numbers.columns.tolist() == [[1, 1], [3, 2], [5, 5]]
    assert numbers.weights.tolist() == [1, 2, 1]
    assert numbers.left_out == 1


def test_all_other_numeric_columns_by_default():
    assert read_numbers(FRAME.drop(columns="w"), "y", None, None).names == ("a b", "y")
    assert read_numbers(FRAME, "y", ["ü.x"], None).columns[:, 0].tolist() == [1, 0, 1, 1, 0]


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_other_frames(library):
    module = pytest.importorskip(library)
    own = module.DataFrame(FRAME.to_dict("list")) if library == "polars" else module.Table.from_pandas(FRAME)
    numbers = read_numbers(own, "y", ["a b"], "w")
    expected = read_numbers(FRAME, "y", ["a b"], "w")
    assert (numbers.columns == expected.columns).all()


def test_lazy_frames():
    polars = pytest.importorskip("polars")
    lazy = polars.LazyFrame(FRAME.to_dict("list"))
    assert read_numbers(lazy, "y", ["a b"], "w").columns.tolist() == [[1, 1], [3, 2], [5, 5]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, None, None), "outcome must name the column to be explained, one of 'y', 'a b', 'ü.x', 'w', 'name'."),
        (("z", None, None), "'z' is no column of the frame; it has 'y', 'a b', 'ü.x', 'w', 'name'."),
        (
            ("y", ["y"], None),
            "outcome, weight and at least one predictor must be different columns; got ['y', 'y'].",
        ),
        (("name", ["y"], None), "frame, column 'name': expected a column of numbers."),
        (("a b", ["y"], "a b"), "outcome, weight and at least one predictor must be different columns; got "
         "['y', 'a b', 'a b']."),
    ],
)  # fmt: skip
def test_wrong_columns(arguments, message):
    with pytest.raises(ValueError) as refused:
        read_numbers(FRAME, *arguments)
    assert str(refused.value) == message


def test_wrong_data():
    frame = FRAME.assign(flat=3, w=[1, -1, 1, 1, 1])
    with pytest.raises(DataError) as negative:
        read_numbers(frame, "y", ["a b"], "w")
    assert str(negative.value) == "frame, column 'w': expected weights of at least 0."
    with pytest.raises(DataError) as flat:
        read_numbers(frame, "y", ["a b", "flat"], None)
    assert str(flat.value) == "frame, column 'flat': expected values that differ."
    with pytest.raises(DataError) as short:
        read_numbers(frame.head(2), "y", ["a b"], None)
    assert str(short.value) == "frame: expected more complete rows than columns; here 2 and 2."


def test_no_frame_at_all():
    with pytest.raises(TypeError) as refused:
        read_numbers([1, 2, 3], "y", None, None)
    assert str(refused.value) == "source must be a study, a driver regression or a data frame; got list."
