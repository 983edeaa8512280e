"""What all ``plot_…`` functions share: whose result they draw, where, and what is said of it in their docstrings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import ParamSpec, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from tpm_widgets.plots.letters import take_letters

P = ParamSpec("P")
DRAWING = RLock()  # panels draw from a second thread of the kernel, while a cell may draw as well

SHARED = """\
Parameters
    ----------
    result : {kind}
        From ``{verb}``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; as the last line of a notebook's cell they show themselves.

    Raises
    ------
    TypeError
        Where ``result`` is anything else, such as the study.

    Examples
"""


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that axes stand in; refuse axes that were taken out of theirs."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("The axes stand in no figure.")
    return figure


def panels_of(ax: Axes) -> list[Axes]:
    """Return the axes that belong to others."""
    return [panel for panel in ax.child_axes if isinstance(panel, Axes)]


def as_written(ax: Axes) -> None:
    """Show every word as it is: a name with two dollars in it is no formula, and one in Japanese has no boxes."""
    for text in ax.findobj(Text):
        cast(Text, text).set_parse_math(False)
    take_letters(ax)


def draws(kind: type, verb: str, *others: type) -> Callable[[Callable[P, Axes]], Callable[P, Axes]]:
    """Make a function of a result and axes a ``plot_…`` function.

    It refuses what is no such result, draws under a lock, and its docstring is given the sections that are the same
    for all, before its examples, unless it has its own.

    Parameters
    ----------
    kind : type
        The result that it draws.
    verb : str
        The function that returns such a result.
    *others : type
        Results that it draws as well.

    Examples
    --------
    >>> from tpm_widgets.plots.as_is.score.net_promoter_score import plot_net_promoter_score
    >>> print(plot_net_promoter_score.__doc__.split("Returns")[0])
    Draw the Net Promoter Score ...
        result : NetPromoterScore
            From ``net_promoter_score``.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure by default.
    """

    def decorate(plot: Callable[P, Axes]) -> Callable[P, Axes]:
        @wraps(plot)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
            result = args[0] if args else kwargs.get("result")
            if not isinstance(result, (kind, *others)):
                raise TypeError(
                    f"result must be a {kind.__name__}, as tpm.{verb}(…) returns it; got {type(result).__name__}."
                )
            with DRAWING:
                ax = plot(*args, **kwargs)
                as_written(ax)
            return ax

        words = plot.__doc__ or ""
        if "    Parameters\n" not in words:
            kinds = " or ".join(own.__name__ for own in (kind, *others))
            shared = SHARED.format(kind=kinds, verb=verb)
            drawn.__doc__ = words.replace("Examples\n", shared, 1)
        return drawn

    return decorate
