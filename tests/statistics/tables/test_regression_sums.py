"""Sums of a driver regression: every library and both routes give what fits on the whole matrix give."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables import batches as batches_module
from tpm_widgets.statistics.tables import rating_blocks
from tpm_widgets.statistics.tables.rating_columns import RatingColumns
from tpm_widgets.statistics.tables.regression_sums import (
    linear_meat,
    logit_slopes,
    logit_sums,
    open_ratings,
    rating_products,
)

SAME = 1e-9  # sums are added in different orders
RATINGS = ("shop", "wég, or “road”", "half points")
COLUMNS = RatingColumns(
    outcome="score",
    scale=(0, 10),
    event=None,
    ratings=RATINGS,
    scales=((1, 5), (-2, 2), (1, 5)),
    absent=(0, 1, 2),
    weight="w",
    codes=(6,),
)
PARAMS = np.array([0.2, -0.1, 0.3, 0.05, -0.4, 0.2, 0.1])


def table_of(rows=3000, seed=8) -> pd.DataFrame:
    """Codes, cells off the scale, missing ones, half points, and weights that do not count."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "score": pd.array(rng.integers(0, 12, rows), dtype="Int8"),
            "shop": pd.array(rng.integers(1, 7, rows), dtype="int8"),
            RATINGS[1]: pd.array(rng.integers(-2, 3, rows), dtype="Int8"),
            RATINGS[2]: rng.integers(2, 11, rows) / 2,
            "w": rng.gamma(2, 1, rows),
        }
    )
    frame.loc[:50, "score"] = pd.NA
    frame.loc[40:60, "w"] = [np.nan, 0, -1, np.inf] * 5 + [0]
    frame.loc[100:150, RATINGS[1]] = pd.NA
    frame.loc[140:180, RATINGS[2]] = np.nan
    frame.loc[200:204, "shop"] = 9
    return frame


FRAME = table_of()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Several batches also of a small table."""
    monkeypatch.setattr(batches_module, "BATCH", 700)


def by_hand(columns, frame=FRAME):
    """z, y and w as NumPy makes them, one row per answer."""
    score = frame[columns.outcome].to_numpy(float, na_value=np.nan)
    weights = np.ones(len(frame)) if columns.weight is None else frame[columns.weight].to_numpy(float)
    used = (score >= 0) & (score <= 10) & np.isfinite(weights) & (weights > 0)
    steps = []
    for name, (low, high) in zip(columns.ratings, columns.scales, strict=True):
        rating = frame[name].to_numpy(float, na_value=np.nan)
        steps.append(np.where((rating >= low) & (rating <= high), rating - low + 1, 0.0))
    z = np.column_stack([np.ones(len(frame)), *steps, *((step == 0).astype(float) for step in steps)])
    if columns.event is not None:
        score = ((score >= columns.event[0]) & (score <= columns.event[1])).astype(float)
    return z[used], score[used], weights[used]


@pytest.mark.parametrize("route", ["batches", "engine"])
@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("event", [None, (9, 10)])
def test_sums_are_those_of_numpy(in_library, route, weight, event):
    if route == "engine" and in_library.library.startswith("parquet"):
        pytest.skip("files have no engine")
    columns = replace(COLUMNS, weight=weight, event=event)
    z, y, w = by_hand(columns)
    table = open_ratings(in_library(FRAME), columns, route)
    sums = rating_products(table, columns)
    both = np.column_stack([z, y])
    assert (sums.n, sums.left_out) == (len(y), len(FRAME) - len(y))
    assert (sums.low, sums.high, sums.off_scale) == (y.min(), y.max(), 5)
    np.testing.assert_allclose(sums.products, (both * w[:, None]).T @ both, rtol=SAME)
    np.testing.assert_allclose([sums.weight, sums.weight_squared], [w.sum(), w @ w], rtol=SAME)
    np.testing.assert_allclose(sums.absent, z[:, 4:].sum(axis=0), rtol=SAME)
    np.testing.assert_allclose([sums.events, *sums.absent_events], [y.sum(), *(y @ z[:, 4:])], rtol=SAME)

    if event is None:
        bread = np.linalg.inv((z * w[:, None]).T @ z)
        found = linear_meat(table, columns, PARAMS, bread)
        leverage = w * np.einsum("ij,jk,ik->i", z, bread, z)
        slope = w * (y - z @ PARAMS) / (1 - leverage)
        np.testing.assert_allclose(found.meat, (z * slope[:, None] ** 2).T @ z, rtol=SAME)
        assert found.decisive.shape == (0, 7)
        return
    p = 1 / (1 + np.exp(-z @ PARAMS))
    value = (w * np.log(np.where(y == 1, p, 1 - p))).sum()
    gradient, curvature = (w * (y - p)) @ z, (z * (w * p * (1 - p))[:, None]).T @ z
    found = logit_sums(table, columns, PARAMS)
    for slopes in (logit_slopes(table, columns, PARAMS), found.slopes):
        np.testing.assert_allclose(slopes.value, value, rtol=SAME)
        np.testing.assert_allclose(slopes.gradient, gradient, rtol=SAME, atol=SAME)
        np.testing.assert_allclose(slopes.curvature, curvature, rtol=SAME)
    np.testing.assert_allclose(found.bend, (z * (w * p * (1 - p) * (1 - 2 * p))[:, None]).T @ z, rtol=SAME, atol=SAME)
    if weight is not None:
        np.testing.assert_allclose(found.meat, (z * (w * (y - p))[:, None] ** 2).T @ z, rtol=SAME)


def test_products_of_bytes_are_exact():
    """An odd number above 2²⁴ has no place in single precision, which the products are computed in."""
    frame = pd.DataFrame({"score": np.full(4999, 10), "x": np.full(4999, 252)})
    columns = RatingColumns(outcome="score", scale=(0, 10), event=None, ratings=("x",), scales=((0, 253),), absent=())
    sums = rating_products(frame, columns)
    assert sums.products[1].tolist() == [253 * 4999, 253**2 * 4999, 253 * 10 * 4999]
    assert float(np.float32(253**2 * 4999)) != 253**2 * 4999


def test_a_table_too_large_to_keep_is_read_anew_and_gives_the_same(monkeypatch):
    kept = open_ratings(FRAME, COLUMNS)
    expected = [rating_products(kept, COLUMNS), rating_products(kept, COLUMNS)]
    monkeypatch.setattr(rating_blocks, "KEEP", 100)
    anew = open_ratings(FRAME, COLUMNS)
    found = [rating_products(anew, COLUMNS), rating_products(anew, COLUMNS)]
    assert kept.kept is not None
    assert anew.kept is None
    for sums in found:
        np.testing.assert_array_equal(sums.products, expected[0].products)
    np.testing.assert_array_equal(expected[1].products, expected[0].products)


def test_the_sample_is_spread_over_the_table(monkeypatch):
    monkeypatch.setattr(rating_blocks, "SAMPLE", 100)
    ordered = FRAME.sort_values("score", ignore_index=True)
    table = open_ratings(ordered, COLUMNS)
    sums = rating_products(table, COLUMNS)
    drawn = rating_products(table.some(), COLUMNS)
    assert 100 <= drawn.n <= 200
    assert drawn.events / drawn.n == pytest.approx(sums.events / sums.n, rel=0.1)


def test_progress_counts_every_row_in_each_pass_and_may_stop_it():
    told = []
    table = open_ratings(FRAME, COLUMNS, progress=lambda *where: told.append(where))
    rating_products(table, COLUMNS)
    rating_products(table, COLUMNS)
    assert told == [(done, 3000) for done in (700, 1400, 2100, 2800, 3000)] * 2

    def stop(done, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rating_products(open_ratings(FRAME, COLUMNS, progress=stop), COLUMNS)


def test_an_answer_that_decides_alone_is_handed_out():
    frame = pd.DataFrame({"score": [3, 4, 5, 9], "x": [1, 1, 1, 5]})
    columns = RatingColumns(outcome="score", scale=(0, 10), event=None, ratings=("x",), scales=((1, 5),), absent=())
    z = np.array([[1, 1], [1, 1], [1, 1], [1, 5.0]])
    for route in ("batches", "engine"):
        found = linear_meat(frame, columns, np.zeros(2), np.linalg.inv(z.T @ z), route=route)
        assert found.decisive.tolist() == [[1, 5]]


def test_texts_are_refused():
    with pytest.raises(DataError) as caught:
        rating_products(FRAME.assign(shop="good"), COLUMNS)
    assert str(caught.value) == (
        "frame, column 'shop': expected a column of numbers. Convert it first; or use make_study, which reads cells as "
        "people write them."
    )


def test_an_empty_table_has_empty_sums():
    sums = rating_products(FRAME.head(0), COLUMNS)
    assert (sums.n, sums.weight, sums.low, sums.high, sums.products.sum()) == (0, 0, 0, 0, 0)
