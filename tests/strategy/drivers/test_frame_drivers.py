"""Drivers in tables of every library and in Parquet files: what a study of the same answers gives."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.strategy.drivers.of_table import frame_drivers

SAME = {"check_exact": False, "rtol": 1e-9, "atol": 1e-11}
NAMES = {
    "Q1 shop": "shop",
    "Q2.web": "web",
    "q3[müll]": "waste",
    "hot line": "hotline",
    "never": "never",
    "flat": "flat",
}
TABLES = ("table", "effects", "terms")


def answers_of(rows=3000, seed=6) -> pd.DataFrame:
    """Names with spaces, dots, brackets and umlauts; codes, missing cells, half points; columns that tell nothing."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=rows)
    shop, web, waste = (np.clip(np.round(3 + mood + rng.normal(size=rows)), 1, 5) for _ in range(3))
    hotline = np.clip(np.round(2 * (3 + mood + rng.normal(size=rows))) / 2, 1, 5)
    score = np.clip(np.round(4 + 0.8 * shop + 0.5 * hotline - 0.3 * (web == 5) + rng.normal(0, 2, rows)), 0, 10)
    frame = pd.DataFrame(
        {
            "NETPRO": pd.array(score, dtype="Int8"),
            "Q1 shop": shop.astype("int8"),
            "Q2.web": pd.array(web, dtype="Int8"),
            "q3[müll]": waste,
            "hot line": hotline,
            "never": np.nan,
            "flat": np.where(rng.random(rows) < 0.8, 4.0, np.nan),
            "w": rng.gamma(2, 1, rows).round(2),
        }
    )
    frame.loc[rng.random(rows) < 0.2, "Q1 shop"] = 6
    frame.loc[rng.random(rows) < 0.3, "Q2.web"] = pd.NA
    frame.loc[17, "q3[müll]"] = 7  # the only one who did not rate
    frame.loc[:20, "NETPRO"] = pd.NA
    frame.loc[30:33, "NETPRO"] = 11
    frame.loc[40:42, "w"] = [np.nan, 0, 0]
    return frame


ANSWERS = answers_of()


def study_of(frame, weight):
    return tpm.make_study(
        frame, recommend="NETPRO", touchpoints=NAMES, not_experienced=[6], no_answer=[11], weight=weight
    )


def options(weight=None):
    return {"recommend": "NETPRO", "touchpoints": NAMES, "not_experienced": [6], "no_answer": [11], "weight": weight}


OUTCOMES = ["recommend", "promoter", "detractor"]


@pytest.fixture(scope="module", params=[*product([None, "w"], OUTCOMES, ["indicator", "complete"])], ids=str)
def asked(request):
    """A frame, how its drivers are asked for, what a study of it gives, and the hash of the frame."""
    weight, outcome, missing = request.param
    names = {column: name for column, name in NAMES.items() if missing == "indicator" or name != "flat"}
    frame = ANSWERS if missing == "indicator" else ANSWERS.drop(columns="flat")
    own = {**options(weight), "touchpoints": names}
    of_table = {**own, "outcome": outcome, "missing": missing}
    expected = tpm.driver_regression(tpm.make_study(frame, **own), outcome, missing)
    return frame, of_table, expected, tpm.driver_regression(frame, **of_table).data_hash


def test_a_table_gives_what_a_study_of_it_gives(in_library, asked):
    frame, of_table, expected, data_hash = asked
    found = tpm.driver_regression(in_library(frame), **of_table)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), **SAME)
    assert (found.n, found.events, found.model) == (expected.n, expected.events, expected.model)
    np.testing.assert_allclose([found.intercept, found.r_squared], [expected.intercept, expected.r_squared], rtol=1e-9)
    assert found.summary("en") == expected.summary("en")
    said = [caveat.text("en") for caveat in found.caveats]
    of_a_study = {
        caveat.text("en") for caveat in expected.caveats if "or nothing says what they are" not in str(caveat)
    }
    assert of_a_study <= set(said)  # sums over a table do not tell no answer from never experienced
    assert "1 rating lies off its scale without being declared a code; it counts as not rated." in said
    assert found.data_hash == data_hash


@pytest.mark.parametrize("outcome", ["recommend", "promoter"])
def test_both_routes_give_the_same(outcome):
    polars = pytest.importorskip("polars")
    arguments = (outcome, "indicator", 0.95, None, None, NAMES)
    others = {key: value for key, value in options("w").items() if key != "touchpoints"}
    expected = frame_drivers(ANSWERS, *arguments, **others)
    found = frame_drivers(polars.from_pandas(ANSWERS).lazy(), *arguments, **others, route="engine")
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), **SAME)


def test_importance_of_a_table_is_that_of_a_study(in_library):
    drivers = tpm.driver_regression(in_library(ANSWERS), **options())
    expected = tpm.driver_regression(study_of(ANSWERS, None))
    for method in ("lmg", "relative_weights"):
        found = tpm.relative_importance(drivers, method=method).table
        pd.testing.assert_frame_equal(found, tpm.relative_importance(expected, method=method).table, **SAME)


def test_relative_importance_of_any_source(in_library):
    frame = ANSWERS[["NETPRO", "q3[müll]", "hot line", "w"]]
    expected = tpm.relative_importance(frame, "NETPRO", weight="w")
    found = tpm.relative_importance(in_library(frame), "NETPRO", weight="w")
    pd.testing.assert_frame_equal(found.table, expected.table, **SAME)
    assert (found.n, found.summary("en")) == (expected.n, expected.summary("en"))


def test_an_answer_that_decides_alone_has_no_error():
    frame = pd.DataFrame({"NETPRO": [3, 4, 5, 6, 4, 9], "shop": [1, 2, 1, 2, 1, 2], "web": [3, 3, 3, 3, 3, 5]})
    own = {"recommend": "NETPRO", "touchpoints": ["shop", "web"]}
    expected = tpm.driver_regression(tpm.make_study(frame, **own))
    found = tpm.driver_regression(frame, **own)
    pd.testing.assert_frame_equal(found.terms, expected.terms, **SAME)
    assert np.isnan(found.table["std_error"][1])


def test_ratings_that_tell_the_outcome_without_error_are_refused():
    frame = pd.DataFrame({"NETPRO": [9, 10, 3, 4] * 20, "shop": [5, 4, 2, 1] * 20, "web": [1, 2, 3, 4, 5] * 16})
    with pytest.raises(DataError) as caught:
        tpm.driver_regression(frame, "promoter", recommend="NETPRO", touchpoints=["shop", "web"])
    assert str(caught.value) == (
        "frame: expected ratings that overlap between answers with and without the outcome. Leave touchpoints out or "
        "take more answers: no finite effect fits these ratings."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"outcome": "referred"},
            "outcome='referred' needs a Study, because what customers did stands in other tables than their answers; a "
            "table alone has the outcomes 'recommend', 'promoter', 'detractor'.",
        ),
        (
            {"missing": "pairwise"},
            "missing='pairwise' cannot be had from sums over a table of any size; make a Study of a sample of its "
            "rows: make_study(sample, …).",
        ),
        (
            {"model": "ordered_logit"},
            "model='ordered_logit' cannot be had from sums over a table of any size; make a Study of a sample of its "
            "rows: make_study(sample, …).",
        ),
        (
            {"touchpoints": None},
            "touchpoints must name a table's columns of ratings, as a list or as {column: touchpoint}; got None.",
        ),
        (
            {"recommend": "score"},
            "'score' is no column of the frame; it has 'NETPRO', 'Q1 shop', 'Q2.web', 'q3[müll]', 'hot line', 'never', "
            "'flat', 'w'.",
        ),
    ],
)
def test_what_sums_do_not_tell_is_refused(arguments, message):
    with pytest.raises(ValueError) as caught:
        tpm.driver_regression(ANSWERS, **{**options(), **arguments})
    assert str(caught.value) == message


def test_a_study_has_its_own_columns():
    with pytest.raises(ValueError) as caught:
        tpm.driver_regression(study_of(ANSWERS, None), weight="w")
    assert str(caught.value) == (
        "touchpoints=, progress=, recommend=, weight=, recommend_scale=, rating_scale=, not_experienced=, no_answer= "
        "go with a table; a study has its own."
    )


def test_rows_of_a_file_are_not_drawn_again(tmp_path):
    ANSWERS.to_parquet(tmp_path / "answers.parquet")
    with pytest.raises(ValueError) as caught:
        tpm.importance_intervals(tmp_path / "answers.parquet", "NETPRO")
    assert str(caught.value) == (
        "a file is summed up, and this needs its rows: read them, or a sample, into a data frame."
    )


def test_the_table_stays_as_it_was():
    before = ANSWERS.copy(deep=True)
    tpm.driver_regression(ANSWERS, "promoter", **options("w"))
    pd.testing.assert_frame_equal(ANSWERS, before)
