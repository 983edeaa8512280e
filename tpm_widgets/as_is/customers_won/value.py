"""Where do we stand: what are customers worth by what they buy, and by whom they bring?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.customers_won.customer_value import (
    COLUMNS,
    lifetime_values,
    referral_worth,
    segment_table,
    value_cuts,
    winners_by_value,
)
from tpm_widgets.as_is.deeds.linkage import customer_spans, known_customers, recorded_period
from tpm_widgets.as_is.deeds.recommenders import recommenders
from tpm_widgets.as_is.groups import withheld_caveat
from tpm_widgets.columns import formats_of
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralValue(Result):
    """Customers by what they are worth and whom they bring, see :func:`referral_value`.

    Attributes
    ----------
    cuts : mapping
        ``clv`` and ``crv``: a value is high where it lies above.
    by_value : pandas.DataFrame
        ``clv`` ("high", "low"), ``customers``, ``estimate`` the share of them who won at least one customer, with
        ``conf_low, conf_high``: are the best customers the best recommenders?
    total, most : float
        The referral value of all customers together; the same if nobody of whom it is not known whether they would
        have come anyway had come.
    won : int
        Customers won by a recommendation of another one.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    cuts: Mapping[str, float]
    by_value: pd.DataFrame
    total: float
    most: float
    won: int

    def __post_init__(self) -> None:
        shares = self.table["share"]
        if shares.notna().all() and not np.isclose(shares.sum(), 1):
            raise ValueError("the shares of the segments do not add up to 1.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the total referral value, whether valuable customers bring more, and what the advocates bring."""
        if not self.table["customers"].sum():
            return (say("No customer's value is known, so there is nothing to compare."),)
        if self.won == 0:
            return (say("No customer was won by another one's recommendation, so no referral value can be given."),)
        return (_total(self), *_best(self), *_advocates(self))


def _total(result: ReferralValue) -> Sentence:
    values = {
        "total": result.total,
        "n": int(result.table["customers"].sum()),
    }
    if np.isclose(result.total, result.most):
        return say_n(
            "{n} customers have a referral value of {total:count} together, by {count} customer whom they won "
            "(discounted by {discount:percent} a year).",
            "{n} customers have a referral value of {total:count} together, by {count} customers whom they won "
            "(discounted by {discount:percent} a year).",
            result.won,
            result.settings,
            **values,
        )
    return say_n(
        "{n} customers have a referral value of {total:count} together, at most {most:count}, by {count} customer whom "
        "they won (discounted by {discount:percent} a year).",
        "{n} customers have a referral value of {total:count} together, at most {most:count}, by {count} customers "
        "whom they won (discounted by {discount:percent} a year).",
        result.won,
        result.settings,
        most=result.most,
        **values,
    )


def _best(result: ReferralValue) -> tuple[Sentence, ...]:
    if result.by_value["estimate"].isna().any():
        return ()
    high, low = result.by_value.to_dict("records")
    return (
        say(
            "Of the {high.customers:count} customers of high value {high.estimate:percent} won somebody "
            "({level:percent:0} interval {high.conf_interval:percent}, Wilson), of the {low.customers:count} others "
            "{low.estimate:percent} ({low.conf_interval:percent}).",
            result.settings,
            high=high,
            low=low,
        ),
    )


def _advocates(result: ReferralValue) -> tuple[Sentence, ...]:
    (row,) = result.table[result.table["segment"] == "Advocates"].to_dict("records")
    if not np.isfinite(row["crv"]):
        return ()
    return (
        say(
            "The Advocates, low in what they buy and high in whom they bring, are {share:percent} of the customers and "
            "bring {crv_share:percent} of the referral value: {crv:count} each (interval {crv_interval:count}), "
            "against a lifetime value of {clv:count}.",
            row,
        ),
    )


@on_one_thread
def referral_value(
    study: Study,
    discount: float = 0.1,
    cuts: tuple[float, float] | None = None,
    retention: float | None = None,
    margin: float | None = None,
    level: float = 0.95,
) -> ReferralValue:
    """Tell what customers are worth by what they buy (CLV) and by whom they bring (CRV).

    Parameters
    ----------
    study : Study
        With ``customer, acquired`` in the table customers, ``recommended_by`` there or ``new_customer`` in referrals,
        and ``value`` (customer lifetime value, CLV); ``would_have_joined``, ``acquisition_cost`` and ``source`` make
        the referral value complete.
    discount : float, default 0.1
        A year; at least 0.
    cuts : (number, number), optional
        Above which CLV and CRV are high; the medians where None, and any CRV above 0 where its median is 0.
    retention, margin : float, optional
        Shares 0…1, needed where there is no ``value``: CLV is then computed from ``revenue``, with its own ``margin``
        where recorded.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralValue
        ``table`` with one row per ``segment``, Champions (both high), Affluents (high CLV, low CRV), Advocates (low
        CLV, high CRV) and Misers (both low): ``customers``, their ``share`` with ``share_low, share_high``, the means
        ``clv`` and ``crv`` with ``_low`` and ``_high``, ``won`` customers they brought, ``crv_share`` their part of
        the whole referral value. Segments below ``study.min_group`` are withheld.

    Raises
    ------
    DataError
        Where it is not recorded who recommended, or nobody's value is given or can be computed.
    ValueError
        Where ``discount``, ``retention``, ``margin`` or ``cuts`` are out of their range.

    Notes
    -----
    CRV = Σ over the customers whom somebody won in the recorded period: (1 + discount)^−t × CLV of the won one who
    would not have come without the recommendation, or × the acquisition cost saved for one who would; t are the
    years from the start of recording to the conversion. Saved is the mean cost of those who came otherwise less the own
    cost. For those who would not have come nothing is saved besides, for without the recommendation nothing would have
    been spent to win them. Only the first generation counts, so that nobody's value is credited twice.

    CLV from revenue = mean margin of a period × (1 + d)/(1 + d − r), with retention r and discount d for a period of
    one year: the present one and all that follow.

    Counted are customers who were there on at least one day of the recorded period and whose CLV is known. Shares have
    Wilson intervals, means Student's, which few and skewed values make too short. The cuts are taken as given. Where
    CRV is low by definition 0, it has no interval. CRV looks back on one period: a Miser may recommend tomorrow, and
    chance alone makes some recommenders of equally keen customers look like Champions.

    References
    ----------
    Kumar, V., Petersen, J. A. & Leone, R. P. (2007). How valuable is word of mouth? Harvard Business Review 85(10),
    139-146.
    Kumar, V., Petersen, J. A. & Leone, R. P. (2010). Driving profitability by encouraging customer referrals: who,
    when, and how. Journal of Marketing 74(5), 1-17. https://doi.org/10.1509/jmkg.74.5.1
    Gupta, S. & Lehmann, D. R. (2003). Customers as assets. Journal of Interactive Marketing 17(1), 9-24.
    https://doi.org/10.1002/dir.10045

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> tpm.referral_value(study).table["segment"].tolist()
    ['Champions', 'Affluents', 'Advocates', 'Misers']
    """
    check_level(level)
    _check_options(discount, cuts, retention, margin)
    need(study, "referral_value", customers=("customer", "acquired"))
    if "recommended_by" not in given(study.customers) and (
        study.referrals is None or "new_customer" not in study.referrals
    ):
        need(study, "referral_value", customers=("recommended_by",))
    start, end = recorded_period(study)
    people = known_customers(study)
    spans = customer_spans(people)
    clv, source = lifetime_values(study, people, discount, retention, margin)
    links, caveats = recommenders(study, people)
    links = links[links["date"].between(start, end)].reset_index(drop=True)
    worth, worth_caveats = referral_worth(people, links, clv, start, discount)
    there = ((spans["acquired"] <= end) & ~(spans["left"] < start)).to_numpy()
    counted = there & np.isfinite(clv)
    added = np.bincount(worth["recommender"], weights=worth["worth"], minlength=len(people))[counted]
    most = np.bincount(worth["recommender"], weights=worth["most"], minlength=len(people))[counted]
    won = np.bincount(links["recommender"], minlength=len(people))[counted]
    clv = clv[counted]
    edges = value_cuts(clv, added, cuts)
    table = segment_table(clv, added, won, edges, study.min_group, level)
    return ReferralValue(
        table=table,
        cuts=edges,
        by_value=winners_by_value(clv > edges["clv"], won > 0, study.min_group, level),
        total=float(added.sum()),
        most=float(most.sum()),
        won=int(won.sum()),
        settings={"discount": discount, "cuts": cuts, "retention": retention, "margin": margin, "level": level},
        caveats=(
            source,
            *_cut_caveat(edges, cuts, added),
            *caveats,
            *worth_caveats,
            *_left_out(there, counted, len(links) - int(won.sum()), table, study.min_group),
        ),
        data_hash=study.data_hash,
    )


def _check_options(
    discount: float, cuts: tuple[float, float] | None, retention: float | None, margin: float | None
) -> None:
    if not discount >= 0:
        raise ValueError(f"discount must be a share of at least 0 a year, such as 0.1; got {discount!r}.")
    for name, share in (("retention", retention), ("margin", margin)):
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"{name} must be a share between 0 and 1; got {share!r}.")
    if retention == 1 and discount == 0:
        raise ValueError("retention must be below 1 where discount is 0: the value would have no end.")
    if cuts is not None and len(cuts) != 2:
        raise ValueError(f"cuts must be two numbers, of CLV and of CRV; got {cuts!r}.")


def _cut_caveat(edges: Mapping[str, float], cuts: tuple[float, float] | None, crv: np.ndarray) -> list[Sentence]:
    if not len(crv):
        return []
    if cuts is not None:
        return [say("High is a CLV above {clv:count} and a CRV above {crv:count}, as given.", edges)]
    if edges["crv"] > 0:
        return [say("High is a CLV above {clv:count} and a CRV above {crv:count}, the medians.", edges)]
    found = say(
        "High is a CLV above {clv:count}, the median, and any CRV above 0, because most customers ({share:percent}) "
        "brought nobody.",
        edges,
        share=float((crv <= 0).mean()),
    )
    return [found]


def _left_out(
    there: np.ndarray, counted: np.ndarray, strangers: int, table: pd.DataFrame, least: int
) -> list[Sentence]:
    """Say who does not count, what is withheld, and what the segments do not show."""
    found = []
    valueless = int((there & ~counted).sum())
    if valueless:
        found.append(
            say_n(
                "{count} customer without a value is in no segment.",
                "{count} customers without a value are in no segment.",
                valueless,
            )
        )
    if strangers:
        found.append(
            say_n(
                "{count} won customer is credited to nobody, because the recommender is in no segment.",
                "{count} won customers are credited to nobody, because the recommender is in no segment.",
                strangers,
            )
        )
    small = tuple(table.loc[table["share"].isna() & (table["customers"] > 0), "segment"])
    found += withheld_caveat(small, least, say("customers"))
    found.append(
        say(
            "Only customers whose recommender is on record add to a referral value, so it is a lower bound; it looks "
            "back on one period, and in it chance makes some look better than others."
        )
    )
    return found
