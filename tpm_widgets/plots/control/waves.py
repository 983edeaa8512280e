"""Waves against each other: what changed, and what is noise."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.control.metrics import RATING, difference, quantity
from tpm_widgets.control.waves import WaveComparison
from tpm_widgets.language import PValue, Sentence, say, say_n
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, rests_on, row_axes, row_differences
from tpm_widgets.plots.metrics import change_axis, metric_color, metric_title
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw

MOST_ROWS = 24  # more could not be read; then only the last wave against the first is drawn


@draws(WaveComparison, "compare_waves")
def plot_waves(result: WaveComparison, ax: Axes | None = None) -> Axes:
    """Draw the difference of each pair of waves with its interval.

    Filled: more than chance after Holm's correction for the number of comparisons; open and grey: not shown.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_waves(tpm.compare_waves(study))
    <Picture: Net Promoter Score: ...>
    """
    table = result.table
    short = len(table) > MOST_ROWS
    if short:
        table = table.groupby(["group", "touchpoint"], sort=False, dropna=False).tail(1)
    table = table.reset_index(drop=True)
    if table["difference"].isna().all():
        reason = say("No two waves have enough answers to be compared.")
        return nothing_to_draw(canvas(ax), say("Changes from wave to wave"), reason)
    ax, rows = row_axes(ax, [_pair(result, entry) for _, entry in table.iterrows()])
    known = table["difference"].notna()
    shown = known & (table["p_adjusted"] <= 1 - result.settings["level"])
    row_differences(ax, rows, table, shown, metric_color(result.metric), ~known)
    change_axis(ax.xaxis, result.metric)
    metric = RATING if result.metric == "ratings" else result.metric
    levels = [(quantity(metric, a), quantity(metric, b)) for a, b in zip(*_levels(table), strict=True)]
    end = column(ax, rows, [earlier.text() for earlier, _ in levels], say("Earlier"))
    end = column(ax, rows, [later.text() for _, later in levels], say("Later"), end)
    column(ax, rows, [PValue(p).text().removeprefix("= ") for p in table["p_adjusted"]], say("p (Holm)"), end)
    return caption(ax, _finding(result, table, shown), _shown(result, table, short))


def _levels(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return table["previous_estimate"], table["estimate"]


def _pair(result: WaveComparison, entry: pd.Series) -> str:
    place = [str(result.labels.get(entry["touchpoint"], entry["touchpoint"]))] if result.metric == "ratings" else []
    place += [str(entry["group"])] if entry["group"] != "all" else []
    return ": ".join([*place, f"{entry['previous']} → {entry['wave']}"])


def _finding(result: WaveComparison, table: pd.DataFrame, shown: pd.Series) -> Sentence:
    metric = metric_title(result.metric, result.labels)
    tested = int(table["p_adjusted"].notna().sum())
    if not shown.any():
        return say_n(
            "{metric}: the difference could be noise",
            "{metric}: none of {count} differences is more than noise",
            tested,
            metric=metric,
        )
    largest = table[shown].iloc[int(table.loc[shown, "difference"].abs().to_numpy().argmax())]
    return say_n(
        "{metric}: {count} of {tested} differences is more than noise ({pair}: {difference})",
        "{metric}: {count} of {tested} differences are more than noise, the largest {pair}: {difference}",
        int(shown.sum()),
        metric=metric,
        tested=tested,
        pair=_pair(result, largest),
        difference=difference(RATING if result.metric == "ratings" else result.metric, largest["difference"]),
    )


def _shown(result: WaveComparison, table: pd.DataFrame, short: bool) -> Sentence:
    return say(
        "{which} with {level:percent:0} intervals; filled: more than chance after Holm's correction for {count} "
        "comparisons; open and grey: not shown. {n} answers per wave.",
        result.settings,
        which=say("The last wave less the first (steps between: see the table),") if short else say("Differences"),
        count=int(result.table["p_adjusted"].notna().sum()),
        n=rests_on(pd.concat([table["n"], table["n_previous"]])),
    )
