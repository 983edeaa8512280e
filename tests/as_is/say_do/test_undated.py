"""Deeds without a date and deeds as reported: how they go with what the same customers say, and no prediction.

Independent values: scipy 1.16 (kendalltau, mannwhitneyu), statsmodels 0.14 (proportion_confint, Logit, Poisson,
NegativeBinomial), to 1e-6 unless a line says otherwise.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.undated import undated_deeds
from tpm_widgets.errors import DataError


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(5)
    desk = rng.integers(1, 6, 400)
    score = np.clip(desk * 2 + rng.integers(-3, 4, 400), 0, 10)
    made = rng.poisson(np.exp(-2.5 + 0.2 * score) * rng.gamma(1.5, 1 / 1.5, 400))  # more spread than Poisson's
    return pd.DataFrame({
        "score": score, "desk": desk, "app": rng.integers(1, 6, 400), "customer": [f"c{n}" for n in range(400)],
        "made": made, "did": np.where(made > 0, "yes", "no"), "won": rng.binomial(made, 0.3),
        "area": np.where(np.arange(400) % 4 < 2, "north", "south"),
    })  # fmt: skip


def study_of(frame, **roles):
    return tpm.make_study(
        frame, recommend="score", touchpoints=["desk", "app"], customer="customer", segments=["area"], roles=roles
    )


@pytest.fixture(scope="module")
def counted(frame):
    return study_of(frame, recommendations="made", customers_won="won")


def test_association_without_time_by_scipy(frame, counted):
    result = tpm.say_do(counted, replicates=50)
    assert result.kind == "undated"
    known = result.association[result.association["deed"] == "recommended"].set_index("measure")["estimate"]
    did = frame["made"] > 0
    pairs = stats.mannwhitneyu(frame["score"][did], frame["score"][~did]).statistic / (did.sum() * (~did).sum())
    assert known["auc"] == pytest.approx(pairs)
    assert known["kendall_tau_b"] == pytest.approx(stats.kendalltau(frame["score"], did).statistic)
    line = sm.Logit(did.astype(float), sm.add_constant(frame["score"].astype(float))).fit(disp=0)
    assert known["brier"] == pytest.approx(float(np.mean((did - line.predict()) ** 2)), abs=1e-6)
    assert set(result.association["deed"]) == {"recommended", "won"}


def test_calibration_by_answer_has_wilsons_interval(frame, counted):
    result = tpm.say_do(counted, replicates=50)
    for row in result.table.itertuples():
        own = frame.loc[frame["score"] == row.score, "made"]
        low, high = proportion_confint((own > 0).sum(), len(own), method="wilson")
        assert (row.n, row.referrers, row.recommendations) == (len(own), (own > 0).sum(), own.sum())
        assert row.estimate == pytest.approx((own > 0).mean())
        # statsmodels takes n, the clustered share n − 1 of n for one answer a customer: apart by half a point at most
        assert (row.conf_low, row.conf_high) == pytest.approx((low, high), abs=0.01)
        assert row.rate == pytest.approx(100 * own.mean())
    assert result.classes["recommendation_share"].sum() == pytest.approx(1)
    assert result.table["recommendations"].sum() == frame["made"].sum()


def test_the_words_never_say_prediction_or_time(counted):
    result = tpm.say_do(counted, replicates=50)
    words = result.summary("en")
    assert "Association without time, so nothing is predicted" in words
    assert "days" not in words and "does predict" not in words
    assert "Zusammenhang ohne Zeit" in result.summary("de")
    assert result.caveats[0].text("en") == (
        "Association without time: when customers recommended is not known; it may have been before the answer, and "
        "have moved it."
    )


def test_a_flag_alone_and_the_customers_own_column_give_the_same(frame, counted):
    flag = tpm.say_do(study_of(frame, recommended="did"), replicates=20)
    count = tpm.say_do(counted, replicates=20)
    columns = ["score", "n", "referrers", "estimate", "conf_low", "conf_high"]
    pd.testing.assert_frame_equal(flag.table[columns], count.table[columns])
    assert "recommendations" not in flag.table
    people = frame[["customer", "did"]].assign(acquired="2024-01-01")
    joined = tpm.make_study(
        frame, recommend="score", touchpoints=["desk", "app"], customer="customer", segments=["area"],
        customers=people, roles={"customers": {"recommended": "did"}},
    )  # fmt: skip
    pd.testing.assert_frame_equal(tpm.say_do(joined, replicates=20).table, flag.table)


def test_where_the_count_contradicts_the_flag_the_count_counts(frame):
    wrong = frame.assign(did="no")
    study = study_of(wrong, recommended="did", recommendations="made")
    deeds, caveats = undated_deeds(study, "say_do")
    assert (deeds["recommended"] == (frame["made"] > 0)).all()
    assert caveats[-1].text("en") == (
        f"For {(frame['made'] > 0).sum()} answers the number of recommendations contradicts whether there was one; the "
        "number counts."
    )


def test_columns_that_are_called_like_a_deed_play_no_role_unasked(frame):
    study = tpm.make_study(
        frame.assign(recommended="what I would improve"), recommend="score", touchpoints=["desk", "app"]
    )
    assert study.problems.empty
    assert "recommended" in study.other_columns
    with pytest.raises(DataError) as caught:
        tpm.say_do(study)
    remedies = caught.value.problems["remedy"].map(str).tolist()
    assert (
        'Name the column of the survey that tells it: recommended = "…" (yes or no), recommendations = "…" or '
        'customers_won = "…" (how many) under [survey].'
    ) in remedies


def test_a_code_of_no_answer_is_no_fault(frame):
    coded = frame.assign(did=np.where(np.arange(400) < 10, 9, np.where(frame["made"] > 0, 1, 0)))
    study = tpm.make_study(
        coded, recommend="score", touchpoints=["desk", "app"], no_answer=[9], roles={"recommended": "did"}
    )
    assert study.problems.empty
    assert study.survey["recommended"].isna().sum() == 10
    assert "Of 10 answers it is not known whether their customers recommended." in str(
        [caveat.text("en") for caveat in tpm.say_do(study, replicates=20).caveats]
    )


def test_a_negative_count_is_a_fault_with_a_remedy(frame):
    study = study_of(frame.assign(made=[-1, *frame["made"][1:]]), recommendations="made")
    (fault,) = study.problems.to_dict("records")
    assert (fault["column"], fault["value"], str(fault["expected"])) == ("made", "-1", "a number of 0 or more")


def test_nothing_that_is_given_changes(frame):
    before = frame.copy()
    study = study_of(frame, recommendations="made", customers_won="won")
    hash_before = study.data_hash
    tpm.say_do(study, replicates=20)
    tpm.driver_regression(study, outcome="recommendations")
    pd.testing.assert_frame_equal(frame, before)
    assert study.data_hash == hash_before


def test_groups_set_the_share_beside_the_score(frame, counted):
    groups = tpm.say_do_groups(counted, by="area")
    assert groups.deeds == ("recommended",)
    shares = frame.assign(done=frame["made"] > 0).groupby("area")["done"].mean()
    assert groups.table.set_index("group")["recommended_share"].to_dict() == pytest.approx(shares.to_dict())
    assert tpm.plot_say_do_groups(groups).get_ylabel() == "DOING: recommended, at any time (percent)"


@pytest.mark.parametrize(
    ("outcome", "model"),
    [("recommended", "logit"), ("recommendations", "poisson"), ("customers_won", "poisson"),
     ("recommendations", "negative_binomial")],
)  # fmt: skip
def test_drivers_by_statsmodels(frame, counted, outcome, model):
    drivers = tpm.driver_regression(counted, outcome=outcome, model=model)
    y = {"recommended": frame["made"] > 0, "recommendations": frame["made"], "customers_won": frame["won"]}[outcome]
    x = sm.add_constant(frame[["desk", "app"]].astype(float))
    fits = {"logit": sm.Logit, "poisson": sm.Poisson, "negative_binomial": sm.NegativeBinomial}
    expected = fits[model](y.astype(float), x).fit(disp=0, maxiter=200).params
    found = drivers.table.set_index("touchpoint")["estimate"]
    assert found.to_dict() == pytest.approx(expected[["desk", "app"]].to_dict(), abs=1e-4)
    assert "customer-years" not in drivers.summary("en") and "time followed" not in drivers.summary("en")
    assert tpm.plot_drivers(drivers) is not None


def test_the_best_known_deed_is_what_saying_is_compared_with(frame, counted):
    comparison = tpm.compare_drivers(counted, replicates=20)
    assert comparison.settings["doing"] == "recommended"
    assert "having recommended (at any time)" in comparison.summary("en")
    models = tpm.what_if_models(counted)
    assert [model.outcome for model in models] == ["promoter", "detractor", "recommended"]
    row = tpm.what_if(models, {"desk": 0.5}).row("recommended")
    assert row["baseline"] == pytest.approx((frame["made"] > 0).mean(), abs=1e-6)


def test_reported_deeds_are_an_outcome_and_marked(frame):
    study = study_of(frame, recommended_12m="did")
    drivers = tpm.driver_regression(study, outcome="reported")
    expected = sm.Logit((frame["made"] > 0).astype(float), sm.add_constant(frame[["desk", "app"]].astype(float)))
    assert drivers.table["estimate"].tolist() == pytest.approx(
        expected.fit(disp=0).params[["desk", "app"]].tolist(), abs=1e-4
    )
    assert "having recommended (reported, looks back)" in drivers.summary("en")
    assert any(caveat.text("en").startswith("Reported, looks back") for caveat in drivers.caveats)
    comparison = tpm.compare_drivers(study, replicates=20)
    assert comparison.settings["doing"] == "reported"
    headings = [text.get_text() for text in tpm.plot_driver_comparison(comparison).figure.findobj()
                if str(getattr(text, "get_gid", str)()).startswith("heading")]  # fmt: skip
    assert any("reported" in heading for heading in headings)
    assert tpm.what_if(study, {"desk": 0.5}).row("reported")["n"] == 400
    panel = tpm.DriversPanel(study)
    assert panel.doing == "reported"
    assert "doing='reported'" in panel.code


def test_without_reports_the_remedy_names_the_role(frame):
    study = tpm.make_study(frame, recommend="score", touchpoints=["desk", "app"])
    with pytest.raises(DataError) as caught:
        tpm.driver_regression(study, outcome="reported")
    assert str(caught.value) == (
        "survey, column 'recommended_12m': expected values of this role for driver_regression. Name the column that "
        'plays this role under [survey] in study.toml: recommended_12m = "…".'
    )
