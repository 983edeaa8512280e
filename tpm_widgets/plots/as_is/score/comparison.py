"""Differences of the Net Promoter Score: which groups differ, and which may not."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.score.comparison import ScoreComparison, pair_name
from tpm_widgets.language import Points, PValue, Sentence, say, say_n
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_differences
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import points_axis
from tpm_widgets.plots.theme import SAYING

MOST_ROWS = 24  # more could not be read; then the likeliest differences are drawn
P_VALUES = {"holm": say("p (Holm)"), "benjamini_hochberg": say("p (BH)")}


@draws(ScoreComparison, "compare_scores")
def plot_score_comparison(result: ScoreComparison, ax: Axes | None = None) -> Axes:
    """Draw the difference of each pair of groups with its interval, around the line where there is none.

    Filled: more than chance after adjusting for the number of pairs; open and grey: not shown.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_score_comparison(tpm.compare_scores(study, by="region"))
    <Picture: ...>
    """
    if result.table["difference"].isna().all():
        reason = say("No two groups have enough answers to be compared.")
        return nothing_to_draw(canvas(ax), _what(result, say("Differences of the Net Promoter Score")), reason)
    drawn = result.table.sort_values("p_value", kind="stable").head(MOST_ROWS)
    table = drawn.sort_values("difference", ascending=False, kind="stable", ignore_index=True)
    ax, rows = row_axes(ax, [pair_name(entry) for entry in table.to_dict("records")])
    shown = table["p_adjusted"] <= 1 - result.settings["level"]
    row_differences(ax, rows, table, shown, SAYING, table["difference"].isna())
    points_axis(ax.xaxis, _what(result, say("Difference of the Net Promoter Score (points)")))
    end = column(ax, rows, [Points(value).text() for value in table["group_estimate"]], say("First"))
    end = column(ax, rows, [Points(value).text() for value in table["other_estimate"]], say("Second"), end)
    p_values = [PValue(p).text().removeprefix("= ") for p in table["p_adjusted"]]
    column(ax, rows, p_values, P_VALUES[result.settings["adjust"]], end)
    return caption(ax, _finding(result), _shown(result, len(table)))


def _what(result: ScoreComparison, score: Sentence) -> Sentence:
    return say("Difference of the share of yes (percentage points)") if result.yes_no else score


def _finding(result: ScoreComparison) -> Sentence:
    tested, shown = result.table["p_adjusted"].notna().sum(), result.shown
    if shown.empty and result.yes_no:
        return say_n(
            "The difference of the share of yes could be chance",
            "None of {count} differences of the share of yes is more than chance",
            int(tested),
        )
    if shown.empty:
        return say_n(
            "The difference of the Net Promoter Score could be chance",
            "None of {count} differences of the Net Promoter Score is more than chance",
            int(tested),
        )
    largest = shown.iloc[int(shown["difference"].abs().to_numpy().argmax())].to_dict()
    return say_n(
        "{count} of {tested} pairs differs by more than chance: {pair} ({difference:points} points)",
        "{count} of {tested} pairs differ by more than chance, most of all {pair} ({difference:points} points)",
        len(shown),
        tested=int(tested),
        pair=pair_name(largest),
        difference=largest["difference"],
    )


def _shown(result: ScoreComparison, drawn: int) -> Sentence:
    stated = {"count": len(result.table), "n": rests_on(pd.concat([result.table["n"], result.table["n_other"]]))}
    if drawn < len(result.table):
        return say(
            "The {drawn} pairs with the smallest p of {count}: first less second, {level:percent:0} intervals. Filled: "
            "more than chance after adjusting for all pairs; open and grey: not shown. {n} answers per group.",
            result.settings,
            drawn=drawn,
            **stated,
        )
    return say(
        "First less second, {level:percent:0} intervals. Filled: more than chance after adjusting for all {count} "
        "pairs; open and grey: not shown. {n} answers per group.",
        result.settings,
        **stated,
    )
