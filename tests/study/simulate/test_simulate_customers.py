"""The draws follow the model: exact where the model is exact, within four standard errors where it is chance."""

import numpy as np
import pytest
import statsmodels.api as sm

from tpm_widgets.study.simulate.companies.insurer import INSURER
from tpm_widgets.study.simulate.customers import LEAD, NO_DAY, draw_market
from tpm_widgets.study.simulate.model import Settings, make_calendar, make_model

STANDARD_ERRORS = 4  # about 100 comparisons on fixed seeds
CALENDAR = make_calendar(8)


def market(customers=60_000, seed=11, effects=None, **changes):
    defaults = {"halo": 0.15, "halo_on_score": 0.3, "deed_rate": 0.2, "churn": 0.09, "churn_by_score": 0.2}
    settings = Settings(**{**defaults, "unknown": 0.15, "improvement": 0.8, **changes})
    model = make_model(INSURER.catalogue, CALENDAR, settings, effects, INSURER)
    return model, *draw_market(np.random.default_rng(seed), model, CALENDAR, customers)


@pytest.fixture(scope="module")
def drawn():
    return market()


def design(people, model):
    """Centred ratings, indicators of never, halo, and the groups."""
    never = people.ratings == 0
    rated = np.where(never, 0, people.ratings - model.centre)
    groups = [people.age == 1, people.age == 2, people.region == 1, people.region == 2, people.region == 3]
    return np.column_stack([np.ones(len(rated)), rated, never, people.halo, *groups]).astype(float)


def random_arrivals(people):
    """Base and other new customers; those won by recommendations come later and from the same model."""
    return people.recommendation < 0


def test_reach_mean_and_common_share_of_the_ratings(drawn):
    model, people, _ = drawn
    experienced = people.ratings > 0
    n = len(experienced)
    error = np.sqrt(model.reach * (1 - model.reach) / n)
    assert np.all(np.abs(experienced.mean(axis=0) - model.reach) < STANDARD_ERRORS * error)
    ratings = np.where(experienced, people.ratings, np.nan)
    error = np.nanstd(ratings, axis=0) / np.sqrt(experienced.sum(axis=0))
    assert np.all(np.abs(np.nanmean(ratings, axis=0) - model.centre) < STANDARD_ERRORS * error)
    # Rounding to five points and cutting take a tenth of the correlation that the latent ratings share.
    both = experienced[:, 8] & experienced[:, 13]
    assert np.corrcoef(ratings[both][:, [8, 13]].T)[0, 1] == pytest.approx(0.15 * 0.92, abs=0.02)


def test_the_indicator_model_is_the_generating_model(drawn):
    model, people, _ = drawn
    X = design(people, model)[:4000]
    score = np.linalg.lstsq(X, people.score[:4000], rcond=None)[0]
    np.testing.assert_allclose(score[1:19], model.say, atol=1e-9)
    np.testing.assert_allclose(score[19:37], model.say_never, atol=1e-9)
    assert score[37] == pytest.approx(0.3, abs=1e-9)
    rate = np.linalg.lstsq(X, np.log(people.rate[:4000]), rcond=None)[0]
    np.testing.assert_allclose(rate[1:19], model.do, atol=1e-9)
    np.testing.assert_allclose(rate[19:37], model.do_never, atol=1e-9)
    assert rate[37] == pytest.approx(0, abs=1e-9)


def test_levels_are_those_asked_for(drawn):
    model, people, _ = drawn
    everybody = random_arrivals(people)
    assert people.score[everybody].mean() == pytest.approx(model.constants.mean_score, abs=0.03)
    assert 365 * people.rate[everybody].mean() == pytest.approx(0.2, abs=0.004)


def test_improvement_moves_ratings_of_those_who_experience_it(drawn):
    model, people, _ = drawn
    column = model.improvement.touchpoint
    before, after = people.ratings[:, column].astype(int), people.improved.astype(int)
    assert np.array_equal(before == 0, after == 0)
    assert np.all(after >= before)
    assert after[after > 0].mean() == pytest.approx(model.improvement.centre, abs=0.02)
    np.testing.assert_allclose(people.score_gain, model.say[column] * (after - before))


def exposure(people, start, end):
    """Days in start … end − 1 on which somebody can recommend."""
    entry = np.maximum(people.acquired + 1, -LEAD)
    return np.clip(np.minimum(people.left, end) - np.maximum(entry, start), 0, None)


def test_recommendations_are_poisson_in_exposure(drawn):
    model, people, deeds = drawn
    change = model.improvement.day
    expected = people.rate * exposure(people, 0, change)
    expected += people.rate * people.rate_gain * exposure(people, change, CALENDAR.until + 1)
    made = np.bincount(deeds.referrer[deeds.day >= 0], minlength=len(expected))
    assert abs(made.sum() - expected.sum()) < STANDARD_ERRORS * np.sqrt(expected.sum())
    # Given the expectation the count is Poisson: Pearson's statistic has mean 1 a customer.
    some = expected > 0.02
    pearson = ((made - expected)[some] ** 2 / expected[some]).mean()
    assert pearson == pytest.approx(1, abs=STANDARD_ERRORS * np.sqrt((2 + 1 / 0.02) / some.sum()))


def test_nobody_recommends_outside_his_life_as_a_customer(drawn):
    _, people, deeds = drawn
    assert np.all(deeds.day > people.acquired[deeds.referrer])
    assert np.all(deeds.day < people.left[deeds.referrer])
    assert np.all(deeds.day <= CALENDAR.until)


def test_days_of_recommendations_are_even_over_exposure(drawn):
    model, people, deeds = drawn
    whole = (people.acquired < -LEAD) & (people.left > CALENDAR.until)
    days = deeds.day[whole[deeds.referrer] & (deeds.day >= 0) & (deeds.day < model.improvement.day)]
    half = model.improvement.day / 2
    assert abs((days < half).mean() - 0.5) < STANDARD_ERRORS * 0.5 / np.sqrt(len(days))


def test_conversions_by_perspective_and_their_order(drawn):
    model, people, deeds = drawn
    contacted, converted = deeds.contacted != NO_DAY, deeds.converted != NO_DAY
    assert np.all(deeds.consent[contacted])
    assert np.all(contacted[converted])
    assert np.all(deeds.contacted[contacted] > deeds.day[contacted])
    assert np.all(deeds.converted[converted] > deeds.contacted[converted])
    # Followed up long enough for the delays to be over.
    old = contacted & (deeds.day >= 0) & (deeds.day < CALENDAR.until - 365)
    for position, share in enumerate(model.constants.conversion.values()):
        trials = old & (deeds.perspective == position)
        error = np.sqrt(share * (1 - share) / trials.sum())
        assert abs(converted[trials].mean() - share) < STANDARD_ERRORS * error
    won = people.recommendation >= 0
    assert np.array_equal(people.acquired[won], deeds.converted[people.recommendation[won]])
    assert np.unique(people.recommendation[won]).size == won.sum() == (deeds.converted >= 0).sum()
    assert not np.any(deeds.referrer[people.recommendation[won]] == np.flatnonzero(won))


def test_customers_who_were_won_recommend_in_their_turn(drawn):
    _, people, deeds = drawn
    second = people.recommendation[deeds.referrer] >= 0
    assert second.sum() > 100


def test_leaving_follows_the_hazard():
    model, people, _ = market(improvement=0.0)
    entry = np.maximum(people.acquired, 0)
    days = np.minimum(people.left, CALENDAR.until + 1) - entry
    gone = people.left <= CALENDAR.until
    fit = sm.GLM(
        gone.astype(float),
        sm.add_constant(people.score - model.constants.mean_score),
        family=sm.families.Poisson(),
        offset=np.log(np.maximum(days, 0.5) / 365),
    ).fit()
    # Days are rounded up to whole ones: nothing against these standard errors.
    truth = np.array([np.log(0.09), -0.2])
    assert np.all(np.abs(fit.params - truth) < STANDARD_ERRORS * fit.bse)


def test_leaving_slows_down_after_the_improvement(drawn):
    model, people, _ = drawn
    change = model.improvement.day
    base = people.acquired < 0
    hazard = model.settings.churn / 365 * np.exp(-0.2 * (people.score - model.constants.mean_score))
    for gain, start, end in ((0.0, 0, change), (people.score_gain, change, CALENDAR.until)):
        at_risk = base & (people.left > start)
        days = np.clip(np.minimum(people.left, end) - start, 0, None)[at_risk]
        expected = ((hazard * np.exp(-0.2 * gain))[at_risk] * days).sum()
        gone = (at_risk & (people.left <= end)).sum()
        assert abs(gone - expected) < STANDARD_ERRORS * np.sqrt(expected)


def test_equal_deeds_and_unequal_churn_can_be_had():
    effects = {"website": (1.0, 0.0)}
    model, people, deeds = market(effects=effects, churn=0.3, churn_by_score=0.6, improvement=0.0)
    low = people.score < np.median(people.score)
    made = np.bincount(deeds.referrer[deeds.day >= 0], minlength=len(low))
    days = exposure(people, 0, CALENDAR.until + 1)
    grown_up = np.isin(people.age, [1])  # age moves both; within an age group nothing else moves the deeds
    np.testing.assert_allclose(people.rate[grown_up], model.daily_rate)
    rates, exposed = [], []
    for group in (low & grown_up, ~low & grown_up):
        rates.append(made[group].sum() / days[group].sum())
        exposed.append(days[group].mean())
    events = min(made[low & grown_up].sum(), made[~low & grown_up].sum())
    assert rates[0] / rates[1] == pytest.approx(1, abs=STANDARD_ERRORS * np.sqrt(2 / events))
    assert exposed[0] < 0.8 * exposed[1]
