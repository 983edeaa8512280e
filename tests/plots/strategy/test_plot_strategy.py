from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.strategy.compare import LOOKS
from tpm_widgets.plots.theme import DOING, SAYING, UNDECIDED

VERDICTS = ["both", "talk only", "deeds only", "neither", "undecided"]


@pytest.fixture
def comparison(result_of):
    """A comparison in which every list has members, with estimates that everybody can check by eye."""
    result = result_of("plot_driver_comparison")
    table = result.table.copy()
    table["verdict"] = [VERDICTS[row % 5] for row in range(len(table))]
    lists = {verdict: tuple(table.loc[table["verdict"] == verdict, "touchpoint"]) for verdict in VERDICTS}
    return replace(result, table=table, lists=lists)


def test_the_comparison_puts_each_touchpoint_at_both_effects(comparison, marks, segments):
    ax = tpm.plot_driver_comparison(comparison)
    table = comparison.table
    for verdict in VERDICTS:
        rows = table[table["verdict"] == verdict]
        assert np.allclose(marks(ax, verdict), rows[["say_estimate", "do_estimate"]])
    assert np.allclose(segments(ax, "say"), table[["say_low", "do_estimate", "say_high", "do_estimate"]])
    assert np.allclose(segments(ax, "do"), table[["say_estimate", "do_low", "say_estimate", "do_high"]])


def test_the_five_lists_differ_in_colour_and_in_shape(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    drawn = {
        verdict: ax.findobj(lambda artist, gid=verdict: artist.get_gid() == gid)[0].get_marker() for verdict in VERDICTS
    }
    assert len(set(drawn.values())) == 5
    assert len({look[1:] for look in LOOKS.values()}) == 5
    assert LOOKS["talk only"][1] == SAYING
    assert LOOKS["deeds only"][1] == DOING
    assert LOOKS["undecided"][1] == UNDECIDED


def test_every_touchpoint_of_the_comparison_is_named_beside_its_point(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    names = ax.findobj(lambda artist: artist.get_gid() == "name")
    assert sorted(name.get_text().replace("\n", " ") for name in names) == sorted(comparison.labels.values())
    assert {name.xy for name in names} == set(
        comparison.table[["say_estimate", "do_estimate"]].itertuples(index=False, name=None)
    )


def test_the_bands_are_as_wide_as_what_is_negligible(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    (upright,) = ax.findobj(lambda artist: artist.get_gid() == "negligible-say")
    (across,) = ax.findobj(lambda artist: artist.get_gid() == "negligible-do")
    assert np.allclose([upright.get_x(), upright.get_width()], [-0.03, 0.06])
    assert np.allclose([across.get_y(), across.get_height()], [-0.01, 0.02])


def test_intervals_of_the_undecided_side_are_grey(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    for gid, side, color in (("say", "say_verdict", SAYING), ("do", "do_verdict", DOING)):
        (lines,) = ax.findobj(lambda artist, gid=gid: artist.get_gid() == gid)
        expected = [UNDECIDED if verdict == "undecided" else color for verdict in comparison.table[side]]
        rgb = [tuple(int(name[place : place + 2], 16) / 255 for place in (1, 3, 5)) for name in expected]
        assert np.allclose(lines.get_colors()[:, :3], rgb)


def test_the_title_of_the_comparison_names_the_lists(comparison):
    table = comparison.table.assign(verdict="undecided")
    lists = dict.fromkeys(VERDICTS, ()) | {"undecided": tuple(table["touchpoint"])}
    nothing = tpm.plot_driver_comparison(replace(comparison, table=table, lists=lists))
    assert (
        nothing.get_title(loc="left").replace("\n", " ")
        == "No touchpoint is shown to go with saying or doing; 18 are undecided."
    )
    title = tpm.plot_driver_comparison(comparison).get_title(loc="left").replace("\n", " ")
    assert title.startswith("Saying and doing both go with ")
    assert "Only saying goes with " in title
    assert "Only doing goes with " in title


@pytest.mark.parametrize("outcome", ["recommend", "referred"])
def test_drivers_by_importance_with_effects(study, outcome, marks, bars):
    result = tpm.driver_regression(study, outcome=outcome)
    ax = tpm.plot_drivers(result)
    order = result.table.sort_values("importance", ascending=False, kind="stable")
    effects = result.effects.set_index("touchpoint").loc[order["touchpoint"]]
    drawn = np.vstack([marks(ax, "shown"), marks(ax, "undecided")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], effects["estimate"])
    assert np.allclose(bars(ax, "importance"), order["importance"])
    open_dots = marks(ax, "undecided")[:, 1].astype(int)
    assert ((effects["conf_low"] <= 0) & (effects["conf_high"] >= 0)).to_numpy().nonzero()[0].tolist() == list(
        open_dots
    )
    if len(marks(ax, "shown")):
        (dots,) = ax.findobj(lambda artist: artist.get_gid() == "shown")
        assert dots.get_color() == (DOING if outcome == "referred" else SAYING)


def test_shares_of_importance(result_of, bars):
    result = result_of("plot_relative_importance")
    ax = tpm.plot_relative_importance(result)
    table = result.table.sort_values("rank")
    assert np.allclose(bars(ax, "share"), table.loc[table["sign"] == "+", "share"])
    assert np.allclose(bars(ax, "share-other"), table.loc[table["sign"] != "+", "share"])


def test_importance_in_any_frame(assert_readable):
    frame = pd.DataFrame({"sold": [1, 2, 3, 5, 4, 6], "price": [9, 7, 8, 5, 6, 5], "staff": [1, 3, 2, 4, 5, 5]})
    ax = tpm.plot_relative_importance(tpm.relative_importance(frame, outcome="sold"))
    assert ax.get_title(loc="left") == "Price and staff carry 100% of what is explained of sold"
    assert_readable(ax)


def test_penalty_and_reward(result_of, marks):
    result = result_of("plot_penalty_reward")
    ax = tpm.plot_penalty_reward(result)
    for kind in ("penalty", "reward"):
        drawn = np.concatenate([marks(ax, kind)[:, 0], marks(ax, f"{kind}-undecided")[:, 0]])
        assert np.allclose(np.sort(drawn[np.isfinite(drawn)]), np.sort(result.table[kind].dropna()))
    assert len(marks(ax, "reward")) == result.table["factor"].notna().sum()


def test_priorities_and_their_cross_hairs(result_of, marks):
    result = result_of("plot_priorities")
    ax = tpm.plot_priorities(result)
    for quadrant, rows in result.table[result.table["quadrant"] != ""].groupby("quadrant"):
        certain = rows["certain"].astype(bool)
        assert np.allclose(marks(ax, quadrant), rows.loc[certain, ["performance", "importance"]])
        assert np.allclose(marks(ax, f"{quadrant}-uncertain"), rows.loc[~certain, ["performance", "importance"]])
    (upright,) = ax.findobj(lambda artist: artist.get_gid() == "performance-center")
    assert upright.get_xdata()[0] == result.performance_center


def test_what_if_is_always_if_causal(result_of, marks, segments):
    result = result_of("plot_what_if")
    ax = tpm.plot_what_if(result)
    drawn = np.vstack([marks(ax, "saying"), marks(ax, "doing")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], result.table["change"])
    lines = np.vstack([segments(ax, "saying-intervals"), segments(ax, "doing-intervals")])
    assert np.allclose(lines[np.argsort(lines[:, 1])][:, [0, 2]], result.table[["conf_low", "conf_high"]])
    assert ax.get_title(loc="left").startswith("If causal, ")


def test_one_touchpoint(assert_readable):
    draw = np.random.default_rng(1)
    rating = draw.integers(1, 6, 300)
    survey = pd.DataFrame({"score": np.clip(rating + draw.integers(2, 7, 300), 0, 10), "desk": rating})
    one = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"])
    drivers = tpm.driver_regression(one)
    for ax in (
        tpm.plot_drivers(drivers),
        tpm.plot_relative_importance(tpm.relative_importance(drivers)),
        tpm.plot_penalty_reward(tpm.penalty_reward(one)),
        tpm.plot_priorities(tpm.priorities(one, drivers)),
    ):
        assert_readable(ax)


def test_the_comparison_of_one_touchpoint(comparison, assert_readable):
    first = comparison.table["touchpoint"].iloc[0]
    lists = {verdict: (first,) if verdict == "both" else () for verdict in VERDICTS}
    ax = tpm.plot_driver_comparison(replace(comparison, table=comparison.table.iloc[:1], lists=lists))
    assert ax.get_title(loc="left") == f"Saying and doing both go with {comparison.labels[first]}."
    assert_readable(ax)
