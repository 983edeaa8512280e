"""The referral rate: which share of the new customers came because of a recommendation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.customers_won.rate import ReferralRate
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.findings import Finding, change, spread
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.marks import column, group_courses, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.theme import BODY, DOING, QUIET, RULE

INTERVAL = ("estimate", "conf_low", "conf_high")


@draws(ReferralRate, "referral_rate")
def plot_referral_rate(result: ReferralRate, ax: Axes | None = None) -> Axes:
    """Draw the share of new customers won by recommendation, with its interval and what the unknown could change.

    The coloured line is the interval; the wide grey one reaches from the rate if no customer of unknown source was
    recommended to the rate if all of them were. Over time where the rate was split by period, else in rows.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_referral_rate(tpm.referral_rate(study, period="year"))
    <Picture: Referral rate: ...>
    """
    known = result.table[result.table["estimate"].notna()]
    if known.empty:
        reason = say("The source of no new customer is known, or every group is too small to be shown.")
        return nothing_to_draw(canvas(ax), say("Referral rate"), reason)
    if len(result.table["period"].dropna().unique()) > 1:
        return _course(result, known, canvas(ax))
    return _rows(result, known, ax)


def _rows(result: ReferralRate, known: pd.DataFrame, ax: Axes | None) -> Axes:
    table = result.table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    ax, rows = row_axes(ax, [_group(name) for name in table["group"]], row_height=46)
    ax.hlines(rows, table["bound_low"], table["bound_high"], color=RULE, linewidth=11, zorder=2, gid="bounds")
    row_estimates(ax, rows, table, INTERVAL, color=DOING)
    for row, entry in zip(rows, table.to_dict("records"), strict=True):
        if np.isnan(entry["estimate"]):
            ax.text(0, row, say("withheld: too few customers").text(), va="center", size=BODY, color=QUIET)
            continue
        ax.annotate(
            Percent(entry["estimate"]).text(), (entry["estimate"], row), xytext=(0, 9), textcoords="offset points",
            ha="center", va="bottom", size=BODY, weight="bold", color=DOING,
        )  # fmt: skip
    grid(ax, "x")
    ax.set_xlim(0, min(1.02, 1.15 * float(known[["conf_high", "bound_high"]].max().max())))
    percent_axis(ax.xaxis, say("New customers won because of a recommendation (percent)"))
    end = column(ax, rows, [_share(value) for value in table["unknown_share"]], say("Source unknown"))
    column(ax, rows, [Number(value, 0).text() for value in table["n"]], say("New customers"), end)
    return caption(ax, _finding(known), _shown(result))


def _course(result: ReferralRate, known: pd.DataFrame, ax: Axes) -> Axes:
    periods, ends = group_courses(ax, result.table, "period", INTERVAL, color=DOING)
    if len(ends) == 1:  # one row per period, in the order of the axis
        at = np.flatnonzero(result.table["estimate"].notna())
        ax.vlines(at, known["bound_low"], known["bound_high"], color=RULE, linewidth=11, zorder=2, gid="bounds")
    grid(ax, "y")
    ax.set_ylim(0, min(1.02, 1.1 * float(known[["conf_high", "bound_high"]].max().max())))
    percent_axis(ax.yaxis, say("New customers won because of a recommendation (percent)"))
    upright_label(ax)
    if len(ends) > 1:
        label_ends(ax, list(ends.values()), [_group(name) for name in ends], DOING)
    return caption(ax, _change(known, periods), _shown(result))


def _group(name: object) -> str:
    return say("All new customers").text() if name == "all" else str(name)


def _share(value: float) -> str:
    return Percent(value, 0).text()


def _finding(known: pd.DataFrame, what: Sentence | None = None) -> Finding:
    what = what or say("Referral rate")
    if known.empty:
        return say("{what}: every group is withheld", what=what)
    if len(known) == 1:
        return say(
            "{rate:percent} of the new customers came because of a recommendation", rate=known["estimate"].iloc[0]
        )
    return spread(known, what, Percent, _group)


def _change(known: pd.DataFrame, periods: list[str]) -> Finding:
    if len(known["group"].unique()) > 1:
        latest = known[known["period"].astype(str) == periods[-1]]
        return _finding(latest, say("Referral rate in {period}", period=periods[-1]))
    return change(known, "period", say("Referral rate"), Percent)


def _shown(result: ReferralRate) -> Sentence:
    return say(
        "What customers do: share of the new customers whose source is known, with the {level:percent:0} interval "
        "(Wilson); grey: from none to all of the unknown counted as recommended. {n} new customers, the source of "
        "{known} known.",
        result.settings,
        n=int(result.table["n"].sum()),
        known=int(result.table["known"].sum()),
    )
