"""The control chart: which periods are more than the ups and downs of samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.control.charts import ControlChart
from tpm_widgets.control.metrics import metric_words, quantity
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.marks import rests_on, time_axis
from tpm_widgets.plots.metrics import level_axis, metric_color
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, upright_label
from tpm_widgets.plots.theme import BAND, BODY, INK, QUIET


@draws(ControlChart, "control_chart")
def plot_control_chart(result: ControlChart, ax: Axes | None = None) -> Axes:
    """Draw a figure over time between the limits that chance respects.

    Open dots are the baseline; a large diamond with its name lies outside the limits.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_control_chart(tpm.control_chart(study))
    <Picture: Net Promoter Score: ...>
    """
    ax = canvas(ax)
    table = result.table.reset_index(drop=True)
    if table["estimate"].isna().all():
        reason = say("No period has enough answers to be shown.")
        return nothing_to_draw(ax, say("Control chart"), reason)
    color = metric_color(result.metric)
    places = time_axis(ax, list(table["period"]))
    _limits(ax, places, table)
    ax.plot(places, table["estimate"], color=color, linewidth=1.8, zorder=3, gid="course")
    signal, baseline = table["signal"].to_numpy(bool), table["baseline"].to_numpy(bool)
    for chosen, marker, size, fill, name in (
        (baseline & ~signal, "o", 8, "white", "baseline"),
        (~baseline & ~signal, "o", 8, color, "later"),
        (signal, "D", 12, INK, "signal"),
    ):
        ax.plot(
            places[chosen], table["estimate"][chosen], linestyle="none", marker=marker, markersize=size, zorder=5,
            markerfacecolor=fill, markeredgecolor=color, markeredgewidth=1.8, gid=name,
        )  # fmt: skip
    _name_signals(ax, places, table, result.metric)
    grid(ax, "y")
    level_axis(ax.yaxis, result.metric)
    upright_label(ax)
    _name_lines(ax, table, result.metric)
    return caption(ax, _finding(result), _shown(result, table))


def _limits(ax: Axes, places: np.ndarray, table: pd.DataFrame) -> None:
    """Shade what lies within the limits, in steps because each period has its own number of answers."""
    known = table["lower"].notna().to_numpy()
    edges = np.column_stack([places[known] - 0.5, places[known] + 0.5]).ravel()
    lower, upper = (np.repeat(table[name].to_numpy(float)[known], 2) for name in ("lower", "upper"))
    ax.fill_between(edges, lower, upper, color=BAND, zorder=0, linewidth=0, gid="limits")
    for name, values in (("lower", lower), ("upper", upper)):
        ax.plot(edges, values, color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1, gid=name)
    ax.plot(places, table["center"], color=INK, linewidth=1.2, zorder=1, gid="center")


def _name_signals(ax: Axes, places: np.ndarray, table: pd.DataFrame, metric: str) -> None:
    for place, (_, entry) in zip(places, table.iterrows(), strict=True):
        if entry["signal"]:
            above = entry["estimate"] > entry["upper"]
            ax.annotate(
                quantity(metric, entry["estimate"]).text(), (place, entry["estimate"]), textcoords="offset points",
                xytext=(0, 10 if above else -10), ha="center", va="bottom" if above else "top", size=BODY, color=INK,
                weight="bold", gid="signal-name",
            )  # fmt: skip
    ax.margins(y=0.12)


def _name_lines(ax: Axes, table: pd.DataFrame, metric: str) -> None:
    """Name the three lines at their right ends."""
    last = table[table["lower"].notna()].iloc[-1]
    lines = (("upper", say("upper limit")), ("center", say("usual")), ("lower", say("lower limit")))
    words = [say("{line} {value}", line=line, value=quantity(metric, last[name])).text() for name, line in lines]
    label_ends(ax, [float(last[name]) for name, _ in lines], words, QUIET, BODY - 1)


def _finding(result: ControlChart) -> Sentence:
    signals = result.table[result.table["signal"]]
    known = result.table["estimate"].notna()
    if signals.empty:
        return say_n(
            "{metric}: the only period lies within its limits",
            "{metric}: all {count} periods lie within their limits; no change is shown",
            int(known.sum()),
            metric=metric_words(result.metric),
        )
    return say_n(
        "{metric}: {count} of {all} periods lies outside its limits: {periods:list:4}",
        "{metric}: {count} of {all} periods lie outside their limits: {periods:list:4}",
        len(signals),
        metric=metric_words(result.metric),
        all=int(known.sum()),
        periods=tuple(map(str, signals["period"])),
    )


def _shown(result: ControlChart, table: pd.DataFrame) -> Sentence:
    return say(
        "Open: the {count} periods of the baseline, which give the usual level and the limits, 3 standard errors off; "
        "chance alone leaves them once in {run} periods. {n} per period.",
        count=int(table["baseline"].sum()),
        run=round(result.run_length) if np.isfinite(result.run_length) else "–",
        n=rests_on(table.loc[table["estimate"].notna(), "n"]),
    )
