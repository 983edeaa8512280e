"""From the promise to the new customer: who is willing, recommends, reaches somebody, wins a customer."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tpm_widgets.as_is.recommendations.funnel import ReferralFunnel
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis
from tpm_widgets.plots.theme import BODY, DOING, QUIET, SAYING, SMALL

INTERVAL = ("estimate", "conf_low", "conf_high")
STEPS = {
    "willing": say("Willing: promoters"),
    "recommended": say("Recommended"),
    "contact": say("A contact came of it"),
    "bought": say("Won a customer"),
}
INDUSTRIES = {"telecommunications": say("telecommunications"), "financial services": say("financial services")}
MARKS = ("D", "v")


def _step(result: ReferralFunnel, step: str) -> Sentence:
    return say("Willing: say yes") if result.yes_no and step == "willing" else STEPS[step]


@draws(ReferralFunnel, "referral_funnel")
def plot_referral_funnel(result: ReferralFunnel, ax: Axes | None = None) -> Axes:
    """Draw the shares of customers who are willing, recommend, reach somebody and win a customer.

    What is said is blue, what is done vermilion; grey marks are the published shares of two other firms.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_referral_funnel(tpm.referral_funnel(study))
    <Picture: ... of the customers would recommend, ...>
    """
    table = result.table
    if table["estimate"].isna().all():
        reason = say("Nobody said how willing he is, and no customer was followed over the whole window.")
        return nothing_to_draw(canvas(ax), say("From willing to won"), reason)
    ax, rows = row_axes(ax, [_step(result, step).text() for step in table["step"]], row_height=78)
    said = (table["step"] == "willing").to_numpy()
    for member, color, marker, name in ((said, SAYING, "o", "said"), (~said, DOING, "s", "done")):
        row_estimates(ax, rows[member], table[member], INTERVAL, color=color, marker=marker, gid=name)
    for row, entry in zip(rows, table.to_dict("records"), strict=True):
        if np.isnan(entry["estimate"]):
            ax.text(0.01, row, say("not known").text(), va="center", size=BODY, color=QUIET)
            continue
        ax.annotate(
            Percent(entry["estimate"]).text(), (entry["estimate"], row), xytext=(0, 9), textcoords="offset points",
            ha="center", va="bottom", size=BODY, weight="bold", color=SAYING if row == 0 else DOING,
        )  # fmt: skip
    _published(ax, result)
    grid(ax, "x")
    ax.set_xlim(0, 1)
    percent_axis(ax.xaxis, say("Share of the customers (percent)"))
    end = column(ax, rows, [Percent(value, 0).text() for value in table["of_previous"]], say("Of previous step"))
    column(ax, rows, [Number(float(value), 0).text() for value in table["n"]], say("n"), end)
    return caption(ax, _finding(result), _shown(result))


def _published(ax: Axes, result: ReferralFunnel) -> None:
    """Mark what two other firms found, a little below each row, and name them in the first."""
    places = {step: row for row, step in enumerate(result.table["step"])}
    for shift, marker, entry in zip((0.22, 0.4), MARKS, result.published.to_dict("records"), strict=True):
        known = [step for step in places if step in entry]
        ax.plot(
            [entry[step] for step in known], [places[step] + shift for step in known], linestyle="none", marker=marker,
            markersize=7, color=QUIET, markerfacecolor="white", gid="published",
        )  # fmt: skip
        ax.annotate(
            INDUSTRIES[entry["industry"]].text(), (entry["willing"], places["willing"] + shift), xytext=(8, 0),
            textcoords="offset points", ha="left", va="center", size=SMALL, color=QUIET,
        )  # fmt: skip


def _finding(result: ReferralFunnel) -> Sentence:
    share = dict(zip(result.table["step"], result.table["estimate"], strict=True))
    if result.linked:
        return say(
            "{willing:percent} of the customers would recommend, {recommended:percent} do within {window} days, "
            "{bought:percent} win a customer",
            share,
            window=result.window,
        )
    return say(
        "{willing:percent} of the answers would recommend; {recommended:percent} of all customers do within {window} "
        "days, {bought:percent} win a customer",
        share,
        window=result.window,
    )


def _shown(result: ReferralFunnel) -> Sentence:
    return say(
        "What customers say (blue) and do (vermilion): shares of {n} customers with {level:percent:0} intervals, "
        "Kaplan-Meier where not everybody was followed to the end. Grey: published for telecommunications (n = 9,900) "
        "and financial services (n = 6,700), Kumar, Petersen & Leone 2007.",
        result.settings,
        n=result.n,
    )
