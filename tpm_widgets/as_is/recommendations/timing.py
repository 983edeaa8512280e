"""Where do we stand: how soon do customers recommend us, and who does so sooner?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import highest_and_lowest, withhold
from tpm_widgets.as_is.recommendations.spells import (
    SCORE,
    compared,
    group_curve,
    group_words,
    medians,
    no_curve,
    referral_spells,
    timing_caveats,
)
from tpm_widgets.as_is.ties import told_ends
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.event_curves import CURVE, LogRank
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

COLUMNS = {
    **{"group": "str", "n": "int64", "events": "Int64"},
    **dict.fromkeys(with_ends(), "percent"),
    **dict.fromkeys(with_ends("median"), "number:0"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralTiming(Result):
    """How soon customers recommend, see :func:`referral_timing`.

    Attributes
    ----------
    curve : pandas.DataFrame
        ``group, time`` (days), ``at_risk`` (still watched), ``estimate, conf_low, conf_high``: the share who have
        recommended by then; a row at 0, at every day with an event, and at the horizon where somebody was watched
        that long.
    log_rank : LogRank
        ``chi2, df, p_value`` of the test that all groups are equally quick; NaN where not split.
    hazard_ratios : pandas.DataFrame
        ``group, reference, events, estimate, conf_low, conf_high, p_value, trend, trend_p_value``: Cox regression
        against the largest group; the trend is the correlation of scaled Schoenfeld residuals with time.
    horizon : int
        Days up to which everything is computed.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    curve: pd.DataFrame
    log_rank: LogRank
    hazard_ratios: pd.DataFrame
    horizon: int

    def __post_init__(self) -> None:
        if (self.curve.groupby("group")["estimate"].diff().dropna() < -1e-12).any():
            raise ValueError("a share of those who have recommended falls with time.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the share at the horizon and the median, and where split whether and how much the groups differ."""
        shown = self.table.dropna(subset=["estimate"]).to_dict("records")
        if not shown:
            return (_too_short(self),)
        if len(self.table) == 1:
            return _share(self, shown[0]), _median(self, shown[0])
        apart = shown if len({row["estimate"] for row in shown}) > 1 else []
        ends = told_ends(apart, lambda row: group_words(row["group"])) if apart else ()
        return (_range(self, shown), *ends, _test(self), *_ratio(self))


def _too_short(result: ReferralTiming) -> Sentence:
    return say_n(
        "How many recommend within {horizon} days cannot be said: of {count} observation none was in a group large "
        "enough and watched that long.",
        "How many recommend within {horizon} days cannot be said: of {count} observations none was in a group large "
        "enough and watched that long.",
        int(result.table["n"].sum()),
        horizon=result.horizon,
    )


def _start(result: ReferralTiming) -> Sentence:
    return say("their answer") if result.settings["by"] == SCORE else say("becoming one")


def _share(result: ReferralTiming, row: Mapping[Any, Any]) -> Sentence:
    return say(
        "Within {horizon} days of {start}, {estimate:percent} of the customers recommend for the first time "
        "({level:percent:0} interval {conf_interval:percent}, Kaplan-Meier; {events:count} of {n:count} were seen to).",
        row,
        result.settings,
        horizon=result.horizon,
        start=_start(result),
    )


def _median(result: ReferralTiming, row: Mapping[Any, Any]) -> Sentence:
    if not np.isfinite(row["median"]):
        return say("Fewer than half do so in that time, so there is no median.")
    return say(
        "Half of them have done so after {median:count} days (interval {median_low:count} to {median_high:count}).", row
    )


def _range(result: ReferralTiming, shown: list[dict[Any, Any]]) -> Sentence:
    best, worst = highest_and_lowest(shown)
    if best["estimate"] == worst["estimate"]:
        return say(
            "Within {horizon} days of {start}, {share:percent} recommend for the first time in {groups:list}, "
            "Kaplan-Meier.",
            horizon=result.horizon,
            start=_start(result),
            share=best["estimate"],
            groups=tuple(group_words(row["group"]) for row in shown),
        )
    return say(
        "Within {horizon} days of {start} most recommend for the first time among {best_group} "
        "({best.estimate:percent}, {level:percent:0} interval {best.conf_interval:percent}, {best.n:count} "
        "observations), fewest among {worst_group} ({worst.estimate:percent}, {worst.conf_interval:percent}, "
        "{worst.n:count}), Kaplan-Meier.",
        result.settings,
        horizon=result.horizon,
        start=_start(result),
        best=best,
        best_group=group_words(best["group"]),
        worst=worst,
        worst_group=group_words(worst["group"]),
    )


def _test(result: ReferralTiming) -> Sentence:
    test = result.log_rank
    if not np.isfinite(test.chi2):
        return say("Whether the groups differ cannot be tested: there is nothing to compare.")
    if test.p_value < 1 - result.settings["level"]:
        return say("The groups are not equally quick (log-rank χ² = {chi2:number:1}, {df} df, p {p_value:p}).", test)
    return say("That the groups differ is not shown (log-rank χ² = {chi2:number:1}, {df} df, p {p_value:p}).", test)


def _ratio(result: ReferralTiming) -> tuple[Sentence, ...]:
    ratios = result.hazard_ratios
    if ratios.empty:
        return ()
    row = ratios.loc[np.log(ratios["estimate"]).abs().idxmax()]
    values = {"group": group_words(row["group"]), "reference": group_words(row["reference"])}
    changing = tuple(ratios.loc[ratios["trend_p_value"] < 1 - result.settings["level"], "group"])
    if not changing:
        return (
            say(
                "At any one time first recommendations come {estimate:number} times as often from {group} as from "
                "{reference} (interval {conf_interval:number}, Cox); nothing speaks against one ratio for the whole "
                "time.",
                row,
                **values,
            ),
        )
    return (
        say(
            "Over the whole time first recommendations come {estimate:number} times as often from {group} as from "
            "{reference} (interval {conf_interval:number}, Cox), but the ratio changes with time for {changing:list}: "
            "read the curves.",
            row,
            changing=tuple(map(group_words, changing)),
            **values,
        ),
    )


@on_one_thread
def referral_timing(
    study: Study, by: str | None = None, horizon: int | None = None, level: float = 0.95
) -> ReferralTiming:
    """Tell how soon customers recommend for the first time, and which of them do so sooner.

    Parameters
    ----------
    study : Study
        With ``customer, acquired`` (and ``left``) in the table customers and ``referrer, date`` in referrals; for
        ``by="score"`` also with answers that are tied to customers.
    by : str, optional
        None: since becoming a customer, all together. ``"segment"``, ``"source"`` or a further column of the customers
        table: the same, split. ``"score"``: since the answer, split into promoters, passives and detractors.
    horizon : int, optional
        Days; the study's window (365) where None. Nothing after it is used.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralTiming
        ``table`` with one row per group: ``group`` ("all" where not split), ``n`` customers (answers) watched within
        the horizon, ``events`` first recommendations among them, ``estimate`` the share who recommend by the horizon
        (0…1) with ``conf_low, conf_high``, and the ``median`` time in days with ``median_low, median_high``, missing
        where half is not reached. ``curve`` holds the whole course, ``log_rank`` the test and ``hazard_ratios`` the
        comparison of groups. Groups below ``study.min_group`` are withheld, also from test and comparison.

    Raises
    ------
    DataError
        Where the tables are missing, or answers cannot or may not be tied to customers.
    ValueError
        Where ``by`` is no property of a customer, or ``horizon`` no positive whole number.

    Notes
    -----
    The day of becoming a customer is day 1; the answer's day is day 0. Watching ends at the first recommendation, when
    the customer left, at ``observed_until``, at the horizon, and after an answer also at the next one. Customers who
    came before ``recording_start`` enter late, at their age on that day, and count among those at risk only from then
    on; since nobody knows whether they had recommended before, theirs is the first *recorded* recommendation, which
    makes later times look quicker than they are.

    *Share*: Kaplan-Meier with late entry, Wilson interval with the effective size of the standard error, clustered by
    customer and weighted for answers. *Median interval*: the times at which the pointwise intervals pass one half.
    *Log-rank* and *Cox* (ties by Efron) are statsmodels'; neither takes weights; Cox is clustered by customer where
    customers answered repeatedly, the log-rank test is not. Leaving and the end of observation must tell nothing about
    recommending. Split by source, those of unknown source are a group of their own.

    References
    ----------
    Kaplan, E. L. & Meier, P. (1958). Journal of the American Statistical Association 53, 457-481.
    https://doi.org/10.1080/01621459.1958.10501452
    Brookmeyer, R. & Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38, 29-41.
    https://doi.org/10.2307/2530286
    Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34, 187-220.
    https://doi.org/10.1111/j.2517-6161.1972.tb00899.x

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> timing = tpm.referral_timing(study, by="score")
    >>> list(timing.table["group"])
    ['promoter', 'passive', 'detractor']
    """
    check_level(level)
    horizon = _check_horizon(study.period.window if horizon is None else horizon)
    spells = referral_spells(study, by, horizon)
    rows, curves = [], {}
    for group in spells.groups:
        own = spells.frame[spells.frame["group"] == group]
        share, curve = group_curve(own, horizon, level)
        rows.append([group, len(own), int(own["event"].sum()), *share, *medians(curve)])
        curves[group] = curve.assign(group=group)
    measured = typed(rows, COLUMNS)
    table, small = withhold(measured, (measured["n"] < study.min_group) & (by is not None))
    withheld = [row["group"] for row in small]
    shown = spells.frame[~spells.frame["group"].isin(withheld)]
    drawn = [curve for group, curve in curves.items() if group not in withheld]
    return ReferralTiming(
        table=table,
        curve=pd.concat(drawn, ignore_index=True)[["group", *CURVE]] if drawn else no_curve(),
        **compared(shown, level),
        horizon=horizon,
        settings={"by": by, "horizon": horizon, "level": level},
        caveats=(*spells.caveats, *timing_caveats(study, spells, by, withheld)),
        data_hash=study.data_hash,
    )


def _check_horizon(horizon: int) -> int:
    if isinstance(horizon, bool) or not isinstance(horizon, (int, np.integer)) or horizon < 1:
        raise ValueError(f"horizon must be a whole number of days, at least 1; got {horizon!r}.")
    return int(horizon)
