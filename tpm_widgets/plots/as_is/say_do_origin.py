"""Say against do, class by class: who gives the answers, and who makes the recommendations."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tpm_widgets.as_is.say_do import SayDo
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.as_is.say_do_scores import CLASS_NAMES
from tpm_widgets.plots.marks import row_axes, row_estimates
from tpm_widgets.plots.picture import caption, nothing_to_draw, points_per_pixel, settle
from tpm_widgets.plots.scales import grid, percent_axis
from tpm_widgets.plots.text import text_width
from tpm_widgets.plots.theme import DOING, SAYING, SMALL

SHARE = ("recommendation_share", "share_low", "share_high")


def draw_origin(ax: Axes, result: SayDo) -> Axes:
    """Draw each class's share of the answers (saying) beside its share of all recommendations (doing)."""
    known = result.classes.dropna(subset=["recommendation_share"])
    if known.empty:
        reason = say("Nobody who answered is known to have recommended, so there is nothing to divide.")
        return nothing_to_draw(ax, say("Who makes the recommendations"), reason)
    classes = zip(known["promoter_class"], known["n"], strict=True)
    names = [say("{name} (n = {n})", name=CLASS_NAMES[name], n=int(count)).text() for name, count in classes]
    _, rows = row_axes(ax, names)
    said = known["answer_share"].to_numpy(float)
    ax.hlines(rows - 0.12, 0, said, color=SAYING, linewidth=2.6, gid="answers-bars")
    ax.plot(said, rows - 0.12, "s", color=SAYING, markersize=9, gid="answers", zorder=4)
    row_estimates(ax, rows + 0.16, known, SHARE, color=DOING, gid="origin")
    said_words = [say("{share} of answers", share=Percent(share, 0)).text() for share in said]
    done_words = [_made(share, result.kind).text() for share in known["recommendation_share"]]
    done_ends = known["share_high"].to_numpy(float)
    _leave_room(ax, [*zip(said, said_words, strict=True), *zip(done_ends, done_words, strict=True)])
    _write(ax, rows - 0.12, said, said_words, SAYING)
    _write(ax, rows + 0.16, done_ends, done_words, DOING)
    grid(ax, "x")
    percent_axis(ax.xaxis, say("Share of answers (squares) and of what was done (dots), percent"), ticks=5)
    return caption(ax, _finding(result), _shown(result))


def _made(share: float, kind: str) -> Sentence:
    if kind == "reported":
        return say("{share} of those who report", share=Percent(share, 0))
    return say("{share} of recommendations", share=Percent(share, 0))


def _leave_room(ax: Axes, ends: list[tuple[float, str]]) -> None:
    """Let the axis run so far that the words behind each mark end inside."""
    settle(ax)
    room = ax.get_window_extent().width * points_per_pixel(ax)
    widths = [16 + text_width(words, SMALL, "bold") for _, words in ends]
    ax.set_xlim(0, max(end * room / max(room - width, room / 3) for (end, _), width in zip(ends, widths, strict=True)))


def _write(ax: Axes, rows: np.ndarray, ends: np.ndarray, words: list[str], color: str) -> None:
    for row, end, text in zip(rows, ends, words, strict=True):
        ax.annotate(
            text, (end, row), xytext=(9, 0), textcoords="offset points", ha="left", va="center",
            size=SMALL, color=color, weight="bold",
        )  # fmt: skip


def _finding(result: SayDo) -> Sentence:
    (row,) = result.classes[result.classes["promoter_class"] == "promoter"].to_dict("records")
    values = {"made": Percent(row["recommendation_share"], 0), "said": Percent(row["answer_share"], 0)}
    if result.kind == "reported":
        return say("Promoters are {said} of the respondents and {made} of those who report a recommendation", **values)
    return say("Promoters give {said} of the answers and make {made} of the recommendations", **values)


def _shown(result: SayDo) -> Sentence:
    rest = 1 - float(result.classes.set_index("promoter_class")["recommendation_share"]["promoter"])
    deeds = result.classes["referrers" if result.kind == "reported" else "recommendations"]
    return say(
        "Blue: what they say. Vermilion: what they do, with {level} intervals. A programme for promoters only would "
        "miss {rest}. n = {n} answers, {count} deeds.",
        level=Percent(result.settings["level"], 0),
        rest=Percent(rest, 0),
        n=int(result.n),
        count=int(deeds.sum()),
    )
