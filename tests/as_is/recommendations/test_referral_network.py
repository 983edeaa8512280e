"""How recommendations are spread: by hand, against an independent computation, and where there is nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

ANSWER = {"customer": ["c0"], "date": ["2023-03-01"], "recommend": [9.0]}


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=800)


def customers(count, **more):
    return {"customer": [f"c{place}" for place in range(count)], "acquired": "2020-01-01", **more}


def measures(network):
    return network.table.set_index("measure")


def test_by_hand(linked_study):
    """Of ten customers c0 recommends six times, c1 twice, c2 once: the top tenth is c0 alone."""
    deeds = [("c0", f"2023-0{month}-01") for month in range(1, 7)] + [("c1", "2023-02-01"), ("c1", "2023-03-01")]
    network = tpm.referral_network(linked_study(ANSWER, customers(10), [*deeds, ("c2", "2023-04-01")]))
    found = measures(network)["estimate"]
    assert found["share_who_recommended"] == pytest.approx(0.3)
    assert found["recommendations_per_customer"] == pytest.approx(0.9)
    assert found["recommendations_per_referrer"] == pytest.approx(3)
    assert found["top_tenth_of_customers"] == pytest.approx(6 / 9)
    assert found["top_tenth_of_referrers"] == pytest.approx(0.3 * 6 / 9)  # three tenths of c0
    assert found["gini_of_referrers"] == pytest.approx(2 * (5 + 1 + 4) / (2 * 9 * 3))
    assert found["gini_of_referrers_corrected"] == pytest.approx(found["gini_of_referrers"] * 3 / 2)
    assert network.degrees["customers"].tolist() == [7, 1, 1, 0, 0, 0, 1]
    assert network.counts == {"customers": 10, "referrers": 3, "recommendations": 9}


def test_against_each_customers_own_count(insurer):
    network = tpm.referral_network(insurer)
    made = insurer.customers["customer"].map(insurer.referrals["referrer"].value_counts()).fillna(0).to_numpy()
    spread = np.abs(made[:, None] - made).mean() / (2 * made.mean())
    assert measures(network).loc["gini_of_customers", "estimate"] == pytest.approx(spread, abs=1e-9)
    top = np.sort(made)[::-1][: round(len(made) / 10)].sum() / made.sum()
    assert measures(network).loc["top_tenth_of_customers", "estimate"] == pytest.approx(top, abs=0.002)
    assert network.counts["recommendations"] == made.sum()
    inside = network.table.dropna(subset=["conf_low"])
    assert ((inside["conf_low"] <= inside["estimate"]) & (inside["estimate"] <= inside["conf_high"])).all()


def test_the_lorenz_curve_lies_below_the_diagonal_and_meets_its_measures(insurer):
    network = tpm.referral_network(insurer)
    assert (network.lorenz["estimate"] <= network.lorenz["share"] + 1e-12).all()
    for of in ("customers", "referrers"):
        curve = network.lorenz[network.lorenz["of"] == of]
        found = measures(network).loc[f"top_tenth_of_{of}", "estimate"]
        assert 1 - np.interp(0.9, curve["share"], curve["estimate"]) == pytest.approx(found, abs=1e-9)
        area = np.trapezoid(curve["estimate"], curve["share"])
        assert 1 - 2 * area == pytest.approx(measures(network).loc[f"gini_of_{of}", "estimate"], abs=0.005)


def test_alike_customers_are_as_unequal_as_chance_makes_them(linked_study):
    """1,000 customers with one rate: the Gini among all is high, and what chance says it is."""
    rng = np.random.default_rng(1)
    made = [f"c{place}" for place in rng.integers(0, 1000, 400)]
    deeds = pd.DataFrame({"referrer": made, "date": "2023-06-01"})
    row = measures(tpm.referral_network(linked_study(ANSWER, customers(1000), deeds))).loc["gini_of_customers"]
    assert row["estimate"] > 0.6
    assert row["conf_low"] < row["by_chance"] < row["conf_high"]


def test_chains_without_a_name(linked_study):
    """c0 won c1 and c2, c2 won c3; nothing in the result names any of them."""
    people = {
        "customer": ["c0", "c1", "c2", "c3", "c4"],
        "acquired": ["2020-01-01", "2023-02-01", "2023-03-01", "2023-05-01", "2020-01-01"],
        "recommended_by": [None, "c0", "c0", "c2", None],
    }
    network = tpm.referral_network(linked_study(ANSWER, people, [("c0", "2023-01-05"), ("c2", "2023-04-01")]))
    assert network.generations[["generation", "customers"]].to_numpy().tolist() == [[0, 2], [1, 2], [2, 1]]
    assert network.chains.to_numpy().tolist() == [[1, 4, 2]]
    assert network.summary("en").endswith(
        "The longest chain of recommendations has 2 generations after the first customer; the largest holds 4 "
        "customers."
    )
    tables = (network.table, network.lorenz, network.degrees, network.generations, network.chains)
    assert not any(name in table.to_string() for table in tables for name in people["customer"])


def test_only_with_consent(linked_study):
    made = pd.DataFrame({"referrer": ["c0", "c0", "c1"], "date": "2023-02-01", "consent": [True, False, True]})
    study = linked_study(ANSWER, customers(4), made)
    assert tpm.referral_network(study).counts["recommendations"] == 3
    given = tpm.referral_network(study, consent="given")
    assert given.counts == {"customers": 4, "referrers": 2, "recommendations": 2}
    assert measures(given).loc["gini_of_referrers", "estimate"] == pytest.approx(0)
    never = linked_study(ANSWER, customers(4), made.drop(columns="consent"))
    with pytest.raises(DataError, match="expected values of this role for consent='given'"):
        tpm.referral_network(never, consent="given")


def test_sentences(linked_study):
    deeds = [("c0", "2023-01-01"), ("c0", "2023-02-01"), ("c1", "2023-02-01")]
    network = tpm.referral_network(linked_study(ANSWER, customers(10), deeds))
    assert network.summary("en") == (
        "20.0% of 10 customers recommended (95% interval 5.7% to 51.0%, Wilson): 2 made 3 recommendations, 1.50 each. "
        "The busiest tenth of those who recommended made 13.3% of the recommendations (10.0% to 15.7%, bootstrap by "
        "customer), the busiest tenth of all customers 66.7% (25.0% to 100.0%; by chance alone it would be 43.0%); "
        "Gini 0.17 among those who recommended, 0.83 among all. Of no customer it is known which other customer "
        "recommended us to them, so there are no chains."
    )
    assert read(network.caveats, "en") == (
        "Customers who were there longer had more time to recommend, and recommendations that nobody recorded are not "
        "there; among all customers a high Gini coefficient is mostly due to recommendations being rare."
    )


def test_nobody_recommended_and_nobody_was_there(linked_study):
    silent = tpm.referral_network(linked_study(ANSWER, customers(3)))
    assert silent.table.set_index("measure").loc["share_who_recommended", "estimate"] == 0
    assert silent.table["estimate"].isna().sum() == 6
    assert silent.summary("en") == (
        "The 3 customers made no recommendation that counts, so there is nothing to be spread."
    )
    gone = tpm.referral_network(linked_study(ANSWER, customers(2, left="2021-01-01"), [("c0", "2020-05-01")]))
    assert gone.counts["customers"] == 0
    assert gone.summary("en").startswith("The 0 customers made no recommendation")


def test_one_referrer(linked_study):
    found = measures(tpm.referral_network(linked_study(ANSWER, customers(1), [("c0", "2023-01-01")])))
    assert found.loc["gini_of_referrers", "estimate"] == 0
    assert np.isnan(found.loc["gini_of_referrers_corrected", "estimate"])


def test_a_level_that_is_none(insurer):
    with pytest.raises(ValueError, match=r"^level must be a number between 0 and 1, such as 0.95; got 95.$"):
        tpm.referral_network(insurer, level=95)


def test_the_input_is_unchanged(insurer):
    before = insurer.customers.copy(deep=True), insurer.referrals.copy(deep=True)
    first, second = tpm.referral_network(insurer), tpm.referral_network(insurer)
    assert_frame_equal(insurer.customers, before[0])
    assert_frame_equal(insurer.referrals, before[1])
    assert_frame_equal(first.table, second.table)


def test_one_customer_and_one_generation(linked_study):
    alone = tpm.referral_network(linked_study(ANSWER, customers(1)))
    assert alone.summary("en") == (
        "The 1 customer made no recommendation that counts, so there is nothing to be spread."
    )
    people = {"customer": ["c0", "c1"], "acquired": ["2020-01-01", "2023-02-01"], "recommended_by": [None, "c0"]}
    pair = tpm.referral_network(linked_study(ANSWER, people, [("c0", "2023-01-05")]))
    assert pair.sentences()[2].text("en") == (
        "The longest chain of recommendations has 1 generation after the first customer; the largest holds 2 customers."
    )
    assert pair.generations["share"].tolist() == [0.5, 0.5]


def test_five_chains_are_told_the_largest_and_of_these_the_longest_first(linked_study):
    """Six firsts win one each, of f0's family a second generation follows, and f1 wins another one besides."""
    firsts, second = [f"f{place}" for place in range(6)], [f"s{place}" for place in range(6)]
    people = {
        "customer": [*firsts, *second, "third", "fourth"],
        "acquired": ["2020-01-01"] * 6 + ["2023-02-01"] * 6 + ["2023-03-01"] * 2,
        "recommended_by": [None] * 6 + firsts + ["s5", "f1"],
    }
    network = tpm.referral_network(linked_study(ANSWER, people, [("f0", "2023-01-05")]))
    assert network.chains.to_numpy().tolist() == [[1, 3, 2], [2, 3, 1], [3, 2, 1], [4, 2, 1], [5, 2, 1]]
    assert network.generations["customers"].tolist() == [6, 7, 1]


def test_customers_by_how_often_they_recommended(linked_study):
    network = tpm.referral_network(linked_study(ANSWER, customers(4), [("c0", "2023-01-01"), ("c0", "2023-02-01")]))
    assert network.degrees.to_numpy().tolist() == [[0, 3, 0.75], [1, 0, 0], [2, 1, 0.25]]
    nobody = tpm.referral_network(linked_study(ANSWER, customers(2)))
    assert nobody.degrees.to_numpy().tolist() == [[0, 2, 1], [1, 0, 0]]
    with pytest.raises(ValueError) as caught:
        replace(network, counts={**network.counts, "recommendations": 3})
    assert str(caught.value) == "the customers' recommendations do not add up to all recommendations."


def test_shares_have_wilsons_interval_at_the_level_and_each_measure_its_people(linked_study):
    network = tpm.referral_network(
        linked_study(ANSWER, customers(10), [("c0", "2023-01-01"), ("c1", "2023-02-01")]), level=0.8
    )
    found = measures(network)
    expected = proportion_confint(2, 10, alpha=0.2, method="wilson")
    assert found.loc["share_who_recommended", ["conf_low", "conf_high"]].tolist() == pytest.approx(expected)
    assert found["n"].to_dict() == {
        name: 2 if "referrers" in name or "per_referrer" in name else 10 for name in found.index
    }
    assert network.settings == {"consent": "all", "level": 0.8}


def test_limits_are_percentiles_of_resampled_customers(linked_study):
    """Of 40 customers 20 recommended once: how many do in a resample is binomial."""
    network = tpm.referral_network(
        linked_study(ANSWER, customers(40), [(f"c{place}", "2023-03-01") for place in range(20)])
    )
    row = measures(network).loc["recommendations_per_customer"]
    assert row[["conf_low", "conf_high"]].tolist() == pytest.approx(
        stats.binom.ppf([0.025, 0.975], 40, 0.5) / 40, abs=0.026
    )
    assert row["by_chance"] == pytest.approx(0.5)


def test_chance_may_give_all_to_one(linked_study):
    """Two recommendations of two customers: half of the time one of them has both."""
    pair = tpm.referral_network(linked_study(ANSWER, customers(2), [("c0", "2023-03-01"), ("c1", "2023-03-01")]))
    by_chance = measures(pair)["by_chance"]
    assert by_chance["recommendations_per_customer"] == pytest.approx(1)
    assert by_chance["share_who_recommended"] == pytest.approx(0.75, abs=0.15)  # of 100 draws
    assert by_chance["gini_of_customers"] == pytest.approx(0.25, abs=0.15)
