"""Drivers of one outcome: each touchpoint's effect with its interval, and its importance beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.deeds.undated import UNDATED
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, side_panel
from tpm_widgets.plots.scales import grid, percent_axis, points_axis, signed_axis, zero_line
from tpm_widgets.plots.theme import BODY, QUIET, SMALL, UNDECIDED
from tpm_widgets.plots.words import effect, effect_unit, in_percent, outcome_color, outcome_words
from tpm_widgets.strategy.drivers.chance import told_chance
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.of_table import FrameDrivers
from tpm_widgets.strategy.drivers.outcomes import COUNTED
from tpm_widgets.strategy.drivers.result import Drivers
from tpm_widgets.strategy.drivers.words import POLICIES

INTERVAL = ("estimate", "conf_low", "conf_high")


@draws(DriverRegression, "driver_regression", FrameDrivers)
def plot_drivers(result: Drivers, ax: Axes | None = None) -> Axes:
    """Draw what one rating point more goes with at each touchpoint, and how much of the whole each explains.

    The most important touchpoint stands on top. A filled dot: the interval excludes 0; an open grey one: it does not.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_drivers(tpm.driver_regression(study))
    <Picture: ... goes most with the willingness to recommend: ... points per rating point ...>
    """
    table = result.effects.merge(result.table[["touchpoint", "importance_rating"]], on="touchpoint")
    table = table.sort_values("importance_rating", ascending=False, kind="stable", ignore_index=True)
    if table["estimate"].isna().all():
        reason = say("No touchpoint's effect could be estimated.")
        return nothing_to_draw(canvas(ax), say("Drivers of {outcome}", outcome=outcome_words(result.outcome)), reason)
    ax, rows = row_axes(ax, [result.labels.get(name, name) for name in table["touchpoint"]])
    shown = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    color = outcome_color(result.outcome)
    row_estimates(ax, rows[shown], table[shown], INTERVAL, color=color, gid="shown")
    open_rows = ~shown & table["estimate"].notna()
    row_estimates(ax, rows[open_rows], table[open_rows], INTERVAL, color=UNDECIDED, filled=False, gid="undecided")
    for row in rows[table["estimate"].isna()]:
        ax.text(0, row, say(" could not be estimated").text(), va="center", size=BODY, color=QUIET)
    grid(ax, "x")
    zero_line(ax, x=0)
    axis = points_axis if in_percent(result.outcome) else signed_axis
    axis(ax.xaxis, effect_unit(result.outcome))
    _importance(side_panel(ax, 2.2), rows, table["importance_rating"].to_numpy(float), color)
    chance = told_chance(result.r_squared, result.n, result.coefficients)
    return caption(ax, _finding(result, table, shown), (_shown(result, shown), *chance))


def _importance(panel: Axes, rows: np.ndarray, importance: np.ndarray, color: str) -> None:
    """Draw the part of R² that goes with each touchpoint's ratings, with its number."""
    panel.barh(rows, importance, height=0.55, color=color, alpha=0.35, gid="importance")
    for row, share in zip(rows, importance, strict=True):
        if np.isfinite(share):
            panel.annotate(
                Percent(share).text(), (share, row), xytext=(4, 0), textcoords="offset points", va="center", size=SMALL
            )
    panel.set_xlim(0, 1.32 * max(float(np.nanmax(importance, initial=0)), 0.001))
    percent_axis(panel.xaxis, say("Importance of ratings (percent of the variance, LMG)"), ticks=3)


def _finding(result: Drivers, table: pd.DataFrame, shown: pd.Series) -> Sentence:
    words = outcome_words(result.outcome)
    if not shown.any():
        return say("No touchpoint is shown to go with {outcome}", outcome=words)
    first = table[shown].iloc[0]
    values = {
        "touchpoint": result.labels.get(first["touchpoint"], first["touchpoint"]),
        "outcome": words,
        "change": effect(result.outcome, first["estimate"]),
    }
    if result.outcome in UNDATED and result.outcome in COUNTED:
        return say("{touchpoint} goes most with {outcome}: {change} per 100 customers and rating point", **values)
    if result.outcome in COUNTED:
        return say("{touchpoint} goes most with {outcome}: {change} per 100 customer-years and rating point", **values)
    return say("{touchpoint} goes most with {outcome}: {change} points per rating point", **values)


def _shown(result: Drivers, shown: pd.Series) -> Sentence:
    values = {
        "n": int(result.n),
        "count": int((~shown).sum()),
        "r_squared": result.r_squared,
        "policy": POLICIES[result.missing],
    }
    if result.events is None:
        return say(
            "All touchpoints in one model of {n} answers ({policy}), which explains {r_squared:percent:0} of the "
            "variance; {level:percent:0} intervals. Grey and open: not told from 0 ({count}). Associations, not "
            "causes.",
            result.settings,
            **values,
        )
    if result.outcome in COUNTED:
        return say(
            "All touchpoints in one model of {n} answers ({policy}) and {events} events, which explains "
            "{r_squared:percent:0} of the variance; {level:percent:0} intervals. Grey and open: not told from 0 "
            "({count}). Associations, not causes.",
            result.settings,
            events=int(result.events),
            **values,
        )
    return say(
        "All touchpoints in one model of {n} answers ({policy}), {events} of them with the outcome, which explains "
        "{r_squared:percent:0} of the variance; {level:percent:0} intervals. Grey and open: not told from 0 ({count}). "
        "Associations, not causes.",
        result.settings,
        events=int(result.events),
        **values,
    )
