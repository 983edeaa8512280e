"""Four looks at a driver regression: collinearity, influence, predictions, and the mood behind the ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from tpm_widgets.language import Number, Percent, Sentence, Worded, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.forms import cloud
from tpm_widgets.plots.picture import canvas, caption, frame, nothing_to_draw, points_per_pixel, settle
from tpm_widgets.plots.scales import grid, number_axis, percent_axis, zero_line
from tpm_widgets.plots.text import text_width, wrap_names, wrap_to
from tpm_widgets.plots.theme import INK, QUIET, SMALL
from tpm_widgets.plots.words import outcome_color, outcome_words
from tpm_widgets.strategy.trust.diagnoses import CHECKS, INFLATED, MOOD, MOVED
from tpm_widgets.strategy.trust.diagnostics import DriverDiagnostics

MOST_ROWS = 12
WIDEST = 200.0  # a name in one line, in points
PITCH, LEAST_LETTERS = 17.0, 9.0  # of the names, in points
CAPTION, HEADING, AXIS, BETWEEN = 95.0, 34.0, 48.0, 40.0  # points
LOWER = 150.0  # height of the lower panels in a figure of its own


@draws(DriverDiagnostics, "driver_diagnostics")
def plot_driver_diagnostics(result: DriverDiagnostics, ax: Axes | None = None) -> Axes:
    """Draw variance inflation and influence by touchpoint, predictions against outcomes, and the ratings' components.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> tpm.plot_driver_diagnostics(tpm.driver_diagnostics(tpm.driver_regression(study)))
    <Picture: ...>
    """
    table = _rows(result)
    if table.empty:
        return nothing_to_draw(canvas(ax), say("Diagnostics"), say("No touchpoint's effect could be estimated."))
    names = [str(result.labels.get(name, name)) for name in table["touchpoint"]]
    lines = max(name.count("\n") + 1 for name in wrap_names(names, SMALL, WIDEST))
    upper = max((PITCH + 1.2 * SMALL * (lines - 1)) * len(names), 90.0)
    rest = CAPTION + 2 * (HEADING + AXIS) + upper + LOWER
    ax = canvas(None, rest / 72) if ax is None else canvas(ax)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(NullLocator())
    ax.set_xlabel(say("Beyond a dashed line it matters.").text())
    ax.xaxis.label.set(size=SMALL, color=QUIET)
    settle(ax)
    scale, box = points_per_pixel(ax), ax.get_window_extent()
    width, height = box.width * scale, box.height * scale - CAPTION
    free = height - 2 * (HEADING + AXIS)
    upper *= free / (upper + LOWER)
    size = float(np.clip(0.82 * upper / len(names), LEAST_LETTERS, SMALL))
    names = wrap_names(names, size, WIDEST) if upper / len(names) > 2.4 * size else names
    left = (max(text_width(line, size) for name in names for line in name.split("\n")) + 10) / width
    half, gap = (1 - left - BETWEEN / width) / 2, BETWEEN / width
    base, top = AXIS / height, (AXIS + free - upper + HEADING + AXIS) / height
    color = outcome_color(result.outcome)
    first = _panel(ax, (left, top, half, upper / height), say("Do the ratings tell touchpoints apart?"))
    second = _panel(ax, (left + half + gap, top, half, upper / height), say("Does it hang on one customer?"))
    vif, gvif = (table[name].to_numpy(float) for name in ("vif", "gvif"))
    _bars(first, vif, INFLATED, 1.0, color, "vif", np.maximum(vif, gvif))
    _diamonds(first, gvif)
    number_axis(first.xaxis, say("Variance inflation (◇ with indicator)"), 5)
    influence = table["influence"].to_numpy(float)
    _bars(second, influence, MOVED, 0.0, color, "influence", influence)
    number_axis(second.xaxis, say("Change without one (standard errors)"), 5)
    first.set_yticks(np.arange(len(names)), names)
    first.tick_params(axis="y", labelsize=size)
    for name in first.get_yticklabels():
        name.set_linespacing(1.0)
    second.set_yticks([])
    wide = (1 - gap - 46 / width) / 2
    third = (46 / width, base, wide, (free - upper) / height)
    _predictions(ax, third, result, color)
    _components(ax, (46 / width + wide + gap, base, wide, (free - upper) / height), result.components)
    return caption(ax, _finding(result), _shown(result, table))


def _rows(result: DriverDiagnostics) -> pd.DataFrame:
    """Return the touchpoints nearest to a limit, sorted by variance inflation."""
    known = result.table.dropna(subset="vif")
    near = pd.concat([known["vif"] / INFLATED, known["influence"].fillna(0) / MOVED], axis=1).max(axis=1)
    chosen = known.loc[near.sort_values(ascending=False, kind="stable").index[:MOST_ROWS]]
    return chosen.sort_values("vif", ascending=False, kind="stable", ignore_index=True)


def _panel(ax: Axes, bounds: tuple[float, float, float, float], heading: Worded) -> Axes:
    panel = ax.inset_axes(bounds)
    frame(panel)
    width = panel.get_window_extent().width * points_per_pixel(panel) + BETWEEN / 2
    panel.annotate(
        wrap_to(heading.text(), width, SMALL, weight="bold"), (0, 1), xycoords="axes fraction",
        xytext=(0, 5), textcoords="offset points", ha="left", va="bottom", size=SMALL, weight="bold", color=INK,
        annotation_clip=False,
    )  # fmt: skip
    return panel


def _bars(panel: Axes, values: np.ndarray, limit: float, start: float, color: str, gid: str, reach: np.ndarray) -> None:
    """Draw one bar per row from ``start``, its number behind what ``reach`` takes, and the limit."""
    rows = np.arange(len(values))
    known = np.isfinite(values)
    panel.barh(rows[known], values[known] - start, left=start, height=0.55, color=color, gid=gid)
    for row, value, end in zip(rows, values, reach, strict=True):
        words = Number(value).text() if np.isfinite(value) else say("decides alone").text()
        panel.annotate(
            words, (end if np.isfinite(end) else start, row), xytext=(7, 0), textcoords="offset points", va="center",
            size=LEAST_LETTERS + 1, color=INK,
        )  # fmt: skip
    panel.axvline(limit, color=INK, linewidth=1.2, linestyle="--", gid="limit")
    panel.set_xlim(start, max(1.12 * limit, 1.18 * float(np.max(reach, where=np.isfinite(reach), initial=start))))
    panel.set_ylim(len(values) - 0.4, -0.6)
    grid(panel, "x")


def _diamonds(panel: Axes, values: np.ndarray) -> None:
    panel.plot(
        values, np.arange(len(values)), linestyle="none", marker="D", markersize=5, markerfacecolor="white",
        markeredgecolor=INK, gid="gvif", clip_on=False, zorder=4,
    )  # fmt: skip


def _predictions(ax: Axes, bounds: tuple[float, float, float, float], result: DriverDiagnostics, color: str) -> None:
    """Draw residuals against predictions (scores), or what happened against what other people's answers predict."""
    table = result.calibration
    if result.ends is not None:
        panel = _panel(ax, bounds, say("Is it a straight line, equally wide everywhere?"))
        cloud(panel, result.predicted, result.observed - result.predicted, color=color, gid="residuals")
        shift = table["predicted"].to_numpy(float)
        zero_line(panel, y=0)
        number_axis(panel.xaxis, say("Predicted score; dots: means of tenths"), 6)
        number_axis(panel.yaxis, say("Residual"), 4)
    else:
        panel = _panel(ax, bounds, say("Does it come true for other people?"))
        shift = np.zeros(len(table))
        ends = [0.0, float(np.nanmax(table[["predicted", "conf_high"]].to_numpy(float))) if len(table) else 1.0]
        panel.plot(ends, ends, color=INK, linewidth=1.1, gid="equal")
        axis = percent_axis if result.measure == "auc" else number_axis
        unit = say("percent") if result.measure == "auc" else say("recommendations per answer")
        axis(panel.xaxis, say("Predicted in tenths ({unit})", unit=unit), 6)
        axis(panel.yaxis, say("Seen"), 4)
    x, low, high = (table[name].to_numpy(float) for name in ("predicted", "conf_low", "conf_high"))
    panel.vlines(x, low - shift, high - shift, color=INK, linewidth=2.0, zorder=4, gid="calibration-intervals")
    panel.plot(x, table["observed"].to_numpy(float) - shift, linestyle="none", marker="o", markersize=5.5, color=INK,
               zorder=5, gid="calibration")  # fmt: skip
    panel.yaxis.label.set(size=SMALL)
    grid(panel, "y")


def _components(ax: Axes, bounds: tuple[float, float, float, float], components: pd.DataFrame) -> None:
    """Draw the share of each principal component of the ratings."""
    panel = _panel(ax, bounds, say("How much is one mood?"))
    if components.empty:
        panel.set_yticks([])
        panel.set_xticks([])
        return
    panel.bar(components["component"], components["share"], width=0.6, color=QUIET, gid="component")
    first = float(components["share"].to_numpy()[0])
    panel.annotate(
        Percent(first, 0).text(), (components["component"].iloc[0], first), xytext=(9, 3), textcoords="offset points",
        ha="left", va="bottom", size=SMALL, color=INK, zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},  # the limit may run behind it
    )  # fmt: skip
    panel.axhline(MOOD, color=INK, linewidth=1.2, linestyle="--", gid="limit")
    panel.set_ylim(0, max(1.12 * MOOD, 1.15 * first))
    percent_axis(panel.yaxis, say("Share (percent)"), 3)
    panel.set_ylabel("")  # said below: upright, it would not fit a low panel
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_xlim(0.4, len(components) + 0.6)
    panel.set_xlabel(say("Principal component of the ratings (share in percent)").text())
    grid(panel, "y")


def _finding(result: DriverDiagnostics) -> Sentence:
    if not result.mattering:
        return say("No check speaks against these drivers of {outcome}", outcome=outcome_words(result.outcome))
    return say(
        "What matters for these drivers of {outcome}: {names:list}",
        outcome=outcome_words(result.outcome),
        names=tuple(CHECKS[name] for name in result.mattering),
    )


def _shown(result: DriverDiagnostics, table: pd.DataFrame) -> Sentence:
    values = {"n": result.n, "checks": len(result.checks), "shown": len(table), "all": int(result.table["vif"].count())}
    if values["shown"] < values["all"]:
        return say("{checks} checks, n = {n}; the {shown} of {all} touchpoints nearest to a limit.", **values)
    return say("{checks} checks, n = {n}; {all} touchpoints.", **values)
