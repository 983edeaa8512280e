"""Where to concentrate: how important each touchpoint is, against how well it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.statistics.regression.counts import CountFit
from tpm_widgets.statistics.regression.linear_and_logit import robust_covariance, wald_table
from tpm_widgets.strategy.drivers.caveats import close_touchpoints
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import Outcome
from tpm_widgets.strategy.drivers.tables import average_effects, effect_covariance
from tpm_widgets.strategy.drivers.words import PER, aim_words, need_welcome
from tpm_widgets.study.model import Scale, Study
from tpm_widgets.threads import on_one_thread

Quadrant = Literal["concentrate here", "keep up the good work", "low priority", "possible overkill", ""]
IMPORTANCE = ("importance", "importance_low", "importance_high")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Priorities(Result):
    """The importance–performance map as a table; see :func:`priorities`.

    Attributes
    ----------
    performance_center, importance_center : float
        Where the cross-hairs lie: the mean over the touchpoints.
    outcome : str
        What the importance is for.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["performance", "performance_low", "performance_high", "stated_importance"], "number:2"),
        "importance": "number:3",
        "share": "percent",
    }

    performance_center: float
    importance_center: float
    outcome: Outcome
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        placed = self.table[self.table["quadrant"] != ""]
        for row in placed.to_dict("records"):
            well = row["performance"] >= self.performance_center
            matters = row["importance"] >= self.importance_center
            if row["quadrant"] != _quadrant(well, matters):
                raise ValueError("Each touchpoint stands in the quadrant that its two means tell.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say where to concentrate, how sure that is, and where the cross-hairs lie."""
        placed = self.table[self.table["quadrant"] != ""]
        aim = aim_words(self.outcome)
        if len(placed) == 1:
            (only,) = self._names(placed)
            return (
                say(
                    "For {aim}, {touchpoint} stands alone: there is no other touchpoint to set it against ({n:count} "
                    "answers).",
                    self.settings,
                    aim=aim,
                    touchpoint=only,
                ),
            )
        wanted = placed[placed["quadrant"] == "concentrate here"]
        worth, harming = wanted[wanted["importance"] > 0], wanted[wanted["importance"] <= 0]
        sure = worth[worth["certain"]]
        told = {"aim": aim, "count": len(placed), "touchpoints": self._names(worth), "certain": self._names(sure)}
        if not len(worth):
            first = say("For {aim}, no touchpoint is both more important than the average and rated below it.", aim=aim)
        elif len(sure):
            first = say(
                "For {aim}, concentrate on {touchpoints:list}: more important than the average touchpoint, and rated "
                "below it; certain, as both differences from the average are more than chance (at {level:percent:0}, "
                "Holm-adjusted for {count}), for {certain:list}.",
                self.settings,
                told,
            )
        else:
            first = say(
                "For {aim}, concentrate on {touchpoints:list}: more important than the average touchpoint, and rated "
                "below it. Certain is none of it: of no touchpoint both differences from the average are more than "
                "chance (at {level:percent:0}, Holm-adjusted for {count}).",
                self.settings,
                told,
            )
        return (
            first,
            *self._harming(harming),
            say(
                "The cross-hairs lie at the means of the {count} touchpoints: a rating of {performance:number}, and "
                "{importance:signed:3} per rating point; importance from {n:count} answers.",
                self.settings,
                count=len(placed),
                performance=self.performance_center,
                importance=self.importance_center,
            ),
        )

    def _harming(self, rows: pd.DataFrame) -> tuple[Sentence, ...]:
        told = say(
            "{touchpoints:list} lie above the average as well, which is itself not above nothing: better ratings there "
            "go with no more of it.",
            touchpoints=self._names(rows),
        )
        return (told,) if len(rows) else ()

    def _names(self, rows: pd.DataFrame) -> tuple[str, ...]:
        ranked = rows.sort_values("importance", ascending=False, kind="stable")
        return tuple(self.labels[name] for name in ranked["touchpoint"])


@on_one_thread
def priorities(study: Study, drivers: DriverRegression | None = None, level: float = 0.95) -> Priorities:
    """Tell which touchpoints matter much and do badly, and which get more than they need.

    Parameters
    ----------
    study : Study
        With ratings; where the survey asked how important each touchpoint is, that stands beside it.
    drivers : DriverRegression, optional
        The model that importance is read from; ``driver_regression(study, level=level)`` by default.
    level : float, default 0.95
        Confidence level of the intervals of performance, 0…1; those of importance have the level of ``drivers``.

    Returns
    -------
    Priorities
        ``table`` with one row per touchpoint: ``touchpoint``; ``n`` (answers that rated it); ``performance`` (weighted
        mean rating), ``performance_low``, ``performance_high``; ``importance`` (change of the outcome per rating
        point), ``importance_low``, ``importance_high``; ``share`` (of what ratings explain, LMG, 0…1);
        ``quadrant``, empty where a number is missing; ``certain`` (both differences from the cross-hairs are
        more than chance);
        ``stated_importance`` (weighted mean), where asked.

    Raises
    ------
    DataError
        Where the drivers cannot be estimated.
    ValueError
        For drivers of ``detractor`` or ``left``, which better ratings should make rarer.

    Notes
    -----
    The importance–performance map of Martilla and James. The cross-hairs are the unweighted means over the touchpoints
    of the (survey-weighted) mean rating and of the importance, so the map ranks touchpoints against each other: some
    are always below average. Whether a quadrant is certain is tested by both differences from the cross-hairs, which
    are estimated from the same answers: the larger of the two p values, Holm-adjusted for the number of touchpoints, is
    below 1 − ``level``. The intervals of the table stand for single touchpoints. Ratings on several scales are put on
    the one that most touchpoints have, low end on low end and high on high, and their importance is per point of that
    scale. Derived importance is an association, measured over the range of ratings that was seen; stated importance is
    what people think they care about. Where the two differ, neither is wrong.

    References
    ----------
    Martilla, J. A., & James, J. C. (1977). Importance-performance analysis. Journal of Marketing 41(1), 77-79.
    https://doi.org/10.1177/002224297704100112

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=800, touchpoints=6)
    >>> found = tpm.priorities(study)
    >>> sorted(set(found.table["quadrant"]))
    ['concentrate here', 'keep up the good work', 'low priority', 'possible overkill']
    """
    check_level(level)
    drivers = driver_regression(study, level=level) if drivers is None else drivers
    need_welcome(drivers.outcome, "priorities")
    common = _common_scale(study)
    effects = drivers.effects.set_index("touchpoint")
    importance = drivers.table.set_index("touchpoint")["importance_rating"]
    rows, design = [], study.design
    for name in study.touchpoint_names:
        stretch = _stretch(study.rating_scales[name], common)
        performance = _performance(study, name, common, stretch, design, level)
        per_point = effects.reindex([name])[["estimate", "conf_low", "conf_high"]].to_numpy(float)[0] / stretch
        rows.append({"touchpoint": name, **performance, **dict(zip(IMPORTANCE, per_point, strict=True))})
    table = pd.DataFrame(rows)
    table["share"] = (table["touchpoint"].map(importance) / importance.sum()).to_numpy(float)
    known = table["performance"].notna() & table["importance"].notna()
    centers = float(table.loc[known, "performance"].mean()), float(table.loc[known, "importance"].mean())
    table["quadrant"] = [
        _quadrant(row["performance"] >= centers[0], row["importance"] >= centers[1]) if placed else ""
        for row, placed in zip(table.to_dict("records"), known, strict=True)
    ]
    table["certain"] = _certain(study, drivers, table, known.to_numpy(), common, level)
    if study.stated_importance is not None:
        table["stated_importance"] = [_stated(study, name) for name in table["touchpoint"]]
    return Priorities(
        table=table,
        performance_center=centers[0],
        importance_center=centers[1],
        outcome=drivers.outcome,
        labels=study.labels,
        settings={"outcome": drivers.outcome, "missing": drivers.missing, "n": drivers.n, "level": level},
        caveats=(
            *_caveats(study, table, common),
            *close_touchpoints(drivers.design, drivers.covariance, study.labels, ("rating",)),
        ),
        data_hash=study.data_hash,
    )


def _quadrant(well: bool, matters: bool) -> Quadrant:
    if matters:
        return "keep up the good work" if well else "concentrate here"
    return "possible overkill" if well else "low priority"


def _common_scale(study: Study) -> Scale:
    """Find the scale that most touchpoints have."""
    (low, high), _ = Counter(tuple(study.rating_scales[name]) for name in study.touchpoint_names).most_common(1)[0]
    return low, high


def _stretch(scale: Scale, common: Scale) -> float:
    """How many points of the common scale one point of this one is."""
    return (common[1] - common[0]) / (scale[1] - scale[0])


def _performance(
    study: Study, name: str, common: Scale, stretch: float, design: Design, level: float
) -> dict[str, Any]:
    placed = common[0] + (study.ratings[name].to_numpy(float) - study.rating_scales[name][0]) * stretch
    mean = mean_by_design(placed, design)
    low, high = mean.interval(level)
    return {"n": mean.n, "performance": mean.estimate, "performance_low": low, "performance_high": high}


def _certain(
    study: Study, drivers: DriverRegression, table: pd.DataFrame, known: np.ndarray, common: Scale, level: float
) -> np.ndarray:
    """Tell where both differences from the mean of all are more than chance, by Holm's procedure."""
    names = [str(name) for name in table.loc[known, "touchpoint"]]
    certain = np.zeros(len(table), dtype=bool)
    if len(names) < 2:
        return certain
    stretch = np.array([_stretch(study.rating_scales[name], common) for name in names])
    p_values = np.maximum(_importance_p_values(drivers, names, stretch), _performance_p_values(study, names, stretch))
    certain[known] = adjusted_p_values(p_values) < 1 - level
    return certain


def _importance_p_values(drivers: DriverRegression, names: list[str], stretch: np.ndarray) -> np.ndarray:
    """Test each effect against the mean of all effects."""
    fit, design = drivers.fit, drivers.design
    places = [design.touchpoints.index(name) for name in names]
    effects, gradients = average_effects(fit, design)
    apart = (np.eye(len(names)) - 1 / len(names)) / stretch
    unit = PER if isinstance(fit, CountFit) else 1
    covariance = effect_covariance(fit, design)[np.ix_(places, places)]
    error = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", apart, covariance, apart), 0))
    df = fit.degrees(gradients[:, places] @ apart.T)
    return wald_table(unit * apart @ effects[places], error, df, 0.95)["p_value"].to_numpy()


def _performance_p_values(study: Study, names: list[str], stretch: np.ndarray) -> np.ndarray:
    """Test each mean rating against the mean of all means."""
    starts = np.array([study.rating_scales[name][0] for name in names])
    ratings = (study.ratings[names].to_numpy(float) - starts) * stretch
    weights = np.where(np.isfinite(ratings), study.weights[:, None], 0.0)
    means = np.nansum(weights * ratings, axis=0) / weights.sum(axis=0)
    influence = weights * np.nan_to_num(ratings - means) / weights.sum(axis=0)
    influence -= influence.mean(axis=1, keepdims=True)
    persons = len(np.unique(study.clusters))
    error = np.sqrt(np.diag(robust_covariance(influence, study.clusters)) * persons / max(persons - 1, 1))
    return wald_table(means - means.mean(), error, max(persons - 1.0, 1.0), 0.95)["p_value"].to_numpy()


def _stated(study: Study, name: str) -> float:
    stated = study.stated_importance
    if stated is None or name not in stated:
        return np.nan
    return mean_by_design(stated[name].to_numpy(float), Design.of(study.weights)).estimate


def _caveats(study: Study, table: pd.DataFrame, common: Scale) -> tuple[Sentence, ...]:
    caveats = [
        say(
            "Importance is an association in one questionnaire, not a cause; the cross-hairs are the means of the "
            "touchpoints themselves, so about half of them lie below whatever the level."
        )
    ]
    labels = study.labels
    adverse = table.loc[table["importance"] < 0, "touchpoint"]
    if len(adverse):
        names = tuple(labels[name] for name in adverse)
        caveats.append(
            say("A better rating goes with less recommendation, all else equal, at: {names:list}.", names=names)
        )
    others = [name for name in study.touchpoint_names if tuple(study.rating_scales[name]) != common]
    if others:
        scale = Between(*common)
        names = tuple(labels[name] for name in others)
        caveats.append(say("Put on the scale {scale:count} to be comparable: {names:list}.", scale=scale, names=names))
    missing = table.loc[table["quadrant"] == "", "touchpoint"]
    if len(missing):
        names = tuple(labels[name] for name in missing)
        caveats.append(
            say("Without a place on the map, because no effect could be estimated: {names:list}.", names=names)
        )
    return tuple(caveats)
