"""On a Spark cluster with processes of its own, every sum and every verb gives what NumPy gives.

The same Parquet folder is read by Spark (the engine route) and by Arrow (the batches route).
"""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables import regression_sums
from tpm_widgets.statistics.tables.rating_columns import RatingColumns
from tpm_widgets.statistics.tables.reductions import cross_products, weighted_counts

pytestmark = [
    pytest.mark.slow,
    # what the project needs of pyspark (reading, expressions, sums) does not go through pandas
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

SAME = {"rtol": 1e-9, "atol": 1e-9}  # sums are added in different orders
TOUCHPOINTS = ("shop", "web site", "hotline.de", "Größe")


def answers(rows=6000, seed=11) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    halo = rng.normal(size=rows)
    ratings = np.clip(np.rint(3.4 + 0.6 * halo[:, None] + rng.normal(size=(rows, len(TOUCHPOINTS)))), 1, 5)
    score = np.clip(np.rint(6.5 + (ratings - 3.4) @ [0.9, 0.5, 0.2, 0.0] + rng.normal(0, 1.5, rows)), 0, 10)
    frame = pd.DataFrame(ratings.astype("int8"), columns=list(TOUCHPOINTS))
    frame.insert(0, "q.1", score.astype("int8"))
    frame["region"] = rng.choice(["north", "south ", "west"], rows)
    frame["weight"] = rng.gamma(4, 0.25, rows)
    frame["acquired"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 600, rows), unit="D")
    frame["source"] = rng.choice(["recommendation", "other", "unknown"], rows, p=[0.3, 0.6, 0.1])
    for name, share, code in (("web site", 0.25, 6), ("hotline.de", 0.4, 6), ("shop", 0.01, 0)):
        frame.loc[rng.random(rows) < share, name] = code
    frame["Größe"] = frame["Größe"].astype("Int8").mask(rng.random(rows) < 0.1)
    frame.loc[:40, "q.1"] = 99
    frame.loc[100:110, "weight"] = np.nan
    frame.loc[200:230, "region"] = None
    return frame


ANSWERS = answers()
COLUMNS = {
    "outcome": "q.1",
    "scale": (0, 10),
    "ratings": TOUCHPOINTS,
    "scales": ((1, 5),) * 4,
    "absent": (0, 1, 2, 3),
    "codes": (0, 6),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("answers")
    for place in range(4):
        ANSWERS.iloc[place::4].to_parquet(path / f"{place}.parquet", index=False)
    return str(path)


@pytest.fixture(scope="module")
def table(spark, folder):
    return spark.read.parquet(f"file://{folder}")


def test_the_executors_are_processes_of_their_own(spark, table):
    known = spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    assert len({executor.port() for executor in known}) == 3  # the driver and two more
    assert table.rdd.getNumPartitions() > 1


def test_counts(table, folder):
    keys = ["region", "q.1", "Größe", "acquired"]
    there, here = weighted_counts(table, keys, weight="weight"), weighted_counts(folder, keys, weight="weight")
    pd.testing.assert_frame_equal(there.keys, here.keys)
    for name in ("rows", "n", "weight", "weight_squared", "negative"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), **SAME)
    assert there.digest == here.digest


@pytest.mark.parametrize("weight", [None, "weight"])
def test_cross_products(table, folder, weight):
    names = ["q.1", *TOUCHPOINTS]
    there, here = cross_products(table, names, weight), cross_products(folder, names, weight)
    assert (there.n, there.left_out) == (here.n, here.left_out)
    np.testing.assert_allclose(there.products, here.products, **SAME)


def test_score_and_referral_rate(table, folder):
    of = {"recommend": "q.1", "weight": "weight", "by": "region"}
    there, here = tpm.net_promoter_score(table, **of), tpm.net_promoter_score(folder, **of)
    pd.testing.assert_frame_equal(there.table, here.table, **SAME)
    assert there.summary("en") == here.summary("en")
    assert there.data_hash == here.data_hash
    there, here = (tpm.referral_rate(source, period="quarter") for source in (table, folder))
    pd.testing.assert_frame_equal(there.table, here.table, **SAME)


@pytest.mark.parametrize(("weight", "event"), [("weight", None), (None, (9, 10))])
def test_sums_of_a_regression(table, folder, weight, event):
    columns = RatingColumns(event=event, weight=weight, **COLUMNS)
    there, here = (regression_sums.rating_products(source, columns) for source in (table, folder))
    for name in ("n", "left_out", "weight", "weight_squared", "absent", "events", "absent_events", "low", "high"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), **SAME)
    np.testing.assert_allclose(there.products, here.products, **SAME)
    assert there.off_scale == here.off_scale
    bread = np.linalg.inv(here.products[:-1, :-1])
    params = bread @ here.products[:-1, -1]
    there, here = (regression_sums.linear_meat(source, columns, params, bread) for source in (table, folder))
    np.testing.assert_allclose(there.meat, here.meat, **SAME)
    assert len(there.decisive) == len(here.decisive) == 0


def test_sums_of_a_logit(table, folder):
    columns = RatingColumns(event=(9, 10), weight="weight", **COLUMNS)
    params = np.linspace(-0.6, 0.4, columns.width)
    there, here = (regression_sums.logit_sums(source, columns, params) for source in (table, folder))
    for name in ("meat", "bend", "largest"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), **SAME)
    for one, other in zip(there.slopes, here.slopes, strict=True):
        np.testing.assert_allclose(one, other, **SAME)


@pytest.mark.parametrize("outcome", ["recommend", "promoter"])
def test_drivers(table, folder, outcome):
    """Least squares with HC3 errors and LMG; Newton's method, begun on a sample that Spark draws."""
    of = {
        "outcome": outcome,
        "recommend": "q.1",
        "touchpoints": list(TOUCHPOINTS),
        "weight": "weight",
        "not_experienced": [6],
        "no_answer": [0],
    }
    there, here = tpm.driver_regression(table, **of), tpm.driver_regression(folder, **of)
    for name in ("table", "effects", "terms"):
        pd.testing.assert_frame_equal(getattr(there, name), getattr(here, name), **SAME)
    assert there.summary("en") == here.summary("en")


def test_what_spark_does_not_hand_out_is_refused_in_words(table):
    with pytest.raises(ValueError) as refusal:
        cross_products(table, ["q.1"], route="batches")
    assert str(refusal.value) == "route='batches' is not for DataFrame; it computes in its own engine."
    with pytest.raises(DataError) as refusal:
        cross_products(table, ["q.1", "region"])
    assert str(refusal.value) == (
        "frame, column 'region': expected a column of numbers. Convert it first; or use make_study, which reads cells "
        "as people write them."
    )
