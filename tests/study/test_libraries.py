"""A study of Polars, DuckDB and PyArrow tables and of Parquet files is the study of the pandas frames."""

import re

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

SAME = {"check_exact": False, "rtol": 1e-9, "atol": 1e-9}


def tables(rows=600, seed=8) -> dict[str, pd.DataFrame]:
    """Every kind of column that a library writes its own way: days, categories, small integers, flags, gaps."""
    rng = np.random.default_rng(seed)
    customers = [f"c{number}" for number in range(rows)]
    start = pd.Timestamp("2022-01-01")
    survey = pd.DataFrame(
        {
            "nps": pd.array(rng.integers(0, 12, rows), dtype="Int8"),
            "q1": rng.integers(1, 7, rows).astype("int8"),
            "q2": rng.choice([1.0, 2, 3, 4, 5, np.nan], rows),
            "who": customers,
            "day": start + pd.to_timedelta(rng.integers(400, 700, rows), unit="D"),
            "w": rng.gamma(2, 1, rows).round(2),
            "region": rng.choice(["north", "south"], rows),
            "size": pd.Categorical(rng.choice(["small", "large"], rows)),
            "member": rng.random(rows) < 0.5,
            "zip": rng.choice(["01234", "99999"], rows),
        }
    )
    survey.loc[:5, "nps"] = pd.NA
    survey.loc[6:9, "region"] = None
    people = pd.DataFrame(
        {
            "customer": customers,
            "acquired": start + pd.to_timedelta(rng.integers(0, 365, rows), unit="D"),
            "source": rng.choice(["recommendation", "other", "unknown"], rows),
            "segment": rng.choice(["a", "b"], rows),
        }
    )
    referrals = pd.DataFrame(
        {
            "referrer": rng.choice(customers, 200),
            "date": start + pd.to_timedelta(rng.integers(500, 900, 200), unit="D"),
        }
    )
    return {"survey": survey, "customers": people, "referrals": referrals}


TABLES = tables()


def study_of(hand_over):
    return tpm.make_study(
        **{name: hand_over(frame) for name, frame in TABLES.items()},
        recommend="nps",
        touchpoints={"q1": "shop", "q2": "web"},
        not_experienced=[6],
        no_answer=[11],
        customer="who",
        date="day",
        weight="w",
        segments=["region", "size"],
        recording_start="2022-01-01",
        observed_until="2024-12-31",
    )


@pytest.fixture(scope="module")
def expected():
    return study_of(lambda frame: frame)


def test_the_same_study(in_library, expected):
    study = study_of(in_library)
    assert study.problems.empty
    assert study.data_hash == expected.data_hash
    for name in ("survey", "ratings", "experienced", "customers", "referrals"):
        pd.testing.assert_frame_equal(getattr(study, name), getattr(expected, name))
    assert study.other_columns.columns.tolist() == ["member", "zip"]


@pytest.mark.parametrize(
    "verb",
    [
        lambda study: tpm.net_promoter_score(study, by=["region", "size"]),
        lambda study: tpm.net_promoter_score(study, by="member"),
        lambda study: tpm.referral_rate(study, by="segment", period="quarter"),
        tpm.touchpoint_map,
        tpm.driver_regression,
    ],
    ids=["score", "score by a column without a role", "referral rate", "touchpoints", "drivers"],
)
def test_the_same_answers(in_library, expected, verb):
    pd.testing.assert_frame_equal(verb(study_of(in_library)).table, verb(expected).table, **SAME)


def test_an_order_that_a_library_gives_to_groups_is_kept():
    frame = pytest.importorskip("polars").DataFrame({"nps": [9, 3, 8], "size": ["small", "large", "small"]})
    ordered = frame.with_columns(size=frame["size"].cast(pytest.importorskip("polars").Enum(["small", "large"])))
    study = tpm.make_study(ordered, recommend="nps", segments=["size"])
    assert tpm.net_promoter_score(study, by="size").table["group"].tolist() == ["small", "large"]
    assert tpm.net_promoter_score(ordered, by="size", recommend="nps").table["group"].tolist() == ["small", "large"]


def test_decimals_are_numbers():
    """DuckDB makes a decimal of every 0.5."""
    relation = pytest.importorskip("duckdb").connect().sql("select 9 as nps, 1.5 as w union all select 3, 0.5")
    study = tpm.make_study(relation, recommend="nps", weight="w")
    assert study.problems.empty
    assert study.survey["weight"].tolist() == [1.5, 0.5]


@pytest.mark.parametrize("name", ["no.parquet", "survey.csv"])
def test_what_is_no_parquet_file_is_refused(tmp_path, name):
    (tmp_path / "survey.csv").write_text("nps\n9\n")
    with pytest.raises(tpm.DataError) as caught:
        tpm.make_study(tmp_path / name, recommend="nps")
    assert str(caught.value) == (
        f"{name}: expected a Parquet file, or a folder with Parquet files. Correct the path; files of other forms are "
        "read by load_study."
    )


@pytest.mark.parametrize("verb", ["touchpoint_map", "spend_gap"])
def test_verbs_that_need_every_answer_say_so(verb):
    message = (
        f"{verb} needs a Study; got DataFrame. Make one of the table: make_study(survey=…), of a sample of its rows "
        "where it is too large for that."
    )
    with pytest.raises(TypeError, match=re.escape(message)):
        getattr(tpm, verb)(TABLES["survey"])


def test_the_tables_stay_as_they_were():
    before = {name: frame.copy(deep=True) for name, frame in TABLES.items()}
    study = study_of(lambda frame: frame)
    study.survey.loc[:, "recommend"] = 0
    for name, frame in TABLES.items():
        pd.testing.assert_frame_equal(frame, before[name])
