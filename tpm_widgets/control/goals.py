"""Are we getting there? Goals against the latest measurement, with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import DAYS_PER_MONTH
from tpm_widgets.as_is.score.classes import class_caveats
from tpm_widgets.control.metrics import (
    RATING,
    SURVEY_METRICS,
    Measurement,
    difference,
    known_metrics,
    meant,
    measure,
    measured_caveats,
    metric_words,
    quantity,
)
from tpm_widgets.errors import DataError, check_level
from tpm_widgets.language import Between, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread

Verdict = Literal["reached", "on the way", "no progress shown", "moving away", ""]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class GoalProgress(Result):
    """How much of the way to each goal is done; see :func:`goal_progress`."""

    formats: ClassVar[Mapping[str, str]] = dict.fromkeys(["progress", "progress_low", "progress_high"], "percent")

    labels: dict[str, str]

    def __post_init__(self) -> None:
        judged = self.table.dropna(subset=["progress"])
        if not (judged["progress_low"] <= judged["progress_high"]).all():
            raise ValueError("An interval of progress runs from low to high.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what has become of the goals, and read each of the first two."""
        counts = self.table["verdict"].value_counts()
        overall = say_n(
            "{count} goal: {reached} reached, {on_the_way} on the way, {none} without progress shown, "
            "{away} moving away.",
            "{count} goals: {reached} reached, {on_the_way} on the way, {none} without progress shown, "
            "{away} moving away.",
            len(self.table),
            reached=int(counts.get("reached", 0)),
            on_the_way=int(counts.get("on the way", 0)),
            none=int(counts.get("no progress shown", 0)),
            away=int(counts.get("moving away", 0)),
        )
        judged = self.table[self.table["verdict"] != ""]
        return (overall, *(self.read_goal(row) for row in judged.head(2).to_dict("records")))

    def read_goal(self, row: dict[Any, Any]) -> Sentence:
        """Read one row: how far, how sure, and what the due date still asks for."""
        metric = row["metric"]
        return say(
            "{goal}: {metric} {estimate} ({measured}, n = {n:count}; {level:percent:0} interval {interval}) between "
            "{baseline} at first and the target {target}: {progress:percent:0} of the way (interval "
            "{progress_interval:percent:0}). {pace}",
            row,
            self.settings,
            metric=metric_words(metric, self.labels),
            estimate=quantity(metric, row["estimate"]),
            interval=Between(quantity(metric, row["conf_low"]), quantity(metric, row["conf_high"])),
            baseline=quantity(metric, row["baseline"]),
            target=quantity(metric, row["target"]),
            pace=_pace_sentence(row),
        )


def _pace_sentence(row: dict[Any, Any]) -> Sentence:
    if row["progress"] >= 1:
        if row["verdict"] == "reached":
            return say("The whole interval lies at or beyond the target.")
        return say("The estimate is at the target, but its interval still falls short of it.")
    if pd.isna(row["due"]) or pd.isna(row["days_left"]):
        return say("{remaining} points are missing.", remaining=difference(row["metric"], row["remaining"]))
    if row["days_left"] <= 0:
        return say(
            "It was due on {due}, and {remaining} points were missing.",
            due=row["due"],
            remaining=difference(row["metric"], row["remaining"]),
        )
    return say(
        "It is due on {due}: {remaining} points are missing, {pace} a month.",
        due=row["due"],
        remaining=difference(row["metric"], row["remaining"]),
        pace=difference(row["metric"], row["pace"]),
    )


@on_one_thread
def goal_progress(study: Study, level: float = 0.95) -> GoalProgress:
    """Tell which goals are reached, which are on the way, and what pace their due date asks for.

    Parameters
    ----------
    study : Study
        With the table of goals: ``metric`` (``nps``, ``promoters``, ``passives``, ``detractors``, ``referral_rate``
        or ``rating:<touchpoint>``), ``baseline``, ``target`` (shares 0…1, NPS −1…1, ratings on their scale), ``due``,
        ``goal`` (words; the metric where missing).
    level : float, default 0.95
        Confidence level of the intervals, 0…1.

    Returns
    -------
    GoalProgress
        ``table`` with one row per goal: ``goal``, ``metric``, ``baseline``, ``target``, ``due``; ``n``, ``estimate``,
        ``conf_low``, ``conf_high`` of the latest measurement; ``progress`` (share of the way from baseline to target,
        below 0 where it went the other way, above 1 beyond the target), ``progress_low``, ``progress_high``;
        ``verdict`` ("reached", "on the way", "no progress shown", "moving away", empty where it cannot be judged);
        ``measured`` (which wave or period), ``remaining`` (target − estimate), ``days_left`` (from the last day
        measured to the due date), ``pace`` (what remains, per month; missing when due or at the target).

    Raises
    ------
    DataError
        Where there are no goals, a metric is unknown, or a goal is not in its unit: all faults at once.

    Notes
    -----
    progress = (estimate − baseline)/(target − baseline), and its interval that of the estimate, put through the same
    line. "reached": the whole interval lies at or beyond the target; "on the way": it lies beyond the baseline towards
    the target; "moving away": it lies on the other side of the baseline; otherwise "no progress shown". Measured is
    the last wave (all answers where there are no waves), for the referral rate the new customers of the last quarter
    that is over and has at least ``study.min_group`` of them. Intervals are those of :func:`net_promoter_score`,
    :func:`touchpoint_map` and :func:`referral_rate`. The baseline is taken as a fixed number: where it was itself a
    sample, the verdicts are too sure; ``compare_waves`` takes both samples into account.

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"score": [9, 10, 3, 8] * 40, "desk": [5, 4, 1, 4] * 40})
    >>> goals = pd.DataFrame({"metric": ["nps"], "baseline": [0.05], "target": [0.3], "due": ["2026-06-30"]})
    >>> study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], goals=goals)
    >>> tpm.goal_progress(study).table[["metric", "estimate", "progress", "verdict"]].round(2)
      metric  estimate  progress     verdict
    0    nps      0.25       0.8  on the way
    """
    check_level(level)
    need(study, "goal_progress", goals=("metric", "baseline", "target", "due"))
    _refuse_faulty(study)
    measurements: dict[str, Measurement] = {}
    rows = []
    for goal in given(study.goals).to_dict("records"):
        metric = meant(study, goal["metric"])
        if metric not in measurements:
            measurements[metric] = measure(study, metric, level)
        rows.append(_row({**goal, "metric": metric}, measurements[metric]))
    table = pd.DataFrame(rows)
    return GoalProgress(
        table=table,
        labels=study.labels,
        settings={"level": level},
        caveats=(
            *(class_caveats(study) if set(SURVEY_METRICS) & set(table["metric"]) else ()),
            *measured_caveats(study, table["metric"]),
            *_caveats(table),
        ),
        data_hash=study.data_hash,
    )


def _refuse_faulty(study: Study) -> None:
    """Refuse unknown metrics and goals outside the scale of their metric, all at once."""
    known, faults = known_metrics(study), []
    for number, goal in enumerate(given(study.goals).to_dict("records"), start=2):
        if meant(study, goal["metric"]) not in known:
            expected = say("one of {metrics:all}", metrics=tuple(known))
            faults.append(
                {"table": "goals", "row": number, "column": "metric", "value": goal["metric"]}
                | {"expected": expected, "remedy": say("Write the metric as listed.")}
            )
            continue
        low, high = _scale(study, meant(study, goal["metric"]))
        for role in ("baseline", "target"):
            if not low <= goal[role] <= high and pd.notna(goal[role]):
                expected = say("a number from {low:count} to {high:count}", low=low, high=high)
                remedy = say("Write shares as 0.35 for 35%, and the score as 0.35 for 35 points.")
                faults.append(
                    {"table": "goals", "row": number, "column": role, "value": goal[role]}
                    | {"expected": expected, "remedy": remedy}
                )
    if faults:
        worded = ("expected", "remedy")
        raise DataError([{key: str(fault[key]) if key in worded else fault[key] for key in fault} for fault in faults])


def _scale(study: Study, metric: str) -> tuple[float, float]:
    if metric.startswith(RATING):
        return study.rating_scales[metric.removeprefix(RATING)]
    return (-1.0, 1.0) if metric == "nps" else (0.0, 1.0)


def _row(goal: dict[Any, Any], measured: Measurement) -> dict[str, Any]:
    way = goal["target"] - goal["baseline"]
    found = measured.estimate
    done, low, high = np.nan, np.nan, np.nan
    if way != 0 and pd.notna(way):
        done = (found.estimate - goal["baseline"]) / way
        low, high = sorted((end - goal["baseline"]) / way for end in (found.conf_low, found.conf_high))
    remaining = goal["target"] - found.estimate
    days = (goal["due"] - measured.last_day).days if pd.notna(goal["due"]) and pd.notna(measured.last_day) else np.nan
    return {
        "goal": goal["goal"] if pd.notna(goal.get("goal")) else goal["metric"],
        "metric": goal["metric"],
        "baseline": goal["baseline"],
        "target": goal["target"],
        "due": goal["due"],
        "n": found.n,
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "progress": done,
        "progress_low": low,
        "progress_high": high,
        "verdict": _verdict(low, high),
        "measured": measured.name,
        "remaining": remaining,
        "days_left": days,
        "pace": remaining / days * DAYS_PER_MONTH if days > 0 and done < 1 else np.nan,
    }


def _verdict(low: float, high: float) -> Verdict:
    if np.isnan(low):
        return ""
    if low >= 1:
        return "reached"
    if high < 0:
        return "moving away"
    return "on the way" if low > 0 else "no progress shown"


def _caveats(table: pd.DataFrame) -> tuple[Sentence, ...]:
    caveats = [
        say(
            "The baselines are taken as fixed numbers; where they were measured in a sample, the verdicts are too "
            "sure, and compare_waves is the better test."
        )
    ]
    unmoved = table.loc[table["baseline"] == table["target"], "goal"]
    if len(unmoved):
        caveats.append(
            say(
                "Target and baseline are the same, so there is no way to measure progress on: {goals:list}.",
                goals=tuple(unmoved),
            )
        )
    unknown = table.loc[table["estimate"].isna() | table[["baseline", "target"]].isna().any(axis=1), "goal"]
    if len(unknown):
        caveats.append(
            say("Too few values, or a missing baseline or target, to judge: {goals:list}.", goals=tuple(unknown))
        )
    return tuple(caveats)
