"""What makes one simulated company unlike another: its touchpoints, words, customers, and what of them is known. What a
touchpoint is and does, and an even choice of them for a study of any size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["linked", "unlinked", "reported"]

Role = Literal["both", "talk only", "deeds only", "neither"]
ROLES: tuple[Role, ...] = ("both", "talk only", "deeds only", "neither")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: EUR, person-days, rating points, probability of success, weeks until customers notice."""

    touchpoint: str
    action: str
    cost: float
    effort: float
    expected_change: float
    probability: float
    weeks: float
    owner: str
    needs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The parameters that every simulated study shares."""

    # The noiseless answer's mean before the improvement, and the noise of an answer around it
    mean_score: float = 8.15
    noise: float = 1.4
    # Who the customers are: shares, and what belonging to a group adds to the answer or to the log rate of deeds
    region_share: Mapping[str, float] = field(
        default_factory=lambda: {"North": 0.22, "South": 0.30, "East": 0.20, "West": 0.28}
    )
    age_share: Mapping[str, float] = field(default_factory=lambda: {"18-34": 0.28, "35-54": 0.40, "55+": 0.32})
    product_share: Mapping[str, float] = field(default_factory=lambda: {"car": 0.45, "home": 0.35, "health": 0.20})
    segment_share: Mapping[str, float] = field(
        default_factory=lambda: {"single": 0.38, "family": 0.48, "business": 0.14}
    )
    say_region: tuple[float, ...] = (0.1, 0.2, -0.4, 0.0)
    say_age: tuple[float, ...] = (-0.25, 0.0, 0.2)
    do_age: tuple[float, ...] = (0.3, 0.0, -0.2)
    # The base is there at the start, the others come evenly over the period; those won by a recommendation come on top
    base_share: float = 0.70
    others_share: float = 0.21
    mean_tenure: float = 4.0  # years that the base has been there, exponential, cut at 15
    # How one recommends, and what comes of it: nobody is contacted who did not consent
    perspective_share: Mapping[str, float] = field(
        default_factory=lambda: {"one_to_one": 0.72, "one_to_many": 0.18, "many_to_many": 0.10}
    )
    consent: float = 0.85
    conversion: Mapping[str, float] = field(  # of those contacted
        default_factory=lambda: {"one_to_one": 0.25, "one_to_many": 0.17, "many_to_many": 0.12}
    )
    contact_delay: float = 10.0  # mean days to the contact, and from there to the conversion
    conversion_delay: float = 25.0
    would_have_joined: float = 0.40  # of those won by a recommendation
    # Who answers (log odds), and how
    answers_by_halo: float = 0.15
    answers_by_age: tuple[float, ...] = (-0.5, 0.0, 0.3)
    mean_overall: float = 3.7  # overall satisfaction (1-5) knows the halo and nothing else: a marker of it
    overall_on_halo: float = 0.7
    overall_noise: float = 0.6
    no_answer: float = 0.03  # of the ratings, at random
    recall: float = 0.85  # reports a recommendation of the last 12 months, having made one
    false_recall: float = 0.10  # … having made none
    # Houses, where the company has several: their regions (whose shares then follow from theirs), and what they add
    house_share: Mapping[str, float] = field(default_factory=dict)
    house_region: Mapping[str, str] = field(default_factory=dict)
    say_house: tuple[float, ...] = ()
    do_house: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One company. The texts are invented."""

    title: str
    catalogue: tuple[Touchpoint, ...]
    improved: str  # in the middle of the waves, where the study has it; else the first that drives both
    constants: Constants
    comments: tuple[tuple[str, ...], ...]  # under an answer: of detractors, passives, promoters, equally many each
    said: tuple[str, ...]  # "What exactly did the recommender say?"
    found: tuple[str, ...]  # "How did you become aware of us?", where it was not by a recommendation
    platforms: tuple[str, ...]  # of public reviews
    premiums: tuple[float, ...]  # median EUR a year by segment
    measures: tuple[Measure, ...]  # quick wins first: cheap, soon, likely
    # linked: answers are tied to customers; unlinked: they are not, and only the tables named here are known;
    # reported: nothing is known but what respondents say
    kind: Kind = "linked"
    tables: tuple[str, ...] = ()
    continuous: bool = False  # people are asked on every day of a wave's quarter, not in six weeks of it
    meanings: Mapping[str, str] = field(default_factory=dict)  # of columns, where the README's general words do not do


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
