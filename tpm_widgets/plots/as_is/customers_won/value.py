"""Customers by what they are worth and whom they bring: the map of four segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.customers_won.value import ReferralValue
from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_points
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis, upright_label
from tpm_widgets.plots.theme import BODY, DOING, INK, RULE

NAMES = {
    "Champions": say("Champions"),
    "Affluents": say("Affluents"),
    "Advocates": say("Advocates"),
    "Misers": say("Misers"),
}
LARGEST = 1200.0  # area of a mark that stands for all customers, in square points


@draws(ReferralValue, "referral_value")
def plot_referral_value(result: ReferralValue, ax: Axes | None = None) -> Axes:
    """Draw the four segments by their mean lifetime value and their mean referral value, with intervals.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.plot_referral_value(tpm.referral_value(study))
    <Picture: Advocates buy little and bring much: ...>
    """
    ax = canvas(ax)
    shown = result.table.dropna(subset=["clv", "crv"])
    if shown.empty:
        reason = say("No value is known, or every segment is too small to be shown.")
        return nothing_to_draw(ax, say("Customer lifetime value and referral value"), reason)
    x, y = shown["clv"].to_numpy(float), shown["crv"].to_numpy(float)
    ax.axvline(result.cuts["clv"], color=RULE, linewidth=1.6, zorder=1.2, gid="cut")
    ax.axhline(result.cuts["crv"], color=RULE, linewidth=1.6, zorder=1.2, gid="cut")
    ax.hlines(y, shown["clv_low"], shown["clv_high"], color=DOING, linewidth=2.2, zorder=3, gid="clv-intervals")
    ax.vlines(x, shown["crv_low"], shown["crv_high"], color=DOING, linewidth=2.2, zorder=3, gid="crv-intervals")
    ax.scatter(
        x, y, s=LARGEST * shown["share"].to_numpy(float), color=DOING, alpha=0.35, linewidth=0, zorder=2.5, gid="size"
    )
    ax.plot(x, y, linestyle="none", marker="o", markersize=6, color=DOING, zorder=4, gid="estimates")
    _room(ax, shown, result)
    grid(ax, "x", "y")
    number_axis(ax.xaxis, say("What they buy: customer lifetime value (CLV), mean, in the data's currency"))
    number_axis(ax.yaxis, say("Whom they bring: customer referral value (CRV), mean, in the data's currency"))
    upright_label(ax)
    label_points(
        ax,
        x,
        y,
        [_name(row) for row in shown.to_dict("records")],
        [INK] * len(x),
        BODY,
        _lines(ax, shown, result),
        300.0,
    )
    return caption(ax, _finding(result), _shown(result))


def _room(ax: Axes, shown: pd.DataFrame, result: ReferralValue) -> None:
    """Leave room around all means, intervals and the cuts."""
    for bound, low, high, cut in (
        (ax.set_xlim, "clv_low", "clv_high", result.cuts["clv"]),
        (ax.set_ylim, "crv_low", "crv_high", result.cuts["crv"]),
    ):
        mean = low.removesuffix("_low")
        ends = np.append(shown[[low, mean, high]].to_numpy(float).ravel(), cut)
        least, most = np.nanmin(ends), np.nanmax(ends)
        margin = 0.16 * (most - least) or max(abs(most), 1.0)
        bound(least - margin, most + margin)


def _lines(ax: Axes, shown: pd.DataFrame, result: ReferralValue) -> np.ndarray:
    """Return intervals and cuts as segments, those without an interval as points."""
    filled = shown.assign(
        **{name: shown[name].fillna(shown[name[:3]]) for name in ("clv_low", "clv_high", "crv_low", "crv_high")}
    )
    across = filled[["clv_low", "crv", "clv_high", "crv"]].to_numpy(float)
    along = filled[["clv", "crv_low", "clv", "crv_high"]].to_numpy(float)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    clv, crv = result.cuts["clv"], result.cuts["crv"]
    return np.vstack([across, along, [[clv, bottom, clv, top], [left, crv, right, crv]]])


def _name(row: Mapping[Any, Any]) -> str:
    return say(
        "{segment}: {share:percent} of customers",
        segment=NAMES.get(str(row["segment"]), row["segment"]),
        share=row["share"],
    ).text()


def _finding(result: ReferralValue) -> Sentence:
    rows = {row["segment"]: row for row in result.table.to_dict("records")}
    advocates = rows["Advocates"]
    if np.isfinite(advocates["crv_share"]) and advocates["customers"]:
        return say(
            "Advocates buy little and bring much: {share:percent} of the customers, {crv_share:percent} of the "
            "referral value",
            advocates,
        )
    return say("What customers buy and whom they bring: {won} customers were won by others", won=result.won)


def _shown(result: ReferralValue) -> Sentence:
    return say(
        "What customers do: means of each segment with {level:percent:0} intervals (Student), areas by the percent of "
        "the customers; the lines are the cuts, {clv:count} and {crv:count}. n = {n} customers, who won {won}.",
        result.cuts,
        result.settings,
        n=int(result.table["customers"].sum()),
        won=result.won,
    )
