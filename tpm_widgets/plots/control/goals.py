"""Goals: how much of the way from baseline to target is done."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.control.goals import GoalProgress
from tpm_widgets.control.metrics import quantity
from tpm_widgets.language import Sentence, current_language, say, say_n, word
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.metrics import metric_color
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, zero_line
from tpm_widgets.plots.theme import BAND, BODY, INK, QUIET, UNDECIDED

INTERVAL = ("progress", "progress_low", "progress_high")
MARKS = {
    "reached": ("D", True),
    "on the way": ("o", True),
    "no progress shown": ("o", False),
    "moving away": ("v", True),
}


VERDICT_NAMES = {
    "reached": say("reached"),
    "on the way": say("on the way"),
    "no progress shown": say("no progress shown"),
    "moving away": say("moving away"),
    "": say("not judged"),
}


@draws(GoalProgress, "goal_progress")
def plot_goals(result: GoalProgress, ax: Axes | None = None) -> Axes:
    """Draw each goal's way from its baseline (0 %) to its target (100 %), how much is done and how surely.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_goals(tpm.goal_progress(study))
    <Picture: ... goals: ... reached, ... on the way, ... without progress shown ...>
    """
    table = result.table.reset_index(drop=True)
    if table.empty or table["progress"].isna().all():
        return nothing_to_draw(canvas(ax), say("Goals"), say("No goal can be judged yet."))
    ax, rows = row_axes(ax, list(table["goal"].astype(str)), row_height=34)
    ax.barh(rows, 1, height=0.5, color=BAND, zorder=0, gid="way")
    for index, entry in enumerate(table.to_dict("records")):
        if pd.isna(entry["progress"]):
            ax.text(0.02, rows[index], say("not judged: too few answers").text(), va="center", size=BODY, color=QUIET)
            continue
        marker, filled = MARKS[entry["verdict"]]
        color = metric_color(entry["metric"]) if filled else UNDECIDED
        row_estimates(
            ax, rows[[index]], table.loc[[index]], INTERVAL, color=color, marker=marker, filled=filled, size=10,
            gid=f"goal-{index}",
        )  # fmt: skip
    _width(ax, rows, table)
    grid(ax, "x")
    zero_line(ax, x=0)
    ax.axvline(1, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1.5)
    for x, words, side, shift in ((0, say("baseline"), "right", 3), (1, say("target"), "left", -3)):
        ax.annotate(
            words.text(), (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(shift, 3), textcoords="offset points",
            ha=side, va="bottom", size=BODY, color=INK,
        )  # fmt: skip
    percent_axis(ax.xaxis, say("Way from baseline to target that is done (percent)"))
    _columns(ax, rows, table)
    return caption(ax, _finding(table), _shown(result, table))


def _width(ax: Axes, rows: np.ndarray, table: pd.DataFrame) -> None:
    """Leave room for all estimates and for the whole way; an interval that runs further off ends in an arrow."""
    done = table["progress"]
    left = max(min(table["progress_low"].min(), 0.0), min(done.min(), 0.0) - 0.6) - 0.08
    right = min(max(table["progress_high"].max(), 1.0), max(done.max(), 1.0) + 0.6) + 0.08
    ax.set_xlim(left, right)
    for column_name, edge, arrow, outside in (
        ("progress_low", left, "◀", table["progress_low"] < left),
        ("progress_high", right, "▶", table["progress_high"] > right),
    ):
        for row in rows[outside]:
            side = "left" if column_name == "progress_low" else "right"
            ax.text(edge, row, arrow, ha=side, va="center", size=BODY, color=QUIET, gid="runs-out")


def _columns(ax: Axes, rows: np.ndarray, table: pd.DataFrame) -> None:
    """Write the levels in their own units, the date and the verdict beside each goal."""
    end = 10.0
    entries = table.to_dict("records")
    for name, heading in (("baseline", say("Baseline")), ("estimate", say("Today")), ("target", say("Target"))):
        texts = [quantity(entry["metric"], entry[name]).text() for entry in entries]
        end = column(ax, rows, texts, heading, end)
    language = current_language()
    dates = ["–" if pd.isna(entry["due"]) else word(entry["due"], language) for entry in entries]
    end = column(ax, rows, dates, say("Due"), end)
    column(ax, rows, [VERDICT_NAMES[entry["verdict"]].text() for entry in entries], say("Verdict"), end)


def _finding(table: pd.DataFrame) -> Sentence:
    verdicts = table["verdict"].value_counts()
    values = {
        "reached": int(verdicts.get("reached", 0)),
        "on_the_way": int(verdicts.get("on the way", 0)),
        "others": int(len(table) - verdicts.get("reached", 0) - verdicts.get("on the way", 0)),
    }
    return say_n(
        "{count} goal: {reached} reached, {on_the_way} on the way, {others} without progress shown",
        "{count} goals: {reached} reached, {on_the_way} on the way, {others} without progress shown",
        len(table),
        **values,
    )


def _shown(result: GoalProgress, table: pd.DataFrame) -> Sentence:
    return say(
        "Latest measurement with {level:percent:0} interval, on the way from baseline to target. Blue: what customers "
        "say; vermilion: what they do; grey and open: no progress shown. {n} per goal.",
        result.settings,
        n=rests_on(table["n"]),
    )
