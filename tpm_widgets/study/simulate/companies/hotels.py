"""The simulated hotel group: sixteen houses, touchpoints from the search field to the farewell, and all its words."""

from __future__ import annotations

from dataclasses import dataclass

from tpm_widgets.study.simulate.companies.profile import Constants, Measure, Numbers, Profile, Touchpoint, Words

# fmt: off
WORDS = {
    "search": Words("Search result", "Notice", "search engine", "online", "paid", "company",
                    "be found", "a closed house is still the first result"),
    "portal": Words("Booking portal", "Compare", "portal", "online", "partner", "both",
                    "be compared", "the portal shows a price that is not to be had"),
    "reviews": Words("Public reviews", "Compare", "review platform", "online", "earned", "customers",
                     "be trusted", "bugs in the bed, with a picture"),
    "booking": Words("Own booking page", "Book", "web", "online", "owned", "both",
                     "sell", "the room is paid for and not booked"),
    "confirmation": Words("Confirmation", "Book", "mail", "online", "owned", "company",
                          "assure", "it names the wrong house"),
    "check_in": Words("Check-in", "Stay", "reception", "offline", "owned", "both",
                      "welcome", "the house is full in spite of the booking"),
    "room": Words("Room", "Stay", "house", "offline", "owned", "both",
                  "rest", "somebody else sleeps in it"),
    "wifi": Words("Wi-Fi", "Stay", "web", "online", "owned", "customers",
                  "stay in touch", "the guest of honour cannot send her speech"),
    "housekeeping": Words("Housekeeping", "Stay", "house", "offline", "owned", "both",
                          "keep clean", "a ring is missing"),
    "breakfast": Words("Breakfast", "Stay", "house", "offline", "owned", "both",
                       "delight", "a guest who is allergic was told wrong"),
    "concierge": Words("Concierge", "Stay", "reception", "offline", "owned", "customers",
                       "help", "the tickets are for yesterday"),
    "bill": Words("Bill", "Leave", "reception", "offline", "owned", "both",
                  "be paid", "the minibar of the guest before"),
    "farewell": Words("Farewell", "Leave", "reception", "offline", "owned", "customers",
                      "be remembered", "nobody looks up"),
    "newsletter": Words("Newsletter", "Afterwards", "mail", "online", "owned", "company",
                        "stay in mind", "it goes to a guest who has died"),
}

NUMBERS = {  # reach, location, spread, say, do, say_never, do_never, incidents, staff, first, spend, per contact
    "search": Numbers(.60, 3.5, 1.0, 0, 0, 0, 0, .2, 3.6, .30, 300_000, 1.10),
    "portal": Numbers(.55, 3.4, 1.0, 0, 0, 0, 0, .5, 3.1, .32, 900_000, 17.00),
    "reviews": Numbers(.58, 3.6, 1.1, 0, 0, 0, 0, .2, 3.2, .12, 40_000, .30),
    "booking": Numbers(.64, 3.5, 1.1, .40, 0, -.10, 0, .8, 3.9, .10, 220_000, .80),
    "confirmation": Numbers(.95, 3.6, 1.0, 0, 0, 0, 0, .3, 3.8, 0, 30_000, .10),
    "check_in": Numbers(.97, 3.1, 1.2, .45, .32, 0, 0, 1.6, 3.8, 0, 780_000, 4.20),
    "room": Numbers(.98, 3.6, 1.2, .50, .34, 0, 0, 2.0, 4.1, 0, 2_600_000, 14.00),
    "wifi": Numbers(.86, 3.2, 1.2, .44, 0, .10, 0, 1.4, 3.5, 0, 110_000, .40),
    "housekeeping": Numbers(.94, 3.7, 1.1, .44, 0, 0, 0, 1.0, 4.0, 0, 1_300_000, 7.00),
    "breakfast": Numbers(.82, 3.8, 1.1, 0, .36, 0, -.15, .7, 4.0, 0, 640_000, 6.50),
    "concierge": Numbers(.38, 3.8, 1.2, 0, .38, 0, -.10, .4, 3.8, 0, 260_000, 9.00),
    "bill": Numbers(.96, 3.4, 1.0, .38, 0, 0, 0, 1.0, 3.6, 0, 120_000, 1.20),
    "farewell": Numbers(.80, 3.4, 1.2, 0, .36, 0, -.20, .3, 3.9, 0, 60_000, .90),
    "newsletter": Numbers(.70, 3.1, 1.0, 0, 0, 0, 0, .1, 3.7, .06, 90_000, .20),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class House:
    """One house: its share of the guests, and what it adds to the answer and to the log rate of recommendations."""

    region: str
    share: float
    say: float
    do: float


# Houses that are praised are recommended more, by and large: how much so is a part of the truth.
HOUSES = {
    "Harbour": House("North", 0.08, 0.55, 0.35),
    "Lighthouse": House("North", 0.05, -0.20, 0.20),
    "Dunes": House("North", 0.07, 0.20, -0.20),
    "Old Mill": House("South", 0.07, 0.75, 0.20),
    "Lake View": House("South", 0.08, 0.40, 0.45),
    "Vineyard": House("South", 0.06, 0.10, 0.30),
    "Alpine": House("South", 0.06, -0.45, -0.10),
    "Orchard": House("South", 0.05, 0.60, 0.10),
    "Cathedral": House("West", 0.07, -0.10, -0.35),
    "Riverside": House("West", 0.06, 0.30, 0.05),
    "Fairground": House("West", 0.07, -0.80, -0.40),
    "Market Square": House("West", 0.05, -0.35, -0.25),
    "Station": House("East", 0.07, -0.65, -0.45),
    "Palace Garden": House("East", 0.05, 0.45, 0.00),
    "Opera": House("East", 0.06, -0.30, 0.25),
    "Ring Road": House("East", 0.05, -0.60, 0.00),
}
REGIONS = ("North", "South", "East", "West")

COMMENTS = (
    (
        "Forty minutes in the queue to check in.",
        "The room smelled of <b>smoke</b>.",
        "=SUM(extras) was more than the room.",
        'They called it "lake view".',
        "No Wi-Fi on the third floor; I had work to do.",
        "Cold eggs & colder looks.",
        "Charged for a minibar that I never opened.",
        "Das Bad war nicht geputzt.",
    ),
    (
        "A bed and a shower, as booked.",
        "Fine for one night.",
        "Good room, slow lift.",
        "No complaints, no enthusiasm.",
        "The breakfast is right, the price is not.",
        "Ganz in Ordnung – nur das Kissen war zu weich.",
        "+1 for the pool, -1 for the noise",
        "Does what it should, no more.",
    ),
    (
        "They remembered my name.",
        "Breakfast with a view, thank you!",
        'Told my sister: "Ask for room 12, & stay for breakfast."',
        "Straightforward, friendly, quick.",
        "Best night's sleep in months <3",
        "The concierge found tickets when there were none.",
        "Großartiges Frühstück, gern wieder.",
        "Waved us goodbye at the door; great.",
    ),
)
MEASURES = (
    Measure("check_in", "Check in by phone, key at the desk", 60_000, 70, 0.6, 0.8, 8, "Reception"),
    Measure("farewell", "Say goodbye at the door, by name", 3_000, 6, 0.4, 0.8, 2, "Reception"),
    Measure("bill", "Show the bill on the evening before", 5_000, 8, 0.3, 0.8, 3, "Finance"),
    Measure("wifi", "One password for the whole stay", 12_000, 15, 0.5, 0.8, 5, "IT"),
    Measure("breakfast", "Eggs to order, until eleven", 85_000, 60, 0.4, 0.7, 6, "Kitchen"),
    Measure("concierge", "A concierge in every house, by chat at least", 140_000, 120, 0.4, 0.6, 20, "Reception"),
    Measure("room", "New mattresses", 420_000, 90, 0.5, 0.7, 30, "Houses"),
    Measure("booking", "The portal's price, without the portal", 45_000, 50, 0.3, 0.7, 10, "IT"),
)

HOTELS = Profile(
    title="A simulated hotel group",
    catalogue=tuple(Touchpoint(name, WORDS[name], NUMBERS[name]) for name in WORDS),
    improved="check_in",
    constants=Constants(
        region_share={r: round(sum(h.share for h in HOUSES.values() if h.region == r), 2) for r in REGIONS},
        product_share={"leisure": 0.48, "business": 0.37, "wellness": 0.15},
        segment_share={"one": 0.30, "two": 0.45, "family": 0.25},
        say_region=(0.0, 0.0, 0.0, 0.0),
        house_share={name: house.share for name, house in HOUSES.items()},
        house_region={name: house.region for name, house in HOUSES.items()},
        say_house=tuple(house.say for house in HOUSES.values()),
        do_house=tuple(house.do for house in HOUSES.values()),
    ),
    comments=COMMENTS,
    said=(
        "They remembered my name",
        "The breakfast alone is worth the journey",
        "Fair price & no surprises on the bill",
        'You can "just call the house"',
        "They found us a room at midnight",
        "Quiet, although it is in the middle of town",
        "Wie zu Hause, nur mit Frühstück",
        "I felt welcome from the first minute",
    ),
    found=("search engine", "booking portal", "advertising", "passed by", "employer"),
    platforms=("Guest Book", "Rate & Tell", "Map stars"),
    premiums=(260.0, 480.0, 820.0),
    measures=MEASURES,
    kind="unlinked",
    tables=("customers", "referrals", "actions", "goals", "waves"),
    continuous=True,
    meanings={
        "survey.wave": "quarter, see waves.csv; guests are asked on every day of it",
        "survey.tenure": "years since the first stay, one decimal",
        "survey.product": "segment: what was booked",
        "customers.bought_again": "came again, yes or no; missing in the first year",
        "customers.segment": "who travels",
    },
)
