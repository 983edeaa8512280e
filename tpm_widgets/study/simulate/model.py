"""The model that a simulated study is drawn from: every parameter, and what follows from them exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm, pearsonr, spearmanr

from tpm_widgets.study.simulate.companies.profile import Constants, Numbers, Profile, Touchpoint, role_of

RATINGS = np.arange(1, 6)
PERSPECTIVES = ("one_to_one", "one_to_many", "many_to_many")
# Weights and nodes that integrate over the halo h ~ N(0, 1); 41 nodes are exact to 1e-12 here.
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days are counted from the start of recording (day 0); a wave is in the field for a part of its quarter."""

    recording_start: pd.Timestamp
    names: tuple[str, ...]
    quarters: np.ndarray  # (waves,): the first day of each wave's quarter
    starts: np.ndarray  # first and last day in the field
    ends: np.ndarray
    until: int  # the last day of observation


def make_calendar(waves: int, continuous: bool = False) -> Calendar:
    """Quarterly waves from 2023 on, and nine more months of deeds after the last wave's quarter.

    A wave is in the field for six weeks of its quarter, or for the whole quarter where it is ``continuous``.
    """
    start = pd.Timestamp(2023, 1, 1)
    firsts = pd.date_range(start, periods=waves + 4, freq="QS")
    days = (firsts - start).days.to_numpy()
    return Calendar(
        recording_start=start,
        names=tuple(f"{first.year}-Q{first.quarter}" for first in firsts[:waves]),
        quarters=days[:waves],
        starts=days[:waves] if continuous else days[:waves] + 31,
        ends=days[1 : waves + 1] - 1 if continuous else days[:waves] + 72,
        until=int(days[-1]) - 1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The parameters that the caller of ``simulate_study`` chooses; its docstring explains them."""

    halo: float
    halo_on_score: float
    deed_rate: float
    churn: float
    churn_by_score: float
    unknown: float
    improvement: float

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            check_range(name, getattr(self, name), low, high)


RANGES = {
    "halo": (0, 0.99),
    "halo_on_score": (-5, 5),
    "deed_rate": (0, 5),
    "churn": (0, 10),
    "churn_by_score": (-2, 2),
    "unknown": (0, 1),
    "improvement": (-4, 4),
}


def check_range(name: str, value: object, low: float, high: float) -> None:
    """Refuse what is no number between ``low`` and ``high``."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"{name} must be a number; got {value!r}.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low} and {high}; got {value}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One touchpoint's ratings rise from one wave's quarter on, for everybody who experiences it."""

    touchpoint: int  # its column
    wave: int  # counted from 0
    day: int
    size: float  # rating points before rounding
    centre: float  # the expected rating afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What a study is drawn from. Arrays hold one value per touchpoint, shape (p,).

    rating = round(location + spread·(√halo·h + √(1 − halo)·noise)) within 1–5, where h ~ N(0, 1) is the halo and
    each touchpoint is experienced with probability ``reach``;
    answer = round(intercept + Σ say·(rating − centre) + Σ say_never + halo_on_score·h + segments + noise) within 0–10;
    recommendations a day = Poisson(daily_rate·exp(Σ do·(rating − centre) + Σ do_never + age));
    hazard of leaving, a year = churn·exp(−churn_by_score·(noiseless answer − mean_score)).
    The first sums run over the touchpoints that a customer experienced, the second ones over the others.
    """

    settings: Settings
    constants: Constants
    profile: Profile
    names: tuple[str, ...]
    roles: tuple[str, ...]
    reach: np.ndarray
    location: np.ndarray
    spread: np.ndarray
    say: np.ndarray
    do: np.ndarray
    say_never: np.ndarray
    do_never: np.ndarray
    # What follows from the rest
    centre: np.ndarray  # the expected rating of those who rate it, before the improvement
    intercept: float
    daily_rate: float
    improvement: Improvement | None


def make_model(
    touchpoints: tuple[Touchpoint, ...],
    calendar: Calendar,
    settings: Settings,
    effects: Mapping[str, tuple[float, float]] | None,
    profile: Profile,
) -> Model:
    """Gather the parameters, and derive from them the expected ratings, the intercept and the daily rate."""
    constants = profile.constants
    numbers = {f.name: np.array([getattr(t.numbers, f.name) for t in touchpoints], float) for f in fields(Numbers)}
    say, do, say_never, do_never = (numbers[name] for name in ("say", "do", "say_never", "do_never"))
    if effects is not None:
        say, do = np.array([effects.get(t.name, (0.0, 0.0)) for t in touchpoints], float).T
        say_never, do_never = np.where(say != 0, say_never, 0.0), np.where(do != 0, do_never, 0.0)
    reach = numbers["reach"]
    chances = rating_chances(numbers["location"], numbers["spread"], settings.halo)
    centre = expected_rating(chances)
    roles = tuple(role_of(*pair) for pair in zip(say, do, strict=True))
    shift = say_never @ (1 - reach) + np.dot(constants.say_age, shares(constants.age_share))
    shift += np.dot(constants.say_region, shares(constants.region_share))
    rate = expected_rate(chances, centre, reach, do, do_never)
    rate *= np.dot(np.exp(constants.do_age), shares(constants.age_share))
    if constants.house_share:
        shift += np.dot(constants.say_house, shares(constants.house_share))
        rate *= np.dot(np.exp(constants.do_house), shares(constants.house_share))
    return Model(
        settings=settings,
        constants=constants,
        profile=profile,
        names=tuple(t.name for t in touchpoints),
        roles=roles,
        reach=reach,
        location=numbers["location"],
        spread=numbers["spread"],
        say=say,
        do=do,
        say_never=say_never,
        do_never=do_never,
        centre=centre,
        intercept=float(constants.mean_score - shift),
        daily_rate=float(settings.deed_rate / 365 / rate),
        improvement=make_improvement(touchpoints, calendar, settings, roles, profile.improved),
    )


def make_improvement(
    touchpoints: tuple[Touchpoint, ...],
    calendar: Calendar,
    settings: Settings,
    roles: tuple[str, ...],
    improved: str,
) -> Improvement | None:
    """Improve one touchpoint from the middle wave on; none where there is no wave before it."""
    wave = len(calendar.names) // 2
    if wave == 0 or settings.improvement == 0:
        return None
    names = [touchpoint.name for touchpoint in touchpoints]
    column = names.index(improved) if improved in names else roles.index("both") if "both" in roles else 0
    numbers = touchpoints[column].numbers
    location = np.array([numbers.location + settings.improvement])
    chances = rating_chances(location, np.array([numbers.spread]), settings.halo)
    return Improvement(
        touchpoint=column,
        wave=wave,
        day=int(calendar.quarters[wave]),
        size=settings.improvement,
        centre=float(expected_rating(chances)[0]),
    )


def shares(groups: Mapping[str, float]) -> np.ndarray:
    """Return the shares of the groups as an array."""
    return np.array(list(groups.values()))


def rating_chances(location: np.ndarray, spread: np.ndarray, halo: float) -> np.ndarray:
    """P(rating = 1 … 5) of each touchpoint at each node of the halo, shape (p, 41, 5)."""
    middle = location[:, None] + spread[:, None] * np.sqrt(halo) * NODES
    cuts = np.array([-np.inf, 1.5, 2.5, 3.5, 4.5, np.inf])
    below = norm.cdf((cuts - middle[..., None]) / (spread[:, None, None] * np.sqrt(1 - halo)))
    return np.diff(below, axis=-1)


def expected_rating(chances: np.ndarray) -> np.ndarray:
    """Return the expected rating of each touchpoint, shape (p,)."""
    return (chances @ RATINGS) @ NODE_WEIGHTS


def expected_rate(
    chances: np.ndarray, centre: np.ndarray, reach: np.ndarray, do: np.ndarray, do_never: np.ndarray
) -> float:
    """Return E exp(Σ do·(rating − centre) + Σ do_never): given the halo, a product over the touchpoints."""
    rated = (chances * np.exp(do[:, None, None] * (RATINGS - centre[:, None, None]))).sum(axis=-1)
    factors = reach[:, None] * rated + (1 - reach[:, None]) * np.exp(do_never)[:, None]
    return float(factors.prod(axis=0) @ NODE_WEIGHTS)


def model_truth(model: Model, calendar: Calendar) -> dict[str, Any]:
    """Every parameter in plain Python, by touchpoint or group where there is one value for each."""
    per_touchpoint = ("reach", "location", "spread", "say", "do", "say_never", "do_never", "centre")
    truth: dict[str, Any] = {
        "touchpoints": list(model.names),
        "roles": dict(zip(model.names, model.roles, strict=True)),
    }
    for name in per_touchpoint:
        truth[name] = dict(zip(model.names, getattr(model, name).tolist(), strict=True))
    truth |= {"intercept": model.intercept, "daily_rate": model.daily_rate}
    truth |= {name: value for name, value in asdict(model.settings).items() if name != "improvement"}
    truth |= asdict(model.constants)
    by_group = [("say_region", "region"), ("say_age", "age"), ("do_age", "age"), ("answers_by_age", "age")]
    by_group += [("say_house", "house"), ("do_house", "house")]
    for name, groups in by_group:
        truth[name] = dict(zip(truth[f"{groups}_share"], truth[name], strict=True))
    if model.constants.house_share:
        say, rate = np.array(model.constants.say_house), np.exp(model.constants.do_house)
        truth["house_relation"] = {
            "pearson": float(pearsonr(say, rate).statistic),
            "spearman": float(spearmanr(say, rate).statistic),
        }
    else:
        truth = {name: value for name, value in truth.items() if "house" not in name}
    truth["improvement"] = None
    if model.improvement is not None:
        change = model.improvement
        truth["improvement"] = {
            "touchpoint": model.names[change.touchpoint],
            "wave": calendar.names[change.wave],
            "date": (calendar.recording_start + pd.Timedelta(days=change.day)).date().isoformat(),
            "size": change.size,
            "centre": change.centre,
        }
    return truth
