"""The touchpoints of the simulated insurer, from the search field to the claim: their words, and what they do."""

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


# fmt: off
WORDS = {
    "search": Words("Search result", "Notice", "search engine", "online", "paid", "company",
                    "be found", "the insurer is nowhere on the first page"),
    "advertising": Words("Advertising", "Notice", "mass media", "offline", "paid", "company",
                         "be known", "the spot promises what the policy excludes"),
    "portal": Words("Comparison portal", "Compare", "portal", "online", "partner", "both",
                    "be compared", "the portal shows last year's premium"),
    "reviews": Words("Public reviews", "Compare", "review platform", "online", "earned", "customers",
                     "be trusted", "a refused claim stays unanswered for months"),
    "friends": Words("A friend's remark", "Compare", "conversation", "offline", "earned", "customers",
                     "be recommended", "a colleague warns against the insurer"),
    "website": Words("Website", "Compare", "web", "online", "owned", "both",
                     "inform", "the calculator loses everything that was entered"),
    "advice": Words("Advice talk", "Buy", "agency", "offline", "owned", "both",
                    "advise", "the policy that was sold does not cover the need"),
    "offer": Words("Written offer", "Buy", "mail", "online", "owned", "both",
                   "persuade", "the premium differs from the one agreed upon"),
    "policy": Words("Policy documents", "Buy", "letter", "offline", "owned", "company",
                    "document", "forty pages that nobody understands"),
    "welcome": Words("Welcome call", "Begin", "phone", "offline", "owned", "company",
                     "welcome", "the caller sells instead of welcoming"),
    "contact_person": Words("Personal contact", "Begin", "agency", "offline", "owned", "customers",
                            "bind", "the contact changes three times a year"),
    "app": Words("App", "Use", "app", "online", "owned", "both",
                 "serve oneself", "somebody else's policy is shown"),
    "service_line": Words("Service line", "Use", "phone", "offline", "owned", "both",
                          "help", "half an hour on hold, then cut off"),
    "invoice": Words("Invoice", "Use", "mail", "online", "owned", "both",
                     "be paid", "the premium rises without a word"),
    "magazine": Words("Customer magazine", "Use", "letter", "offline", "owned", "company",
                      "stay in mind", "it congratulates the deceased"),
    "annual_talk": Words("Annual review talk", "Use", "agency", "offline", "owned", "both",
                         "keep up to date", "nobody calls for years"),
    "roadside_help": Words("Roadside assistance", "Claim", "partner on site", "offline", "partner", "customers",
                           "rescue", "a family waits on the motorway at night"),
    "claim": Words("Claim settlement", "Claim", "letter", "offline", "owned", "both",
                   "make good", "refused for a reason in the small print"),
}

NUMBERS = {  # reach, location, spread, say, do, say_never, do_never, incidents, staff, first, spend, per contact
    "search": Numbers(.62, 3.6, 1.0, 0, 0, 0, 0, .2, 3.6, .24, 900_000, 3.10),
    "advertising": Numbers(.55, 3.2, 1.1, 0, 0, 0, 0, .2, 3.8, .14, 2_400_000, 4.90),
    "portal": Numbers(.40, 3.5, 1.0, 0, 0, 0, 0, .3, 3.0, .20, 1_100_000, 38.00),
    "reviews": Numbers(.45, 3.4, 1.1, 0, 0, 0, 0, .2, 3.1, .06, 60_000, .40),
    "friends": Numbers(.35, 3.9, 1.0, 0, 0, 0, 0, .1, 3.4, .18, 0, 0),
    "website": Numbers(.88, 3.5, 1.1, .38, 0, -.10, 0, .8, 4.0, .06, 700_000, .90),
    "advice": Numbers(.84, 3.8, 1.2, .45, .32, -.30, -.20, 1.0, 4.2, .08, 1_500_000, 95.00),
    "offer": Numbers(.90, 3.6, 1.1, .36, 0, 0, 0, .6, 3.9, 0, 350_000, 6.50),
    "policy": Numbers(.96, 3.1, 1.0, 0, 0, 0, 0, .5, 3.7, 0, 420_000, 5.20),
    "welcome": Numbers(.72, 3.7, 1.2, 0, .34, 0, -.15, .3, 3.6, 0, 90_000, 7.80),
    "contact_person": Numbers(.80, 3.8, 1.2, 0, .36, 0, -.25, .6, 3.9, .02, 380_000, 31.00),
    "app": Numbers(.70, 3.4, 1.2, .40, 0, .10, 0, .9, 3.8, .02, 800_000, .30),
    "service_line": Numbers(.78, 3.0, 1.2, .45, .32, .20, .10, 2.0, 3.6, 0, 950_000, 8.40),
    "invoice": Numbers(.97, 3.3, 1.1, .40, 0, 0, 0, 1.2, 3.5, 0, 260_000, 1.70),
    "magazine": Numbers(.83, 3.2, 1.0, 0, 0, 0, 0, .1, 3.8, 0, 520_000, 2.60),
    "annual_talk": Numbers(.73, 3.6, 1.2, 0, .34, 0, -.20, .4, 3.7, 0, 410_000, 62.00),
    "roadside_help": Numbers(.30, 4.0, 1.1, 0, .34, 0, 0, .8, 3.9, 0, 600_000, 140.00),
    "claim": Numbers(.32, 3.3, 1.3, .50, .36, .10, 0, 3.0, 4.1, 0, 1_300_000, 74.00),
}
# fmt: on

CATALOGUE = tuple(Touchpoint(name, WORDS[name], NUMBERS[name]) for name in WORDS)

# In the middle of the waves this one is improved, where the study has it; else the first that drives both.
IMPROVED = "service_line"


def choose_touchpoints(count: int) -> tuple[Touchpoint, ...]:
    """Take ``count`` entries in the customer's order: an even choice with every role, or all and numbered ones."""
    if count >= len(CATALOGUE):
        return (*CATALOGUE, *(numbered(order) for order in range(len(CATALOGUE) + 1, count + 1)))
    chosen: set[str] = set()
    for role, places in places_by_role(count).items():
        entries = [touchpoint.name for touchpoint in CATALOGUE if touchpoint.role == role]
        step = len(entries) / places
        chosen.update(entries[int((place + 0.5) * step)] for place in range(places))
    return tuple(touchpoint for touchpoint in CATALOGUE if touchpoint.name in chosen)


def places_by_role(count: int) -> dict[Role, int]:
    """Share out ``count`` places as the catalogue shares out its own, one per role at least."""
    sizes = {role: sum(touchpoint.role == role for touchpoint in CATALOGUE) for role in ROLES}
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
