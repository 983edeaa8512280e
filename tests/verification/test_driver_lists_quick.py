"""The five lists on a few seeds of each design; the whole look is ``make verify``."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tests.verification import driver_lists
from tests.verification.driver_lists import DESIGNS
from tests.verification.limits import most

SEEDS = {"many events": [900], "few events": range(900, 904), "strong halo": [900]}  # none of those of make verify
SAYING, DOING = 0.03, 0.01  # what compare_drivers takes for negligible


@pytest.mark.parametrize("name", DESIGNS)
def test_what_is_strong_is_more_than_negligible(name):
    truth = tpm.simulate_study(seed=SEEDS[name][0], **DESIGNS[name].study).truth
    for touchpoint, role in truth["roles"].items():
        says, does = role in ("both", "talk only"), role in ("both", "deeds only")
        assert truth["promoter_effect"][touchpoint] > 1.5 * SAYING if says else truth["say"][touchpoint] == 0
        assert truth["referred_effect"][touchpoint] > 1.2 * DOING if does else truth["do"][touchpoint] == 0


@pytest.fixture(scope="module")
def runs():
    return pd.concat(driver_lists.one_seed(name, seed) for name in DESIGNS for seed in SEEDS[name])


def test_touchpoints_land_in_their_lists(runs):
    for name, row in driver_lists.in_short(runs).iterrows():
        studies = len(SEEDS[name])
        # Of 18 touchpoints 11 are strong, and 10 drive both or nothing.
        assert row["talk_only_wrong"] * 10 * studies <= most(driver_lists.WRONG, 10 * studies), name
        assert row["strong_wrong"] * 11 * studies <= most(driver_lists.WRONG, 11 * studies), name
        assert (row["events_per_coefficient"] > 10) == DESIGNS[name].suffice
        assert (row["undecided"] > 0.5) != DESIGNS[name].suffice


def test_what_is_not_as_expected_is_named():
    wrong = pd.DataFrame(
        {
            "design": ["many events"] * 4 + ["few events"] * 4,
            "seed": 1,
            "events_per_coefficient": 10.0,
            "role": ["both", "talk only", "neither", "deeds only"] * 2,
            "verdict": ["talk only", "talk only", "neither", "undecided", "both", "talk only", "neither", "both"],
        }
    )
    assert driver_lists.faults(wrong) == [
        "many events: wrongly talk only: 0.500, limit 0.05",
        "many events: strong touchpoints in a wrong list: 0.333, limit 0.05",
        "many events: every strong touchpoint in its list: 0.000, limit 0.9",
        "few events: strong touchpoints in a wrong list: 0.333, limit 0.05",
        "few events: undecided: 0.000, limit 0.5",
    ]
    assert "| many events | 1 | 10 | 0.0% | 33.33% | 50.00% | 25.0% |" in driver_lists.in_words(wrong)
