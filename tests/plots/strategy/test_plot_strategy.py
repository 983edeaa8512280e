from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
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


SIDES = ("effect", "negligible", "undecided")


def rows_by_name(ax):
    """The row of each touchpoint, by the words beside it."""
    labels = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    return dict(zip(labels, ax.get_yticks(), strict=True))


@pytest.mark.parametrize("part", ["say", "do"])
def test_the_comparison_puts_each_touchpoint_into_its_row(comparison, marks, segments, part):
    ax = tpm.plot_driver_comparison(comparison)
    rows = rows_by_name(ax)
    table = comparison.table.assign(row=[rows[comparison.labels[name]] for name in comparison.table["touchpoint"]])
    for verdict in SIDES:
        own = table[table[f"{part}_verdict"] == verdict].sort_values("row")
        assert np.allclose(marks(ax, f"{part}-{verdict}"), own[[f"{part}_estimate", "row"]])
        drawn = segments(ax, f"{part}-{verdict}-intervals")
        assert np.allclose(drawn, own[[f"{part}_low", "row", f"{part}_high", "row"]])


def test_the_five_lists_stand_one_below_the_other(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    rows = rows_by_name(ax)
    places = [[rows[comparison.labels[name]] for name in comparison.lists[verdict]] for verdict in VERDICTS]
    for upper, lower in pairwise(places):
        assert max(upper) < min(lower)
    names = ax.findobj(lambda artist: artist.get_gid() == "list")
    assert [name.get_text() for name in names] == [
        f"{words} ({len(comparison.lists[verdict])})"
        for words, verdict in zip(
            ["saying and doing", "saying only", "doing only", "neither", "undecided"], VERDICTS, strict=True
        )
    ]
    assert len({name.get_color() for name in names}) == 5


def test_an_empty_list_says_none(comparison):
    table = comparison.table.assign(verdict="undecided")
    lists = dict.fromkeys(VERDICTS, ()) | {"undecided": tuple(table["touchpoint"])}
    ax = tpm.plot_driver_comparison(replace(comparison, table=table, lists=lists))
    assert [label.get_text() for label in ax.get_yticklabels()][:4] == ["none"] * 4


def test_both_sides_have_one_scale_and_their_bands(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    (panel,) = ax.child_axes
    assert ax.get_xlim() == panel.get_xlim()
    for part, delta in zip(("say", "do"), comparison.settings["negligible"], strict=True):
        (band,) = ax.findobj(lambda artist, gid=f"negligible-{part}": artist.get_gid() == gid)
        assert np.allclose([band.get_x(), band.get_width()], [-delta, 2 * delta])
    headings = [ax.findobj(lambda artist, gid=f"heading-{part}": artist.get_gid() == gid)[0] for part in ("say", "do")]
    assert [heading.get_text() for heading in headings] == ["SAYING: being a promoter", "DOING: having recommended"]
    assert [heading.get_color() for heading in headings] == [SAYING, DOING]


def test_the_undecided_side_is_grey_and_open(comparison):
    ax = tpm.plot_driver_comparison(comparison)
    for part, color in (("say", SAYING), ("do", DOING)):
        for verdict, expected in (("effect", color), ("undecided", UNDECIDED)):
            for dots in ax.findobj(lambda artist, gid=f"{part}-{verdict}": artist.get_gid() == gid):
                assert dots.get_color() == expected
                assert dots.get_markerfacecolor() == (color if verdict == "effect" else "white")


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
    order = result.table.sort_values("importance_rating", ascending=False, kind="stable")
    effects = result.effects.set_index("touchpoint").loc[order["touchpoint"]]
    drawn = np.vstack([marks(ax, "shown"), marks(ax, "undecided")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], effects["estimate"])
    assert np.allclose(bars(ax, "importance"), order["importance_rating"])
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
