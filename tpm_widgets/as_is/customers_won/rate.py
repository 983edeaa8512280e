"""Where do we stand: how many of the new customers came because somebody recommended us? The referral rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.new_customers import (
    LEAST,
    Split,
    check_by,
    count_customers,
    in_no_group,
    new_customers,
    periods,
    recommender_codes,
)
from tpm_widgets.as_is.groups import ALL, group_in_period, group_order, highest_and_lowest, withheld_caveat, withhold
from tpm_widgets.as_is.pooled import highest_when_pooled, with_pooled
from tpm_widgets.as_is.ties import told_ends
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Percent, Sentence, say
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.design import Design, MeanByDesign, mean_by_design
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

TENTH = 0.1  # what one recommender may bring without a word
COUNTS = ["known", "recommended", "other", "unknown"]
SHARES = ["unknown_share", *with_ends(), "bound_low", "bound_high"]
COLUMNS = {
    **{"group": "str", "period": "str", "n": "int64"},
    **dict.fromkeys(COUNTS, "Int64"),
    **dict.fromkeys(SHARES, "percent"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralRate(Result):
    """The share of new customers won by recommendation, see :func:`referral_rate`.

    Attributes
    ----------
    shares : tuple of MeanByDesign
        The rate of each row as a mean of 0 and 1, clustered by recommender; of nobody where it is withheld, and empty
        for a table.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    shares: tuple[MeanByDesign, ...] = ()

    def __post_init__(self) -> None:
        shown = self.table.dropna(subset=COUNTS)
        if not (shown["recommended"] + shown["other"] + shown["unknown"] == shown["n"]).all():
            raise ValueError("recommended, other and unknown do not add up to the new customers.")

    @property
    def pooled(self) -> pd.DataFrame:
        """The groups and periods that are shown, with their ``estimate`` and the partly ``pooled`` one.

        Missing for fewer than three; see the notes of :func:`net_promoter_score`.
        """
        return with_pooled(self.table, self.settings["level"])

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the rate, or the highest and the lowest one, with interval, n and what is unknown."""
        shown = self.table.dropna(subset=["estimate"]).to_dict("records")
        if not shown:
            return (say("No referral rate can be given: of no new customer the source is known."),)
        if len(self.table) == 1:
            (row,) = shown
            return (
                say(
                    "{estimate:percent} of the new customers came because of a recommendation ({level:percent:0} "
                    "interval {conf_interval:percent}, Wilson; {recommended:count} of {known:count} whose source is "
                    "known).",
                    row,
                    self.settings,
                ),
                say(
                    "Of {n:count} new customers the source of {unknown:count} is unknown ({unknown_share:percent}); "
                    "whatever it was, the rate lies between {bound_low:percent} and {bound_high:percent}.",
                    row,
                ),
            )
        (best, worst), last = highest_and_lowest(shown), shown[-1]
        range_of_rates = say(
            "The referral rate runs from {worst.estimate:percent} ({worst_group}, {level:percent:0} interval "
            "{worst.conf_interval:percent}) to {best.estimate:percent} ({best_group}, {best.conf_interval:percent}), "
            "Wilson, from {known} new customers whose source is known.",
            self.settings,
            worst=worst,
            best=best,
            worst_group=group_in_period(worst),
            best_group=group_in_period(best),
            known=int(sum(row["known"] for row in shown)),
        )
        if self.settings["period"] is None:
            pooled = highest_when_pooled(shown, self.settings["level"], group_in_period, Percent)
            return (range_of_rates, *told_ends(shown, group_in_period), *pooled)
        if self.settings["by"] is not None:
            return (range_of_rates, *told_ends(shown, group_in_period))
        return (
            range_of_rates,
            *told_ends(shown, group_in_period),
            say(
                "Most recently ({when}) it was {estimate:percent} ({conf_interval:percent}).",
                last,
                when=group_in_period(last),
            ),
        )


@on_one_thread
def referral_rate(
    source: Any,
    by: str | None = None,
    period: Split | None = None,
    level: float = 0.95,
    *,
    roles: Mapping[str, str] | None = None,
    codes: Mapping[str, Mapping[str, Sequence[Any]]] | None = None,
) -> ReferralRate:
    """Tell how many of the new customers came because somebody recommended us.

    Parameters
    ----------
    source : Study, data frame or path
        A study with the table ``customers`` and in it ``acquired`` and ``source``. Or a table of any size with one row
        per new customer, which is counted without being held: a frame of pandas, Polars (eager or lazy), PyArrow, a
        DuckDB relation, or the path of a Parquet file or of a folder of them.
    by : str, optional
        Split by the new customers' own segment: ``"segment"``, or a further column of the customers table.
    period : {"year", "quarter", "month", "wave"}, optional
        Split by when they were acquired; waves as declared with start and end.
    level : float, default 0.95
        Confidence level, between 0 and 1.
    roles : mapping, optional
        Of a table: its columns, where they are called otherwise: ``{"acquired": "since", "source": "how"}``.
    codes : mapping, optional
        Of a table: its own words for the sources: ``{"source": {"recommendation": ["friend"], "other": ["web"]}}``.

    Returns
    -------
    ReferralRate
        ``table`` with one row per group and period: ``group`` ("all" where not split), ``period`` (where split),
        ``n`` new customers, ``known`` of them those whose source is known, ``recommended``, ``other``, ``unknown``
        (counts), ``unknown_share``, ``estimate`` the referral rate (0…1), ``conf_low``, ``conf_high``, and the bounds
        ``bound_low``, ``bound_high``. Groups of ``by`` with fewer than ``study.min_group`` (5 for a table) new
        customers are withheld; periods in which nobody was won have no rate.

    Raises
    ------
    DataError
        Where the customers table, its sources, or for ``period="wave"`` the waves' dates are missing; where a table
        has words for its sources that ``codes`` does not explain.
    ValueError
        Where ``by`` is not a property of new customers, or ``period`` not one of those listed.

    Notes
    -----
    Rate = recommended / (recommended + other), over the customers acquired from ``recording_start`` to
    ``observed_until``. Customers won by one recommender are not independent: Wilson interval with the effective size
    p(1 − p)/se², se clustered by recommender (``recommended_by``, else the table of recommendations), as of
    :func:`net_promoter_score`; of a table, which names no recommenders, with the number of customers. Where few
    recommenders win most of all it is still too short: look at who they are. Unknown sources are left out of it, which
    is right only where they are unknown by chance; the bounds R/N and (R + U)/N hold whatever they are. The source that
    the customer names wins over the table of recommendations; disagreements are counted in the caveats, and an unknown
    source stays unknown even if a recommendation names the customer, because nothing could turn an unknown one into
    "other".

    The rate is a property of *new* customers: it cannot be split by touchpoint, score or segment of those who
    recommended. For them see :func:`say_do`.

    References
    ----------
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953
    Manski, C. F. (1990). Nonparametric bounds on treatment effects. American Economic Review 80, 319-323.

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> rate = tpm.referral_rate(study, period="year")
    >>> list(rate.table["period"])
    ['2023', '2024', '2025']
    >>> came = {"since": ["2024-01-31", "2024-02-01", "2024-02-01"], "how": ["friend", "web", "web"]}
    >>> words = {"source": {"recommendation": ["friend"], "other": ["web"]}}
    >>> found = tpm.referral_rate(pd.DataFrame(came), roles={"acquired": "since", "source": "how"}, codes=words)
    >>> found.table[["n", "known", "recommended"]]
       n  known  recommended
    0  3      3            1
    """
    check_level(level)
    if period is not None:
        check_option("period", period, Split)
    if isinstance(source, Study):
        if roles is not None or codes is not None:
            raise ValueError("roles= and codes= go with a table; a study has its own.")
        need(source, "referral_rate", customers=("acquired", "source"))
        check_by(source, by)
        new, caveats = new_customers(source)
        new = new.assign(group=ALL if by is None else new[by].astype(object), count=1)
        new["recommender"] = recommender_codes(source, new)
        caveats += _one_for_many(new)
        study, least, data_hash = source, source.min_group, source.data_hash
    else:
        new, caveats, data_hash = count_customers(source, by, period, roles, codes)
        study, least = None, LEAST
    labels, ordered = periods(study, new["acquired"], period)
    frame = new[["group", "count"]].assign(period=labels, recommender=new.get("recommender", np.arange(len(new))))
    frame["source"] = new["source"].astype(object).where(new["source"].notna(), "unknown")
    caveats += in_no_group(frame, by, period)
    rows, shares = _rows(frame, ordered, level)
    measured = typed(rows, COLUMNS)
    small = (measured["n"] < least) & (by is not None)
    table, withheld = withhold(measured, small)
    return ReferralRate(
        table=table,
        shares=tuple(_shown(shares, small)) if study is not None else (),
        settings={"by": by, "period": period, "level": level},
        caveats=(*caveats, *withheld_caveat(map(group_in_period, withheld), least, say("new customers"))),
        data_hash=data_hash,
    )


def _rows(frame: pd.DataFrame, periods: list[str | None], level: float) -> tuple[list[list[Any]], list[MeanByDesign]]:
    """Count and divide: one row per group and period, and the rate behind it."""
    rows, shares = [], []
    for group in group_order(frame["group"]) or [ALL]:
        for period in periods:
            member = frame["group"] == group
            if period is not None:
                member &= frame["period"] == period
            own = frame[member]
            share = _share(own)
            shares.append(share)
            rows.append([str(group), period, *_rate(own["count"].groupby(own["source"]).sum(), share, level)])
    return rows, shares


def _share(customers: pd.DataFrame) -> MeanByDesign:
    """Return the rate of some customers; a line that stands for several of them has no recommender."""
    won = customers["source"].map({"recommendation": 1.0, "other": 0.0}).to_numpy(float)
    return mean_by_design(won, Design.of(customers["count"].to_numpy(float), customers["recommender"].to_numpy()))


def _shown(shares: Sequence[MeanByDesign], small: pd.Series) -> list[MeanByDesign]:
    """Return the rates, those of withheld groups as of nobody."""
    nobody = mean_by_design(np.zeros(0), Design.of(np.zeros(0)))
    return [nobody if hidden else share for share, hidden in zip(shares, small, strict=True)]


def _rate(sources: pd.Series, share: MeanByDesign, level: float) -> list[float]:
    """Return the numbers of new customers by source, from n on."""
    recommended, other = int(sources.get("recommendation", 0)), int(sources.get("other", 0))
    n, known = int(sources.sum()), recommended + other
    unknown = n - known
    rate = recommended / known if known else np.nan
    low, high = wilson(rate, share.size(level) if share.n == known else known, level)
    bounds = [unknown / n, recommended / n, (recommended + unknown) / n] if n else [np.nan] * 3
    return [n, known, recommended, other, unknown, bounds[0], rate, float(low), float(high), *bounds[1:]]


def _one_for_many(new: pd.DataFrame) -> list[Sentence]:
    """Say where one recommender brought more than a tenth of those who came by recommendation."""
    won = new.loc[(new["source"] == "recommendation").fillna(False).to_numpy(bool), "recommender"].value_counts()
    if won.empty or not won.iloc[0] > max(TENTH * won.sum(), 1):
        return []
    return [
        say(
            "One recommender alone won {largest} of the {all} customers who came because of a recommendation "
            "({share:percent}); the rate rests on few persons, and the interval counts it.",
            largest=int(won.iloc[0]),
            all=int(won.sum()),
            share=won.iloc[0] / won.sum(),
        )
    ]
