"""Saying against doing: each touchpoint by what it goes with, on one pair of axes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import Names, Number, Percent, Sentence, say, say_n
from tpm_widgets.plots.labels import label_points
from tpm_widgets.plots.picture import canvas, caption, check_result, nothing_to_draw
from tpm_widgets.plots.scales import grid, lift, points_axis, upright_label, zero_line
from tpm_widgets.plots.theme import BAND, BODY, DOING, INK, QUIET, SAYING, UNDECIDED
from tpm_widgets.strategy.compare import DriverComparison

# verdict → marker, fill, edge and colour of the name
LOOKS = {
    "both": ("D", INK, INK, INK),
    "talk only": ("o", SAYING, SAYING, SAYING),
    "deeds only": ("^", DOING, DOING, "#B34700"),
    "neither": ("s", "white", QUIET, QUIET),
    "undecided": ("X", UNDECIDED, UNDECIDED, "#767676"),
}


LIST_NAMES = {
    "both": say("saying and doing"),
    "talk only": say("saying only"),
    "deeds only": say("doing only"),
    "neither": say("neither"),
    "undecided": say("undecided"),
}


def plot_driver_comparison(result: DriverComparison, ax: Axes | None = None) -> Axes:
    """Draw which touchpoints go with what customers say, and which with what they do.

    To the right the average change in the chance of a promoter per rating point, upwards that of a customer who
    recommends; both with their intervals. The grey bands hold what is too small to matter. Colour, marker and name
    tell the five lists apart.

    Parameters
    ----------
    result : DriverComparison
        From ``compare_drivers``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; as the last line of a notebook's cell they show themselves.

    Raises
    ------
    TypeError
        Where ``result`` is anything else, such as the study.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_driver_comparison(tpm.compare_drivers(study, replicates=20))
    <Picture: ...>
    """
    check_result(result, DriverComparison, "compare_drivers")
    ax = canvas(ax)
    table = result.table[result.table[["say_estimate", "do_estimate"]].notna().all(axis=1)]
    if table.empty:
        return nothing_to_draw(ax, say("Saying against doing"), say("No touchpoint has an estimate for both."))
    _bands(ax, *result.settings["negligible"])
    lines = _intervals(ax, table)
    for verdict, (marker, fill, edge, _) in LOOKS.items():
        rows = table[table["verdict"] == verdict]
        label = say("{list} ({count})", list=LIST_NAMES[verdict], count=len(rows))
        ax.plot(
            rows["say_estimate"], rows["do_estimate"], linestyle="none", marker=marker, markersize=10.5,
            markerfacecolor=fill, markeredgecolor="white" if fill == edge else edge, markeredgewidth=1.6,
            zorder=5, label=label.text(), gid=verdict,
        )  # fmt: skip
    points_axis(ax.xaxis, say("SAYING: change in the share of promoters per rating point (percentage points)"))
    points_axis(ax.yaxis, say("DOING: change in the share who recommend (percentage points)"))
    ax.xaxis.label.set(color=SAYING, weight="bold")
    ax.yaxis.label.set(color=DOING, weight="bold")
    upright_label(ax)
    ax.margins(0.1, 0.1)
    key = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + lift(ax, 22), ncols=5, frameon=False,
        fontsize=BODY, handletextpad=0.1, columnspacing=1.4, borderpad=0.1, borderaxespad=0.2,
        labelcolor=[look[3] for look in LOOKS.values()],
    )  # fmt: skip
    key.set_gid("lists")
    caption(ax, _finding(result), _shown(result, table))
    names = [result.labels.get(name, name) for name in table["touchpoint"]]
    colors = [LOOKS[verdict][3] for verdict in table["verdict"]]
    x, y = table["say_estimate"].to_numpy(float), table["do_estimate"].to_numpy(float)
    label_points(ax, x, y, names, colors, BODY if len(names) <= 12 else BODY - 1, lines)
    return ax


def _bands(ax: Axes, say_negligible: float, do_negligible: float) -> None:
    """Shade what is too small to matter, for saying upright and for doing across."""
    ax.axvspan(-say_negligible, say_negligible, color=BAND, zorder=0, linewidth=0, gid="negligible-say")
    ax.axhspan(-do_negligible, do_negligible, color=BAND, zorder=0, linewidth=0, gid="negligible-do")
    zero_line(ax, x=0, y=0)
    grid(ax, "x", "y")


def _intervals(ax: Axes, table: pd.DataFrame) -> np.ndarray:
    """Draw both intervals of every touchpoint, grey where that side is undecided; return them as segments."""
    x, y = table["say_estimate"].to_numpy(float), table["do_estimate"].to_numpy(float)
    across = np.column_stack([table["say_low"], y, table["say_high"], y]).astype(float)
    upright = np.column_stack([x, table["do_low"], x, table["do_high"]]).astype(float)
    say_colors = [UNDECIDED if verdict == "undecided" else SAYING for verdict in table["say_verdict"]]
    do_colors = [UNDECIDED if verdict == "undecided" else DOING for verdict in table["do_verdict"]]
    ax.hlines(y, across[:, 0], across[:, 2], colors=say_colors, linewidth=1.7, alpha=0.65, zorder=3, gid="say")
    ax.vlines(x, upright[:, 1], upright[:, 3], colors=do_colors, linewidth=1.7, alpha=0.65, zorder=3, gid="do")
    return np.vstack([across, upright])


def _finding(result: DriverComparison) -> tuple[Sentence, ...]:
    lists = {verdict: tuple(result.labels.get(n, n) for n in names) for verdict, names in result.lists.items()}
    templates = {
        "both": lambda names: say("Saying and doing both go with {names}.", names=names),
        "talk only": lambda names: say("Only saying goes with {names}.", names=names),
        "deeds only": lambda names: say("Only doing goes with {names}.", names=names),
    }
    found = tuple(make(Names(lists[key], most=4)) for key, make in templates.items() if lists.get(key))
    if found:
        return found
    if lists.get("undecided"):
        count = len(lists["undecided"])
        return (
            say_n(
                "No touchpoint is shown to go with saying or doing; {count} is undecided.",
                "No touchpoint is shown to go with saying or doing; {count} are undecided.",
                count,
            ),
        )
    return (say("No touchpoint goes with saying or doing by more than matters."),)


def _shown(result: DriverComparison, table: pd.DataFrame) -> Sentence:
    say_negligible, do_negligible = result.settings["negligible"]
    return say(
        "Average change per rating point, all touchpoints in one model. Lines: {level} intervals (Holm, {count} tests "
        "each); grey bands: too small to matter (±{small_say} and ±{small_do} points; judged by {inner} intervals, "
        "which are shorter). {n} linked answers, {events} of them with a recommendation. Associations, not causes.",
        inner=Percent(2 * result.settings["level"] - 1, 0),  # two one-sided tests: the level of equivalence
        level=Percent(result.settings["level"], 0),
        count=len(table),
        small_say=_plain(say_negligible),
        small_do=_plain(do_negligible),
        n=int(result.doing.n),
        events=int(result.doing.events or 0),
    )


def _plain(delta: float) -> Number:
    return Number(delta * 100, 0 if round(delta * 100, 6) == round(delta * 100) else 1)
