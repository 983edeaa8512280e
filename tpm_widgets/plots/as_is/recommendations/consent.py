"""For how many recommendations consent is on record, by basis, by group, or over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.deeds.recommenders import OTHER
from tpm_widgets.as_is.recommendations.consent import ReferralConsent
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.findings import Finding, change, spread
from tpm_widgets.plots.labels import label_ends
from tpm_widgets.plots.marks import column, group_courses, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis, upright_label
from tpm_widgets.plots.theme import BODY, DOING, QUIET

INTERVAL = ("estimate", "conf_low", "conf_high")


@draws(ReferralConsent, "referral_consent")
def plot_referral_consent(result: ReferralConsent, ax: Axes | None = None) -> Axes:
    """Draw the share of recommendations with consent on record, with its interval.

    Over time where it was split by period; in rows by group where it was split; else by the basis of the consent.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_referral_consent(tpm.referral_consent(study))
    <Picture: Consent is on record for ...>
    """
    whole = result.table[result.table["basis"] == "all"]
    known = whole[whole["estimate"].notna()]
    if known.empty:
        reason = say("No recommendation was recorded in the period, or every group is too small to be shown.")
        return nothing_to_draw(canvas(ax), say("Consent to contact"), reason)
    if len(whole["period"].dropna().unique()) > 1:
        return _course(result, known, canvas(ax))
    if len(whole) == 1:
        return _rows(result, known, result.table, [_basis(name) for name in result.table["basis"]], ax)
    ordered = whole.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    return _rows(result, known, ordered, [str(name) for name in ordered["group"]], ax)


def _rows(result: ReferralConsent, known: pd.DataFrame, table: pd.DataFrame, names: list[str], ax: Axes | None) -> Axes:
    ax, rows = row_axes(ax, names, row_height=46)
    row_estimates(ax, rows, table, INTERVAL, color=DOING)
    for row, value in zip(rows, table["estimate"], strict=True):
        if np.isnan(value):
            words = say("withheld: too few recommendations").text()
            ax.text(0.01, row, words, va="center", size=BODY, color=QUIET)
            continue
        ax.annotate(
            Percent(value).text(), (value, row), xytext=(0, 9), textcoords="offset points",
            ha="center", va="bottom", size=BODY, weight="bold", color=DOING,
        )  # fmt: skip
    grid(ax, "x")
    ax.set_xlim(0, 1.02)
    percent_axis(ax.xaxis, say("Share of the recommendations (percent)"))
    end = column(ax, rows, [_count(value) for value in table["with_consent"]], say("With consent"))
    column(ax, rows, [_count(value) for value in table["referrals"]], say("Recommendations"), end)
    return caption(ax, _finding(known), _shown(result, known))


def _course(result: ReferralConsent, known: pd.DataFrame, ax: Axes) -> Axes:
    whole = result.table[result.table["basis"] == "all"]
    periods, ends = group_courses(ax, whole, "period", INTERVAL, color=DOING)
    grid(ax, "y")
    ax.set_ylim(0, 1.02)
    percent_axis(ax.yaxis, say("Share of the recommendations (percent)"))
    upright_label(ax)
    if len(ends) > 1:
        label_ends(ax, list(ends.values()), list(ends), DOING)
        return caption(ax, _finding(known[known["period"].astype(str) == periods[-1]]), _shown(result, known))
    return caption(ax, change(known, "period", say("Consent on record"), Percent), _shown(result, known))


def _basis(name: object) -> str:
    return str({"all": say("On any basis"), OTHER: say("On another basis")}.get(str(name), name))


def _count(value: float) -> str:
    return "–" if pd.isna(value) else Number(float(value), 0).text()


def _finding(known: pd.DataFrame) -> Finding:
    if known.empty:
        return say("Consent on record: every group is withheld")
    if len(known) > 1:
        return spread(known, say("Consent on record"), Percent, str)
    row = known.iloc[0]
    return say(
        "Consent is on record for {estimate:percent} of the recommendations; {lacking} of {referrals:count} lack it",
        row,
        lacking=int(row["referrals"] - row["with_consent"]),
    )


def _shown(result: ReferralConsent, known: pd.DataFrame) -> Sentence:
    return say(
        "Of all recommendations of the recorded period, those with consent to contact on record, with the "
        "{level:percent:0} interval (Wilson, clustered by recommender). {n} recommendations.",
        result.settings,
        n=int(known["referrals"].sum()),
    )
