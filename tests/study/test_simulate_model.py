"""What follows from the parameters is exact: held against independent integrals (scipy)."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from tpm_widgets.study.simulate_catalogue import CATALOGUE, ROLES, choose_touchpoints, role_of
from tpm_widgets.study.simulate_model import (
    Constants,
    Model,
    Settings,
    expected_rate,
    expected_rating,
    make_calendar,
    make_model,
    model_truth,
    rating_chances,
)

EXACT = 1e-9  # quadrature with 41 nodes against adaptive quadrature
SETTINGS = Settings(
    halo=0.15, halo_on_score=0.3, deed_rate=0.2, churn=0.09, churn_by_score=0.2, unknown=0.15, improvement=0.8
)


@pytest.mark.parametrize("halo", [0.0, 0.15, 0.6])
def test_expected_rating_does_not_depend_on_the_halo(halo):
    # Halo and noise add up to N(location, spread): the expectation has a closed form without any halo.
    location, spread = np.array([3.0, 3.9]), np.array([1.2, 1.0])
    cuts = np.array([1.5, 2.5, 3.5, 4.5])
    closed = 1 + norm.sf((cuts - location[:, None]) / spread[:, None]).sum(axis=1)
    np.testing.assert_allclose(expected_rating(rating_chances(location, spread, halo)), closed, atol=EXACT)


def test_expected_rate_is_the_integral_over_the_halo():
    location, spread, halo = np.array([3.0, 3.9]), np.array([1.2, 1.0]), 0.2
    reach, do, never, centre = np.array([0.7, 0.3]), np.array([0.4, -0.2]), np.array([-0.2, 0.1]), np.array([3.1, 3.8])

    def given(h):
        product = 1.0
        for j in range(2):
            middle, own = location[j] + spread[j] * np.sqrt(halo) * h, spread[j] * np.sqrt(1 - halo)
            edges = norm.cdf((np.array([-np.inf, 1.5, 2.5, 3.5, 4.5, np.inf]) - middle) / own)
            rated = sum(p * np.exp(do[j] * (r - centre[j])) for r, p in zip(range(1, 6), np.diff(edges), strict=True))
            product *= reach[j] * rated + (1 - reach[j]) * np.exp(never[j])
        return product * norm.pdf(h)

    integral = quad(given, -9, 9, epsabs=1e-12)[0]
    found = expected_rate(rating_chances(location, spread, halo), centre, reach, do, never)
    assert found == pytest.approx(integral, abs=EXACT)


def test_calendar_of_eight_waves():
    calendar = make_calendar(8)
    dates = [calendar.recording_start + pd.Timedelta(days=int(day)) for day in (calendar.starts[0], calendar.ends[-1])]
    assert [str(date.date()) for date in dates] == ["2023-02-01", "2024-12-12"]
    assert calendar.names == tuple(f"{year}-Q{quarter}" for year in (2023, 2024) for quarter in (1, 2, 3, 4))
    assert str((calendar.recording_start + pd.Timedelta(days=calendar.until)).date()) == "2025-09-30"


@pytest.mark.parametrize("count", [*range(4, 25), 60])
def test_every_number_of_touchpoints_keeps_all_roles(count):
    chosen = choose_touchpoints(count)
    names = [touchpoint.name for touchpoint in chosen]
    assert len(set(names)) == count
    assert {touchpoint.role for touchpoint in chosen} == set(ROLES)
    places = [CATALOGUE.index(touchpoint) for touchpoint in chosen[:18] if touchpoint in CATALOGUE]
    assert places == sorted(places)
    assert all(touchpoint.role == "neither" for touchpoint in chosen[18:])


def test_catalogue_runs_from_the_search_to_the_claim_with_known_roles():
    assert (CATALOGUE[0].name, CATALOGUE[-1].name, len(CATALOGUE)) == ("search", "claim", 18)
    roles = [touchpoint.role for touchpoint in CATALOGUE]
    assert {role: roles.count(role) for role in ROLES} == {"both": 3, "talk only": 4, "deeds only": 4, "neither": 7}
    assert role_of(0.1, 0) == "talk only"
    for touchpoint in CATALOGUE:  # what drives nothing when experienced drives nothing when not
        numbers = touchpoint.numbers
        assert numbers.say or not numbers.say_never
        assert numbers.do or not numbers.do_never


def test_truth_holds_every_parameter():
    calendar = make_calendar(8)
    model = make_model(choose_touchpoints(18), calendar, SETTINGS, None)
    truth = model_truth(model, calendar)
    elsewhere = {"settings", "constants", "names"}
    parameters = {f.name for kind in (Model, Settings, Constants) for f in fields(kind)} - elsewhere
    assert parameters | {"touchpoints"} == set(truth)
    assert set(truth["improvement"]) == {"touchpoint", "wave", "date", "size", "centre"}
    assert truth["say"]["claim"] == 0.5
    assert truth["say_age"] == {"18-34": -0.25, "35-54": 0.0, "55+": 0.2}


def test_own_effects_replace_all_others():
    model = make_model(choose_touchpoints(6), make_calendar(4), SETTINGS, {"app": (0.5, 0.2)})
    assert dict(zip(model.names, model.roles, strict=True)) == {
        "advertising": "neither",
        "reviews": "neither",
        "policy": "neither",
        "app": "both",
        "service_line": "neither",
        "annual_talk": "neither",
    }
    assert np.flatnonzero(model.do_never).size == 0
    assert np.flatnonzero(model.say_never).tolist() == [model.names.index("app")]
