"""Is the change real or noise? Control charts of the score and of the referral rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.deeds.new_customers import FREQUENCIES, period_name
from tpm_widgets.control.metrics import (
    YES,
    answer_values,
    counted,
    meant,
    metric_caveats,
    metric_format,
    metric_words,
    quantity,
)
from tpm_widgets.control.rhythm import LEAST_BASELINE, ChartMetric, Rhythm, by_wave_instead, rhythm_of
from tpm_widgets.errors import DataError, check_option
from tpm_widgets.language import Between, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.control_limits import run_length, shewhart_limits
from tpm_widgets.statistics.score.net_promoter import net_promoter
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

LEVELS = ["period", "n", "n_eff", "estimate", "up", "down", "weight"]
BOUNDS = {"nps": (-1.0, 1.0), YES: (0.0, 1.0), "referral_rate": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ControlChart(Result):
    """A figure over time with the limits that chance respects; see :func:`control_chart`."""

    metric: str
    center: float
    run_length: float

    def __post_init__(self) -> None:
        drawn = self.table.dropna(subset=["estimate", "lower", "upper"])
        outside = (drawn["estimate"] < drawn["lower"]) | (drawn["estimate"] > drawn["upper"])
        if not outside.equals(drawn["signal"].astype(bool)):
            raise ValueError("A period is a signal exactly where its estimate lies outside its limits.")

    @property
    def formats(self) -> dict[str, str]:  # type: ignore[override]  # it depends on what is measured
        """The score is read in points, the rate in percent."""
        return dict.fromkeys(["estimate", "center", "lower", "upper"], metric_format(self.metric))

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what is usual, which periods are not, and how often chance alone would say so."""
        usual = self.table[self.table["baseline"]]
        signals = self.table[self.table["signal"]]
        return (
            say_n(
                "{metric}, {count} period with {observations}: its level is {center}; limits lie 3 standard errors "
                "off.",
                "{metric}, {count} periods with {observations}: the usual level is {center}, from the periods "
                "{first} to {last}; limits lie 3 standard errors off.",
                len(self.table),
                metric=metric_words(self.metric),
                observations=counted(self.metric, int(self.table["n"].sum())),
                center=quantity(self.metric, self.center),
                first=usual["period"].iloc[0],
                last=usual["period"].iloc[-1],
            ),
            _signal_sentence(self.metric, signals)
            if len(signals)
            else say("No period lies outside its limits: all of it is what chance does in samples of this size."),
        )


def _signal_sentence(metric: str, signals: pd.DataFrame) -> Sentence:
    last = signals.iloc[-1]
    return say_n(
        "{count} period lies outside its limits: {periods:list}, with {estimate} where {limits} was to be expected.",
        "{count} periods lie outside their limits: {periods:list}; the last with {estimate} where {limits} was to be "
        "expected.",
        len(signals),
        periods=tuple(signals["period"]),
        estimate=quantity(metric, last["estimate"]),
        limits=Between(quantity(metric, last["lower"]), quantity(metric, last["upper"])),
    )


@on_one_thread
def control_chart(
    study: Study,
    metric: ChartMetric = "nps",
    baseline: Sequence[str] | None = None,
    period: Rhythm = "quarter",
) -> ControlChart:
    """Tell real changes of the score or the referral rate from the ups and downs of samples.

    Parameters
    ----------
    study : Study
        For ``"nps"`` with the role ``date`` (or ``wave``) in the survey; for ``"referral_rate"`` with ``acquired``
        and ``source`` in the customers.
    metric : {"nps", "referral_rate"}
        The Net Promoter Score of the answers (of a yes/no question the share of yes), or the share of new customers
        won because of a recommendation.
    baseline : sequence of str, optional
        The periods before anything was changed, as the column ``period`` names them. By default the first half of
        the periods, at least 4 (all of them where there are no more).
    period : {"quarter", "month", "year", "wave"}
        How time is cut; by waves where answers carry no date.

    Returns
    -------
    ControlChart
        ``table`` with one row per period: ``period``; ``n`` (answers, or new customers whose source is known);
        ``estimate`` (NPS −1…1 or rate 0…1); ``center`` (the baseline's level); ``lower``, ``upper`` (the limits);
        ``signal`` (outside the limits); ``baseline`` (was the period used for center and limits). ``center`` and
        ``run_length``, the mean number of periods until chance alone gives a signal, stand beside it.

    Raises
    ------
    DataError
        Where dates, waves or the customers' source are missing.
    ValueError
        Where an option or a period of the baseline is unknown.

    Notes
    -----
    A Shewhart chart: limits NPS₀ ± 3·√(V₀/n_t) with V₀ = p_pro + p_det − NPS₀², and for the rate the p-chart
    R₀ ± 3·√(R₀(1 − R₀)/n_t). Weighted answers count with Kish's effective n. The run length is exact (trinomial,
    binomial) at the median n of the periods; it is not the 370 of a normal figure. Center and variance are treated
    as known: with a small baseline, chance signals are more frequent. The chart sees sudden large changes; for a
    slow drift compare the waves. Periods with too few answers are withheld.

    References
    ----------
    Montgomery, D. C. (2019). Introduction to Statistical Quality Control, 8th ed., chapter 7. Wiley.

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"score": [9, 10, 3, 8] * 30, "desk": [5, 4, 1, 4] * 30,
    ...                        "date": pd.date_range("2024-01-01", periods=120, freq="W")})
    >>> study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], date="date")
    >>> tpm.control_chart(study, period="year").table.round(2)
      period   n  estimate  center  lower  upper  signal  baseline
    0   2024  52      0.25    0.25  -0.09   0.59   False      True
    1   2025  52      0.25    0.25  -0.09   0.59   False      True
    2   2026  16      0.25    0.25  -0.37   0.87   False      True
    """
    check_option("metric", metric, ChartMetric)
    check_option("period", period, Rhythm)
    figure, asked = meant(study, metric), period
    period = rhythm_of(study, metric, period)
    levels = _scores(study, period) if metric == "nps" else _rates(study, period)
    _need_periods(levels, metric)
    usual = _baseline(levels["period"], levels["estimate"].notna(), baseline)
    promoters, detractors = np.average(levels.loc[usual, ["up", "down"]], axis=0, weights=levels.loc[usual, "weight"])
    center, variance = promoters - detractors, max(promoters + detractors - (promoters - detractors) ** 2, 0.0)
    sizes = levels["n_eff"].where(levels["estimate"].notna(), 0).to_numpy(float)
    lower, upper = shewhart_limits(center, variance, sizes, BOUNDS[figure])
    signal = (levels["estimate"] < lower) | (levels["estimate"] > upper)
    table = levels[["period", "n", "estimate"]].assign(
        center=center, lower=lower, upper=upper, signal=signal, baseline=usual
    )
    size = int(np.median(sizes[sizes > 0]))
    ends = [float(end[0]) for end in shewhart_limits(center, variance, np.array([size]), BOUNDS[figure])]
    chance = run_length(promoters, detractors, size, *ends)
    return ControlChart(
        table=table,
        metric=figure,
        center=float(center),
        run_length=chance,
        settings={"metric": metric, "baseline": None if baseline is None else list(baseline), "period": period},
        caveats=(
            *by_wave_instead(asked, period, int(levels["estimate"].notna().sum())),
            *_caveats(study, figure, table, baseline is None, variance, chance, size),
            *([study.order_of_waves] if period == "wave" and study.order_of_waves is not None else []),
        ),
        data_hash=study.data_hash,
    )


def _scores(study: Study, period: Rhythm) -> pd.DataFrame:
    """One row per period: n, n_eff, estimate, and the weighted shares of promoters (up) and detractors (down)."""
    classes, weights = answer_values(study, "nps"), study.weights
    if period == "wave":
        need(study, "control_chart", survey=("wave",))
        labels = study.survey["wave"]
    else:
        need(study, "control_chart", survey=("date",))
        labels = study.survey["date"].dt.to_period(FREQUENCIES[period])
    used = labels.notna().to_numpy() & np.isfinite(classes) & (weights > 0)
    rows = []
    for label, places in pd.Series(range(len(labels)))[used].groupby(labels[used], observed=True, sort=True):
        score = net_promoter(classes[places], weights[places])
        shown = score.n >= study.min_group
        row = {"n": score.n, "n_eff": score.n_eff, "estimate": score.estimate if shown else np.nan}
        name = period_name(label) if isinstance(label, pd.Period) else str(label)
        rows.append({"period": name, **row, "up": score.promoters, "down": score.detractors})
        rows[-1]["weight"] = weights[places].sum()
    return pd.DataFrame(rows, columns=LEVELS)


def _rates(study: Study, period: Rhythm) -> pd.DataFrame:
    """One row per period of acquisition, in the form of :func:`_scores`: recommended customers up, nobody down."""
    rates = referral_rate(study, period=period).table
    return pd.DataFrame(
        {
            "period": rates["period"].astype(str),
            "n": rates["known"],
            "n_eff": rates["known"].astype(float),
            "estimate": rates["estimate"],
            "up": rates["estimate"],
            "down": 0.0,
            "weight": rates["known"].astype(float),
        }
    )


def _need_periods(levels: pd.DataFrame, metric: ChartMetric) -> None:
    if levels["estimate"].notna().any():
        return
    fault = {
        "table": "survey" if metric == "nps" else "customers",
        "column": "recommend" if metric == "nps" else "source",
        "expected": say("at least one period with enough values for control_chart"),
        "remedy": say("Take longer periods: period='year'."),
    }
    raise DataError([{key: str(value) for key, value in fault.items()}])


def _baseline(periods: pd.Series, shown: pd.Series, baseline: Sequence[str] | None) -> np.ndarray:
    """Which periods say what is usual, shape (periods,); only those that are not withheld."""
    if baseline is None:
        first = max(LEAST_BASELINE, math.ceil(shown.sum() / 2))
        return (shown & (shown.cumsum() <= first)).to_numpy(bool)
    if isinstance(baseline, str):
        raise TypeError(f"baseline must be a sequence of periods such as [{baseline!r}]; got a str.")
    wanted = [str(name) for name in baseline]
    known = periods[shown].tolist()
    for name in wanted:
        if name not in known:
            raise ValueError(f"baseline names the period {name!r}; the chart has {', '.join(map(repr, known))}.")
    if not wanted:
        raise ValueError(f"baseline must name at least one period; the chart has {', '.join(map(repr, known))}.")
    return (shown & periods.isin(wanted)).to_numpy(bool)


def _caveats(
    study: Study,
    metric: str,
    table: pd.DataFrame,
    by_default: bool,
    variance: float,
    chance: float,
    size: int,
) -> tuple[Sentence, ...]:
    usual = table[table["baseline"]]
    caveats = [
        say(
            "With samples of {size} (the median), chance alone gives a signal about once in {periods:count} periods, "
            "if the baseline is known exactly; it rests on {usual} with {observations}.",
            size=size,
            periods=chance,
            usual=say_n("{count} period", "{count} periods", len(usual)),
            observations=counted(metric, int(usual["n"].sum())),
        )
        if math.isfinite(chance)
        else say("Samples of {size} per period are so small that no value can lie outside the limits.", size=size)
    ]
    if by_default:
        caveats.append(
            say(
                "The first half of the periods, at least 4, is taken as the baseline; choose it yourself "
                "where you know when something was changed."
            )
        )
    if usual.shape[0] == table["estimate"].notna().sum():
        caveats.append(
            say_n(
                "There is only {count} period, so it is compared with itself; a chart begins to tell with later ones.",
                "All {count} periods are the baseline, so each is compared with limits that it helped to set.",
                len(usual),
            )
        )
    if variance <= 0:
        caveats.append(say("In the baseline all answers are alike, so the limits have no width."))
    withheld = tuple(table.loc[table["estimate"].isna(), "period"])
    if withheld:
        caveats.append(
            say("Without a rate, because no new customer of known source was won: {periods:list}.", periods=withheld)
            if metric == "referral_rate"
            else say(
                "Withheld, with fewer than {least} values: {periods:list}.", least=study.min_group, periods=withheld
            )
        )
    return (*metric_caveats(study, metric), *caveats)
