"""Where does the money go, and where does it matter? Over- and underspend per touchpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.multiplicity import holm_levels
from tpm_widgets.statistics.regression.linear_and_logit import wald_table
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.told import Told, told
from tpm_widgets.strategy.drivers.words import aim_words, need_welcome
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

ROUNDING = 1e-9  # share of the budget


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SpendGap(Result):
    """Spend against importance; see :func:`spend_gap`.

    Attributes
    ----------
    budget : float
        The spend on the touchpoints compared, in the study's currency.
    noise_p_value, equal_p_value : float
        Of the joint tests that no rating goes with the outcome, and that all go with it alike; missing where they
        cannot be tested.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["spend", "shift", "sign"], "number:0"),
        **dict.fromkeys(["spend_share", "importance_share"], "percent"),
        **dict.fromkeys(["gap", "gap_low", "gap_high"], "points"),
    }

    budget: float
    noise_p_value: float
    equal_p_value: float
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        compared = self.table.dropna(subset=["shift"])
        if compared.empty:
            return
        sums = compared[["spend_share", "importance_share"]].sum()
        if (sums - 1).abs().max() > ROUNDING or abs(compared["shift"].sum()) > ROUNDING * self.budget:
            raise ValueError("Shares add up to 1, and what is shifted away arrives elsewhere.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Name what is over- and underspent by more than chance, and how much would move; or say that nothing is."""
        aim = aim_words(self.settings["outcome"])
        compared = self.table.dropna(subset=["shift"])
        if compared.empty:
            return (self._untold(aim),)
        over, under = (compared[compared["verdict"] == verdict] for verdict in ("overspent", "underspent"))
        if over.empty and under.empty:
            return (
                say(
                    "Measured by {aim} ({n:count} answers), no share of the spend differs from the share of the "
                    "importance by more than chance ({level:percent:0} intervals, Holm-adjusted for {count}).",
                    self.settings,
                    aim=aim,
                    count=len(compared),
                ),
            )
        return (
            say(
                "Measured by {aim}, more than importance tells is spent on {over:list}, less on {under:list} (by more "
                "than chance: {level:percent:0} intervals, Holm-adjusted for {count}).",
                self.settings,
                aim=aim,
                over=self._named(over.sort_values("gap", ascending=False, kind="stable")),
                under=self._named(under.sort_values("gap", kind="stable")),
                count=len(compared),
            ),
            say(
                "To spend {budget:count} in proportion to importance for {aim} (LMG, {n:count} answers), {moved:count} "
                "would move between {count} touchpoints, {share:percent} of the budget.",
                self.settings,
                aim=aim,
                budget=self.budget,
                moved=compared["shift"].clip(lower=0).sum(),
                share=compared["gap"].clip(lower=0).sum(),
                count=len(compared),
            ),
        )

    def _untold(self, aim: Sentence) -> Sentence:
        known = self.table["importance_share"].notna()
        if (self.table.loc[known, "sign"] <= 0).all():
            return say(
                "Measured by {aim} ({n:count} answers), better ratings go with more at no touchpoint compared: no "
                "shift of the budget is named.",
                self.settings,
                aim=aim,
            )
        if np.isnan(self.noise_p_value):
            return say(
                "Measured by {aim}, answers ({n:count}) are of too few customers to tell importance from noise: no "
                "shift of the budget is named.",
                self.settings,
                aim=aim,
            )
        if self.noise_p_value >= 1 - self.settings["level"]:
            return say(
                "Measured by {aim}, importance cannot be told from noise (p {p_value:p}, {n:count} answers): "
                "no shift of the budget is named.",
                self.settings,
                aim=aim,
                p_value=self.noise_p_value,
            )
        return say(
            "Measured by {aim}, touchpoints cannot be told apart by importance (p {p_value:p}, {n:count} "
            "answers): no shift of the budget is named.",
            self.settings,
            aim=aim,
            p_value=self.equal_p_value,
        )

    def _named(self, rows: pd.DataFrame) -> tuple[str, ...]:
        return tuple(self.labels[name] for name in rows["touchpoint"])


@on_one_thread
def spend_gap(study: Study, drivers: DriverRegression | None = None) -> SpendGap:
    """Tell which touchpoints get more, and which get less, of the budget than their importance is worth.

    Parameters
    ----------
    study : Study
        With ``spend`` in the touchpoints (one currency, one period; 0 where nothing is spent).
    drivers : DriverRegression, optional
        The model that importance is read from; ``driver_regression(study)`` by default.

    Returns
    -------
    SpendGap
        ``table`` with one row per touchpoint: ``touchpoint``; ``spend``; ``spend_share``; ``importance_share`` (LMG,
        what ratings add; 0 where better ratings go with less); ``gap`` (spend share − importance share: above 0
        overspent); ``shift`` (what it would get more, or less, if the budget followed importance); ``sign`` (+1 or −1:
        whether better ratings go with more or less of the outcome); ``gap_low``, ``gap_high`` (Holm-adjusted);
        ``verdict`` ("overspent", "underspent", or "" where chance may have made the gap). Touchpoints without spend or
        importance keep their row; they are in no share. Gap and shift are missing where importances cannot be told
        from noise, or from each other.

    Raises
    ------
    DataError
        Where no touchpoint has both spend and importance, or nothing is spent.
    ValueError
        For drivers of ``detractor`` or ``left``, which better ratings should make rarer.

    Notes
    -----
    shift = B·(importance share − spend share), B being the spend on all touchpoints compared; both shares are taken
    among those, so each adds up to 1. A touchpoint whose better ratings go with less of the outcome has the importance
    share 0, so that it is never underspent. The gap's interval rests on the error of the importance share, by the delta
    method from the errors of the slopes; it is named only where two joint tests of the slopes reject that there is
    nothing, and that all matter alike per standard deviation. It is a pointer, not an order: the last euro need not buy
    what the first did, some touchpoints must work whatever they cost, and importance is an association (see
    :func:`priorities` for whether a touchpoint does well already).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> gaps = tpm.spend_gap(tpm.simulate_study(seed=1, respondents=800, touchpoints=6))
    >>> abs(round(float(gaps.table["shift"].sum()), 6))
    0.0
    """
    need(study, "spend_gap", touchpoints=("spend",))
    drivers = driver_regression(study) if drivers is None else drivers
    need_welcome(drivers.outcome, "spend_gap")
    importance = drivers.table.set_index("touchpoint")
    table = study.touchpoints[["touchpoint", "spend"]].reset_index(drop=True)
    known = told(drivers)
    sign = np.sign(table["touchpoint"].map(importance["estimate"]).to_numpy(float))
    weight = table["touchpoint"].map(importance["importance_rating"]).to_numpy(float)
    helps = (sign > 0) & (weight > 0) & table["spend"].notna().to_numpy()
    if helps.any():
        weight = np.where(sign < 0, np.where(np.isfinite(weight), 0.0, np.nan), weight)
    compared = table["spend"].notna().to_numpy() & np.isfinite(weight)
    spend = np.where(compared, table["spend"].to_numpy(float, na_value=np.nan), np.nan)
    weight = np.where(compared, weight, np.nan)
    _refuse_empty(spend, weight)
    table["spend_share"], table["importance_share"], table["shift"] = _shift(spend, weight)
    level = float(drivers.settings.get("level", 0.95))
    table.insert(4, "gap", table["spend_share"] - table["importance_share"])
    if not helps.any() or (compared.sum() > 1 and not known.anything(level)):
        table[["gap", "shift"]] = np.nan
    table["sign"] = sign
    table = _judged(table, known, level)
    return SpendGap(
        table=table,
        budget=float(np.nansum(spend)),
        noise_p_value=known.noise,
        equal_p_value=known.equal,
        labels=study.labels,
        settings={"outcome": drivers.outcome, "missing": drivers.missing, "n": drivers.n, "level": level},
        caveats=_caveats(study, table, drivers),
        data_hash=study.data_hash,
    )


def _shift(spend: np.ndarray, importance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of spend and of importance, and the shift B·(importance share − spend share); missing stays missing."""
    budget = np.nansum(spend)
    spend_share, importance_share = spend / budget, importance / np.nansum(importance)
    return spend_share, importance_share, budget * (importance_share - spend_share)


def _judged(table: pd.DataFrame, known: Told, level: float) -> pd.DataFrame:
    """Add the interval of each gap, and which gaps are more than chance."""
    error = table["touchpoint"].map(known.errors).to_numpy(float)
    gap = table["gap"].to_numpy(float)
    p_value = wald_table(gap, error, known.df, level)["p_value"].to_numpy(float)
    p_value = np.where((error == 0) & (gap != 0), 0.0, p_value)  # of what harms: its share is 0 in any case
    reach = stats.t.ppf((1 + holm_levels(p_value, level)) / 2, known.df) * error
    low, high = gap - reach, gap + reach
    verdict = np.select([low > 0, high < 0], ["overspent", "underspent"], "")
    return table.assign(gap_low=low, gap_high=high, verdict=verdict)


def _refuse_empty(spend: np.ndarray, importance: np.ndarray) -> None:
    if np.nansum(spend) > 0 and np.nansum(importance) > 0:
        return
    fault = {
        "table": "touchpoints",
        "column": "spend",
        "expected": say("spend above 0 at touchpoints that customers rated and that go with recommendation"),
        "remedy": say("Give the spend per touchpoint under the names that the survey rates."),
    }
    raise DataError([{key: str(value) for key, value in fault.items()}])


def _caveats(study: Study, table: pd.DataFrame, drivers: DriverRegression) -> tuple[Sentence, ...]:
    labels = study.labels

    def names(chosen: pd.Series) -> tuple[str, ...]:
        return tuple(labels[name] for name in table.loc[chosen, "touchpoint"])

    caveats = [
        say(
            "Importance is an association from {n} answers, and a share of spend is not its effect: what the next euro "
            "brings is not known from this.",
            n=drivers.n,
        )
    ]
    unspent = table["spend"].isna()
    if unspent.any():
        caveats.append(say("Without known spend, so in no share: {touchpoints:list}.", touchpoints=names(unspent)))
    unrated = table["spend"].notna() & table["importance_share"].isna()
    if unrated.any():
        caveats.append(
            say(
                "Not rated or not estimable, so its spend ({spend:count}) is in no share: {touchpoints:list}.",
                spend=table.loc[unrated, "spend"].sum(),
                touchpoints=names(unrated),
            )
        )
    adverse = table["spend_share"].notna() & (table["sign"] < 0)
    if adverse.any():
        caveats.append(
            say(
                "Better ratings go with less recommendation, all else equal, so do not shift money there on this "
                "ground: {touchpoints:list}.",
                touchpoints=names(adverse),
            )
        )
    return tuple(caveats)
