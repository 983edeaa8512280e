"""From when to when each customer was watched for a first recommendation, since coming or since an answer; and from
these spells to curves, medians, the test and the ratios of hazards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.exposure import NEVER
from tpm_widgets.as_is.deeds.linkage import day_numbers
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import ALL, group_order, split_columns, split_values, withheld_caveat, without_value
from tpm_widgets.as_is.score.classes import CLASS_WORDS, answer_classes, class_caveats
from tpm_widgets.language import Sentence, Worded, say, say_n
from tpm_widgets.statistics.estimates.event_curves import CURVE, event_curve, hazard_ratios, log_rank
from tpm_widgets.statistics.estimates.survival import event_share
from tpm_widgets.study.model import Study

SCORE = "score"
ROUNDING = 1e-12  # a share is a product of others: half of them exactly may come out as a little less
KNOWN_LATER = ("bought_again",)  # a group that is made afterwards had to live until then


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spells:
    """Times of watching, each until the first recommendation or the end.

    Attributes
    ----------
    frame : pandas.DataFrame
        ``time`` in days, ``event``, ``entry`` days before watching began, ``group``, ``weight``, ``person``
        (an integer to cluster by, no identifier).
    groups : list of str
        In their order; those that nobody is in included for the classes of the score.
    caveats : list of Sentence
    """

    frame: pd.DataFrame
    groups: list[str]
    caveats: list[Sentence]


def referral_spells(study: Study, by: str | None, horizon: int) -> Spells:
    """Return the spells of watching, cut at the horizon: since coming, or since the answer where split by score."""
    return _since_answer(study, horizon) if by == SCORE else _since_coming(study, by, horizon)


def _since_answer(study: Study, horizon: int) -> Spells:
    exposure = Observed(study, "referral_timing(by='score')").answers(horizon)
    answers = exposure.answers
    _, classes = answer_classes(study)
    frame = pd.DataFrame(
        {
            "time": answers["time"].to_numpy(),
            "event": answers["referred"].to_numpy(),
            "entry": answers["entry"].to_numpy(),
            "group": pd.Series(classes[answers.index]).map(study.question.names).to_numpy(object),
            "weight": study.weights[answers.index],
            "person": answers["customer"].to_numpy(),
        }
    )
    counted = frame["group"].notna() & (frame["weight"] > 0)
    caveats = [*class_caveats(study), *exposure.caveats]
    if not counted.all():
        caveats.append(
            say_n(
                "{count} answer without a score or a weight does not count.",
                "{count} answers without a score or a weight do not count.",
                int((~counted).sum()),
            )
        )
    return Spells(
        frame=frame[counted].reset_index(drop=True), groups=list(study.question.names.values()), caveats=caveats
    )


def _since_coming(study: Study, by: str | None, horizon: int) -> Spells:
    watched = Observed(study, "referral_timing").time
    people = watched.people
    group = _customer_groups(people, by)
    first = np.full(len(people), NEVER)
    np.minimum.at(first, watched.deeds["person"].to_numpy(), watched.deeds["day"].to_numpy())
    before = day_numbers(people["acquired"]) - 1  # the day of coming is day 1
    last = np.minimum(watched.end - before, horizon)
    event = first - before <= last
    entry = watched.start - 1 - before
    frame = pd.DataFrame(
        {
            "time": np.where(event, first - before, last),
            "event": event,
            "entry": entry,
            "group": group,
            "weight": 1.0,
            "person": np.arange(len(people)),
        }
    )
    seen = frame["entry"] < frame["time"]
    caveats = [*watched.caveats, *without_value(frame.loc[seen, "group"], str(by))]
    frame = frame[seen & frame["group"].notna()].reset_index(drop=True)
    late = int((frame["entry"] > 0).sum())
    if late:
        caveats.append(
            say_n(
                "{count} customer came before recommendations were recorded and enters late; what counts is the first "
                "one that was recorded, which need not be the first of all.",
                "{count} customers came before recommendations were recorded and enter late; what counts is the first "
                "one that was recorded, which need not be the first of all.",
                late,
            )
        )
    return Spells(frame=frame, groups=[str(name) for name in group_order(frame["group"])] or [ALL], caveats=caveats)


def _customer_groups(people: pd.DataFrame, by: str | None) -> pd.Series:
    """Return each customer's group as text, missing where the column has no value."""
    if by is None:
        return pd.Series(ALL, index=people.index, dtype=object)
    allowed = [name for name in split_columns("customers", people) if name not in KNOWN_LATER]
    if by not in allowed:
        listed = ", ".join(map(repr, [SCORE, *allowed]))
        raise ValueError(
            f"by={by!r} is no property of a customer before the first recommendation; by can be one of {listed}."
        )
    return split_values("customers", people, by).map(str, na_action="ignore")


def group_words(group: str) -> Worded | str:
    """Return the words for a class of the score; other groups have their own name."""
    return CLASS_WORDS.get(group, group)


def timing_caveats(study: Study, spells: Spells, by: str | None, withheld: list[str]) -> list[Sentence]:
    """Say what was withheld, what the tests leave out, and what the times do not show."""
    found = withheld_caveat([group_words(name) for name in withheld], study.min_group, say("customers"))
    if by == SCORE and "weight" in study.survey:
        found.append(say("The log-rank test and the ratio of hazards know no weights; the shares use them."))
    happened = spells.frame.groupby("group")["event"].any()
    silent = [name for name in spells.groups if name not in (ALL, *withheld) and not happened.get(name, False)]
    if silent:
        found.append(
            say(
                "In {groups:list} nobody recommended within the horizon, so no ratio of hazards can be given.",
                groups=tuple(map(group_words, silent)),
            )
        )
    found.append(
        say(
            "Recommendations that nobody recorded count as not made, so the shares are lower bounds; a group that is "
            "quicker need not be so because of what sets it apart."
        )
    )
    return found


def _arrays(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy(float) for name in ("time", "entry")} | {"event": frame["event"].to_numpy(bool)}


def group_curve(frame: pd.DataFrame, horizon: int, level: float) -> tuple[list[float], pd.DataFrame]:
    """Return the share at the horizon with its interval, and the curve from 0 on."""
    arrays = _arrays(frame)
    weights, clusters = frame["weight"].to_numpy(float), pd.factorize(frame["person"])[0]
    share = event_share(**arrays, horizon=horizon, level=level, weights=weights, clusters=clusters)
    curve = event_curve(**arrays, level=level, weights=weights, clusters=clusters)
    start = pd.DataFrame([[0.0, int((arrays["entry"] <= 0).sum()), 0.0, 0.0, 0.0]], columns=CURVE)
    parts = [start, curve] if len(curve) else [start]
    if np.isfinite(share.estimate) and (curve.empty or curve["time"].iloc[-1] < horizon):
        at_risk = int((arrays["time"] >= horizon).sum())
        parts.append(pd.DataFrame([[float(horizon), at_risk, *share.limits]], columns=CURVE))
    return share.limits, pd.concat(parts, ignore_index=True).astype({"at_risk": "int64"})


def medians(curve: pd.DataFrame) -> list[float]:
    """Return the time at which half have recommended, and those at which the upper and the lower limit say so."""
    return [
        float(curve.loc[curve[name] >= 0.5 - ROUNDING, "time"].min()) for name in ("estimate", "conf_high", "conf_low")
    ]  # fmt: skip


def compared(frame: pd.DataFrame, level: float) -> dict[str, Any]:
    """Return the test and the ratios of hazards between the groups that are shown."""
    arrays, groups = _arrays(frame), frame["group"].to_numpy(str)
    clusters = pd.factorize(frame["person"])[0]
    repeated = clusters if frame["person"].duplicated().any() else None
    return {
        "log_rank": log_rank(group=groups, **arrays),
        "hazard_ratios": hazard_ratios(group=groups, level=level, clusters=repeated, **arrays),
    }


def no_curve() -> pd.DataFrame:
    """Return the columns of a curve without a row."""
    return pd.DataFrame({"group": pd.Series(dtype="str"), **{name: np.zeros(0) for name in CURVE}})
