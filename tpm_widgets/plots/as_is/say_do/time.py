"""How saying and doing went: two courses above each other, over the same time."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.say_do.cells import MEASURE, TOLD
from tpm_widgets.as_is.say_do.group_findings import RATES
from tpm_widgets.as_is.say_do.time import SayDoTime
from tpm_widgets.language import Number, Percent, Points, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import course, rests_on, time_axis
from tpm_widgets.plots.picture import canvas, caption, frame, nothing_to_draw
from tpm_widgets.plots.scales import grid, number_axis, percent_axis, points_axis, upright_label
from tpm_widgets.plots.theme import DOING, SAYING

UPPER, LOWER = (0.0, 0.57, 1.0, 0.39), (0.0, 0.0, 1.0, 0.43)  # left, bottom, width, height within the axes


@draws(SayDoTime, "say_do_time")
def plot_say_do_time(result: SayDoTime, ax: Axes | None = None) -> Axes:
    """Draw the score above and the recommendations below, period by period, each with its intervals.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_say_do_time(tpm.say_do_time(study))
    <Picture: The score ...>
    """
    ax = canvas(ax)
    measure = MEASURE[result.deeds[0]]
    said, done = (result.table.dropna(subset=[name]) for name in ("score", measure))
    if said.empty or done.empty:
        reason = say("No period has enough answers, or none was observed, so there is no course to draw.")
        return nothing_to_draw(ax, say("Saying and doing over time"), reason)
    places = time_axis(ax, [str(name) for name in result.table["period"]])
    ax.set_yticks([])
    ax.set_xlabel(say("Period").text())
    for known, name, color, bounds, marker in (
        (said, "score", SAYING, UPPER, "o"),
        (done, measure, DOING, LOWER, "s"),
    ):
        panel = _panel(ax, bounds)
        course(panel, places[known.index], known, (name, f"{name}_low", f"{name}_high"), color=color, marker=marker,
               gid="said" if name == "score" else "done")  # fmt: skip
        _scale(panel, name, result.yes_no)
        panel.yaxis.label.set(color=color, weight="bold")
        upright_label(panel)
    return caption(
        ax, _finding(said, done, result.deeds[0], Percent if result.yes_no else Points), _shown(result, said)
    )


def _panel(ax: Axes, bounds: tuple[float, float, float, float]) -> Axes:
    """Open one of the two panels, on the time of the axes that hold it."""
    panel = ax.inset_axes(bounds, sharex=ax)
    frame(panel)
    panel.tick_params(labelbottom=False)
    grid(panel, "y")
    return panel


def _scale(panel: Axes, measure: str, yes_no: bool) -> None:
    """Give a panel its unit; rates begin at 0."""
    if measure == "score" and yes_no:
        percent_axis(panel.yaxis, say("SAYING: share of yes (percent)"), 4)
        return
    if measure == "score":
        points_axis(panel.yaxis, say("SAYING: Net Promoter Score (points)"), 4)
        return
    panel.set_ylim(bottom=0)
    if measure == "reported_share":
        percent_axis(panel.yaxis, say("DOING, as reported: recommended in the past 12 months (percent)"), 4)
    elif measure == "recommended_share":
        percent_axis(panel.yaxis, say("DOING: recommended, at any time (percent)"), 4)
    else:
        number_axis(panel.yaxis, say("DOING: recommendations per 100 customer-years"), 4)


def _finding(said: pd.DataFrame, done: pd.DataFrame, deed: str, read_score: type) -> Sentence:
    """Say how both changed from the first to the last period, and whether the intervals tell it apart."""
    read = Percent if deed in TOLD else Number
    return say(
        "The score {score}, {rate} {deeds}.",
        rate=RATES[deed],
        score=_change(said, "score", read_score),
        deeds=_change(done, MEASURE[deed], read),
    )


def _change(known: pd.DataFrame, measure: str, read: type) -> Sentence:
    first, last = known.iloc[0], known.iloc[-1]
    values = {"first": read(first[measure], 1), "last": read(last[measure], 1)}
    if last[f"{measure}_low"] > first[f"{measure}_high"]:
        return say("rose from {first} to {last}", **values)
    if last[f"{measure}_high"] < first[f"{measure}_low"]:
        return say("fell from {first} to {last}", **values)
    return say("went from {first} to {last} (intervals overlap)", **values)


def _shown(result: SayDoTime, said: pd.DataFrame) -> Sentence:
    return say(
        "Above what customers say, below what they do, with {level:percent:0} intervals. {n} answers per period.",
        result.settings,
        n=rests_on(said["n"]),
    )
