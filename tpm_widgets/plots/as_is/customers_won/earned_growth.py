"""Earned growth: what customers and their recommendations add to revenue, and what is bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.customers_won.earned_growth import EarnedGrowth
from tpm_widgets.language import Points, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import course, row_axes, row_estimates, time_axis
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, points_axis, upright_label, zero_line
from tpm_widgets.plots.theme import BODY, DOING, INK, QUIET, RULE

INTERVAL = ("estimate", "conf_low", "conf_high")
EARNED, BOUGHT, UNKNOWN = DOING, "#8C8C8C", RULE
STEPS = (
    ("retained", say("Customers from before"), EARNED),
    ("earned_new", say("New, recommended"), EARNED),
    ("unknown_new", say("New, source unknown"), UNKNOWN),
    ("bought_new", say("New, otherwise"), BOUGHT),
    ("returned", say("Returned after a pause"), BOUGHT),
)


@draws(EarnedGrowth, "earned_growth")
def plot_earned_growth(result: EarnedGrowth, ax: Axes | None = None) -> Axes:
    """Draw what the growth of revenue is made of; over several periods, the earned growth of each.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.plot_earned_growth(tpm.earned_growth(study))
    <Picture: Earned growth from 2023 to 2024: ...>
    """
    known = result.table[result.table["growth"].notna()]
    if known.empty:
        reason = say("Growth needs the revenue of two periods, one after the other.")
        return nothing_to_draw(canvas(ax), say("Earned growth"), reason)
    return _waterfall(result, known, ax) if len(known) == 1 else _course(result, known, canvas(ax))


def _waterfall(result: EarnedGrowth, known: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw step by step from no growth to the whole growth, and below it what of it was earned."""
    (row,) = known.to_dict("records")
    steps = [
        (name, color, row[part] - (part == "retained"))
        for part, name, color in STEPS
        if part != "returned" or row[part]
    ]
    names = [name.text() for name, _, _ in steps] + [say("Whole growth").text(), say("Earned growth").text()]
    ax, rows = row_axes(ax, names, row_height=40)
    sizes = np.array([size for _, _, size in steps])
    starts = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    for place, (_, color, size), start in zip(rows, steps, starts, strict=False):
        ax.barh(place, size, left=start, height=0.56, color=color, zorder=3, gid="step")
        _value(ax, max(start, start + size), place, size)
    whole, earned = rows[-2], rows[-1]
    ax.barh(whole, row["growth"], height=0.56, color=INK, zorder=3, gid="growth")
    _value(ax, max(row["growth"], 0.0), whole, row["growth"])
    ax.hlines(earned, row["bound_low"], row["bound_high"], color=RULE, linewidth=11, zorder=2, gid="bounds")
    row_estimates(ax, rows[-1:], known, INTERVAL, color=DOING)
    _value(ax, np.nanmax([row["conf_high"], row["bound_high"]]), earned, row["estimate"])
    zero_line(ax, x=0)
    ends = np.concatenate(
        [starts, starts + sizes, [row[name] for name in ("conf_low", "conf_high", "bound_high", "growth")]]
    )
    low, high = min(np.nanmin(ends), 0.0), max(np.nanmax(ends), 0.0)
    span = (high - low) or 0.01
    ax.set_xlim(low - 0.04 * span, high + 0.14 * span)
    grid(ax, "x")
    points_axis(ax.xaxis, say("Points of the revenue before (of 100)"))
    return caption(ax, _finding(row), _shown(result, row))


def _value(ax: Axes, x: float, y: float, value: float) -> None:
    if np.isfinite(value):
        ax.annotate(
            Points(value).text(), (x, y), xytext=(6, 0), textcoords="offset points", ha="left", va="center", size=BODY,
            color=INK, gid="value",
        )  # fmt: skip


def _course(result: EarnedGrowth, known: pd.DataFrame, ax: Axes) -> Axes:
    places = time_axis(ax, [str(name) for name in known["period"]])
    ax.bar(places, known["growth"], width=0.5, color=RULE, zorder=1.8, gid="growth")
    ax.vlines(
        places, known["bound_low"], known["bound_high"], color=QUIET, linewidth=9, alpha=0.35, zorder=2.2, gid="bounds"
    )
    course(ax, places, known, INTERVAL, color=DOING)
    zero_line(ax, y=0)
    grid(ax, "y")
    points_axis(ax.yaxis, say("Growth against the period before (points of its revenue)"))
    upright_label(ax)
    ax.set_xlabel(say("Period").text())
    row = known.iloc[-1].to_dict()
    return caption(ax, _finding(row), _shown(result, row))


def _finding(row: Mapping[Any, Any]) -> Sentence:
    if not np.isfinite(row["estimate"]):
        return say(
            "Earned growth from {previous} to {period}: between {bound_low:points} and {bound_high:points} points", row
        )
    return say("Earned growth from {previous} to {period}: {estimate:points} points of {growth:points}", row)


def _shown(result: EarnedGrowth, row: Mapping[Any, Any]) -> Sentence:
    return say(
        "What customers do: dots are earned growth (retained revenue and recommended new customers, less 100) with "
        "{level:percent:0} intervals by bootstrap of customers, the wide line what unknown sources could change; bars "
        "are the growth of revenue. n = {n} customers.",
        result.settings,
        n=int(row["n"]),
    )
