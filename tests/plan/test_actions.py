"""The order of actions: against the what-ifs that it is made of, and the rule for quick wins."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plan.actions import _ranked


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=3, respondents=1500, touchpoints=8, waves=4)


@pytest.fixture(scope="module")
def models(study):
    return tpm.what_if_models(study)


def plan(study, **columns):
    best, weak = study.touchpoint_names[3], study.touchpoint_names[-1]
    frame = pd.DataFrame(
        {
            "action": ["cheap", "dear", "slow", "free"],
            "touchpoint": [best, best, best, weak],
            "cost": [1000.0, 9000.0, 1000.0, 0.0],
            "effort": [2.0, 20.0, 2.0, 50.0],
            "expected_change": [0.3, 0.3, 0.3, 0.3],
            "time_to_effect": [2.0, 2.0, 40.0, 30.0],
        }
    ).assign(**columns)
    return replace(study, actions=frame)


def strong(study):
    """Put the strongest driver of the score in fourth place."""
    table = tpm.driver_regression(study).table
    return table.loc[table["estimate"].idxmax(), "touchpoint"]


def test_the_effect_is_the_what_if_times_the_probability(study, models):
    touchpoint = strong(study)
    planned = plan(study, touchpoint=touchpoint, probability=[0.5, 1.0, np.nan, 0.25])
    table = tpm.rank_actions(planned, models, level=0.9).table.set_index("action")
    expected = tpm.what_if(models, {touchpoint: 0.3}, level=0.9).table.set_index("metric")
    for action, probability in (("cheap", 0.5), ("dear", 1.0), ("slow", 1.0), ("free", 0.25)):
        found = table.loc[action, ["effect", "effect_low", "effect_high"]].astype(float)
        wanted = expected.loc["nps", ["change", "conf_low", "conf_high"]].astype(float) * probability
        np.testing.assert_allclose(found, wanted, atol=1e-12)
        rate = expected.loc["referral_rate", "change"] * probability
        assert table.loc[action, "rate_effect"] == pytest.approx(rate, abs=1e-12)
    assert table.loc["cheap", "effect_per_cost"] == pytest.approx(table.loc["cheap", "effect"], abs=1e-12)
    assert np.isnan(table.loc["free", "effect_per_cost"])


def test_quick_wins_stand_on_top_then_effect_per_cost(study, models):
    result = tpm.rank_actions(plan(study, touchpoint=strong(study)), models)
    assert result.table["action"].tolist() == ["cheap", "free", "slow", "dear"]
    assert result.table["quick_win"].tolist() == [True, False, False, False]
    assert result.table["rank"].tolist() == [1, 2, 3, 4]
    assert (result.max_effort, result.max_time) == (11, 16)
    said = [str(caveat) for caveat in result.caveats]
    assert (
        "A quick win takes at most 11 of effort and 16 until it works, needs no open action, and has an effect above 0."
    ) in said
    assert "Cost nothing, so come before others of their kind if they help: free." in said


def test_the_limits_of_a_quick_win_can_be_given(study, models):
    result = tpm.rank_actions(plan(study, touchpoint=strong(study)), models, max_effort=100, max_time=100)
    assert result.table["quick_win"].all()


def test_what_needs_an_open_action_is_no_quick_win(study, models):
    planned = plan(study, touchpoint=strong(study), needs=["slow", None, None, None])
    assert not tpm.rank_actions(planned, models).table["quick_win"].any()
    done = plan(study, touchpoint=strong(study), needs=["slow", None, None, None], status=[None, None, "Done", None])
    assert tpm.rank_actions(done, models, max_time=10).table.set_index("action").loc["cheap", "quick_win"]


def test_what_is_done_is_listed_apart(study, models):
    result = tpm.rank_actions(plan(study, status=["planned", "done", " Erledigt", None]), models)
    assert sorted(result.table["action"]) == ["cheap", "free"]
    assert result.done["action"].tolist() == ["dear", "slow"]
    assert "2 actions are done and not ranked: dear and slow." in [str(caveat) for caveat in result.caveats]


def test_where_all_is_done_it_says_so(study, models):
    result = tpm.rank_actions(plan(study, status="done"), models)
    assert len(result.table) == 0
    assert result.summary("en") == "All 4 actions are done."
    assert "ActionRanking" in repr(result) and result._repr_html_()


def test_a_quick_win_that_is_not_sure_is_called_so(study, models):
    weakest = tpm.what_if(models, {study.touchpoint_names[0]: 0.3}).row("nps")
    assert weakest["conf_low"] < 0 < weakest["conf_high"]
    change = 0.3 if weakest["change"] > 0 else -0.3
    result = tpm.rank_actions(plan(study, touchpoint=study.touchpoint_names[0], expected_change=change), models)
    assert result.table["quick_win"].any()
    said = [str(caveat) for caveat in result.caveats]
    assert "No quick win has an effect that is beyond chance; they are the most promising ones." in said


def test_ranking_by_deeds(study, models):
    result = tpm.rank_actions(plan(study), models, metric="referral_rate")
    np.testing.assert_allclose(result.table["effect"], result.table["rate_effect"], atol=1e-15)
    assert "points of the referral rate" in result.summary("en")


def test_the_answers_behind_the_score_are_told(study, models):
    assert models[0].n != models[-1].n  # customers won rest on fewer answers
    assert tpm.rank_actions(plan(study), models).settings["n"] == models[0].n


def test_without_referrals_the_score_still_ranks(study):
    models = tpm.what_if_models(replace(study, customers=None, referrals=None))
    planned = replace(plan(study), customers=None, referrals=None)
    assert "rate_effect" not in tpm.rank_actions(planned, models).table
    with pytest.raises(tpm.DataError) as caught:
        tpm.rank_actions(planned, models, metric="referral_rate")
    assert str(caught.value).startswith(
        "customers, column 'source': expected customers won by those who answered, and the sources of new customers."
    )


def test_a_touchpoint_out_of_the_model_has_no_effect_and_stands_last(study, models):
    planned = plan(study)
    planned.actions.loc[0, "touchpoint"] = "billboard"
    result = tpm.rank_actions(planned, models)
    assert result.table["action"].iloc[-1] == "cheap"
    assert "Without expected effect, as their touchpoint is in no model: cheap." in [str(c) for c in result.caveats]


def test_the_smallest_table_of_actions_is_enough(study, models):
    actions = plan(study).actions[["action", "touchpoint", "cost", "effort", "expected_change"]]
    result = tpm.rank_actions(replace(study, actions=actions), models)
    assert not result.table["quick_win"].any()  # nobody knows how long anything takes
    assert (result.table["probability"] == 1).all()


def test_no_actions_are_refused_and_wrong_options_too(study):
    with pytest.raises(tpm.DataError) as caught:
        tpm.rank_actions(replace(study, actions=None))
    assert str(caught.value) == (
        "actions: expected a table for rank_actions. Add the table as a file under [actions] in study.toml, or as "
        "actions= to make_study."
    )
    with pytest.raises(ValueError) as option:
        tpm.rank_actions(study, metric="won")
    assert str(option.value) == "metric must be one of 'nps', 'referral_rate'; got 'won'."


def test_probabilities_in_percent_are_refused(study, models):
    with pytest.raises(tpm.DataError) as caught:
        tpm.rank_actions(plan(study, probability=[80.0, 0.5, np.nan, 1.0]), models)
    assert str(caught.value) == (
        "actions, row 2, column 'probability': found 80.0, expected a probability from 0 to 1. Write 0.8 for 80%."
    )


def test_the_input_stays(study, models):
    before = study.data_hash
    tpm.rank_actions(study, models)
    assert study.data_hash == before


def test_what_costs_and_changes_nothing_comes_before_what_harms():
    table = pd.DataFrame(
        {
            "action": ["harm", "nothing", "free harm"],
            "touchpoint": "desk",
            "quick_win": False,
            "effect": [-0.02, 0.0, -0.01],
            "cost": [100.0, 0.0, 0.0],
            "effect_per_cost": [-0.2, np.nan, np.nan],
        }
    ).assign(
        **dict.fromkeys(["effect_low", "effect_high", "reach", "effort", "expected_change", "time_to_effect"], 0.0),
        probability=1.0,
    )
    assert _ranked(table)["action"].tolist() == ["nothing", "harm", "free harm"]


def test_quick_wins_count_with_their_probability():
    rng = np.random.default_rng(0)
    ratings = rng.integers(1, 6, (400, 2))
    score = np.clip(np.round(7 + 0.8 * (ratings[:, 0] - 3) + rng.normal(size=400)), 0, 10)
    action = {"action": "A", "touchpoint": "shop", "cost": 10, "effort": 1, "expected_change": 1.0}
    study = tpm.make_study(
        survey=pd.DataFrame(ratings, columns=["shop", "mail"]).assign(score=score),
        recommend="score",
        touchpoints=["shop", "mail"],
        actions=pd.DataFrame([action | {"probability": 0.1, "time_to_effect": 1}]),
    )
    models = tpm.what_if_models(study)
    ranked = tpm.rank_actions(study, models)
    assert ranked.quick_win_changes == {"shop": pytest.approx(0.1)}
    together = tpm.what_if(models, ranked.quick_win_changes).row("nps")["change"]
    assert together == pytest.approx(ranked.table["effect"].iloc[0], rel=0.15)
