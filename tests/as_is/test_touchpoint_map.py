"""The touchpoint map: reach, ratings and feelings by hand, weights, order, and what later steps add."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

import tpm_widgets as tpm


@pytest.fixture
def study():
    """6 = never experienced, 0 = no answer; the call is rated from 0 to 10."""
    return tpm.make_study(
        pd.DataFrame(
            {
                "q": [9, 8, 3, 10, 7, 9],
                "shop": [5, 4, 1, 3, 6, 0],
                "call": [0, 3, 4, 6, 7, 10],
                "app": [6, 6, 6, 6, 6, 6],
            }
        ),
        recommend="q",
        touchpoints=["shop", "call", "app"],
        scales={"call": (0, 10)},
        not_experienced=(6,),
        no_answer=(0,),
        touchpoint_table=pd.DataFrame(
            {"touchpoint": ["call", "shop", "app"], "label": ["The call", "The shop", "The app"], "order": [1, 2, 3],
             "phase": ["before", "at", "after"], "control": ["owned", "owned", "partner"]}
        ),
    )  # fmt: skip


def test_by_hand(study):
    result = tpm.touchpoint_map(study)
    assert result.table.columns.tolist() == [
        "touchpoint", "label", "phase", "order", "control", "n", "reach", "reach_low", "reach_high",
        "rating", "rating_low", "rating_high", "disappointed", "ok", "delighted",
    ]  # fmt: skip
    assert result.table["touchpoint"].tolist() == ["call", "shop", "app"]
    shop = result.table.set_index("touchpoint").loc["shop"]
    assert shop["n"] == 4
    assert shop["reach"] == 0.8
    assert (shop["reach_low"], shop["reach_high"]) == pytest.approx(proportion_confint(4, 5, method="wilson"))
    assert shop[["rating", "disappointed", "ok", "delighted"]].tolist() == [3.25, 0.25, 0.25, 0.5]
    low, high = stats.t.interval(0.95, 3, 3.25, stats.sem([5, 4, 1, 3]))
    assert (shop["rating_low"], shop["rating_high"]) == pytest.approx((max(low, 1), min(high, 5)))
    # on 0 to 10 the thirds are 0–3 | 4–6 | 7–10, and 0 and 6 are answers there
    call = result.counts.set_index("touchpoint").loc["call"]
    assert call.tolist() == [6, 6, 2, 2, 2]


def test_a_touchpoint_that_nobody_rated_keeps_its_row(study):
    result = tpm.touchpoint_map(study)
    app = result.table.set_index("touchpoint").loc["app"]
    assert (app["n"], app["reach"]) == (0, 0)
    assert app[["rating", "rating_low", "disappointed", "delighted"]].isna().all()
    assert [str(caveat) for caveat in result.caveats][1:] == [
        "On the scale 0 to 10, up to 3 is disappointed and from 7 delighted.",
        "On the scale 1 to 5, up to 2 is disappointed and from 4 delighted.",
        "Nobody rated The app.",
    ]


def test_the_weight_is_used():
    """Against statsmodels' weighted mean; reach has Kish's effective size."""
    frame = pd.DataFrame({"q": 9, "shop": [5, 4, 1, 6], "w": [1.0, 2.0, 3.0, 2.0]})
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], not_experienced=(6,), weight="w")
    row = tpm.touchpoint_map(study).table.iloc[0]
    assert row["rating"] == pytest.approx(DescrStatsW([5, 4, 1], [1, 2, 3]).mean)
    assert row["reach"] == 0.75
    assert (row["reach_low"], row["reach_high"]) == pytest.approx(
        proportion_confint(0.75 * 64 / 18, 64 / 18, method="wilson")
    )
    assert row["disappointed"] == pytest.approx(0.5)


def test_later_results_add_their_columns(study):
    drivers = SimpleNamespace(table=pd.DataFrame({"touchpoint": ["shop", "call"], "importance": [0.2, 0.1]}))
    factors = SimpleNamespace(table=pd.DataFrame({"touchpoint": ["call"], "factor": ["delighter"]}))
    table = tpm.touchpoint_map(study, drivers=drivers, factors=factors).table
    assert table["importance"].tolist()[:2] == [0.1, 0.2]
    assert table["factor"].tolist()[0] == "delighter"
    assert table.loc[2, ["importance", "factor"]].isna().all()


def test_a_result_without_importance_is_refused(study):
    with pytest.raises(ValueError) as caught:
        tpm.touchpoint_map(study, drivers=tpm.net_promoter_score(study))
    assert str(caught.value) == "drivers must be a result with 'importance' per touchpoint; got NetPromoterScore."


def test_sentences(study):
    assert tpm.touchpoint_map(study).summary("en") == (
        "2 touchpoints were rated; the furthest reaching is The call with 100.0% of the customers (95% interval 61.0% "
        "to 100.0%, Wilson). Most are delighted by The shop: 50.0% of 4 who rated it; its mean rating is 3.25 "
        "(1.00 to 5.00). Most are disappointed by The call: 33.3% of 6 who rated it; its mean rating is 5.00 "
        "(1.36 to 8.64)."
    )


def test_one_answer_and_none():
    one = tpm.make_study(pd.DataFrame({"q": [9], "shop": [5]}), recommend="q", touchpoints=["shop"])
    row = tpm.touchpoint_map(one).table.iloc[0]
    assert row["rating"] == 5
    assert np.isnan(row["rating_low"])
    none = tpm.make_study(pd.DataFrame({"q": [9], "shop": [None]}), recommend="q", touchpoints=["shop"])
    assert tpm.touchpoint_map(none).summary("en") == "None of 1 touchpoints was rated."


def test_the_share_who_know_it():
    frame = pd.DataFrame({"q": [9, 9, 9, 9], "shop": [5, 6, 6, 4], "known": [1, 1, 0, 1]})
    study = tpm.make_study(
        frame, recommend="q", touchpoints=["shop"], not_experienced=(6,), roles={"aware": {"known": "shop"}}
    )
    table = tpm.touchpoint_map(study).table
    assert table.columns.tolist()[6] == "aware"
    assert table.loc[0, "aware"] == 0.75


def test_the_input_stays_as_it_was(study):
    before = study.data_hash
    tpm.touchpoint_map(study)
    assert study.data_hash == before


def test_one_touchpoint_was_rated():
    frame = pd.DataFrame({"q": 9, "shop": [5, 4, 1, 6], "fax": 6})
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop", "fax"], not_experienced=(6,))
    result = tpm.touchpoint_map(study, level=0.9)
    low, high = (100 * end for end in proportion_confint(3, 4, alpha=0.1, method="wilson"))
    assert result.sentences()[0].text("en") == (
        f"1 touchpoint was rated; shop reaches 75.0% of the customers (90% interval {low:.1f}% to {high:.1f}%, Wilson)."
    )
    assert result.settings == {"level": 0.9}
    assert result.caveats[0].text("en") == (
        "Reach counts those who told whether they experienced a touchpoint; ratings are of those who did, and say "
        "nothing about the others."
    )


def test_an_answer_without_weight_neither_rates_nor_knows():
    frame = pd.DataFrame({"q": 9, "shop": [5, 1, 6], "known": [1, 0, 0], "w": [1.0, 0.0, 3.0]})
    study = tpm.make_study(
        frame, recommend="q", touchpoints=["shop"], not_experienced=(6,), weight="w", roles={"aware": {"known": "shop"}}
    )
    result = tpm.touchpoint_map(study)
    row = result.table.iloc[0]
    assert row[["n", "rating", "delighted"]].tolist() == [1, 5, 1]
    assert (row["reach"], row["aware"]) == (0.25, 0.25)
    assert result.counts.iloc[0, 1:].tolist() == [2, 1, 0, 0, 1]


def test_answers_of_one_person_are_one_cluster(linked_study):
    """Two persons who rate 5 and 1, twice each, know as little as two who rate once."""

    def interval(names):
        ratings = pd.DataFrame({"shop": [5.0, 1.0] * (len(names) // 2)})
        study = linked_study({"customer": names, "date": "2023-03-01", "recommend": 9.0})
        touchpoints = pd.DataFrame({"touchpoint": ["shop"], "label": ["shop"]})
        study = replace(
            study, ratings=ratings, experienced=ratings.notna().astype("boolean"), touchpoints=touchpoints,
            rating_scales={"shop": (-100, 100)},
        )  # fmt: skip
        return tpm.touchpoint_map(study).table.loc[0, ["rating_low", "rating_high", "reach_low", "reach_high"]].tolist()

    assert interval(["a", "b", "a", "b"]) == pytest.approx(interval(["a", "b"]))
    assert interval(["a", "b", "c", "d"]) != pytest.approx(interval(["a", "b"]))


def test_feelings_that_do_not_add_up_are_refused(study):
    result = tpm.touchpoint_map(study)
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(ok=0.5))
    assert str(caught.value) == "disappointed, ok and delighted do not add up to 1."
