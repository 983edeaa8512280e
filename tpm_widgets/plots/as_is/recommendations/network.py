"""How recommendations are spread over customers: the Lorenz curve."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.recommendations.network import ReferralNetwork
from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_points
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.theme import BODY, DOING, QUIET, RULE

TOP = 0.9  # where the busiest tenth begins


@draws(ReferralNetwork, "referral_network")
def plot_referral_network(result: ReferralNetwork, ax: Axes | None = None) -> Axes:
    """Draw the Lorenz curve: which share of the recommendations the customers with fewest of them make together.

    Solid: all customers, with the interval; dashed: only those who recommended. Grey: what all customers' curve would
    be if everybody recommended equally often per day, and the line on which all make the same number.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.plot_referral_network(tpm.referral_network(study))
    <Picture: The busiest tenth of the customers made ... of the recommendations ...>
    """
    ax = canvas(ax)
    known = result.lorenz.dropna(subset=["estimate"])
    if known.empty:
        reason = say("Nobody recommended, so there is nothing to be spread.")
        return nothing_to_draw(ax, say("Spread of recommendations"), reason)
    customers, referrers = (known[known["of"] == of] for of in ("customers", "referrers"))
    ax.plot([0, 1], [0, 1], color=RULE, linewidth=1.6, zorder=1.5, gid="equal")
    ax.plot(
        customers["share"], customers["by_chance"], color=QUIET, linewidth=1.6, linestyle=(0, (1, 1.5)), gid="chance"
    )
    ax.plot(
        referrers["share"], referrers["estimate"], color=DOING, linewidth=1.8, linestyle=(0, (5, 2)), gid="referrers"
    )
    ax.plot(customers["share"], customers["estimate"], color=DOING, linewidth=2.6, zorder=3, gid="customers")
    ax.fill_between(
        customers["share"], customers["conf_low"], customers["conf_high"], color=DOING, alpha=0.18, linewidth=0,
        gid="customers-interval",
    )  # fmt: skip
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    grid(ax, "x", "y")
    percent_axis(ax.xaxis, say("People, those with fewest recommendations first (percent)"))
    percent_axis(ax.yaxis, say("Their share of all recommendations (percent)"))
    upright_label(ax)
    _names(ax, customers, referrers)
    return caption(ax, _finding(result), _shown(result))


def _names(ax: Axes, customers: pd.DataFrame, referrers: pd.DataFrame) -> None:
    """Mark where the busiest tenth begins, and name every curve."""
    tenth = float(np.interp(TOP, customers["share"], customers["estimate"]))
    ax.plot([TOP], [tenth], marker="o", markersize=9, color=DOING, linestyle="none", zorder=4, gid="tenth")
    chance = float(np.interp(0.8, customers["share"], customers["by_chance"]))
    among = float(np.interp(0.5, referrers["share"], referrers["estimate"]))
    names = [
        say("All customers: the busiest tenth made {share:percent}", share=1 - tenth).text(),
        say("All customers, by chance alone").text(),
        say("Only those who recommended").text(),
        say("All alike").text(),
    ]
    x, y = np.array([TOP, 0.8, 0.5, 0.3]), np.array([tenth, chance, among, 0.3])
    lines = np.array(
        [
            [*start, *end]
            for frame, column in ((customers, "estimate"), (customers, "by_chance"), (referrers, "estimate"))
            for points in [frame[["share", column]].to_numpy(float)]
            for start, end in pairwise(points)
        ]
        + [[0, 0, 1, 1]]
    )
    label_points(ax, x, y, names, [DOING, QUIET, DOING, QUIET], BODY, lines)


def _finding(result: ReferralNetwork) -> Sentence:
    measures = result.table.set_index("measure")["estimate"]
    return say(
        "The busiest tenth of the customers made {share:percent} of the recommendations",
        share=measures["top_tenth_of_customers"],
    )


def _shown(result: ReferralNetwork) -> Sentence:
    measures = result.table.set_index("measure")["estimate"]
    return say(
        "What customers do: Lorenz curves of {made} recommendations by n = {n} customers, of whom {referrers} "
        "recommended; {level:percent:0} interval by bootstrap of customers. Gini {gini_of_customers:number} among all, "
        "{gini_of_referrers:number} among those who recommended.",
        measures,
        result.settings,
        made=result.counts["recommendations"],
        n=result.counts["customers"],
        referrers=result.counts["referrers"],
    )
