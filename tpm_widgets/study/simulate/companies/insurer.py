"""The simulated insurer: touchpoints from the search field to the claim, and all its words."""

from __future__ import annotations

from tpm_widgets.study.simulate.companies.profile import Constants, Measure, Numbers, Profile, Touchpoint, Words

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

# Invented. Some hold what exports and web pages trip over: markup, a formula, quotes, umlauts, commas.
COMMENTS = (
    (
        "Never again. Nobody called back.",
        "Waited <b>three weeks</b> for an answer about my claim.",
        "=SUM(promises) is zero.",
        'They said "tomorrow" four times.',
        "Premium up again, service down; I am looking around.",
        "The hotline is a joke & the app is slow.",
        "Refused for a reason on page 38.",
        "Frau Müller hat sich nie gemeldet.",
    ),
    (
        "All in all fine.",
        "OK, but the letters are hard to understand.",
        "Good advice, slow app.",
        "No complaints, no enthusiasm.",
        "The price is right, the waiting time is not.",
        "Ganz in Ordnung – nur die Rechnung bleibt ein Rätsel.",
        "+1 for the agent, -1 for the hotline",
        "Does what it should, no more.",
    ),
    (
        "My contact always finds a solution.",
        "Claim settled in two days, thank you!",
        'Told my sister: "Go there, ask for Mr Özil & co."',
        "Straightforward, friendly, quick.",
        "Best insurer I have had <3",
        "They called before I had a question.",
        "Großartige Beratung, gern wieder.",
        "The tow truck came within 30 minutes, at night; great.",
    ),
)
SAID = (
    "They paid within a week",
    "My contact there takes her time",
    "Fair price & no small print",
    'You can "just call them"',
    "They drove out at night when my car broke down",
    "They call once a year and check everything",
    "Gute Beratung, ohne Druck",
    "I felt welcome from the first day",
)
FOUND = ("search engine", "comparison portal", "advertising", "agency nearby", "employer")
MEASURES = (
    Measure("service_line", "Call back instead of holding the line", 45_000, 60, 0.6, 0.8, 8, "Service"),
    Measure("invoice", "Explain every change on the invoice in one sentence", 6_000, 8, 0.3, 0.8, 3, "Finance"),
    Measure("welcome", "Welcome call within three days, without selling", 9_000, 15, 0.4, 0.7, 4, "Sales"),
    Measure("contact_person", "Photo and direct number of the contact in every letter", 4_000, 6, 0.2, 0.9, 2, "Sales"),
    Measure("claim", "Tell the state of a claim by message, unasked", 60_000, 90, 0.5, 0.7, 16, "Claims"),
    Measure("advice", "Ask about life first, about products later", 70_000, 120, 0.4, 0.6, 20, "Sales"),
    Measure("annual_talk", "Call every customer once a year", 140_000, 260, 0.4, 0.6, 26, "Sales"),
    Measure("app", "Sign in without a password letter", 85_000, 110, 0.5, 0.7, 14, "IT"),
    Measure("website", "Calculator that keeps what was entered", 38_000, 45, 0.3, 0.7, 10, "IT"),
    Measure(
        "app", "Report a claim with three photos", 180_000, 240, 0.4, 0.6, 30, "IT", "Sign in without a password letter"
    ),
)

INSURER = Profile(
    title="A simulated insurance company",
    catalogue=tuple(Touchpoint(name, WORDS[name], NUMBERS[name]) for name in WORDS),
    improved="service_line",
    constants=Constants(),
    comments=COMMENTS,
    said=SAID,
    found=FOUND,
    platforms=("Insurance Mirror", "Rate & Tell", "Map stars"),
    premiums=(430.0, 690.0, 1480.0),
    measures=MEASURES,
    meanings={
        "survey.product": "segment: the main policy",
        "customers.bought_again": "bought a second policy, yes or no; missing in the first year",
        "customers.segment": "household or business",
        "referrals.contacted": "day on which the insurer and the recommended person came into contact; "
        "missing where never",
        "revenue.revenue": "premiums of the year, EUR",
    },
)
