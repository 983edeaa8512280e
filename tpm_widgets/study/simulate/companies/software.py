"""The simulated software company: touchpoints from the comparison to the support, and all its words."""

from __future__ import annotations

from tpm_widgets.study.simulate.companies.profile import Constants, Numbers, Profile, Touchpoint, Words

# fmt: off
WORDS = {
    "search": Words("Search result", "Notice", "search engine", "online", "paid", "company",
                    "be found", "a rival's advertisement stands above it"),
    "comparison": Words("Comparison test", "Compare", "press", "online", "earned", "customers",
                        "be compared", "the test is about a version of three years ago"),
    "trial": Words("Free trial", "Compare", "program", "online", "owned", "both",
                   "convince", "what was entered is gone on day 31"),
    "purchase": Words("Purchase", "Buy", "web", "online", "owned", "company",
                      "sell", "paid twice"),
    "onboarding": Words("First steps", "Begin", "video call", "online", "owned", "both",
                        "begin well", "nobody comes to the call"),
    "program": Words("The program", "Use", "program", "online", "owned", "both",
                     "get work done", "a month of work is lost"),
    "documentation": Words("Documentation", "Use", "web", "online", "owned", "both",
                           "explain", "it describes another program"),
    "support": Words("Support", "Use", "chat", "online", "owned", "both",
                     "help", "the ticket is closed, the fault is not"),
    "updates": Words("Updates", "Use", "program", "online", "owned", "customers",
                     "improve", "the button that everybody used is gone"),
    "invoice": Words("Invoice", "Use", "mail", "online", "owned", "company",
                     "be paid", "it renewed itself for three years"),
    "community": Words("Users' meeting", "Use", "event", "offline", "owned", "customers",
                       "belong", "nobody of the company is there"),
    "contact_person": Words("Personal contact", "Use", "phone", "offline", "owned", "both",
                            "bind", "the contact changes with every quarter"),
}

NUMBERS = {  # reach, location, spread, say, do, say_never, do_never, incidents, staff, first, spend, per contact
    "search": Numbers(.60, 3.5, 1.0, 0, 0, 0, 0, .2, 3.6, .34, 420_000, 2.10),
    "comparison": Numbers(.48, 3.5, 1.0, 0, 0, 0, 0, .2, 3.3, .22, 30_000, 1.00),
    "trial": Numbers(.86, 3.7, 1.1, .45, 0, -.15, 0, .6, 4.0, .20, 110_000, 3.00),
    "purchase": Numbers(.97, 3.5, 1.0, 0, 0, 0, 0, .5, 3.7, 0, 60_000, .70),
    "onboarding": Numbers(.66, 3.7, 1.2, 0, .42, 0, -.20, .6, 3.9, 0, 240_000, 38.00),
    "program": Numbers(.99, 3.6, 1.1, .60, .34, 0, 0, 2.0, 4.1, 0, 3_200_000, .60),
    "documentation": Numbers(.84, 3.1, 1.1, .42, 0, .10, 0, .8, 3.4, 0, 180_000, .20),
    "support": Numbers(.70, 3.0, 1.2, .48, .34, .15, .10, 1.6, 3.8, 0, 890_000, 11.00),
    "updates": Numbers(.95, 3.3, 1.1, .42, 0, 0, 0, 1.0, 3.9, 0, 700_000, .40),
    "invoice": Numbers(.97, 3.4, 1.0, 0, 0, 0, 0, .6, 3.6, 0, 50_000, .90),
    "community": Numbers(.28, 4.0, 1.0, 0, .42, 0, 0, .1, 3.8, .06, 140_000, 55.00),
    "contact_person": Numbers(.62, 3.7, 1.2, 0, .40, 0, -.20, .5, 4.0, .04, 520_000, 24.00),
}
# fmt: on

COMMENTS = (
    (
        "It lost a week of work.",
        "The button that I <b>need</b> is gone again.",
        "=SUM(hours) that I waited for support.",
        'They closed the ticket as "works as designed".',
        "Price up again, speed down; I am looking around.",
        "Slow & proud of it.",
        "The documentation describes another program.",
        "Drei Wochen ohne Antwort, Frau Schröder hört auf.",
    ),
    (
        "Does its job.",
        "OK, but the menus are a maze.",
        "Good program, slow support.",
        "No complaints, no enthusiasm.",
        "The functions are right, the price is not.",
        "Ganz in Ordnung – nur die Updates kommen zur Unzeit.",
        "+1 for the export, -1 for the import",
        "Does what it should, no more.",
    ),
    (
        "Support answered before I had finished typing.",
        "Saved me two days in the first week, thank you!",
        'Told my colleague: "Try it, & call them when stuck."',
        "Straightforward, friendly, quick.",
        "Best tool on my desk <3",
        "My contact knows our data better than we do.",
        "Großartiges Programm, läuft überall.",
        "The users' meeting alone is worth the licence; great.",
    ),
)

SOFTWARE = Profile(
    title="A simulated software company",
    catalogue=tuple(Touchpoint(name, WORDS[name], NUMBERS[name]) for name in WORDS),
    improved="support",
    constants=Constants(
        product_share={"basic": 0.50, "team": 0.35, "enterprise": 0.15},
        segment_share={"one": 0.50, "small": 0.35, "large": 0.15},
    ),
    comments=COMMENTS,
    said=(
        "It just works",
        "They answer within the hour",
        "Fair price & no tricks",
        'You can "just call them"',
        "It saved me two days a week",
        "The users' meeting is fun",
        "Endlich ein Programm, das rechnet",
        "I was up and running in an afternoon",
    ),
    found=("search engine", "comparison test", "advertising", "trade fair", "employer"),
    platforms=("Test Bench", "Rate & Tell", "Map stars"),
    premiums=(120.0, 900.0, 6200.0),
    measures=(),
    kind="reported",
    continuous=True,
    meanings={"survey.wave": "quarter; people are asked on every day of it", "survey.product": "segment: the edition"},
)
