"""How sure importance is: shares with intervals, the ranks that go with them, and what random predictors get."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, zero_line
from tpm_widgets.plots.theme import BODY, INK, QUIET, UNDECIDED
from tpm_widgets.plots.words import outcome_color, outcome_words
from tpm_widgets.strategy.importance.importance import METHODS
from tpm_widgets.strategy.importance.intervals import NOISE, ImportanceIntervals

INTERVAL = ("importance", "conf_low", "conf_high")


@draws(ImportanceIntervals, "importance_intervals")
def plot_importance_intervals(result: ImportanceIntervals, ax: Axes | None = None) -> Axes:
    """Draw each share of the variance with its interval, the largest on top, and the ranks that it may have.

    A filled dot: more than random predictors get; an open grey one: no more than they may. The upright stroke in a row
    is where 95 % of random predictors stay below.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> tpm.plot_importance_intervals(tpm.importance_intervals(study, replicates=200))
    <Picture: ... among the three most important for ... in ... of the resamples ...>
    """
    name = result.table.columns[0]
    table = result.table.merge(result.noise[[name, "random_high", "p_value"]], on=name)
    table = table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)
    if table["importance"].isna().all():
        reason = say("No importance could be estimated.")
        return nothing_to_draw(canvas(ax), say("How sure importance is"), reason)
    names = [str(result.labels.get(own, own)) for own in table[name]]
    ax, rows = row_axes(ax, names)
    known = table["importance"].notna()
    told = known & (table["p_value"] <= NOISE)
    row_estimates(ax, rows[told], table[told], INTERVAL, color=outcome_color(result.outcome), gid="told")
    row_estimates(ax, rows[known & ~told], table[known & ~told], INTERVAL, color=UNDECIDED, filled=False, gid="noise")
    random = table["random_high"].to_numpy(float)
    ax.vlines(random, rows - 0.32, rows + 0.32, color=INK, linewidth=1.4, zorder=2, gid="random")
    for row in rows[~known]:
        ax.text(0, row, say(" could not be estimated").text(), va="center", size=BODY, color=QUIET)
    grid(ax, "x")
    least = min(0.0, 1.06 * float(np.nanmin(table["conf_low"])))  # only Pratt's measure goes below 0
    ax.set_xlim(least, 1.06 * float(np.nanmax(table[["conf_high", "random_high"]])))
    if least < 0:
        zero_line(ax, x=0)
    method = METHODS[result.settings["method"]]
    percent_axis(ax.xaxis, say("Importance (percent of the variance, {method})", method=method))
    offset = column(ax, rows, [_ranks(row) for _, row in table.iterrows()], say("Rank"))
    if result.settings["how"] == "bootstrap":
        column(ax, rows, [Percent(share, 0).text() for share in table["top"]], say("First three"), offset)
    return caption(ax, _finding(result, table, names), _shown(result, int((known & ~told).sum())))


def _ranks(row: pd.Series) -> str:
    if pd.isna(row["rank_low"]):
        return "–"
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return str(low) if low == high else f"{low}–{high}"


def _finding(result: ImportanceIntervals, table: pd.DataFrame, names: list[str]) -> Sentence:
    outcome = outcome_words(result.outcome)
    if len(names) == 1:
        return say(
            "{name} alone explains {share:percent} of {outcome}",
            name=names[0],
            outcome=outcome,
            share=table["importance"][0],
        )
    if result.settings["how"] == "bootstrap":
        return say(
            "{name} is among the three most important for {outcome} in {top:percent:0} of the resamples",
            name=names[0],
            outcome=outcome,
            top=table["top"][0],
        )
    if table["rank_high"][0] == 1:
        return say("{name} surely explains most of {outcome}", name=names[0], outcome=outcome)
    return say(
        "{name} explains most of {outcome}, but its rank may be {rank} as well",
        name=names[0],
        outcome=outcome,
        rank=int(table["rank_high"][0]),
    )


def _shown(result: ImportanceIntervals, quiet: int) -> Sentence:
    values = {"n": int(result.n), "count": quiet}
    if result.settings["how"] == "bootstrap":
        return say(
            "Importance with {level:percent:0} intervals from {replicates:count} resamples, n = {n}. Upright strokes: "
            "{level:percent:0} of random predictors stay below. Grey and open: not told from random ones ({count}).",
            result.settings,
            **values,
        )
    return say(
        "Importance with {level:percent:0} intervals by the influence function, n = {n}. Upright strokes: "
        "{level:percent:0} of random predictors stay below. Grey and open: not told from random ones ({count}).",
        result.settings,
        **values,
    )
