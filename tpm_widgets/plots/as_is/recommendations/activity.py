"""Recommendations made and customers won by existing customers, in the same time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.recommendations.activity import ReferralActivity
from tpm_widgets.as_is.score.classes import CLASS_WORDS
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.findings import Finding, spread
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis
from tpm_widgets.plots.theme import BODY, DOING, QUIET

APART = 0.2  # of the two marks in a row


@draws(ReferralActivity, "referral_activity")
def plot_referral_activity(result: ReferralActivity, ax: Axes | None = None) -> Axes:
    """Draw recommendations made and customers won per 100 customer-years, each with its interval.

    One row per group, the most active on top; scores stand in their order. Groups that were withheld keep their row
    and say so.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_referral_activity(tpm.referral_activity(study, by="segment"))
    <Picture: Recommendations per 100 customer-years: highest in ...>
    """
    table = result.table
    if table["recommendation_rate"].isna().all():
        reason = say("No customer was observed, or every group is too small to be shown.")
        return nothing_to_draw(canvas(ax), say("Recommendations made and customers won"), reason)
    if result.settings["by"] != "score":
        table = table.sort_values("recommendation_rate", ascending=False, kind="stable", ignore_index=True)
    ax, rows = row_axes(ax, [_group(result, name) for name in table["group"]], row_height=32)
    for name, shift, marker, filled in (("recommendation", -APART, "o", True), ("won", APART, "s", False)):
        columns = (f"{name}_rate", f"{name}_rate_low", f"{name}_rate_high")
        row_estimates(
            ax, rows + shift, table, columns, color=DOING, marker=marker, filled=filled, size=7, gid=f"{name}s"
        )
        _numbers(ax, rows + shift, table[columns[0]].to_numpy(float), table[columns[2]].to_numpy(float))
    for row in rows[table["recommendation_rate"].isna().to_numpy()]:
        ax.text(0, row, say("withheld: too few customers").text(), va="center", size=BODY, color=QUIET)
    grid(ax, "x")
    ax.set_xlim(0, 1.12 * float(table[["recommendation_rate_high", "won_rate_high"]].max().max()))
    number_axis(ax.xaxis, say("Per 100 customer-years"))
    end = column(ax, rows, [_share(value) for value in table["conversion"]], say("Conversion"))
    column(ax, rows, [Number(value, 0).text() for value in table["customers"]], say("Customers"), end)
    return caption(ax, _finding(result, table), _shown(result, table))


def _numbers(ax: Axes, rows: np.ndarray, values: np.ndarray, ends: np.ndarray) -> None:
    """Write each rate behind its interval."""
    for row, value, end in zip(rows, values, ends, strict=True):
        if np.isfinite(value):
            ax.annotate(
                Number(value, 1).text(), (end, row), xytext=(6, 0), textcoords="offset points",
                ha="left", va="center", size=BODY - 1, color=DOING,
            )  # fmt: skip


def _group(result: ReferralActivity, name: object) -> str:
    return say("All customers").text() if name == "all" else str(result.labels.get(str(name), name))


def _share(value: float) -> str:
    return Percent(value).text()


def _finding(result: ReferralActivity, table: pd.DataFrame) -> Finding:
    known = table[table["recommendation_rate"].notna()]
    if len(known) == 1:
        row = known.iloc[0]
        return say(
            "100 customers make {recommendation_rate:number:1} recommendations a year and win {won_rate:number:1} "
            "customers",
            row,
        )
    if result.settings["by"] == "score":  # single scores are few; the classes are the finding
        classes = known[known["group"].isin(list(CLASS_WORDS))]
        known = classes if len(classes) else known
    rates = known[["group", "recommendation_rate", "recommendation_rate_low", "recommendation_rate_high"]]
    return spread(
        rates.set_axis(["group", "estimate", "conf_low", "conf_high"], axis=1),
        say("Recommendations per 100 customer-years"),
        lambda value: Number(value, 1),
        lambda name: _group(result, name),
    )


def _shown(result: ReferralActivity, table: pd.DataFrame) -> Sentence:
    return say(
        "What customers do: recommendations made (dots) and customers won by them (squares) per 100 customer-years, "
        "with {level:percent:0} intervals clustered by customer; conversion: won in percent of the recommendations. "
        "Customers: {n}.",
        result.settings,
        n=rests_on(table.loc[table["recommendation_rate"].notna(), "customers"]),
    )
