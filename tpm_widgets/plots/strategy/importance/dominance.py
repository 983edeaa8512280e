"""Conditional dominance: what each predictor adds, alone, beside others, and beside all of them."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tpm_widgets.language import Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.labels import WhenDrawn, spread
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, points_per_pixel
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.theme import BODY, INK, QUIET, SMALL
from tpm_widgets.plots.words import outcome_color, outcome_words
from tpm_widgets.strategy.importance.dominance import MEASURES, Dominance

LEADERS = 3  # drawn in colour; with more of them nobody could follow a line


@draws(Dominance, "dominance")
def plot_dominance(result: Dominance, ax: Axes | None = None) -> Axes:
    """Draw what each touchpoint or predictor adds to models of growing size; lines that never cross dominate.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> tpm.plot_dominance(tpm.dominance(study))
    <Picture: ... adds most to the willingness to recommend...>
    """
    kind = result.table.columns[0]
    ranked = result.table.dropna(subset="importance").sort_values("rank", kind="stable")
    if ranked.empty:
        reason = say("No dominance could be estimated.")
        return nothing_to_draw(canvas(ax), say("Dominance"), reason)
    ax = canvas(ax)
    gains = result.conditional.pivot(index="size", columns=kind, values="gain")[list(ranked[kind])]
    color = outcome_color(result.outcome)
    for place, name in enumerate(gains):
        leads = place < LEADERS
        ax.plot(
            gains.index, gains[name], color=color if leads else QUIET, linewidth=2.4 if leads else 1.2, marker="o",
            markersize=7 if leads else 4, alpha=1.0 if leads else 0.7, zorder=4 if leads else 3, gid="gain",
        )  # fmt: skip
    grid(ax, "y")
    ax.set_xlim(0.9, len(gains) + 0.02)
    ax.set_ylim(0, 1.05 * max(float(gains.to_numpy().max()), 1e-6))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(say("Predictors in the model, this one included").text())
    percent_axis(ax.yaxis, say("Mean gain (percent of {measure})", measure=MEASURES[result.metric]))
    upright_label(ax)
    names = [str(result.labels.get(str(name), name)) for name in gains]
    _name_lines(ax, gains.iloc[-1].to_numpy(float) / ax.get_ylim()[1], names)
    return caption(ax, _finding(result, gains.to_numpy(), names), _shown(result))


def _name_lines(ax: Axes, heights: np.ndarray, names: list[str]) -> None:
    """Name every line at its right end, tied to it; ``heights`` in 0…1 of the axes, within which the names stay."""
    order = np.argsort(heights, kind="stable")
    size = BODY if len(names) <= 12 else SMALL
    written = [
        ax.annotate(
            names[index], (1, heights[index]), xycoords="axes fraction", xytext=(1.05, heights[index]),
            textcoords="axes fraction", ha="left", va="center", size=size, color=INK, gid="name",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 0,
                        "relpos": (0, 0.5)},
        )
        for index in order
    ]  # fmt: skip

    def arrange() -> None:
        room = max(ax.get_window_extent().height * points_per_pixel(ax), size)
        gap = min(1.25 * size / room, 1 / max(len(names) - 1, 1))
        steps = gap * np.arange(len(names))
        places = np.clip(spread(heights[order], gap) - steps, 0, 1 - steps[-1]) + steps
        for name, place in zip(written, places, strict=True):
            name.set_position((1.05, float(place)))

    ax.add_artist(WhenDrawn(ax, arrange))


def _finding(result: Dominance, gains: np.ndarray, names: list[str]) -> Sentence:
    values = {"name": names[0], "outcome": outcome_words(result.outcome)}
    if len(names) == 1:
        return say("{name} alone explains {share:percent} of {outcome}", share=result.fit, **values)
    if (gains[:, :1] > gains[:, 1:]).all():
        return say("{name} adds most to {outcome}, whatever the number of others beside it", **values)
    return say("{name} adds most to {outcome} on average, but not at every number of others", **values)


def _shown(result: Dominance) -> Sentence:
    return say(
        "Mean gain of {measure} when it joins all possible sets of others, by their number; together all explain "
        "{fit:percent}, n = {n}. Who stays above another at every number dominates it conditionally. Associations, not "
        "causes.",
        measure=MEASURES[result.metric],
        fit=result.fit,
        n=int(result.n),
    )
