"""What would follow if customers rated some touchpoints better: the score, and the customers won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.regression.contrasts import (
    PredictionChange,
    clustered_error,
    prediction_change,
    rate_change,
)
from tpm_widgets.strategy.aims.what_if_models import METRICS, WhatIfModels, what_if_models
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class WhatIf(Result):
    """What a change of ratings would bring if the associations were causal; see :func:`what_if`.

    Attributes
    ----------
    changes : pandas.DataFrame
        One row per changed touchpoint: ``touchpoint``, ``change`` (asked for, rating points), ``reach`` (weighted
        share of the answers that experienced it), ``moved`` (the mean change among them, after the scale's end).
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["baseline", "estimate"], "hundredths"),
        "change": "points",
    }
    interval_of: ClassVar[str] = "change"

    changes: pd.DataFrame
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if not np.allclose(self.table["estimate"], self.table["baseline"] + self.table["change"]):
            raise ValueError("Each estimate is its baseline plus its change.")
        change = self.row("nps").get("change")
        if change is not None and not np.isclose(
            change, self.row("promoters")["change"] - self.row("detractors")["change"]
        ):
            raise ValueError("The score changes by what promoters gain and detractors lose.")

    def row(self, metric: str) -> dict[Any, Any]:
        """Return one row of the table; empty where the metric could not be predicted."""
        return next((row for row in self.table.to_dict("records") if row["metric"] == metric), {})

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what would change, with intervals, always under the condition that the association is causal."""
        score, rate = self.row("nps"), self.row("referral_rate")
        if not score:
            return self._share_of_yes(self.row("yes"), rate)
        if not self.changes["change"].any():
            return (say("No rating is changed: the Net Promoter Score stays {score:points}.", score=score["baseline"]),)
        names = tuple(self.labels[name] for name in self.changes["touchpoint"])
        if score["conf_low"] == score["conf_high"]:
            return (
                say(
                    "Changing {touchpoints:list} as asked changes no answer, for ratings stay on their scales: the Net "
                    "Promoter Score stays {score:points}.",
                    touchpoints=names,
                    score=score["baseline"],
                ),
            )
        said = say(
            "If the associations are causal, changing {touchpoints:list} as asked moves the Net Promoter Score from "
            "{baseline:points} to {estimate:points}, by {change:points} points ({level:percent:0} interval "
            "{conf_interval:points}; {n:count} answers, logistic models and delta method).",
            score,
            self.settings,
            touchpoints=names,
        )
        return (said, *_rate_said(rate))

    def _share_of_yes(self, yes: Mapping[Any, Any], rate: Mapping[Any, Any]) -> tuple[Sentence, ...]:
        """Say the same of a question that was answered by yes or no."""
        if not self.changes["change"].any():
            return (say("No rating is changed: the share of yes stays {yes:percent}.", yes=yes["baseline"]),)
        said = say(
            "If the associations are causal, changing {touchpoints:list} as asked moves the share of yes from "
            "{baseline:percent} to {estimate:percent}, by {change:points} percentage points ({level:percent:0} "
            "interval {conf_interval:points}; {n:count} answers, logistic model and delta method).",
            yes,
            self.settings,
            touchpoints=tuple(self.labels[name] for name in self.changes["touchpoint"]),
        )
        return (said, *_rate_said(rate))


def _rate_said(rate: Mapping[Any, Any]) -> tuple[Sentence, ...]:
    """Say how the referral rate would change, where it is known."""
    if not rate:
        return ()
    return (
        say(
            "The referral rate would go from {baseline:percent} to {estimate:percent}, by {change:points} "
            "percentage points (interval {conf_interval:points}; {n:count} new customers).",
            rate,
        ),
    )


@on_one_thread
def what_if(source: Study | WhatIfModels, changes: Mapping[str, float], level: float = 0.95) -> WhatIf:
    """Ask what the score and the referral rate would be if customers rated some touchpoints better.

    Parameters
    ----------
    source : Study or WhatIfModels
        A study, or ``what_if_models(study)`` where many questions are asked of one study.
    changes : mapping of str to float
        Rating points by which everybody who experienced the touchpoint would rate it better (or worse, below 0);
        nobody leaves the scale.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.

    Returns
    -------
    WhatIf
        ``table`` with one row per ``metric`` (``nps``, ``promoters``, ``detractors``, and where known ``referred``,
        ``won``: shares of the followed answers, else ``recommended`` or ``reported``: shares of the answers that tell;
        ``referral_rate``): ``baseline``, ``estimate`` (after the change), ``change``, ``conf_low``, ``conf_high`` (of
        the change), ``n``. ``changes`` tells for each touchpoint how far it could move.

    Raises
    ------
    TypeError, ValueError
        Where ``source`` is something else, a touchpoint is unknown, or a change is no finite number.
    DataError
        Where promoters and detractors cannot be modelled.

    Notes
    -----
    Each model predicts every answer twice, with the ratings given and with min(max(rating + change, low), high) for
    those who experienced the touchpoint; the change is the difference of the weighted means. Its interval is the
    delta method for the coefficients plus the sampling of the answers, from each answer's influence; the influences
    of the promoter and the detractor model are added by customer before they are squared, because both rest on the
    same answers. The referral rate becomes R·f/(R·f + 1 − R) with f the ratio of predicted to present share of
    customers who won somebody; its interval holds the uncertainty of f and of R, taken as independent.

    An association is no cause: satisfied people rate everything better (halo). Every row holds "if causal", for
    changes within the range of what was rated, all else equal.

    References
    ----------
    Greene, W. H. (2018). Econometric Analysis, 8th ed., section 4.6 (delta method). Pearson.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> models = tpm.what_if_models(tpm.simulate_study(seed=1, respondents=800, touchpoints=6))
    >>> nothing = tpm.what_if(models, {models.touchpoints[0]: 0.0})
    >>> float(nothing.table["change"].abs().max())
    0.0
    """
    check_level(level)
    if not isinstance(source, (Study, WhatIfModels)):
        raise TypeError(f"source must be a Study or what_if_models(study); got {type(source).__name__}.")
    models = what_if_models(source) if isinstance(source, Study) else source
    changes = _check_changes(changes, models.touchpoints)
    moved = {model.outcome: _moved(model, models, changes) for model in models}
    rows = [_score_row(moved["promoter"], moved["detractor"], level)] if "promoter" in moved else []
    rows += [_row(METRICS[outcome], change, level) for outcome, change in moved.items()]
    if models.predicts_rate:
        rows.append(_rate_row(moved["won"], models.rate, models.new_customers, level))
    return WhatIf(
        table=pd.DataFrame(rows),
        changes=_reached(models, changes),
        labels=models.labels,
        settings={"changes": changes, "level": level},
        caveats=_caveats(models, changes),
        data_hash=models.data_hash,
    )


def _check_changes(changes: Mapping[str, float], touchpoints: Sequence[str]) -> dict[str, float]:
    if not isinstance(changes, Mapping):
        raise TypeError(f'changes must be a mapping such as {{"website": 0.5}}; got {type(changes).__name__}.')
    for name, change in changes.items():
        if name not in touchpoints:
            known = ", ".join(map(repr, touchpoints))
            raise ValueError(f"changes names the unknown touchpoint {name!r}; the study rates {known}.")
        if isinstance(change, bool) or not isinstance(change, (int, float, np.number)) or not np.isfinite(change):
            raise ValueError(f"changes[{name!r}] must be a finite number of rating points; got {change!r}.")
    return {name: float(change) for name, change in changes.items()}


def _moves(model: DriverRegression, models: WhatIfModels, changes: Mapping[str, float]) -> np.ndarray:
    """How far each answer's ratings move before they meet the scale's end; 0 where not rated, (n, touchpoints)."""
    ratings = model.design.ratings[list(changes)].to_numpy(float)
    low, high = np.array([models.rating_scales[name] for name in changes]).reshape(-1, 2).T
    moves = np.clip(list(changes.values()), low - ratings, high - ratings)
    return np.where(np.isnan(moves), 0.0, moves)


def _moved(model: DriverRegression, models: WhatIfModels, changes: Mapping[str, float]) -> PredictionChange:
    """Predict with the ratings given and with those changed; touchpoints that the model lacks change nothing."""
    places = {name: model.design.position(name) for name, change in changes.items() if change}
    positions = {name: place for name, place in places.items() if place is not None}
    moves = _moves(model, models, {name: changes[name] for name in positions})
    return prediction_change(model.fit, model.design.matrix, list(positions.values()), moves)


def _score_row(promoters: PredictionChange, detractors: PredictionChange, level: float) -> dict[str, object]:
    std_error = clustered_error(
        [promoters.change_influence, -detractors.change_influence], [promoters.clusters, detractors.clusters]
    )
    baseline, change = promoters.baseline - detractors.baseline, promoters.change - detractors.change
    return _line("nps", baseline, change, std_error, min(promoters.df, detractors.df), level, len(promoters.clusters))


def _row(metric: str, moved: PredictionChange, level: float) -> dict[str, object]:
    std_error = clustered_error([moved.change_influence], [moved.clusters])
    return _line(metric, moved.baseline, moved.change, std_error, moved.df, level, len(moved.clusters))


def _rate_row(won: PredictionChange, rate: float, new_customers: int, level: float) -> dict[str, object]:
    factor = 1 + won.change / won.baseline
    factor_influence = (won.change_influence - (factor - 1) * won.baseline_influence) / won.baseline
    change, by_factor, by_rate = rate_change(rate, factor)
    std_error = np.hypot(
        by_factor * clustered_error([factor_influence], [won.clusters]),
        by_rate * np.sqrt(rate * (1 - rate) / new_customers),
    )
    return _line("referral_rate", rate, change, float(std_error), won.df, level, new_customers)


def _line(
    metric: str, baseline: float, change: float, std_error: float, df: float, level: float, n: int
) -> dict[str, object]:
    margin = stats.t.ppf((1 + level) / 2, df) * std_error
    return {
        "metric": metric,
        "baseline": baseline,
        "estimate": baseline + change,
        "change": change,
        "conf_low": change - margin,
        "conf_high": change + margin,
        "n": n,
    }


def _reached(models: WhatIfModels, changes: Mapping[str, float]) -> pd.DataFrame:
    """How many the change reaches, and how far their ratings can move before the scale ends."""
    promoter = models[0]  # or who says yes
    rows = []
    for (name, change), moves in zip(changes.items(), _moves(promoter, models, changes).T, strict=True):
        weights = promoter.fit.weights * promoter.design.rated(name)
        moved = float(weights @ moves / weights.sum()) if weights.any() else np.nan
        rows.append({"touchpoint": name, "change": change, "reach": models.reach[name], "moved": moved})
    return pd.DataFrame(rows, columns=["touchpoint", "change", "reach", "moved"])


def _caveats(models: WhatIfModels, changes: Mapping[str, float]) -> tuple[Sentence, ...]:
    caveats = [
        say(
            "If causal: the models show what goes together, not what causes what; satisfied people rate everything "
            "better, so the true effect of a better touchpoint is probably smaller."
        )
    ]
    if models.predicts_rate:
        caveats.append(
            say(
                "The referral rate assumes that customers who answered stand for all, and that customers won in other "
                "ways stay as many; its interval holds the uncertainty of the model and of today's rate."
            )
        )
    lost = [name for name in changes if any(model.design.position(name) is None for model in models)]
    if lost:
        labels = tuple(models.labels[name] for name in lost)
        caveats.append(
            say("Not in every model, and without effect where missing: {touchpoints:list}.", touchpoints=labels)
        )
    adverse = [name for name in changes if _sign(models[0], name) < 0]
    if adverse:
        labels = tuple(models.labels[name] for name in adverse)
        if models[0].outcome == "yes":
            caveats.append(
                say(
                    "Better ratings go with less of yes, the other touchpoints being equal, at: {touchpoints:list}; do "
                    "not read this as advice to become worse.",
                    touchpoints=labels,
                )
            )
            return (*caveats, *models.caveats)
        caveats.append(
            say(
                "Better ratings go with fewer promoters, the other touchpoints being equal, at: {touchpoints:list}; "
                "do not read this as advice to become worse.",
                touchpoints=labels,
            )
        )
    return (*caveats, *models.caveats)


def _sign(model: DriverRegression, touchpoint: str) -> float:
    position = model.design.position(touchpoint)
    return 0.0 if position is None else float(np.sign(model.fit.params[position]))
