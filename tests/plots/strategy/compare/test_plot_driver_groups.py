"""Drivers by group: each group's effects in the touchpoint's row, and of two groups their difference."""

from dataclasses import replace

import numpy as np
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import SAYING, UNDECIDED


@pytest.fixture
def groups(result_of):
    return result_of("plot_driver_groups")


def test_each_group_stands_in_the_touchpoints_row(groups, marks):
    ax = tpm.plot_driver_groups(groups)
    order = groups.touchpoints.sort_values("p_value", kind="stable")["touchpoint"]
    assert [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()] == [groups.labels[n] for n in order]
    for name, model in groups.models.items():
        drawn = marks(ax, name)
        assert np.allclose(drawn[:, 0], model.effects.set_index("touchpoint").loc[order, "estimate"])
        assert (drawn[:, 1].round() == np.arange(len(order))).all()


def test_of_two_groups_the_difference_stands_beside(groups, marks):
    assert len(groups.models) == 2
    ax = tpm.plot_driver_groups(groups)
    (panel,) = ax.child_axes
    drawn = np.vstack([marks(panel, "shown"), marks(panel, "not-shown")])
    order = groups.touchpoints.sort_values("p_value", kind="stable")["touchpoint"]
    pair = groups.table[groups.table["difference"].notna()].set_index("touchpoint").loc[order]
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], pair["difference"])
    (band,) = panel.findobj(lambda artist: artist.get_gid() == "negligible")
    assert np.allclose([band.get_x(), band.get_width()], [-0.1, 0.2])


def test_what_is_shown_is_filled(groups):
    sure = groups.touchpoints.assign(p_adjusted=[0.001] + [1.0] * (len(groups.touchpoints) - 1))
    ax = tpm.plot_driver_groups(replace(groups, touchpoints=sure, verdict="yes"))
    (panel,) = ax.child_axes
    for gid, color in (("shown", SAYING), ("not-shown", UNDECIDED)):
        (dots,) = panel.findobj(lambda artist, gid=gid: artist.get_gid() == gid)
        assert dots.get_color() == color
    title = ax.get_title(loc="left").replace("\n", " ")
    assert title.startswith("The drivers of the willingness to recommend differ between ")
    assert title.endswith(groups.labels[sure["touchpoint"].iloc[0]])


@pytest.mark.parametrize(
    ("verdict", "end"), [("no", "no difference that matters"), ("cannot be told", "cannot be told")]
)
def test_the_title_gives_the_answer(groups, verdict, end):
    title = tpm.plot_driver_groups(replace(groups, verdict=verdict)).get_title(loc="left")
    assert title.replace("\n", " ").endswith(end)
