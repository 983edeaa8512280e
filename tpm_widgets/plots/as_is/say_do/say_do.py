"""Say against do in four pictures: by score, by class, by group, over time."""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tpm_widgets.as_is.say_do.answers import what_is_missing
from tpm_widgets.as_is.say_do.say_do import SayDo
from tpm_widgets.language import say
from tpm_widgets.options import check_option
from tpm_widgets.plots.as_is.say_do.groups import plot_say_do_groups
from tpm_widgets.plots.as_is.say_do.scores import draw_origin, draw_scores
from tpm_widgets.plots.as_is.say_do.time import plot_say_do_time
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.picture import Picture, canvas, nothing_to_draw

View = Literal["scores", "origin", "groups", "time", "all"]
# Several pictures in one figure, in inches: each has its fixed place, so that none moves when the next is drawn.
CELL = (8.5, 6.6)
BELOW = 0.85  # for the lower axis
ABOVE = {"scores": 3.0}  # for title, subtitle and what each class did; without classes less
LEFT = {"origin": 2.15}  # for names; numbers need less


@draws(SayDo, "say_do")
def plot_say_do(result: SayDo, ax: Axes | None = None, *, view: View | None = None) -> Axes:
    """Draw what customers said against what they did: by score, by class, by group, over time, or all four.

    Parameters
    ----------
    result : SayDo
        From ``say_do``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default. Not with ``view="all"``, which needs a figure of its own.
    view : {"scores", "origin", "groups", "time", "all"}, optional
        *scores*: for every score the share who really recommended (in a reported study, who say so). *origin*: each
        class's share of the answers and of all recommendations. *groups*, *time*: score and recommendations by group,
        and period by period. *all*: the four together, in an unlinked study the last two. By default scores, in an
        unlinked study groups or else time.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, of all four the first; as the last line of a notebook's cell they show themselves.

    Raises
    ------
    TypeError
        Where ``result`` is anything else, such as the study.
    ValueError
        Where ``view`` is none of these, or all four are to be drawn into one axes.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_say_do(tpm.say_do(study, replicates=50))
    <Picture: ... of the promoters recommended within 365 days...>
    """
    if view is None:
        view = "scores" if result.kind != "unlinked" else "groups" if result.groups is not None else "time"
    check_option("view", view, View)
    if view != "all":
        return _draw(result, canvas(ax), view)
    if ax is not None:
        raise ValueError("view='all' draws four pictures in a figure of its own; leave ax out, or choose one view.")
    views = ("groups", "time") if result.kind == "unlinked" else ("scores", "origin", "groups", "time")
    return _together(result, views)


def _together(result: SayDo, views: tuple[str, ...]) -> Axes:
    """Draw several views into one figure, two beside each other; returns the first, which shows the figure."""
    width, height = 2 * CELL[0], len(views) // 2 * CELL[1]
    figure = Figure(figsize=(width, height), facecolor="white")
    panels = []
    for place, view in enumerate(views):
        row, beside = divmod(place, 2)
        left, bottom = beside * CELL[0] + LEFT.get(view, 0.8), height - (row + 1) * CELL[1] + BELOW
        right, top = (beside + 1) * CELL[0] - 0.35, height - row * CELL[1] - ABOVE.get(view, 2.0)
        frame = (left / width, bottom / height, (right - left) / width, (top - bottom) / height)
        panels.append(_draw(result, canvas(figure.add_axes(frame, axes_class=Picture)), view))
    return panels[0]


def _draw(result: SayDo, ax: Axes, view: str) -> Axes:
    """Draw one of the four, or say why it cannot be."""
    if view == "scores":
        return draw_scores(ax, result)
    if view == "origin":
        return draw_origin(ax, result)
    if view == "groups" and result.groups is not None:
        return plot_say_do_groups(result.groups, ax=ax)
    if view == "time" and result.time is not None:
        return plot_say_do_time(result.time, ax=ax)
    return nothing_to_draw(ax, say("Say against do"), what_is_missing(result, view))
