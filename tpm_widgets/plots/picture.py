"""The frame around the marks: a figure that shows itself, its finding and what is shown, and panels beside it.

A figure of our own is laid out once, when its finding is written: the words around the axes are measured, and the
axes take the rest. It has no layout engine, which would measure every word twice more whenever it is saved. Axes
that were handed in are laid out by their figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from tpm_widgets.language import Worded, read
from tpm_widgets.plots.drawn import drawn_data
from tpm_widgets.plots.draws import DRAWING, as_written, figure_of, panels_of
from tpm_widgets.plots.letters import lacking_letters
from tpm_widgets.plots.scales import grid
from tpm_widgets.plots.text import wrap_to
from tpm_widgets.plots.theme import BODY, INK, QUIET, SCREEN_DPI, SIZE, SMALL, SMALLEST_TITLE, TITLE

PADS = np.array([0.15, 0.12])  # inches that a figure of our own keeps free at its sides, and above and below
LEAST_SIDE = 0.1


class Picture(Axes):
    """Axes that a notebook shows as their whole figure, with the finding as alternative text.

    matplotlib shows figures in notebooks through ``pyplot`` only; this shows itself, so that
    ``tpm.plot_…(result)`` as a cell's last line is a picture. Axes that were handed in stay what they are, and
    nothing is drawn twice.
    """

    alone = False  # whether it is all that its figure shows, and is laid out by ``settle``
    least_height = 0.0  # points that its rows need, so that no name touches the next

    def __repr__(self) -> str:
        return f"<Picture: {one_line(self)} | drawn data {drawn_data(self)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        figure = self.get_figure(root=True)
        if figure is None:
            return {"text/plain": repr(self)}, {}
        words = one_line(self)
        buffer = BytesIO()
        with DRAWING:
            figure.savefig(buffer, format="png", dpi=SCREEN_DPI, metadata={"Description": words})
            FigureCanvasAgg(figure)  # the former holds millions of bytes, as long as the picture is known by a name
        width, height = (round(float(inches) * 96) for inches in figure.get_size_inches())
        shown = {"width": width, "height": height, "alt": words}
        return {"image/png": buffer.getvalue(), "text/plain": repr(self)}, {"image/png": shown}


def one_line(ax: Axes) -> str:
    """Return the finding as one line, for screen readers and for comparing."""
    return " ".join(ax.get_title(loc="left").split())


def canvas(ax: Axes | None, height: float = SIZE[1]) -> Axes:
    """Give back the axes that were handed in, or new ones in a figure of their own, with the theme's frame."""
    if ax is None:
        return new_picture(height)
    frame(ax)
    return ax


def new_picture(height: float = SIZE[1]) -> Picture:
    """Make axes that are all that their figure shows."""
    figure = Figure(figsize=(SIZE[0], height), dpi=SCREEN_DPI, facecolor="white")
    FigureCanvasAgg(figure)  # it keeps what it has measured; without one every word is measured anew each time
    picture = cast(Picture, figure.add_subplot(axes_class=Picture))
    picture.alone = True
    frame(picture)
    return picture


def frame(ax: Axes) -> None:
    """Take away what carries nothing: the box, the tick marks, all but a quiet grid."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=INK, pad=6)
    ax.set_axisbelow(True)
    ax.xaxis.label.set(size=BODY, color=INK)
    ax.yaxis.label.set(size=BODY, color=INK)


def points_per_pixel(ax: Axes) -> float:
    """Return how many points (1/72 inch) a pixel of the axes' figure is wide."""
    return 72.0 / float(figure_of(ax).dpi)


def settle(ax: Axes) -> None:
    """Let the layout give the axes their place, so that what is measured next is what will be seen."""
    if getattr(ax, "alone", False):
        _fit(ax, _margins(ax))
        return
    as_written(ax)
    figure = figure_of(ax)
    engine = figure.get_layout_engine()
    if engine is None:
        return
    for _ in range(3):
        before = ax.get_position().bounds
        engine.execute(figure)
        if np.allclose(before, ax.get_position().bounds, atol=1e-3):
            return


def _margins(ax: Axes) -> np.ndarray:
    """Measure in points how far words and panels reach out of the axes: left, below, right, above.

    That does not depend on how large the axes are.
    """
    as_written(ax)
    inner = ax.get_window_extent()
    outer = ax.get_tightbbox() or inner  # there is none of axes that are not seen
    return (np.array(outer.extents) - np.array(inner.extents)) * [-1, -1, 1, 1] * points_per_pixel(ax)


def _fit(ax: Axes, margins: np.ndarray) -> None:
    """Give the axes the room that the words around them leave of the figure."""
    size = np.array(figure_of(ax).get_size_inches())
    low, high = PADS + margins[:2] / 72, size - PADS - margins[2:] / 72
    extent = np.maximum(high - low, LEAST_SIDE * size)  # words that leave no room do not turn the axes over
    ax.set_position(tuple(np.append(low / size, extent / size)))


def side_panel(ax: Axes, width: float = 1.5, gap: float = 0.45, share: float = 0.3) -> Axes:
    """Open a panel to the right on the same rows; it belongs to ``ax``, also inside a larger figure.

    ``width`` and ``gap`` are inches; the panel takes no more than ``share`` of the room that ``ax`` had.
    """
    room = ax.get_window_extent().width * points_per_pixel(ax) / 72
    shrink = min(1.0, share * room / width)
    inches = figure_of(ax).dpi_scale_trans
    right = ScaledTranslation(1, 0, ax.transAxes)  # type: ignore[arg-type]  # it is affine, and only said to be less
    beside = blended_transform_factory(inches + right, ax.transAxes)
    left = gap + len(ax.child_axes) * (shrink * width + gap)
    panel = ax.inset_axes((left, 0, shrink * width, 1), transform=beside, sharey=ax)
    frame(panel)
    panel.tick_params(labelleft=False)
    grid(panel, "x")
    return panel


def caption(ax: Axes, finding: Worded | tuple[Worded, ...], shown: Worded | tuple[Worded, ...]) -> Axes:
    """Write the finding over the picture and under it, small, what is shown, of whom and how surely.

    Both are broken to the width that the layout leaves to these axes with their labels and side panels.
    """
    margins = _room(ax)
    left = -margins[0]
    width = 0.985 * (margins[0] + _width(ax) + margins[2])  # letters are a little wider at other resolutions
    above = max(0.0, margins[3]) + 8
    shown = (*(shown if isinstance(shown, tuple) else (shown,)), *lacking_letters([ax, *panels_of(ax)]))
    small = wrap_to(_read(shown).replace("n = ", "n\u00a0=\u00a0"), width, SMALL)
    ax.annotate(
        small, (0, 1), xycoords="axes fraction", xytext=(left, above), textcoords="offset points",
        ha="left", va="bottom", size=SMALL, color=QUIET, linespacing=1.25, gid="subtitle", annotation_clip=False,
    )  # fmt: skip
    pad = above + 1.25 * 1.17 * SMALL * (small.count("\n") + 1) + 6
    words = _read(finding)
    size, title = _title(words[:1].upper() + words[1:], width)
    written = ax.set_title(title, loc="left", x=0, y=1, pad=pad, size=size, weight="bold", color=INK, linespacing=1.15)
    # by points, not by a part of the axes' width: at another resolution that is another one, and the layout runs away
    figure = figure_of(ax)
    inches = figure.dpi_scale_trans
    written.set_transform(written.get_transform() + ScaledTranslation(left / 72, 0, inches))
    if isinstance(ax, Picture) and ax.alone:
        margins[3] = pad + 1.15 * 1.17 * size * (title.count("\n") + 1)
        missing = ax.least_height + margins[1] + margins[3] + 144 * PADS[1] - 72 * figure.get_figheight()
        figure.set_figheight(figure.get_figheight() + max(0.0, missing) / 72)
        _fit(ax, margins)
    return ax


def _read(words: Worded | tuple[Worded, ...]) -> str:
    return read(words) if isinstance(words, tuple) else words.text()


def _room(ax: Axes) -> np.ndarray:
    """Lay the axes out and break the labels below them and their panels; return how far all words reach out."""
    panels = panels_of(ax)
    if not getattr(ax, "alone", False):
        settle(ax)
        _wrap_labels([ax, *panels])
        return _margins(ax)
    _wrap_labels(panels)  # as wide already as they will be
    margins = _margins(ax)
    _fit(ax, margins)
    return _margins(ax) if _wrap_labels([ax, *panels]) else margins


def _width(ax: Axes) -> float:
    return float(ax.get_window_extent().width) * points_per_pixel(ax)


def _wrap_labels(panels: Sequence[Axes]) -> bool:
    """Break the labels of lower axes that would run into the next panel; tell whether there was one."""
    broken = False
    for ax in panels:
        label = ax.xaxis.label
        wrapped = wrap_to(label.get_text(), _width(ax) + 24, BODY, weight=str(label.get_fontweight()))
        if wrapped != label.get_text():
            label.set_text(wrapped)
            broken = True
    return broken


def _title(words: str, width: float) -> tuple[float, str]:
    """Break a title into two lines, with smaller letters where its names are long; the smallest may take more."""
    for size in np.arange(TITLE, SMALLEST_TITLE, -0.5):
        title = wrap_to(words, width, float(size), weight="bold")
        if title.count("\n") < 2:
            return float(size), title
    return SMALLEST_TITLE, wrap_to(words, width, SMALLEST_TITLE, weight="bold")


def nothing_to_draw(ax: Axes, finding: Worded, reason: Worded) -> Axes:
    """Say in the picture's place why there is none."""
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(NullLocator())
    ax.text(
        0.5, 0.5, wrap_to(reason.text(), 420, BODY + 1.5), transform=ax.transAxes,
        ha="center", va="center", size=BODY + 1.5, color=QUIET, gid="reason",
    )  # fmt: skip
    size, title = _title(finding.text(), ax.get_window_extent().width * points_per_pixel(ax))
    ax.set_title(title, loc="left", size=size, weight="bold", color=INK)
    return ax
