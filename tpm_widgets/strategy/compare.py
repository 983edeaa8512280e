"""Do the touchpoints that make customers say they would recommend also make them do it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.errors import check_level, check_option
from tpm_widgets.language import Names, Number, Sentence, say
from tpm_widgets.statistics.equivalence import judge_effects
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.lmg_bootstrap import bootstrap_lmg
from tpm_widgets.strategy.driver_comparison import DriverComparison
from tpm_widgets.strategy.drivers import DriverRegression, regress
from tpm_widgets.strategy.outcomes import WORDS, known_answers, said
from tpm_widgets.study.model import Study

Saying = Literal["promoter", "detractor"]
Doing = Literal["referred", "won"]
Policy = Literal["indicator", "complete"]
LISTS = {
    ("effect", "effect"): "both",
    ("effect", "negligible"): "talk only",
    ("negligible", "effect"): "deeds only",
    ("negligible", "negligible"): "neither",
}
VERDICTS = (*LISTS.values(), "undecided")


def compare_drivers(
    study: Study,
    saying: Saying = "promoter",
    doing: Doing = "referred",
    negligible: tuple[float, float] = (0.03, 0.01),
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
) -> DriverComparison:
    """Hold what drives saying that one would recommend against what drives really recommending.

    Parameters
    ----------
    study : Study
        With ratings, customers, dates and recommendations.
    saying : {"promoter", "detractor"}
        What is said: 9–10 or 0–6 on the question.
    doing : {"referred", "won"}
        What is done within the window: at least one recommendation made, at least one customer won.
    negligible : tuple of two floats, default (0.03, 0.01)
        δ for saying and for doing: average changes of the probability per rating point that are too small to matter.
    missing : {"indicator", "complete"}
        As in ``driver_regression``.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    window : int, optional
        Days after the answer in which deeds count; the study's own (365) where None.
    replicates, seed : int
        Of the bootstrap behind the rank correlation and the differences of importance.

    Returns
    -------
    DriverComparison
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``say_estimate``, the average
        change in the probability of saying per rating point among those who rated it, ``say_low``, ``say_high`` its
        Holm-adjusted interval, ``say_verdict`` ("effect", "negligible", "undecided"); the same for ``do_``;
        ``verdict`` ("both", "talk only", "deeds only", "neither", "undecided"); ``say_importance`` and
        ``do_importance``, LMG shares of variance.

    Raises
    ------
    DataError
        Where answers cannot be tied to deeds, or a model cannot be fitted.
    ValueError
        For an unknown option.

    Notes
    -----
    Both models are logistic regressions on the same answers: those whose deeds are known to the end of the window,
    weighted so that they stand for all that were followed; errors are clustered by customer. For each outcome an
    effect is *negligible* where its interval of level 2·level − 1 (two one-sided tests) lies within ±δ, even if it
    excludes 0, because a general mood always leaves a little; *an effect* where its Holm-adjusted interval excludes
    0; else *undecided*. Both: an effect on both. Talk only: an effect on saying, and on doing negligible. Deeds only:
    the reverse. Neither: both negligible. All others are undecided, whatever is known of one side. "Significant here
    and not there" is never read as a difference. The Holm-adjusted interval agrees with Holm's test among the
    touchpoints of one outcome (``statistics.multiplicity.holm_levels`` tells how).

    An effect is one of more than nothing, not of more than δ, and may be negative; a caveat names those. The rank
    correlation's interval is a percentile interval over customers drawn again; resampling adds noise to both rankings,
    so it need not lie evenly around the estimate.

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Schuirmann 1987, doi:10.1007/BF01068419; Strassburger & Bretz 2008,
    doi:10.1002/sim.3338; Gelman & Stern 2006, doi:10.1198/000313006X152649 (significant and not significant).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=2500, touchpoints=6)
    >>> comparison = tpm.compare_drivers(study, replicates=50)
    >>> list(comparison.lists)
    ['both', 'talk only', 'deeds only', 'neither', 'undecided']
    """
    for name, value, allowed in (("saying", saying, Saying), ("doing", doing, Doing), ("missing", missing, Policy)):
        check_option(name, value, allowed)
    check_level(level)
    _check_negligible(negligible)
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 20:
        raise ValueError(f"replicates must be a whole number of at least 20; got {replicates!r}.")
    answers = known_answers(study, doing, window, "compare_drivers")
    words = said(study, saying)[answers.rows]
    answers, words = answers.only(~np.isnan(words)), words[~np.isnan(words)]
    outcomes = np.column_stack([words, answers.observed])
    settings = {"missing": missing, "level": level} | ({"window": window} if window else {})
    models = {
        part: regress(study, own, outcome, missing, level, {"outcome": outcome, **settings}, outcomes)
        for part, outcome, own in (
            ("say", saying, replace(answers, observed=words, caveats=())),
            ("do", doing, answers),
        )
    }
    used = np.searchsorted(answers.rows, models["do"].design.rows)
    rank_correlation, differences = _importances(models, outcomes[used], level, replicates, seed)
    intervals = _intervals(models, negligible, level)
    table = _table(models, intervals)
    events = models["do"].events or 0
    return DriverComparison(
        table=table,
        intervals=intervals,
        lists={verdict: tuple(table.loc[table["verdict"] == verdict, "touchpoint"]) for verdict in VERDICTS},
        rank_correlation=rank_correlation,
        differences=differences,
        saying=models["say"],
        doing=models["do"],
        events_per_coefficient=min(events, models["do"].n - events) / (len(models["do"].design.columns) - 1),
        labels=study.labels,
        settings={"saying": saying, "doing": doing, "negligible": tuple(negligible), **settings, "seed": seed},
        caveats=_caveats(models, table),
        data_hash=models["do"].data_hash,
    )


def _check_negligible(negligible: tuple[float, float]) -> None:
    try:
        good = len(negligible) == 2 and all(0 < float(delta) < 1 for delta in negligible)
    except TypeError:
        good = False
    if not good:
        raise ValueError(
            "negligible must be two changes of a probability per rating point, for saying and for doing, such as "
            f"(0.03, 0.01); got {negligible!r}."
        )


def _intervals(models: Mapping[str, DriverRegression], negligible: tuple[float, float], level: float) -> pd.DataFrame:
    """Both parts' effects, judged."""
    parts = []
    for (part, model), delta in zip(models.items(), negligible, strict=True):
        effects = model.effects[["touchpoint", "estimate", "std_error", "p_value"]]
        estimate, std_error, p_value = (effects[name].to_numpy() for name in ("estimate", "std_error", "p_value"))
        judged = judge_effects(estimate, std_error, p_value, delta, level)
        effects = effects.assign(part=part)[["touchpoint", "part", "estimate", "std_error", "p_value"]]
        parts.append(pd.concat([effects, judged], axis=1))
    return pd.concat(parts, ignore_index=True)


def _table(models: Mapping[str, DriverRegression], intervals: pd.DataFrame) -> pd.DataFrame:
    table = models["do"].table[["touchpoint", "n"]].copy()
    names = {"estimate": "estimate", "conf_low": "low", "conf_high": "high", "verdict": "verdict"}
    for part in models:
        own = intervals[intervals["part"] == part].set_index("touchpoint")
        for source, target in names.items():
            table[f"{part}_{target}"] = own[source].reindex(table["touchpoint"]).to_numpy()
    pairs = zip(table["say_verdict"], table["do_verdict"], strict=True)
    table["verdict"] = [LISTS.get(pair, "undecided") for pair in pairs]
    for part, model in models.items():
        table[f"{part}_importance"] = model.table["importance"].to_numpy()
    return table


def _importances(
    models: Mapping[str, DriverRegression], outcomes: np.ndarray, level: float, replicates: int, seed: int
) -> tuple[Estimate, pd.DataFrame]:
    """Correlate the two rankings and subtract the shares, with percentile intervals."""
    design, fit = models["do"].design, models["do"].fit
    moved = bootstrap_lmg(design.matrix[:, 1:], outcomes, fit.weights, fit.clusters, design.groups(), replicates, seed)
    exact = np.stack([model.table["importance"].dropna().to_numpy() for model in models.values()])
    drawn = exact + moved
    tails = [(1 - level) / 2, (1 + level) / 2]
    correlations = np.array([_spearman(*shares) for shares in drawn])
    low, high = np.nan, np.nan
    if np.isfinite(correlations).any():
        low, high = np.nanquantile(correlations, tails)
    rank_correlation = Estimate(_spearman(*exact), float(low), float(high), fit.n)
    shares = drawn / drawn.sum(axis=2, keepdims=True)
    now = exact / exact.sum(axis=1, keepdims=True)
    ends = np.quantile(shares[:, 1] - shares[:, 0], tails, axis=0)
    differences = pd.DataFrame(
        {"touchpoint": design.touchpoints, "estimate": now[1] - now[0], "conf_low": ends[0], "conf_high": ends[1]}
    )
    return rank_correlation, differences


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation; missing below three values."""
    if len(first) < 3:
        return np.nan
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])


def _caveats(models: Mapping[str, DriverRegression], table: pd.DataFrame) -> tuple[Sentence, ...]:
    saying, doing = models["say"], models["do"]
    rarer = min(doing.events or 0, doing.n - (doing.events or 0))
    found = [
        say(
            "Ratings and score stand in one questionnaire and share a general mood, which the deeds do not: a small "
            "effect on saying may be nothing but mood."
        ),
        say(
            "{each} answers of the rarer outcome per coefficient stand behind {doing}; below 10 most touchpoints "
            "remain undecided.",
            each=Number(rarer / (len(doing.design.columns) - 1), 1),
            doing=WORDS[doing.outcome],
        ),
    ]
    for part, model in models.items():
        expected = -1 if model.outcome == "detractor" else 1
        against = (table[f"{part}_verdict"] == "effect") & (table[f"{part}_estimate"] * expected < 0)
        if against.any():
            names = tuple(model.labels[name] for name in table.loc[against, "touchpoint"])
            template = (
                say("Better ratings go with more of {outcome}: {touchpoints}.", **_against(model, names))
                if expected < 0
                else say("Better ratings go with less of {outcome}: {touchpoints}.", **_against(model, names))
            )
            found.append(template)
    own = {str(sentence): sentence for sentence in (*doing.caveats, *saying.caveats)}
    return (*found, *own.values())


def _against(model: DriverRegression, names: tuple[str, ...]) -> dict[str, object]:
    return {"outcome": WORDS[model.outcome], "touchpoints": Names(names, most=len(names))}
