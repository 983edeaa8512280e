"""What would follow from better ratings, if what goes together were cause and effect."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.language import Percent, Points, Sentence, Worded, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, points_axis, zero_line
from tpm_widgets.plots.theme import DOING, SAYING
from tpm_widgets.strategy.aims.what_if import WhatIf

INTERVAL = ("change", "conf_low", "conf_high")
SAID = ("nps", "promoters", "detractors", "yes")


METRIC_NAMES = {
    "nps": say("Net Promoter Score"),
    "yes": say("Share of yes"),
    "promoters": say("Promoters"),
    "detractors": say("Detractors"),
    "referred": say("Customers who recommend"),
    "won": say("Customers who win a customer"),
    "recommended": say("Customers who recommended (at any time)"),
    "reported": say("Report a recommendation (looks back)"),
    "referral_rate": say("Referral rate"),
}


@draws(WhatIf, "what_if")
def plot_what_if(result: WhatIf, ax: Axes | None = None) -> Axes:
    """Draw how far the score, the deeds and the referral rate would move, with intervals: if causal.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_what_if(tpm.what_if(study, {"app": 0.5}))
    <Picture: If causal, the score would go from ... to ...>
    """
    table = result.table.reset_index(drop=True)
    if table["change"].isna().all():
        return nothing_to_draw(canvas(ax), say("What if"), say("No change could be computed."))
    ax, rows = row_axes(ax, [METRIC_NAMES[metric].text() for metric in table["metric"]])
    said = table["metric"].isin(SAID).to_numpy()
    row_estimates(ax, rows[said], table[said], INTERVAL, color=SAYING, gid="saying")
    row_estimates(ax, rows[~said], table[~said], INTERVAL, color=DOING, marker="D", gid="doing")
    grid(ax, "x")
    zero_line(ax, x=0)
    points_axis(ax.xaxis, say("Change, if causal (points; percentage points for shares)"))
    end = column(ax, rows, [_level(entry, "baseline").text() for _, entry in table.iterrows()], say("Today"))
    end = column(ax, rows, [_level(entry, "estimate").text() for _, entry in table.iterrows()], say("Then"), end)
    column(ax, rows, [Points(value).text() for value in table["change"]], say("Change"), end)
    return caption(ax, _finding(table), _shown(result, table))


def _level(entry: pd.Series, name: str) -> Worded:
    return Points(entry[name]) if entry["metric"] == "nps" else Percent(entry[name])


def _finding(table: pd.DataFrame) -> Sentence:
    rows = {entry["metric"]: entry for entry in table.to_dict("records")}
    score, rate = rows.get("nps"), rows.get("referral_rate")
    if score is None:
        return say("If causal, the share of yes would go from {baseline:percent} to {estimate:percent}", rows["yes"])
    if rate is None or pd.isna(rate["change"]):
        return say("If causal, the Net Promoter Score would go from {baseline:points} to {estimate:points}", score)
    return say(
        "If causal, the score would go from {score.baseline:points} to {score.estimate:points}, the referral rate from "
        "{rate.baseline:percent} to {rate.estimate:percent}",
        score=score,
        rate=rate,
    )


def _shown(result: WhatIf, table: pd.DataFrame) -> Sentence:
    changes = tuple(
        say(
            "{touchpoint} {change:signed:1}",
            touchpoint=result.labels.get(entry["touchpoint"], entry["touchpoint"]),
            change=entry["change"],
        ).text()
        for _, entry in result.changes.iterrows()
    )
    return say(
        "Rating points asked for: {changes:list:4}; nobody leaves the scale. {level:percent:0} intervals of the "
        "change; {n}. An association is no cause.",
        result.settings,
        changes=changes,
        n=rests_on(table["n"]),
    )
