"""One driver model per segment or wave, and what differs between them: the work behind ``compare_drivers(by=…)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.as_is.groups import Group, answer_groups, split_names
from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.design import PER_COEFFICIENT, Missing
from tpm_widgets.statistics.group_contrasts import WaldTest
from tpm_widgets.statistics.multiplicity import adjusted_p_values
from tpm_widgets.strategy.driver_groups import DriverGroups, Verdict
from tpm_widgets.strategy.drivers import DriverRegression, regress
from tpm_widgets.strategy.group_caveats import group_caveats
from tpm_widgets.strategy.group_effects import GroupEffects, Pair
from tpm_widgets.strategy.group_shares import GroupShares, rank_correlations, with_shares
from tpm_widgets.strategy.outcomes import Answers, Outcome, known_answers
from tpm_widgets.study.model import Study

COLUMNS = ["touchpoint", "group", "other", "n", "n_other", "estimate", "other_estimate", "difference", "std_error",
           "conf_low", "conf_high", "p_value", "p_adjusted", "importance", "other_importance", "share_difference",
           "share_difference_low", "share_difference_high"]  # fmt: skip


def compare_groups(
    study: Study,
    by: str | Sequence[str],
    outcome: Outcome,
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None,
    negligible: float,
    missing: Missing,
    level: float,
    window: int | None,
    replicates: int,
    seed: int,
) -> DriverGroups:
    """Fit one model per group and hold them against each other; ``compare_drivers`` tells what the options mean."""
    answers = known_answers(study, outcome, window, "compare_drivers")
    split, outside = answer_groups(study, by)
    settings = {"by": by, "outcome": outcome, "negligible": negligible, "missing": missing, "level": level}
    settings |= {"window": window} if window else {}
    parts = {name: answers.only(np.isin(answers.rows, rows)) for name, rows in _chosen(split, groups, by).items()}
    fitted = {name: _fit(study, own, outcome, missing, level, settings) for name, own in parts.items()}
    records = pd.DataFrame([_record(name, parts[name], fitted[name], outcome, study.min_group) for name in parts])
    models = {
        str(name): model for name in records.loc[~records["withheld"], "group"] if (model := fitted[name]) is not None
    }
    pairs = _pairs(list(parts), waves=split_names(by) == ["wave"])
    effects = GroupEffects(models)
    table = _differences(study, parts, pairs, effects, level)
    shares = GroupShares(study, models, replicates, seed) if len(models) > 1 else None
    table = with_shares(table, models, shares, level)
    test, log_odds = effects.test(), effects.log_odds_test() if outcome != "recommend" else None
    return DriverGroups(
        table=table[COLUMNS],
        verdict=_verdict(table, test, negligible, level, [pair for pair in pairs if set(pair) <= set(models)]),
        test=test,
        log_odds_test=log_odds,
        touchpoints=effects.by_touchpoint(study.touchpoint_names),
        groups=records,
        effects=pd.concat(
            [model.effects.assign(group=name)[["group", *model.effects]] for name, model in models.items()],
            ignore_index=True,
        ) if models else pd.DataFrame({"group": [], "touchpoint": []}),
        rank_correlations=rank_correlations(pairs, models, shares, level),
        models=models,
        outcome=outcome,
        labels=study.labels,
        settings={**settings, "per_coefficient": PER_COEFFICIENT, "replicates": replicates, "seed": seed},
        caveats=(*group_caveats(study, records, models, parts, outcome, log_odds), *outside, *answers.caveats),
        data_hash=study.data_hash,
    )  # fmt: skip


def _chosen(
    split: Sequence[Group], groups: Sequence[str] | Mapping[str, Sequence[str]] | None, by: str | Sequence[str]
) -> dict[str, np.ndarray]:
    """Keep the rows of the groups asked for, in that order, joined where a mapping joins them."""
    known = {group.name: group.rows for group in split}
    if groups is None:
        if len(known) < 2:
            raise _one_group(known, by)
        return known
    wanted = groups if isinstance(groups, Mapping) else {name: [name] for name in groups}
    members = [str(name) for names in wanted.values() for name in names]
    wrong = [name for name in members if name not in known]
    if wrong:
        raise ValueError(f"groups must be some of {', '.join(map(repr, known))}; got {', '.join(map(repr, wrong))}.")
    if len(wanted) < 2 or len(set(members)) < len(members) or not all(wanted.values()):
        raise ValueError(f"groups must name at least two groups to compare, each once; got {groups!r}.")
    return {str(name): np.concatenate([known[str(own)] for own in names]) for name, names in wanted.items()}


def _one_group(known: Mapping[str, np.ndarray], by: str | Sequence[str]) -> DataError:
    fault = {
        "table": "survey",
        "column": ", ".join(split_names(by)),
        "value": ", ".join(known),
        "expected": str(say("at least two groups to compare")),
        "remedy": str(say("Split by a column in which the answers differ.")),
    }
    return DataError([fault])


def _fit(
    study: Study, answers: Answers, outcome: Outcome, missing: Missing, level: float, settings: Mapping[str, object]
) -> DriverRegression | None:
    """Fit one group's model; None where its answers are too few or too alike for any."""
    if not len(answers.rows):
        return None
    try:
        return regress(study, answers, outcome, missing, level, settings)
    except DataError:
        return None


def _record(
    name: str, answers: Answers, model: DriverRegression | None, outcome: Outcome, min_group: int
) -> dict[str, Any]:
    """Tell how much a group's model rests on, and whether that is too little to show it."""
    n = len(answers.rows) if model is None else model.n
    events = None if outcome == "recommend" else int(answers.observed.sum()) if model is None else model.events
    coefficients = np.nan if model is None else len(model.design.columns) - 1
    each = (n if events is None else min(events, n - events)) / coefficients
    return {
        "group": name,
        "n": n,
        "events": np.nan if events is None else events,
        "coefficients": coefficients,
        "per_coefficient": each,
        "r_squared": np.nan if model is None else model.r_squared,
        "withheld": not each >= PER_COEFFICIENT or n < min_group,
    }


def _pairs(names: Sequence[str], waves: bool) -> list[Pair]:
    """Pair every group with every other; of waves each with the one before it, and the last with the first."""
    if not waves:
        return list(combinations(names, 2))
    pairs = [(later, earlier) for earlier, later in pairwise(names)]
    return [*pairs, (names[-1], names[0])] if len(names) > 2 else pairs


def _differences(
    study: Study, parts: Mapping[str, Answers], pairs: Sequence[Pair], effects: GroupEffects, level: float
) -> pd.DataFrame:
    """One row per touchpoint and pair of groups; a withheld group keeps its row without values."""
    used = {
        name: effects.models[name].design.rows if name in effects.models else own.rows for name, own in parts.items()
    }
    rated = {name: study.ratings.iloc[rows].notna().sum() for name, rows in used.items()}
    rows = []
    for touchpoint in study.touchpoint_names:
        for pair in pairs:
            one, two = pair
            row: dict[str, Any] = {"touchpoint": touchpoint, "group": one, "other": two}
            row |= {"n": int(rated[one][touchpoint]), "n_other": int(rated[two][touchpoint])}
            row |= {
                key: effects.value[name, touchpoint][0] if (name, touchpoint) in effects.value else np.nan
                for key, name in (("estimate", one), ("other_estimate", two))
            }
            found = effects.difference(touchpoint, pair, level)
            if found is None:
                row |= dict.fromkeys(["difference", "std_error", "conf_low", "conf_high", "p_value"], np.nan)
            else:
                own = found.rename(columns={"estimate": "difference"}).iloc[0]
                row |= {str(key): value for key, value in own.items()}
            rows.append(row)
    table = pd.DataFrame(rows)
    return table.assign(p_adjusted=adjusted_p_values(table["p_value"].to_numpy(float)))


def _verdict(
    table: pd.DataFrame, test: WaldTest | None, negligible: float, level: float, compared: Sequence[Pair]
) -> Verdict:
    """Decide in the order of ``judge_effects``: all differences negligible, then whether there are any."""
    if test is None:
        return "cannot be told"
    here = [pair in compared for pair in zip(table["group"], table["other"], strict=True)]
    rows = table[here]
    reach = stats.norm.ppf(level) * rows["std_error"]  # two one-sided tests of each; all must pass, so none is adjusted
    if (rows["difference"].abs() + reach < negligible).all():
        return "no"
    return "yes" if test.p_value <= 1 - level else "cannot be told"
