"""What is measured on one sample holds for any: names keep off each other and their places follow the axes."""

from copy import copy
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

import tpm_widgets as tpm
from tpm_widgets.plots.labels import crossed, label_ends, label_points, place
from tpm_widgets.plots.marks import row_axes, time_axis
from tpm_widgets.plots.picture import canvas, caption
from tpm_widgets.plots.theme import BODY, INK, SAYING

SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 12))]


def boxes_of(ax, gid):
    return [Text.get_window_extent(text) for text in ax.texts if text.get_gid() == gid]


def overlaps(boxes):
    return [
        (first, second)
        for first, second in combinations(boxes, 2)
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 1
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 1
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_of_any_study_are_named_apart(seed, assert_readable):
    """A name for each period, wherever chance puts the points."""
    study = tpm.simulate_study(seed=seed, respondents=160, touchpoints=4)
    for by in ("wave", ["segment", "wave"]):
        assert_readable(tpm.plot_say_do_groups(tpm.say_do_groups(study, by=by)))


@pytest.mark.parametrize("seed", SEEDS)
def test_points_drawn_anew_are_named_apart(result_of, seed, assert_readable):
    """The same touchpoints and groups at places that chance chooses, and bunched where it is worst."""
    rng = np.random.default_rng(seed)
    priorities = result_of("plot_priorities")
    table = priorities.table.assign(
        performance=rng.normal(3.5, 0.3, len(priorities.table)), importance=rng.normal(0.1, 0.1, len(priorities.table))
    )
    moved = copy(priorities)
    object.__setattr__(moved, "table", table)  # not asked whether the quadrants are still the right ones
    assert_readable(tpm.plot_priorities(moved))
    groups = result_of("plot_say_do_groups")
    close = groups.table.assign(score=rng.normal(0.3, 0.004, len(groups.table)))
    assert_readable(tpm.plot_say_do_groups(replace(groups, table=close)))


@given(st.integers(0, 10_000), st.floats(0, 60), st.integers(2, 18))
@settings(max_examples=60)
def test_names_never_cover_each_other_while_there_is_room(seed, spread, count):
    rng = np.random.default_rng(seed)
    points = rng.normal([300, 180], spread, size=(count, 2))
    sizes = np.column_stack([rng.uniform(30, 170, count), np.full(count, 17.0)])
    boxes = place(points, sizes, np.empty((0, 4)), np.array([0.0, 0.0, 600.0, 360.0]), np.empty((0, 4)))
    for first, second in combinations(boxes, 2):
        assert not (np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2]) > 1e-6).all()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9))
@settings(max_examples=25)
def test_names_at_ends_keep_apart_after_the_title_took_its_room(heights):
    ax = canvas(None)
    ax.set_ylim(0, 1)
    label_ends(ax, heights, [f"group {number}" for number in range(len(heights))], SAYING)
    words = tpm.language.say("words that take {n} lines of the picture: " + "long " * 60, n=5)
    caption(ax, words, words)
    ax.figure.draw_without_rendering()
    assert not overlaps(boxes_of(ax, "name"))


def test_names_follow_when_a_neighbour_takes_room():
    """In somebody's own figure the layout moves the axes after they were drawn."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    x = np.linspace(0, 1, 8)
    label_points(left, x, np.zeros(8), [f"name {number}" for number in range(8)], [INK] * 8, BODY, np.empty((0, 4)))
    left.set(xlim=(0, 1), ylim=(-1, 1))
    figure.draw_without_rendering()
    right.set_ylabel("A label\nthat takes\nroom\n" * 6)
    figure.draw_without_rendering()
    assert not overlaps(boxes_of(left, "name"))


@pytest.mark.parametrize("lines", [1, 6])
def test_rows_keep_their_height_under_a_long_title(lines):
    """The figure grows where the words over the rows take more than was thought."""
    names = ["Two lines that stand one below the other in a row"] * 14
    ax, _ = row_axes(None, names)
    words = tpm.language.say("{n}" + " words that take room" * 6 * lines, n=1)
    caption(ax, words, words)
    ax.figure.draw_without_rendering()
    assert not overlaps([Text.get_window_extent(label) for label in ax.get_yticklabels()])


@pytest.mark.parametrize("count", [1, 2, 8, 40, 200])
def test_as_many_periods_are_named_as_have_room(count):
    names = [f"2024-{number:03d}" for number in range(count)]
    ax = canvas(None)
    time_axis(ax, names)
    label_ends(ax, [0.5], ["a name that takes a good deal of room from the axes"], SAYING)
    words = tpm.language.say("{n} periods", n=count)
    caption(ax, words, words)
    ax.figure.draw_without_rendering()
    shown = [tick.label1 for tick in ax.xaxis.get_major_ticks()]
    assert shown[-1].get_text() == names[-1]
    assert not overlaps([Text.get_window_extent(label) for label in shown])


def test_a_segment_through_a_box_is_found():
    """Upright, level and slanted; one beside it, one that ends before it, and one along its edge are not."""
    box = np.array([[10.0, 10.0, 20.0, 20.0]])
    through = np.array([[15, 0, 15, 30], [0, 15, 30, 15], [5, 5, 25, 25], [15, 15, 16, 16]], dtype=float)
    past = np.array([[25, 0, 25, 30], [0, 15, 9, 15], [0, 25, 30, 25], [20, 0, 20, 30], [0, 25, 15, 40]], dtype=float)
    assert crossed(box, through).all()
    assert not crossed(box, past).any()
