"""Sums of a driver regression in a table's own engine: what NumPy gives, and what the other route gives."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.special import expit

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables import engine_regression
from tpm_widgets.statistics.tables.batches import as_frame
from tpm_widgets.statistics.tables.rating_columns import RatingColumns
from tpm_widgets.statistics.tables.regression_sums import linear_meat, logit_slopes, logit_sums, rating_products

SAME = {"rtol": 1e-9, "atol": 1e-9}  # sums are added in different orders


def answers(rows=1500, seed=7) -> pd.DataFrame:
    """Ratings of one byte and of floats, with codes, gaps, infinities and names as people give them."""
    rng = np.random.default_rng(seed)
    web = rng.integers(1, 6, rows).astype(float)
    web[:40], web[40:50], web[50:60] = np.nan, np.inf, 99
    frame = pd.DataFrame(
        {
            "would you recommend us?": pd.array(rng.integers(0, 12, rows), dtype="Int8"),
            "Größe (shop)": pd.array(rng.integers(1, 7, rows), dtype="Int8"),
            "w": web,
            "y.1": rng.integers(1, 8, rows).astype("int16"),
            "weight": rng.gamma(2, 1, rows),
        }
    )
    frame.loc[100:140, "would you recommend us?"] = pd.NA
    frame.loc[130:170, "Größe (shop)"] = pd.NA
    frame.loc[200:205, "weight"] = [np.nan, 0, -1, np.inf, -2, np.nan]
    return frame


FRAME = answers()
COLUMNS = {
    "outcome": "would you recommend us?",
    "scale": (0, 10),
    "ratings": ("Größe (shop)", "w", "y.1"),
    "scales": ((1, 5), (1, 5), (1, 7)),
    "absent": (0, 1),
    "codes": (6, 99),
}
CASES = {
    "score": RatingColumns(event=None, **COLUMNS),
    "score, weights": RatingColumns(event=None, weight="weight", **COLUMNS),
    "promoter": RatingColumns(event=(9, 10), **COLUMNS),
    "promoter, weights": RatingColumns(event=(9, 10), weight="weight", **COLUMNS),
    "complete": RatingColumns(event=(0, 6), complete=True, **{**COLUMNS, "absent": ()}),
}


def by_hand(columns):
    """z, y and w of the rows that count, and which they are."""
    score = FRAME[columns.outcome].to_numpy(float, na_value=np.nan)
    w = np.ones(len(FRAME)) if columns.weight is None else FRAME[columns.weight].to_numpy()
    used = (score >= 0) & (score <= 10) & np.isfinite(w) & (w > 0)
    z = [np.ones(len(FRAME))]
    for name, (low, high) in zip(columns.ratings, columns.scales, strict=True):
        rating = FRAME[name].to_numpy(float, na_value=np.nan)
        z.append(np.where((rating >= low) & (rating <= high), rating - low + 1, 0))
        used &= (z[-1] > 0) | (not columns.complete)
    z += [(z[1 + place] == 0).astype(float) for place in columns.absent]
    y = score if columns.event is None else (score >= columns.event[0]) & (score <= columns.event[1])
    return np.column_stack(z)[used], y[used].astype(float), w[used]


@pytest.fixture(params=["pandas", "pyarrow", "polars lazy", "duckdb"])
def frame(request):
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    if request.param == "pandas":
        return FRAME
    if request.param == "duckdb":
        return pytest.importorskip("duckdb").connect().from_arrow(table)
    return table if request.param == "pyarrow" else pytest.importorskip("polars").from_arrow(table).lazy()


@pytest.fixture(params=CASES)
def columns(request):
    return CASES[request.param]


def test_products(frame, columns):
    found = rating_products(frame, columns, route="engine")
    z, y, w = by_hand(columns)
    both = np.column_stack([z, y])
    np.testing.assert_allclose(found.products, (both * w[:, None]).T @ both, **SAME)
    assert (found.n, found.left_out) == (len(y), len(FRAME) - len(y))
    assert found.weight == pytest.approx(w.sum(), rel=1e-9)
    assert found.weight_squared == pytest.approx(w @ w, rel=1e-9)
    assert (found.events, found.low, found.high) == (y.sum(), y.min(), y.max())
    missing = z[:, len(z[0]) - len(columns.absent) :]
    np.testing.assert_array_equal(found.absent, missing.sum(axis=0))
    np.testing.assert_array_equal(found.absent_events, missing.T @ y)
    assert found.off_scale == 10  # the infinite ratings: no answer to any scale, and no code


def test_meat_of_least_squares(frame):
    columns = CASES["score, weights"]
    z, y, w = by_hand(columns)
    bread = np.linalg.inv((z * w[:, None]).T @ z)
    params = bread @ (z.T @ (w * y))
    found = linear_meat(frame, columns, params, bread, route="engine")
    leverage = w * np.einsum("ij,jk,ik->i", z, bread, z)
    slope = w * (y - z @ params) / (1 - leverage)
    np.testing.assert_allclose(found.meat, (z * (slope**2)[:, None]).T @ z, **SAME)
    assert found.decisive.shape == (0, len(params))


@pytest.mark.parametrize("size", [0.1, 1.0, 400.0])
def test_sums_of_the_logit(frame, size):
    """Also at parameters that no data have: exp(2,000) is not to be computed."""
    columns = CASES["promoter, weights"]
    z, y, w = by_hand(columns)
    params = size * np.array([-2.0, 0.5, 1, -0.7, 0.3, 0])
    found = logit_sums(frame, columns, params, route="engine")
    linear = z @ params
    mean = expit(linear)
    curve = w * mean * expit(-linear)
    assert found.slopes.value == pytest.approx(-(w * np.logaddexp(0, np.where(y > 0, -linear, linear))).sum(), rel=1e-9)
    np.testing.assert_allclose(found.slopes.gradient, z.T @ (w * (y - mean)), **SAME)
    np.testing.assert_allclose(found.slopes.curvature, (z * curve[:, None]).T @ z, **SAME)
    np.testing.assert_allclose(found.meat, (z * ((w * (y - mean)) ** 2)[:, None]).T @ z, **SAME)
    np.testing.assert_allclose(found.bend, (z * (curve * (1 - 2 * mean))[:, None]).T @ z, **SAME)
    assert found.largest == pytest.approx(np.abs(linear).max(), rel=1e-12)
    for part, own in zip(found.slopes, logit_slopes(frame, columns, params, route="engine"), strict=True):
        np.testing.assert_allclose(part, own, **SAME)


def test_both_routes_give_the_same(frame, columns):
    engine, batches = (rating_products(frame, columns, route=route) for route in ("engine", "batches"))
    np.testing.assert_allclose(engine.products, batches.products, **SAME)
    assert (engine.n, engine.left_out, engine.off_scale) == (batches.n, batches.left_out, batches.off_scale)
    params = np.linspace(-0.2, 0.2, columns.width)
    bread = 1e-4 * np.eye(columns.width)
    one, other = (linear_meat(frame, columns, params, bread, route=route) for route in ("engine", "batches"))
    np.testing.assert_allclose(one.meat, other.meat, **SAME)


def test_an_answer_that_decides_a_coefficient_alone_is_handed_over():
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.connect().sql("from (values (9, 5), (7, 4), (8, 4), (3, 4)) as t(nps, shop)")
    columns = RatingColumns(outcome="nps", scale=(0, 10), event=None, ratings=("shop",), scales=((1, 5),), absent=())
    sums = rating_products(relation, columns, route="engine").products
    bread = np.linalg.inv(sums[:2, :2])
    found = linear_meat(relation, columns, bread @ sums[:2, 2], bread, route="engine")
    assert found.decisive.tolist() == [[1, 5]]


def test_wide_tables_are_summed_in_parts(monkeypatch):
    monkeypatch.setattr("tpm_widgets.statistics.tables.engine_reductions.MOST_SUMS", 2)
    test_products(FRAME, CASES["score, weights"])


def test_nobody_counts(frame):
    columns = RatingColumns(event=None, **{**COLUMNS, "scale": (20, 30)})
    found = rating_products(frame, columns, route="engine")
    assert (found.n, found.left_out, found.low, found.high, found.weight) == (0, len(FRAME), 0, 0, 0)
    assert not found.products.any()


def test_scores_between_two_are_no_promoters():
    frame = pd.DataFrame({"nps": [8.5, 9.5, 9, 3], "shop": [1, 2, 3, 4]})
    columns = RatingColumns(outcome="nps", scale=(0, 10), event=(9, 10), ratings=("shop",), scales=((1, 5),), absent=())
    found = rating_products(frame, columns, route="engine")
    assert (found.n, found.left_out, found.events) == (2, 2, 1)


def test_texts_are_refused():
    columns = RatingColumns(event=None, **{**COLUMNS, "ratings": ("note",), "scales": ((1, 5),), "absent": ()})
    with pytest.raises(DataError) as refusal:
        engine_regression.rating_products(as_frame(FRAME.assign(note="good")), columns)
    assert str(refusal.value) == (
        "frame, column 'note': expected a column of numbers. Convert it first; or use make_study, which reads cells as "
        "people write them."
    )


def test_the_frame_stays_as_it_was():
    before = FRAME.copy(deep=True)
    rating_products(FRAME, CASES["promoter, weights"], route="engine")
    pd.testing.assert_frame_equal(FRAME, before)
