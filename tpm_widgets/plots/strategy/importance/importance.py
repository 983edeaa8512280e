"""Relative importance: how what is explained divides among touchpoints or predictors."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.forms import bars
from tpm_widgets.plots.marks import column, row_axes
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, zero_line
from tpm_widgets.plots.theme import BODY, QUIET
from tpm_widgets.plots.words import outcome_color, outcome_words
from tpm_widgets.strategy.drivers.chance import told_chance
from tpm_widgets.strategy.importance.importance import ADDS_UP, METHODS, RelativeImportance


@draws(RelativeImportance, "relative_importance")
def plot_relative_importance(result: RelativeImportance, ax: Axes | None = None) -> Axes:
    """Draw each touchpoint's or predictor's share of what is explained, the largest on top, with its sign.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_relative_importance(tpm.relative_importance(study))
    <Picture: ... carry ... of what is explained of the willingness to recommend ...>
    """
    table = result.table.sort_values("rank", kind="stable", ignore_index=True)
    adds_up = result.settings["method"] in ADDS_UP
    shares = table["share" if adds_up else "importance"].to_numpy(float)
    if np.isnan(shares).all() or result.r_squared <= 0:
        reason = say("Nothing of the outcome's variance is explained, so there is nothing to divide.")
        return nothing_to_draw(canvas(ax), say("Relative importance"), reason)
    names = [str(result.labels.get(name, name)) for name in table.iloc[:, 0]]
    ax, rows = row_axes(ax, names)
    up = (table["sign"] == "+").to_numpy()
    color = outcome_color(result.outcome)
    bars(ax, rows[up], shares[up], color=color, gid="share")
    other = rows[~up], shares[~up]
    bars(ax, *other, color="white", gid="share-other", edgecolor=color, hatch="///", linewidth=1.4)
    for row, share in zip(rows, shares, strict=True):
        known = np.isfinite(share)
        ax.annotate(
            Percent(share).text() if known else say("could not be estimated").text(),
            (max(share, 0) if known else 0, row),
            xytext=(6, 0), textcoords="offset points", va="center", size=BODY, color=QUIET if not known else "black",
        )  # fmt: skip
    grid(ax, "x")
    low = float(np.nanmin(shares, initial=0))
    ax.set_xlim(1.3 * low, 1.12 * float(np.nanmax(shares)))
    if low < 0:
        zero_line(ax, x=0)
    unit = say("Share of what is explained (percent)") if adds_up else say("Importance (percent of the variance)")
    percent_axis(ax.xaxis, unit)
    column(ax, rows, [_sign(sign) for sign in table["sign"]], say("Sign"))
    chance = told_chance(result.r_squared, result.n, result.coefficients)
    return caption(ax, _finding(result, names, shares), (_shown(result, bool((~up).any())), *chance))


def _sign(sign: object) -> str:
    signs = {"+": "+", "-": "−", "mixed": say("mixed").text()}
    return signs.get(str(sign), "–")


def _finding(result: RelativeImportance, names: list[str], shares: np.ndarray) -> Sentence:
    most = min(2, len(names))
    if len(names) == 1:
        return say(
            "{name} alone explains {r_squared:percent} of {outcome}",
            name=names[0],
            r_squared=result.r_squared,
            outcome=outcome_words(result.outcome),
        )
    if result.settings["method"] not in ADDS_UP:
        return say(
            "{names:list} come first for {outcome}", outcome=outcome_words(result.outcome), names=tuple(names[:most])
        )
    return say(
        "{names:list} carry {share:percent:0} of what is explained of {outcome}",
        share=np.nansum(shares[:most]),
        outcome=outcome_words(result.outcome),
        names=tuple(names[:most]),
    )


def _shown(result: RelativeImportance, others: bool) -> Sentence:
    values = {"r_squared": result.r_squared, "n": int(result.n)}
    if result.settings["method"] not in ADDS_UP:
        return say(
            "By {method}, n = {n}; this does not divide R² = {r_squared:percent}. Hatched: more of it goes with less "
            "of the outcome, or signs are mixed.",
            method=METHODS[result.settings["method"]],
            **values,
        )
    if result.settings["method"] == "pratt":
        return say(
            "Shares of R² = {r_squared:percent} by Pratt's measure, n = {n}. Hatched: more of it goes with less of the "
            "outcome, or signs are mixed.",
            **values,
        )
    if others:
        return say(
            "Shares of R² = {r_squared:percent}, n = {n}. Hatched: more of it goes with less of the outcome, or signs "
            "are mixed. A share is never negative, so it does not tell a driver from noise.",
            **values,
        )
    return say(
        "Shares of R² = {r_squared:percent}, n = {n}. A share is never negative, so it does not tell a driver from "
        "noise.",
        **values,
    )
