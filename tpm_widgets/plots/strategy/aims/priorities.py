"""The importance–performance map: where to concentrate, where to keep on, where to do less."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_points
from tpm_widgets.plots.marks import rests_on
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis, points_axis, signed_axis, upright_label
from tpm_widgets.plots.theme import BODY, INK, QUIET, UNDECIDED
from tpm_widgets.plots.words import effect_unit, in_percent, outcome_color
from tpm_widgets.strategy.aims.priorities import Priorities

# quadrant → marker, and the corner of the axes where its name stands
QUADRANTS = {
    "concentrate here": ("^", (0, 1)),
    "keep up the good work": ("D", (1, 1)),
    "low priority": ("v", (0, 0)),
    "possible overkill": ("s", (1, 0)),
}


QUADRANT_NAMES = {
    "concentrate here": say("concentrate here"),
    "keep up the good work": say("keep up the good work"),
    "low priority": say("low priority"),
    "possible overkill": say("possible overkill"),
}


@draws(Priorities, "priorities")
def plot_priorities(result: Priorities, ax: Axes | None = None) -> Axes:
    """Draw how well each touchpoint is rated against how much it goes with the outcome, with both intervals.

    Grey and open: the intervals leave open in which quadrant the touchpoint lies.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_priorities(tpm.priorities(study))
    <Picture: ...>
    """
    ax = canvas(ax)
    table = result.table[result.table[["performance", "importance"]].notna().all(axis=1)]
    if table.empty:
        return nothing_to_draw(ax, say("Priorities"), say("No touchpoint has both a rating and an effect."))
    color = outcome_color(result.outcome)
    lines = _intervals(ax, table, color)
    for quadrant, (marker, _) in QUADRANTS.items():
        for certain, fill, edge in ((True, color, "white"), (False, "white", UNDECIDED)):
            rows = table[(table["quadrant"] == quadrant) & (table["certain"] == certain)]
            ax.plot(
                rows["performance"], rows["importance"], linestyle="none", marker=marker, markersize=10.5,
                markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=1.6, zorder=5,
                gid=quadrant if certain else f"{quadrant}-uncertain",
            )  # fmt: skip
    ax.axvline(result.performance_center, color=INK, linewidth=1.1, zorder=1.5, gid="performance-center")
    ax.axhline(result.importance_center, color=INK, linewidth=1.1, zorder=1.5, gid="importance-center")
    grid(ax, "x", "y")
    ax.margins(0.08, 0.16)
    number_axis(ax.xaxis, say("Mean rating (points of the rating scale)"))
    axis = points_axis if in_percent(result.outcome) else signed_axis
    axis(ax.yaxis, effect_unit(result.outcome))
    upright_label(ax)
    _corners(ax)
    names = [result.labels.get(name, name) for name in table["touchpoint"]]
    x, y = table["performance"].to_numpy(float), table["importance"].to_numpy(float)
    colors = [INK if certain else QUIET for certain in table["certain"]]
    label_points(
        ax, x, y, names, colors, BODY if len(names) <= 12 else BODY - 1, np.vstack([lines, _cross_hairs(ax, result)])
    )
    return caption(ax, _finding(result, table), _shown(result, table))


def _intervals(ax: Axes, table: pd.DataFrame, color: str) -> np.ndarray:
    """Draw both intervals of every touchpoint and return them as segments."""
    x, y = table["performance"].to_numpy(float), table["importance"].to_numpy(float)
    colors = [color if certain else UNDECIDED for certain in table["certain"]]
    ax.hlines(y, table["performance_low"], table["performance_high"], colors=colors, linewidth=1.7, alpha=0.65)
    ax.vlines(x, table["importance_low"], table["importance_high"], colors=colors, linewidth=1.7, alpha=0.65)
    across = np.column_stack([table["performance_low"], y, table["performance_high"], y])
    upright = np.column_stack([x, table["importance_low"], x, table["importance_high"]])
    return np.vstack([across, upright]).astype(float)


def _cross_hairs(ax: Axes, result: Priorities) -> np.ndarray:
    """Return the two lines that part the quadrants as segments."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    across = [left, result.importance_center, right, result.importance_center]
    upright = [result.performance_center, low, result.performance_center, high]
    return np.array([across, upright])


def _corners(ax: Axes) -> None:
    """Name the quadrants in the corners of the map."""
    for quadrant, (_, (x, y)) in QUADRANTS.items():
        ax.annotate(
            QUADRANT_NAMES[quadrant].text(), (x, y), xycoords="axes fraction", textcoords="offset points",
            xytext=(6 - 12 * x, 6 - 12 * y), ha="right" if x else "left", va="top" if y else "bottom",
            size=BODY + 1, weight="bold", color="#8A8A8A", zorder=1, gid="quadrant",
        )  # fmt: skip


def _finding(result: Priorities, table: pd.DataFrame) -> Sentence:
    wanted = table[(table["quadrant"] == "concentrate here") & table["certain"]]
    if wanted.empty:
        return say("No touchpoint is surely both important and rated below the others")
    wanted = wanted.sort_values("importance", ascending=False, kind="stable")
    names = tuple(result.labels.get(name, name) for name in wanted["touchpoint"])
    return say("Concentrate here: {names:list:4}", names=names)


def _shown(result: Priorities, table: pd.DataFrame) -> Sentence:
    return say(
        "Mean rating against effect per rating point, with {level:percent:0} intervals; lines at the means over "
        "touchpoints. {n} ratings each. Grey and open: the quadrant is not certain. Associations, not causes.",
        result.settings,
        n=rests_on(table["n"]),
    )
