"""The marks that several pictures share: estimates with intervals in rows, courses over time, columns of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from tpm_widgets.language import Worded, say
from tpm_widgets.plots.picture import Picture, canvas, new_picture, points_per_pixel
from tpm_widgets.plots.scales import grid, zero_line
from tpm_widgets.plots.text import text_width, wrap_names
from tpm_widgets.plots.theme import BODY, INK, QUIET, SMALL, UNDECIDED

LEAST_HEIGHT = 3.4  # inches
MARKERS = ("o", "s", "^", "D", "v", "P")  # one colour means one thing, so shapes tell groups apart
CAPTION = 126.0  # points that title, subtitle and the lower axis take


def row_axes(ax: Axes | None, names: Sequence[str], row_height: float = 0.0) -> tuple[Axes, np.ndarray]:
    """Lay out one row per name, the first on top; a figure of its own grows so that no two names touch.

    ``row_height`` is the least a row needs, in points. In axes that were handed in the letters shrink instead.
    """
    many = len(names) > 12
    size, widest = (SMALL, 280.0) if many else (BODY, 240.0)
    if ax is None or isinstance(ax, Picture):
        wrapped = wrap_names(list(names), size, widest)
        pitch = max(row_height, _pitch(wrapped, size), 0.0 if many else min(34.0, 340.0 / max(len(names), 1)))
        if ax is None:
            ax = own = new_picture(max(LEAST_HEIGHT, (CAPTION + len(names) * pitch) / 72))
            own.least_height = (len(names) + 0.2) * pitch
    else:
        room = (canvas(ax).get_window_extent().height * points_per_pixel(ax) - CAPTION / 2) / max(len(names), 1)
        size, wrapped = _fitted(list(names), size, room)
    rows = np.arange(len(names), dtype=float)
    ax.set_yticks(rows, wrapped)
    ax.tick_params(axis="y", labelsize=size)
    for name in ax.get_yticklabels():
        name.set_linespacing(1.0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    return ax, rows


def _fitted(names: list[str], size: float, room: float) -> tuple[float, list[str]]:
    """Find the largest letters with which names fit rows of a given height: in two lines, or else in one wide one."""
    while True:
        for widest in (240.0, 310.0, 380.0):
            wrapped = wrap_names(names, size, widest)
            if size <= 6.0 or _pitch(wrapped, size) <= room:
                return size, wrapped
        size -= 0.5


def _pitch(wrapped: list[str], size: float) -> float:
    """Return the distance of rows, in points, at which no name touches the next."""
    lines = np.array([name.count("\n") + 1 for name in wrapped], dtype=float)
    pairs = (lines[1:] + lines[:-1]) / 2 if len(lines) > 1 else lines
    return float(pairs.max(initial=1.0) * 1.18 * size + 4)


def row_estimates(
    ax: Axes,
    rows: np.ndarray,
    table: pd.DataFrame,
    columns: tuple[str, str, str],
    *,
    color: str,
    marker: str = "o",
    filled: bool = True,
    size: float = 8.5,
    linewidth: float = 2.6,
    gid: str = "estimates",
) -> None:
    """Draw estimates as dots with their intervals as lines; ``columns`` names estimate, lower and upper end."""
    estimate, low, high = (table[name].to_numpy(float) for name in columns)
    ax.hlines(rows, low, high, color=color, linewidth=linewidth, zorder=3, gid=f"{gid}-intervals")
    ax.plot(
        estimate, rows, linestyle="none", marker=marker, markersize=size, color=color, zorder=4,
        markerfacecolor=color if filled else "white", markeredgecolor=color, markeredgewidth=1.8, gid=gid,
    )  # fmt: skip


def row_differences(
    ax: Axes,
    rows: np.ndarray,
    table: pd.DataFrame,
    shown: np.ndarray | pd.Series,
    color: str,
    withheld: np.ndarray | pd.Series,
) -> None:
    """Draw differences around 0: filled where ``shown`` to be more than chance, open and grey where not.

    A row that is ``withheld`` keeps its place and says so.
    """
    columns = ("difference", "conf_low", "conf_high")
    rest = ~shown & ~withheld
    row_estimates(ax, rows[shown], table[shown], columns, color=color, marker="D", gid="shown")
    row_estimates(ax, rows[rest], table[rest], columns, color=UNDECIDED, filled=False, gid="not-shown")
    grid(ax, "x")
    zero_line(ax, x=0)
    for row in rows[withheld]:
        ax.annotate(
            say("withheld: too few answers").text(), (0, row), xytext=(6, 0), textcoords="offset points", va="center",
            size=BODY, color=QUIET,
        )  # fmt: skip


def course(
    ax: Axes,
    places: np.ndarray,
    table: pd.DataFrame,
    columns: tuple[str, str, str],
    *,
    color: str,
    marker: str = "o",
    filled: bool = True,
    linestyle: str = "-",
    gid: str = "estimates",
) -> None:
    """Draw estimates over time, joined, with their intervals as upright lines."""
    estimate, low, high = (table[name].to_numpy(float) for name in columns)
    ax.vlines(places, low, high, color=color, linewidth=2.2, zorder=3, alpha=0.75, gid=f"{gid}-intervals")
    ax.plot(
        places, estimate, linestyle=linestyle, linewidth=1.8, marker=marker, markersize=8, color=color, zorder=4,
        markerfacecolor=color if filled else "white", markeredgecolor=color, markeredgewidth=1.6, gid=gid,
    )  # fmt: skip


def group_courses(
    ax: Axes, table: pd.DataFrame, time: str, columns: tuple[str, str, str], *, color: str
) -> tuple[list[str], dict[str, float]]:
    """Draw one course per group over the waves or periods, side by side; returns those, and where each group ends."""
    times = list(dict.fromkeys(table[time].astype(str)))
    places = dict(zip(times, time_axis(ax, times), strict=True))
    groups, ends = list(dict.fromkeys(table["group"])), {}
    for index, group in enumerate(groups):
        rows = table[(table["group"] == group) & table[columns[0]].notna()]
        at = rows[time].astype(str).map(places).to_numpy(float) + 0.12 * (index - (len(groups) - 1) / 2)
        course(ax, at, rows, columns, color=color, marker=MARKERS[index % 6], filled=index < 6, gid=str(group))
        ends[str(group)] = float(rows[columns[0]].iloc[-1]) if len(rows) else np.nan
    return times, ends


class Periods(FixedLocator):
    """One tick per wave or period; where names would touch, only every second, third … and the latest."""

    def __init__(self, ax: Axes, names: Sequence[str]) -> None:
        super().__init__(list(range(len(names))))
        self.along, self.places = ax, [float(place) for place in range(len(names))]
        self.width = max((text_width(name, SMALL) for name in names), default=0.0) + 8

    def __call__(self) -> list[float]:
        """Return the places that are named, as wide as the axes are now."""
        room = 0.92 * self.along.get_window_extent().width * points_per_pixel(self.along)
        every = max(1, int(np.ceil(len(self.places) * self.width / max(room, 1.0))))
        return self.places[::-1][::every][::-1]


def time_axis(ax: Axes, names: Sequence[str]) -> np.ndarray:
    """Lay out one place per wave or period, in order, and name as many as have room."""
    words = [str(name) for name in names]
    ax.xaxis.set_major_locator(Periods(ax, words))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda place, _: words[int(place)]))
    beside = min(0.6, 0.2 + 0.05 * len(words))
    ax.set_xlim(-beside, len(words) - 1 + beside)
    return np.arange(len(words), dtype=float)


def column(ax: Axes, rows: np.ndarray, texts: Sequence[str], heading: Worded, offset: float = 10.0) -> float:
    """Write one column of words to the right of the rows; returns where the next one may begin, in points."""
    words = heading.text()
    width = max([text_width(words, SMALL), *(text_width(text, BODY) for text in texts)])
    for row, text in zip(rows, texts, strict=True):
        ax.annotate(
            text, (1, row), xycoords=ax.get_yaxis_transform(), xytext=(offset + width, 0), textcoords="offset points",
            ha="right", va="center", size=BODY, color=INK, annotation_clip=False,
        )  # fmt: skip
    ax.annotate(
        words, (1, 1), xycoords="axes fraction", xytext=(offset + width, 3), textcoords="offset points",
        ha="right", va="bottom", size=SMALL, color=QUIET, annotation_clip=False,
    )  # fmt: skip
    return offset + width + 14


def rests_on(n: pd.Series) -> Worded:
    """Say on how many answers rows rest: one number, or the smallest and the largest."""
    known = n.dropna()
    if known.empty:
        return say("n unknown")
    low, high = int(known.min()), int(known.max())
    return say("n = {n}", n=low) if low == high else say("n = {low} to {high}", low=low, high=high)
