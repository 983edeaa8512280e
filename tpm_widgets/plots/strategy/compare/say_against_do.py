"""Saying against doing: the five lists, and each touchpoint's effect on what is said beside that on what is done."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from tpm_widgets.language import Number, Sentence, Worded, say, say_n
from tpm_widgets.plots.draws import draws, figure_of
from tpm_widgets.plots.marks import row_estimates
from tpm_widgets.plots.picture import (
    canvas,
    caption,
    nothing_to_draw,
    points_per_pixel,
    settle,
    side_panel,
)
from tpm_widgets.plots.scales import grid, lift, points_axis, zero_line
from tpm_widgets.plots.text import text_width, wrap_names, wrap_to
from tpm_widgets.plots.theme import BAND, BODY, DOING, INK, QUIET, RULE, SAYING, SIZE, SMALL, UNDECIDED
from tpm_widgets.strategy.compare.say_against_do import DriverComparison
from tpm_widgets.strategy.drivers.outcomes import WORDS

LISTS = {  # verdict → its name and colour, from what is known to what is not
    "both": (say("saying and doing"), INK),
    "talk only": (say("saying only"), SAYING),
    "deeds only": (say("doing only"), "#B34700"),
    "neither": (say("neither"), QUIET),
    "undecided": (say("undecided"), "#767676"),
}
GAP = 0.45  # rows between two lists
AROUND = 160.0  # points that title, subtitle, headings and the lower axis take
LEAST_PITCH = 13.8  # points of a row; a figure of its own grows where it would be less
BESIDE = 22.0  # points between the names of lists and of touchpoints, with the bar between them


@draws(DriverComparison, "compare_drivers")
def plot_driver_comparison(result: DriverComparison, ax: Axes | None = None) -> Axes:
    """Draw the five lists: which touchpoints go with what customers say, and which with what they do.

    Left the average change in the chance of what is said per rating point, right that of what is done, on one scale,
    each with its intervals. The grey bands hold what is too small to matter. Filled: an effect; a square: too small to
    matter; open and grey: undecided.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_driver_comparison(tpm.compare_drivers(study, replicates=20))
    <Picture: ...>
    """
    table = _ordered(result)
    if table[["say_estimate", "do_estimate"]].isna().all(axis=None):
        return nothing_to_draw(canvas(ax), say("Saying against doing"), say("No touchpoint has an estimate for both."))
    blocks = _blocks(table)
    ax, width = _rows(ax, table, blocks, result)
    _list_names(ax, blocks, width)
    settle(ax)
    panel = side_panel(ax, width=20.0, gap=0.4, share=0.46)
    room = panel.get_window_extent().width * points_per_pixel(ax)
    own = np.concatenate([place for here, place in blocks.values() if here])
    sides = ((ax, "say", result.saying.outcome, SAYING), (panel, "do", result.doing.outcome, DOING))
    for (side, part, outcome, color), delta in zip(sides, result.settings["negligible"], strict=True):
        side.axvspan(-delta, delta, color=BAND, zorder=0, linewidth=0, gid=f"negligible-{part}")
        zero_line(side, x=0)
        grid(side, "x")
        for _, place in list(blocks.values())[1:]:
            side.axhline(place[0] - 0.5 - GAP / 2, color=RULE, linewidth=0.8, zorder=0.5)
        _effects(side, own, table, result.intervals, part, color)
        points_axis(side.xaxis, say("Percentage points per rating point"), ticks=5)
        side.set_xlabel(wrap_to(side.get_xlabel(), room, BODY))
        _heading(side, part, outcome, color, room)
    reach = np.concatenate([side.dataLim.intervalx for side in (ax, panel)])
    margin = 0.04 * (reach.max() - reach.min())
    for side in (ax, panel):  # one scale, so that the effects can be held against each other
        side.set_xlim(reach.min() - margin, reach.max() + margin)
    return caption(ax, _finding(result), _shown(result, table))


def _ordered(result: DriverComparison) -> pd.DataFrame:
    """Sort the touchpoints list by list, the strongest first."""
    say_delta, do_delta = result.settings["negligible"]
    table = result.table
    strength = table["say_estimate"].abs().fillna(0) / say_delta + table["do_estimate"].abs().fillna(0) / do_delta
    place = table["verdict"].map({verdict: number for number, verdict in enumerate(LISTS)})
    order = pd.DataFrame({"place": place, "strength": -strength}).sort_values(["place", "strength"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _blocks(table: pd.DataFrame) -> dict[str, tuple[int, np.ndarray]]:
    """Tell for each list how many touchpoints it has, and the rows that it takes; an empty one takes one row."""
    blocks, top = {}, 0.0
    for verdict in LISTS:
        count = int((table["verdict"] == verdict).sum())
        blocks[verdict] = count, top + np.arange(max(count, 1), dtype=float)
        top += max(count, 1) + GAP
    return blocks


def _rows(
    ax: Axes | None, table: pd.DataFrame, blocks: dict[str, tuple[int, np.ndarray]], result: DriverComparison
) -> tuple[Axes, float]:
    """Lay out one row per touchpoint, named in its list's colour; return the axes and how wide the names are."""
    labels = iter(result.labels.get(name, name) for name in table["touchpoint"])
    names, colors, places = [], [], []
    for verdict, (count, place) in blocks.items():
        names += [next(labels) for _ in range(count)] or [say("none").text()]
        colors += [LISTS[verdict][1] if count else QUIET] * len(place)
        places += place.tolist()
    lines = places[-1] + 1.2
    if ax is None:
        ax = canvas(None, max(SIZE[1], (AROUND + lines * LEAST_PITCH) / 72))
        room = float(figure_of(ax).get_size_inches()[1]) * 72 - AROUND
    else:
        room = canvas(ax).get_window_extent().height * points_per_pixel(ax) - AROUND / 2
    size, wrapped = _fitted(names, room / lines, ax)
    ax.set_yticks(places, wrapped)
    ax.tick_params(axis="y", labelsize=size)
    for name, color in zip(ax.get_yticklabels(), colors, strict=True):
        name.set(color=color, linespacing=1.0)
    ax.set_ylim(places[-1] + 0.6, -0.6)
    return ax, max(text_width(line, size) for name in wrapped for line in name.split("\n"))


def _fitted(names: list[str], room: float, ax: Axes) -> tuple[float, list[str]]:
    """Find the largest letters with which names fit rows of a given height, one or more lines each."""
    widest = 0.47 * ax.get_window_extent().width * points_per_pixel(ax)
    for size in np.arange(BODY, 6.0, -0.5):
        wrapped = wrap_names(names, float(size), widest)
        lines = [name.count("\n") + 1 for name in wrapped]
        if max(lines) * 1.18 * size + 1 <= room:
            break
    return float(size), wrapped


def _list_names(ax: Axes, blocks: dict[str, tuple[int, np.ndarray]], width: float) -> None:
    """Name the five lists left of their touchpoints, with a bar in their colour."""
    size = min(BODY, float(ax.get_yticklabels()[0].get_fontsize()) + 1)
    inches = figure_of(ax).dpi_scale_trans
    bar = ax.get_yaxis_transform() + ScaledTranslation(-(width + 0.7 * BESIDE) / 72, 0, inches)
    for verdict, (count, place) in blocks.items():
        words, color = LISTS[verdict]
        ax.plot(
            [0, 0], [place[0] - 0.42, place[-1] + 0.42], transform=bar, color=color, linewidth=5.0, clip_on=False,
            solid_capstyle="butt",
        )  # fmt: skip
        ax.annotate(
            say("{list} ({count})", list=words, count=count).text(), (0, place[0]), xycoords=ax.get_yaxis_transform(),
            xytext=(-(width + BESIDE), 0), textcoords="offset points", ha="right", va="center", size=size, color=color,
            weight="bold", annotation_clip=False, gid="list",
        )  # fmt: skip


def _effects(ax: Axes, rows: np.ndarray, table: pd.DataFrame, intervals: pd.DataFrame, part: str, color: str) -> None:
    """Draw one side's effects: thick the interval that says "too small to matter", thin that which says "not 0"."""
    inner = intervals[intervals["part"] == part].set_index("touchpoint").loc[table["touchpoint"]]
    verdicts = table[f"{part}_verdict"].to_numpy()
    columns = (f"{part}_estimate", f"{part}_low", f"{part}_high")
    looks = {"effect": (color, "o", True), "negligible": (color, "s", False), "undecided": (UNDECIDED, "o", False)}
    for verdict, (own, marker, filled) in looks.items():
        here = (verdicts == verdict) & table[columns[0]].notna().to_numpy()
        ax.hlines(
            rows[here], inner["equivalence_low"][here], inner["equivalence_high"][here], color=own, linewidth=5.0,
            alpha=0.35, zorder=2.5,
        )  # fmt: skip
        row_estimates(
            ax, rows[here], table[here], columns, color=own, marker=marker, filled=filled, size=7.5,
            gid=f"{part}-{verdict}", linewidth=1.5,
        )  # fmt: skip
    for row in rows[table[columns[0]].isna().to_numpy()]:
        ax.text(0, row, say(" could not be estimated").text(), va="center", size=SMALL, color=QUIET)


def _heading(ax: Axes, part: str, outcome: str, color: str, width: float) -> None:
    words = WORDS[outcome]
    heading = say("SAYING: {outcome}", outcome=words) if part == "say" else say("DOING: {outcome}", outcome=words)
    wrapped = wrap_to(heading.text(), width, BODY + 1, weight="bold")
    ax.text(
        0, 1, wrapped, transform=ax.transAxes + lift(ax, 5), ha="left", va="bottom", size=BODY + 1, color=color,
        weight="bold", gid=f"heading-{part}",
    )  # fmt: skip


def _finding(result: DriverComparison) -> tuple[Sentence, ...]:
    lists = {verdict: tuple(result.labels.get(n, n) for n in names) for verdict, names in result.lists.items()}
    templates = {
        "both": lambda names: say("Saying and doing both go with {names:list:4}.", names=names),
        "talk only": lambda names: say("Only saying goes with {names:list:4}.", names=names),
        "deeds only": lambda names: say("Only doing goes with {names:list:4}.", names=names),
    }
    found = tuple(make(lists[key]) for key, make in templates.items() if lists.get(key))
    if found:
        return found
    if lists.get("undecided"):
        count = len(lists["undecided"])
        return (
            say_n(
                "No touchpoint is shown to go with saying or doing; {count} is undecided.",
                "No touchpoint is shown to go with saying or doing; {count} are undecided.",
                count,
            ),
        )
    return (say("No touchpoint goes with saying or doing by more than matters."),)


def _shown(result: DriverComparison, table: pd.DataFrame) -> Sentence:
    say_negligible, do_negligible = result.settings["negligible"]
    return say(
        "Change in the chance, all touchpoints in one model, {n} linked answers, {events} with the deed. Thin: "
        "{level:percent:0} intervals (Holm, {count} tests each); thick: {inner:percent:0}, within the grey bands "
        "(±{small_say}, ±{small_do} points) too small to matter. Associations, not causes.",
        result.settings,
        inner=2 * result.settings["level"] - 1,  # two one-sided tests: the level of equivalence
        count=int(table["say_estimate"].notna().sum()),
        small_say=_plain(say_negligible),
        small_do=_plain(do_negligible),
        n=int(result.doing.n),
        events=int(result.doing.events or 0),
    )


def _plain(delta: float) -> Worded:
    return Number(delta * 100, 0 if round(delta * 100, 6) == round(delta * 100) else 1)
