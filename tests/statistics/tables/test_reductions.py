"""Sums over tables of any size: every library and both routes give what pandas gives."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.covariance import weighted_covariance
from tpm_widgets.statistics.tables import batches as batches_module
from tpm_widgets.statistics.tables.batches import open_batches
from tpm_widgets.statistics.tables.moments import cross_products_of
from tpm_widgets.statistics.tables.reductions import cross_products, weighted_counts

SAME = 1e-9  # what the libraries may differ by, relative; sums are added in different orders


def table_of(rows=4000, seed=5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "nps": pd.array(rng.integers(0, 12, rows), dtype="Int8"),
            "shop": pd.array(rng.integers(1, 6, rows), dtype="int8"),
            "web": rng.integers(1, 6, rows).astype(float),
            "w": rng.gamma(2, 1, rows),
            "region, or “area”": rng.choice(["north", "south", "west "], rows),
            "size": pd.Categorical(rng.choice(["small", "large"], rows), categories=["small", "large"], ordered=True),
            "member": rng.random(rows) < 0.3,
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 3, rows), unit="D"),
        }
    )
    frame.loc[:50, "nps"] = pd.NA
    frame.loc[40:60, "w"] = np.nan
    frame.loc[61:65, "w"] = [0, -1, np.inf, 0, -2]
    frame.loc[100:140, "region, or “area”"] = None
    frame.loc[200:230, "web"] = np.nan
    return frame


FRAME = table_of()


ROUTES = ["batches", "engine"]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Many batches and blocks also of a small table."""
    monkeypatch.setattr(batches_module, "BATCH", 512)
    monkeypatch.setattr(batches_module, "BLOCK", 100)


def unless_a_file(in_library, route):
    if route == "engine" and in_library.library.startswith("parquet"):
        pytest.skip("files have no engine")


@pytest.mark.parametrize("route", ROUTES)
def test_counts_are_those_of_pandas(in_library, route):
    unless_a_file(in_library, route)
    keys = ["region, or “area”", "size", "member", "day", "nps"]
    counts = weighted_counts(in_library(FRAME), keys, weight="w", route=route)
    valid = np.isfinite(FRAME["w"]) & (FRAME["w"] > 0)
    own = FRAME.assign(
        **{
            "region, or “area”": FRAME["region, or “area”"].str.strip(),
            "rows": 1,
            "n": valid.astype(int),
            "weight": FRAME["w"].where(valid, 0),
            "weight_squared": FRAME["w"].where(valid, 0) ** 2,
            "negative": (FRAME["w"] < 0).astype(int),
        }
    )
    expected = own.groupby(keys, dropna=False, observed=True)[
        ["rows", "n", "weight", "weight_squared", "negative"]
    ].sum()
    assert len(counts.keys) == len(expected)
    found = {tuple(map(str, key)): place for place, key in enumerate(counts.keys.itertuples(index=False))}
    for key, row in expected.iterrows():
        place = found[tuple("None" if pd.isna(cell) else str(cell) for cell in key)]
        for name in expected.columns:
            assert getattr(counts, name)[place] == pytest.approx(row[name], rel=SAME), name


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("weight", [None, "w"])
def test_cross_products_are_those_of_numpy(in_library, route, weight):
    unless_a_file(in_library, route)
    names = ["nps", "shop", "web", "member"]
    sums = cross_products(in_library(FRAME), names, weight, route=route)
    data = FRAME[names].astype(float).to_numpy()
    weights = np.ones(len(FRAME)) if weight is None else FRAME["w"].to_numpy()
    used = np.isfinite(data).all(axis=1) & np.isfinite(weights) & (weights > 0)
    matrix, weights = np.column_stack([np.ones(used.sum()), data[used]]), weights[used]
    assert (sums.n, sums.left_out) == (used.sum(), (~used).sum())
    assert sums.weight == pytest.approx(weights.sum(), rel=SAME)
    assert sums.weight_squared == pytest.approx(weights @ weights, rel=SAME)
    np.testing.assert_allclose(sums.products, (matrix * weights[:, None]).T @ matrix, rtol=SAME)
    np.testing.assert_allclose(sums.centred / sums.weight, weighted_covariance(data[used], weights), rtol=SAME)


def test_a_file_has_no_engine():
    with pytest.raises(ValueError) as refusal:
        weighted_counts("answers.parquet", ["nps"], route="engine")
    assert str(refusal.value) == (
        "route='engine' is not for files, which have no engine; open them in one, or leave route out."
    )


@pytest.mark.parametrize("route", ROUTES)
def test_products_of_bytes_do_not_overflow(in_library, route):
    """100 · 100 is 16 in one byte."""
    unless_a_file(in_library, route)
    frame = pd.DataFrame(
        {"a": np.full(3000, 100, dtype="int8"), "b": np.tile(np.array([100, -100], dtype="int8"), 1500)}
    )
    assert (frame["a"].to_numpy() * frame["a"].to_numpy())[0] == 16
    sums = cross_products(in_library(frame), ["a", "b"], route=route)
    assert sums.products.tolist() == [[3000, 300000, 0], [300000, 30000000, 0], [0, 0, 30000000]]


def test_a_table_can_be_gone_through_again_by_column_and_tells_how_far_it_is(in_library):
    opened = open_batches(in_library(FRAME))
    assert opened.names == tuple(FRAME.columns)
    told = []
    first = np.concatenate(list(opened.numbers(["web", "nps"], lambda *where: told.append(where))), axis=1)
    again = np.concatenate(list(opened.numbers(["web", "nps"])), axis=1)
    assert first.shape == (2, len(FRAME))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(np.sort(first[1]), np.sort(FRAME["nps"].to_numpy(float, na_value=np.nan)))
    assert told[-1] == (len(FRAME), opened.rows)
    assert len(told) > 3
    batch = next(opened.read(["shop"]))
    assert batch.schema.names == ["shop"]
    assert batch.column(0).type == pa.int8()


def test_what_progress_raises_ends_the_pass():
    def stop(done, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        weighted_counts(FRAME, ["nps"], progress=stop)


def test_a_large_mean_does_not_eat_a_small_variance():
    """Raw sums of squares would leave no digit of a variance of 1 about 10⁹ (Chan, Golub & LeVeque 1983)."""
    values = 1e9 + np.random.default_rng(3).normal(size=5000)
    sums = cross_products(pd.DataFrame({"x": values}), ["x"])
    assert sums.centred[0, 0] / sums.n == pytest.approx(values.var(), rel=1e-6)
    raw = (values**2).sum() - 5000 * values.mean() ** 2
    assert raw / 5000 != pytest.approx(values.var(), rel=1e-2)


@settings(max_examples=50)
@given(
    cut=st.integers(0, 40),
    data=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 3)), min_size=1, max_size=40),
)
def test_parts_add_up_to_the_whole(cut, data):
    block = np.array(data, dtype=float).T
    whole = cross_products_of(("a", "b"), block[:2], block[2])
    parts = [cross_products_of(("a", "b"), part[:2], part[2]) for part in (block[:, :cut], block[:, cut:])]
    merged = parts[0].merge(parts[1])
    assert (merged.n, merged.left_out, merged.weight) == (whole.n, whole.left_out, whole.weight)
    np.testing.assert_allclose(merged.products, whole.products, atol=1e-9)


def test_folders_may_be_columns(tmp_path):
    for region in ("north", "south"):
        (tmp_path / f"region={region}").mkdir()
        pq.write_table(pa.table({"nps": [9, 3]}), tmp_path / f"region={region}" / "0.parquet")
    counts = weighted_counts(tmp_path, ["region", "nps"])
    assert counts.keys.to_numpy().tolist() == [["north", 3], ["north", 9], ["south", 3], ["south", 9]]


def test_numbers_of_every_kind_are_one_number():
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.connect().sql("select 9::decimal(4, 1) as q union all select 9 union all select null")
    for route in ROUTES:
        counts = weighted_counts(relation, ["q"], route=route)
        assert counts.keys["q"].tolist() == [9, None]
        assert counts.rows.tolist() == [2, 1]
    assert cross_products(relation, ["q"]).mean.tolist() == [9]


def test_the_order_of_categories_is_kept():
    assert weighted_counts(FRAME, ["size"]).keys["size"].tolist() == ["small", "large"]
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"size": ["large", "small"]}, schema={"size": polars.Enum(["small", "large"])})
    for route in ROUTES:
        assert weighted_counts(frame, ["size"], route=route).keys["size"].tolist() == ["small", "large"]


def test_empty_and_missing():
    empty = FRAME.head(0)
    assert len(weighted_counts(empty, ["nps"]).rows) == 0
    sums = cross_products(empty, ["shop", "web"], weight="w")
    assert (sums.n, sums.weight, sums.products.tolist()) == (0, 0, [[0] * 3] * 3)
    nothing = pd.DataFrame({"a": [None, None], "w": [1.0, 2.0]})
    assert weighted_counts(nothing, ["a"], weight="w").keys["a"].tolist() == [None]
    for route in ROUTES:
        assert cross_products(pd.DataFrame({"a": [np.nan] * 2}), ["a"], route=route).left_out == 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: weighted_counts(FRAME, ["age"]),
            ValueError,
            "'age' is no column of the frame; it has 'nps', 'shop', 'web', 'w', 'region, or “area”', 'size', 'member', "
            "'day'.",
        ),
        (
            lambda: weighted_counts(FRAME, ["nps", "nps"]),
            ValueError,
            "columns must be one or more different columns; got ['nps', 'nps'].",
        ),
        (
            lambda: weighted_counts([1, 2], ["nps"]),
            TypeError,
            "a table must be a data frame (pandas, Polars, PyArrow, DuckDB …) or the path of Parquet files; got list.",
        ),
        (
            lambda: weighted_counts("no.parquet", ["nps"]),
            DataError,
            "no.parquet: expected a Parquet file, or a folder with Parquet files. Correct the path.",
        ),
        (
            lambda: weighted_counts(FRAME, ["nps"], route="quick"),
            ValueError,
            "route must be one of 'batches', 'engine'; got 'quick'.",
        ),
        (
            lambda: weighted_counts(FRAME, ["nps"], weight="size"),
            DataError,
            "frame, column 'size': expected a column of numbers. Convert it first; or use make_study, which reads "
            "cells as people write them.",
        ),
        (
            lambda: cross_products(FRAME, ["web", "size"], route="engine"),
            DataError,
            "frame, column 'size': expected a column of numbers. Convert it first; or use make_study, which reads "
            "cells as people write them.",
        ),
    ],
)
def test_what_cannot_be_summed_is_refused(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_too_many_combinations_are_no_groups(monkeypatch):
    from tpm_widgets.statistics.tables import reductions

    monkeypatch.setattr(reductions, "MOST_LINES", 1000)
    for route in ROUTES:
        with pytest.raises(DataError) as caught:
            weighted_counts(FRAME, ["w"], route=route)
        assert str(caught.value) == (
            "frame: expected at most 1,000 different combinations of w. Split by columns of few groups; or make a "
            "Study of a sample of the rows: make_study(sample, …)."
        )


def test_cells_of_several_kinds_are_refused_in_words():
    with pytest.raises(DataError) as caught:
        weighted_counts(pd.DataFrame({"q": [9, "nine"]}), ["q"])
    assert str(caught.value) == (
        "frame: expected columns with cells of one kind each: numbers, texts, days, or yes and no. Convert them first; "
        "or use make_study, which reads cells as people write them."
    )


def test_the_source_stays_as_it_was():
    before = FRAME.copy(deep=True)
    weighted_counts(FRAME, ["nps"], weight="w")
    cross_products(FRAME, ["nps", "shop"], route="engine")
    pd.testing.assert_frame_equal(FRAME, before)
