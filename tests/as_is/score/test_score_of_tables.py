"""The Net Promoter Score of tables of every library and of Parquet files: what a study of the same answers gives."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.statistics.tables import reductions

SAME = {"check_exact": False, "rtol": 1e-9, "atol": 1e-9}


def answers_of(rows=3000, seed=4) -> pd.DataFrame:
    """Answers with codes off the scale, missing ones, and weights that are rounded, as survey institutes give them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "NETPRO": pd.array(rng.integers(0, 12, rows), dtype="Int8"),
            "w": rng.gamma(2, 1, rows).round(1),
            "region": rng.choice(["north", "south", "far away"], rows, p=[0.6, 0.399, 0.001]),
            "wave": rng.choice(["Q2", "Q10"], rows),
            "shop": 4,
        }
    )
    frame.loc[:20, "NETPRO"] = pd.NA
    frame.loc[30:40, "region"] = None
    frame.loc[50:52, "w"] = [np.nan, 0, -1]
    return frame


ANSWERS = answers_of()


def study_of(frame, weight="w"):
    return tpm.make_study(
        frame.drop(columns=[] if weight else ["w"]),
        recommend="NETPRO",
        touchpoints=["shop"],
        no_answer=[11],
        weight=weight,
        wave="wave",
        segments=["region"],
    )


INTERVALS = ["adjusted_wald", "score", "wald", "bootstrap"]


@pytest.fixture(
    scope="module", params=[*product([None, "region", ["region", "wave"]], [None, "w"], INTERVALS)], ids=str
)
def asked(request):
    """How the score is asked for, what a study gives, and the hash of the frame."""
    by, weight, interval = request.param
    of_table = {"by": by, "interval": interval, "recommend": "NETPRO", "weight": weight}
    expected = tpm.net_promoter_score(study_of(ANSWERS, weight), by=by, interval=interval)
    return of_table, expected, tpm.net_promoter_score(ANSWERS, **of_table).data_hash


def test_a_table_gives_what_a_study_of_it_gives(in_library, asked):
    options, expected, data_hash = asked
    found = tpm.net_promoter_score(in_library(ANSWERS), **options)
    pd.testing.assert_frame_equal(found.table, expected.table, **SAME)
    pd.testing.assert_frame_equal(found.counts, expected.counts)
    assert found.data_hash == data_hash


def test_another_scale_and_named_cutoffs(in_library):
    frame = ANSWERS.assign(NETPRO=ANSWERS["NETPRO"].where(ANSWERS["NETPRO"].between(1, 5)))
    study = tpm.make_study(frame, recommend="NETPRO", touchpoints=["shop"], recommend_scale=(1, 5))
    expected = tpm.net_promoter_score(study, cutoffs=(3, 4))
    found = tpm.net_promoter_score(in_library(frame), cutoffs=(3, 4), recommend="NETPRO", recommend_scale=(1, 5))
    pd.testing.assert_frame_equal(found.table, expected.table, **SAME)
    european = tpm.net_promoter_score(in_library(ANSWERS), cutoffs="european", recommend="NETPRO")
    assert european.settings["cutoffs"] == (5, 7)


def test_what_does_not_count_is_counted():
    result = tpm.net_promoter_score(ANSWERS, by="region", recommend="NETPRO", weight="w")
    off = int((ANSWERS["NETPRO"] == 11).sum())
    assert [str(caveat) for caveat in result.caveats] == [
        "21 answers give no score.",
        f"{off} scores are no whole numbers from 0 to 10 and do not count.",
        f"{int(ANSWERS['NETPRO'].le(10).fillna(False)[ANSWERS['w'].fillna(0) == 0].sum())} answers have no weight, or "
        "weight 0, and do not count.",
        "1 answer has a weight below 0 and does not count.",
        "The interval takes all answers as independent; who answered is not looked at. Where persons answer more than "
        "once, it is too short: make a Study with respondents, which counts them.",
        "11 answers without a value of region are in no group.",
        "Withheld, because they hold fewer than 5 answers: far away.",
    ]
    assert result.summary("en").startswith("Among 2 groups with ")
    assert "<table" in result._repr_html_()


def test_nobody_answered():
    frame = pd.DataFrame({"recommend": [np.nan, 99]})
    assert tpm.net_promoter_score(frame).summary("en") == "No Net Promoter Score can be given: no answer counts."
    assert tpm.net_promoter_score(frame.head(0)).table.loc[0, "n"] == 0


def test_too_many_weights_cannot_be_resampled(monkeypatch):
    monkeypatch.setattr(reductions, "MOST_LINES", 100)
    with pytest.raises(DataError) as caught:
        tpm.net_promoter_score(ANSWERS, interval="bootstrap", recommend="NETPRO", weight="w")
    assert str(caught.value) == (
        "frame: expected at most 100 different combinations of NETPRO and w. Split by columns of few groups; or make a "
        "Study of a sample of the rows: make_study(sample, …)."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "'recommend' is no column of the frame; it has 'NETPRO', 'w', 'region', 'wave', 'shop'."),
        (
            {"recommend": "region"},
            "frame, column 'region': expected a column of numbers. Convert it first; or use make_study, which reads "
            "cells as people write them.",
        ),
        (
            {"recommend": "NETPRO", "by": "customer"},
            "by='customer' would make a group of each person; split by a segment or by wave.",
        ),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.net_promoter_score(ANSWERS, **options)
    assert str(caught.value) == message


def test_a_study_has_its_own_columns():
    with pytest.raises(ValueError) as caught:
        tpm.net_promoter_score(study_of(ANSWERS), recommend="NETPRO")
    assert str(caught.value) == "recommend=, weight= and recommend_scale= go with a table; a study has its own."


def test_the_table_stays_as_it_was():
    before = ANSWERS.copy(deep=True)
    tpm.net_promoter_score(ANSWERS, by="region", interval="bootstrap", recommend="NETPRO", weight="w")
    pd.testing.assert_frame_equal(ANSWERS, before)


def test_weights_below_zero_and_of_zero_are_told_apart():
    frame = pd.DataFrame({"recommend": [9, 9, 3, 10, np.nan, 99], "w": [1.0, -1, -2, 0, -1, -1]})
    result = tpm.net_promoter_score(frame, weight="w")
    assert result.table.loc[0, "n"] == 1
    assert [str(caveat) for caveat in result.caveats[:-1]] == [
        "1 answer gives no score.",
        "1 score is no whole number from 0 to 10 and does not count.",
        "1 answer has no weight, or weight 0, and does not count.",
        "2 answers have a weight below 0 and do not count.",
    ]


def test_waves_stand_as_people_count():
    frame = pd.DataFrame({"recommend": [9] * 15, "wave": ["Q10"] * 5 + ["Q2"] * 5 + ["Q1"] * 5})
    assert tpm.net_promoter_score(frame, by="wave").table["wave"].tolist() == ["Q1", "Q2", "Q10"]
    order = pd.CategoricalDtype(["Q10", "Q1", "Q2"], ordered=True)
    kept = tpm.net_promoter_score(frame.assign(wave=frame["wave"].astype(order)), by="wave")
    assert kept.table["wave"].tolist() == ["Q10", "Q1", "Q2"]


def test_five_answers_of_a_table_make_a_group():
    frame = pd.DataFrame({"recommend": [9] * 9, "region": ["a"] * 5 + ["b"] * 4})
    result = tpm.net_promoter_score(frame, by="region")
    assert result.table["estimate"].notna().tolist() == [True, False]
    assert result.settings["recommend"] == "recommend"
