"""The tables of a study and the roles that their columns play; everything that reads or checks a study reads this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["identifier", "number", "date", "text", "category", "flag"]


@dataclass(frozen=True, slots=True)
class Role:
    """One column of a table: its kind, whether a study must have it, and for categories the values that it may take."""

    name: str
    kind: Kind
    required: bool = False
    values: tuple[str, ...] = ()
    at_least: float | None = None
    found: bool = True  # whether a column that is called like it plays it, without being named


def _role(name: str, kind: Kind, *values: str, at_least: float | None = None, found: bool = True) -> Role:
    """Read "name" as a required role and "name?" as an optional one."""
    return Role(name.removesuffix("?"), kind, not name.endswith("?"), values, at_least, found)


# Columns of these names may as well hold what somebody suggests, or who was recommended to us.
_UNDATED = (
    _role("recommended?", "flag", found=False),
    _role("recommendations?", "number", at_least=0, found=False),
    _role("customers_won?", "number", at_least=0, found=False),
)
UNDATED = tuple(role.name for role in _UNDATED)  # what customers did at some time: roles of the survey and of customers


# Of numbers that lie on one where study.toml declares no other.
SCALES: dict[tuple[str, str], tuple[float, float]] = {("reviews", "stars"): (1, 5), ("actions", "probability"): (0, 1)}
SOURCES = ("recommendation", "other", "unknown")
PERSPECTIVES = ("one_to_one", "one_to_many", "many_to_many")

TABLES: dict[str, tuple[Role, ...]] = {
    "survey": (
        _role("respondent?", "identifier"),
        _role("recommend", "number"),
        _role("customer?", "identifier"),
        _role("date?", "date"),
        _role("wave?", "category"),
        _role("weight?", "number", at_least=0),
        _role("strata?", "category", found=False),  # "cluster" is what many call their segments
        _role("cluster?", "identifier", found=False),
        _role("overall?", "number"),
        _role("annoyance?", "number"),
        _role("recommended_12m?", "flag"),
        *_UNDATED,
        _role("tenure?", "number", at_least=0),
        _role("text?", "text"),
    ),
    "touchpoints": (
        _role("touchpoint", "identifier"),
        _role("label?", "text"),
        _role("phase?", "text"),
        _role("order?", "number"),
        _role("channel?", "text"),
        _role("medium?", "category", "online", "offline"),
        _role("control?", "category", "owned", "paid", "earned", "partner"),
        _role("place?", "text"),
        _role("function?", "text"),
        _role("status?", "category", "new", "current", "retire"),
        _role("listed_by?", "category", "company", "customers", "both"),
        _role("first_contact?", "number", at_least=0),
        _role("spend?", "number", at_least=0),
        _role("cost_per_contact?", "number", at_least=0),
        _role("staff_rating?", "number"),
        _role("worst_case?", "text"),
    ),
    "customers": (
        _role("customer", "identifier"),
        _role("acquired", "date"),
        _role("source?", "category", *SOURCES),
        _role("recommended_by?", "identifier"),
        _role("aware_through?", "text"),
        _role("what_said?", "text"),
        _role("left?", "date"),
        _role("bought_again?", "flag"),
        _role("value?", "number"),
        _role("acquisition_cost?", "number", at_least=0),
        _role("would_have_joined?", "flag"),
        _role("segment?", "text"),
        *_UNDATED,
    ),
    "referrals": (
        _role("referrer", "identifier"),
        _role("date", "date"),
        _role("perspective?", "category", *PERSPECTIVES),
        _role("recipients?", "number", at_least=0),
        _role("channel?", "text"),
        _role("contacted?", "date"),
        _role("converted?", "date"),
        _role("new_customer?", "identifier"),
        _role("incentive?", "text"),
        _role("consent?", "flag"),
        _role("consent_date?", "date"),
        _role("consent_basis?", "text"),
    ),
    "incidents": (
        _role("customer?", "identifier"),
        _role("respondent?", "identifier"),
        _role("touchpoint", "text"),
        _role("date", "date"),
        _role("valence", "category", "positive", "negative"),
        _role("problem?", "text"),
        _role("severity?", "number"),
        _role("annoyance?", "number"),
        _role("text?", "text"),
        _role("complained?", "date"),
        _role("registered?", "date"),
        _role("acknowledged?", "date"),
        _role("resolved?", "date"),
        _role("first_contact?", "flag"),
        _role("satisfied?", "flag"),
        _role("informed?", "flag"),
    ),
    "reviews": (
        _role("date", "date"),
        _role("platform", "text"),
        _role("stars", "number"),
        _role("touchpoint?", "text"),
        _role("text?", "text"),
    ),
    "revenue": (
        _role("customer", "identifier"),
        _role("period", "text"),
        _role("revenue", "number"),
        _role("margin?", "number"),
    ),
    "actions": (
        _role("action", "text"),
        _role("touchpoint", "text"),
        _role("cost", "number", at_least=0),
        _role("effort", "number", at_least=0),
        _role("expected_change", "number"),
        _role("probability?", "number", at_least=0),
        _role("time_to_effect?", "number", at_least=0),
        _role("owner?", "text"),
        _role("start?", "date"),
        _role("due?", "date"),
        _role("status?", "text"),
        _role("needs?", "text"),
        _role("segment?", "text"),
        _role("incentive?", "text"),
    ),
    "goals": (
        _role("goal?", "text"),
        _role("metric", "text"),
        _role("baseline", "number"),
        _role("target", "number"),
        _role("due", "date"),
    ),
    "waves": (
        _role("wave", "category"),
        _role("start", "date"),
        _role("end", "date"),
    ),
}


def role_names(table: str) -> tuple[str, ...]:
    """Name the roles of one table, in their order."""
    return tuple(role.name for role in TABLES[table])
