"""Where do we stand: how saying and doing went over time, whether one comes before the other, and what that says in
words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import withheld_caveat
from tpm_widgets.as_is.say_do.cells import (
    FORMATS,
    MEASURE,
    OBSERVED,
    TOLD,
    Rhythm,
    SaidAndDone,
    Span,
    calendar_spans,
    said_and_done,
    table_of,
    undated_waves,
    wave_spans,
)
from tpm_widgets.as_is.say_do.group_findings import RATES
from tpm_widgets.as_is.score.classes import check_scores
from tpm_widgets.columns import with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Number, Percent, Points, Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.association.correlation import lag_profile
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

DONE = ["exposure", *(name for deed in OBSERVED for name in (deed, *with_ends(MEASURE[deed])))]
LAGS = ["lag", "deed", *with_ends(), "n", "apart"]

LEAST_PERIODS = 20


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SayDoTime(Result):
    """What customers said and did, period by period, see :func:`say_do_time`.

    Attributes
    ----------
    lags : pandas.DataFrame
        ``lag, deed, estimate, conf_low, conf_high, n``: the correlation of the score with the rate so many periods
        later (at negative lags earlier), both about their own straight line over time; ``apart`` whether it is apart
        from 0 when all lags are looked at together (Bonferroni). Empty below 20 periods.
    periods : int
        Periods with both a score and a rate.
    deeds : tuple of str
        ``recommendations`` and ``won``, or in a reported study ``reported``.
    """

    formats: ClassVar[Mapping[str, str]] = FORMATS

    lags: pd.DataFrame
    periods: int
    deeds: tuple[str, ...]
    yes_no: bool = False  # whether the score is a share of yes

    def __post_init__(self) -> None:
        check_scores(self.table["score"])
        if self.periods < LEAST_PERIODS and len(self.lags):
            raise ValueError(f"a lag profile takes {LEAST_PERIODS} periods.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the first and the last period of both, and the lag that stands out, or why there is none."""
        courses = courses_of(self.table, self.deeds[0], self.settings["level"], self.yes_no)
        return (*courses, profile_of(self.lags, self.deeds[0], self.periods, self.settings["level"]))


@on_one_thread
def say_do_time(study: Study, period: Rhythm = "quarter", lags: int = 4, level: float = 0.95) -> SayDoTime:
    """Show how the score and the recommendations went over time, and whether one comes before the other.

    No answer needs to be tied to a person.

    Parameters
    ----------
    study : Study
        With ``date`` (or ``wave``) in the survey, and the tables ``customers`` and ``referrals``; or with
        ``recommended_12m`` alone.
    period : {"quarter", "month", "wave"}
        How time is cut. A wave is followed from the day after its end to the end of the next, one window at most.
    lags : int, default 4
        The longest distance of the lag profile, in periods; 0…8.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    SayDoTime
        ``table`` with one row per period, those without anything included: ``period``, ``n`` answers, ``score`` (NPS
        −1…1), ``score_low``, ``score_high``, ``exposure`` customer-years, ``recommendations``, their rate per 100
        customer-years ``recommendation_rate`` with ``…_low`` and ``…_high``, ``won``, ``won_rate`` with its interval.
        In a reported study instead of deeds ``known`` answers, ``reported`` yes, ``reported_share`` (0…1) with its
        interval. Further ``lags``, ``periods``, ``deeds``, see :class:`SayDoTime`. The score of periods with fewer
        than ``study.min_group`` answers is withheld.

    Raises
    ------
    DataError
        Where the study knows of no deeds, or of no days or waves.
    ValueError
        Where ``period``, ``lags`` or ``level`` is not one of those allowed.

    Notes
    -----
    Score and rates as in :func:`say_do_groups`. *Lag profile*: Pearson's correlation of the score with the rate k
    periods later, of what both are above or below their own straight line over time (two that only rise go together
    whatever they measure); Fisher's interval with the number of pairs that are independent (Bartlett's correction for
    neighbouring periods that resemble each other). One of 20 such intervals excludes 0 by chance, so what is said rests
    on ``apart``. The seasons are not taken out; and what comes first need not be the cause.

    References
    ----------
    Bartlett, M. S. (1935). Some aspects of the time-correlation problem in regard to tests of significance. Journal
    of the Royal Statistical Society 98, 536-543. https://doi.org/10.2307/2342284

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> course = tpm.say_do_time(study, period="wave")
    >>> course.table["period"].tolist()[:2]
    ['2023-Q1', '2023-Q2']
    """
    check_level(level)
    check_option("period", period, Rhythm)
    if isinstance(lags, bool) or not isinstance(lags, (int, np.integer)) or not 0 <= lags <= 8:
        raise ValueError(f"lags must be a whole number from 0 to 8; got {lags!r}.")
    return time_of(said_and_done(Observed(study, "say_do_time"), level), period, int(lags))


def time_of(measured: SaidAndDone, period: Rhythm, lags: int = 4) -> SayDoTime:
    """Make the time level of what was said and done."""
    study, level = measured.observed.study, measured.level
    spans = _spans(study, measured, period)
    rows = pd.DataFrame([_row(measured, span) for span in spans])
    small = rows["n"] < study.min_group
    rows.loc[small, with_ends("score")] = np.nan
    if measured.time is None:
        rows.loc[small, with_ends(MEASURE[measured.deed])] = np.nan
    both = rows.dropna(subset=["score", MEASURE[measured.deeds[0]]])
    return SayDoTime(
        table=table_of(rows, "period", DONE),
        lags=_lags(rows, measured, lags, len(both)),
        periods=len(both),
        deeds=measured.deeds,
        yes_no=study.question.yes_no,
        settings={"period": period, "lags": lags, "level": level},
        caveats=(*_caveats(study, rows, small), *measured.caveats),
        data_hash=study.data_hash,
    )


def _spans(study: Study, measured: SaidAndDone, period: Rhythm) -> list[Span]:
    """Cut time into periods: waves with what follows them, or calendar periods."""
    verb = f"say_do_time(period={period!r})"
    if period == "wave":
        return (
            undated_waves(study, verb)
            if measured.time is None
            else wave_spans(study, measured.time.observed_until, verb)
        )
    recorded = () if measured.time is None else (measured.time.recorded_from, measured.time.observed_until)
    return calendar_spans(study, period, recorded, verb)


def _row(measured: SaidAndDone, span: Span) -> dict[str, Any]:
    """Measure one period."""
    if measured.time is None:
        done = measured.told(span.rows)
    else:
        done = measured.done(np.ones(len(measured.time.people), dtype=bool), span.first, span.last)
    return {"period": span.name, **measured.said(span.rows), **done}


def _lags(rows: pd.DataFrame, measured: SaidAndDone, lags: int, periods: int) -> pd.DataFrame:
    """Correlate the score with every deed at every distance, where there are periods enough."""
    found = []
    if periods >= LEAST_PERIODS and measured.time is not None:
        score = rows["score"].to_numpy(float)
        for deed in measured.deeds:
            rate = rows[MEASURE[deed]].to_numpy(float)
            together = lag_profile(score, rate, lags, 1 - (1 - measured.level) / (2 * lags + 1))
            found += [
                [lag, deed, *at.limits, at.n, together[lag].excludes(0)]
                for lag, at in lag_profile(score, rate, lags, measured.level).items()
            ]
    return pd.DataFrame(found, columns=LAGS)


def _caveats(study: Study, rows: pd.DataFrame, small: pd.Series) -> list[Sentence]:
    """Say what the courses do not show, and which periods are withheld."""
    found = [
        say(
            "The score is that of those who answered, the deeds are everybody's; two courses that go together need "
            "not cause each other, and the seasons are in both."
        )
    ]
    few = rows.loc[small & (rows["n"] > 0), "period"]
    return [*found, *withheld_caveat(tuple(few), study.min_group)]


def courses_of(table: pd.DataFrame, deed: str, level: float, yes_no: bool = False) -> tuple[Sentence, ...]:
    """Read the first and the last value of the score and of a deed."""
    said, done = table.dropna(subset=["score"]), table.dropna(subset=[MEASURE[deed]])
    found = []
    if len(said):
        course = _course(said, "score", Percent if yes_no else Points)
        values = {"course": course, "level": level, "n": int(table["n"].sum())}
        score = say(
            "The Net Promoter Score was {course} ({level:percent:0} intervals, adjusted Wald, {n} answers in all).",
            **values,
        )
        yes = say("The share of yes was {course} ({level:percent:0} intervals, Wilson, {n} answers in all).", **values)
        found.append(yes if yes_no else score)
    if len(done):
        read = Percent if deed in TOLD else Number
        found.append(
            say("What was done, {rate}: {course}.", rate=RATES[deed], course=_course(done, MEASURE[deed], read))
        )
    return tuple(found)


def _course(known: pd.DataFrame, column: str, read: Any) -> Sentence:
    """Word the first and the last row, each with its interval; or the only one."""
    ends = []
    for _, row in known.iloc[[0, -1]].iterrows():
        interval = Between(read(row[f"{column}_low"]), read(row[f"{column}_high"]))
        estimate = read(row[column])
        ends.append(
            say("{estimate} ({interval}) in {period}", estimate=estimate, interval=interval, period=row["period"])
        )
    return ends[0] if len(known) == 1 else say("{first} and {last}", first=ends[0], last=ends[1])


def profile_of(lags: pd.DataFrame, deed: str, periods: int, level: float) -> Sentence:
    """Say at which distance in time both go together, or why that is not said."""
    if deed == "reported":
        return say(
            "Which comes first cannot be said: what respondents report looks back twelve months, over several periods."
        )
    if deed == "recommended":
        return say("Which comes first cannot be said: the deeds have no date.")
    if lags.empty:
        return say_n(
            "Which comes first is not said: {count} period has both a score and a rate, and a lag profile takes "
            "{least}.",
            "Which comes first is not said: {count} periods have both a score and a rate, and a lag profile takes "
            "{least}.",
            periods,
            least=LEAST_PERIODS,
        )
    own = lags[lags["deed"] == deed].dropna(subset=["estimate", "conf_low"])
    if own.empty:
        return say("Which comes first cannot be said: the score or the rate does not vary about its trend.")
    apart = own[own["apart"]]
    if apart.empty:
        return say(
            "It is not shown that the score and the rate go together beyond their trends, at any distance of up to "
            "{lags} periods ({count} correlations together at {level:percent:0}, Bonferroni; {periods} periods).",
            lags=int(own["lag"].max()),
            count=len(own),
            level=level,
            periods=periods,
        )
    return _largest(apart.iloc[int(apart["estimate"].abs().argmax())], len(own), level)


def _largest(most: pd.Series, count: int, level: float) -> Sentence:
    """Read the distance at which both go together most."""
    values = {"level": level, "distances": count}
    if most["lag"] == 0:
        return say(
            "Beyond their trends the score and the rate go together most in the same period: {estimate:signed} "
            "({level:percent:0} interval {conf_interval:signed}, {n:count} pairs; apart from 0 also when all "
            "{distances} distances are counted).",
            most,
            **values,
        )
    if most["lag"] < 0:
        return say_n(
            "Beyond their trends they go together most where the deeds come {count} period before the answers: "
            "{estimate:signed} ({level:percent:0} interval {conf_interval:signed}, {n:count} pairs; apart from 0 also "
            "when all {distances} distances are counted).",
            "Beyond their trends they go together most where the deeds come {count} periods before the answers: "
            "{estimate:signed} ({level:percent:0} interval {conf_interval:signed}, {n:count} pairs; apart from 0 also "
            "when all {distances} distances are counted).",
            -int(most["lag"]),
            most,
            **values,
        )
    return say_n(
        "Beyond their trends they go together most where the deeds come {count} period after the answers: "
        "{estimate:signed} ({level:percent:0} interval {conf_interval:signed}, {n:count} pairs; apart from 0 also when "
        "all {distances} distances are counted).",
        "Beyond their trends they go together most where the deeds come {count} periods after the answers: "
        "{estimate:signed} ({level:percent:0} interval {conf_interval:signed}, {n:count} pairs; apart from 0 also when "
        "all {distances} distances are counted).",
        int(most["lag"]),
        most,
        **values,
    )
