"""Whether intervals of the Net Promoter Score keep their promise, by the number of answers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tpm_widgets.as_is.score.coverage import ScoreCoverage
from tpm_widgets.as_is.score.net_promoter_score import METHODS
from tpm_widgets.language import Number, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.marks import MARKERS, course, time_axis
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.theme import INK, SAYING

APART = 0.16  # of the intervals at one size
SHAPES = "●□△"  # the first markers, the others open, as letters


@draws(ScoreCoverage, "score_coverage")
def plot_score_coverage(result: ScoreCoverage, ax: Axes | None = None) -> Axes:
    """Draw how often each interval covers the truth, by the number of answers, against what it promises.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> tpm.plot_score_coverage(tpm.score_coverage(sizes=[20, 50]))
    <Picture: 95% promised, kept with 20 answers: ...>
    """
    ax = canvas(ax)
    table = result.by_size.sort_values("n", kind="stable")
    if table["mean"].isna().any():
        reason = say("No coverage was computed.")
        return nothing_to_draw(ax, say("Coverage of the Net Promoter Score's intervals"), reason)
    sizes, intervals = sorted(set(table["n"])), result.settings["intervals"]
    places = time_axis(ax, [Number(n, 0).text() for n in sizes])
    level = result.settings["level"]
    ax.axhline(level, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1.5, gid="nominal")
    ends = []
    for index, interval in enumerate(intervals):
        part = table[table["interval"] == interval]
        at = places + APART * (index - (len(intervals) - 1) / 2)
        course(ax, at, part, ("mean", "lowest", "highest"), color=SAYING, marker=MARKERS[index], linestyle=":",
               filled=index == 0, gid=interval)  # fmt: skip
        ends.append(float(part["mean"].iloc[-1]))
    grid(ax, "y")
    percent_axis(ax.yaxis, say("Coverage (% of samples whose interval holds the truth)"))
    upright_label(ax)
    ax.set_xlabel(say("Answers (n)").text())
    label_ends(ax, ends, [f"{SHAPES[index]} {METHODS[name].text()}" for index, name in enumerate(intervals)], SAYING)
    return caption(ax, _finding(result), _shown(result))


def _finding(result: ScoreCoverage) -> Sentence:
    smallest = min(result.settings["sizes"])
    small = result.by_size[result.by_size["n"] == smallest].to_dict("records")
    best, worst = (small[int(choose([row["lowest"] for row in small]))] for choose in (np.argmax, np.argmin))
    stated = {
        "n": smallest,
        "best": METHODS[best["interval"]],
        "high": best["lowest"],
    }
    if best is worst:
        return say(
            "{level:percent:0} promised, kept with {n} answers: {best} {high:percent} at least",
            result.settings,
            **stated,
        )
    return say(
        "{level:percent:0} promised, kept with {n} answers: {best} {high:percent} at least, {worst} {low:percent}",
        result.settings,
        worst=METHODS[worst["interval"]],
        low=worst["lowest"],
        **stated,
    )


def _shown(result: ScoreCoverage) -> Sentence:
    return say(
        "Mean coverage over {count} true scores and shares of passives; each line runs from the lowest to the highest, "
        "dashed is what is promised. Exact, by enumerating every possible sample of n answers.",
        count=len(result.table) // len(result.by_size),
    )
