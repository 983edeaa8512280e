"""Drivers here and there, then and now: each touchpoint's effect in every group, and whether they are told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import PValue, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import MARKERS, column, row_axes, row_differences, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, side_panel
from tpm_widgets.plots.scales import grid, lift, points_axis, signed_axis, zero_line
from tpm_widgets.plots.theme import BAND, BODY, INK
from tpm_widgets.plots.words import effect_unit, outcome_color
from tpm_widgets.strategy.compare.group_result import DriverGroups
from tpm_widgets.strategy.drivers.outcomes import WORDS

INTERVAL = ("estimate", "conf_low", "conf_high")
SPREAD = 0.6  # of a row's height, over which its groups are spread
PER_GROUP = 9.0  # points of a row's height


@draws(DriverGroups, "compare_driver_groups")
def plot_driver_groups(result: DriverGroups, ax: Axes | None = None) -> Axes:
    """Draw each touchpoint's effect in every group with its interval, those told apart most surely on top.

    Shapes tell the groups apart. Of two groups the panel to the right shows the difference: filled where it is more
    than chance by Holm's correction; the grey band holds what is too small to matter. At the edge the p value of the
    test that all groups are alike, after Holm.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500, touchpoints=5)
    >>> tpm.plot_driver_groups(tpm.compare_driver_groups(study, by="product", outcome="recommend", replicates=20))
    <Picture: ...>
    """
    order = result.touchpoints.sort_values("p_value", kind="stable", ignore_index=True)
    if len(result.models) < 2 or order["p_value"].isna().all():
        return nothing_to_draw(canvas(ax), _question(result), result.answer())
    names = list(result.models)
    labels = [result.labels.get(name, name) for name in order["touchpoint"]]
    ax, rows = row_axes(ax, labels, row_height=PER_GROUP * len(names) + 4)
    _effects(ax, rows, order, result)
    grid(ax, "x")
    zero_line(ax, x=0)
    axis = signed_axis if result.outcome == "recommend" else points_axis
    axis(ax.xaxis, effect_unit(result.outcome))
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + lift(ax, 18), ncols=min(len(names), 3),
        frameon=False, fontsize=BODY, handletextpad=0.1, columnspacing=1.4, borderpad=0.1, borderaxespad=0.2,
        labelcolor=INK,
    )  # fmt: skip
    last = ax
    if len(names) == 2:
        last = side_panel(ax, width=3.0, share=0.4)
        _differences(last, rows, order, result)
        axis(last.xaxis, say("Difference"), ticks=4)
    column(last, rows, [_p_value(value) for value in order["p_adjusted"]], say("p (Holm)"))
    return caption(ax, _finding(result), _shown(result))


def _effects(ax: Axes, rows: np.ndarray, order: pd.DataFrame, result: DriverGroups) -> None:
    """Draw the groups of a row one below the other."""
    names = list(result.models)
    places = (np.arange(len(names)) - (len(names) - 1) / 2) * SPREAD / len(names)
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        own = result.effects[result.effects["group"] == name].set_index("touchpoint").reindex(order["touchpoint"])
        model = result.models[name]
        known = own["estimate"].notna().to_numpy()
        row_estimates(
            ax, (rows + place)[known], own[known], INTERVAL, color=outcome_color(result.outcome),
            marker=MARKERS[number % len(MARKERS)], filled=number % 2 == 0, size=7.5, linewidth=1.6, gid=name,
        )  # fmt: skip
        ax.lines[-1].set_label(_group(name, model.n, model.events).text())


def _differences(panel: Axes, rows: np.ndarray, order: pd.DataFrame, result: DriverGroups) -> None:
    one, two = result.models
    table = result.table
    pair = table[table["group"].isin([one, two]) & table["other"].isin([one, two])]
    own = pair.set_index("touchpoint").reindex(order["touchpoint"]).reset_index()
    shown = (order["p_adjusted"] <= 1 - result.settings["level"]).to_numpy()
    delta = result.settings["negligible"]
    panel.axvspan(-delta, delta, color=BAND, zorder=0, linewidth=0, gid="negligible")
    row_differences(panel, rows, own, shown, outcome_color(result.outcome), np.zeros(len(rows), bool))


def _p_value(value: float) -> str:
    return "–" if np.isnan(value) else PValue(value).text().removeprefix("= ")


def _group(name: str, n: int, events: int | None) -> Sentence:
    if events is None:
        return say("{group} (n = {n})", group=name, n=n)
    return say("{group} (n = {n}, {events} with the outcome)", group=name, n=n, events=events)


def _question(result: DriverGroups) -> Sentence:
    return say("Do the drivers of {outcome} differ?", outcome=WORDS[result.outcome])


def _finding(result: DriverGroups) -> Sentence:
    groups = tuple(result.models)
    outcome = WORDS[result.outcome]
    if result.verdict == "no":
        return say(
            "The drivers of {outcome} are alike in {groups:list:4}: no difference that matters",
            outcome=outcome,
            groups=groups,
        )
    if result.verdict == "cannot be told":
        return say(
            "Whether the drivers of {outcome} differ between {groups:list:4} cannot be told",
            outcome=outcome,
            groups=groups,
        )
    names = tuple(
        result.labels.get(name, name) for name in result.shown.sort_values("p_value", kind="stable")["touchpoint"]
    )
    if not names:
        return say(
            "The drivers of {outcome} differ between {groups:list:4}, but no single touchpoint can be named",
            outcome=outcome,
            groups=groups,
        )
    return say(
        "The drivers of {outcome} differ between {groups:list:4}: {names:list:3}",
        outcome=outcome,
        groups=groups,
        names=names,
    )


def _shown(result: DriverGroups) -> Sentence:
    test = result.test
    values = {
        "df": test.df if test else 0,
        "df_residual": int(test.df_residual) if test else 0,
        "p": test.p_value if test else np.nan,
        "delta": result.change(result.settings["negligible"], signed=False),
    }
    if len(result.models) == 2:
        return say(
            "One model per group, {level:percent:0} intervals; joint robust Wald test F({df}, {df_residual}), p {p:p}. "
            "Grey band: differences too small to matter (±{delta}). Associations, not causes.",
            result.settings,
            **values,
        )
    return say(
        "One model per group, {level:percent:0} intervals; joint robust Wald test F({df}, {df_residual}), p {p:p}. "
        "Differences within ±{delta} are too small to matter. Associations, not causes.",
        result.settings,
        **values,
    )
