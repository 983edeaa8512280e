"""Do groups that would rather recommend us do so? What was said across, what was done upward."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.say_do.cells import MEASURE
from tpm_widgets.as_is.say_do.groups import SayDoGroups
from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_points
from tpm_widgets.plots.marks import rests_on
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis, percent_axis, points_axis, upright_label
from tpm_widgets.plots.theme import BODY, DOING, INK, SAYING, SMALL

MOST_NAMED, EDGES = 18, 6  # of more groups than fit only so many are named, those at the edges


@draws(SayDoGroups, "say_do_groups")
def plot_say_do_groups(result: SayDoGroups, ax: Axes | None = None) -> Axes:
    """Draw each group's score against what its customers did, both with their intervals.

    The score's interval lies in blue, the deeds' stands in vermilion; every group is named beside its point, of more
    than 18 those at the edges.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_say_do_groups(tpm.say_do_groups(study, by="wave"))
    <Picture: ... groups...>
    """
    ax = canvas(ax)
    measure = MEASURE[result.deeds[0]]
    known = result.table.dropna(subset=["score", measure])
    if known.empty:
        reason = say("No group has both enough answers and observed deeds to be shown.")
        return nothing_to_draw(ax, say("Saying and doing, group by group"), reason)
    x, y = known["score"].to_numpy(float), known[measure].to_numpy(float)
    left, right, low, high = (
        known[name].to_numpy(float) for name in ("score_low", "score_high", f"{measure}_low", f"{measure}_high")
    )
    ax.hlines(y, left, right, color=SAYING, linewidth=1.8, alpha=0.7, zorder=2, gid="said-intervals")
    ax.vlines(x, low, high, color=DOING, linewidth=1.8, alpha=0.7, zorder=2, gid="done-intervals")
    ax.plot(x, y, linestyle="none", marker="o", markersize=8, color=INK, zorder=4, gid="groups")
    grid(ax, "x", "y")
    beside = 0.15 * max(float(high.max() - low.min()), 1e-9)
    ax.set_ylim(max(0.0, float(low.min()) - beside), float(high.max()) + beside)
    _axes(ax, result)
    named = _named(x, y)
    lines = np.vstack([np.column_stack([left, y, right, y]), np.column_stack([x, low, x, high])])
    names = [str(name) for name in known["group"].to_numpy()[named]]
    label_points(ax, x[named], y[named], names, [INK] * len(names), BODY if len(names) <= 8 else SMALL, lines)
    return caption(ax, _finding(result), _shown(result, known))


def _axes(ax: Axes, result: SayDoGroups) -> None:
    """Name both axes in their colours."""
    if result.yes_no:
        percent_axis(ax.xaxis, say("SAYING: share of yes (percent)"))
    else:
        points_axis(ax.xaxis, say("SAYING: Net Promoter Score (points)"))
    if result.deeds[0] == "reported":
        percent_axis(ax.yaxis, say("DOING, as reported: recommended in the past 12 months (percent)"))
    elif result.deeds[0] == "recommended":
        percent_axis(ax.yaxis, say("DOING: recommended, at any time (percent)"))
    else:
        number_axis(ax.yaxis, say("DOING: recommendations per 100 customer-years"))
    ax.xaxis.label.set(color=SAYING, weight="bold")
    ax.yaxis.label.set(color=DOING, weight="bold")
    upright_label(ax)


def _named(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Choose the points that are named: all, or the ones that lie furthest from the middle of many."""
    if len(x) <= MOST_NAMED:
        return np.arange(len(x))
    scaled = [(values - values.mean()) / (values.std() or 1.0) for values in (x, y)]
    return np.sort(np.argsort(-np.hypot(*scaled), kind="stable")[:EDGES])


def _correlation(result: SayDoGroups) -> pd.Series:
    own = result.association
    own = own[(own["level"] == "all groups") & (own["measure"] == "spearman") & (own["deed"] == result.deeds[0])]
    return own.iloc[0]


def _finding(result: SayDoGroups) -> Sentence:
    found = _correlation(result)
    if not np.isfinite(found["estimate"]):
        return say("Saying and doing, group by group: too little to compare")
    if not np.isfinite(found["conf_low"]):
        return say("Saying and doing in {n} groups: too few to tell whether they go together", n=int(found["n"]))
    if found["conf_low"] > 0:
        return say("Groups that say more do more: rank correlation {estimate:signed} over {n:count} groups", found)
    if found["conf_high"] < 0:
        return say("Groups that say more do less: rank correlation {estimate:signed} over {n:count} groups", found)
    return say(
        "It is not shown that groups which say more do more: rank correlation {estimate:signed}, {n:count} groups",
        found,
    )


def _shown(result: SayDoGroups, known: pd.DataFrame) -> Sentence:
    found = _correlation(result)
    if not np.isfinite(found["conf_low"]):
        return say(
            "Each point a group, with {level:percent:0} intervals of both. {n} answers per group.",
            result.settings,
            n=rests_on(known["n"]),
        )
    return say(
        "Each point a group, with {level:percent:0} intervals of both. {n} answers per group. Interval of the rank "
        "correlation (Spearman): {conf_interval:signed}.",
        result.settings,  # before the row, whose level is that of the correlation
        found,
        n=rests_on(known["n"]),
    )
