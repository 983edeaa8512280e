"""Actions word for word, the rule for quick wins at its limits, and the order of what is left."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plan.actions import DONE, ActionRanking, _caveats, _expected, _quick_wins, _ranked, _refuse_improbable
from tpm_widgets.strategy.aims.what_if import WhatIf

PLANNERS = (
    "If causal, and if the expected changes and probabilities are right: those are the planner's, and no interval "
    "holds their doubt."
)
RULE = "A quick win takes at most 3 of effort and 4 until it works, needs no open action, and has an effect above 0."
NONE_DONE = pd.DataFrame({"action": [], "touchpoint": [], "status": []})


def actions(count, **columns):
    """As many open actions, all of them quick wins but for the columns given."""
    names = list("abcdefgh")[:count]
    return pd.DataFrame(
        {
            "action": names,
            "touchpoint": "desk",
            "quick_win": True,
            "effect": 0.02,
            "effect_low": 0.01,
            "effect_high": 0.034,
            "reach": 0.5,
            "cost": 1500.0,
            "effort": 2.0,
            "expected_change": 0.3,
            "time_to_effect": 3.0,
            "probability": 1.0,
            "effect_per_cost": 0.01,
        }
    ).assign(**columns)


def ranking(table, done=NONE_DONE, metric="nps", level=0.95):
    return ActionRanking(
        table=table, done=done, max_effort=3.0, max_time=4.0, labels={"desk": "The desk"},
        settings={"metric": metric, "level": level, "n": 1250},
    )  # fmt: skip


FIRST = (
    "First of {} open actions is a (The desk), for 1,500: if causal, +2.0 points of the {} ({} interval +1.0 to +3.4, "
    "1,250 answers), its probability of success included."
)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (ranking(actions(1)), "Quick win for words (Net Promoter Score), to begin with: a. "
         + FIRST.format(1, "Net Promoter Score", "95%").replace("First of 1 open actions", "The one open action")),
        (ranking(actions(1, quick_win=False, effect=-0.02)), "No action is a quick win for words (Net Promoter Score): "
         "none is at once easy, soon to work and promising. The one open action promises nothing for words (Net "
         "Promoter Score); a (The desk): if causal, −2.0 points of the Net Promoter Score (95% interval +1.0 to +3.4, "
         "1,250 answers)."),
        (ranking(actions(3, quick_win=[True, True, False])),
         "2 quick wins for words (Net Promoter Score), to begin with: a and b. "
         + FIRST.format(3, "Net Promoter Score", "95%")),
        (ranking(actions(2, quick_win=False), metric="referral_rate", level=0.9), "No action is a quick win for deeds "
         "(referral rate): none is at once easy, soon to work and promising. "
         + FIRST.format(2, "referral rate", "90%")),
        (ranking(actions(0), done=actions(1)), "The one action is done."),
        (ranking(actions(0), done=actions(3)), "All 3 actions are done."),
    ],
)  # fmt: skip
def test_summary_word_for_word(result, words):
    assert result.summary("en") == words


def test_a_touchpoint_without_label_is_named_as_it_is():
    assert " is a (bank), for " in ranking(actions(1, touchpoint="bank")).summary("en")


def said(table, done=NONE_DONE, doubtful=False, max_time=4.0):
    return [str(caveat) for caveat in _caveats(table, done, doubtful, 3.0, max_time)]


def test_caveats_word_for_word():
    assert said(actions(2)) == [PLANNERS, RULE]
    assert said(actions(2), doubtful=True) == [
        PLANNERS, RULE, "No quick win has an effect that is beyond chance; they are the most promising ones.",
    ]  # fmt: skip
    assert said(actions(2, quick_win=False), doubtful=True) == [PLANNERS, RULE]
    timeless = RULE.replace("4 until", "– until")
    assert said(actions(2), max_time=np.nan) == [
        PLANNERS, timeless, "No action has a time_to_effect, so none can be called a quick win.",
    ]  # fmt: skip
    assert said(actions(0), max_time=np.nan) == [PLANNERS, timeless]
    assert said(actions(3, effect=[0.1, np.nan, np.nan], cost=[0.0, 0.0, 5.0]), done=actions(1)) == [
        PLANNERS,
        RULE,
        "1 action is done and not ranked: a.",
        "Without expected effect, as their touchpoint is in no model: b and c.",
        "Cost nothing, so come before others of their kind if they help: a and b.",
    ]
    assert said(actions(1), done=actions(2))[2] == "2 actions are done and not ranked: a and b."


def quick(**columns):
    wins, doubtful = _quick_wins(actions(4, **columns), 3.0, 4.0)
    return wins.tolist(), doubtful


def test_a_quick_win_may_take_as_much_as_the_limits():
    assert quick(effort=[3.0, 3.01, 2.0, np.nan]) == ([True, False, True, False], False)
    assert quick(time_to_effect=[4.0, 4.01, 2.0, np.nan]) == ([True, False, True, False], False)


def test_a_quick_win_has_an_interval_above_0_or_where_none_has_an_effect_above_0():
    assert quick(effect_low=[0.0, 0.001, -0.1, np.nan]) == ([False, True, False, False], False)
    assert quick(effect_low=-0.1, effect=[0.0, 0.001, -0.1, np.nan]) == ([False, True, False, False], True)


def test_a_quick_win_needs_no_open_action():
    assert quick(needs=["b", "x", None, "d"]) == ([False, True, True, False], False)


def test_the_order_is_quick_wins_then_effect_per_cost_then_effect():
    table = _ranked(
        actions(
            7,
            quick_win=[False, True, False, False, False, True, False],
            cost=[1000.0, 0.0, 0.0, 0.5, 2000.0, 500.0, 0.0],
            effect=[0.02, 0.01, -0.01, 0.01, 0.04, 0.02, 0.0],
            effect_per_cost=[0.02, np.nan, np.nan, 0.02, 0.02, 0.04, np.nan],
        )
    )
    # of the quick wins the free one first; then 0.02 per 1,000 by effect; free and useless; free and harmful
    assert table["action"].tolist() == ["b", "f", "e", "a", "d", "g", "c"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_columns_stand_in_their_order_and_in_their_units():
    table = _ranked(actions(1, nps_effect=0.1, rate_effect=0.2, needs="x", owner="me", segment="all", other=1))
    assert list(table.columns) == [
        "rank", "action", "touchpoint", "quick_win", "effect", "effect_low", "effect_high", "reach", "cost", "effort",
        "expected_change", "time_to_effect", "probability", "effect_per_cost", "owner", "needs", "segment",
        "nps_effect", "rate_effect",
    ]  # fmt: skip
    assert ranking(actions(1)).formats == {
        "effect": "points", "effect_low": "points", "effect_high": "points", "start": "hidden", "status": "hidden",
        "nps_effect": "hidden", "yes_effect": "hidden", "rate_effect": "hidden", "reach": "percent",
        "probability": "percent", "effect_per_cost": "points:3", "cost": "number:0",
    }  # fmt: skip


def test_quick_wins_stand_on_top():
    with pytest.raises(ValueError) as refused:
        ranking(actions(2, quick_win=[False, True]))
    assert str(refused.value) == "Quick wins stand on top."


def test_the_changes_of_the_quick_wins_add_up_by_touchpoint():
    table = actions(4, quick_win=[True, True, True, False], touchpoint=["shop", "desk", "shop", "app"])
    assert ranking(table.assign(expected_change=[0.3, 0.2, 0.1, 0.4])).quick_win_changes == {
        "shop": pytest.approx(0.4), "desk": pytest.approx(0.2),
    }  # fmt: skip


def test_a_probability_of_1_is_one_and_every_other_above_is_named():
    _refuse_improbable(pd.DataFrame({"action": ["a"]}))
    _refuse_improbable(pd.DataFrame({"probability": [0.0, 1.0, np.nan]}))
    with pytest.raises(tpm.DataError) as refused:
        _refuse_improbable(pd.DataFrame({"probability": [1.0, 1.01, 80.0]}))
    assert str(refused.value).splitlines() == [
        "actions, row 3, column 'probability': found 1.01, expected a probability from 0 to 1. Write 0.8 for 80%.",
        "actions, row 4, column 'probability': found 80.0, expected a probability from 0 to 1. Write 0.8 for 80%.",
    ]


def test_words_for_done():
    assert {"done", "completed", "finished", "erledigt", "abgeschlossen"} == DONE


@pytest.fixture(scope="module")
def models():
    rng = np.random.default_rng(1)
    survey = pd.DataFrame({"desk": rng.integers(1, 6, 300), "shop": rng.integers(1, 6, 300)})
    survey["score"] = np.clip(survey["desk"] + survey["shop"] + rng.integers(-2, 3, 300), 0, 10)
    return tpm.what_if_models(tpm.make_study(survey=survey, recommend="score", touchpoints=["desk", "shop"]))


def test_effects_are_what_ifs_times_the_probability_and_per_thousand(models, monkeypatch):
    rows = [("nps", 0.2, 0.08, 0.04, 0.12), ("promoters", 0.3, 0.06, 0.02, 0.1), ("detractors", 0.1, -0.02, -0.03, 0.0),
            ("referral_rate", 0.3, 0.01, -0.02, 0.04)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["metric", "baseline", "change", "conf_low", "conf_high"])
    found = WhatIf(table=table.assign(estimate=table["baseline"] + table["change"]), changes=pd.DataFrame(), labels={})
    asked = []

    def what_if(of, changes, level):
        asked.append((of is models, changes, level))
        return found

    monkeypatch.setattr("tpm_widgets.plan.actions.what_if", what_if)
    planned = pd.DataFrame(
        {"action": ["a", "b", "c", "free"], "touchpoint": ["desk", "shop", "bank", "desk"], "cost": [0.5, 0, 10, 0],
         "effort": 1, "expected_change": [0.5, np.nan, 0.5, 0.5], "probability": [0.5, 0.5, 0.5, np.nan]}
    )  # fmt: skip
    for metric, expected in (("nps", [0.04, 0.02, 0.06]), ("referral_rate", [0.005, -0.01, 0.02])):
        got = _expected(planned, models, metric, 0.9).set_index("action")
        np.testing.assert_allclose(got.loc["a", ["effect", "effect_low", "effect_high"]].astype(float), expected)
        assert got.loc["a", "nps_effect"] == pytest.approx(0.04)
        assert got.loc["a", "effect_per_cost"] == pytest.approx(expected[0] / 0.5 * 1000)
        assert got.loc[["b", "c"], ["effect", "nps_effect", "effect_per_cost"]].isna().all(axis=None)
        assert got.loc["free", "effect"] == pytest.approx(2 * expected[0])  # sure where no probability is given
        assert np.isnan(got.loc["free", "effect_per_cost"])
        assert got["reach"].tolist() == pytest.approx([1.0, 1.0, np.nan, 1.0], nan_ok=True)
        assert got["time_to_effect"].isna().all()
        assert "rate_effect" not in got  # nobody is tied to new customers here
    assert asked == [(True, {"desk": 0.5}, 0.9)] * 4


def test_limits_that_are_given_and_those_by_default(models):
    survey = pd.DataFrame({"score": [9, 3] * 10, "desk": [5, 1] * 10, "shop": [1, 2, 3, 4, 5] * 4})
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk", "shop"])
    planned = pd.DataFrame(
        {"action": ["a", "b", "c", "d"], "touchpoint": "desk", "cost": 100.0, "effort": [1.0, 2.0, 4.0, 99.0],
         "expected_change": 0.5, "time_to_effect": [2.0, 3.0, 7.0, 99.0], "status": ["", None, "open", "DONE "]}
    )  # fmt: skip
    study = replace(study, actions=planned)
    by_default = tpm.rank_actions(study, models)
    assert (by_default.max_effort, by_default.max_time) == (2, 3)  # medians of what is still open
    given = tpm.rank_actions(study, models, max_effort=4, max_time=0)
    assert (given.max_effort, given.max_time) == (4, 0)
    assert not given.table["quick_win"].any()
    assert by_default.settings == {"level": 0.95, "metric": "nps", "max_effort": 2, "max_time": 3, "n": 300}
    assert by_default.done.to_dict("records") == [{"action": "d", "touchpoint": "desk", "status": "DONE "}]
