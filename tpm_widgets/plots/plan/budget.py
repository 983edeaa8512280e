"""Over- and underspend: each touchpoint's part of the budget beside its part of the importance."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.ties import tied
from tpm_widgets.language import Number, Points, Sentence, say
from tpm_widgets.plan.budget import SpendGap
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, row_axes
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis
from tpm_widgets.plots.theme import BODY, INK, QUIET
from tpm_widgets.plots.words import outcome_color, outcome_words


@draws(SpendGap, "spend_gap")
def plot_spend_gap(result: SpendGap, ax: Axes | None = None) -> Axes:
    """Draw for each touchpoint its share of the spend and its share of the importance; the largest overspend on top.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_spend_gap(tpm.spend_gap(study))
    <Picture: Most above its weight: ...>
    """
    order = result.table.assign(apart=result.table["spend_share"] - result.table["importance_share"])
    table = order.sort_values("apart", ascending=False, kind="stable", ignore_index=True)
    compared = table[table["apart"].notna()]
    if compared.empty:
        reason = say("No touchpoint has both a spend and an importance.")
        return nothing_to_draw(canvas(ax), say("Spend against importance"), reason)
    ax, rows = row_axes(ax, [result.labels.get(name, name) for name in table["touchpoint"]])
    color = outcome_color(result.settings["outcome"])
    ax.hlines(rows, table["importance_share"], table["spend_share"], color=QUIET, linewidth=2.2, zorder=2, gid="gap")
    for name, marker, fill in (("spend_share", "s", INK), ("importance_share", "o", color)):
        ax.plot(table[name], rows, linestyle="none", marker=marker, markersize=9, color=fill, zorder=4, gid=name)
    for row in rows[table["apart"].isna()]:
        ax.text(0.002, row, say("not compared").text(), va="center", size=BODY, color=QUIET)
    _key(ax, color)
    grid(ax, "x")
    most = float(compared[["spend_share", "importance_share"]].max().max())
    ax.set_xlim(-0.015 * most, 1.06 * most)
    percent_axis(ax.xaxis, say("Share of all spend, share of all importance (percent)"))
    end = column(ax, rows, [_gap(value) for value in table["gap"]], say("Gap (points)"))
    column(ax, rows, [_shift(value) for value in table["shift"]], say("Shift (currency)"), end)
    return caption(ax, _finding(result, compared), _shown(result, compared))


def _key(ax: Axes, color: str) -> None:
    """Tell the two marks apart, over the rows."""
    for words, ink, side in ((say("■ spend"), INK, "left"), (say("● importance"), color, "right")):
        ax.annotate(
            words.text(), (0 if side == "left" else 1, 1), xycoords="axes fraction", xytext=(0, 3),
            textcoords="offset points", ha=side, va="bottom", size=BODY, weight="bold", color=ink,
        )  # fmt: skip


def _gap(value: float) -> str:
    return Points(value).text()


def _shift(value: float) -> str:
    return Number(value, 0, signed=True).text()


def _finding(result: SpendGap, compared: pd.DataFrame) -> Sentence:
    over, under = (compared[compared["verdict"] == verdict] for verdict in ("overspent", "underspent"))
    if over.empty or under.empty:
        return result.sentences()[0]
    most, least = tied(over.to_dict("records"), "gap"), tied(under.to_dict("records"), "gap", lowest=True)
    return say(
        "Most above its weight: {over:list} ({over_gap:points} points of the budget). Most below: {under:list} "
        "({under_gap:points}).",
        over=tuple(result.labels.get(row["touchpoint"], row["touchpoint"]) for row in most),
        over_gap=most[0]["gap"],
        under=tuple(result.labels.get(row["touchpoint"], row["touchpoint"]) for row in least),
        under_gap=least[0]["gap"],
    )


def _shown(result: SpendGap, compared: pd.DataFrame) -> Sentence:
    return say(
        "Budget {budget:count} on {count} touchpoints; importance for {outcome} (LMG, {n:count} answers). Gap: share "
        "of the spend less share of the importance. A pointer, not an order: importance is an association.",
        result.settings,
        budget=result.budget,
        count=len(compared),
        outcome=outcome_words(result.settings["outcome"]),
    )
