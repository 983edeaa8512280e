"""Say against do: what customers with each score did afterwards, or report to have done; and class by class, who gives
the answers, and who makes the recommendations.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tpm_widgets.as_is.say_do.say_do import SayDo
from tpm_widgets.as_is.say_do.yes_no import origin
from tpm_widgets.language import Number, Sentence, say
from tpm_widgets.plots.marks import course, row_axes, row_estimates
from tpm_widgets.plots.picture import caption, nothing_to_draw, points_per_pixel, settle
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.text import text_width, wrap_to
from tpm_widgets.plots.theme import ANSWER_COLORS, DOING, INK, SAYING, SMALL

INTERVAL = ("estimate", "conf_low", "conf_high")

CLASS_NAMES = {
    "detractor": say("Detractors"),
    "passive": say("Passives"),
    "promoter": say("Promoters"),
    "yes": say("Who say yes"),
    "no": say("Who say no"),
}

SHARE = ("recommendation_share", "share_low", "share_high")


def draw_scores(ax: Axes, result: SayDo) -> Axes:
    """Draw, for every score that customers gave, the share who recommended (or report it)."""
    known = pd.DataFrame() if result.kind == "unlinked" else result.table[result.table["estimate"].notna()]
    if known.empty:
        return nothing_to_draw(ax, say("Say against do"), _why_not(result))
    course(ax, known["score"].to_numpy(float), known, INTERVAL, color=DOING, linestyle="none")
    _height(ax, known)
    _scores(ax, result.table)
    above = _classes(ax, result)
    grid(ax, "y")
    percent_axis(ax.yaxis, _done(result))
    ax.yaxis.label.set(color=DOING, weight="bold")
    upright_label(ax, above)
    return caption(ax, _finding(result), _shown(result))


def _why_not(result: SayDo) -> Sentence:
    if result.kind == "unlinked":
        return say("Answers are not tied to customers here, so nobody knows who with which score recommended.")
    return say("No answer could be followed, or every score was given too seldom to be shown.")


def _done(result: SayDo) -> Sentence:
    if result.kind == "reported":
        return say("DOING: report a recommendation in the past 12 months (percent)")
    if result.kind == "undated":
        return say("DOING: recommended, at any time (percent)")
    return say("DOING: recommended within {window} days (percent)", window=int(result.window))


def _height(ax: Axes, known: pd.DataFrame) -> None:
    """Leave room for all estimates; an interval of a handful of answers may run out, and then says how far."""
    highest, longest = float(known["estimate"].max()), float(known["conf_high"].max())
    top = max(min(1.06 * longest, 1.8 * highest), 0.03)
    ax.set_ylim(-0.025 * top, top)
    for entry in known[known["conf_high"] > top].to_dict("records"):
        ax.annotate(
            say("↑ {conf_high:percent:0}", entry).text(), (entry["score"], 1), size=SMALL - 1,
            xycoords=ax.get_xaxis_transform(), xytext=(5, -2), textcoords="offset points", ha="left", va="top",
            color=DOING, gid="runs-out",
        )  # fmt: skip


def _scores(ax: Axes, table: pd.DataFrame) -> None:
    """Name each score with its number of answers."""
    counts = [Number(value, 0).text() for value in table["n"]]
    yes_no = set(table["promoter_class"]) == {"yes", "no"}
    named = (
        [say("yes").text() if score else say("no").text() for score in table["score"]]
        if yes_no
        else [Number(score, 0).text() for score in table["score"]]
    )
    ax.set_xticks(table["score"], [f"{name}\n{n}" for name, n in zip(named, counts, strict=True)])
    ax.tick_params(axis="x", pad=14)
    ax.set_xlim(float(table["score"].min()) - 0.5, float(table["score"].max()) + 0.5)
    ax.set_xlabel(say("SAYING: score given; below it the number of answers").text(), color=SAYING, weight="bold")


def _classes(ax: Axes, result: SayDo) -> float:
    """Mark the three classes under the scores, and say above what each of them did; returns the words' height."""
    settle(ax)
    per_score = ax.get_window_extent().width * points_per_pixel(ax) / float(np.diff(ax.get_xlim())[0])
    tallest = 0
    for entry in result.classes.to_dict("records"):
        scores = result.table.loc[result.table["promoter_class"] == entry["promoter_class"], "score"]
        if scores.empty:
            continue
        left, right = float(scores.min()) - 0.47, float(scores.max()) + 0.47
        strip = Rectangle(
            (left, -0.045), right - left, 0.025, transform=ax.get_xaxis_transform(), clip_on=False, linewidth=0,
            color=ANSWER_COLORS[entry["promoter_class"]],
        )  # fmt: skip
        ax.add_patch(strip)
        words = wrap_to(_did(entry, result.kind).text(), 0.97 * (right - left) * per_score, SMALL)
        tallest = max(tallest, words.count("\n") + 1)
        ax.annotate(
            words, ((left + right) / 2, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 4), ha="center", va="bottom",
            textcoords="offset points", size=SMALL, color=INK, gid="class", annotation_clip=False,
        )  # fmt: skip
        if np.isfinite(entry["estimate"]):
            ax.hlines(
                entry["estimate"], left, right, color=DOING, linewidth=1.6, linestyle=(0, (2, 2)), zorder=2.5,
                gid=f"class-{entry['promoter_class']}",
            )  # fmt: skip
    return tallest * 1.45 * SMALL + 6


def _did(entry: dict[Hashable, Any], kind: str) -> Sentence:
    name = CLASS_NAMES[entry["promoter_class"]]
    if not np.isfinite(entry["estimate"]):
        return say("{name}: withheld, too few answers", name=name)
    share = say("{name}: {share:percent}", name=name, share=entry["estimate"])
    if not np.isfinite(entry["recommendation_share"]):
        return share
    if kind in ("reported", "undated"):
        return say("{share}, {all:percent:0} of all who do", share=share, all=entry["recommendation_share"])
    return say("{share}, made {all:percent:0} of all", share=share, all=entry["recommendation_share"])


def _finding(result: SayDo) -> Sentence:
    classes = result.classes.set_index("promoter_class")["estimate"]
    if result.question.yes_no:
        return result.answers()[0]
    if result.kind == "reported":
        return _reported(classes)
    if result.kind == "undated":
        return _undated(classes)
    if float(result.classes["referrers"].sum()) == 0:
        return say("Nobody who answered recommended within {window} days", window=int(result.window))
    if np.isfinite(classes.get("promoter", np.nan)) and np.isfinite(classes.get("detractor", np.nan)):
        return say(
            "{promoter:percent} of the promoters recommended within {window} days, and {detractor:percent} of the "
            "detractors",
            classes,
            window=int(result.window),
        )
    return say("What customers did within {window} days after they answered", window=int(result.window))


def _reported(classes: pd.Series) -> Sentence:
    if np.isfinite(classes.get("promoter", np.nan)) and np.isfinite(classes.get("detractor", np.nan)):
        return say(
            "{promoter:percent} of the promoters report a recommendation in the past 12 months, and "
            "{detractor:percent} of the detractors",
            classes,
        )
    return say("What respondents report to have done in the 12 months before they answered")


def _undated(classes: pd.Series) -> Sentence:
    if np.isfinite(classes.get("promoter", np.nan)) and np.isfinite(classes.get("detractor", np.nan)):
        return say(
            "{promoter:percent} of the promoters have recommended at some time, and {detractor:percent} of the "
            "detractors",
            classes,
        )
    return say("What customers did at some time, by what they say")


def _shown(result: SayDo) -> Sentence:
    if result.kind == "undated":
        return say(
            "Association without time: share whose customers have recommended, before the answer or after it, with "
            "{level:percent:0} intervals (Wilson); dashed: the class. n = {n} answers.",
            result.settings,
            n=int(result.n),
        )
    if result.kind == "reported":
        return say(
            "Reported, looks back: share who say that they recommended before they answered, with {level:percent:0} "
            "intervals (Wilson); dashed: the class. n = {n} answers.",
            result.settings,
            n=int(result.n),
        )
    if not np.isfinite(result.auc.estimate):
        return say(
            "Share who recommended (Kaplan–Meier), with {level:percent:0} intervals; dashed: the class. n = {n} "
            "answers.",
            result.settings,
            n=int(result.n),
        )
    return say(
        "Share who recommended (Kaplan–Meier), with {level:percent:0} intervals; dashed and above: each class, and its "
        "part of all recommendations. n = {n} answers. Who recommended had scored higher than who did not in "
        "{estimate:percent:0} of pairs ({conf_interval:percent:0}; {chance:percent:0} is chance).",
        result.auc,
        result.settings,
        chance=0.5,
        n=int(result.n),
    )


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
    said_words = [say("{share:percent:0} of answers", share=share).text() for share in said]
    done_words = [_made(share, result.kind).text() for share in known["recommendation_share"]]
    done_ends = known["share_high"].to_numpy(float)
    _leave_room(ax, [*zip(said, said_words, strict=True), *zip(done_ends, done_words, strict=True)])
    _write(ax, rows - 0.12, said, said_words, SAYING)
    _write(ax, rows + 0.16, done_ends, done_words, DOING)
    grid(ax, "x")
    percent_axis(ax.xaxis, say("Share of answers (squares) and of what was done (dots), percent"), ticks=5)
    return caption(ax, _origin_finding(result), _origin_shown(result))


def _made(share: float, kind: str) -> Sentence:
    if kind == "reported":
        return say("{share:percent:0} of those who report", share=share)
    if kind == "undated":
        return say("{share:percent:0} of what was done", share=share)
    return say("{share:percent:0} of recommendations", share=share)


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


def _origin_finding(result: SayDo) -> Sentence:
    if result.question.yes_no:
        return origin(result)
    (row,) = result.classes[result.classes["promoter_class"] == "promoter"].to_dict("records")
    if result.kind == "reported":
        return say(
            "Promoters are {answer_share:percent:0} of the respondents and {recommendation_share:percent:0} of those "
            "who report a recommendation",
            row,
        )
    if result.kind == "undated":
        return say(
            "Promoters give {answer_share:percent:0} of the answers and {recommendation_share:percent:0} of what was "
            "done is theirs",
            row,
        )
    return say(
        "Promoters give {answer_share:percent:0} of the answers and make {recommendation_share:percent:0} of the "
        "recommendations",
        row,
    )


def _origin_shown(result: SayDo) -> Sentence:
    best = result.question.names[1]
    rest = 1 - float(result.classes.set_index("promoter_class")["recommendation_share"][best])
    deeds = result.classes.get("recommendations", result.classes["referrers"])
    if result.question.yes_no:
        return say(
            "Blue: what they say. Vermilion: what they do, with {level:percent:0} intervals. n = {n} answers, {count} "
            "deeds.",
            result.settings,
            n=int(result.n),
            count=int(deeds.sum()),
        )
    return say(
        "Blue: what they say. Vermilion: what they do, with {level:percent:0} intervals. A programme for promoters "
        "only would miss {rest:percent:0}. n = {n} answers, {count} deeds.",
        result.settings,
        rest=rest,
        n=int(result.n),
        count=int(deeds.sum()),
    )
