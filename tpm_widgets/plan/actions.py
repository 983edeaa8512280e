"""What first? Measures by what they promise, how soon, and at what cost; quick wins on top."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError, check_level
from tpm_widgets.language import Sentence, read, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.plan.first_action import AIMS, first_action
from tpm_widgets.results import Result
from tpm_widgets.strategy.aims.what_if import what_if
from tpm_widgets.strategy.aims.what_if_models import WhatIfModels, what_if_models
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread

EffectOn = Literal["nps", "referral_rate"]
DONE = frozenset({"done", "completed", "finished", "erledigt", "abgeschlossen"})
COST_UNIT = 1000.0  # effect per thousand of the currency: per single unit nobody could read it
EFFECTS = ["effect", "effect_low", "effect_high", "nps_effect", "rate_effect"]
PLANNED = ("owner", "due", "start", "status", "needs", "segment")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ActionRanking(Result):
    """Measures in the order in which to begin; see :func:`rank_actions`.

    Attributes
    ----------
    done : pandas.DataFrame
        ``action``, ``touchpoint`` and ``status`` of what is done already and so not ranked.
    max_effort, max_time : float
        What a quick win may take at most; missing where no action tells.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["effect", "effect_low", "effect_high"], "points"),
        # a page is not that wide
        **dict.fromkeys(["start", "status", "nps_effect", "yes_effect", "rate_effect"], "hidden"),
        **dict.fromkeys(["reach", "probability"], "percent"),
        "effect_per_cost": "points:3",
        "cost": "number:0",
    }

    done: pd.DataFrame
    max_effort: float
    max_time: float
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.table["quick_win"].astype(int).diff().gt(0).any():
            raise ValueError("Quick wins stand on top.")

    @property
    def quick_win_changes(self) -> dict[str, float]:
        """What the quick wins together are expected to change, in rating points by touchpoint, for ``what_if``."""
        wins = self.table[self.table["quick_win"]]
        quick = (wins["expected_change"] * wins["probability"]).groupby(wins["touchpoint"], sort=False).sum()
        return {str(touchpoint): float(change) for touchpoint, change in quick.items()}

    def sentences(self) -> tuple[Sentence, ...]:
        """Name the quick wins and the first measure, with its effect if the association is causal."""
        if not len(self.table):
            return (say_n("The one action is done.", "All {count} actions are done.", len(self.done)),)
        quick = self.table.loc[self.table["quick_win"], "action"]
        first = self.table.iloc[0].to_dict()
        aim = AIMS[self.settings["metric"]]
        begin = (
            say_n(
                "Quick win for {aim}, to begin with: {actions:list}.",
                "{count} quick wins for {aim}, to begin with: {actions:list}.",
                len(quick),
                aim=aim,
                actions=tuple(quick),
            )
            if len(quick)
            else say("No action is a quick win for {aim}: none is at once easy, soon to work and promising.", aim=aim)
        )
        return begin, first_action(first, self.table, self.labels, self.settings)


@on_one_thread
def rank_actions(
    study: Study,
    models: WhatIfModels | None = None,
    level: float = 0.95,
    metric: EffectOn = "nps",
    max_effort: float | None = None,
    max_time: float | None = None,
) -> ActionRanking:
    """Put measures into the order in which to begin: what promises fast success stands on top.

    Parameters
    ----------
    study : Study
        With the actions: ``action``, ``touchpoint``, ``cost``, ``effort``, ``expected_change`` (rating points), and
        ``probability`` (of success, 0…1; 1 where missing), ``time_to_effect``, ``owner``, ``due``, ``status``,
        ``needs`` (the action that must come before) where known.
    models : WhatIfModels, optional
        ``what_if_models(study)``, where they are fitted already.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    metric : {"nps", "referral_rate"}
        What the actions are to raise: what customers say, or what they do.
    max_effort, max_time : float, optional
        What a quick win may take at most, in the units of ``effort`` and ``time_to_effect``; the medians of the open
        actions by default.

    Returns
    -------
    ActionRanking
        ``table`` with one row per open action: ``rank``; ``action``; ``touchpoint``; ``quick_win``; ``effect``
        (expected change of the metric, −1…1), ``effect_low``, ``effect_high``; ``reach`` (share of the answers that
        experienced the touchpoint); ``cost``; ``effort``; ``expected_change`` (rating points); ``time_to_effect``;
        ``probability``; ``effect_per_cost`` (effect per 1,000 of cost; missing where it costs nothing); ``owner``,
        ``due``, ``start``, ``status``, ``needs``, ``segment`` where given; ``nps_effect`` and, where it can be
        predicted, ``rate_effect``: expected change of the score and of the referral rate, side by side. ``done`` lists
        what is done already.

    Raises
    ------
    DataError
        Where there are no actions, or what is to be raised cannot be predicted.

    Notes
    -----
    effect = probability · :func:`what_if` for ``expected_change`` at the action's touchpoint; the interval is that of
    the what-if, times the probability, and holds neither the doubt in the expected change nor in the probability. A
    quick win takes at most ``max_effort`` and ``max_time``, needs no action that is still open, and has an effect whose
    interval lies above 0 (where no easy action has that: an effect above 0). Quick wins come first, then the others,
    each by effect per cost (what costs nothing before the rest), then by effect. Effects of several actions at one
    touchpoint do not add up: ratings end with the scale. Actions with status done, completed or finished are not
    ranked. An effect is counted over all answers, also where the action names a segment.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> ranking = tpm.rank_actions(tpm.simulate_study(seed=1, respondents=800, touchpoints=6))
    >>> bool(ranking.table["quick_win"].iloc[0])
    True
    """
    check_level(level)
    check_option("metric", metric, EffectOn)
    need(study, "rank_actions", actions=("action", "touchpoint", "cost", "effort", "expected_change"))
    actions = given(study.actions)
    _refuse_improbable(actions)
    models = what_if_models(study) if models is None else models
    if metric == "referral_rate" and not models.predicts_rate:
        raise DataError([_no_rate(models)])
    status = actions["status"] if "status" in actions else pd.Series("", index=actions.index)
    finished = status.astype("object").fillna("").astype(str).str.strip().str.casefold().isin(DONE)
    figure = "yes" if metric == "nps" and models[0].outcome == "yes" else metric
    table = _expected(actions[~finished].reset_index(drop=True), models, metric, level)
    max_effort = float(table["effort"].median()) if max_effort is None else max_effort
    max_time = float(table["time_to_effect"].median()) if max_time is None else max_time
    table["quick_win"], doubtful = _quick_wins(table, max_effort, max_time)
    table = _ranked(table)
    done = actions.loc[finished, ["action", "touchpoint"]].assign(status=status[finished]).reset_index(drop=True)
    return ActionRanking(
        table=table,
        done=done,
        max_effort=max_effort,
        max_time=max_time,
        labels=study.labels,
        settings={"level": level, "metric": figure, "max_effort": max_effort, "max_time": max_time, "n": models[0].n},
        caveats=_caveats(table, done, doubtful, max_effort, max_time) + models.caveats,
        data_hash=study.data_hash,
    )


def _refuse_improbable(actions: pd.DataFrame) -> None:
    """Refuse probabilities above 1, which are percentages by mistake and would multiply the effect."""
    if "probability" not in actions:
        return
    remedy = str(say("Write 0.8 for 80%."))
    faults = [
        {"table": "actions", "row": row, "column": "probability", "value": value}
        | {"expected": str(say("a probability from 0 to 1")), "remedy": remedy}
        for row, value in enumerate(actions["probability"], start=2)
        if value > 1
    ]
    if faults:
        raise DataError(faults)


def _no_rate(models: WhatIfModels) -> dict[str, str]:
    return {
        "table": "customers",
        "column": "source",
        "expected": str(say("customers won by those who answered, and the sources of new customers")),
        "remedy": read(models.caveats),
    }


def _expected(actions: pd.DataFrame, models: WhatIfModels, metric: EffectOn, level: float) -> pd.DataFrame:
    """List the open actions with what each is expected to bring."""
    found = [_what_if(action, models, metric, level) for action in actions.to_dict("records")]
    effects = pd.DataFrame(found, index=actions.index, columns=EFFECTS, dtype=float)
    probability = actions.get("probability", pd.Series(1.0, index=actions.index)).astype(float).fillna(1.0)
    table = pd.DataFrame(
        {
            "action": actions["action"],
            "touchpoint": actions["touchpoint"],
            "cost": actions["cost"].astype(float),
            "effort": actions["effort"].astype(float),
            "expected_change": actions["expected_change"].astype(float),
            "time_to_effect": actions.get("time_to_effect", pd.Series(np.nan, index=actions.index)).astype(float),
            "probability": probability,
            "reach": actions["touchpoint"].map(dict(models.reach)).astype(float),
        }
    ).join(effects.mul(probability, axis=0))
    paid = table["cost"].where(table["cost"] > 0)
    table["effect_per_cost"] = table["effect"] / paid * COST_UNIT
    table = table.join(actions[[name for name in PLANNED if name in actions]])
    if models[0].outcome == "yes":
        table = table.rename(columns={"nps_effect": "yes_effect"})
    return table if models.predicts_rate else table.drop(columns="rate_effect")


def _what_if(action: Mapping[Any, Any], models: WhatIfModels, metric: EffectOn, level: float) -> list[float]:
    """Return the numbers of ``EFFECTS`` before the probability; missing where the touchpoint was not rated."""
    touchpoint, change = action["touchpoint"], action["expected_change"]
    if touchpoint not in models.touchpoints or models[0].design.position(touchpoint) is None or pd.isna(change):
        return [np.nan] * len(EFFECTS)
    expected = what_if(models, {touchpoint: float(change)}, level=level)
    score = "nps" if expected.row("nps") else "yes"
    wanted = expected.row(score if metric == "nps" else metric)
    both = [expected.row(name).get("change", np.nan) for name in (score, "referral_rate")]
    return [wanted["change"], wanted["conf_low"], wanted["conf_high"], *both]


def _quick_wins(table: pd.DataFrame, max_effort: float, max_time: float) -> tuple[pd.Series, bool]:
    """Which actions are easy, soon and promising; and whether no effect of theirs is beyond doubt."""
    easy = (table["effort"] <= max_effort) & (table["time_to_effect"] <= max_time)
    if "needs" in table:
        easy &= ~table["needs"].isin(table["action"])
    shown = easy & (table["effect_low"] > 0)
    if shown.any():
        return shown, False
    return easy & (table["effect"] > 0), True


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    sign = np.sign(table["effect"])
    free = sign.where(~(sign.abs() > 0), np.inf * sign)  # what costs and changes nothing is better than harm
    worth = table["effect_per_cost"].where(table["cost"] > 0, free)
    order = table.assign(worth=worth).sort_values(
        ["quick_win", "worth", "effect"], ascending=False, na_position="last", kind="stable"
    )
    first = ["action", "touchpoint", "quick_win", "effect", "effect_low", "effect_high", "reach", "cost", "effort"]
    first += ["expected_change", "time_to_effect", "probability", "effect_per_cost"]
    last = [name for name in (*PLANNED, "nps_effect", "yes_effect", "rate_effect") if name in table]
    ranked = table.loc[order.index, [*first, *last]].reset_index(drop=True)
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    return ranked


def _caveats(
    table: pd.DataFrame, done: pd.DataFrame, doubtful: bool, max_effort: float, max_time: float
) -> tuple[Sentence, ...]:
    caveats = [
        say(
            "If causal, and if the expected changes and probabilities are right: those are the planner's, and no "
            "interval holds their doubt."
        ),
        say(
            "A quick win takes at most {effort:count} of effort and {time:count} until it works, needs no open action, "
            "and has an effect above 0.",
            effort=max_effort,
            time=max_time,
        ),
    ]
    if len(table) and math.isnan(max_time):
        caveats.append(say("No action has a time_to_effect, so none can be called a quick win."))
    if doubtful and table["quick_win"].any():
        caveats.append(say("No quick win has an effect that is beyond chance; they are the most promising ones."))
    if len(done):
        caveats.append(
            say_n(
                "{count} action is done and not ranked: {actions:list}.",
                "{count} actions are done and not ranked: {actions:list}.",
                len(done),
                actions=tuple(done["action"]),
            )
        )
    unknown, free = table.loc[table["effect"].isna(), "action"], table.loc[table["cost"] == 0, "action"]
    if len(unknown):
        caveats.append(
            say("Without expected effect, as their touchpoint is in no model: {actions:list}.", actions=tuple(unknown))
        )
    if len(free):
        caveats.append(
            say("Cost nothing, so come before others of their kind if they help: {actions:list}.", actions=tuple(free))
        )
    return tuple(caveats)
