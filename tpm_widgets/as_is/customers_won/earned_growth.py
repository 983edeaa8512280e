"""Where do we stand: how much of our growth do customers and their recommendations bring, and how much is bought?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.resampling import resampled_totals
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread

# what the revenue of a pair of periods is made of
PARTS = ("before", "kept", "returned", "earned", "bought", "unknown")
REPLICATES, SEED = 1_000, 1
FLOWS = ["retained", "returned", "earned_new", "bought_new", "unknown_new"]
GROWTH = [*with_ends(), "bound_low", "bound_high"]
EARNED = with_ends("earned_share")
COLUMNS = {
    **{"previous": "str", "period": "str", "n": "int64", "revenue_before": "number:0", "revenue": "number:0"},
    **dict.fromkeys(FLOWS, "percent"),
    **dict.fromkeys(("growth", *GROWTH), "points"),
    **dict.fromkeys(EARNED, "percent"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class EarnedGrowth(Result):
    """Growth that was earned, see :func:`earned_growth`."""

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    def __post_init__(self) -> None:
        total = self.table[FLOWS].sum(axis=1, skipna=False) - 1
        if not np.allclose(total, self.table["growth"], equal_nan=True):
            raise ValueError("what was retained, returned and won does not add up to the growth.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the latest earned growth, what it is made of, and how much of all growth it is."""
        if self.table.empty:
            return (say("Earned growth needs the revenue of at least two periods."),)
        row = self.table.iloc[-1].to_dict()
        if not np.isfinite(row["growth"]):
            return (say("No growth from {previous} to {period} can be given: there was no revenue before.", row),)
        return (_growth(self, row), _made_of(row), *_share(row))


def _growth(result: EarnedGrowth, row: Mapping[Any, Any]) -> Sentence:
    if not np.isfinite(row["estimate"]):
        return say(
            "How much of the growth from {previous} to {period} was earned cannot be said, because of no new customer "
            "the source is known: between {bound_low:points} and {bound_high:points} points.",
            row,
        )
    return say(
        "From {previous} to {period} earned growth was {estimate:points} points of the revenue before "
        "({level:percent:0} interval {conf_interval:points}, bootstrap by customer, {n:count} customers; whatever the "
        "unknown sources were, {bound_low:points} to {bound_high:points}).",
        row,
        result.settings,
    )


def _made_of(row: Mapping[Any, Any]) -> Sentence:
    return say(
        "Of 100 of revenue before, {retained:hundredths} were retained; {earned_new:hundredths} came with new "
        "customers who were recommended, {bought_new:hundredths} with other new ones, {unknown_new:hundredths} with "
        "new ones of unknown source.",
        row,
    )


def _share(row: Mapping[Any, Any]) -> tuple[Sentence, ...]:
    if not np.isfinite(row["earned_share"]):
        return ()
    return (say("Of the whole growth of {growth:points} points that is {earned_share:percent}.", row),)


@on_one_thread
def earned_growth(study: Study, level: float = 0.95) -> EarnedGrowth:
    """Tell how much of the growth customers brought by staying, buying more and recommending, and how much was bought.

    Parameters
    ----------
    study : Study
        With ``customer, period, revenue`` in the table revenue and ``customer, source`` in the table customers.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    EarnedGrowth
        ``table`` with one row per period but the first: ``previous``, ``period``, ``n`` customers with revenue in one
        of them, ``revenue_before`` and ``revenue``; as shares of ``revenue_before`` the revenue ``retained`` from
        customers of the period before (net revenue retention, NRR), ``returned`` from those who had paused,
        ``earned_new`` from new ones who came because of a recommendation, ``bought_new`` from those who came
        otherwise, ``unknown_new`` from those of unknown source; ``growth`` of the whole revenue; ``estimate`` the
        earned growth with ``conf_low, conf_high`` and the bounds ``bound_low, bound_high``; and where revenue grew
        ``earned_share``, its part of the growth, with ``earned_share_low, earned_share_high``.

    Raises
    ------
    DataError
        Where the table revenue, or ``source`` in customers, is missing.

    Notes
    -----
    Earned growth = NRR + ENC − 1 (base 100: NRR 85, ENC 25 → 10 %). Both are shares of the revenue of the period
    before; ENC (earned new customers) is the revenue from new customers who came because of a recommendation. With 20
    from other new customers revenue grows by 30, of which 10, one third, is earned. Revenue from unknown sources is
    taken to be earned in the same part as that from known ones; the bounds take none or all of it, and hold whatever
    the sources are. New are customers without revenue in any earlier period who did not become
    customers before the previous one; those who paused are in the growth, but neither retained nor new.

    Periods are years, quarters, months, or else sorted as text; each is compared with the one before in the table.
    A customer who came within a period has revenue for a part of it only, so the next period's NRR is higher than
    what a whole period would show. Interval: percentiles of 1,000 resamples of customers; it treats the customers as a
    sample of those that might have been.

    References
    ----------
    Reichheld, F., Darnell, D. & Burns, M. (2021). Net Promoter 3.0. Harvard Business Review 99(6), 80-89.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.earned_growth(study).table[["previous", "period"]].iloc[0].tolist()
    ['2023', '2024']
    """
    check_level(level)
    need(study, "earned_growth", revenue=("customer", "period", "revenue"), customers=("customer", "source"))
    revenue = given(study.revenue).dropna(subset=["customer", "period", "revenue"])
    amounts = revenue.pivot_table(
        index="customer", columns="period", values="revenue", aggfunc="sum", sort=False, fill_value=0.0
    )
    people = given(study.customers).drop_duplicates("customer").set_index("customer").reindex(amounts.index)
    sources = people["source"].astype(object).fillna("unknown").to_numpy()
    periods = _in_order(amounts.columns)
    rows = []
    for place in range(1, len(periods)):
        (previous, start), (period, _) = periods[place - 1 : place + 1]
        paid = (amounts[[name for name, _ in periods[:place]]] != 0).any(axis=1).to_numpy()
        if start is not None and "acquired" in people:
            paid = paid | (people["acquired"] < start).to_numpy()
        before, now = (amounts[name].to_numpy(float) for name in (previous, period))
        totals, drawn = _totals(before, now, paid, sources)
        n = int(((before != 0) | (now != 0)).sum())
        rows.append([str(previous), str(period), n, *_row(totals, drawn, level)])
    return EarnedGrowth(
        table=typed(rows, COLUMNS),
        settings={"level": level},
        caveats=tuple(_caveats(revenue, sources)),
        data_hash=study.data_hash,
    )


def _in_order(periods: pd.Index) -> list[tuple[Any, pd.Timestamp | None]]:
    """Sort periods by their first day where all of them read as years, quarters or months, else as text."""
    try:
        starts = {name: pd.Period(str(name)).start_time for name in periods}
    except ValueError:
        return [(name, None) for name in sorted(periods, key=str)]
    return [(name, starts[name]) for name in sorted(starts, key=starts.__getitem__)]


def _totals(
    before: np.ndarray, now: np.ndarray, there_earlier: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the revenue in each of ``PARTS``, shape (6,), and in resamples of the customers, shape (replicates, 6)."""
    was_there = before != 0
    new = ~was_there & ~there_earlier
    kind = np.select(
        [was_there, ~new, sources == "recommendation", sources == "other"],
        [PARTS.index(name) for name in ("kept", "returned", "earned", "bought")],
        PARTS.index("unknown"),
    )
    customers = np.arange(len(before))
    values = np.concatenate([before, now])
    cells = np.concatenate([np.zeros_like(kind), kind])
    clusters = np.concatenate([customers, customers])
    counted = values != 0
    totals = np.bincount(cells, weights=values, minlength=len(PARTS))
    drawn = resampled_totals(
        values[counted], cells[counted], clusters[counted], size=len(PARTS), replicates=REPLICATES, seed=SEED
    )
    return totals, drawn


def _row(totals: np.ndarray, drawn: np.ndarray, level: float) -> list[float]:
    """Return the columns from ``revenue_before`` on."""
    before, parts = float(totals[0]), totals[1:]
    if not before > 0:
        return [before, float(parts.sum()), *[np.nan] * (len(FLOWS) + 1 + len(GROWTH) + len(EARNED))]
    flows = parts / before
    growth = float(flows.sum()) - 1
    estimate, share = (float(value) for value in _earned(totals))
    estimates, shares = _earned(drawn)
    tails = [(1 - level) / 2, (1 + level) / 2]
    limits = np.quantile(estimates[np.isfinite(estimates)], tails) if np.isfinite(estimate) else [np.nan] * 2
    # where some resamples do not grow, the share of the growth has no interval
    share_limits = np.quantile(shares, tails) if np.isfinite(shares).all() else [np.nan] * 2
    low = flows[0] + flows[2] - 1
    bounds = [low, low + flows[4]]
    return [before, float(parts.sum()), *flows, growth, estimate, *limits, *bounds, share, *share_limits]


def _earned(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Earned growth and its part of all growth, from the revenue in each of ``PARTS``, shape (..., 6)."""
    before, kept, _, earned, bought, unknown = np.moveaxis(totals, -1, 0)
    part = _divided(earned, earned + bought)
    new = earned + np.where(unknown == 0, 0.0, part * unknown)
    estimate = _divided(kept + new, before) - 1
    growth = _divided(totals[..., 1:].sum(axis=-1), before) - 1
    return estimate, _divided(estimate, growth)


def _divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return a ratio where there is something to divide by, NaN elsewhere."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def _caveats(revenue: pd.DataFrame, sources: np.ndarray) -> list[Sentence]:
    """Say what was assumed, and what growth does not show."""
    found = [
        say(
            "New customers of unknown source count as recommended in the same part as the known ones; the bounds hold "
            "whatever the sources are."
        )
    ]
    negative = int((revenue["revenue"] < 0).sum())
    if negative:
        found.append(
            say_n(
                "{count} revenue is below 0 and counts as it is.",
                "{count} revenues are below 0 and count as they are.",
                negative,
            )
        )
    found.append(
        say(
            "Customers who came within a period paid for a part of it only, which raises what is retained in the next; "
            "and staying is not always loyalty."
        )
    )
    return found
