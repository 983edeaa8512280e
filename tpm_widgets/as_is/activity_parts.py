"""Whose time counts, and what was recommended in it: the groups that referral_activity compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.as_is.classes import answer_classes
from tpm_widgets.as_is.customer_time import CustomerTime
from tpm_widgets.as_is.deeds import CLASSES
from tpm_widgets.as_is.exposure import follow_answers
from tpm_widgets.as_is.groups import ALL, value_text
from tpm_widgets.as_is.linkage import DAYS_PER_YEAR
from tpm_widgets.as_is.splits import group_order, split_columns, split_values, without_value
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study
from tpm_widgets.study.schema import PERSPECTIVES

LINKED = ("score", "touchpoint")  # splits by what customers answered


@dataclass(frozen=True, slots=True)
class Part:
    """Some customers' time: one row per customer, or per answer that was followed.

    ``rows`` has ``customer`` (a code to cluster by), ``weight``, ``years`` observed, ``recommendations`` and ``won``
    in them; ``at_risk`` the years until the customer's first recommendation (0 after it) and ``first`` whether it
    came.
    """

    group: str
    rows: pd.DataFrame


def check_split(study: Study, by: str | None) -> None:
    """Refuse a split that is no property of those who recommend."""
    people = study.customers
    own = [] if people is None else split_columns("customers", people)
    if by is not None and by not in (*LINKED, "perspective", *own):
        offered = ", ".join(map(repr, (*LINKED, "perspective", *own)))
        raise ValueError(f"by={by!r} is nothing that recommendations can be split by; this study offers {offered}.")


def customer_parts(time: CustomerTime, by: str | None) -> tuple[list[Part], list[Sentence]]:
    """Split all customers by a column of their table, or none; one row per customer who was observed."""
    rows = _customers(time, time.deeds)
    if by is None:
        return [Part(ALL, rows)], []
    values = split_values("customers", time.people, by)[rows.index]
    parts = [Part(value_text(value), rows[values == value]) for value in group_order(values)]
    return parts, without_value(values, by)


def perspective_parts(time: CustomerTime, perspectives: pd.Series) -> tuple[list[Part], list[Sentence]]:
    """Split the recommendations by perspective; the time is everybody's each time, so that rates add up.

    ``perspectives`` are those of ``time.deeds``.
    """
    parts = [Part(name, _customers(time, time.deeds[perspectives == name])) for name in PERSPECTIVES]
    missing = int(perspectives.isna().sum())
    caveats = [
        say(
            "Each perspective is set against the time of all customers, so the rates of recommendations and of "
            "customers won add up over the perspectives; those of customers who recommend do not, as one customer may "
            "recommend in several ways."
        )
    ]
    if missing:
        caveats.append(
            say_n(
                "{count} recommendation without a perspective is in no group.",
                "{count} recommendations without a perspective are in no group.",
                missing,
            )
        )
    return parts, caveats


def _customers(time: CustomerTime, deeds: pd.DataFrame) -> pd.DataFrame:
    """One row per observed customer, with what some of the recommendations add up to."""
    made, won = time.counts(deeds), time.counts(deeds, won=True)
    first = deeds.groupby("person")["day"].min().reindex(range(len(time.people))).to_numpy(float)
    years = time.years()
    until_first = (first - time.start + 1) / DAYS_PER_YEAR
    rows = pd.DataFrame(
        {
            "customer": np.arange(len(years)),
            "weight": 1.0,
            "years": years,
            "recommendations": made,
            "won": won,
            "at_risk": np.where(made > 0, until_first, years),
            "first": made > 0,
        }
    )
    return rows[years > 0]


def answer_parts(study: Study, by: str) -> tuple[list[Part], list[Sentence]]:
    """Split the followed answers by promoter class and score, or by touchpoint experienced."""
    exposure = follow_answers(study, verb=f"referral_activity(by={by!r})")
    answers = exposure.answers
    rows = pd.DataFrame(
        {
            "customer": answers["customer"],
            "weight": study.weights[answers.index],
            "years": answers["days"] / DAYS_PER_YEAR,
            "recommendations": answers["events"].astype(float),
            "won": answers["wins"].astype(float),
            "until_first": (answers["time"] - answers["entry"]) / DAYS_PER_YEAR,
            "referred": answers["referred"],
            "start": answers["start"],
        }
    )
    rows = rows[rows["weight"] > 0]
    caveats = [
        *exposure.caveats,
        say(
            "Only the time after an answer counts, up to {window} days, and only of customers who answered: with their "
            "answers' weights.",
            window=exposure.window,
        ),
    ]
    if by == "touchpoint":
        caveats.append(say("A customer who experienced several touchpoints is in several groups; they overlap."))
        members = _experienced(study)
    else:
        caveats.append(say("A customer who answered several times may be in several groups; errors are clustered."))
        members = _scores(study)
    return [Part(name, _until_first(rows[member[rows.index]])) for name, member in members], caveats


def _experienced(study: Study) -> Iterator[tuple[str, np.ndarray]]:
    for name in study.touchpoint_names:
        yield name, study.experienced[name].fillna(False).to_numpy(bool)


def _scores(study: Study) -> Iterator[tuple[str, np.ndarray]]:
    scores, classes = answer_classes(study)
    for code, name in CLASSES.items():
        yield name, classes == code
    for score in range(11):
        yield str(score), scores == score


def _until_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Count a customer's time until the first recommendation within the group, over several answers."""
    rows = rows.sort_values(["customer", "start"], kind="stable")
    before = rows.groupby("customer")["referred"].cumsum() - rows["referred"]
    waiting = before == 0
    return rows.assign(at_risk=rows["until_first"].where(waiting, 0.0), first=rows["referred"] & waiting)
