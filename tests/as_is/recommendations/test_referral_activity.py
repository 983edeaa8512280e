"""Recommendations per customer-year: by hand, by a direct count, by statsmodels, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.recommendations.activity_parts import answer_parts
from tpm_widgets.errors import DataError
from tpm_widgets.language import read
from tpm_widgets.statistics.estimates.rates import event_rate

YEAR = 365.25


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=800)


@pytest.fixture
def small(linked_study):
    """Three customers in 2023 and 2024; a recommends twice and wins once, b leaves, c comes in 2024."""
    referrals = pd.DataFrame(
        {
            "referrer": ["a", "a", "b", "z", "a"],
            "date": ["2023-01-10", "2024-06-01", "2023-02-01", "2023-03-01", "2022-06-01"],
            "converted": ["2023-03-01", None, None, None, None],
            "perspective": ["one_to_one", "one_to_many", "one_to_one", None, None],
            "consent": [True, False, None, True, True],
        }
    )
    people = {
        "customer": list("abc"),
        "acquired": ["2020-01-01", "2020-01-01", "2024-01-01"],
        "left": [None, "2023-12-31", None],
        "segment": ["x", "x", "y"],
        "value": [10.0, 20.0, 30.0],
    }
    answers = {"customer": list("ab"), "date": "2023-01-05", "recommend": [9.0, 3.0]}
    return linked_study(answers, people, referrals, min_group=1)


def test_by_hand(small):
    result = tpm.referral_activity(small)
    (row,) = result.table.to_dict("records")
    years = (731 + 365 + 366) / YEAR
    assert result.table.columns.tolist() == [
        "group", "customers", "exposure", "recommenders", "recommendations", "won",
        "recommender_rate", "recommender_rate_low", "recommender_rate_high",
        "recommendation_rate", "recommendation_rate_low", "recommendation_rate_high",
        "won_rate", "won_rate_low", "won_rate_high", "conversion", "conversion_low", "conversion_high",
    ]  # fmt: skip
    assert (row["customers"], row["recommenders"], row["recommendations"], row["won"]) == (3, 2, 3, 1)
    assert row["exposure"] == pytest.approx(years)
    assert row["recommendation_rate"] == pytest.approx(100 * 3 / years)
    assert row["won_rate"] == pytest.approx(100 * 1 / years)
    assert row["recommender_rate"] == pytest.approx(100 * 2 / ((10 + 32 + 366) / YEAR))
    assert row["conversion"] == pytest.approx(1 / 3)
    caveats = [str(caveat) for caveat in result.caveats]
    assert "1 recommendation was left out: the customers table does not know who recommended." in caveats
    assert (
        "1 recommendation was left out: made before recording began, or by somebody who was no customer on that day."
        in caveats
    )


def test_the_summary_reads_rate_time_and_interval(small):
    text = tpm.referral_activity(small).summary("en")
    assert text.startswith(
        "2 of 3 customers made 3 recommendations in 4 customer-years: 74.9 per 100 customer-years (95% interval "
    )
    assert "1 of the recommendations won a customer: 33.3% (95% interval " in text


def test_segments_perspectives_and_consent(small):
    by_segment = tpm.referral_activity(small, by="segment").table.set_index("group")
    assert by_segment["recommendations"].to_dict() == {"x": 3, "y": 0}
    assert by_segment.loc["y", "recommendation_rate"] == 0
    assert by_segment.loc["y", "recommendation_rate_high"] > 0
    by_perspective = tpm.referral_activity(small, by="perspective").table
    assert by_perspective["recommendations"].tolist() == [2, 1, 0]
    assert set(by_perspective["exposure"]) == {by_segment["exposure"].sum()}
    given = tpm.referral_activity(small, consent="given")
    assert given.table.loc[0, "recommendations"] == 1
    assert str(given.caveats[0]) == "2 recommendations were left out, because no consent is on record."
    everything = tpm.referral_activity(small)
    assert str(everything.caveats[0]) == (
        "2 recommendations have no consent on record and count all the same; consent='given' leaves them out."
    )


def test_the_value_of_those_won_needs_their_names(small, insurer):
    assert tpm.referral_activity(small).won_values.empty
    values = tpm.referral_activity(insurer, by="perspective").won_values
    people = insurer.customers.set_index("customer")
    won = insurer.referrals.dropna(subset=["new_customer"])
    own = won[won["perspective"] == "one_to_one"]
    expected = own["new_customer"].map(people["value"]).mean()
    assert values.set_index("group").loc["one_to_one", "estimate"] == pytest.approx(expected)


def test_rates_by_segment_are_the_direct_count(insurer):
    """Counted again, customer by customer, from the tables of the simulated study."""
    start, until = insurer.period.recording_start, insurer.period.observed_until
    count = {}
    made = insurer.referrals.groupby("referrer")["date"].apply(list).to_dict()
    for person in insurer.customers.to_dict("records"):
        first = max(person["acquired"], start)
        last = until if pd.isna(person["left"]) else min(person["left"], until)
        days = (last - first).days + 1
        if days > 0:
            deeds = sum(first <= day <= last for day in made.get(person["customer"], []))
            one = count.setdefault(person["segment"], [0, 0])
            one[0], one[1] = one[0] + deeds, one[1] + days
    table = tpm.referral_activity(insurer, by="segment").table.set_index("group")
    for segment, (deeds, days) in count.items():
        assert table.loc[segment, "recommendation_rate"] == pytest.approx(100 * deeds / (days / YEAR))


def test_the_simulation_is_recovered(insurer):
    """Consent .85, perspectives .72 .18 .10, conversions .25 .17 .12 of those with consent, less what is pending."""
    table = tpm.referral_activity(insurer, by="perspective", consent="given").table.set_index("group")
    shares = table["recommendations"] / table["recommendations"].sum()
    assert shares.to_dict() == pytest.approx(insurer.truth["perspective_share"], abs=0.03)
    for name, truth in insurer.truth["conversion"].items():
        assert table.loc[name, "conversion_low"] <= truth


def test_perspectives_add_up_to_the_whole(insurer):
    parts, whole = tpm.referral_activity(insurer, by="perspective").table, tpm.referral_activity(insurer).table.loc[0]
    for column in ("recommendations", "won", "recommendation_rate", "won_rate"):
        assert parts[column].sum() == pytest.approx(whole[column])
    assert parts["recommender_rate"].sum() > whole["recommender_rate"]


@pytest.mark.parametrize("events", ["recommendations", "won"])
def test_rate_and_error_are_those_of_a_poisson_regression_clustered_by_customer(insurer, events):
    """statsmodels: estimating equations with offset log(years) and weights, the sandwich by customer."""
    promoters = answer_parts(Observed(insurer, "referral_activity"), "score")[0][0].rows
    made, years, weights = (promoters[name].to_numpy() for name in (events, "years", "weight"))
    fit = sm.GEE(
        made, np.ones((len(made), 1)), groups=promoters["customer"].to_numpy(), family=sm.families.Poisson(),
        offset=np.log(years), weights=weights,
    ).fit(ctol=1e-12)  # fmt: skip
    row = tpm.referral_activity(insurer, by="score").table.iloc[0]
    name = {"recommendations": "recommendation", "won": "won"}[events]
    rate = float(np.exp(fit.params[0]))
    assert row[f"{name}_rate"] == pytest.approx(100 * rate)
    size = min((1 / fit.bse[0]) ** 2, _kish(weights, made))
    # the gamma interval of as many events as that error is worth
    assert row[f"{name}_rate_low"] == pytest.approx(100 * rate * stats.gamma.ppf(0.025, size) / size)
    assert row[f"{name}_rate_high"] == pytest.approx(100 * rate * stats.gamma.ppf(0.975, size + 1) / size)


def _kish(weights, events):
    return (weights @ events) ** 2 / (weights**2 @ events)


def test_one_to_one_is_the_conversion_of_statsmodels_where_nobody_recommends_twice(linked_study):
    names = [f"c{number}" for number in range(40)]
    referrals = pd.DataFrame({"referrer": names, "date": "2023-05-01"})
    referrals["converted"] = pd.Series("2023-06-01", index=range(10))
    study = linked_study({"customer": names, "date": "2023-02-01", "recommend": 9.0}, referrals=referrals)
    row = tpm.referral_activity(study).table.loc[0]
    assert row["conversion"] == 0.25
    expected = proportion_confint(10, 40, method="wilson")
    assert (row["conversion_low"], row["conversion_high"]) == pytest.approx(expected)


def test_the_error_without_weights_is_that_of_statsmodels_poisson_regression(insurer):
    rows = answer_parts(Observed(insurer.unweighted(), "referral_activity"), "score")[0][0].rows
    fit = sm.GLM(
        rows["recommendations"], np.ones(len(rows)), family=sm.families.Poisson(), offset=np.log(rows["years"])
    ).fit(cov_type="cluster", cov_kwds={"groups": rows["customer"], "use_correction": False}, tol=1e-12)
    rate = event_rate(
        rows["recommendations"].to_numpy(), rows["years"].to_numpy(), level=0.95, clusters=rows["customer"].to_numpy()
    )
    assert rate.estimate == pytest.approx(float(np.exp(fit.params.iloc[0])))
    assert rate.std_error == pytest.approx(float(np.exp(fit.params.iloc[0]) * fit.bse.iloc[0]))


def test_by_score_only_the_time_after_the_answer_counts(small):
    table = tpm.referral_activity(small, by="score").table.set_index("group")
    assert table.index.tolist() == ["promoter", "passive", "detractor", *map(str, range(11))]
    assert table.loc["promoter", "exposure"] == pytest.approx(365 / YEAR)
    assert table.loc["9", "recommendations"] == 1  # the second one came after the window
    assert table.loc["3", "recommendation_rate"] == pytest.approx(100 / (360 / YEAR))
    assert np.isnan(table.loc["passive", "recommendation_rate"])


def test_a_customers_time_until_the_first_recommendation_runs_through_several_answers(linked_study):
    study = linked_study(
        {"customer": ["a", "a", "a"], "date": ["2023-01-01", "2023-02-01", "2023-03-01"], "recommend": 9.0},
        referrals=[("a", "2023-02-11"), ("a", "2023-03-11"), ("a", "2023-03-12")],
        min_group=1,
    )
    row = tpm.referral_activity(study, by="score").table.iloc[0]
    assert (row["customers"], row["recommenders"], row["recommendations"]) == (1, 1, 3)
    assert row["recommender_rate"] == pytest.approx(100 / ((31 + 10) / YEAR))


def test_by_touchpoint_counts_those_who_experienced_it(insurer):
    result = tpm.referral_activity(insurer, by="touchpoint")
    assert result.table["group"].tolist() == insurer.touchpoint_names
    assert insurer.labels[insurer.touchpoint_names[0]] in str(result.labels)
    most = result.table.set_index("group")["customers"]
    assert most["claim"] < most["invoice"]


def test_small_groups_are_withheld(linked_study):
    people = {"customer": list("abcdefg"), "acquired": "2020-01-01", "segment": ["x"] * 5 + ["y"] * 2}
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, people, [("g", "2023-03-01")])
    result = tpm.referral_activity(study, by="segment")
    withheld = result.table.set_index("group").loc["y"]
    assert withheld["customers"] == 2
    assert withheld.drop("customers").isna().all()
    assert "Withheld, because they hold fewer than 5 customers: y." in [str(caveat) for caveat in result.caveats]


def test_recommendations_that_may_still_win_are_counted(linked_study):
    referrals = pd.DataFrame(
        {
            "referrer": ["a"] * 12,
            "date": ["2023-03-01"] * 10 + ["2024-12-20", "2024-11-01"],
            "converted": ["2023-03-21"] * 10 + [None, None],
        }
    )
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=referrals)
    assert str(tpm.referral_activity(study).caveats[0]) == (
        "1 recommendation that has won nobody is younger than 20 days, within which nine of ten conversions came; it "
        "may still win."
    )


def test_nobody_recommended(linked_study):
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0})
    result = tpm.referral_activity(study)
    row = result.table.loc[0]
    assert row[["recommendation_rate", "won_rate", "recommender_rate"]].tolist() == [0, 0, 0]
    assert np.isnan(row["conversion"])
    assert "0 of 1 customers made 0 recommendations" in result.summary("en")


def test_nobody_was_observed(linked_study):
    people = {"customer": ["a"], "acquired": "2026-01-01"}
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, people)
    for by in (None, "perspective", "score"):
        sentence = "No rate can be given: no customer was observed for a day."
        assert tpm.referral_activity(study, by=by).summary("en") == sentence


def test_what_it_cannot_be_split_by_is_refused(small):
    for by in ("region", "customer", "left", "value"):
        with pytest.raises(ValueError) as caught:
            tpm.referral_activity(small, by=by)
        assert str(caught.value) == (
            f"by={by!r} is nothing that recommendations can be split by; this study offers 'score', 'touchpoint', "
            "'perspective', 'segment'."
        )


def test_a_column_of_names_is_refused_even_where_some_share_one(linked_study):
    names = [f"c{number}" for number in range(40)]
    people = {"customer": names, "acquired": "2020-01-01", "email": names[:30] + names[:10]}
    study = linked_study({"customer": ["c1"], "date": "2023-02-01", "recommend": 9.0}, people)
    with pytest.raises(ValueError) as caught:
        tpm.referral_activity(study, by="email")
    assert str(caught.value) == (
        "by='email' would make a group of each row of customers; split by a column with fewer values."
    )


def test_an_option_that_is_not_there_is_refused(small):
    with pytest.raises(ValueError) as caught:
        tpm.referral_activity(small, consent="yes")
    assert str(caught.value) == "consent must be one of 'all', 'given'; got 'yes'."


def test_answers_that_may_not_be_tied_are_refused_only_where_they_are_needed(linked_study):
    study = linked_study(
        {"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, linkage={"permitted": False, "basis": ""}
    )
    assert tpm.referral_activity(study).table.loc[0, "customers"] == 1
    with pytest.raises(DataError, match="answers that may be tied to customers, for referral_activity"):
        tpm.referral_activity(study, by="score")


def test_consent_that_was_never_recorded_is_refused(linked_study):
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=[("a", "2023-03-01")])
    with pytest.raises(DataError) as caught:
        tpm.referral_activity(study, consent="given")
    assert str(caught.value) == (
        "referrals, column 'consent': expected values of this role for consent='given'. Name the column that plays "
        'this role under [referrals] in study.toml: consent = "…".'
    )


def test_the_input_stays_as_it_was(insurer):
    before = insurer.data_hash
    for by in (None, "segment", "score", "touchpoint", "perspective"):
        tpm.referral_activity(insurer, by=by, consent="given")
    assert insurer.data_hash == before


NO_CONSENT = "2 recommendations have no consent on record and count all the same; consent='given' leaves them out. "
LEFT_OUT = (
    "1 recommendation was left out: the customers table does not know who recommended. 1 recommendation was left out: "
    "made before recording began, or by somebody who was no customer on that day. "
)
EVERYBODYS_TIME = (
    "Each perspective is set against the time of all customers, so the rates of recommendations and of customers won "
    "add up over the perspectives; those of customers who recommend do not, as one customer may recommend in several "
    "ways. "
)
AFTER_ANSWERS = (
    "Only the time after an answer counts, up to 365 days, and only of customers who answered: with their answers' "
    "weights. "
)
LOWER = (
    "Recommendations that nobody recorded count as not made, so every rate is a lower bound; and a group that "
    "recommends more does so for reasons that the table does not show."
)


def garwood(events, years):
    """The exact interval of a Poisson rate per 100 years, as it is read."""
    low, high = (100 * stats.gamma.ppf(share, size) / years if size else 0.0
                 for share, size in ((0.025, events), (0.975, events + 1)))  # fmt: skip
    return f"{low:.1f} to {high:.1f}"


def test_all_of_it_is_read(small):
    """The intervals of single events and of a recommender alone are Garwood's; two in one customer widen the other."""
    result = tpm.referral_activity(small)
    years, (row,) = 1462 / YEAR, result.table.to_dict("records")
    first = f"{row['recommender_rate_low']:,.1f} to {row['recommender_rate_high']:,.1f}"
    share = " to ".join(f"{100 * end:.1f}%" for end in proportion_confint(1, 3, method="wilson"))
    assert result.summary("en") == (
        f"2 of 3 customers made 3 recommendations in 4 customer-years: 74.9 per 100 customer-years (95% interval "
        f"{garwood(3, years)}, clustered by customer). 1 of the recommendations won a customer: 33.3% (95% interval "
        f"{share}, Wilson, clustered), or 25.0 customers won per 100 customer-years ({garwood(1, years)}). Counted "
        f"until the first one only, 179.0 customers per 100 customer-years began to recommend ({first})."
    )
    assert read(result.caveats, "en") == NO_CONSENT + LEFT_OUT + LOWER
    silent = tpm.referral_activity(replace(small, referrals=small.referrals.head(0)))
    assert silent.summary("en") == (
        f"0 of 3 customers made 0 recommendations in 4 customer-years: 0.0 per 100 customer-years (95% interval "
        f"{garwood(0, years)}, clustered by customer). Counted until the first one only, 0.0 customers per 100 "
        f"customer-years began to recommend ({garwood(0, years)})."
    )


def test_groups_are_read_from_the_least_to_the_most(small):
    result = tpm.referral_activity(small, by="segment")
    assert result.summary("en") == (
        f"Recommendations per 100 customer-years run from 0.0 (y, 95% interval {garwood(0, 366 / YEAR)}) to 100.0 (x, "
        f"{garwood(3, 1096 / YEAR)}), gamma intervals, clustered by customer. Customers won per 100 customer-years run "
        f"from 0.0 (y, 95% interval {garwood(0, 366 / YEAR)}) to 33.3 (x, {garwood(1, 1096 / YEAR)}), gamma intervals, "
        "clustered by customer."
    )
    assert read(result.caveats, "en") == NO_CONSENT + LEFT_OUT + LOWER
    half = replace(small, customers=small.customers.assign(segment=["x", "x", None]))
    assert read(tpm.referral_activity(half, by="segment").caveats, "en") == (
        NO_CONSENT + LEFT_OUT + "1 row without a value of segment is in no group. " + LOWER
    )


@pytest.mark.parametrize(
    ("perspectives", "said"),
    [
        (["one_to_one", "one_to_many", "one_to_one"], ""),
        (["one_to_one", None, "one_to_many"], "1 recommendation without a perspective is in no group. "),
        ([None, None, "one_to_one"], "2 recommendations without a perspective are in no group. "),
    ],
)
def test_perspectives_have_everybodys_time(small, perspectives, said):
    made = small.referrals.assign(perspective=[*perspectives, None, None])
    result = tpm.referral_activity(replace(small, referrals=made), by="perspective")
    assert read(result.caveats, "en") == NO_CONSENT + LEFT_OUT + EVERYBODYS_TIME + said + LOWER
    if not said:
        years = 1462 / YEAR
        assert result.summary("en") == (
            f"Recommendations per 100 customer-years run from 0.0 (many to many, 95% interval {garwood(0, years)}) to "
            f"50.0 (one to one, {garwood(2, years)}), gamma intervals, clustered by customer. Customers won per 100 "
            f"customer-years run from 0.0 (one to many, 95% interval {garwood(0, years)}) to 25.0 (one to one, "
            f"{garwood(1, years)}), gamma intervals, clustered by customer."
        )


def test_by_score_the_classes_are_read_and_the_empty_ones_named(small):
    result = tpm.referral_activity(small, by="score")
    assert result.summary("en").startswith(
        f"Recommendations per 100 customer-years run from 100.1 (promoters, 95% interval {garwood(1, 365 / YEAR)}) to "
        f"101.5 (detractors, {garwood(1, 360 / YEAR)}), gamma intervals, clustered by customer."
    )
    assert read(result.caveats, "en") == (
        NO_CONSENT + AFTER_ANSWERS + "A customer who answered several times may be in several groups; errors are "
        "clustered. Withheld, because they hold fewer than 1 customers: passives, score 0, score 1, score 2, score 4 "
        "and 5 others. " + LOWER
    )


def test_by_touchpoint_their_labels_are_read(small):
    """Both experienced the shop, a alone the desk, and nobody the fair."""
    names = ["shop", "desk", "fair"]
    told = pd.DataFrame({"shop": [True, True], "desk": [True, None], "fair": [None, False]}).astype("boolean")
    study = replace(
        small, experienced=told, ratings=pd.DataFrame(1.0, index=[0, 1], columns=names),
        touchpoints=pd.DataFrame({"touchpoint": names, "label": ["The shop", "The desk", "The fair"]}),
    )  # fmt: skip
    result = tpm.referral_activity(study, by="touchpoint")
    assert result.table["customers"].tolist() == [2, 1, 0]
    assert result.sentences()[1].text("en") == (
        f"Customers won per 100 customer-years run from 50.4 (The shop, 95% interval {garwood(1, 725 / YEAR)}) to "
        f"100.1 (The desk, {garwood(1, 365 / YEAR)}), gamma intervals, clustered by customer."
    )
    assert read(result.caveats, "en") == (
        NO_CONSENT + AFTER_ANSWERS + "A customer who experienced several touchpoints is in several groups; they "
        "overlap. Withheld, because they hold fewer than 1 customers: The fair. " + LOWER
    )


def test_an_answer_without_weight_is_in_no_group(small):
    weighted = replace(small, survey=small.survey.assign(weight=[0.0, 2.0]))
    table = tpm.referral_activity(weighted, by="score").table.set_index("group")
    assert table["customers"].to_dict() == {"promoter": 0, "passive": 0, "detractor": 1} | {
        str(score): int(score == 3) for score in range(11)
    }
    assert table.loc["3", "recommendation_rate"] == pytest.approx(100 / (360 / YEAR))  # counts and time are unweighted


def test_as_many_customers_as_a_group_needs_are_shown_whatever_they_did(linked_study):
    people = {"customer": list("abcdef"), "acquired": "2020-01-01", "segment": ["x"] * 2 + ["y"] * 3 + ["z"]}
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, people, min_group=2)
    table = tpm.referral_activity(study, by="segment").table.set_index("group")
    assert table["recommendation_rate"].isna().to_dict() == {"x": False, "y": False, "z": True}


def test_what_those_won_are_worth_is_their_mean_with_students_interval(linked_study):
    """a won customers worth 10, 20 and 60, b one of unknown worth."""
    people = {
        "customer": list("abcdef"), "acquired": ["2020-01-01"] * 2 + ["2023-06-01"] * 4,
        "value": [1.0, 2.0, 10.0, 20.0, 60.0, None], "segment": ["x", "y", "x", "x", "x", "x"],
    }  # fmt: skip
    made = pd.DataFrame({"referrer": list("aaab"), "date": "2023-05-01", "new_customer": list("cdef")})
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, people, made, min_group=1)
    (whole,) = tpm.referral_activity(study).won_values.to_dict("records")
    assert (whole["n"], whole["estimate"]) == (3, 30)
    groups = tpm.referral_activity(study, by="segment").won_values.set_index("group")
    assert groups["n"].to_dict() == {"x": 3, "y": 0}
    apart = study.referrals.assign(referrer=["a", "b", "b", "b"], date="2023-05-01").head(2)
    study = replace(study, referrals=apart.assign(date=pd.to_datetime(apart["date"])))
    (pair,) = tpm.referral_activity(study, level=0.9).won_values.to_dict("records")
    margin = stats.t.ppf(0.95, 1) * 5  # two clusters, 10 and 20: the error of their mean is 5
    assert (pair["conf_low"], pair["conf_high"]) == pytest.approx((15 - margin, 15 + margin))


def test_nine_of_ten_conversions_make_the_time_that_a_younger_one_is_given(linked_study):
    """Ten took 10, 20, … 100 days, nine of them up to 91 days by interpolation; two without one are 90 and 91 old."""
    first = pd.Timestamp("2023-03-01")
    taken = [first + pd.Timedelta(days=10 * place) for place in range(1, 11)]
    young = [pd.Timestamp("2024-12-31") - pd.Timedelta(days=days) for days in (90, 91)]
    made = pd.DataFrame({"referrer": "a", "date": [first] * 10 + young, "converted": [*taken, None, None]})
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=made)
    assert str(tpm.referral_activity(study).caveats[0]) == (
        "1 recommendation that has won nobody is younger than 91 days, within which nine of ten conversions came; it "
        "may still win."
    )
    more = pd.concat([made, made.tail(2).assign(date=young[0])], ignore_index=True)
    both = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=more)
    assert str(tpm.referral_activity(both).caveats[0]) == (
        "3 recommendations that have won nobody are younger than 91 days, within which nine of ten conversions came; "
        "they may still win."
    )


@pytest.mark.parametrize("changes", [{"won": 4}, {"recommenders": 4}])
def test_more_than_there_can_be_is_refused(small, changes):
    result = tpm.referral_activity(small)
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(**changes))
    assert str(caught.value) == "More was won than recommended, or more customers recommended than there are."
    replace(result, table=result.table.assign(won=3, recommenders=3))
