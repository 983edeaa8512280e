"""Driver regressions of ordered scores, counts with exposure, leaving and buying again; and the three policies."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit

EXACT = 1e-9  # the same maximum or the same normal equations on both sides
NAMES = ["shop", "mail", "app"]


def company(n=700, seed=3, reach=0.75, effects=(0.5, 0.2, 0.0), columns=()):
    """Answers of customers, some of them twice, and what they did: ratings move recommending, leaving, buying."""
    rng = np.random.default_rng(seed)
    customer = np.sort(rng.integers(0, int(n * 0.8), n))
    mood = rng.normal(size=int(n * 0.8))[customer, None]
    ratings = pd.DataFrame(np.clip(np.round(3.5 + rng.normal(size=(n, 3)) + 0.4 * mood), 1, 5), columns=NAMES)
    ratings = ratings.mask(rng.random(ratings.shape) > reach)
    pull = (ratings - 3.5).fillna(0).to_numpy() @ np.array(effects)
    date = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 600, n), unit="D")
    survey = ratings.assign(
        customer=[f"c{one}" for one in customer],
        date=date,
        score=np.clip(np.round(7 + 2 * pull + rng.logistic(size=n)), 0, 10),
        w=rng.uniform(0.5, 2, n),
    ).drop_duplicates(["customer", "date"], ignore_index=True)
    people = survey.groupby("customer", as_index=False).agg(date=("date", "max"))
    mean = pd.Series(pull[: len(survey)]).groupby(survey["customer"]).mean().reindex(people["customer"]).to_numpy()
    leaving = rng.exponential(900 * np.exp(mean))
    customers = pd.DataFrame(
        {
            "customer": people["customer"],
            "acquired": pd.Timestamp("2020-01-01"),
            "left": (people["date"] + pd.to_timedelta(np.round(leaving) + 1, unit="D")).where(leaving < 900),
            "bought_again": np.where(rng.random(len(people)) < 0.2, None, rng.random(len(people)) < 0.4 + 0.2 * mean),
        }
    )
    times = rng.poisson(2 * np.exp(mean))
    made = [
        (name, pd.Timestamp("2023-01-01") + pd.Timedelta(days=int(day)), day % 3 == 0)
        for name, count in zip(people["customer"], times, strict=True)
        for day in rng.integers(1, 1000, count)
    ]
    referrals = pd.DataFrame(made, columns=["referrer", "date", "won"])
    referrals["converted"] = referrals["date"].where(referrals.pop("won"))
    return survey, customers, referrals


def study_of(survey, customers=None, referrals=None, **options):
    return tpm.make_study(
        survey=survey,
        recommend="score",
        touchpoints=NAMES,
        rating_scale=(1, 5),
        customer="customer",
        date="date",
        customers=customers,
        referrals=referrals,
        recording_start="2023-01-01",
        observed_until="2025-12-31",
        **options,
    )


@pytest.fixture(scope="module")
def tables():
    return company()


@pytest.fixture(scope="module")
def study(tables):
    return study_of(*tables)


@pytest.fixture(scope="module")
def weighted(tables):
    return study_of(*tables, weight="w")


def columns_of(survey, weights=None):
    """The design by hand: centred ratings, 0 and an indicator where not rated."""
    weights = np.ones(len(survey)) if weights is None else weights
    parts = {"constant": np.ones(len(survey))}
    for name in NAMES:
        rated = survey[name].notna()
        center = np.average(survey.loc[rated, name], weights=weights[rated])
        parts[name] = (survey[name] - center).fillna(0)
        parts[f"{name} (not rated)"] = (~rated).astype(float)
    return pd.DataFrame(parts)


def test_an_ordered_logit_of_the_score(study, tables):
    survey = tables[0]
    drivers = tpm.driver_regression(study, model="ordered_logit")
    design = columns_of(survey)
    fit = fit_ordered_logit(
        survey["score"].to_numpy(), design.to_numpy(), list(design), None, pd.factorize(survey["customer"])[0]
    )
    assert (drivers.model, drivers.fit.kind, drivers.events, drivers.n) == ("ordered_logit", "ordered_logit", None, 700)
    assert drivers.table["estimate"].tolist() == pytest.approx(fit.params[[1, 3, 5]].tolist(), abs=EXACT)
    errors = np.sqrt(np.diag(fit.cov))[[1, 3, 5]]
    assert drivers.table["std_error"].tolist() == pytest.approx(errors.tolist(), abs=EXACT)
    assert drivers.thresholds["estimate"].tolist() == pytest.approx(fit.thresholds.tolist(), abs=EXACT)
    assert drivers.thresholds["term"].iloc[-1] == "9|10"
    assert list(drivers.thresholds.columns) == ["term", "estimate", "std_error", "conf_low", "conf_high"]
    assert np.isnan(drivers.intercept)
    assert "constant" not in drivers.terms["part"].tolist()
    rated = survey["shop"].notna().to_numpy()
    moved = design[rated].assign(shop=design.loc[rated, "shop"] + 1e-6).to_numpy()
    change = (fit.predict(moved) - fit.predict(design[rated].to_numpy())).mean() / 1e-6
    assert drivers.effects["estimate"][0] == pytest.approx(change, rel=1e-5)
    linear = tpm.driver_regression(study)
    assert drivers.table["importance"].tolist() == linear.table["importance"].tolist()
    assert drivers.effects["estimate"].tolist() == pytest.approx(linear.effects["estimate"].tolist(), abs=0.25)
    assert "points of the score" in drivers.summary("en")
    assert "ordered logistic regression" in drivers.summary("en")
    assert "the same factor at every step of the score" in " ".join(map(str, drivers.caveats))


@pytest.mark.parametrize(("outcome", "column"), [("referrals", "events"), ("referrals_won", "wins")])
def test_counts_with_their_time_as_exposure(weighted, tables, outcome, column):
    survey = tables[0]
    answers = Observed(weighted, "say_do").answers().answers
    used = survey.loc[answers.index]
    counts, years, w = answers[column].to_numpy(float), answers["days"] / 365.25, used["w"].to_numpy()
    drivers = tpm.driver_regression(weighted, outcome=outcome)
    design = columns_of(used, w)
    other = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(years), freq_weights=w).fit(tol=1e-12)
    assert (drivers.model, drivers.fit.kind, drivers.n) == ("poisson", "log", len(answers))
    assert drivers.events == counts.sum()
    assert drivers.dispersion == 0
    assert drivers.table["estimate"].tolist() == pytest.approx(other.params[NAMES].tolist(), abs=EXACT)
    assert drivers.intercept == pytest.approx(other.params["constant"], abs=EXACT)
    rated = used["shop"].notna().to_numpy()
    rate = np.exp(design[rated] @ other.params)
    expected = 100 * other.params["shop"] * np.average(rate, weights=(w * years)[rated])
    assert drivers.effects["estimate"][0] == pytest.approx(expected, rel=1e-8)
    linear = sm.WLS(counts / years, design, weights=w * years).fit()
    assert drivers.r_squared == pytest.approx(linear.rsquared, abs=EXACT)
    assert drivers.table["importance"].sum() == pytest.approx(drivers.r_squared, abs=EXACT)
    assert "per 100 customer-years" in drivers.summary("en")
    shares = tpm.relative_importance(drivers).table["importance"]
    assert shares.tolist() == pytest.approx(drivers.table["importance"].tolist(), abs=EXACT)


def test_counts_use_answers_that_were_not_followed_to_the_end(study):
    assert tpm.driver_regression(study, outcome="referrals").n > tpm.driver_regression(study, outcome="referred").n


def test_a_negative_binomial_estimates_its_dispersion(study):
    plain = tpm.driver_regression(study, outcome="referrals")
    drivers = tpm.driver_regression(study, outcome="referrals", model="negative_binomial")
    other = sm.NegativeBinomial(
        drivers.observed * drivers.fit.exposure, drivers.design.matrix, exposure=drivers.fit.exposure
    ).fit(start_params=[*plain.fit.params, 0.5], disp=0, maxiter=500)
    assert drivers.dispersion == pytest.approx(other.params[-1], abs=1e-4)
    assert drivers.fit.params == pytest.approx(other.params[:-1], abs=1e-4)
    assert drivers.r_squared == plain.r_squared
    assert f"dispersion {drivers.dispersion:.2f}" in drivers.summary("en")


def test_who_left_and_who_bought_again(study, tables):
    left = tpm.driver_regression(study, outcome="left")
    assert (left.model, left.fit.kind) == ("logit", "logit")
    assert left.table["estimate"][0] < 0
    assert 0 < left.events < left.n
    survey, customers, _ = tables
    again = tpm.driver_regression(study, outcome="bought_again")
    flags = survey["customer"].map(customers.set_index("customer")["bought_again"])
    known = flags.notna().to_numpy()
    assert (again.n, again.events) == (known.sum(), flags.sum())
    design = columns_of(survey[known])
    other = sm.Logit(flags[known].astype(float).to_numpy(), design).fit(disp=0, tol=1e-12)
    assert again.table["estimate"].tolist() == pytest.approx(other.params[NAMES].tolist(), abs=1e-7)
    said = " ".join(map(str, again.caveats))
    assert "Whether a customer bought again has no date" in said
    assert "the probability of buying again" in again.summary("en")


def test_leaving_needs_no_recommendations(tables):
    survey, customers, _ = tables
    assert tpm.driver_regression(study_of(survey, customers), outcome="left").n > 0


@pytest.mark.parametrize(("outcome", "role"), [("left", "left"), ("bought_again", "bought_again")])
def test_an_absent_role_is_refused_in_words(tables, outcome, role):
    survey, customers, referrals = tables
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study_of(survey, customers.drop(columns=role), referrals), outcome=outcome)
    assert str(refused.value) == (
        f"customers, column '{role}': expected values of this role for driver_regression. "
        f'Name the column that plays this role under [customers] in study.toml: {role} = "…".'
    )


@pytest.mark.parametrize("outcome", ["recommend", "promoter", "referred", "referrals", "left"])
@pytest.mark.parametrize("missing", ["indicator", "complete"])
def test_policy_n_and_experience_stand_beside_every_coefficient(study, outcome, missing):
    drivers = tpm.driver_regression(study, outcome=outcome, missing=missing)
    assert list(drivers.table.columns[-4:-2]) == ["importance", "experienced"]
    known = tpm.driver_regression(replace(study, reach_unknown=()), outcome=outcome, missing=missing).table
    assert known["experienced"].tolist() == (drivers.table["n"] / drivers.n).tolist()
    told = drivers.table["experienced"].dropna()
    assert told.tolist() == known["experienced"].loc[told.index].tolist()
    assert (drivers.terms["policy"] == missing).all()
    terms = drivers.terms.set_index(["touchpoint", "part"])["n"]
    for name, n in zip(drivers.table["touchpoint"], drivers.table["n"], strict=True):
        assert terms[name, "rating"] == n
        assert terms.get((name, "not_rated"), drivers.n - n) == drivers.n - n
    words = {"indicator": "an indicator where not rated", "complete": "only answers that rated everything"}
    assert words[missing] in drivers.summary("en")


def test_complete_is_refused_below_ten_answers_per_coefficient(tables):
    survey = tables[0].drop(columns=["customer", "date"])
    whole = survey[survey[NAMES].notna().all(axis=1)]
    few = pd.concat([whole.head(29), survey[survey["shop"].isna()]])
    study = tpm.make_study(survey=few, recommend="score", touchpoints=NAMES, rating_scale=(1, 5))
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study, missing="complete")
    assert str(refused.value) == (
        "survey: found '29 answers that rated every touchpoint', expected at least 30, 10 for each of 3 coefficients. "
        'Choose missing="indicator", which uses all answers, or a study of fewer touchpoints.'
    )
    enough = pd.concat([whole.head(30), survey[survey["shop"].isna()]])
    study = tpm.make_study(survey=enough, recommend="score", touchpoints=NAMES, rating_scale=(1, 5))
    assert tpm.driver_regression(study, missing="complete").n == 30


def test_pairwise_correlations_that_no_data_could_have_are_refused():
    """Who rated shop and mail likes both or none; so do shop and app; but who rated mail and app likes one of them."""
    rng = np.random.default_rng(4)
    one = rng.integers(1, 6, (3, 60)).astype(float)
    hole = np.full(60, np.nan)
    survey = pd.DataFrame(
        {
            "shop": np.concatenate([one[0], one[1], hole]),
            "mail": np.concatenate([one[0], hole, one[2]]),
            "app": np.concatenate([hole, one[1], 6 - one[2]]),
            "score": rng.integers(0, 11, 180),
        }
    )
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=NAMES, rating_scale=(1, 5))
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study, missing="pairwise")
    smallest = np.linalg.eigvalsh(survey[NAMES].corr())[0]
    assert smallest < -0.9
    assert str(refused.value).startswith(
        "survey: expected pairwise correlations that one set of answers could have (smallest eigenvalue above 0, "
    )
    assert str(refused.value).endswith('. Choose missing="indicator": too few answers rated the same touchpoints.')


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({"model": "ordered_logit"}, {"score": 10.0}),
        ({"outcome": "referrals"}, {}),
    ],
)
def test_touchpoints_whose_raters_all_stand_at_one_end_are_left_out_and_told(tables, options, values):
    survey, customers, referrals = tables
    quiet = ~survey["customer"].isin(referrals["referrer"])
    chosen = survey.index[quiet][:25]
    survey = survey.assign(app=survey["app"].where(survey.index.isin(chosen)))
    survey.loc[chosen, "app"] = [1.0, 3.0, 4.0, 2.0, 5.0] * 5
    for column, value in values.items():
        survey.loc[chosen, column] = value
    drivers = tpm.driver_regression(study_of(survey, customers, referrals), **options)
    assert np.isnan(drivers.table["estimate"][2])
    said = "Without an estimate, because all answers that rated them have the same outcome: app."
    assert said in [str(caveat) for caveat in drivers.caveats]


def test_few_counted_events_are_told(tables):
    survey, customers, referrals = tables
    study = study_of(survey, customers, referrals.head(40))
    said = " ".join(map(str, tpm.driver_regression(study, outcome="referrals").caveats))
    assert "counted events per coefficient" in said


@pytest.mark.parametrize("outcome", ["left", "detractor"])
def test_what_better_ratings_should_make_rarer_is_no_ground_for_priorities(study, outcome):
    drivers = tpm.driver_regression(study, outcome=outcome)
    with pytest.raises(ValueError) as refused:
        tpm.priorities(study, drivers)
    assert str(refused.value) == (
        "priorities takes drivers of an outcome that better ratings should raise, such as 'recommend' or 'referred'; "
        f"these explain '{outcome}'."
    )


@pytest.mark.parametrize("options", [{"outcome": "referrals"}, {"model": "ordered_logit"}, {"outcome": "bought_again"}])
def test_priorities_take_the_new_outcomes(study, options):
    drivers = tpm.driver_regression(study, **options)
    table = tpm.priorities(study, drivers).table
    assert table["importance"].tolist() == drivers.effects["estimate"].tolist()


def test_the_study_stays_as_it_was(tables):
    copies = [table.copy() for table in tables]
    study = study_of(*tables)
    before = study.data_hash
    for options in ({"outcome": "referrals_won"}, {"outcome": "left"}, {"model": "ordered_logit"}):
        tpm.driver_regression(study, **options)
    assert study.data_hash == before
    for table, copy in zip(tables, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


@pytest.mark.parametrize("outcome", ["promoter", "detractor"])
def test_classes_on_another_scale_are_those_of_their_place_and_said(outcome):
    """With the cut-offs of 0 to 10 themselves, nearly everybody on 0 to 100 would be a promoter."""
    rng = np.random.default_rng(4)
    answers = pd.DataFrame({"score": rng.integers(0, 101, 200), "shop": rng.integers(1, 6, 200)})
    study = tpm.make_study(answers, recommend="score", touchpoints=["shop"], recommend_scale=(0, 100))
    drivers = tpm.driver_regression(study, outcome=outcome)
    of_outcome = answers["score"] > 80 if outcome == "promoter" else answers["score"] <= 60
    assert drivers.events == of_outcome.sum()
    assert "by their place: detractors 0 to 60, passives up to 80" in " ".join(map(str, drivers.caveats))
    assert tpm.driver_regression(study).n == 200
