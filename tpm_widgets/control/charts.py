"""Is the change real or noise? Control charts of the score and of the referral rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.new_customers import FREQUENCIES, unfinished
from tpm_widgets.as_is.groups import design_caveats
from tpm_widgets.control.chart_levels import (
    imagined,
    levels_of_rates,
    levels_of_scores,
    need_periods,
    usual_periods,
)
from tpm_widgets.control.metrics import (
    YES,
    counted,
    meant,
    metric_caveats,
    metric_format,
    metric_words,
    quantity,
)
from tpm_widgets.control.rhythm import (
    ChartMetric,
    Rhythm,
    answer_periods,
    by_wave_instead,
    rhythm_of,
)
from tpm_widgets.language import Between, Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.control_limits import chance_limits, run_length, shewhart_limits, whole_size
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

THREE = say("limits lie 3 standard errors off")
EXACT = say("limits are exact ones")
NOTHING = 1e-12  # a variance that is 0 but for rounding
BOUNDS = {"nps": (-1.0, 1.0), YES: (0.0, 1.0), "referral_rate": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ControlChart(Result):
    """A figure over time with the limits that chance respects; see :func:`control_chart`.

    Attributes
    ----------
    exact : bool
        Whether the limits are exact ones, because in the baseline all are alike.
    """

    metric: str
    center: float
    run_length: float
    exact: bool = False

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
                "{metric}, {count} period with {observations}: its level is {center}; {limits}.",
                "{metric}, {count} periods with {observations}: the usual level is {center}, from the periods "
                "{first} to {last}; {limits}.",
                len(self.table),
                limits=EXACT if self.exact else THREE,
                metric=metric_words(self.metric),
                observations=counted(self.metric, int(self.table["n"].sum())),
                center=quantity(self.metric, self.center),
                first=usual["period"].iloc[0],
                last=usual["period"].iloc[-1],
            ),
            _signal_sentence(self.metric, signals)
            if len(signals)
            else say(
                "No period lies outside its limits: nothing is shown to be more than chance in samples of this size."
            ),
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
    R₀ ± 3·√(R₀(1 − R₀)/n_t). Where answers are weighted or hang together (persons who answered several times, customers
    won by one recommender), n_t is Kish's size over the design effect of all periods together. Where all are alike in
    the baseline, V₀ = 0 says nothing of chance: limits are then the exact ones beyond each of which .135 % lie
    (trinomial, binomial), if ¾ detractors, 1½ passives and ¾ promoters (¾ and ¾ for shares) stood in the baseline too.
    The run length is exact (trinomial, binomial) at the median n of the periods; it is not the 370 of a normal figure.
    Center and variance are treated as known: with a small baseline, chance signals are more frequent. The chart sees
    sudden large changes; for a slow drift compare the waves. Periods with fewer than ``study.min_group`` values are
    withheld.

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
    levels = levels_of_scores(study, period) if metric == "nps" else levels_of_rates(study, period)
    need_periods(levels, metric)
    usual = usual_periods(levels["period"], levels["estimate"].notna(), baseline)
    promoters, detractors = np.average(levels.loc[usual, ["up", "down"]], axis=0, weights=levels.loc[usual, "weight"])
    center, variance = promoters - detractors, max(promoters + detractors - (promoters - detractors) ** 2, 0.0)
    sizes = levels["n_eff"].where(levels["estimate"].notna(), 0).to_numpy(float)
    exact = bool(variance < NOTHING)
    if exact:
        promoters, detractors = imagined(figure, promoters, detractors, float(sizes[usual].sum()))
        lower, upper = chance_limits(promoters, detractors, sizes)
    else:
        lower, upper = shewhart_limits(center, variance, sizes, BOUNDS[figure])
    signal = (levels["estimate"] < lower) | (levels["estimate"] > upper)
    table = levels[["period", "n", "estimate"]].assign(
        center=center, lower=lower, upper=upper, signal=signal, baseline=usual
    )
    size = whole_size(float(np.median(sizes[sizes > 0])))
    of_size = chance_limits(promoters, detractors, np.array([size])) if exact else None
    of_size = of_size or shewhart_limits(center, variance, np.array([size]), BOUNDS[figure])
    chance = run_length(promoters, detractors, size, *(float(end[0]) for end in of_size))
    return ControlChart(
        table=table,
        metric=figure,
        center=float(center),
        run_length=chance,
        exact=exact,
        settings={"metric": metric, "baseline": None if baseline is None else list(baseline), "period": period},
        caveats=(
            *by_wave_instead(asked, period, int(levels["estimate"].notna().sum())),
            *_caveats(study, figure, table, baseline is None, exact, chance, size),
            *_of_time(study, figure, period, table),
            *([study.order_of_waves] if period == "wave" and study.order_of_waves is not None else []),
        ),
        data_hash=study.data_hash,
    )


def _caveats(
    study: Study,
    metric: str,
    table: pd.DataFrame,
    by_default: bool,
    exact: bool,
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
    if exact:
        caveats.append(
            say(
                "In the baseline all values are alike, which tells nothing of chance; the limits are those of a "
                "baseline with a few imagined other ones, as in the adjusted Wald interval."
            )
        )
    unknown = table["estimate"].isna()
    nobody = unknown & (table["n"].fillna(0) == 0)
    if nobody.any():
        caveats.append(
            say(
                "Without a rate, because no new customer of known source was won: {periods:list}.",
                periods=tuple(table.loc[nobody, "period"]),
            )
        )
    if (unknown & ~nobody).any():
        caveats.append(
            say(
                "Withheld, with fewer than {least} values: {periods:list}.",
                least=study.min_group,
                periods=tuple(table.loc[unknown & ~nobody, "period"]),
            )
        )
    return (*metric_caveats(study, metric), *caveats)


def _of_time(study: Study, metric: str, period: Rhythm, table: pd.DataFrame) -> list[Sentence]:
    """Say what hangs together within the periods, and which period is not over."""
    if metric != "referral_rate":
        labels = answer_periods(study, period)
        groups = [np.flatnonzero((labels == label).to_numpy()) for label in labels.dropna().unique()]
        return design_caveats(study, groups)
    last = str(table["period"].iloc[-1])
    end = None if period == "wave" else unfinished(study, FREQUENCIES[period], last)
    shown = pd.notna(table["estimate"].iloc[-1])
    return [say("{period} is not over: it is known until {day} only.", period=last, day=end)] if end and shown else []
