"""How many customers, and for how long, until a difference in what they do would show?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.deeds.linkage import DAYS_PER_MONTH
from tpm_widgets.as_is.deeds.new_customers import new_customers
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.say_do.cells import PER
from tpm_widgets.as_is.say_do.sample_size_words import sentences_of
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.rates import overdispersion, people_needed, time_needed
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

MONTHS = 12  # of observation where nothing is said
COLUMNS = {
    **{"question": "", "target": "", "baseline": "number:2", "other": "number:2"},
    **{"customers": "Int64", "months": "number:1", "events": "number:0"},
    **{"dispersion": "number:2", "inflation": "number:2"},
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DeedsSampleSize(Result):
    """The customers and months that a difference in deeds takes, see :func:`deeds_sample_size`.

    Attributes
    ----------
    customers, months : float
        What the study itself has: customers observed, and how long on average; NaN where the source is a number.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    customers: float = np.nan
    months: float = np.nan

    def __post_init__(self) -> None:
        if (self.table[["customers", "months"]] < 0).any(axis=None):
            raise ValueError("customers and months cannot be negative.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read what each question takes, and whether the study has it."""
        return sentences_of(self.table, self.settings, self.customers, self.months)


@on_one_thread
def deeds_sample_size(
    source: Study | float,
    ratio: float | None = None,
    difference: float | None = None,
    power: float = 0.8,
    months: float | None = None,
    customers: int | None = None,
    level: float = 0.95,
) -> DeedsSampleSize:
    """Tell how many customers it takes, or how many months, until a difference in what customers do would show.

    Parameters
    ----------
    source : Study or float
        A study with ``customers`` and ``referrals``, from which today's level and how much customers differ are
        estimated; or today's level itself: recommendations per 100 customer-years with ``ratio``, the referral rate
        (0…1) with ``difference``.
    ratio : float, optional
        How many times as often one of two equal groups recommends as the other; above 0 and not 1.
    difference : float, optional
        By how much the referral rate of new customers differs between two groups or periods, −1…1 and not 0 (.05 is
        five percentage points).
    power : float, default 0.8
        The probability of showing the difference where it is there, above (1 − level)/2 and below 1.
    months : float, optional
        How long each customer is observed, 12 where neither this nor ``customers`` is given. For ``ratio``.
    customers : int, optional
        How many customers there are in each group; then the months are told. For ``ratio``.
    level : float, default 0.95
        1 − α of the two-sided test.

    Returns
    -------
    DeedsSampleSize
        ``table`` with one row per question: ``question`` (recommendations, won, referral_rate), ``target`` (the ratio
        or the difference), ``baseline`` and ``other`` (the levels of both groups: per 100 customer-years, or a share),
        ``customers`` in each group, ``months`` (observed per customer; for the referral rate how long each period
        lasts at the study's pace), ``events`` in both groups together, ``dispersion`` (how much customers differ, 0 if
        not at all) and ``inflation`` (how many times as many customers that takes).

    Raises
    ------
    DataError
        Where the study has no customers or recommendations, or no sources.
    ValueError
        Where an argument is missing or out of its range.

    Notes
    -----
    *Ratio*: n = (z + z)² · ((1 + 1/ratio)/(rate·time) + 2α)/ln²(ratio) in each group (Zhu & Lakkis 2014). Customers who
    recommend again and again carry less information than as many recommendations of different ones; α, the variance of
    customers' rates over their squared mean, says how much. It is estimated from the study by moments, 0 where the
    source is a number: then the result is the least that it can take. *Difference*: two independent shares on the
    arcsine scale (Cohen 1988, statsmodels), unknown sources not counted.

    Customers who leave are observed for a shorter time; count their months. Without random assignment of the groups a
    difference that shows need not come from what was done to one of them.

    References
    ----------
    Zhu, H. & Lakkis, H. (2014). Sample size calculation for comparing two negative binomial rates. Statistics in
    Medicine 33, 376-387. https://doi.org/10.1002/sim.5947
    Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed. Erlbaum.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> tpm.deeds_sample_size(20.0, ratio=1.5).table["customers"].tolist()
    [398]
    >>> tpm.deeds_sample_size(0.25, difference=0.05).table["customers"].tolist()
    [1250]
    """
    check_level(level)
    _check(source, ratio, difference, power, months, customers, level)
    rows: list[list[Any]] = []
    caveats: list[Sentence] = []
    at_hand = (np.nan, np.nan)
    if ratio is not None:
        levels, at_hand, caveats = _rates(source)
        rows += [
            _ratio_row(question, rate, spread, ratio, months, customers, power, level)
            for question, rate, spread in levels
        ]
    if difference is not None:
        share, pace, more = _referred(source)
        caveats += more
        if not 0 < share + difference < 1 and np.isfinite(share):
            raise ValueError(f"difference must leave a share between 0 and 1; {share:.3g} and {difference!r} do not.")
        rows.append(_difference_row(share, difference, pace, power, level))
    return DeedsSampleSize(
        table=typed(rows, COLUMNS),
        customers=at_hand[0],
        months=at_hand[1],
        settings={"ratio": ratio, "difference": difference, "power": power, "months": months,
                  "customers": customers, "level": level},
        caveats=tuple(caveats),
        data_hash=source.data_hash if isinstance(source, Study) else "",
    )  # fmt: skip


def _check(
    source: Study | float,
    ratio: float | None,
    difference: float | None,
    power: float,
    months: float | None,
    customers: int | None,
    level: float,
) -> None:
    """Refuse questions that are none."""
    if ratio is None and difference is None:
        raise ValueError(
            "give ratio= (of recommendations, such as 1.5) or difference= (of referral rates, such as 0.05)."
        )
    if ratio is not None and not (np.isfinite(ratio) and ratio > 0 and ratio != 1):
        raise ValueError(f"ratio must be a number above 0 and not 1, such as 1.5; got {ratio!r}.")
    if difference is not None and not (-1 < difference < 1 and difference != 0):
        raise ValueError(f"difference must be a number between -1 and 1 and not 0, such as 0.05; got {difference!r}.")
    if not (1 - level) / 2 < power < 1:
        raise ValueError(f"power must be a number above {(1 - level) / 2:g} and below 1, such as 0.8; got {power!r}.")
    if months is not None and customers is not None:
        raise ValueError("give months= or customers=, not both: the other one is what is asked for.")
    for name, value in (("months", months), ("customers", customers)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a number above 0; got {value!r}.")
    if not isinstance(source, Study):
        if ratio is not None and difference is not None:
            raise ValueError("one number cannot be the level of both ratio= and difference=; ask one after the other.")
        if not (isinstance(source, (int, float)) and source > 0 and (ratio is not None or source < 1)):
            raise ValueError(
                "source must be a study, or today's level: recommendations per 100 customer-years above 0, or a "
                f"referral rate between 0 and 1; got {source!r}."
            )


def _rates(source: Study | float) -> tuple[list[tuple[str, float, float]], tuple[float, float], list[Sentence]]:
    """Return per question the events per customer-year and the dispersion; and what the study has."""
    if not isinstance(source, Study):
        independent = say(
            "Every recommendation is taken as independent of the others; where some customers recommend again and "
            "again it takes more. A study as the source estimates how much."
        )
        return [("recommendations", source / PER, 0.0)], (np.nan, np.nan), [independent]
    time = Observed(source, "deeds_sample_size").time
    years = time.years()
    seen = years > 0
    levels = []
    for question in ("recommendations", "won"):
        events = time.counts(won=question == "won")[seen]
        rate = float(events.sum() / years[seen].sum()) if seen.any() else np.nan
        levels.append((question, rate, overdispersion(events, years[seen])))
    months = float(12 * years[seen].mean()) if seen.any() else 0.0
    estimated = say_n(
        "Today's level, and how much customers differ, are estimated from {count} customer; plan a little more.",
        "Today's level, and how much customers differ, are estimated from {count} customers; plan a little more.",
        int(seen.sum()),
    )
    return levels, (float(seen.sum()), months), [estimated, *time.caveats]


def _ratio_row(
    question: str,
    rate: float,
    dispersion: float,
    ratio: float,
    months: float | None,
    customers: int | None,
    power: float,
    level: float,
) -> list[Any]:
    """Return what a ratio of rates takes, in the order of ``COLUMNS``."""
    if not rate > 0:
        return [question, ratio, PER * rate, PER * rate * ratio, None, np.nan, np.nan, np.nan, np.nan]
    if customers is not None:
        people, span = float(customers), 12 * time_needed(rate, ratio, customers, dispersion, power, level)
    else:
        span = float(MONTHS if months is None else months)
        people = float(np.ceil(people_needed(rate, ratio, span / 12, dispersion, power, level)))
    independent = people_needed(rate, ratio, span / 12, 0.0, power, level) if np.isfinite(span) else np.nan
    inflation = people_needed(rate, ratio, span / 12, dispersion, power, level) / independent
    events = people * span / 12 * rate * (1 + ratio)
    return [question, ratio, PER * rate, PER * rate * ratio, int(people), span, events, dispersion, inflation]


def _referred(source: Study | float) -> tuple[float, float, list[Sentence]]:
    """Return today's referral rate, and how many new customers of known source come in a month."""
    if not isinstance(source, Study):
        return float(source), np.nan, []
    (row,) = referral_rate(source).table.to_dict("records")
    came = new_customers(source)[0]["acquired"]
    start, end = source.period.recording_start, source.period.observed_until
    first, last = came.min() if start is None else start, came.max() if end is None else end
    months = ((last - first).days + 1) / DAYS_PER_MONTH if len(came) else np.nan
    based = say_n(
        "Today's referral rate rests on {count} new customer whose source is known; the others only cost time.",
        "Today's referral rate rests on {count} new customers whose source is known; the others only cost time.",
        int(row["known"]),
    )
    return row["estimate"], row["known"] / months, [based]


def _difference_row(share: float, difference: float, pace: float, power: float, level: float) -> list[Any]:
    """Return what a difference of shares takes, in the order of ``COLUMNS``."""
    if not np.isfinite(share):
        return ["referral_rate", difference, np.nan, np.nan, None, np.nan, np.nan, np.nan, np.nan]
    other = share + difference
    effect = proportion_effectsize(other, share)
    people = float(np.ceil(NormalIndPower().solve_power(effect, power=power, alpha=1 - level)))
    months = people / pace if pace > 0 else np.nan
    return ["referral_rate", difference, share, other, int(people), months, people * (share + other), 0.0, 1.0]
