from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import CLASS_COLORS, DOING, EXPERIENCE_COLORS, SAYING

INTERVAL = ["estimate", "conf_low", "conf_high"]


def survey(groups, waves=("2024",), seed=1):
    """Answers of several groups and waves; a group's size is given with its name."""
    draw = np.random.default_rng(seed)
    frames = [
        pd.DataFrame(
            {"score": draw.integers(2, 11, size), "desk": draw.integers(1, 6, size), "group": name, "wave": wave}
        )
        for name, size in groups.items()
        for wave in waves
    ]
    return tpm.make_study(
        survey=pd.concat(frames, ignore_index=True), recommend="score", touchpoints=["desk"], wave="wave",
        segments=["group"],
    )  # fmt: skip


def test_the_score_stands_where_its_table_says(result_of, marks, segments, bars):
    table = result_of("plot_net_promoter_score").table.sort_values("estimate", ascending=False)
    ax = tpm.plot_net_promoter_score(result_of("plot_net_promoter_score"))
    assert np.allclose(marks(ax, "estimates")[:, 0], table["estimate"])
    assert np.allclose(segments(ax, "estimates-intervals")[:, [0, 2]], table[["conf_low", "conf_high"]])
    assert np.allclose(bars(ax, "promoter"), table["promoters"])
    assert np.allclose(bars(ax, "detractor"), -table["detractors"])


def test_a_withheld_group_keeps_its_row_and_says_so(written, assert_readable):
    score = tpm.net_promoter_score(survey({"large": 90, "small": 2}), by="group")
    ax = tpm.plot_net_promoter_score(score)
    assert "small" in written(ax)
    assert "withheld: too few answers" in written(ax)
    assert_readable(ax)


@pytest.mark.parametrize("count", [2, 12])
def test_the_course_over_waves(count, marks, segments, assert_readable):
    waves = [f"{2020 + wave // 4}-Q{wave % 4 + 1}" for wave in range(count)]
    score = tpm.net_promoter_score(survey({"all": 60}, waves), by="wave")
    ax = tpm.plot_net_promoter_score(score)
    assert np.allclose(marks(ax, "all"), np.column_stack([np.arange(count), score.table["estimate"]]))
    assert np.allclose(segments(ax, "all-intervals")[:, [1, 3]], score.table[["conf_low", "conf_high"]])
    assert_readable(ax)


def test_groups_over_waves_are_named_at_their_ends(written, assert_readable):
    score = tpm.net_promoter_score(
        survey({"north": 40, "south": 45, "west": 50}, ["1", "2", "3"]), by=["group", "wave"]
    )
    ax = tpm.plot_net_promoter_score(score)
    assert all(name in written(ax) for name in ("north", "south", "west"))
    assert_readable(ax)


def test_scores_that_cannot_be_told_apart_are_not_ranked():
    close = tpm.plot_net_promoter_score(tpm.net_promoter_score(survey({"a": 20, "b": 21}), by="group"))
    assert close.get_title(loc="left").replace("\n", " ").endswith("Their intervals overlap.")


def test_one_respondent(assert_readable):
    assert_readable(tpm.plot_net_promoter_score(tpm.net_promoter_score(survey({"one": 1}))))


def test_the_referral_rate_and_what_the_unknown_could_change(result_of, marks, segments):
    table = result_of("plot_referral_rate").table.sort_values("estimate", ascending=False)
    ax = tpm.plot_referral_rate(result_of("plot_referral_rate"))
    assert np.allclose(marks(ax, "estimates")[:, 0], table["estimate"])
    assert np.allclose(segments(ax, "estimates-intervals")[:, [0, 2]], table[["conf_low", "conf_high"]])
    assert np.allclose(segments(ax, "bounds")[:, [0, 2]], table[["bound_low", "bound_high"]])


@pytest.mark.parametrize("by", [None, "segment"])
def test_the_referral_rate_over_time(study, by, marks, assert_readable):
    rate = tpm.referral_rate(study, by=by, period="quarter")
    ax = tpm.plot_referral_rate(rate)
    for group, table in rate.table.groupby("group"):
        assert np.allclose(marks(ax, group)[:, 1], table["estimate"].dropna())
    assert_readable(ax)


def test_what_customers_did_by_what_they_said(result_of, marks, segments):
    result = result_of("plot_say_do")
    ax = tpm.plot_say_do(result)
    known = result.table.dropna(subset=["estimate"])
    assert np.allclose(marks(ax, "estimates"), known[["score", "estimate"]])
    assert np.allclose(segments(ax, "estimates-intervals")[:, [1, 3]], known[["conf_low", "conf_high"]])
    for entry in result.classes.to_dict("records"):
        assert np.allclose(segments(ax, f"class-{entry['promoter_class']}")[:, 1], entry["estimate"])


def test_when_nobody_recommended(study, assert_readable):
    silent = replace(study, referrals=study.referrals.iloc[:0], customers=study.customers.assign(recommended_by=None))
    ax = tpm.plot_say_do(tpm.say_do(silent, replicates=50))
    assert ax.get_title(loc="left") == "Nobody who answered recommended within 365 days"
    assert_readable(ax)


def test_the_map_keeps_the_customers_order(result_of, marks, bars):
    table = result_of("plot_touchpoint_map").table
    ax = tpm.plot_touchpoint_map(result_of("plot_touchpoint_map"))
    assert [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()] == list(table["label"])
    for kind in EXPERIENCE_COLORS:
        assert np.allclose(bars(ax, kind), table[kind])
    assert np.allclose(marks(ax, "reach")[:, 0], table["reach"])
    assert np.allclose(marks(ax, "rating")[:, 0], table["rating"])


def test_the_map_of_one_touchpoint(assert_readable):
    assert_readable(tpm.plot_touchpoint_map(tpm.touchpoint_map(survey({"all": 50}))))


def test_the_map_without_reach_has_no_panel_for_it(marks, written):
    answers = pd.DataFrame({"score": [9, 3, 8, 10] * 10, "desk": [5, 1, None, 4] * 10, "web": [None, 2, 3, 4] * 10})
    known = tpm.touchpoint_map(tpm.make_study(survey=answers, recommend="score", touchpoints=["desk", "web"]))
    picture = tpm.plot_touchpoint_map(known)
    panels = [panel.get_xlabel().replace("\n", " ") for panel in (picture, *picture.child_axes)]
    assert panels == ["Of those who rated it (percent)", "Mean rating (points of its scale)"]
    assert np.allclose(marks(picture, "rating")[:, 0], known.table["rating"])
    assert "Whom they reach is not known." in written(picture).replace("\n", " ")


def test_saying_is_blue_and_doing_vermilion(result_of):
    score = tpm.plot_net_promoter_score(result_of("plot_net_promoter_score"))
    rate = tpm.plot_referral_rate(result_of("plot_referral_rate"))
    for ax, color in ((score, SAYING), (rate, DOING)):
        (dots,) = ax.findobj(lambda artist: artist.get_gid() == "estimates")
        assert dots.get_color() == color
    assert (SAYING, DOING) == ("#0072B2", "#D55E00")


@pytest.mark.parametrize("colors", [CLASS_COLORS, EXPERIENCE_COLORS])
def test_classes_can_be_told_apart_in_grey(colors):
    """Rec. 601 luma, as printers and PIL make grey: at least 0.15 between any two."""
    rgb = np.array([[int(color[place : place + 2], 16) for place in (1, 3, 5)] for color in colors.values()]) / 255
    grey = np.sort(rgb @ [0.299, 0.587, 0.114])
    assert (np.diff(grey) > 0.15).all()
