"""Where bytes, chunks and batches end, the sums do not change; and what the engine of Spark is asked for."""

from dataclasses import replace
from types import SimpleNamespace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables import batch_reductions, batches, rating_blocks
from tpm_widgets.statistics.tables.batch_regression import _bytes_only
from tpm_widgets.statistics.tables.batches import open_batches
from tpm_widgets.statistics.tables.engine_reductions import _products_by_line, products
from tpm_widgets.statistics.tables.engine_regression import sample
from tpm_widgets.statistics.tables.moments import cross_products_of
from tpm_widgets.statistics.tables.rating_blocks import pack
from tpm_widgets.statistics.tables.rating_columns import RatingColumns
from tpm_widgets.statistics.tables.reductions import cross_products, weighted_counts
from tpm_widgets.statistics.tables.regression_sums import (
    linear_meat,
    logit_sums,
    open_ratings,
    rating_products,
)

ONE = RatingColumns(outcome="score", scale=(0, 10), event=None, ratings=("x",), scales=((1, 5),), absent=(0,))


def packed(frame, columns):
    return pack(next(iter(open_batches(frame).read(list(columns.names)))), columns)


@pytest.mark.parametrize("kind", ["Int8", "Int16", "Float64"])
@pytest.mark.parametrize("scale", [(-128, 100), (-127, 100), (-100, 126), (-100, 127), (0, 127), (-128, 127)])
def test_every_value_of_a_byte_has_its_step_and_missing_cells_have_none(kind, scale):
    """−128 stands for missing cells where bytes are read as they are: only where no scale has it."""
    values = pd.array([*range(-128, 128), None, None], dtype=kind)
    frame = pd.DataFrame({"score": np.full(258, 5), "x": values})
    low, high = scale
    expected = [value - low + 1 if low <= value <= high else 0 for value in range(-128, 128)]
    rows = packed(frame, replace(ONE, scales=(scale,)))
    assert rows.steps[0].tolist() == [*expected, 0, 0]
    assert rows.off_scale == expected.count(0)
    assert (rows.steps.dtype == np.uint8) == (high - low < 254)


def test_half_points_are_no_bytes_and_neither_is_a_scale_that_begins_between_two_numbers():
    frame = pd.DataFrame({"score": [5, 6], "x": [1.5, 4.0]})
    rows = packed(frame, ONE)
    assert rows.steps.tolist() == [[1.5, 4]] and rows.steps.dtype == float
    assert rows.score.dtype == np.uint8
    rows = packed(frame, replace(ONE, scales=((0.5, 5),)))
    assert rows.steps.tolist() == [[2, 4.5]]
    assert packed(frame, replace(ONE, scales=((0.5, 4.5),))).steps.dtype == float


def test_cells_off_the_scale_are_counted_unless_they_are_missing_or_codes():
    frame = pd.DataFrame({"score": [5.0] * 6, "x": [0, 6, 9, np.nan, 3, 1.0]})
    assert packed(frame, ONE).off_scale == 3
    assert packed(frame, replace(ONE, codes=(6,))).off_scale == 2
    assert packed(frame, replace(ONE, codes=(0, 6, 9))).off_scale == 0


def test_scores_between_two_do_not_count_for_an_event_and_do_for_a_mean():
    frame = pd.DataFrame({"score": [8.5, 9, 3, 12, np.nan], "x": [1, 2, 3, 4, 5]})
    for route in ("batches", "engine"):
        mean = rating_products(frame, ONE, route=route)
        assert (mean.n, mean.left_out, mean.events, mean.low, mean.high) == (3, 2, 20.5, 3, 9)
        event = rating_products(frame, replace(ONE, event=(9, 10)), route=route)
        assert (event.n, event.left_out, event.events) == (2, 3, 1)


def test_an_event_may_reach_below_its_scale_and_a_scale_may_begin_above_0():
    frame = pd.DataFrame({"score": [4.5, 5, 3, 1, 6], "x": [1, 2, 3, 4, 5]})
    columns = replace(ONE, scale=(1, 5))
    for route in ("batches", "engine"):
        found = rating_products(frame, replace(columns, event=(5, 5)), route=route)
        assert (found.n, found.events) == (3, 1)
        low = rating_products(frame, replace(columns, event=(-9, 3)), route=route)
        assert (low.events, low.products[-1, -1], low.low, low.high) == (2, 2, 0, 1)


def test_single_precision_is_taken_only_where_it_is_exact():
    """In chunks of 256 rows products of numbers up to 255 stay below 2²⁴; weights and half points are no such ones."""
    rows = packed(pd.DataFrame({"score": [5, 6], "x": [1, 4]}), ONE)
    assert _bytes_only(rows, ONE)
    assert _bytes_only(rows, replace(ONE, scale=(2, 255)))
    assert not _bytes_only(rows, replace(ONE, scale=(2, 256)))
    assert not _bytes_only(rows, replace(ONE, scale=(-256, -2)))
    assert _bytes_only(rows, replace(ONE, scale=(500, 510), event=(509, 510)))
    assert not _bytes_only(replace(rows, weights=np.ones(2)), ONE)
    assert not _bytes_only(replace(rows, steps=rows.steps.astype(float)), ONE)


def test_products_of_a_large_outcome_are_exact():
    """Scores of 1,001 on a scale of few steps: 4,999 of their squares have no place in single precision."""
    frame = pd.DataFrame({"score": np.full(4999, 1001), "x": np.full(4999, 5)})
    sums = rating_products(frame, replace(ONE, scale=(1000, 1010)))
    assert sums.products[:, -1].tolist() == [1001 * 4999, 5 * 1001 * 4999, 0, 1001**2 * 4999]


@pytest.mark.parametrize("rows", [1, 255, 256, 257, 4096, 4097, 8500])
@pytest.mark.parametrize("weight", [None, "w"])
def test_sums_do_not_know_where_chunks_and_blocks_end(rows, weight):
    """Rows are widened in chunks of 256 and blocks of 4,096, of which the last ones are not full."""
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame({"score": rng.integers(0, 11, rows), "x": rng.integers(0, 6, rows), "w": rng.random(rows) + 1})
    columns = replace(ONE, weight=weight)
    x, w = frame["x"].to_numpy(), np.ones(rows) if weight is None else frame["w"].to_numpy()
    z = np.column_stack([np.ones(rows), x, x == 0])
    score = frame["score"].to_numpy(float)
    found = rating_products(frame, columns)
    both = np.column_stack([z, score])
    np.testing.assert_allclose(found.products, (both * w[:, None]).T @ both, rtol=1e-9)
    assert (found.low, found.high, found.n) == (score.min(), score.max(), rows)
    params, bread = np.array([0.3, -0.2, 0.1]), np.diag([0.01, 0.002, 0.01]) / rows
    slope = w * (score - z @ params) / (1 - w * np.einsum("ij,jk,ik->i", z, bread, z))
    meat = linear_meat(frame, columns, params, bread).meat
    np.testing.assert_allclose(meat, (z * slope[:, None] ** 2).T @ z, rtol=1e-9)
    logit = logit_sums(frame, replace(columns, event=(9, 10)), params)
    y, p = score >= 9, 1 / (1 + np.exp(-z @ params))
    assert logit.slopes.value == pytest.approx((w * np.log(np.where(y, p, 1 - p))).sum(), rel=1e-9)
    np.testing.assert_allclose(logit.slopes.gradient, (w * (y - p)) @ z, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(logit.bend, (z * (w * p * (1 - p) * (1 - 2 * p))[:, None]).T @ z, rtol=1e-9, atol=1e-9)
    assert logit.largest == pytest.approx(np.abs(z @ params).max())


@pytest.mark.parametrize("route", ["batches", "engine"])
def test_one_row_and_none(route):
    frame = pd.DataFrame({"a": [3.0, np.nan], "b": [5.0, 1.0], "w": [2.0, 1.0]})
    one = cross_products(frame, ["a", "b"], "w", route=route)
    assert (one.n, one.left_out, one.weight, one.weight_squared) == (1, 1, 2, 4)
    assert (one.mean.tolist(), one.centred.tolist()) == ([3, 5], [[0, 0], [0, 0]])
    none = cross_products(frame.tail(1), ["a", "b"], "w", route=route)
    assert (none.n, none.left_out, none.weight, none.mean.tolist()) == (0, 1, 0, [0, 0])


def test_parts_without_weight_change_nothing_when_they_are_merged():
    some = cross_products_of(("a",), np.array([[1.0, 2, 4]]), None)
    none = cross_products_of(("a",), np.empty((1, 0)), None)
    for merged in (some.merge(none), none.merge(some)):
        assert (merged.n, merged.weight, merged.weight_squared, merged.mean[0]) == (3, 3, 3, some.mean[0])
        assert merged.centred.tolist() == some.centred.tolist()
    assert none.merge(none).mean.tolist() == [0]


def test_a_weight_that_does_not_count_is_left_out_of_sums_but_its_row_is_counted():
    frame = pd.DataFrame({"a": [1, 1, 1, 1, 2], "w": [0.5, 0.0, -1.0, np.nan, np.inf]})
    for route in ("batches", "engine"):
        counts = weighted_counts(frame, ["a"], "w", route=route)
        found = [counts.rows, counts.n, counts.weight, counts.weight_squared, counts.negative]
        assert np.array(found).T.tolist() == [[4, 1, 0.5, 0.25, 1], [1, 0, 0, 0, 0]]
        sums = cross_products(frame, ["a"], "w", route=route)
        assert (sums.n, sums.left_out, sums.weight) == (1, 4, 0.5)


def test_many_kinds_of_rows_are_told_apart_by_sorting_as_by_counting(monkeypatch):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.integers(0, 30, 500), "b": rng.integers(0, 30, 500), "c": rng.integers(0, 3, 500)})
    first = weighted_counts(frame, ["a", "b", "c"])
    monkeypatch.setattr(batch_reductions, "FEW", 0)
    second = weighted_counts(frame, ["a", "b", "c"])
    pd.testing.assert_frame_equal(first.keys, second.keys)
    assert first.rows.tolist() == second.rows.tolist()


def test_as_many_combinations_as_are_allowed_are_counted(monkeypatch):
    from tpm_widgets.statistics.tables import reductions

    monkeypatch.setattr(batches, "BATCH", 2)
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5]})
    for route in ("batches", "engine"):
        monkeypatch.setattr(reductions, "MOST_LINES", 5)
        assert weighted_counts(frame, ["a"], route=route).rows.tolist() == [1] * 5
        monkeypatch.setattr(reductions, "MOST_LINES", 4)
        with pytest.raises(DataError):
            weighted_counts(frame, ["a"], route=route)


def test_the_digest_changes_with_keys_rows_and_weights_and_not_with_rounding():
    frame = pd.DataFrame({"a": [1, 2, 2], "w": [1.0, 2.0, 3.0]})
    digest = weighted_counts(frame, ["a"], "w").digest
    assert len(digest) == 12 and set(digest) <= set("0123456789abcdef")
    assert weighted_counts(frame.iloc[::-1], ["a"], "w").digest == digest
    assert weighted_counts(frame.assign(w=frame["w"] * (1 + 1e-12)), ["a"], "w").digest == digest
    others = [frame.assign(w=[1.0, 2.0, 3.01]), frame.assign(a=[1, 3, 3]), frame.rename(columns={"a": "b"}),
              pd.DataFrame({"a": [1, 2], "w": [1.0, 5.0]})]  # fmt: skip
    digests = [weighted_counts(other, [other.columns[0]], "w").digest for other in others]
    assert len({digest, *digests}) == 5


def test_a_table_of_just_as_many_bytes_as_are_kept_is_kept(monkeypatch):
    frame = pd.DataFrame({"score": np.arange(11), "x": np.ones(11)})
    for keep, kept in ((22, True), (21, False)):  # one byte for the score, one for the rating
        monkeypatch.setattr(rating_blocks, "KEEP", keep)
        table = open_ratings(frame, ONE)
        assert table.kept is None
        rating_products(table, ONE)
        assert (table.kept is not None) == kept


def test_the_sample_is_every_second_row_as_often_as_it_was_halved(monkeypatch):
    frame = pd.DataFrame({"score": np.arange(120) % 11, "x": np.arange(120) % 5 + 1, "w": 1.0 + np.arange(120)})
    monkeypatch.setattr(rating_blocks, "SAMPLE", 20)
    monkeypatch.setattr(batches, "BATCH", 30)
    table = open_ratings(frame, replace(ONE, weight="w"))
    rating_products(table, table.columns)
    drawn = np.concatenate([part.weights for part in table.some().kept])
    assert len(drawn) <= 40
    assert (drawn - 1).tolist() == [row for part in range(4) for row in range(30 * part, 30 * part + 30, 4)]


def test_sums_by_line_are_the_sums_of_all_pairs():
    """What Spark is asked for, here in pandas: some factors at a time, each row once per line."""
    rng = np.random.default_rng(2)
    rows = nw.from_native(pd.DataFrame(rng.normal(size=(40, 5)), columns=list("abcde")))
    lines, factors = ["a", "b", "c"], ["c", "d", "e", "a"]
    expected, most = products(rows, lines, factors, largest="e")
    table = rows.to_native().to_numpy()
    np.testing.assert_allclose(expected, table[:, [0, 1, 2]].T @ table[:, [2, 3, 4, 0]], rtol=1e-12)
    assert most == table[:, 4].max()
    assert products(rows, lines, factors)[1] == 0


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 48])
def test_factors_are_summed_in_parts(monkeypatch, at_a_time):
    monkeypatch.setattr("tpm_widgets.statistics.tables.engine_reductions.MOST_SUMS", at_a_time)
    table = np.random.default_rng(2).normal(size=(40, 5))
    rows = nw.from_native(pd.DataFrame(table, columns=list("abcde")).assign(most=np.arange(40.0) % 8))
    found, most = _products_by_line(rows, ["a", "b", "c"], ["d", "e", "a"])
    np.testing.assert_allclose(found, table[:, [0, 1, 2]].T @ table[:, [3, 4, 0]], rtol=1e-12)
    assert most == 7
    none = nw.from_native(pd.DataFrame(table, columns=list("abcde")).assign(most=0.0))
    assert _products_by_line(none, ["a"], ["b"])[1] == 0


@pytest.mark.parametrize(("rows", "share"), [(100, 1.0), (2**17, 1.0), (2**18, 0.5)])
def test_of_spark_a_sample_of_rows_is_asked_for(rows, share):
    """A stand-in for Spark's frame, which tells what it was asked for and hands over a table in memory."""
    asked = {}

    def draw(**how):
        asked.update(how)
        return pd.DataFrame({"other": [1], "x": [2], "score": [9]})

    frame = SimpleNamespace(
        implementation=SimpleNamespace(is_spark_like=lambda: True), to_native=lambda: SimpleNamespace(sample=draw)
    )
    assert sample(frame, ONE, rows).to_dict("list") == {"score": [9], "x": [2]}
    assert asked == {"fraction": share, "seed": 1}
    assert sample(nw.from_native(pd.DataFrame({"score": [9], "x": [2]})), ONE, rows) is None


def test_an_engine_that_hands_out_no_batches_sums_itself(monkeypatch):
    """As Spark: the engine is asked, and batches are refused by name."""
    polars = pytest.importorskip("polars")
    monkeypatch.setattr(batches, "_lazy", lambda frame: None)
    lazy = polars.LazyFrame({"score": [9, 3], "x": [1, 2]})
    assert open_batches(lazy) is None
    assert weighted_counts(lazy, ["x"]).rows.tolist() == [1, 1]
    assert rating_products(lazy, ONE).products[0].tolist() == [2, 3, 0, 12]
    with pytest.raises(ValueError) as refused:
        weighted_counts(lazy, ["x"], route="batches")
    assert str(refused.value) == "route='batches' is not for LazyFrame; it computes in its own engine."


@pytest.mark.parametrize("route", ["batches", "engine"])
def test_missing_cells_of_every_kind_are_none(route):
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2024-01-02", None, "2024-01-01"]),
            "word": ["b ", " ", "a"],
            "flag": pd.array([True, None, False], dtype="boolean"),
            "half": [1.5, np.nan, 1.0],
        }
    )
    for name, expected in (
        ("day", [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02"), None]),
        ("word", ["a", "b", None]),
        ("flag", [False, True, None]),
        ("half", [1, 1.5, None]),
    ):
        keys = weighted_counts(frame, [name], route=route).keys[name].tolist()
        assert keys == expected and keys[-1] is None, name


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "answers.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError) as refused:
        open_batches(tmp_path / "answers.parquet")
    assert str(refused.value) == (
        "answers.parquet: expected a whole Parquet file. The file is damaged or of another form: export it again."
    )
