"""Here as there, now as then? One driver model per segment or wave, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import Group, answer_groups, need_two_groups, split_names
from tpm_widgets.errors import DataError
from tpm_widgets.options import check_option
from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.statistics.regression.contrasts import WaldTest
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT, Missing
from tpm_widgets.strategy.compare.group_caveats import group_caveats
from tpm_widgets.strategy.compare.group_differences import (
    GroupEffects,
    GroupShares,
    Pair,
    rank_correlations,
    with_shares,
)
from tpm_widgets.strategy.compare.group_result import DriverGroups, Verdict
from tpm_widgets.strategy.compare.options import DIFFERENCE, Options, Policy
from tpm_widgets.strategy.drivers.models import choose_model
from tpm_widgets.strategy.drivers.of_study import DriverRegression, design_of, regress
from tpm_widgets.strategy.drivers.outcomes import SAID, Answers, Outcome, asked, known_answers
from tpm_widgets.study.model import Study, need_study, need_touchpoints
from tpm_widgets.threads import on_one_thread

Compared = Literal["recommend", "promoter", "detractor", "referred", "won", "recommended", "reported", "yes"]
DIFFERENCE_SCORE = 0.1  # points of the score per rating point

COLUMNS = ["touchpoint", "group", "other", "n", "n_other", "estimate", "other_estimate", "difference", "std_error",
           "conf_low", "conf_high", "p_value", "p_adjusted", "importance", "other_importance", "share_difference",
           "share_difference_low", "share_difference_high"]  # fmt: skip


@on_one_thread
def compare_driver_groups(
    study: Study,
    by: str | Sequence[str],
    outcome: Compared = "promoter",
    *,
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    negligible: float | None = None,
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
) -> DriverGroups:
    """Hold the drivers of one outcome in one segment or wave against those in another: here as there, now as then?

    Parameters
    ----------
    study : Study
        With ratings; for deeds with customers, dates and recommendations.
    by : str or sequence of str
        The groups: ``"wave"``, a segment, or any other column of the survey; several names cross them.
    outcome : {"promoter", "recommend", "detractor", "referred", "won", "recommended", "reported"}
        What is explained.
    groups : sequence of str, or mapping of str to sequence of str, optional
        Which of the groups to compare, in this order; all where None. A mapping joins groups under a new name, such as
        ``{"2023": ["2023-Q1", "2023-Q2"], "2024": ["2024-Q1", "2024-Q2"]}``.
    negligible : float, optional
        δ, the difference of effects per rating point that is too small to matter: where None, 0.03 where something is
        said, 0.01 where it is done, 0.1 points of the score.
    missing, level, window, replicates, seed
        As in :func:`compare_drivers`.

    Returns
    -------
    DriverGroups
        ``table``, one row per touchpoint and pair of groups (of waves: each with the one before it, and
        the last with the first): ``touchpoint``, ``group``, ``other``; ``n`` and ``n_other``, their answers that rated
        it; ``estimate`` and ``other_estimate``, the average change of the outcome per rating point; ``difference``,
        the first minus the second (of waves: the later minus the earlier), ``std_error``, ``conf_low``, ``conf_high``,
        ``p_value``, ``p_adjusted`` (Holm, over all rows); ``importance``, ``other_importance``, LMG shares of
        variance; ``share_difference``, of the shares of what is explained, ``share_difference_low``,
        ``share_difference_high`` (bootstrap). ``verdict``, ``test`` and ``touchpoints`` answer whether the groups
        differ at all, and where. A group with fewer than 10 answers (of the rarer outcome) per coefficient keeps its
        rows, withheld.

    Raises
    ------
    DataError
        Where answers cannot be tied to deeds, or ``by`` makes fewer than two groups.
    ValueError
        For an unknown option.

    Notes
    -----
    One regression per group. That is one model in which the group interacts with every term;
    the covariance is that model's HC3, summed by customer (else respondent), so whoever answered in two waves is
    compared with himself. For 0/1 outcomes the effects compared are average changes of the probability (delta method):
    coefficients on the scale of log odds also differ between groups in which other things move the outcome more or
    less. The Wald test of all differences at once is held against F(q, G − 1) for G customers; by touchpoint the
    same, Holm-adjusted over the touchpoints. *No*: every pair's difference has its interval of level 2·level − 1
    within ±δ. *Yes*: else, where the joint test rejects. In all other cases it cannot be told: a test that does not
    reject shows nothing. Simulated with 1,500 answers and equal drivers, the joint test rejects in 5 to 6 % with two
    groups and in 3 to 8 % with three, most where the same persons answer in all of them. ``log_odds_test`` is the
    joint test of the coefficients. The intervals of the table are of each row by itself. The noise of a small group
    raises the importance of touchpoints that matter little, so rankings of groups of different size differ a little
    for that alone.

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Schuirmann 1987, doi:10.1007/BF01068419; MacKinnon & White 1985,
    doi:10.1016/0304-4076(85)90158-7 (HC3); Cameron & Miller 2015, doi:10.3368/jhr.50.2.317 (clusters); Mize, Doan &
    Long 2019, doi:10.1177/0081175019852763 (effects of several models compared).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=2500, touchpoints=6)
    >>> products = tpm.compare_driver_groups(study, by="product", outcome="recommend", replicates=50)
    >>> products.verdict
    'cannot be told'
    """
    check_option("outcome", outcome, Compared)
    outcome = cast(Compared, asked(study, outcome, "compare_driver_groups"))
    options = Options(missing=missing, level=level, window=window, replicates=replicates, seed=seed)
    need_study(study, "compare_driver_groups")
    need_touchpoints(study, "compare_driver_groups")
    negligible = _difference_that_matters(negligible, outcome)
    answers = known_answers(Observed(study, "compare_driver_groups"), outcome, window)
    split, outside = answer_groups(study, by)
    settings = {"by": by, "outcome": outcome, "negligible": negligible, **options.of_models}
    parts = {name: answers.only(np.isin(answers.rows, rows)) for name, rows in _chosen(split, groups, by).items()}
    records, models = _fit_large(study, parts, outcome, missing, level, settings)
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


def _difference_that_matters(negligible: float | None, outcome: Compared) -> float:
    if negligible is None:
        if outcome == "recommend":
            return DIFFERENCE_SCORE
        return DIFFERENCE[0] if outcome in SAID else DIFFERENCE[1]
    number = isinstance(negligible, (int, float)) and not isinstance(negligible, bool)
    if not number or not negligible > 0:
        raise ValueError(
            f"negligible must be one difference of effects per rating point above 0, such as 0.03; got {negligible!r}."
        )
    return float(negligible)


def _chosen(
    split: Sequence[Group], groups: Sequence[str] | Mapping[str, Sequence[str]] | None, by: str | Sequence[str]
) -> dict[str, np.ndarray]:
    """Keep the rows of the groups asked for, in that order, joined where a mapping joins them."""
    known = {group.name: group.rows for group in split}
    if groups is None:
        need_two_groups(by, known)
        return known
    wanted = groups if isinstance(groups, Mapping) else {name: [name] for name in groups}
    members = [str(name) for names in wanted.values() for name in names]
    wrong = [name for name in members if name not in known]
    if wrong:
        raise ValueError(f"groups must be some of {', '.join(map(repr, known))}; got {', '.join(map(repr, wrong))}.")
    if len(wanted) < 2 or len(set(members)) < len(members) or not all(wanted.values()):
        raise ValueError(f"groups must name at least two groups to compare, each once; got {groups!r}.")
    return {str(name): np.concatenate([known[str(own)] for own in names]) for name, names in wanted.items()}


def _fit_large(
    study: Study,
    parts: Mapping[str, Answers],
    outcome: Outcome,
    missing: Missing,
    level: float,
    settings: Mapping[str, object],
) -> tuple[pd.DataFrame, dict[str, DriverRegression]]:
    """Fit a model to every group that holds enough answers for one; tell of all how much theirs would rest on."""
    records, models = [], {}
    for name, own in parts.items():
        record = _record(name, *_basis(study, own, outcome, missing), outcome, study.min_group)
        if not record["withheld"]:
            try:
                models[name] = regress(study, own, outcome, missing, level, settings)
                record["r_squared"] = models[name].r_squared
            except DataError:  # answers too alike
                record = _record(name, own, np.nan, outcome, study.min_group)
        records.append(record)
    return pd.DataFrame(records), models


def _basis(study: Study, answers: Answers, outcome: Outcome, missing: Missing) -> tuple[Answers, float]:
    """Return the answers that a group's model would use, and its coefficients; missing where there can be none."""
    try:
        design = design_of(study, answers, missing, choose_model(outcome, None)) if len(answers.rows) else None
    except DataError:  # too few that rated everything
        design = None
    return (answers, np.nan) if design is None else (answers.only(design.rows), len(design.columns) - 1)


def _record(name: str, used: Answers, coefficients: float, outcome: Outcome, min_group: int) -> dict[str, Any]:
    """Tell how much a group's model would rest on, and whether that is too little to fit and show it."""
    n = len(used.rows)
    events = None if outcome == "recommend" else int(used.observed.sum())
    each = (n if events is None else min(events, n - events)) / (coefficients or np.nan)
    return {
        "group": name,
        "n": n,
        "events": np.nan if events is None else events,
        "coefficients": coefficients,
        "per_coefficient": each,
        "r_squared": np.nan,
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
