"""Where do we stand: which customers meet us where, and what do they experience there? The touchpoint map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.ties import tied, told_ties
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.association.asymmetry import DELIGHTED, DISAPPOINTED, OK, rating_classes, rating_cuts
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.study.model import Study, need_study, need_touchpoints
from tpm_widgets.threads import on_one_thread

PLACE = ["phase", "order", "channel", "medium", "control"]
FEELINGS = {"disappointed": DISAPPOINTED, "ok": OK, "delighted": DELIGHTED}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class TouchpointMap(Result):
    """Every touchpoint in the customer's order, see :func:`touchpoint_map`.

    Attributes
    ----------
    counts : pandas.DataFrame
        ``touchpoint, asked, rated, disappointed, ok, delighted``: answers, unweighted. ``asked`` are those who told
        whether they experienced it.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("reach", "reach_low", "reach_high", "aware", *FEELINGS), "percent"),
        **dict.fromkeys(("rating", "rating_low", "rating_high"), "number:2"),
        "importance": "number:3",
        "order": "hidden",  # the rows stand in it
    }

    counts: pd.DataFrame

    def __post_init__(self) -> None:
        shares = self.table[list(FEELINGS)].sum(axis=1, skipna=False).dropna()
        if not np.allclose(shares, 1):
            raise ValueError("disappointed, ok and delighted do not add up to 1.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read which touchpoint reaches most customers, which delights most, and which disappoints most."""
        shown = self.table.dropna(subset=["rating"])
        if shown.empty:
            return (say("None of {count} touchpoints was rated.", count=len(self.table)),)
        rows = shown.to_dict("records")
        told = shown.dropna(subset=["reach"])
        first = (
            say_n(
                "{count} touchpoint was rated; whom it reaches is not known.",
                "{count} touchpoints were rated; whom they reach is not known.",
                len(rows),
            )
            if told.empty
            else say_n(
                "{count} touchpoint was rated; {label} reaches {reach:percent} of the customers ({level:percent:0} "
                "interval {reach_interval:percent}, Wilson).",
                "{count} touchpoints were rated; the furthest reaching is {label} with {reach:percent} of the "
                "customers ({level:percent:0} interval {reach_interval:percent}, Wilson).",
                len(rows),
                max(told.to_dict("records"), key=lambda row: row["reach"]),
                self.settings,
            )
        )
        if len(rows) == 1:
            return first, _only(rows[0])
        reaching = told_ties(told.to_dict("records"), "reach", _label) if len(told) else ()
        return (
            first,
            *reaching,
            *_most(rows, "delighted"),
            *_most(rows, "disappointed"),
        )


NOBODY = {
    "delighted": say("No touchpoint delighted anybody who rated it."),
    "disappointed": say("No touchpoint disappointed anybody who rated it."),
}


def _only(row: dict[Any, Any]) -> Sentence:
    """Say what there is of a touchpoint that has no other beside it."""
    if not row["rating_low"] < row["rating_high"]:
        return say(
            "Of {n:count} who rated it {delighted:percent} are delighted and {disappointed:percent} disappointed; all "
            "ratings are {rating:number}.",
            row,
        )
    return say(
        "Of {n:count} who rated it {delighted:percent} are delighted and {disappointed:percent} disappointed; the mean "
        "rating is {rating:number} ({rating_interval:number}).",
        row,
    )


def _most(rows: list[dict[Any, Any]], feeling: str) -> tuple[Sentence, ...]:
    """Say which touchpoint most are delighted or disappointed by, and which others as many."""
    first = tied(rows, feeling)[0]
    if not first[feeling]:
        return (NOBODY[feeling],)
    alike = not first["rating_low"] < first["rating_high"]  # one rating, or all the same: there is no interval
    if alike and feeling == "delighted":
        found = say(
            "Most are delighted by {label}: {delighted:percent} of {n:count} who rated it; all ratings are "
            "{rating:number}.",
            first,
        )
    elif alike:
        found = say(
            "Most are disappointed by {label}: {disappointed:percent} of {n:count} who rated it; all ratings are "
            "{rating:number}.",
            first,
        )
    elif feeling == "delighted":
        found = say(
            "Most are delighted by {label}: {delighted:percent} of {n:count} who rated it; its mean rating is "
            "{rating:number} ({rating_interval:number}).",
            first,
        )
    else:
        found = say(
            "Most are disappointed by {label}: {disappointed:percent} of {n:count} who rated it; its mean rating "
            "is {rating:number} ({rating_interval:number}).",
            first,
        )
    return found, *told_ties(rows, feeling, _label)


def _label(row: Mapping[Any, Any]) -> str:
    return str(row["label"])


@on_one_thread
def touchpoint_map(
    study: Study, drivers: Result | None = None, factors: Result | None = None, level: float = 0.95
) -> TouchpointMap:
    """List every touchpoint in the customer's order: whom it reaches, and whom it disappoints or delights.

    Parameters
    ----------
    study : Study
        With a rating per touchpoint; the table ``touchpoints`` adds phase, channel and the rest.
    drivers : Result, optional
        What :func:`driver_regression` or :func:`relative_importance` returned: adds ``importance``.
    factors : Result, optional
        What :func:`penalty_reward` returned: adds ``factor``.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    TouchpointMap
        ``table`` with one row per touchpoint: ``touchpoint``, ``label``, of ``phase, order, channel, medium, control``
        those that the study has, ``n`` answers with a rating, ``reach`` the share who experienced it (0…1) with
        ``reach_low, reach_high``, ``aware`` the share who know it (where asked), ``rating`` the mean on the
        touchpoint's own scale with ``rating_low, rating_high``, and of those who rated it the shares ``disappointed``,
        ``ok``, ``delighted``; ``importance`` and ``factor`` where given. ``counts`` has the unweighted counts.

    Raises
    ------
    DataError
        Where the study has no touchpoint.
    ValueError
        Where ``drivers`` or ``factors`` hold no importance or factor per touchpoint.

    Notes
    -----
    Reach = rated / (rated + never experienced); who gave no answer is in neither. Wilson interval with the
    effective size of :func:`net_promoter_score`. The mean rating has a Student interval with the linearised standard
    error and the design's degrees of freedom, clusters (persons) less strata, cut at the ends of the scale.
    Disappointed, OK and delighted are the thirds of each touchpoint's scale, the ends of the middle third being OK:
    1–2 | 3 | 4–5 on 1 to 5, 0–3 | 4–6 | 7–10 on 0 to 10. A touchpoint that the survey did not ask about keeps its
    row. Ratings on different scales must not be compared; the three shares can be.

    References
    ----------
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"q1": [9, 8, 3, 10], "shop": [5, 4, 1, 3], "call": [2, 6, 6, 4]})
    >>> study = tpm.make_study(survey=answers, recommend="q1", touchpoints=["shop", "call"], not_experienced=(6,))
    >>> tpm.touchpoint_map(study).table[["touchpoint", "n", "reach", "rating", "delighted"]]
      touchpoint  n  reach  rating  delighted
    0       shop  4    1.0    3.25        0.5
    1       call  2    0.5    3.00        0.5
    """
    need_study(study, "touchpoint_map")
    check_level(level)
    if study.touchpoints.empty:
        need_touchpoints(study, "touchpoint_map")
    design = study.design
    rows = [_row(study, name, design, level) for name in study.touchpoints["touchpoint"]]
    places = study.touchpoints[["touchpoint", "label", *(name for name in PLACE if name in study.touchpoints)]]
    table = pd.concat([places.reset_index(drop=True), pd.DataFrame([measured for measured, _ in rows])], axis=1)
    if study.aware is None:
        table = table.drop(columns="aware")
    for name, source, column in (("drivers", drivers, "importance"), ("factors", factors, "factor")):
        if source is not None:
            table[column] = table["touchpoint"].map(_per_touchpoint(name, source, column))
    counts = pd.DataFrame([count for _, count in rows])
    counts.insert(0, "touchpoint", table["touchpoint"])
    return TouchpointMap(
        table=table,
        counts=counts,
        settings={"level": level},
        caveats=_caveats(study, table),
        data_hash=study.data_hash,
    )


def _row(study: Study, name: str, design: Design, level: float) -> tuple[dict[str, float], dict[str, int]]:
    """Return one touchpoint's measures and its unweighted counts."""
    weights = design.weights
    nothing = pd.Series(np.nan, index=study.survey.index)
    told = study.experienced.get(name, nothing).to_numpy(float, na_value=np.nan)
    ratings = study.ratings.get(name, nothing).to_numpy(float)
    asked, rated = np.isfinite(told) & (weights > 0), np.isfinite(ratings) & (weights > 0)

    reach = study.reach.get(name, np.nan) if name in study.ratings else np.nan
    reach_low, reach_high = wilson(reach, mean_by_design(told, design).size(level), level)
    scale = study.rating_scales.get(name, (-np.inf, np.inf))
    rating = mean_by_design(ratings, design)
    rating_low, rating_high = np.clip(rating.interval(level), *scale)
    measured = {
        "n": int(rated.sum()),
        **{"reach": reach, "reach_low": float(reach_low), "reach_high": float(reach_high)},
        "aware": _aware(study, name),
        **{"rating": rating.estimate, "rating_low": float(rating_low), "rating_high": float(rating_high)},
    }
    counts = {"asked": int(asked.sum()), "rated": int(rated.sum())}
    classes = rating_classes(ratings[rated], scale) if rated.any() else np.zeros(0)
    for feeling, code in FEELINGS.items():
        measured[feeling] = np.average(classes == code, weights=weights[rated]) if rated.any() else np.nan
        counts[feeling] = int((classes == code).sum())
    return measured, counts


def _aware(study: Study, name: str) -> float:
    """Return the share who know a touchpoint, among those who were asked; NaN where nobody was."""
    if study.aware is None or name not in study.aware:
        return np.nan
    aware = study.aware[name].to_numpy(float, na_value=np.nan)
    return mean_by_design(aware, Design.of(study.weights)).estimate


def _per_touchpoint(name: str, source: Result, column: str) -> pd.Series:
    """Return one column of an earlier or later result by touchpoint."""
    if not {"touchpoint", column} <= set(source.table.columns):
        raise ValueError(f"{name} must be a result with {column!r} per touchpoint; got {type(source).__name__}.")
    return source.table.set_index("touchpoint")[column]


def _caveats(study: Study, table: pd.DataFrame) -> tuple[Sentence, ...]:
    """Say what the shares rest on, how they are cut, and what was not asked."""
    found = [
        say(
            "Reach counts those who told whether they experienced a touchpoint; ratings are of those who did, and say "
            "nothing about the others."
        )
    ]
    unknown = tuple(study.labels[name] for name in study.touchpoint_names if name in study.reach_unknown)
    if unknown and study.reach_doubt is not None:
        told = say("Whom {touchpoints:list} reach is not known. {doubt}", touchpoints=unknown, doubt=study.reach_doubt)
        found.append(told)
    elif unknown:
        found.append(
            say(
                "Whom {touchpoints:all} reach is not known, as blank cells may mean that somebody never used it or "
                'gave no answer. Say which (under [survey] in study.toml, or to make_study): blank = "not_experienced" '
                'or "no_answer".',
                touchpoints=unknown,
            )
        )
    for scale in sorted({study.rating_scales[name] for name in study.touchpoint_names}):
        low, high = rating_cuts(scale)
        found.append(
            say(
                "On the scale {bottom:count} to {top:count}, up to {low} is disappointed and from {high} delighted.",
                bottom=scale[0],
                top=scale[1],
                low=low,
                high=high,
            )
        )
    unrated = tuple(table.loc[table["n"] == 0, "label"])
    if unrated:
        found.append(say("Nobody rated {touchpoints:list}.", touchpoints=unrated))
    return tuple(found)
