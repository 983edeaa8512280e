"""Diagnostics of driver regressions: statsmodels' values, planted faults that must be found, and a real survey."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.metrics import r2_score, roc_auc_score
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import variance_inflation_factor

import tpm_widgets as tpm
from tpm_widgets.strategy.trust.checks import calibration
from tpm_widgets.strategy.trust.halo import read_marker

AIRPORT = Path(__file__).parents[3] / "../shared/data/airport_2017/survey.csv"
NAMES = ["shop", "mail", "app"]
COLUMNS = ["touchpoint", "n", "experienced", "estimate", "std_error", "vif", "gvif", "influence", "estimate_without"]
EXACT = 1e-8


def answers_of(n=400, reach=0.8, seed=1, effects=(1.0, 0.5, 0.0), mood=0.5):
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 1))
    ratings = np.clip(np.round(3.5 + rng.normal(size=(n, 3)) + mood * shared), 1, 5)
    ratings = pd.DataFrame(ratings, columns=NAMES).mask(rng.random((n, 3)) > reach)
    score = 6 + (ratings - 3.5).fillna(0).to_numpy() @ np.array(effects) + rng.normal(size=n)
    marker = 3 + shared[:, 0] + 0.3 * rng.normal(size=n)
    return ratings.assign(score=np.clip(np.round(score), 0, 10), mood=marker)


def study_of(answers, **options):
    return tpm.make_study(
        survey=answers, recommend="score", touchpoints=options.pop("touchpoints", NAMES), rating_scale=(1, 5), **options
    )


def checks_of(found):
    return found.checks.set_index("check")


@pytest.fixture(scope="module")
def linked():
    return tpm.simulate_study(seed=1, respondents=1500, touchpoints=5)


def test_collinearity_and_influence_as_statsmodels():
    drivers = tpm.driver_regression(study_of(answers_of()))
    found = tpm.driver_diagnostics(drivers)
    matrix = drivers.design.matrix
    places = [drivers.design.names.index(name) for name in NAMES]
    assert list(found.table.columns) == COLUMNS
    assert found.table["vif"].tolist() == pytest.approx(
        [variance_inflation_factor(matrix, place) for place in places], rel=EXACT
    )
    standardised = (matrix[:, 1:] - matrix[:, 1:].mean(axis=0)) / matrix[:, 1:].std(axis=0)
    assert found.condition_number == pytest.approx(np.linalg.cond(standardised), rel=EXACT)
    fit = sm.OLS(drivers.observed, matrix).fit()
    changes = fit.get_influence().dfbetas[:, places]
    assert found.table["influence"].tolist() == pytest.approx(np.abs(changes).max(axis=0).tolist(), rel=EXACT)
    rest = np.arange(400) != np.abs(changes[:, 0]).argmax()
    again = sm.OLS(drivers.observed[rest], matrix[rest]).fit()
    assert found.table["estimate_without"][0] == pytest.approx(again.params[places[0]], abs=EXACT)
    statistic, p_value, _, _ = het_breuschpagan(fit.resid, matrix)
    assert found.heteroscedasticity == (pytest.approx(statistic), 6, pytest.approx(p_value))


def test_a_rating_and_its_indicator_are_one_thing():
    """Ratings are centred among those who rated, so each is uncorrelated with its own indicator: det R₁₁ = 1."""
    drivers = tpm.driver_regression(study_of(answers_of()))
    found = tpm.driver_diagnostics(drivers)
    standard = np.corrcoef(drivers.design.matrix[:, 1:].T)
    assert standard[0, 1] == pytest.approx(0, abs=1e-12)
    others = np.linalg.det(standard[2:, 2:])
    assert found.table["gvif"][0] ** 2 == pytest.approx(others / np.linalg.det(standard), rel=EXACT)
    everything = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers_of(reach=1.1))))
    assert everything.table["gvif"].tolist() == pytest.approx(everything.table["vif"].tolist(), rel=EXACT)


@pytest.mark.parametrize("outcome", ["recommend", "promoter"])
def test_cross_validated_as_scikit_learn_measures(outcome):
    answers = answers_of(effects=(1.5, 1.0, 0.5))
    drivers = tpm.driver_regression(study_of(answers), outcome=outcome)
    found = tpm.driver_diagnostics(drivers, folds=5, seed=3)
    folds = np.random.default_rng(3).permutation(400) % 5
    predicted = np.empty(400)
    for fold in range(5):
        own = folds == fold
        family = sm.families.Gaussian() if outcome == "recommend" else sm.families.Binomial()
        fit = sm.GLM(drivers.observed[~own], drivers.design.matrix[~own], family=family).fit(tol=1e-12)
        predicted[own] = fit.predict(drivers.design.matrix[own])
    measure = r2_score if outcome == "recommend" else roc_auc_score
    assert found.cross_validated.estimate == pytest.approx(measure(drivers.observed, predicted), abs=1e-7)
    assert found.apparent.estimate == pytest.approx(measure(drivers.observed, found.predicted), abs=1e-9)
    assert found.measure == ("r_squared" if outcome == "recommend" else "auc")
    if outcome == "recommend":
        assert found.apparent.estimate == pytest.approx(found.r_squared, abs=1e-12)
    table = calibration(drivers, predicted)
    assert table["n"].sum() == 400 and len(table) == 10
    assert np.average(table["observed"], weights=table["n"]) == pytest.approx(drivers.observed.mean())


@pytest.mark.parametrize(
    ("outcome", "model", "checks"),
    [
        ("recommend", None, ["spread", "ceiling"]),
        ("recommend", "ordered_logit", ["ceiling"]),
        ("referred", None, ["calibration"]),
        ("referrals", None, ["dispersion"]),
        ("referrals", "negative_binomial", ["dispersion"]),
    ],
)
def test_every_model_has_its_checks_and_each_its_sentence(linked, outcome, model, checks):
    drivers = tpm.driver_regression(linked, outcome=outcome, model=model)
    found = tpm.driver_diagnostics(drivers, overall=linked)
    always = ["answers", "collinearity", "condition", "influence", "overfitting"]
    assert found.checks["check"].tolist() == [*always, *checks, "halo", "net of halo"]
    assert len(found.sentences()) == 1 + len(found.checks)
    assert all(str(sentence).endswith(".") and "{" not in str(sentence) for sentence in found.sentences())
    assert found.summary("de")
    assert np.isfinite(found.table.drop(columns="touchpoint").to_numpy(float)).all()
    assert found.cross_validated.estimate < found.apparent.estimate
    assert found.cross_validated.conf_low < found.cross_validated.estimate < found.cross_validated.conf_high
    assert found._repr_html_()


def test_pairwise_and_complete_have_theirs():
    study = study_of(answers_of())
    for policy in ("complete", "pairwise"):
        found = tpm.driver_diagnostics(tpm.driver_regression(study, missing=policy), overall=answers_of()["mood"])
        assert found.table["vif"].tolist() == pytest.approx(found.table["gvif"].tolist(), rel=EXACT)
        assert np.isfinite(found.cross_validated.estimate)
        assert found.net["net_estimate"].notna().all()


def test_the_mood_is_taken_away_by_a_marker_only():
    """Ratings that are mood and noise look like drivers of what follows the mood; net of a marker they are not."""
    rng = np.random.default_rng(5)
    answers = answers_of(n=3000, effects=(0, 0, 0), mood=2.0)
    mood = answers["mood"]
    answers["score"] = np.clip(np.round(6 + mood - 3 + rng.normal(size=3000)), 0, 10)
    drivers = tpm.driver_regression(study_of(answers))
    assert (drivers.table["p_value"] < 0.001).all()
    with_marker = tpm.driver_diagnostics(drivers, overall=mood)
    net = with_marker.net
    assert (net["net_estimate"].abs() < 0.25 * net["estimate"]).all()
    assert net["net_importance"].sum() < 0.05 * net["importance"].sum()
    assert checks_of(with_marker).loc["halo", "matters"]
    assert "they are nothing" not in with_marker.summary("en")
    columns = np.column_stack([drivers.design.matrix, mood - mood.mean()])
    expected = sm.OLS(drivers.observed, columns).fit().params
    places = [drivers.design.names.index(name) for name in NAMES]
    assert net["net_estimate"].tolist() == pytest.approx(expected[places].tolist(), abs=EXACT)
    without = tpm.driver_diagnostics(drivers)
    assert without.net is None
    assert str(without.findings[-1]).startswith("Net of halo nothing can be said: that takes a marker")


def test_the_marker_comes_from_the_study_or_an_earlier_answer():
    first, second = answers_of(seed=1), answers_of(seed=2)
    both = pd.concat([first.assign(when="2024-01-01"), second.assign(when="2025-01-01")], ignore_index=True)
    both["who"] = [*range(400), *range(400)]
    for roles in ({"customer": "who", "date": "when"}, {"respondent": "who", "wave": "when"}):
        earlier = study_of(both.iloc[::-1], **roles)
        found = tpm.driver_diagnostics(tpm.driver_regression(earlier), overall=earlier)
        assert "the same person's answer of an earlier wave held still; 400 answers" in found.summary("en")
        marker = read_marker(earlier, tpm.driver_regression(earlier)).by_answer
        assert marker.tolist()[:400] == first["score"].tolist()[::-1]
        assert np.isnan(marker[400:]).all()
    asked = study_of(both.assign(all=both["mood"].clip(1, 5).round()), roles={"overall": "all"})
    found = tpm.driver_diagnostics(tpm.driver_regression(asked), overall=asked)
    assert "overall satisfaction held still; 800 answers" in found.summary("en")
    alone = study_of(first)
    assert tpm.driver_diagnostics(tpm.driver_regression(alone), overall=alone).net is None


def test_markers_that_do_not_do_are_told():
    answers = answers_of()
    drivers = tpm.driver_regression(study_of(answers))
    few = answers["mood"].mask(np.arange(400) > 30)
    for marker, reason in (
        (few, "it is known for 31 answers, and 70 are needed"),
        (np.ones(400), "it does not vary, or is made of the ratings"),
        (drivers.design.matrix[:, 1] * 2 + 1, "it does not vary, or is made of the ratings"),
    ):
        found = tpm.driver_diagnostics(drivers, overall=marker)
        assert found.net is None
        assert str(found.findings[-1]) == (f"Net of halo nothing can be said by the marker that was given: {reason}.")


def test_nearly_collinear_ratings_are_found():
    answers = answers_of(n=1000)
    other = np.random.default_rng(2).random(1000) < 0.03
    answers["copy"] = answers["shop"].where(~other, 6 - answers["shop"])
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers, touchpoints=[*NAMES, "copy"])))
    assert checks_of(found).loc["collinearity", "matters"]
    assert "the ratings of shop and copy can hardly be told apart" in found.summary("en")


def test_a_single_customer_who_decides_is_found():
    answers = answers_of(reach=1.1).head(60)
    answers["app"] = 3.0
    answers.loc[[7, 8], "app"] = [5.0, 4.0]
    answers.loc[7, "score"] = 0
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers)))
    assert checks_of(found).loc["influence", "matters"]
    assert "Single customers decide about app" in found.summary("en")
    answers.loc[8, "app"] = 3.0
    alone = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers)))
    row = alone.table.set_index("touchpoint").loc["app"]
    assert np.isinf(row["influence"]) and np.isnan(row["estimate_without"])
    assert "Without one customer there would be no estimate for app" in alone.summary("en")


def test_chance_is_called_chance():
    answers = answers_of(n=80, effects=(0, 0, 0))
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers)))
    assert checks_of(found).loc["overfitting", "matters"]
    assert "it is not shown to know more than chance; do not act on these drivers." in found.summary("en")


def test_uneven_residuals_are_told_and_do_not_matter():
    rng = np.random.default_rng(1)
    answers = answers_of(n=2000, reach=1.1)
    answers["score"] = np.clip(np.round(5 + rng.normal(size=2000) * answers["shop"] / 3), 0, 10)
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers)))
    assert found.heteroscedasticity.p_value < 1e-6
    assert not checks_of(found).loc["spread", "matters"]
    assert "it does not matter here, because all errors are robust" in found.summary("en")


@pytest.mark.skipif(not AIRPORT.exists(), reason="the airport survey is not here")
def test_airport():
    """Signs upstairs and downstairs go together, one mood is more than half of the ratings, and most of it is mood."""
    frame = pd.read_csv(AIRPORT, low_memory=False)
    names = [name for name in frame if name.startswith("Q7") and name != "Q7ALL"]
    study = tpm.make_study(
        survey=frame,
        recommend="NETPRO",
        touchpoints=names,
        rating_scale=(1, 5),
        not_experienced=(6,),
        no_answer=(0, 11),
        roles={"overall": "Q7ALL"},
    )
    drivers = tpm.driver_regression(study)
    found = tpm.driver_diagnostics(drivers, overall=study)
    table = found.table.set_index("touchpoint")
    assert table.index[table["vif"] > 5].tolist() == ["Q7INFODOWN", "Q7INFOUP"]
    expected = [variance_inflation_factor(drivers.design.matrix, drivers.design.names.index(name)) for name in names]
    assert table["vif"].tolist() == pytest.approx(expected, rel=EXACT)
    ratings = study.ratings.iloc[drivers.design.rows]
    values = np.linalg.eigvalsh(ratings.corr().to_numpy())  # pandas: pairwise, with own means for each pair
    assert found.halo == pytest.approx(values[-1] / values.sum(), abs=0.02)
    assert found.halo > 0.5
    assert found.net["net_importance"].sum() < 0.25 * found.net["importance"].sum()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 1}, "folds must be a whole number of at least 2; got 1."),
        ({"folds": 2.5}, "folds must be a whole number of at least 2; got 2.5."),
        (
            {"overall": [1.0, 2.0]},
            "overall must have one value for each answer of the survey; got 2, and the regression uses the answer in "
            "row 59.",
        ),
        (
            {"overall": "another study"},
            "overall must be the study that the regression was made of; this one has other data.",
        ),
    ],
)
def test_wrong_options(options, message):
    if options.get("overall") == "another study":
        options = {"overall": study_of(answers_of(n=60, seed=9))}
    with pytest.raises(ValueError) as refused:
        tpm.driver_diagnostics(tpm.driver_regression(study_of(answers_of(n=60))), **options)
    assert str(refused.value) == message


def test_a_study_is_no_regression():
    with pytest.raises(TypeError) as refused:
        tpm.driver_diagnostics(study_of(answers_of(n=60)))
    assert str(refused.value) == "drivers must be a DriverRegression, as driver_regression returns it; got Study."


def test_nothing_is_changed(linked):
    drivers = tpm.driver_regression(linked)
    before, matrix, data = drivers.table.copy(), drivers.design.matrix.copy(), linked.data_hash
    tpm.driver_diagnostics(drivers, overall=linked)
    pd.testing.assert_frame_equal(drivers.table, before)
    assert (drivers.design.matrix == matrix).all()
    assert linked.data_hash == data


def test_touchpoints_without_an_estimate_keep_their_row():
    answers = answers_of().assign(void=np.nan, flat=4.0)
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers, touchpoints=[*NAMES, "void", "flat"])))
    assert found.table["touchpoint"].tolist() == [*NAMES, "void", "flat"]
    assert found.table[["vif", "gvif", "influence"]].tail(2).isna().all(axis=None)


def test_one_touchpoint_has_no_components():
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers_of(), touchpoints=["shop"])))
    assert np.isnan(found.halo) and found.components.empty
    assert found.table["vif"].tolist() == pytest.approx([1.0])


def test_impossible_results_are_refused():
    found = tpm.driver_diagnostics(tpm.driver_regression(study_of(answers_of())))
    with pytest.raises(ValueError, match=r"^a variance inflation factor lies below 1\.$"):
        replace(found, table=found.table.assign(vif=0.5))
    with pytest.raises(ValueError, match=r"^each check needs its sentence\.$"):
        replace(found, findings=())
