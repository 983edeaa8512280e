"""The touchpoint map: what customers experience at each touchpoint, in their own order."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.ties import tied
from tpm_widgets.as_is.touchpoints import TouchpointMap
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, side_panel
from tpm_widgets.plots.scales import number_axis, percent_axis
from tpm_widgets.plots.theme import BODY, EXPERIENCE_COLORS, INK, QUIET, RULE, SMALL

EXPERIENCE_NAMES = {"disappointed": say("disappointed"), "ok": say("OK"), "delighted": say("delighted")}


@draws(TouchpointMap, "touchpoint_map")
def plot_touchpoint_map(result: TouchpointMap, ax: Axes | None = None) -> Axes:
    """Draw every touchpoint in the customer's order: who was disappointed and who delighted, its reach, its rating.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_touchpoint_map(tpm.touchpoint_map(study))
    <Picture: Most often disappointing: ...>
    """
    table = result.table.reset_index(drop=True)
    if table["rating"].isna().all():
        reason = say("No touchpoint has enough ratings to be shown.")
        return nothing_to_draw(canvas(ax), say("Touchpoint map"), reason)
    ax, rows = row_axes(ax, list(table["label"]))
    _experience(ax, rows, table)
    panels = [ax]
    if table["reach"].notna().any():
        panels.append(_reach(ax, rows, table))
    rating = side_panel(ax)
    row_estimates(
        rating, rows, table, ("rating", "rating_low", "rating_high"), color=INK, marker="D", size=7, gid="rating"
    )
    number_axis(rating.xaxis, say("Mean rating (points of its scale)"), ticks=3)
    _phases((*panels, rating), rows, table)
    return caption(ax, _finding(table), _shown(result, table))


def _reach(ax: Axes, rows: np.ndarray, table: pd.DataFrame) -> Axes:
    """Show beside the shares who experienced each touchpoint."""
    reach = side_panel(ax)
    row_estimates(reach, rows, table, ("reach", "reach_low", "reach_high"), color=QUIET, size=7, gid="reach")
    reach.set_xlim(0, 1.03)
    percent_axis(reach.xaxis, say("Experienced by (percent)"), ticks=3)
    return reach


def _experience(ax: Axes, rows: np.ndarray, table: pd.DataFrame) -> None:
    """Stack the three shares of those who rated a touchpoint; wide enough parts hold their number."""
    left = np.zeros(len(table))
    for kind, color in EXPERIENCE_COLORS.items():
        shares = table[kind].to_numpy(float)
        ax.barh(rows, shares, left=left, height=0.76, color=color, gid=kind)
        for row, start, share in zip(rows, left, shares, strict=True):
            if share >= 0.09:
                ink = "white" if kind == "disappointed" else INK
                text = Percent(share, 0).text()
                ax.text(start + share / 2, row, text, ha="center", va="center_baseline", size=SMALL, color=ink)
        left = left + shares
    for row, share in zip(rows, left, strict=True):
        if np.isnan(share):
            ax.text(0.01, row, say("withheld: too few ratings").text(), va="center", size=BODY, color=QUIET)
    ax.set_xlim(0, 1)
    places = {"disappointed": (0.0, "left"), "ok": (0.5, "center"), "delighted": (1.0, "right")}
    inks = {"disappointed": EXPERIENCE_COLORS["disappointed"], "ok": QUIET, "delighted": "#1F7A72"}
    for kind, (x, side) in places.items():
        ax.annotate(
            EXPERIENCE_NAMES[kind].text(), (x, 1), xycoords="axes fraction", xytext=(0, 3), weight="bold",
            textcoords="offset points", ha=side, va="bottom", size=SMALL, color=inks[kind],
        )  # fmt: skip
    percent_axis(ax.xaxis, say("Of those who rated it (percent)"))


def _phases(panels: tuple[Axes, ...], rows: np.ndarray, table: pd.DataFrame) -> None:
    """Part the phases of the journey by lines and name each where it begins."""
    if "phase" not in table or table["phase"].isna().all():
        return
    phases = table["phase"].fillna("").astype(str)
    begins = phases.ne(phases.shift()).to_numpy()
    for row in rows[begins][1:]:
        for panel in panels:
            panel.axhline(row - 0.5, color=RULE, linewidth=1.2, zorder=1)
    column(panels[-1], rows, [name if start else "" for name, start in zip(phases, begins, strict=True)], say("Phase"))


def _finding(table: pd.DataFrame) -> Sentence:
    rated = table[table["rating"].notna()]
    rows = rated.to_dict("records")
    worst, best = tied(rows, "disappointed"), tied(rows, "delighted")
    return say(
        "Most often disappointing: {worst:list} ({disappointed:percent:0}). Most often delighting: {best:list} "
        "({delighted:percent:0}).",
        worst=tuple(row["label"] for row in worst),
        best=tuple(row["label"] for row in best),
        disappointed=worst[0]["disappointed"],
        delighted=best[0]["delighted"],
    )


def _shown(result: TouchpointMap, table: pd.DataFrame) -> Sentence:
    answers = rests_on(table.loc[table["rating"].notna(), "n"])
    if table["reach"].isna().all():
        return say(
            "Touchpoints in the customer's order; {n} ratings each. Dots: mean rating with {level:percent:0} interval. "
            "Whom they reach is not known.",
            result.settings,
            n=answers,
        )
    return say(
        "Touchpoints in the customer's order; {n} ratings each. Dots: reach and mean rating with {level:percent:0} "
        "intervals.",
        result.settings,
        n=answers,
    )
