"""The Net Promoter Score: who says that they would recommend."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.score.net_promoter_score import NetPromoterScore
from tpm_widgets.language import Number, Percent, Points, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.findings import Finding, change, spread
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.marks import column, group_courses, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, points_axis, upright_label, zero_line
from tpm_widgets.plots.theme import BODY, CLASS_COLORS, INK, QUIET, SAYING

INTERVAL = ("estimate", "conf_low", "conf_high")


@draws(NetPromoterScore, "net_promoter_score")
def plot_net_promoter_score(result: NetPromoterScore, ax: Axes | None = None) -> Axes:
    """Draw the Net Promoter Score with its interval, over the promoters and detractors that it is made of.

    One row per group, the highest score on top; where the score was split by wave, its course over the waves.
    Groups that were withheld keep their row and say so.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_net_promoter_score(tpm.net_promoter_score(study, by="region"))
    <Picture: Net Promoter Score: highest in ...>
    """
    known = result.table[result.table["estimate"].notna()]
    if known.empty:
        reason = say("No group has enough answers to be shown.")
        return nothing_to_draw(canvas(ax), _what(result), reason)
    if len(result.table["wave"].dropna().unique()) > 1:
        return _course(result, known, canvas(ax))
    if result.yes_no:
        return _shares(result, known, ax)
    return _rows(result, known, ax)


def _rows(result: NetPromoterScore, known: pd.DataFrame, ax: Axes | None) -> Axes:
    table = result.table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    ax, rows = row_axes(ax, [_group(name) for name in table["group"]], row_height=46)
    promoters, detractors = table["promoters"].to_numpy(float), table["detractors"].to_numpy(float)
    bars = rows - 0.14
    for shares, name in ((promoters, "promoter"), (-detractors, "detractor")):
        ax.barh(bars, shares, height=0.42, color=CLASS_COLORS[name], zorder=2, gid=name)
    row_estimates(ax, rows + 0.28, table, INTERVAL, color=SAYING)
    grid(ax, "x")
    zero_line(ax, x=0)
    for row, entry in zip(rows, (entry for _, entry in table.iterrows()), strict=True):
        _numbers(ax, row, entry)
    ax.set_xlim(-known["detractors"].max() - 0.14, max(known["promoters"].max(), known["conf_high"].max()) + 0.16)
    for words, side in ((say("Detractors"), -1), (say("Promoters"), 1)):
        ax.annotate(
            words.text(), (0, 1), xycoords=ax.get_xaxis_transform(), xytext=(8 * side, 3), textcoords="offset points",
            ha="right" if side < 0 else "left", va="bottom", size=BODY, weight="bold",
            color=CLASS_COLORS["detractor"] if side < 0 else "#2E7558",
        )  # fmt: skip
    points_axis(ax.xaxis, say("Points, and percent of the answers"))
    end = column(ax, rows, [Percent(value, 0).text() for value in table["passives"]], say("Passives"))
    column(ax, rows, [_count(value) for value in table["n"]], say("n"), end)
    return caption(ax, _finding(known), _shown(result, known))


def _shares(result: NetPromoterScore, known: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the share of yes of each group with its interval."""
    table = result.table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    ax, rows = row_axes(ax, [_group(name) for name in table["group"]])
    row_estimates(ax, rows, table, INTERVAL, color=SAYING)
    for row in rows[table["estimate"].isna().to_numpy()]:
        ax.text(0.01, row, say("withheld: too few answers").text(), va="center", size=BODY, color=QUIET)
    grid(ax, "x")
    percent_axis(ax.xaxis, say("Share of yes (percent)"))
    end = column(ax, rows, [_percent(value) for value in table["estimate"]], say("Yes"))
    column(ax, rows, [_count(value) for value in table["n"]], say("n"), end)
    return caption(ax, _finding(known, _what(result)), _shown(result, known))


def _percent(value: float) -> str:
    return Percent(value, 0).text()


def _what(result: NetPromoterScore) -> Sentence:
    return say("Share of yes") if result.yes_no else say("Net Promoter Score")


def _numbers(ax: Axes, row: float, entry: pd.Series) -> None:
    """Write the shares beside their bars and the score beside its dot; a withheld group says that it is."""
    if np.isnan(entry["estimate"]):
        ax.text(0.01, row, say("withheld: too few answers").text(), va="center", size=BODY, color=QUIET)
        return
    texts = (
        (entry["promoters"], -0.14, "left", Percent(entry["promoters"], 0), INK, "normal"),
        (-entry["detractors"], -0.14, "right", Percent(entry["detractors"], 0), INK, "normal"),
        (entry["conf_high"], 0.28, "left", Points(entry["estimate"]), SAYING, "bold"),
    )
    for x, shift, side, value, color, weight in texts:
        ax.annotate(
            value.text(), (x, row + shift), xytext=(-6 if side == "right" else 6, 0), textcoords="offset points",
            ha=side, va="center", size=BODY, color=color, weight=weight,
        )  # fmt: skip


def _course(result: NetPromoterScore, known: pd.DataFrame, ax: Axes) -> Axes:
    waves, ends = group_courses(ax, result.table, "wave", INTERVAL, color=SAYING)
    grid(ax, "y")
    if result.yes_no:
        percent_axis(ax.yaxis, say("Share of yes (percent)"))
    else:
        points_axis(ax.yaxis, say("Net Promoter Score (points)"))
    upright_label(ax)
    if len(ends) > 1:
        label_ends(ax, list(ends.values()), [_group(name) for name in ends], SAYING)
    return caption(ax, _change(result, known, waves), _shown(result, known))


def _group(name: object) -> str:
    return say("All answers").text() if name == "all" else str(name)


def _count(value: float) -> str:
    return "–" if np.isnan(value) else Number(value, 0).text()


def _finding(known: pd.DataFrame, what: Sentence | None = None) -> Finding:
    what = what or say("Net Promoter Score")
    if known.empty:
        return say("{what}: every group is withheld", what=what)
    if len(known) == 1 and "yes" in known:
        return say("{what} {estimate:percent} ({conf_interval:percent})", known.iloc[0], what=what)
    if len(known) == 1:
        row = known.iloc[0]
        return say(
            "{what} {estimate:points}: {promoters:percent} promoters less {detractors:percent} detractors",
            row,
            what=what,
        )
    return spread(known, what, Percent if "yes" in known else Points, _group)


def _change(result: NetPromoterScore, known: pd.DataFrame, waves: list[str]) -> Finding:
    if len(known["group"].unique()) > 1:
        latest = known[known["wave"].astype(str) == waves[-1]]
        if result.yes_no:
            return _finding(latest, say("Share of yes in {wave}", wave=waves[-1]))
        return _finding(latest, say("Net Promoter Score in {wave}", wave=waves[-1]))
    return change(known, "wave", _what(result), Percent if result.yes_no else Points)


def _shown(result: NetPromoterScore, known: pd.DataFrame) -> Sentence:
    if result.yes_no:
        return say(
            "What customers say: share of yes, with the {level:percent:0} interval. {n} answers per group shown.",
            result.settings,
            n=rests_on(known["n"]),
        )
    return say(
        "What customers say: promoters less detractors, with the {level:percent:0} interval. {n} answers per group "
        "shown.",
        result.settings,
        n=rests_on(known["n"]),
    )
