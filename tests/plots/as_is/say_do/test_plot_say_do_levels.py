"""Groups and time: marks stand where the tables say, in the colours of saying and doing, also in a larger figure."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import DOING, SAYING


def test_groups_stand_where_their_table_says(result_of, marks, segments):
    result = result_of("plot_say_do_groups")
    ax = tpm.plot_say_do_groups(result)
    table = result.table
    assert np.allclose(marks(ax, "groups"), table[["score", "recommendation_rate"]])
    assert np.allclose(segments(ax, "said-intervals")[:, [0, 2]], table[["score_low", "score_high"]])
    assert np.allclose(
        segments(ax, "done-intervals")[:, [1, 3]], table[["recommendation_rate_low", "recommendation_rate_high"]]
    )
    assert [ax.xaxis.label.get_color(), ax.yaxis.label.get_color()] == [SAYING, DOING]


def test_of_many_groups_those_at_the_edges_are_named(study, written, assert_readable):
    result = tpm.say_do_groups(study, by=["segment", "wave"])
    ax = tpm.plot_say_do_groups(result)
    assert sum(name in written(ax) for name in result.table["group"]) == 6
    assert_readable(ax)


def test_courses_stand_where_their_table_says(result_of, marks, segments):
    result = result_of("plot_say_do_time")
    ax = tpm.plot_say_do_time(result)
    places = np.arange(len(result.table))
    said = result.table["score"].notna().to_numpy()
    assert np.allclose(marks(ax, "said"), np.column_stack([places[said], result.table["score"][said]]))
    assert np.allclose(marks(ax, "done"), np.column_stack([places, result.table["recommendation_rate"]]))
    assert np.allclose(
        segments(ax, "done-intervals")[:, [1, 3]], result.table[["recommendation_rate_low", "recommendation_rate_high"]]
    )
    upper, lower = ax.child_axes
    assert [panel.yaxis.label.get_color() for panel in (upper, lower)] == [SAYING, DOING]
    assert upper.get_xlim() == lower.get_xlim() == ax.get_xlim()


@pytest.mark.parametrize("period", ["month", "wave"])
def test_months_and_waves(study, period, assert_readable):
    assert_readable(tpm.plot_say_do_time(tpm.say_do_time(study, period)))


def test_a_reported_study_is_drawn_in_percent(study, written, assert_readable):
    told = replace(study, customers=None, referrals=None)
    for ax in (
        tpm.plot_say_do_groups(tpm.say_do_groups(told, by="region")),
        tpm.plot_say_do_time(tpm.say_do_time(told)),
    ):
        assert "DOING, as reported: recommended in the past 12 months (percent)" in written(ax)
        assert_readable(ax)


def test_a_single_group_is_drawn_and_says_that_it_is_too_little(study, assert_readable):
    alone = replace(study, survey=study.survey.assign(wave=pd.Categorical(["one"] * len(study.survey))), waves=None)
    ax = tpm.plot_say_do_groups(tpm.say_do_groups(alone, by="wave"))
    assert ax.get_title(loc="left") == "Saying and doing, group by group: too little to compare"
    assert_readable(ax)
