"""Real results of a simulated study, and what a reader sees of a picture: its words, and where they stand."""

from dataclasses import replace
from functools import cache, lru_cache

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from picture_calls import CALLS

import tpm_widgets as tpm

LONG_NAMES = [  # one of them would be a formula, if it were read as one
    "Online-Schadensmeldung und Dokumentenübermittlung", "Persönliches Beratungsgespräch in der Geschäftsstelle",
    "Telefonische Kundenbetreuung", "Vertragsunterlagen und Versicherungsbedingungen", r"Gebühr $\frac{$ ab $5",
    "Kündigungsbestätigung", "Suchmaschine", "Vergleichsportal", "Bewertungen anderer Kundinnen und Kunden",
    "Empfehlung aus dem Freundeskreis", "Schadenregulierung durch Sachverständige", "Kundenmagazin", "Mobile App",
    "Werkstattvermittlungsservice", "Jahresgespräch", "Begrüßungspaket", "Beschwerdemanagement",
    "Social-Media-Kanäle",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _english_and_unchanged_settings():
    tpm.set_language("en")
    before = dict(matplotlib.rcParams)
    yield
    tpm.set_language("en")
    assert dict(matplotlib.rcParams) == before  # global state is nobody's to change


@pytest.fixture(scope="session")
def study():
    return tpm.simulate_study(seed=1, respondents=1200)


@pytest.fixture(scope="session")
def result_of(study):
    """Make the result that a picture draws, once; or the same with the longest names that we have met."""

    @cache
    def make(name, long=False):
        if not long:
            return CALLS[name](study)
        result = make(name)
        if "label" in result.table:
            return replace(result, table=result.table.assign(label=LONG_NAMES))
        if hasattr(result, "labels"):
            return replace(result, labels=dict(zip(study.touchpoint_names, LONG_NAMES, strict=True)))
        return result

    return make


def artists(ax, gid):
    """Everything that a picture drew under one name."""
    return ax.findobj(lambda artist: artist.get_gid() == gid)


@pytest.fixture
def marks():
    """Read back where a kind of mark stands: x and y of its dots."""

    def read(ax, gid):
        found = [line.get_xydata() for line in artists(ax, gid)]
        return np.vstack(found) if found else np.empty((0, 2))

    return read


@pytest.fixture
def segments():
    """Read back where intervals begin and end: x0, y0, x1, y1."""

    def read(ax, gid):
        lines = [segment.reshape(4) for found in artists(ax, gid) for segment in found.get_segments()]
        return np.array(lines).reshape(-1, 4)

    return read


@pytest.fixture
def bars():
    """Read back the widths of bars."""
    return lambda ax, gid: np.array([bar.get_width() for bar in artists(ax, gid)])


@lru_cache(maxsize=1)  # what is written and whether it can be read is often asked of one picture
def words(ax):
    """Every text that is drawn, with its box in pixels."""
    figure = ax.get_figure(root=True)
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()
    ticks, hidden = [], set()
    for axes in [*figure.axes, *ax.child_axes]:
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                hidden |= {id(tick.label1), id(tick.label2)}
                if tick.label1.get_visible() and min(low, high) <= tick.get_loc() <= max(low, high):
                    ticks.append(tick.label1)
    free = [text for text in figure.findobj(Text) if id(text) not in hidden and text.get_visible()]
    return [
        (text.get_text(), Text.get_window_extent(text, renderer)) for text in (*ticks, *free) if text.get_text().strip()
    ]


@pytest.fixture
def assert_readable():
    """All words lie inside the figure, none on another, none too small."""

    def check(ax, smallest=10.0):
        figure = ax.get_figure(root=True)
        texts, boxes = zip(*words(ax), strict=True)
        low, high = np.array([box.extents for box in boxes]).reshape(-1, 2, 2).swapaxes(0, 1)
        inside = ((low >= -1) & (high <= figure.bbox.max + 1)).all(axis=1)
        assert not (cut := [texts[index] for index in np.flatnonzero(~inside)]), f"cut off: {cut}"
        shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
        touch = (shared > np.array([2, 3]) * figure.dpi / 100).all(axis=2)  # boxes are a little larger than ink
        covered = [(texts[one], texts[other]) for one, other in np.argwhere(np.triu(touch, 1))]
        assert not covered, f"one covers the other: {covered}"
        for text in figure.findobj(Text):
            assert not text.get_text().strip() or text.get_size() >= smallest

    return check


@pytest.fixture
def written():
    """All words of a picture, as one text."""
    return lambda ax: "\n".join(text for text, _ in words(ax))


@pytest.fixture
def panel_of_a_larger_figure():
    """Axes that stand beside others, in a figure as pyplot makes it: nothing lays it out but who draws."""
    figure = Figure(figsize=(16, 9))
    FigureCanvasAgg(figure)
    return figure.subplots(1, 2)[0]
