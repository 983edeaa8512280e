"""The study that comes out: exact counts, the same for the same seed, without faults, and its truth can be found."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm

import tpm_widgets as tpm
from tpm_widgets.study.model import OTHER_TABLES
from tpm_widgets.study.simulate.sample_files import write_sample

STANDARD_ERRORS = 4
FRAMES = ("survey", "ratings", "experienced", *OTHER_TABLES)


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=7, respondents=30_000)


@pytest.fixture(scope="module")
def small():
    return tpm.simulate_study(seed=7, respondents=300, touchpoints=7, waves=5)


def days(dates, study):
    return (dates - study.period.recording_start).dt.days.to_numpy()


@pytest.mark.parametrize(("respondents", "touchpoints", "waves"), [(1, 4, 1), (300, 7, 5), (101, 18, 8), (90, 23, 12)])
def test_counts_are_exact(respondents, touchpoints, waves):
    study = tpm.simulate_study(respondents=respondents, touchpoints=touchpoints, waves=waves)
    assert len(study.survey) == respondents
    assert study.ratings.shape == (respondents, touchpoints) == study.experienced.shape
    assert len(study.waves) == waves == study.survey["wave"].nunique()
    assert study.survey["wave"].value_counts().agg(["min", "max"]).diff().iloc[-1] <= 1
    assert study.touchpoint_names == study.truth["touchpoints"] == study.touchpoints["touchpoint"].to_list()


def test_same_seed_same_study_and_no_other_state(small):
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - to show that it is left alone
    again = tpm.simulate_study(seed=7, respondents=300, touchpoints=7, waves=5)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(small, name), getattr(again, name))
    assert again.truth == small.truth
    assert tpm.simulate_study(seed=8, respondents=300, touchpoints=7, waves=5).data_hash != small.data_hash


def test_effects_are_not_changed():
    effects = {"app": (0.5, 0.1)}
    tpm.simulate_study(respondents=50, touchpoints=6, effects=effects)
    assert effects == {"app": (0.5, 0.1)}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"unknown": 1.0, "improvement": 0},
        {"touchpoints": 20, "waves": 1},
        {"company": "hotels"},
        {"company": "software", "waves": 1},
    ],
)
def test_files_give_the_same_study_back(tmp_path, options):
    drawn = tpm.simulate_study(**{"seed": 5, "respondents": 150, "touchpoints": 8, "waves": 3, **options})
    write_sample(drawn, tmp_path / "drawn", options.get("company", "insurer"))
    loaded = tpm.load_study(tmp_path / "drawn")
    assert loaded.problems.empty, loaded.problems.to_string()
    for name in FRAMES:
        if getattr(drawn, name) is None:
            assert getattr(loaded, name) is None, name
        else:
            pd.testing.assert_frame_equal(getattr(loaded, name), getattr(drawn, name), obj=name)
    assert loaded.data_hash == drawn.data_hash
    for name in ("name", "title", "segments", "period", "linkage", "rating_scales", "recommend_scale", "min_group"):
        assert getattr(loaded, name) == getattr(drawn, name), name


def test_truth_is_complete_and_can_be_written(small):
    truth = json.loads(json.dumps(small.truth))
    assert truth == small.truth
    assert (truth["seed"], truth["respondents"], len(truth["waves"])) == (7, 300, 5)
    assert truth["customers"] == len(small.customers)
    new = small.customers["acquired"] >= small.period.recording_start
    assert sum(truth["new_customers"].values()) == new.sum()


def test_every_answer_comes_from_a_customer_in_the_weeks_of_its_wave(study):
    answers = study.survey.merge(study.customers, on="customer").merge(study.waves, on="wave")
    assert len(answers) == len(study.survey)
    assert (answers["acquired"] < answers["date"]).all()
    assert (answers["left"].isna() | (answers["left"] > answers["date"])).all()
    assert answers["date"].between(answers["start"], answers["end"]).all()
    assert not study.survey.duplicated(["respondent", "wave"]).any()
    assert study.survey.groupby("respondent")["customer"].nunique().max() == 1
    assert 0.02 < study.survey["customer"].duplicated().mean() < 0.25  # some answer again, few


def test_tables_refer_to_each_other(study):
    customers = study.customers.set_index("customer")
    referrals = study.referrals.merge(study.customers, left_on="referrer", right_on="customer")
    assert len(referrals) == len(study.referrals)
    assert (referrals["date"] > referrals["acquired"]).all()
    assert (referrals["left"].isna() | (referrals["date"] < referrals["left"])).all()
    assert not (study.referrals["referrer"] == study.referrals["new_customer"]).any()
    won = study.referrals.dropna(subset="new_customer")
    assert not won["new_customer"].duplicated().any()
    listed = customers.loc[won["new_customer"]]
    assert (listed["acquired"].to_numpy() == won["converted"].to_numpy()).all()
    assert (listed["recommended_by"].to_numpy() == won["referrer"].to_numpy()).all()
    assert (listed["source"] == "recommendation").all()
    assert (study.referrals["consent"] | study.referrals["contacted"].isna()).all()
    assert (study.referrals["consent_date"].notna() == study.referrals["consent"]).all()
    for name in ("incidents", "revenue"):
        assert getattr(study, name)["customer"].isin(customers.index).all()
    for name in ("incidents", "actions", "reviews"):
        assert getattr(study, name)["touchpoint"].dropna().isin(study.touchpoint_names).all()


def test_nothing_happens_after_the_end_of_observation(study):
    for name in ("survey", "customers", "referrals", "incidents", "reviews"):
        dates = getattr(study, name).select_dtypes("datetime")
        assert (dates.max() <= study.period.observed_until).all(), name
    dates = study.incidents[["date", "complained", "registered", "acknowledged", "resolved"]]
    assert (dates.ffill(axis=1).diff(axis=1).iloc[:, 1:] >= pd.Timedelta(0)).all(axis=None)


def test_level_of_saying_doing_and_referral_rate(study):
    shares = pd.cut(study.survey["recommend"], [-1, 6, 8, 10]).value_counts(normalize=True, sort=False)
    assert (shares > 0.1).all()
    assert 0.2 < shares.iloc[2] - shares.iloc[0] < 0.4
    new = study.customers[study.customers["acquired"] >= study.period.recording_start]
    known = new["source"] != "unknown"
    really = study.truth["new_customers"]["recommendation"] / len(new)
    found = (new["source"][known] == "recommendation").mean()
    assert abs(found - really) < STANDARD_ERRORS * np.sqrt(really * (1 - really) / known.sum())
    assert 0.25 < found < 0.35
    assert abs(known.mean() - 0.85) < STANDARD_ERRORS * np.sqrt(0.15 * 0.85 / len(new))
    base = study.customers["acquired"] < study.period.recording_start
    assert (study.customers["source"][base] == "unknown").all()


def test_unknown_sources_are_unknown_at_random(study):
    # Those won by a recorded recommendation can be counted whether their source is known or not.
    won = study.referrals[study.referrals["converted"].notna()]
    unknown = won["new_customer"].isna().mean()
    assert abs(unknown - 0.15) < STANDARD_ERRORS * np.sqrt(0.15 * 0.85 / len(won))


def test_weights_give_region_and_age_their_share_of_the_customers(study):
    assert np.allclose(study.survey.groupby("wave", observed=True)["weight"].mean(), 1, atol=1e-3)
    weighted = study.survey.groupby("age_group")["weight"].sum() / study.survey["weight"].sum()
    for group, share in study.truth["age_share"].items():
        assert weighted[group] == pytest.approx(share, abs=0.015)
    plain = study.survey["age_group"].value_counts(normalize=True)
    assert plain["18-34"] < weighted["18-34"] - 0.05  # the young answer less: the weights matter


def follow_up(study, window=365):
    """Recommendations in the window after each answer, and the days in it on which they could be made."""
    position = pd.Series(range(len(study.customers)), study.customers["customer"])
    who, day = position[study.survey["customer"]].to_numpy(), days(study.survey["date"], study)
    span = 100_000
    key = np.sort(position[study.referrals["referrer"]].to_numpy() * span + days(study.referrals["date"], study))
    made = np.searchsorted(key, who * span + day + window + 1) - np.searchsorted(key, who * span + day + 1)
    last = study.period.observed_until + pd.Timedelta(days=1)
    end = days(study.customers["left"].fillna(last), study)[who]
    return made, np.minimum(day + window + 1, end) - day - 1


def indicator_design(study):
    centre = pd.Series(study.truth["centre"])
    never = (~study.experienced).fillna(False).astype(float).add_suffix("_never")
    return sm.add_constant(pd.concat([(study.ratings - centre).fillna(0), never], axis=1))


def test_most_do_not_recommend_within_a_year(study):
    made, _ = follow_up(study)
    assert 0.15 < (made > 0).mean() < 0.20


def test_deeds_give_their_effects_back():
    study = tpm.simulate_study(seed=9, respondents=20_000, improvement=0)
    made, exposed = follow_up(study)
    at_risk = exposed > 0
    groups = pd.get_dummies(study.survey["age_group"], drop_first=True, dtype=float)
    X = pd.concat([indicator_design(study), groups], axis=1)[at_risk]
    fit = sm.GLM(made[at_risk], X, family=sm.families.Poisson(), offset=np.log(exposed[at_risk])).fit()
    names = study.touchpoint_names
    truth = np.array([*study.truth["do"].values(), *study.truth["do_never"].values()])
    found, error = fit.params.iloc[1:37].to_numpy(), fit.bse.iloc[1:37].to_numpy()
    # Ratings left out (3 %) and repeated answers cost a little: 1.1 for the standard errors.
    assert np.all(np.abs(found[:18] - 0.97 * truth[:18]) < STANDARD_ERRORS * 1.1 * error[:18] + 0.01)
    assert np.all(np.abs(found[18:] - truth[18:]) < STANDARD_ERRORS * 1.1 * error[18:] + 0.02)
    roles = pd.Series(study.truth["roles"])
    assert all(fit.pvalues[name] < 1e-6 for name in names if roles[name] in ("both", "deeds only"))


def test_answers_give_their_effects_back_shrunk_by_the_cut_at_ten():
    study = tpm.simulate_study(seed=9, respondents=20_000, improvement=0, halo=0, halo_on_score=0)
    groups = pd.get_dummies(study.survey[["age_group", "region"]], drop_first=True, dtype=float)
    fit = sm.OLS(study.survey["recommend"], pd.concat([indicator_design(study), groups], axis=1)).fit()
    truth = np.array(list(study.truth["say"].values()))
    found, error = fit.params.iloc[1:19].to_numpy(), fit.bse.iloc[1:19].to_numpy()
    # A cut latent answer passes on the share of its slope that lies within the scale (Stein's lemma).
    spread = np.sqrt(fit.fittedvalues.var() / 0.87**2 + study.truth["noise"] ** 2)
    within = np.diff(norm.cdf((np.array([-0.5, 10.5]) - study.truth["mean_score"]) / spread)).item()
    assert np.all(np.abs(found - within * truth) < STANDARD_ERRORS * error + 0.02)
    assert 0.8 < within < 0.95
    promoter = sm.OLS((study.survey["recommend"] >= 9).astype(float), fit.model.exog).fit()
    slope = np.array(list(study.truth["promoter_effect"].values()))
    assert np.all(np.abs(promoter.params.iloc[1:19] - slope) < STANDARD_ERRORS * promoter.bse.iloc[1:19] + 0.003)


def test_own_effects_make_their_own_study():
    study = tpm.simulate_study(seed=3, respondents=4_000, touchpoints=6, effects={"app": (0.9, 0.0)}, improvement=0)
    correlation = study.ratings.corrwith(study.survey["recommend"])
    assert correlation.idxmax() == "app"
    assert study.truth["roles"] == {name: "talk only" if name == "app" else "neither" for name in study.ratings}


def test_reported_recommendations_are_not_the_recorded_ones(study):
    made, _ = follow_up(study)
    reported = study.survey["recommended_12m"].astype(bool).to_numpy()
    did = made > 0
    assert 0.1 < reported[~did].mean() < reported[did].mean() < 0.9


def test_the_improvement_shows_from_its_wave_on(study):
    change = study.truth["improvement"]
    late = study.survey["wave"] >= change["wave"]
    rating = study.ratings[change["touchpoint"]]
    expected = change["centre"] - study.truth["centre"][change["touchpoint"]]
    error = np.hypot(*(rating[part].std() / np.sqrt(rating[part].count()) for part in (late, ~late)))
    assert abs(rating[late].mean() - rating[~late].mean() - expected) < STANDARD_ERRORS * error
    done = study.actions[study.actions["status"] == "done"]
    assert done["touchpoint"].to_list() == [change["touchpoint"]]
    assert done["due"].item() == pd.Timestamp(change["date"])


@pytest.fixture(scope="module")
def hotels():
    return tpm.simulate_study(seed=7, respondents=10_000, touchpoints=14, waves=6, company="hotels")


def test_unlinked_study_holds_nothing_that_ties_an_answer_to_a_person(hotels):
    assert hotels.linkage == {"permitted": False, "basis": "anonymity was promised"}
    assert not {"customer", "respondent"} & set(hotels.survey)
    tables = ["touchpoints", "customers", "referrals", "actions", "goals", "waves"]
    assert [name for name in OTHER_TABLES if getattr(hotels, name) is not None] == tables
    assert set(hotels.survey["house"]) == set(hotels.customers["house"]) == set(hotels.truth["say_house"])
    for table in (hotels.survey, hotels.customers):
        assert (table["region"] == table["house"].map(hotels.truth["house_region"])).all()
    assert "house" in hotels.segments


def test_answers_of_an_unlinked_study_come_on_all_days(hotels):
    asked = hotels.survey["date"].drop_duplicates()
    assert len(asked) == (pd.Timestamp(2024, 6, 30) - pd.Timestamp(2023, 1, 1)).days + 1
    quarter = hotels.survey["date"].dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    assert (quarter == hotels.survey["wave"].astype(str)).all()


def test_houses_give_their_effects_back(hotels):
    truth, share = hotels.truth, pd.Series(hotels.truth["house_share"])
    house = hotels.customers.set_index("customer")["house"]
    made = house[hotels.referrals["referrer"]].value_counts()
    until = hotels.period.observed_until + pd.Timedelta(days=1)
    there = hotels.customers["left"].fillna(until)
    there -= hotels.customers["acquired"].clip(lower=hotels.period.recording_start)
    log_rate = np.log(made / there.dt.days.groupby(hotels.customers["house"]).sum())
    # Customers of one house differ too, so that counts vary more than Poisson's: about twice.
    error = np.sqrt(2 / made)
    distance = log_rate - pd.Series(truth["do_house"])
    error, share = error.loc[distance.index], share.loc[distance.index]
    assert np.all(np.abs(distance - (distance * share).sum()) < STANDARD_ERRORS * error)

    answer = hotels.survey.groupby("house")["recommend"]
    distance = answer.mean() - 0.9 * pd.Series(truth["say_house"])  # the cut at 10 shrinks
    assert np.all(
        np.abs(distance - (distance * share).sum()) < STANDARD_ERRORS * answer.sem().loc[distance.index] + 0.05
    )


def test_reported_study_holds_the_survey_only():
    software = tpm.simulate_study(seed=7, respondents=20_000, touchpoints=12, waves=4, company="software")
    assert [name for name in OTHER_TABLES if getattr(software, name) is not None] == ["touchpoints"]
    assert "customer" not in software.survey
    assert software.period.recording_start is None
    assert software.linkage == {"permitted": False, "basis": "what customers do is not recorded"}
    truth = software.truth
    assert list(truth["recommended_12m"]) == ["detractor", "passive", "promoter"]
    kinds = pd.cut(software.survey["recommend"], [-1, 6, 8, 10], labels=list(truth["recommended_12m"]))
    reported = software.survey["recommended_12m"].astype(float).groupby(kinds, observed=True)
    for kind, did in truth["recommended_12m"].items():
        expected = did * truth["recall"] + (1 - did) * truth["false_recall"]
        error = np.sqrt(expected * (1 - expected) / reported.size()[kind])
        assert abs(reported.mean()[kind] - expected) < STANDARD_ERRORS * error


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"company": "bank"}, ValueError, "company must be one of 'insurer', 'hotels', 'software'; got 'bank'."),
        ({"seed": -1}, ValueError, "seed must be at least 0; got -1."),
        ({"seed": 1.5}, TypeError, "seed must be a whole number; got 1.5."),
        ({"respondents": 0}, ValueError, "respondents must be at least 1; got 0."),
        ({"respondents": True}, TypeError, "respondents must be a whole number; got True."),
        ({"touchpoints": 3}, ValueError, "touchpoints must be at least 4; got 3."),
        ({"waves": 0}, ValueError, "waves must be at least 1; got 0."),
        ({"respondents": 5}, ValueError, "respondents must be at least one per wave; got 5 for 8 waves."),
        ({"customers": 0}, ValueError, "customers must be at least 1; got 0."),
        (
            {"respondents": 80, "customers": 10},
            ValueError,
            "customers must be more: wave 2023-Q1 needs 10 of them to answer, and 7 can.",
        ),
        ({"halo": 1}, ValueError, "halo must be between 0 and 0.99; got 1."),
        ({"halo_on_score": "much"}, TypeError, "halo_on_score must be a number; got 'much'."),
        ({"deed_rate": -0.1}, ValueError, "deed_rate must be between 0 and 5; got -0.1."),
        ({"churn": 11}, ValueError, "churn must be between 0 and 10; got 11."),
        ({"churn_by_score": 3}, ValueError, "churn_by_score must be between -2 and 2; got 3."),
        ({"unknown": 1.2}, ValueError, "unknown must be between 0 and 1; got 1.2."),
        ({"improvement": float("nan")}, ValueError, "improvement must be between -4 and 4; got nan."),
        (
            {"touchpoints": 4, "effects": {"till": (1, 0)}},
            ValueError,
            "effects names 'till', which is no touchpoint of this study; "
            "it has reviews, app, service_line, annual_talk.",
        ),
        (
            {"effects": {"app": 0.5}},
            TypeError,
            "effects['app'] must be two numbers, on saying and on doing; got 0.5.",
        ),
        ({"effects": {"app": (9, 0)}}, ValueError, "effects['app'] on saying must be between -5 and 5; got 9."),
    ],
)
def test_wrong_arguments_are_refused_in_words(options, error, message):
    with pytest.raises(error) as refusal:
        tpm.simulate_study(**options)
    assert str(refusal.value) == message
