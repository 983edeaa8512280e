"""Measures in the order in which to begin, with what they promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import Number, Points, Sentence, say, say_n
from tpm_widgets.plan.actions import ActionRanking
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, row_axes, row_estimates
from tpm_widgets.plots.metrics import metric_color
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, points_axis, zero_line

INTERVAL = ("effect", "effect_low", "effect_high")


@draws(ActionRanking, "rank_actions")
def plot_actions(result: ActionRanking, ax: Axes | None = None) -> Axes:
    """Draw the open measures in their order: what each would change, if causal, and what it takes.

    Quick wins are filled and stand on top with a star.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_actions(tpm.rank_actions(study))
    <Picture: ...>
    """
    table = result.table.reset_index(drop=True)
    if table.empty or table["effect"].isna().all():
        return nothing_to_draw(canvas(ax), say("Measures"), say("There is no open measure to be ranked."))
    names = [f"{'★ ' if entry['quick_win'] else ''}{entry['action']}" for entry in table.to_dict("records")]
    ax, rows = row_axes(ax, names)
    metric = result.settings["metric"]
    quick = table["quick_win"].to_numpy(bool)
    for chosen, marker, size, kind in ((quick, "*", 14.0, "quick"), (~quick, "o", 8.5, "other")):
        row_estimates(
            ax, rows[chosen], table[chosen], INTERVAL, color=metric_color(metric), marker=marker,
            filled=kind == "quick", size=size, gid=kind,
        )  # fmt: skip
    grid(ax, "x")
    zero_line(ax, x=0)
    points_axis(ax.xaxis, _unit(metric))
    _columns(ax, rows, table, metric)
    return caption(ax, _finding(table), _shown(result, table))


def _unit(metric: str) -> Sentence:
    if metric == "nps":
        return say("Change of the Net Promoter Score, if causal (points)")
    if metric == "yes":
        return say("Change of the share of yes, if causal (percentage points)")
    return say("Change of the referral rate, if causal (percentage points)")


def _columns(ax: Axes, rows: np.ndarray, table: pd.DataFrame, metric: str) -> None:
    """Write beside each measure what it would do for the other figure, and what it takes."""
    other, heading = ("nps_effect", say("NPS")) if metric == "referral_rate" else ("rate_effect", say("Referral rate"))
    if other == "nps_effect" and "yes_effect" in table:
        other, heading = "yes_effect", say("Yes")
    end = 10.0
    if other in table and table[other].notna().any():
        end = column(ax, rows, [Points(value).text() for value in table[other]], heading, end)
    for name, words in (("cost", say("Cost")), ("effort", say("Effort")), ("time_to_effect", say("Time"))):
        if name in table and table[name].notna().any():
            end = column(ax, rows, [Number(value, 0).text() for value in table[name]], words, end)


def _finding(table: pd.DataFrame) -> Sentence:
    quick = int(table["quick_win"].sum())
    if not quick:
        return say("No quick win; first comes: {action}", action=table["action"].iloc[0])
    return say_n(
        "One quick win to begin with: {action}",
        "{count} quick wins to begin with, first: {action}",
        quick,
        action=table["action"].iloc[0],
    )


def _shown(result: ActionRanking, table: pd.DataFrame) -> Sentence:
    return say(
        "{count} open measures in their order, ★ and filled: quick wins. Expected change of the figure times the "
        "chance of success, with {level:percent:0} intervals, from {n:count} answers. Associations, not causes.",
        result.settings,
        count=len(table),
    )
