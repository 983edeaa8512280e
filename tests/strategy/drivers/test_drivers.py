"""Driver regressions on a real survey, on data with a planted truth, and on data that cannot be estimated."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed

AIRPORT = Path(__file__).parents[3] / "../shared/data/airport_2017/survey.csv"
COLUMNS = ["touchpoint", "n", "estimate", "std_error", "conf_low", "conf_high", "p_value", "importance", "experienced"]
PARTS = ["importance_rating", "importance_not_rated"]
EXACT = 1e-9  # the same normal equations on both sides


def ratings_of(n=400, reach=0.8, seed=1, touchpoints=("shop", "mail", "app")):
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 1))
    ratings = np.clip(np.round(3.5 + rng.normal(size=(n, len(touchpoints))) + 0.5 * mood), 1, 5)
    return pd.DataFrame(ratings, columns=list(touchpoints)).mask(rng.random(ratings.shape) > reach)


def answers_of(n=400, reach=0.8, seed=1, effects=(1.0, 0.5, 0.0)):
    ratings = ratings_of(n, reach, seed)
    rng = np.random.default_rng(seed + 1000)
    score = 7 + (ratings - 3.5).fillna(0).to_numpy() @ np.array(effects) + rng.normal(size=n)
    return ratings.assign(score=np.clip(np.round(score), 0, 10))


def study_of(answers, **options):
    touchpoints = options.pop("touchpoints", ["shop", "mail", "app"])
    return tpm.make_study(survey=answers, recommend="score", touchpoints=touchpoints, rating_scale=(1, 5), **options)


@pytest.fixture(scope="module")
def linked():
    return tpm.simulate_study(seed=1, respondents=2500, touchpoints=8)


@pytest.mark.skipif(not AIRPORT.exists(), reason="the airport survey is not here")
def test_airport_complete_cases():
    """Independently computed: n 1,572, constant 3.2882, six coefficients, R² .2784."""
    frame = pd.read_csv(AIRPORT, low_memory=False)
    study = tpm.make_study(
        survey=frame,
        recommend="NETPRO",
        touchpoints=["Q7ART", "Q7FOOD", "Q7STORE", "Q7SIGN", "Q7SCREENS", "Q7WIFI"],
        recommend_scale=(0, 10),
        rating_scale=(1, 5),
        not_experienced=(6,),
        no_answer=(0, 11),
    )
    drivers = tpm.driver_regression(study, missing="complete")
    assert drivers.n == 1572
    assert drivers.intercept == pytest.approx(3.2882, abs=5e-5)
    assert drivers.table["estimate"].tolist() == pytest.approx(
        [0.2081, 0.2142, 0.0838, 0.2737, 0.3392, 0.1692], abs=5e-5
    )
    assert drivers.r_squared == pytest.approx(0.2784, abs=5e-5)
    assert drivers.table["importance"].sum() == pytest.approx(drivers.r_squared, abs=EXACT)
    everybody = tpm.driver_regression(study)
    assert everybody.n == 2746
    assert everybody.table["n"].tolist() == [2229, 2358, 2317, 2640, 2596, 2090]


def test_indicator_is_least_squares_on_centred_ratings_and_indicators():
    answers = answers_of()
    drivers = tpm.driver_regression(study_of(answers))
    ratings = answers[["shop", "mail", "app"]]
    columns = {}
    for name in ratings:
        columns[name] = (ratings[name] - ratings[name].mean()).fillna(0)
        columns[f"{name} (not rated)"] = ratings[name].isna().astype(float)
    other = sm.OLS(answers["score"], sm.add_constant(pd.DataFrame(columns))).fit(cov_type="HC3", use_t=True)
    assert list(drivers.table.columns) == [*COLUMNS, *PARTS]
    assert drivers.terms["estimate"].tolist() == pytest.approx(other.params.tolist(), abs=EXACT)
    assert drivers.table["std_error"].tolist() == pytest.approx(other.bse[list(ratings)].tolist(), abs=EXACT)
    assert drivers.table["p_value"].tolist() == pytest.approx(other.pvalues[list(ratings)].tolist(), abs=EXACT)
    assert drivers.table["n"].tolist() == ratings.notna().sum().tolist()
    assert drivers.r_squared == pytest.approx(other.rsquared, abs=EXACT)
    assert drivers.terms["part"].tolist() == ["constant"] + ["rating", "not_rated"] * 3
    pd.testing.assert_frame_equal(drivers.effects, drivers.table.drop(columns=["importance", "experienced", *PARTS]))
    known = tpm.driver_regression(study_of(answers.fillna(6), not_experienced=(6,)))
    assert known.table["experienced"].tolist() == pytest.approx(ratings.notna().mean().tolist(), abs=EXACT)
    assert drivers.table["experienced"].isna().all()  # blank cells may also mean no answer


def test_the_three_policies_agree_where_everybody_rated_everything():
    study = study_of(answers_of(reach=1.1))
    tables = [tpm.driver_regression(study, missing=policy).table for policy in ("indicator", "complete", "pairwise")]
    for table in tables[1:]:
        assert table["estimate"].tolist() == pytest.approx(tables[0]["estimate"].tolist(), abs=EXACT)
        assert table["importance"].tolist() == pytest.approx(tables[0]["importance"].tolist(), abs=EXACT)
    assert not any(part == "not_rated" for part in tpm.driver_regression(study).terms["part"])


@given(st.integers(0, 10**6), st.floats(0.4, 1.1), st.sampled_from(["recommend", "promoter", "detractor"]))
@settings(max_examples=20)
def test_importance_adds_up_for_every_outcome(seed, reach, outcome):
    """Of 1,000 answers: among 250, ratings can separate a rare outcome, which is refused."""
    drivers = tpm.driver_regression(study_of(answers_of(1_000, reach, seed)), outcome=outcome)
    assert drivers.table["importance"].sum() == pytest.approx(drivers.r_squared, abs=EXACT)
    assert (drivers.table["importance"] >= 0).all()
    assert 0 <= drivers.r_squared <= 1


def test_a_promoter_model_is_a_logit_and_its_importance_that_of_the_linear_model():
    answers = answers_of(reach=1.1)
    drivers = tpm.driver_regression(study_of(answers), outcome="promoter")
    ratings = sm.add_constant(answers[["shop", "mail", "app"]])
    promoter = (answers["score"] >= 9).astype(float)
    other = sm.Logit(promoter, ratings).fit(disp=False, tol=1e-12)
    assert drivers.model == "logit"
    assert drivers.events == promoter.sum()
    assert drivers.table["estimate"].tolist() == pytest.approx(other.params[1:].tolist(), rel=1e-7)
    assert drivers.table["std_error"].tolist() == pytest.approx(other.bse[1:].tolist(), rel=1e-6)
    margins = other.get_margeff()
    assert drivers.effects["estimate"].tolist() == pytest.approx(margins.margeff.tolist(), rel=1e-6)
    assert drivers.effects["std_error"].tolist() == pytest.approx(margins.margeff_se.tolist(), rel=1e-4)
    assert drivers.r_squared == pytest.approx(sm.OLS(promoter, ratings).fit().rsquared, abs=EXACT)


def test_effects_average_over_those_who_rated():
    answers = answers_of()
    drivers = tpm.driver_regression(study_of(answers), outcome="promoter")
    rated = answers["shop"].notna().to_numpy()
    mean = drivers.fit.predict(drivers.design.matrix[rated])
    expected = drivers.table["estimate"][0] * (mean * (1 - mean)).mean()
    assert drivers.effects["estimate"][0] == pytest.approx(expected, abs=1e-12)
    assert drivers.effects["n"][0] == rated.sum()


def test_the_studys_weight_counts_and_missing_weights_drop_out():
    answers = answers_of(reach=1.1)
    rng = np.random.default_rng(7)
    answers["w"] = rng.uniform(0.2, 3, len(answers))
    answers.loc[:9, "w"] = 0
    drivers = tpm.driver_regression(study_of(answers, weight="w"))
    used = answers.iloc[10:]
    other = sm.WLS(used["score"], sm.add_constant(used[["shop", "mail", "app"]]), weights=used["w"]).fit(cov_type="HC3")
    assert drivers.n == len(used)
    assert drivers.table["estimate"].tolist() == pytest.approx(other.params[1:].tolist(), abs=EXACT)
    assert drivers.table["std_error"].tolist() == pytest.approx(other.bse[1:].tolist(), abs=EXACT)
    assert drivers.r_squared == pytest.approx(other.rsquared, abs=EXACT)


def test_customers_who_answer_again_are_clusters():
    answers = answers_of(reach=1.1).assign(customer=np.arange(400) % 150)
    drivers = tpm.driver_regression(study_of(answers, customer="customer"))
    matrix = sm.add_constant(answers[["shop", "mail", "app"]]).to_numpy()
    residual = sm.OLS(answers["score"], matrix).fit().resid.to_numpy()
    bread, variance = np.linalg.inv(matrix.T @ matrix), np.zeros((4, 4))
    for customer in range(150):
        own = matrix[answers["customer"] == customer]
        left, turn = np.linalg.eigh(np.eye(len(own)) - own @ bread @ own.T)
        raised = turn / np.sqrt(left) @ turn.T @ residual[answers["customer"] == customer]
        variance += np.outer(bread @ own.T @ raised, bread @ own.T @ raised)
    assert drivers.table["std_error"].tolist() == pytest.approx(np.sqrt(np.diag(variance))[1:].tolist(), abs=EXACT)
    assert drivers.fit.df == 149
    assert (drivers.fit.degrees() < 149).all() and (drivers.fit.degrees() > 60).all()
    once = tpm.driver_regression(study_of(answers.assign(customer=np.arange(400)), customer="customer"))
    assert once.fit.df == 396


def test_a_planted_truth_is_recovered():
    table = tpm.driver_regression(study_of(answers_of(n=4000))).table
    assert table["estimate"].tolist() == pytest.approx([1.0, 0.5, 0.0], abs=0.1)  # the scale's ends bend a little
    assert (table["p_value"] < 0.001).tolist() == [True, True, False]
    assert list(table["importance"].rank()) == [3, 2, 1]


def test_deeds_are_those_of_answers_followed_to_the_end(linked):
    drivers = tpm.driver_regression(linked, outcome="referred")
    assert drivers.n < len(linked.survey)
    assert 0 < drivers.events < drivers.n
    assert len(drivers.design.rows) == drivers.n
    assert "stand for all" in " ".join(map(str, drivers.caveats))
    won = tpm.driver_regression(linked, outcome="won")
    answers = Observed(linked, "say_do").answers().answers
    assert (drivers.n, won.n) == (answers["complete"].sum(), answers["won_complete"].sum())
    assert won.events < drivers.events


def test_deeds_need_linked_answers():
    with pytest.raises(tpm.DataError, match="driver_regression"):
        tpm.driver_regression(study_of(answers_of()), outcome="referred")


def test_touchpoints_without_an_estimate_keep_their_row():
    answers = answers_of().assign(void=np.nan, flat=4.0)
    answers["copy"] = answers["shop"]
    names = ["shop", "mail", "app", "void", "flat", "copy"]
    drivers = tpm.driver_regression(study_of(answers, touchpoints=names))
    assert drivers.table["touchpoint"].tolist() == names
    gone = drivers.table.set_index("touchpoint").loc[["void", "flat", "copy"]]
    assert gone[["estimate", "std_error", "p_value", "importance"]].isna().all(axis=None)
    assert gone["n"].tolist() == [0, 400, answers["shop"].notna().sum()]
    said = [str(caveat) for caveat in drivers.caveats]
    assert "Without an estimate, because no answer rated them: void." in said
    assert "Without an estimate, because all ratings are the same: flat." in said
    assert "copy is without an estimate, because its ratings are those of shop." in said


def test_names_with_spaces_umlauts_and_dots():
    names = {"shop": "Laden vor Ort", "mail": "Büro.Mail", "app": "app (neu)"}
    answers = answers_of().rename(columns=names)
    drivers = tpm.driver_regression(study_of(answers, touchpoints=list(names.values())))
    plain = tpm.driver_regression(study_of(answers_of()))
    assert drivers.table["touchpoint"].tolist() == list(names.values())
    assert drivers.table["estimate"].tolist() == plain.table["estimate"].tolist()


def test_a_negative_driver_stays_negative():
    drivers = tpm.driver_regression(study_of(answers_of(n=1500, effects=(1.0, -0.5, 0.0))))
    assert drivers.table["conf_high"][1] < 0
    assert drivers.table["importance"][1] > 0


def test_few_answers_per_coefficient_are_told():
    said = " ".join(map(str, tpm.driver_regression(study_of(answers_of(n=40))).caveats))
    assert "Only 6.7 answers per coefficient: the estimates are unsure." in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"outcome": "nps"},
            "outcome must be one of 'recommend', 'promoter', 'detractor', 'referred', 'won', 'left', 'bought_again', "
            "'referrals', 'referrals_won', 'reported', 'recommended', 'recommendations', 'customers_won', 'yes'; got "
            "'nps'.",
        ),
        ({"missing": "mean"}, "missing must be one of 'indicator', 'complete', 'pairwise', 'imputed'; got 'mean'."),
        ({"level": 95}, "level must be a number between 0 and 1, such as 0.95; got 95."),
        (
            {"outcome": "promoter", "missing": "pairwise"},
            "missing='pairwise' goes with outcome='recommend' only; choose 'indicator' or 'complete'.",
        ),
        (
            {"model": "ordered_logit", "missing": "pairwise"},
            "missing='pairwise' goes with model='ols' only; choose 'indicator' or 'complete'.",
        ),
        ({"model": "logit"}, "model must be one of 'ols', 'ordered_logit' for outcome='recommend'; got 'logit'."),
        (
            {"outcome": "referrals", "model": "ols"},
            "model must be one of 'poisson', 'negative_binomial' for outcome='referrals'; got 'ols'.",
        ),
        ({"outcome": "left", "model": "ols"}, "model must be one of 'logit' for outcome='left'; got 'ols'."),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError) as refused:
        tpm.driver_regression(study_of(answers_of(n=60)), **options)
    assert str(refused.value) == message


def test_data_that_explain_nothing_are_refused():
    answers = answers_of(n=60)
    with pytest.raises(tpm.DataError) as same:
        tpm.driver_regression(study_of(answers.assign(score=7.0)))
    assert str(same.value) == (
        "survey: expected answers that differ in the outcome; here all 60 are the same. "
        "Where nothing differs nothing can be explained."
    )
    with pytest.raises(tpm.DataError) as flat:
        tpm.driver_regression(study_of(answers.assign(shop=3.0, mail=3.0, app=np.nan)))
    assert str(flat.value) == (
        "survey: expected at least one touchpoint whose ratings differ. "
        "Check the columns named as touchpoints, and their scales and codes."
    )
    with pytest.raises(tpm.DataError) as short:
        tpm.driver_regression(study_of(answers.head(3)))
    assert str(short.value) == (
        "survey: expected more answers than coefficients; here 3 and 3. Take more answers or fewer touchpoints."
    )


def test_answers_of_one_customer_are_refused():
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study_of(answers_of(n=60).assign(customer="c"), customer="customer"))
    assert str(refused.value) == (
        "survey, column 'customer': expected answers of at least two customers; here all 60 are of one. "
        "Take more customers, or leave the customer out where the answers are of different people."
    )


def test_an_answer_that_decides_alone_leaves_the_error_open():
    """Only one of these answers rates the app otherwise than the rest; its residual is 0, which is no certainty."""
    answers = answers_of(reach=1.1).head(30).assign(app=3.0)
    answers.loc[7, "app"] = 5.0
    drivers = tpm.driver_regression(study_of(answers))
    row = drivers.table.set_index("touchpoint").loc["app"]
    assert np.isfinite(row["estimate"])
    assert row[["std_error", "conf_low", "conf_high", "p_value"]].isna().all()
    assert drivers.table["std_error"].notna().sum() == 2
    said = "A single answer decides the estimate for app, so that its error is not known."
    assert said in [str(caveat) for caveat in drivers.caveats]


def test_ratings_that_part_the_outcomes_are_refused_by_name():
    answers = answers_of(n=200, reach=1.1)
    answers["shop"] = np.where(answers["score"] >= 9, 5.0, 2.0)
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study_of(answers), outcome="promoter")
    assert str(refused.value) == (
        "survey, column 'shop': expected ratings that overlap between answers with and without the outcome. "
        "Leave touchpoints out or take more answers: no finite effect fits these ratings."
    )


def test_an_indicator_that_parts_the_outcomes_is_left_out_and_told():
    answers = answers_of(n=400, reach=1.1)
    few = answers.index[answers["score"] < 9][:12]
    answers.loc[few, "app"] = np.nan
    drivers = tpm.driver_regression(study_of(answers), outcome="promoter")
    assert "app (not rated)" not in drivers.design.names
    assert any("All answers that did not rate app have the same outcome" in str(caveat) for caveat in drivers.caveats)


def test_the_study_stays_as_it_was():
    study = study_of(answers_of(n=100))
    before = study.data_hash
    tpm.driver_regression(study, outcome="promoter")
    assert study.data_hash == before


def test_sentences_in_both_languages_and_html():
    drivers = tpm.driver_regression(study_of(answers_of()), outcome="promoter")
    assert "400" in drivers.summary("en")
    assert "percentage points" in drivers.summary("en")
    assert drivers.summary("de")
    assert drivers._repr_html_().count("<tr>") == 4


def test_importances_that_do_not_add_up_are_refused():
    drivers = tpm.driver_regression(study_of(answers_of()))
    with pytest.raises(ValueError, match="importance adds up to"):
        replace(drivers, r_squared=0.9)


def repeated(customers=15, each=20, outcome="score"):
    """Answers of few customers, whom something else than the ratings tells apart."""
    rng = np.random.default_rng(1)
    who = np.repeat(np.arange(customers), each)
    ratings = rng.integers(1, 6, (len(who), 3))
    score = 6 + 0.5 * (ratings[:, 0] - 3) + rng.normal(size=customers)[who] + rng.normal(size=len(who))
    frame = pd.DataFrame(ratings, columns=["shop", "mail", "app"])
    return study_of(frame.assign(score=np.clip(np.round(score), 0, 10), customer=who), customer="customer")


def test_fewer_than_30_customers_are_said():
    said = (
        "Only 15 customers stand behind the 300 answers: intervals are widened for that, but single customers decide "
        "much."
    )
    few, enough = repeated(), repeated(customers=30, each=10)
    for verb in (tpm.driver_regression, lambda study: tpm.penalty_reward(study, replicates=100)):
        assert said in map(str, verb(few).caveats)
        assert not [caveat for caveat in verb(enough).caveats if "stand behind" in str(caveat)]
    promoters = tpm.driver_regression(few, outcome="promoter")
    assert said in map(str, promoters.caveats)
    # fewer degrees of freedom than customers, so wider than normal intervals and than those of t with 14
    reach = (promoters.table["conf_high"] - promoters.table["estimate"]) / promoters.table["std_error"]
    assert (reach > 2.1448).all()  # t₁₄ at 97.5 %
    comparison = promoters.effects
    assert ((comparison["conf_high"] - comparison["estimate"]) / comparison["std_error"] > 2.1448).all()


def test_what_one_customer_decides_is_said_without_an_error():
    study = repeated()
    frame = study.ratings.where(study.survey["customer"].astype(int) == 3, 3.0).assign(app=study.ratings["app"])
    frame["mail"] = study.ratings["mail"]
    lone = tpm.make_study(
        frame.assign(score=study.survey["recommend"], customer=study.survey["customer"]),
        recommend="score",
        touchpoints=["shop", "mail", "app"],
        customer="customer",
    )
    drivers = tpm.driver_regression(lone)
    assert drivers.table["std_error"].isna().tolist() == [True, False, False]
    assert "A single customer decides the estimate for shop, so that its error is not known." in map(
        str, drivers.caveats
    )
