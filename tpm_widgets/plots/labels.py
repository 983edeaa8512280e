"""Names beside points and at the ends of courses, placed so that they cover neither each other nor a point.

They are placed when they are drawn: only then is it known how large the axes are. Whatever takes room from the axes
after the names were written (a title, a neighbour in the same figure) brings their points closer together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Affine2D
from scipy.optimize import isotonic_regression

from tpm_widgets.plots.picture import points_per_pixel
from tpm_widgets.plots.text import text_width, wrap_to
from tpm_widgets.plots.theme import BODY, QUIET

# Where a name may go: directions all around its point, at growing distances (points, 1/72 inch).
ANGLES = np.arange(16) * np.pi / 8
DISTANCES = np.array([9.0, 16.0, 26.0, 38.0, 54.0, 74.0, 98.0, 126.0, 160.0, 200.0])
MARK = 8.0  # half the side of the square that a point keeps free
STEP = 8.0  # points between places all over the axes
MOST = 200  # of those that are looked at more closely
TIED = 13.0  # a name further off than this is tied to its point by a line

# What a place costs: leaving the axes (per point), covering a name, a point, an interval; crossing ties.
OUTSIDE, ON_NAME, ON_POINT, ON_LINE, TIE_ON_NAME, TIE_ON_TIE, FAR = 20.0, 1e5, 150.0, 8.0, 60.0, 25.0, 0.12


class WhenDrawn(Artist):
    """Draws nothing, but lets names be placed anew before they are drawn, whenever the axes have changed."""

    def __init__(self, ax: Axes, arrange: Callable[[], None]) -> None:
        super().__init__()
        self.around, self.arrange, self.placed_for = ax, arrange, ()
        self.set_in_layout(False)
        self.set_zorder(-1e6)

    def draw(self, renderer: Any) -> None:
        """Place the names, unless they stand where they belong."""
        ax = self.around
        now = (*ax.bbox.bounds, *ax.get_xlim(), *ax.get_ylim(), points_per_pixel(ax))
        if now != self.placed_for:
            self.placed_for = now
            self.arrange()


def label_points(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    colors: Sequence[str],
    size: float,
    lines: np.ndarray,
    widest: float = 175.0,
) -> None:
    """Name every point; a name that must stand further off is tied to its point by a thin line.

    ``lines``, shape (m, 4), are x0, y0, x1, y1 of what is drawn already; names cover them only where there is no
    other place. Points in the thick of it choose first: the same result always gives the same picture.
    """
    written = []
    for index, text in enumerate(_wrapped(name, widest, size) for name in names):
        tie = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 5}
        name = ax.annotate(
            text, (x[index], y[index]), xytext=(0, 0), textcoords="offset points", ha="center", va="center", size=size,
            color=colors[index], linespacing=1.0, arrowprops=tie, zorder=6, gid="name", annotation_clip=False,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip
        name.set_in_layout(False)  # it stands within the axes
        written.append(name)
    ax.add_artist(WhenDrawn(ax, lambda: _arrange(ax, np.column_stack([x, y]), written, lines)))


def _arrange(ax: Axes, points: np.ndarray, written: list[Annotation], lines: np.ndarray) -> None:
    """Move names to where they cover the least, and tie those to their points that stand far off."""
    scale = points_per_pixel(ax)
    points = ax.transData.transform(points) * scale
    segments = (ax.transData.transform(lines.reshape(-1, 2)) * scale).reshape(-1, 4)
    frame = np.array(ax.get_window_extent().transformed(Affine2D().scale(scale)).extents)
    others = [text for text in ax.texts if text not in written and text.get_text()]
    taken = np.array([Text.get_window_extent(text).extents for text in others]).reshape(-1, 4) * scale
    sizes = np.array([_extent(name.get_text(), float(name.get_fontsize())) for name in written])
    boxes = place(points, sizes, segments, frame, taken)
    for name, point, box in zip(written, points, boxes, strict=True):
        name.set_position(tuple(box.reshape(2, 2).mean(axis=0) - point))
        far = np.linalg.norm(nearest(point, box) - point) > TIED
        if name.arrow_patch is not None:
            name.arrow_patch.set_visible(bool(far))


def _wrapped(name: str, widest: float, size: float) -> str:
    """Break a name between its words only."""
    return wrap_to(name, max([widest, *(text_width(word, size) + 0.5 for word in name.split())]), size)


def _extent(text: str, size: float) -> tuple[float, float]:
    rows = text.split("\n")
    return max(text_width(row, size) for row in rows) + 10, len(rows) * size * 1.2 + 2


def place(
    points: np.ndarray, sizes: np.ndarray, segments: np.ndarray, frame: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Choose a box (x0, y0, x1, y1) of the given size for each point, one after another, each the cheapest.

    All in points (1/72 inch): ``points`` (n, 2), ``sizes`` (n, 2), ``segments`` (m, 4) that are drawn already,
    ``frame`` (4,) and the boxes ``taken`` (k, 4) by other words.
    """
    boxes = np.full((len(points), 4), np.nan)
    ties = np.full((len(points), 4), np.nan)
    crowd = np.exp(-np.linalg.norm(points[:, None] - points[None], axis=2) / 60).sum(axis=1)
    distance, angle = (grid.ravel() for grid in np.meshgrid(DISTANCES, ANGLES, indexing="ij"))
    around = np.column_stack([np.cos(angle), np.sin(angle)])
    order = np.argsort(-crowd, kind="stable")
    placed = np.zeros(len(points), bool)
    for index in (*order, *order):  # the second time each knows where all the others stand
        placed[index] = False
        point, size, stand = points[index], sizes[index], np.vstack([boxes[placed], taken])
        center = point + around * (distance[:, None] + size / 2)
        tries = np.hstack([center - size / 2, center + size / 2])
        if _overlap(tries, stand).any(axis=1).all():  # nowhere near is room: wherever there is some, or else on others
            tries = np.vstack([tries, _elsewhere(point, size, frame, stand)])
        near = nearest(point, tries)
        tie = np.hstack([np.broadcast_to(point, near.shape), near])
        cost = FAR * np.linalg.norm(near - point, axis=1) + OUTSIDE * _outside(tries, frame)
        cost += ON_LINE * crossed(tries, segments).sum(axis=1) + ON_POINT * _covers(tries, points).sum(axis=1)
        cost += ON_NAME * _overlap(tries, stand).sum(axis=1)
        cost += TIE_ON_NAME * (crossed(boxes[placed], tie).sum(axis=0) + crossed(tries, ties[placed]).sum(axis=1))
        cost += TIE_ON_TIE * _cross(tie, ties[placed]).sum(axis=1)
        best = int(np.argmin(cost.round(6)))
        boxes[index], ties[index], placed[index] = tries[best], tie[best], True
    return boxes


def _elsewhere(point: np.ndarray, size: np.ndarray, frame: np.ndarray, stand: np.ndarray) -> np.ndarray:
    """Return the nearest boxes of one size anywhere in the frame that touch no other."""
    low, high = frame[:2], np.maximum(frame[2:] - size, frame[:2])
    steps = [np.arange(start, end + 1e-9, STEP) for start, end in zip(low, high, strict=True)]
    corners = np.column_stack([grid.ravel() for grid in np.meshgrid(*steps)])
    boxes = np.hstack([corners, corners + size])
    free = boxes[~_overlap(boxes, stand).any(axis=1)]
    return free[np.argsort(np.linalg.norm(nearest(point, free) - point, axis=1), kind="stable")[:MOST]]


def nearest(point: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return the spot of each box that lies next to a point."""
    return np.clip(point, boxes[..., :2], boxes[..., 2:])


def _outside(boxes: np.ndarray, frame: np.ndarray) -> np.ndarray:
    over = np.hstack([frame[:2] - boxes[:, :2], boxes[:, 2:] - frame[2:]])
    return np.clip(over, 0, None).sum(axis=1)


def _covers(boxes: np.ndarray, points: np.ndarray) -> np.ndarray:
    inside = (points > boxes[:, None, :2] - MARK) & (points < boxes[:, None, 2:] + MARK)
    return np.asarray(inside.all(axis=2))


def _overlap(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    shared = np.minimum(boxes[:, None, 2:], others[None, :, 2:]) - np.maximum(boxes[:, None, :2], others[None, :, :2])
    return np.asarray((shared > 0).all(axis=2))


def crossed(boxes: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """Tell which segments run through which boxes, shape (boxes, segments); but for the outermost 2 % of each."""
    enters, leaves = np.full((2, len(boxes), len(segments)), [[[0.02]], [[0.98]]])
    with np.errstate(divide="ignore", invalid="ignore"):  # an upright segment is within at no part of it, or at each
        for side in (0, 1):
            way = segments[:, side + 2] - segments[:, side]
            one, other = ((boxes[:, [edge]] - segments[:, side]) / way for edge in (side, side + 2))
            enters, leaves = np.maximum(enters, np.minimum(one, other)), np.minimum(leaves, np.maximum(one, other))
    return np.asarray(enters < leaves)


def _cross(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Tell which segments of two sets cross, shape (first, second)."""

    def side(start: np.ndarray, end: np.ndarray, spot: np.ndarray) -> np.ndarray:
        run, way = end - start, spot - start
        return run[..., 0] * way[..., 1] - run[..., 1] * way[..., 0]

    a, b = first[:, None, :2], first[:, None, 2:]
    c, d = second[None, :, :2], second[None, :, 2:]
    return (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)


def label_ends(ax: Axes, y: Sequence[float], names: Sequence[str], color: str, size: float = BODY) -> None:
    """Name courses at their right ends; names that would touch are moved apart."""
    known = [index for index in np.argsort(y, kind="stable") if np.isfinite(y[index])]
    ends = np.column_stack([np.zeros(len(known)), np.asarray(y, dtype=float)[known]])
    written = [
        ax.annotate(
            names[index], (1, y[index]), xycoords=ax.get_yaxis_transform(), xytext=(6, 0),
            textcoords="offset points", ha="left", va="center", size=size, color=color, gid="name",
            annotation_clip=False,
        )
        for index in known
    ]  # fmt: skip

    def arrange() -> None:
        heights = ax.transData.transform(ends)[:, 1] * points_per_pixel(ax)
        for name, moved in zip(written, spread(heights, 1.3 * size) - heights, strict=True):
            name.set_position((6, float(moved)))

    ax.add_artist(WhenDrawn(ax, arrange))


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """Move rising heights apart until neighbours keep their distance, each as little as possible."""
    steps = np.arange(len(heights)) * gap
    return np.asarray(isotonic_regression(heights - steps).x) + steps
