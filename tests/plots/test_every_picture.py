"""What holds for every picture, and for pictures yet to come."""

import re
from dataclasses import fields
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal
from picture_calls import CALLS

import tpm_widgets as tpm
from tpm_widgets.plots.drawn import drawn_data

PICTURES = sorted(name for name in tpm.__all__ if name.startswith("plot_"))


def bytes_of(ax):
    buffer = BytesIO()
    ax.get_figure(root=True).savefig(buffer, format="png", dpi=60)
    return buffer.getvalue()


def test_every_picture_is_tested_here():
    assert sorted(CALLS) == PICTURES


@pytest.mark.parametrize("name", PICTURES)
def test_it_says_what_was_found_of_whom_in_which_unit_and_is_the_same_each_time(
    name, result_of, assert_readable, written
):
    result = result_of(name)
    before = result.table.copy(deep=True)
    ax, again = (getattr(tpm, name)(result) for _ in range(2))
    assert_frame_equal(result.table, before)
    assert drawn_data(ax) == drawn_data(again)
    assert bytes_of(ax) == bytes_of(again)
    assert isinstance(ax, Axes)
    assert len(ax.get_title(loc="left")) > 20
    (subtitle,) = ax.findobj(lambda artist: artist.get_gid() == "subtitle")
    assert re.search(r"\d", subtitle.get_text())
    assert ax.get_xlabel() or name == "plot_control_chart"
    labels = written(ax)
    assert "percent" in labels or "points" in labels or "rating" in labels
    assert_readable(ax)


@pytest.mark.parametrize("name", PICTURES)
def test_in_german_long_names_do_not_touch_and_numbers_have_a_comma(name, result_of, assert_readable, written):
    tpm.set_language("de")
    ax = getattr(tpm, name)(result_of(name, long=True))
    assert_readable(ax)
    text = written(ax)
    assert not re.search(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])", text), text  # 1.234 and 31.12.2024 may stand


@pytest.mark.parametrize("name", PICTURES)
def test_it_can_be_read_on_a_projector(name, result_of, assert_readable):
    """1280 × 720 pixels, in a figure of one's own making, 18 long names included."""
    figure = Figure(figsize=(12.8, 7.2), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)  # as every figure of pyplot has it
    ax = getattr(tpm, name)(result_of(name, long=True), ax=figure.subplots())
    assert_readable(ax, smallest=9.0)


@pytest.mark.parametrize("name", PICTURES)
def test_it_draws_into_the_axes_that_it_is_given(name, result_of, panel_of_a_larger_figure):
    left = panel_of_a_larger_figure
    right = left.get_figure().axes[1]
    assert getattr(tpm, name)(result_of(name), ax=left) is left
    assert not right.has_data()
    assert not hasattr(left, "_repr_mimebundle_")  # the figure is the caller's to show


@pytest.mark.parametrize("name", PICTURES)
def test_it_refuses_a_study_in_words(name, study):
    made = re.escape(f"got {type(study).__name__}.")
    with pytest.raises(TypeError, match=rf"^result must be a \w+, as tpm\.\w+\(…\) returns it; {made}$"):
        getattr(tpm, name)(study)


@pytest.mark.parametrize("name", PICTURES)
def test_what_cannot_be_drawn_is_said(name, result_of, written, assert_readable):
    """A result in which every number is missing gives a sentence in the picture's place, not an empty frame."""
    ax = getattr(tpm, name)(hollow(result_of(name)))
    (reason,) = ax.findobj(lambda artist: artist.get_gid() == "reason")
    assert len(reason.get_text()) > 15
    assert_readable(ax)


def hollow(result):
    """The same result with every number missing, built without asking whether that makes sense."""
    empty = object.__new__(type(result))
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame):
            value = value.assign(**dict.fromkeys(value.select_dtypes(float).columns, np.nan))
        object.__setattr__(empty, field.name, value)
    return empty
