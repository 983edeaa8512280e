"""Axes in the language's numbers, with their units; grids and zero lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from tpm_widgets.language import Number, Percent, Points, Worded, current_language, signed
from tpm_widgets.plots.draws import figure_of
from tpm_widgets.plots.theme import INK, RULE


def grid(ax: Axes, *names: Literal["x", "y"]) -> None:
    """Draw quiet lines along one axis or both: ``"x"``, ``"y"``."""
    for name in names:
        ax.grid(axis=name, color=RULE, linewidth=0.8)


def zero_line(ax: Axes, *, x: float | None = None, y: float | None = None) -> None:
    """Draw the line on which nothing changes."""
    if x is not None:
        ax.axvline(x, color=INK, linewidth=1.1, zorder=1.5)
    if y is not None:
        ax.axhline(y, color=INK, linewidth=1.1, zorder=1.5)


class WordedTicks(Formatter):
    """Ticks in the language's numbers, with as many decimals as the ticks need to differ."""

    def __init__(self, wording: Callable[[float, int], Worded], scale: float) -> None:
        self.wording, self.scale, self.language = wording, scale, current_language()

    def format_ticks(self, values: Any) -> list[str]:
        """Return one text per tick."""
        scaled = np.asarray(values, float) * self.scale
        digits = next((d for d in range(4) if np.allclose(scaled, scaled.round(d), atol=1e-9)), 4)
        return [self.wording(float(value), digits).text(self.language) for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of one value."""
        return self.format_ticks([x])[0]


def _axis(axis: Axis, label: Worded, wording: Callable[[float, int], Worded], scale: float, ticks: int) -> None:
    axis.set_label_text(label.text())
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(WordedTicks(wording, scale))


def percent_axis(axis: Axis, label: Worded, ticks: int = 6) -> None:
    """Shares 0…1, read as percent."""
    _axis(axis, label, Percent, 100, ticks)


def points_axis(axis: Axis, label: Worded, ticks: int = 6) -> None:
    """Scores and differences −1…1, read as signed points."""
    _axis(axis, label, Points, 100, ticks)


def number_axis(axis: Axis, label: Worded, ticks: int = 6) -> None:
    """Plain numbers; the label names their unit."""
    _axis(axis, label, Number, 1, ticks)


def signed_axis(axis: Axis, label: Worded, ticks: int = 6) -> None:
    """Differences in their own unit, with their sign."""
    _axis(axis, label, signed, 1, ticks)


def lift(ax: Axes, points: float) -> ScaledTranslation:
    """Return the transform that moves things up by some points (1/72 inch)."""
    return ScaledTranslation(0, points / 72, figure_of(ax).dpi_scale_trans)


def upright_label(ax: Axes, above: float = 4.0) -> None:
    """Lay the label of the upright axis flat above it, where it can be read; ``above`` in points."""
    lifted = ax.transAxes + lift(ax, above)
    ax.yaxis.label.set(rotation=0, ha="left", va="bottom")
    ax.yaxis.set_label_coords(0, 1, transform=lifted)
