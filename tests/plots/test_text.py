import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.plots.labels import place, spread
from tpm_widgets.plots.text import text_width, wrap_names, wrap_to

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzÄÖÜß", min_size=1, max_size=30), min_size=1, max_size=12)
ROUNDING = 1e-6


def test_width_is_that_of_the_letters():
    """DejaVu Sans has an em of 2048 units and an m 1995 of them wide, by its own table."""
    assert abs(text_width("m", 20) - 20 * 1995 / 2048) < 0.05
    assert text_width("", 20) == 0
    assert text_width("wide", 20, "bold") > text_width("wide", 20)


@given(WORDS, st.integers(40, 300))
@settings(max_examples=60)
def test_no_line_is_wider_than_it_may_be_and_no_letter_is_lost(words, width):
    wrapped = wrap_to(" ".join(words), width, 12)
    assert max(text_width(line, 12) for line in wrapped.split("\n")) <= width + ROUNDING
    assert wrapped.replace("-\n", "").replace("\n", "").replace(" ", "") == "".join(words)


def test_words_break_after_a_hyphen_first():
    assert wrap_to("Online-Schadensmeldung", 150, 12) == "Online-\nSchadensmeldung"


def test_a_number_stays_with_its_unit():
    assert wrap_to("14,2\u00a0% of all", 50, 12).split("\n")[0] == "14,2\u00a0%"


def test_names_take_as_few_lines_as_fit():
    assert wrap_names(["Website", "Mobile App"], 12, 240) == ["Website", "Mobile App"]
    long = wrap_names(["Vertragsunterlagen und Versicherungsbedingungen", "App"], 12, 240)
    assert [name.count("\n") for name in long] == [1, 0]


@given(st.lists(st.floats(0, 300), min_size=1, max_size=15), st.floats(1, 20))
@settings(max_examples=60)
def test_names_at_the_ends_of_courses_keep_their_distance_and_their_order(heights, gap):
    moved = spread(np.sort(heights), gap)
    assert (np.diff(moved) >= gap - ROUNDING).all()


def test_names_that_do_not_touch_stay_where_they_are():
    assert np.allclose(spread(np.array([0.0, 20.0, 50.0]), 15), [0, 20, 50])


def test_names_of_a_crowd_cover_neither_each_other_nor_a_point():
    points = np.random.default_rng(1).normal([300, 200], 25, size=(18, 2))
    frame = np.array([0.0, 0.0, 600.0, 400.0])
    taken = np.array([[0.0, 380.0, 100.0, 400.0]])
    boxes = place(points, np.tile([110.0, 16.0], (18, 1)), np.empty((0, 4)), frame, taken)
    every = np.vstack([boxes, taken])
    for index, box in enumerate(boxes):
        others = np.delete(every, index, axis=0)
        shared = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
        assert not (shared > ROUNDING).all(axis=1).any()
        assert not ((points > box[:2]) & (points < box[2:])).all(axis=1).any()
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= frame[2:]).all()
