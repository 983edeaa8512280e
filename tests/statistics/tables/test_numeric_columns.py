"""Reading numbers from frames of any make."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables.numeric import read_numbers, sum_numbers

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
        read_numbers(frame.head(2), "y", ["a b", "ü.x"], None)
    assert str(short.value) == "frame: expected more complete rows than columns; here 2 and 3."


def test_no_frame_at_all():
    with pytest.raises(TypeError) as refused:
        read_numbers([1, 2, 3], "y", None, None)
    assert str(refused.value) == "source must be a study, a driver regression or a data frame; got list."


def test_words_are_dummies_without_the_first_value_in_their_place():
    frame = pd.DataFrame(
        {"shop": [*"bacabcab", None], "x": [1.0, 2, 4, 3, 5, 1, 2, 2, 9], "y": [2.0, 1, 5, 4, 4, 3, 1, 2, 9]}
    )
    numbers = read_numbers(frame, "y", ["x", "shop"], None)
    assert (numbers.names, numbers.factors, numbers.left_out) == (("x", "shop", "y"), ("shop",), 1)
    assert numbers.places == {"x": [0], "shop": [1, 2]}
    b, c = [1, 0, 0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1, 0, 0]
    assert numbers.columns.T.tolist() == [frame["x"].tolist()[:8], b, c, frame["y"].tolist()[:8]]
    assert read_numbers(frame, "y", ["shop", "x"], None).places == {"shop": [0, 1], "x": [2]}
    plain = read_numbers(FRAME.drop(columns="name"), "y", ["a b", "ü.x"], None)
    assert (plain.factors, plain.places) == ((), {"a b": [0], "ü.x": [1]})


def test_a_word_for_all_is_no_factor():
    with pytest.raises(DataError) as refused:
        read_numbers(FRAME.assign(name="same"), "y", ["name", "w"], None)
    assert str(refused.value) == "frame, column 'name': expected values that differ."


def test_one_row_more_than_columns_is_enough():
    frame = pd.DataFrame({"x": [1.0, 2, 4], "y": [1.0, 3, 2]})
    assert len(read_numbers(frame, "y", ["x"], None).columns) == 3
    assert read_numbers(frame.assign(w=[1, 2, 3]), "y", ["x"], "w").weights.tolist() == [1, 2, 3]


@pytest.mark.parametrize("place", [0, 1, 99, 100, 150])
def test_a_column_that_varies_late_varies(place):
    values = np.zeros(151)
    values[place] = 1
    frame = pd.DataFrame({"x": values, "y": np.arange(151.0)})
    assert read_numbers(frame, "y", ["x"], None).columns[place].tolist() == [1, place]


def test_rows_of_weight_zero_and_incomplete_ones_are_told_apart():
    """A negative weight in a row that is left out anyway is no fault; a row of weight 0 is not "left out"."""
    frame = pd.DataFrame({"x": [1.0, 2, 4, np.nan, 3], "y": [1.0, 3, 2, 5, 4], "w": [1.0, 1, 1, -1, 0]})
    numbers = read_numbers(frame, "y", ["x"], "w")
    assert (numbers.left_out, numbers.weights.tolist()) == (1, [1, 1, 1])


def test_a_frame_is_held_and_a_lazy_one_or_a_file_is_summed(tmp_path):
    polars = pytest.importorskip("polars")
    frame = FRAME.drop(columns="name")
    assert sum_numbers(frame, "y", ["a b"], "w") is None
    path = tmp_path / "table.parquet"
    frame.to_parquet(path)
    for source in (polars.from_pandas(frame).lazy(), path, str(path)):
        sums = sum_numbers(source, "y", ["a b"], "w")
        assert (sums.names, sums.n, sums.left_out, sums.weight) == (("a b", "y"), 3, 2, 4)
        assert sum_numbers(source, "y", None, None).names == ("a b", "w", "y")
    words = polars.from_pandas(FRAME).lazy()
    assert sum_numbers(words, "y", ["name"], None) is None
    assert sum_numbers(words, "y", ["w"], None).n == 5


def test_sums_of_too_few_rows_or_of_a_constant_are_refused():
    polars = pytest.importorskip("polars")

    def lazily(**columns):
        return polars.DataFrame(columns).lazy()

    with pytest.raises(DataError) as few:
        sum_numbers(lazily(x=[1.0, 2], y=[2.0, 1], z=[3.0, 5]), "y", ["x", "z"], None)
    assert str(few.value) == "frame: expected more complete rows than columns; here 2 and 3."
    with pytest.raises(DataError):
        sum_numbers(lazily(x=[1.0, 2], y=[2.0, 1]), "y", ["x"], None)
    assert sum_numbers(lazily(x=[1.0, 2, 4], y=[2.0, 1, 3]), "y", ["x"], None).n == 3
    with pytest.raises(DataError) as flat:
        sum_numbers(lazily(x=[0.1] * 30, z=[0.0] * 30, y=list(range(30))), "y", ["x", "z"], None)
    assert str(flat.value) == (
        "frame, column 'x': expected values that differ.\nframe, column 'z': expected values that differ."
    )
    # a small variation of a large number is one
    assert sum_numbers(lazily(x=[1e6, 1e6 + 1, 1e6] * 3, y=list(range(9))), "y", ["x"], None).n == 9
