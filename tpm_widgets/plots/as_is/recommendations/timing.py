"""How soon customers recommend: the share who have done so, day by day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.recommendations.spells import SCORE, group_words
from tpm_widgets.as_is.recommendations.timing import ReferralTiming
from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis, percent_axis, upright_label
from tpm_widgets.plots.theme import DOING

LINES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))  # one colour means doing, so dashes tell groups apart
NAMES = {
    "all": say("All customers"),
    "promoter": say("Promoters"),
    "passive": say("Passives"),
    "detractor": say("Detractors"),
    "yes": say("Who say yes"),
    "no": say("Who say no"),
}


@draws(ReferralTiming, "referral_timing")
def plot_referral_timing(result: ReferralTiming, ax: Axes | None = None) -> Axes:
    """Draw the share of customers who have recommended by each day, with pointwise intervals, group by group.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.plot_referral_timing(tpm.referral_timing(study))
    <Picture: ... of the customers recommend within 365 days...>
    """
    ax = canvas(ax)
    known = result.curve[result.curve["estimate"].notna()]
    if known.empty:
        reason = say("Nobody could be watched, or every group is too small to be shown.")
        return nothing_to_draw(ax, say("Time to the first recommendation"), reason)
    ends, names = [], []
    for index, (group, rows) in enumerate(known.groupby("group", sort=False)):
        _step(ax, rows, str(group), LINES[index % len(LINES)])
        ends.append(float(rows["estimate"].iloc[-1]))
        names.append(_name(group))
    ax.set_xlim(0, result.horizon)
    ax.set_ylim(0, max(1.05 * float(known["conf_high"].max()), 0.02))
    since = say("Days since the answer") if result.settings["by"] == SCORE else say("Days since becoming a customer")
    number_axis(ax.xaxis, since)
    percent_axis(ax.yaxis, say("Have recommended for the first time (percent)"))
    upright_label(ax)
    grid(ax, "y")
    label_ends(ax, ends, names, DOING)
    return caption(ax, _finding(result), _shown(result))


def _step(ax: Axes, rows: pd.DataFrame, group: str, line: object) -> None:
    days, share = rows["time"].to_numpy(float), rows["estimate"].to_numpy(float)
    ax.step(days, share, where="post", color=DOING, linewidth=2.2, linestyle=line, zorder=3, gid=group)
    ax.fill_between(
        days, rows["conf_low"].to_numpy(float), rows["conf_high"].to_numpy(float), step="post", color=DOING, alpha=0.14,
        linewidth=0, zorder=2, gid=f"{group}-interval",
    )  # fmt: skip


def _name(group: object) -> str:
    return NAMES[str(group)].text() if str(group) in NAMES else str(group)


def _finding(result: ReferralTiming) -> Sentence | tuple[Sentence, ...]:
    shown = result.table.dropna(subset=["estimate"]).to_dict("records")
    if not shown:
        return say("Time to the first recommendation: nobody was watched for {horizon} days", horizon=result.horizon)
    best = max(shown, key=lambda row: row["estimate"])
    worst = min(shown, key=lambda row: row["estimate"])
    if best["estimate"] == worst["estimate"]:
        return say(
            "{share:percent} of the customers recommend within {horizon} days",
            share=shown[0]["estimate"],
            horizon=result.horizon,
        )
    found = say(
        "Recommended within {horizon} days: {share:percent} of {best}, {other:percent} of {worst}.",
        horizon=result.horizon,
        best=group_words(best["group"]),
        share=best["estimate"],
        worst=group_words(worst["group"]),
        other=worst["estimate"],
    )
    if result.log_rank.p_value < 1 - result.settings["level"]:
        return found
    return found, say("That the groups differ is not shown.")


def _shown(result: ReferralTiming) -> Sentence:
    return say(
        "What customers do: share who have made their first recommendation (Kaplan–Meier), with {level:percent:0} "
        "intervals for each day. n = {n}, of whom {events} were seen to recommend.",
        result.settings,
        n=int(result.table["n"].sum()),
        events=int(np.nansum(result.table["events"].to_numpy(float, na_value=np.nan))),
    )
