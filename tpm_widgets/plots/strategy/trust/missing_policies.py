"""The same drivers under every policy for touchpoints that were not rated."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import MARKERS, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, side_panel
from tpm_widgets.plots.scales import grid, lift, percent_axis, signed_axis, zero_line
from tpm_widgets.plots.theme import BODY, INK, QUIET
from tpm_widgets.plots.words import effect_unit, outcome_color, outcome_words
from tpm_widgets.strategy.trust.missing_policies import POLICIES, POLICY_NAMES, SURE, PolicyComparison

SHORT = {
    "indicator": say("indicator"),
    "complete": say("complete"),
    "pairwise": say("pairwise"),
    "imputed": say("imputed"),
}
ROW = 34.0  # points that three estimates above each other take
APART = 0.22  # of a row


@draws(PolicyComparison, "compare_policies")
def plot_policy_comparison(result: PolicyComparison, ax: Axes | None = None) -> Axes:
    """Draw each touchpoint's estimate with its interval under every policy, and beside it its share of importance.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> tpm.plot_policy_comparison(tpm.compare_policies(study))
    <Picture: ...>
    """
    first = result.table[result.table["policy"] == "indicator"]
    order = first.sort_values("importance", ascending=False, kind="stable")["touchpoint"]
    if result.table["estimate"].isna().all():
        reason = say("No touchpoint's effect could be estimated.")
        return nothing_to_draw(canvas(ax), say("Policies for what was not rated"), reason)
    ax, rows = row_axes(ax, [str(result.labels.get(name, name)) for name in order], ROW)
    color = outcome_color(result.outcome)
    panel = side_panel(ax, 2.2)
    looks = {
        "indicator": (color, True),
        "complete": (QUIET, True),
        "pairwise": (color, False),
        "imputed": (QUIET, False),
    }
    fitted = list(result.models)
    for place, policy in enumerate(fitted):
        own = result.table[result.table["policy"] == policy].set_index("touchpoint").reindex(order)
        at = rows + APART * (place - (len(fitted) - 1) / 2)
        shade, filled = looks[policy]
        marker = MARKERS[POLICIES.index(policy)]
        row_estimates(ax, at, own, ("estimate", "conf_low", "conf_high"), color=shade, filled=filled, marker=marker,
                      size=7, gid=policy)  # fmt: skip
        panel.plot(own["share"], at, linestyle="none", marker=marker, markersize=7, color=shade,
                   markerfacecolor=shade if filled else "white", gid=f"{policy}-share")  # fmt: skip
        label = say("{policy} (n = {n})", policy=SHORT[policy], n=result.models[policy].n)
        ax.plot([], [], linestyle="none", marker=marker, markersize=8, color=shade, label=label.text(),
                markerfacecolor=shade if filled else "white", markeredgewidth=1.6)  # fmt: skip
    grid(ax, "x")
    zero_line(ax, x=0)
    _unit(ax, result)
    panel.set_xlim(0, 1.15 * max(float(np.nanmax(result.table["share"], initial=0)), 0.01))
    percent_axis(panel.xaxis, say("Share of what is explained (percent)"), 3)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + lift(ax, 2), ncols=len(fitted),
        frameon=False, fontsize=BODY, handletextpad=0.1, columnspacing=1.4, borderpad=0.1, borderaxespad=0.2,
        labelcolor=INK,
    )  # fmt: skip
    return caption(ax, _finding(result), _shown(result))


def _unit(ax: Axes, result: PolicyComparison) -> None:
    """Name the unit of the coefficients: points of the score, or log odds or rates."""
    kind = result.models["indicator"].fit.kind
    if kind == "linear":
        signed_axis(ax.xaxis, effect_unit(result.outcome))
    elif kind == "logit":
        signed_axis(ax.xaxis, say("Change of the log odds per rating point"))
    else:
        signed_axis(ax.xaxis, say("Change of the log rate per rating point"))


def _finding(result: PolicyComparison) -> Sentence:
    words = outcome_words(result.outcome)
    if len(result.models) == 1:
        return say("Only one policy can be had for the drivers of {outcome}", outcome=words)
    apart = result.differences.loc[result.differences["p_adjusted"] < SURE, "touchpoint"].nunique()
    if apart:
        return say_n(
            "What is done about what was not rated changes the drivers of {outcome}: estimates differ at {count} "
            "touchpoint",
            "What is done about what was not rated changes the drivers of {outcome}: estimates differ at {count} "
            "touchpoints",
            int(apart),
            outcome=words,
        )
    return say(
        "What is done about what was not rated changes no driver of {outcome} by more than chance", outcome=words
    )


def _shown(result: PolicyComparison) -> Sentence:
    values = {
        "n": result.answers,
        "order": result.agreement["rank_correlation"].min() if len(result.agreement) else np.nan,
        "policies": tuple(POLICY_NAMES[policy] for policy in result.refused),
    }
    if len(result.models) == 1:
        return say(
            "One policy, with {level:percent:0} intervals; {n} answers. Refused by the data: {policies:list}.",
            result.settings,
            **values,
        )
    if result.refused:
        return say(
            "All touchpoints in one model, with {level:percent:0} intervals; {n} answers. Orders of importance "
            "correlate with {order:number}. Refused by the data: {policies:list}. Associations, not causes.",
            result.settings,
            **values,
        )
    return say(
        "All touchpoints in one model, with {level:percent:0} intervals; {n} answers. Orders of importance correlate "
        "with {order:number} or more. Associations, not causes.",
        result.settings,
        **values,
    )
