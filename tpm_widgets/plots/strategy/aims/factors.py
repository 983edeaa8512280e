"""Disappointment, OK and delight: what a low rating costs and what a high one gains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.ties import tied
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw, side_panel
from tpm_widgets.plots.scales import grid, points_axis, signed_axis, zero_line
from tpm_widgets.plots.theme import BODY, EXPERIENCE_COLORS, INK, QUIET, UNDECIDED
from tpm_widgets.plots.words import effect, outcome_words
from tpm_widgets.statistics.association.asymmetry import LIMITS
from tpm_widgets.strategy.aims.factors import PenaltyReward
from tpm_widgets.strategy.drivers.outcomes import Outcome

DELIGHT = "#1F8A80"  # the colour of delight, dark enough for a thin line


FACTOR_NAMES = {
    "delighter": say("delights"),
    "satisfier": say("rather delights"),
    "hybrid": say("both ways"),
    "dissatisfier": say("rather disappoints"),
    "frustrator": say("disappoints"),
    "wrong sign": say("goes the other way"),
    "too uncertain": say("too uncertain"),
}


@draws(PenaltyReward, "penalty_reward")
def plot_penalty_reward(result: PenaltyReward, ax: Axes | None = None) -> Axes:
    """Draw for each touchpoint what a low and what a high rating goes with, against the middle one.

    What delights stands on top, what disappoints at the bottom; touchpoints without a factor are grey and say why.
    Beside them stands which way each leans, from only disappointment to only delight, with its interval and the limits
    of the five factors, and in how many resamples the factor is the one that is named.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_penalty_reward(tpm.penalty_reward(study))
    <Picture: ...>
    """
    outcome = result.outcome
    table = result.table.sort_values("asymmetry", ascending=False, kind="stable", ignore_index=True)
    if table[["reward", "penalty"]].isna().all(axis=None):
        reason = say("No touchpoint has enough low, middle and high ratings.")
        return nothing_to_draw(canvas(ax), say("What delights and what disappoints"), reason)
    ax, rows = row_axes(ax, [result.labels.get(name, name) for name in table["touchpoint"]])
    judged = table["factor"].notna().to_numpy()
    for kind, color, marker, shift in (
        ("penalty", EXPERIENCE_COLORS["disappointed"], "v", 0.14),
        ("reward", DELIGHT, "^", -0.14),
    ):
        columns = (kind, f"{kind}_low", f"{kind}_high")
        row_estimates(ax, rows[judged] + shift, table[judged], columns, color=color, marker=marker, gid=kind)
        row_estimates(
            ax, rows[~judged] + shift, table[~judged], columns, color=UNDECIDED, marker=marker, filled=False,
            gid=f"{kind}-undecided",
        )  # fmt: skip
    grid(ax, "x")
    zero_line(ax, x=0)
    _sides(ax)
    axis = signed_axis if outcome == "recommend" else points_axis
    axis(ax.xaxis, _unit(outcome))
    panel = _leaning(ax, rows, table)
    offset = column(panel, rows, [_factor(entry) for _, entry in table.iterrows()], say("The touchpoint …"))
    odds = ["–" if np.isnan(share) else Percent(share, 0).text() for share in table["probability"]]
    column(panel, rows, odds, say("How sure"), offset)
    return caption(ax, _finding(result, table, outcome), _shown(result, table))


def _leaning(ax: Axes, rows: np.ndarray, table: pd.DataFrame) -> Axes:
    """Draw the asymmetry with its interval in a panel of its own, the limits of the factors as dotted lines."""
    panel = side_panel(ax, width=1.7)
    columns = ("asymmetry", "asymmetry_low", "asymmetry_high")
    likely = (table["probability"] >= 0.5).to_numpy()
    unsure = (table["probability"] < 0.5).to_numpy()
    row_estimates(panel, rows[likely], table[likely], columns, color=INK, marker="D", size=6.5, gid="asymmetry")
    row_estimates(
        panel, rows[unsure], table[unsure], columns, color=UNDECIDED, marker="D", size=6.5, filled=False,
        gid="asymmetry-unsure",
    )  # fmt: skip
    for limit in LIMITS:
        panel.axvline(limit, color=QUIET, linewidth=0.9, linestyle=(0, (2, 3)), zorder=1)
    zero_line(panel, x=0)
    panel.set_xlim(-1.08, 1.08)
    signed_axis(panel.xaxis, say("Asymmetry"), ticks=4)
    return panel


def _sides(ax: Axes) -> None:
    """Name the two marks where they stand: below 0 and above."""
    for words, color, x, side in (
        (say("▼ low rating"), EXPERIENCE_COLORS["disappointed"], -8, "right"),
        (say("▲ high rating"), DELIGHT, 8, "left"),
    ):
        ax.annotate(
            words.text(), (0, 1), xycoords=ax.get_xaxis_transform(), xytext=(x, 3), textcoords="offset points",
            ha=side, va="bottom", size=BODY, weight="bold", color=color,
        )  # fmt: skip


def _unit(outcome: str) -> Sentence:
    if outcome == "recommend":
        return say("Change in the score against a middle rating (points of its scale)")
    return say(
        "Change in the chance of {outcome} against a middle rating (percentage points)", outcome=outcome_words(outcome)
    )


def _factor(entry: pd.Series) -> str:
    key = entry["note"] if pd.isna(entry["factor"]) else entry["factor"]
    return FACTOR_NAMES[key].text() if key in FACTOR_NAMES else "–"


def _finding(result: PenaltyReward, table: pd.DataFrame, outcome: Outcome) -> Sentence:
    judged = table[table["factor"].notna()]
    if judged.empty:
        return say("No touchpoint is shown to delight more than it disappoints, or the other way round")
    rows = judged.to_dict("records")
    best, worst = tied(rows, "reward"), tied(rows, "penalty", lowest=True)
    return say(
        "Delight goes furthest at {best:list} ({gain} points), disappointment at {worst:list} ({loss})",
        best=tuple(result.labels.get(row["touchpoint"], row["touchpoint"]) for row in best),
        gain=effect(outcome, best[0]["reward"]),
        worst=tuple(result.labels.get(row["touchpoint"], row["touchpoint"]) for row in worst),
        loss=effect(outcome, worst[0]["penalty"]),
    )


def _shown(result: PenaltyReward, table: pd.DataFrame) -> Sentence:
    return say(
        "High and low ratings against middle ones, all touchpoints in one model, with {level:percent:0} intervals; {n} "
        "ratings each. How sure: the factor's share of {replicates:count} resamples. Grey: no factor, or less sure "
        "than 50%. Associations, not causes.",
        result.settings,
        n=rests_on(table["n"]),
    )
