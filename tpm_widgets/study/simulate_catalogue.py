"""What a simulated touchpoint is and does, and an even choice of them for a study of any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["both", "talk only", "deeds only", "neither"]
ROLES: tuple[Role, ...] = ("both", "talk only", "deeds only", "neither")


@dataclass(frozen=True, slots=True)
class Words:
    """What a touchpoint is: a row of the table of touchpoints."""

    label: str
    phase: str
    channel: str
    medium: str
    control: str
    listed_by: str
    function: str
    worst_case: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a touchpoint does. ``say`` is in points of the 0–10 answer, ``do`` a log rate, both per rating point."""

    reach: float  # share of customers who ever experience it
    location: float  # centre and spread of the rating before it is rounded to 1–5
    spread: float
    say: float
    do: float
    say_never: float  # what never having experienced it does
    do_never: float
    incidents: float  # how often it is the scene of an incident, relative to the others
    staff_rating: float  # what the staff believe that customers think of it
    first_contact: float  # share of customers whose first contact it was
    spend: int  # EUR a year
    cost_per_contact: float  # EUR


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One entry of the catalogue."""

    name: str
    words: Words
    numbers: Numbers

    @property
    def role(self) -> Role:
        """What the touchpoint drives: saying, doing, both or neither."""
        return role_of(self.numbers.say, self.numbers.do)


def role_of(say: float, do: float) -> Role:
    """Name what a touchpoint with these two effects drives."""
    if say and do:
        return "both"
    if say:
        return "talk only"
    return "deeds only" if do else "neither"


def choose_touchpoints(catalogue: tuple[Touchpoint, ...], count: int) -> tuple[Touchpoint, ...]:
    """Take ``count`` entries in the customer's order: an even choice with every role, or all and numbered ones."""
    if count >= len(catalogue):
        return (*catalogue, *(numbered(order) for order in range(len(catalogue) + 1, count + 1)))
    chosen: set[str] = set()
    for role, places in places_by_role(catalogue, count).items():
        entries = [touchpoint.name for touchpoint in catalogue if touchpoint.role == role]
        step = len(entries) / places
        chosen.update(entries[int((place + 0.5) * step)] for place in range(places))
    return tuple(touchpoint for touchpoint in catalogue if touchpoint.name in chosen)


def places_by_role(catalogue: tuple[Touchpoint, ...], count: int) -> dict[Role, int]:
    """Share out ``count`` places as the catalogue shares out its own, one per role at least."""
    sizes = {role: sum(touchpoint.role == role for touchpoint in catalogue) for role in ROLES}
    places: dict[Role, int] = dict.fromkeys(ROLES, 1)
    while sum(places.values()) < count:
        neediest = max(ROLES, key=lambda role: sizes[role] / (places[role] + 0.5) if places[role] < sizes[role] else 0)
        places[neediest] += 1
    return places


def numbered(order: int) -> Touchpoint:
    """Make one more touchpoint that drives nothing, so that a larger study keeps its level of saying and doing."""
    words = Words(f"Touchpoint {order}", "Use", "web", "online", "owned", "company", "inform", "it does not work")
    numbers = Numbers(0.75, 3.5, 1.1, 0, 0, 0, 0, 0.2, 3.6, 0, 100_000, 1.00)
    return Touchpoint(f"touchpoint_{order}", words, numbers)
