"""What follows from the parameters is exact: held against independent integrals (scipy)."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from tpm_widgets.study.simulate.companies.hotels import HOTELS
from tpm_widgets.study.simulate.companies.insurer import INSURER
from tpm_widgets.study.simulate.companies.profile import ROLES, Constants, choose_touchpoints, role_of
from tpm_widgets.study.simulate.model import (
    Model,
    Settings,
    expected_rate,
    expected_rating,
    make_calendar,
    make_model,
    model_truth,
    rating_chances,
)
from tpm_widgets.study.simulate.simulate import PROFILES

CATALOGUE = INSURER.catalogue
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
    chosen = choose_touchpoints(CATALOGUE, count)
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


@pytest.mark.parametrize("company", PROFILES)
def test_every_company_has_all_roles_and_words(company):
    profile = PROFILES[company]
    assert {touchpoint.role for touchpoint in profile.catalogue} == set(ROLES)
    names = [touchpoint.name for touchpoint in profile.catalogue]
    assert len(set(names)) == len(names)
    improved = next(touchpoint for touchpoint in profile.catalogue if touchpoint.name == profile.improved)
    assert improved.role == "both"
    for touchpoint in profile.catalogue:  # what drives nothing when experienced drives nothing when not
        numbers = touchpoint.numbers
        assert numbers.say or not numbers.say_never
        assert numbers.do or not numbers.do_never
    assert {measure.touchpoint for measure in profile.measures} <= set(names)
    assert len({len(several) for several in profile.comments}) == 1
    shares = profile.constants
    for groups in (shares.region_share, shares.age_share, shares.product_share, shares.segment_share):
        assert sum(groups.values()) == pytest.approx(1)
    assert len(profile.premiums) == len(shares.segment_share)


def test_truth_holds_every_parameter():
    calendar = make_calendar(8)
    model = make_model(CATALOGUE, calendar, SETTINGS, None, INSURER)
    truth = model_truth(model, calendar)
    elsewhere = {"settings", "constants", "profile", "names"}
    parameters = {f.name for kind in (Model, Settings, Constants) for f in fields(kind)} - elsewhere
    houses = {"house_share", "house_region", "say_house", "do_house"}
    assert (parameters | {"touchpoints"}) - houses == set(truth)
    truth_of_houses = model_truth(make_model(HOTELS.catalogue, calendar, SETTINGS, None, HOTELS), calendar)
    assert set(truth_of_houses) - set(truth) == houses | {"house_relation"}
    assert set(truth["improvement"]) == {"touchpoint", "wave", "date", "size", "centre"}
    assert truth["say"]["claim"] == 0.5
    assert truth["say_age"] == {"18-34": -0.25, "35-54": 0.0, "55+": 0.2}


def test_a_continuous_wave_lasts_its_whole_quarter():
    calendar = make_calendar(3, continuous=True)
    assert calendar.starts.tolist() == [0, 90, 181]
    assert calendar.ends.tolist() == [89, 180, 272]


def test_houses_leave_the_mean_answer_and_the_mean_rate_as_they_are():
    model = make_model(HOTELS.catalogue, make_calendar(4), SETTINGS, None, HOTELS)
    constants = HOTELS.constants
    share = np.array(list(constants.house_share.values()))
    assert share.sum() == pytest.approx(1)
    never = model.say_never @ (1 - model.reach)
    age = np.dot(constants.say_age, list(constants.age_share.values()))
    mean = model.intercept + never + age + share @ constants.say_house
    assert mean == pytest.approx(constants.mean_score, abs=1e-12)
    without = replace(HOTELS, constants=replace(constants, house_share={}, house_region={}, say_house=(), do_house=()))
    alone = make_model(HOTELS.catalogue, make_calendar(4), SETTINGS, None, without)
    factor = share @ np.exp(constants.do_house)
    assert model.daily_rate * factor == pytest.approx(alone.daily_rate, rel=1e-12)


def test_relation_of_the_houses_is_the_one_that_is_stated():
    truth = model_truth(make_model(HOTELS.catalogue, make_calendar(4), SETTINGS, None, HOTELS), make_calendar(4))
    say, rate = np.array(list(truth["say_house"].values())), np.exp(list(truth["do_house"].values()))
    assert truth["house_relation"]["pearson"] == pytest.approx(np.corrcoef(say, rate)[0, 1])
    ranks = pd.DataFrame({"say": say, "rate": rate}).rank()
    assert truth["house_relation"]["spearman"] == pytest.approx(np.corrcoef(ranks["say"], ranks["rate"])[0, 1])
    assert 0.5 < truth["house_relation"]["spearman"] < 0.7  # moderate: neither none nor nearly the same
    assert 12 <= len(say) <= 16
    for house, region in truth["house_region"].items():
        assert region in truth["region_share"], house


def test_own_effects_replace_all_others():
    model = make_model(choose_touchpoints(CATALOGUE, 6), make_calendar(4), SETTINGS, {"app": (0.5, 0.2)}, INSURER)
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
