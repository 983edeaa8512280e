"""The Net Promoter Score computed in every usual way, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from tpm_widgets.as_is.score.net_promoter_score import METHODS
from tpm_widgets.as_is.score.sensitivity import CONCLUSIONS, ScoreSensitivity
from tpm_widgets.language import Points, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, points_axis, zero_line
from tpm_widgets.plots.theme import SAYING, UNDECIDED

INTERVAL = ("estimate", "conf_low", "conf_high")
CUTOFFS = {"standard": say("standard cut-offs"), "european": say("European cut-offs")}


@draws(ScoreSensitivity, "score_sensitivity")
def plot_score_sensitivity(result: ScoreSensitivity, ax: Axes | None = None) -> Axes:
    """Draw the score, or the difference of two groups, as each way of computing gives it.

    Filled: the conclusion of the first row; open and grey: another one.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_score_sensitivity(tpm.score_sensitivity(study))
    <Picture: ...>
    """
    table = result.table
    if table["estimate"].isna().any():
        reason = say("Nothing can be compared: too few answers count.")
        return nothing_to_draw(canvas(ax), say("Ways of computing the Net Promoter Score"), reason)
    ax, rows = row_axes(ax, [_way(entry) for entry in table.to_dict("records")])
    same = table["same"].to_numpy(bool)
    row_estimates(ax, rows[same], table[same], INTERVAL, color=SAYING, gid="same")
    row_estimates(ax, rows[~same], table[~same], INTERVAL, color=UNDECIDED, marker="D", filled=False, gid="other")
    grid(ax, "x")
    zero_line(ax, x=0)
    points_axis(ax.xaxis, _what(result))
    column(ax, rows, [Points(value).text() for value in table["estimate"]], say("points"))
    return caption(ax, _finding(result), _shown(result))


def _way(entry: Mapping[Any, Any]) -> str:
    own = say("cut-offs {cutoffs}", cutoffs=entry["cutoffs"])
    return say(
        "{cutoffs}, {weights}, {interval}",
        cutoffs=CUTOFFS.get(entry["cutoffs"], own),
        weights=say("weighted") if entry["weighted"] else say("unweighted"),
        interval=METHODS[entry["interval"]],
    ).text()


def _what(result: ScoreSensitivity) -> Sentence:
    if not result.groups:
        return say("Net Promoter Score (points)")
    one, two = result.groups
    return say("Difference of the Net Promoter Score, {group} – {other} (points)", group=one, other=two)


def _finding(result: ScoreSensitivity) -> Sentence:
    first = result.table.iloc[0]
    stated = {
        "conclusion": CONCLUSIONS[str(first["conclusion"])],
        "same": int(result.table["same"].sum()),
        "count": len(result.table),
        "low": result.table["estimate"].min(),
        "high": result.table["estimate"].max(),
    }
    if result.changes:
        return say("The conclusion depends on how it is computed: {conclusion} in {same} of {count} ways", **stated)
    return say("However it is computed, {conclusion}: {low:points} to {high:points} in {count} ways", **stated)


def _shown(result: ScoreSensitivity) -> Sentence:
    return say(
        "The same answers ({n}), computed with other cut-offs, weights and intervals ({level:percent:0}). Filled: the "
        "conclusion of the first row; open and grey: another.",
        result.settings,
        n=rests_on(result.table["n"]),
    )
