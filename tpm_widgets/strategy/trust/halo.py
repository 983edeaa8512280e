"""The general mood behind all ratings: how much of them it carries, and what drivers are left without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.importance.sampled_lmg import lmg_of_any
from tpm_widgets.statistics.regression.covariance import correlation, explained, weighted_covariance
from tpm_widgets.statistics.regression.design import NOTHING_LEFT, PER_COEFFICIENT, Design, Missing, make_design
from tpm_widgets.statistics.regression.linear_and_logit import Fit, wald_table
from tpm_widgets.statistics.regression.pairwise import fit_pairwise, pairwise_moments
from tpm_widgets.strategy.drivers.models import Model, fit_model, where_infinite
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.trust.checks import exposures
from tpm_widgets.study.model import Study

MarkerKind = Literal["overall", "earlier", "own"]
MARKERS = {
    "overall": say("overall satisfaction"),
    "earlier": say("the same person's answer of an earlier wave"),
    "own": say("the marker that was given"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marker:
    """One value per answer of the survey that knows the mood, but is not made of the ratings.

    Attributes
    ----------
    kind : {"overall", "earlier", "own"}
    by_answer : numpy.ndarray, shape (answers,)
        Missing where it is not known.
    """

    kind: MarkerKind
    by_answer: np.ndarray


def read_marker(overall: Study | Sequence[float] | None, drivers: DriverRegression) -> Marker | None:
    """Take the marker from a study (overall satisfaction, else an earlier answer) or as it was given."""
    if overall is None:
        return None
    if not isinstance(overall, Study):
        values = np.asarray(pd.to_numeric(pd.Series(overall), errors="coerce"), dtype=float)
        if len(values) <= drivers.design.rows.max():
            raise ValueError(
                f"overall must have one value for each answer of the survey; got {len(values)}, and the regression "
                f"uses the answer in row {int(drivers.design.rows.max())}."
            )
        return Marker(kind="own", by_answer=values)
    if overall.data_hash != drivers.data_hash:
        raise ValueError("overall must be the study that the regression was made of; this one has other data.")
    if overall.has("survey", "overall"):
        return Marker(kind="overall", by_answer=overall.survey["overall"].to_numpy(float, na_value=np.nan))
    earlier = _earlier_score(overall)
    return None if np.isnan(earlier).all() else Marker(kind="earlier", by_answer=earlier)


def _earlier_score(study: Study) -> np.ndarray:
    """Return what the same person answered the time before; missing for a first answer, shape (answers,)."""
    when = next((role for role in ("date", "wave") if study.has("survey", role)), None)
    scores = study.survey["recommend"].astype(float)
    if when is None:
        return np.full(len(scores), np.nan)
    times = study.survey[when]
    order = (times if when == "date" else times.cat.codes).argsort(kind="stable")
    earlier = scores.iloc[order].groupby(study.persons[order]).shift()
    return earlier.reindex(scores.index).to_numpy(float)


def rating_components(ratings: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """Return the principal components of the ratings' correlations, each from the answers that have both.

    Returns
    -------
    pandas.DataFrame
        component (1, 2, …), eigenvalue, share (of all; below 0 is 0). Without rows where fewer than two ratings vary.
    """
    covariance = np.nan_to_num(pairwise_moments(ratings.to_numpy(float), weights)[0])
    varies = np.diag(covariance) > NOTHING_LEFT
    if varies.sum() < 2:
        return pd.DataFrame({"component": [], "eigenvalue": [], "share": []}, dtype=float)
    values = np.linalg.eigvalsh(correlation(covariance[np.ix_(varies, varies)]))[::-1]
    positive = np.maximum(values, 0)
    return pd.DataFrame(
        {"component": np.arange(1, len(values) + 1), "eigenvalue": values, "share": positive / positive.sum()}
    )


def net_of_halo(drivers: DriverRegression, marker: Marker) -> tuple[pd.DataFrame | None, Sentence | None]:
    """Estimate the drivers twice on the answers whose marker is known: without it, and with it beside them.

    Returns
    -------
    table : pandas.DataFrame or None
        One row per touchpoint: touchpoint, n, estimate, conf_low, conf_high, net_estimate, net_low, net_high,
        importance (share of variance), net_importance (what it adds to the marker).
    reason : Sentence or None
        Why there is none.
    """
    known = np.flatnonzero(np.isfinite(marker.by_answer[drivers.design.rows]))
    needed = PER_COEFFICIENT * len(drivers.design.columns)
    if len(known) < needed:
        return None, say("it is known for {n} answers, and {needed} are needed", n=len(known), needed=needed)
    part = _Part(
        ratings=drivers.design.ratings.iloc[known].reset_index(drop=True),
        outcome=drivers.observed[known],
        marker=marker.by_answer[drivers.design.rows][known],
        exposure=exposures(drivers)[known],
        weights=drivers.fit.weights[known],
        clusters=drivers.fit.clusters[known],
    )
    try:
        design = make_design(part.ratings, part.weights, drivers.missing, where_infinite(drivers.model, part.outcome))
        if part.contained(design):
            return None, say("it does not vary, or is made of the ratings")
        (gross, covariance), (net, with_marker) = (
            part.fit(drivers.model, drivers.missing, design, own) for own in (False, True)
        )
    except DataError:
        return None, say("no finite effects fit the answers for which it is known")
    found = pd.DataFrame(
        {"touchpoint": design.touchpoints, "n": [int(design.rated(name).sum()) for name in design.touchpoints]}
    )
    level = float(drivers.settings["level"])
    for prefix, one in (("", gross), ("net_", net)):
        found[[f"{prefix}estimate", f"{prefix or 'conf_'}low", f"{prefix or 'conf_'}high"]] = _slopes(
            one, design.touchpoints, level
        )
    found["importance"], _ = lmg_of_any(covariance, design.groups())
    found["net_importance"], _ = lmg_of_any(with_marker, design.groups(), always=[len(with_marker) - 2])
    order = pd.DataFrame({"touchpoint": drivers.table["touchpoint"]})
    table = order.merge(found, on="touchpoint", how="left")
    table.attrs["n"] = len(known)
    return table, None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """The answers whose marker is known; arrays of shape (n,)."""

    ratings: pd.DataFrame
    outcome: np.ndarray
    marker: np.ndarray
    exposure: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray

    @property
    def centred(self) -> np.ndarray:
        return self.marker - np.average(self.marker, weights=self.weights)

    def contained(self, design: Design) -> bool:
        """Tell whether the ratings already contain the marker, or it is the same for all."""
        columns = np.column_stack([design.matrix[:, 1:], self.centred])
        standard = correlation(weighted_covariance(columns, self.weights))
        return bool(standard[-1, -1] - explained(standard, range(len(standard) - 1)) < NOTHING_LEFT)

    def fit(self, model: Model, missing: Missing, design: Design, with_marker: bool) -> tuple[Fit, np.ndarray]:
        """Fit the model with or without the marker as last column; also the covariances, the outcome last."""
        names = (*design.names, *(["marker"] if with_marker else []))
        marker = [self.centred] if with_marker else []
        if missing == "pairwise":
            ratings = self.ratings[list(design.touchpoints)].to_numpy() - np.array(list(design.centers.values()))
            columns = np.column_stack([ratings, *marker])
            return fit_pairwise(self.outcome, columns, names, self.weights, self.clusters)
        matrix = np.column_stack([design.matrix, *marker])
        counts = self.outcome * self.exposure
        fit = fit_model(model, counts, matrix, names, self.weights, self.clusters, self.exposure)
        return fit, weighted_covariance(np.column_stack([matrix[:, 1:], self.outcome]), fit.mass)


def _slopes(fit: Fit, touchpoints: Sequence[str], level: float) -> np.ndarray:
    """Estimate and interval of each touchpoint's rating, shape (touchpoints, 3)."""
    places = [fit.names.index(name) for name in touchpoints]
    table = wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.degrees(), level).iloc[places]
    return table[["estimate", "conf_low", "conf_high"]].to_numpy()
