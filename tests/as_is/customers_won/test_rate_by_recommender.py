"""The referral rate where few win many: clustered by recommender, in the rate, its waves, its chart and its goal."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.statistics.estimates.estimate import wilson

ONE = (
    "One recommender alone won 20 of the 20 customers who came because of a recommendation (100.0%); the rate rests on "
    "few persons, and the interval counts it."
)


def study_of(customers, **more):
    return tpm.make_study(
        pd.DataFrame({"score": [10, 5], "desk": [3, 4]}),
        recommend="score",
        touchpoints=["desk"],
        customers=customers,
        recording_start="2024-01-01",
        **({"observed_until": "2024-12-31"} | more),
    )


def customers(by, others=80, day="2024-02-01", name="k"):
    """Some who were recommended by somebody each, and others."""
    n = len(by) + others
    return pd.DataFrame(
        {
            "customer": [f"{name}{place}" for place in range(n)],
            "acquired": day,
            "source": ["recommendation"] * len(by) + ["other"] * others,
            "recommended_by": [*by, *[None] * others],
        }
    )


def test_one_who_wins_twenty_of_a_hundred_is_one_person():
    """Linearised by hand: se² = ((.8·20)² + .2²·80)/100², n_eff = .16/se²."""
    result = tpm.referral_rate(study_of(customers(["boss"] * 20)))
    low, high = wilson(0.2, 0.16 / (((0.8 * 20) ** 2 + 0.2**2 * 80) / 100**2), 0.95)
    row = result.table.iloc[0]
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((float(low), float(high)))
    assert (round(row["conf_low"], 3), round(row["conf_high"], 3)) == (0.042, 0.588)
    assert [str(caveat) for caveat in result.caveats] == [ONE]


def test_different_recommenders_are_wilsons():
    result = tpm.referral_rate(study_of(customers([f"r{place}" for place in range(20)])))
    low, high = wilson(0.2, 100, 0.95)
    assert result.table[["conf_low", "conf_high"]].iloc[0].tolist() == pytest.approx([float(low), float(high)])
    assert not result.caveats


@pytest.mark.parametrize(("most", "said"), [(2, False), (3, True)])
def test_a_tenth_is_said_and_not_less(most, said):
    by = [*["boss"] * most, *(f"r{place}" for place in range(20 - most))]
    assert bool(tpm.referral_rate(study_of(customers(by))).caveats) == said


def test_the_table_of_recommendations_names_recommenders_too_and_other_sources_do_not_count():
    boss = pd.DataFrame({"customer": ["boss"], "acquired": "2020-01-01", "source": "other"})
    people = pd.concat([customers([None] * 20).drop(columns="recommended_by"), boss], ignore_index=True)
    referrals = pd.DataFrame({"referrer": "boss", "date": "2024-01-15", "new_customer": people["customer"][:30]})
    found = tpm.referral_rate(study_of(people, referrals=referrals))
    named = tpm.referral_rate(study_of(customers(["boss"] * 20)))
    pd.testing.assert_frame_equal(found.table, named.table)


def test_all_that_one_won_are_one():
    row = tpm.referral_rate(study_of(customers(["boss"] * 20, others=0))).table.iloc[0]
    assert row["conf_low"] == pytest.approx(float(wilson(1, 1, 0.95)[0]))


def both_waves(by):
    first = customers(by, name="a")
    second = customers([f"{name}'" for name in by] + by[:10], others=70, day="2024-05-01", name="b")
    waves = pd.DataFrame(
        {"wave": ["W1", "W2"], "start": ["2024-01-01", "2024-04-01"], "end": ["2024-03-31", "2024-06-30"]}
    )
    return study_of(pd.concat([first, second]), waves=waves)


def test_waves_are_compared_by_what_recommenders_are_worth():
    apart = tpm.compare_waves(both_waves([f"r{place}" for place in range(20)]), "referral_rate").table.iloc[0]
    few = tpm.compare_waves(both_waves(["x"] * 10 + ["y"] * 10), "referral_rate").table.iloc[0]
    assert apart["difference"] == few["difference"] == pytest.approx(0.1)
    assert few["std_error"] > 2 * apart["std_error"] and few["p_value"] > apart["p_value"]


def test_limits_of_the_chart_are_of_recommenders():
    parts = [
        customers([f"r{name}{place}" for place in range(5) for _ in range(4)], day=f"2024-{month:02d}-15", name=name)
        for month, name in ((1, "a"), (4, "b"), (7, "c"), (10, "d"))
    ]
    few = tpm.control_chart(study_of(pd.concat(parts)), "referral_rate").table
    # four won by each of five: se² = ((3.2)²·5 + .2²·80)/100², against .16/100 of independent customers
    effect = ((0.8 * 4) ** 2 * 5 + 0.2**2 * 80) / 100 / 0.16
    half = 3 * np.sqrt(0.16 / (100 / effect))
    np.testing.assert_allclose(few["upper"], 0.2 + half)


def quarters(until=None, last=2, over=False):
    """Two quarters with 100 new customers each, a few every day, and the first days of a third, or all of it."""
    parts = []
    for name, start in (("a", "2024-01-01"), ("b", "2024-04-01")):
        part = customers([f"r{name}{place}" for place in range(25)], others=75, name=name)
        parts.append(part.assign(acquired=pd.Timestamp(start) + pd.to_timedelta(np.arange(100) % 91, "D")))
    third = customers([f"rc{place}" for place in range(last)], others=0, name="c")
    days = np.linspace(0, 89 if over else 2, last).astype(int)
    parts.append(third.assign(acquired=pd.Timestamp("2024-07-01") + pd.to_timedelta(days, "D")))
    goals = pd.DataFrame({"metric": ["referral_rate"], "baseline": [0.25], "target": [0.3], "due": ["2025-12-31"]})
    return study_of(pd.concat(parts), goals=goals, observed_until=until)


@pytest.mark.parametrize(("until", "last", "over"), [("2024-07-03", 2, False), (None, 40, False), (None, 4, True)])
def test_a_goal_is_judged_by_the_last_quarter_that_is_over_and_large_enough(until, last, over):
    result = tpm.goal_progress(quarters(until, last, over))
    (row,) = result.table.to_dict("records")
    assert (row["measured"], row["n"], row["estimate"]) == ("2024-Q2", 100, pytest.approx(0.25))
    assert row["verdict"] == "no progress shown"
    assert str(result.caveats[0]) == (
        "The referral rate is that of 2024-Q2: later quarters are not over, or have fewer than 5 new customers of "
        "known source."
    )


def test_a_quarter_that_is_over_is_the_last_one():
    (row,) = tpm.goal_progress(quarters(None, 40, over=True)).table.to_dict("records")
    assert (row["measured"], row["estimate"], row["verdict"]) == ("2024-Q3", 1, "reached")


def test_where_no_quarter_is_over_the_last_one_is_taken_and_said():
    goals = pd.DataFrame({"metric": ["referral_rate"], "baseline": [0.25], "target": [0.3], "due": ["2025-12-31"]})
    study = study_of(customers([f"r{place}" for place in range(20)]), goals=goals, observed_until="2024-02-10")
    result = tpm.goal_progress(study)
    assert result.table.loc[0, "measured"] == "2024-Q1"
    assert str(result.caveats[0]) == "2024-Q1 is not over: it is known until Feb 10, 2024 only."


def test_the_chart_withholds_few_customers_and_names_a_period_that_is_not_over():
    chart = tpm.control_chart(quarters("2024-07-03"), "referral_rate")
    assert chart.table["estimate"].isna().tolist() == [False, False, True]
    assert "Withheld, with fewer than 5 values: 2024-Q3." in [str(caveat) for caveat in chart.caveats]
    running = tpm.control_chart(quarters("2024-07-03", last=9), "referral_rate")
    assert str(running.caveats[-1]) == "2024-Q3 is not over: it is known until Jul 3, 2024 only."


def test_which_group_of_customers_is_highest_is_said_of_the_pooled_ones():
    parts = [(20, 80, "a"), (40, 60, "b"), (58, 42, "c"), (3, 2, "d")]
    people = pd.concat(
        [
            customers([f"r{name}{place}" for place in range(won)], others, name=name).assign(segment=name)
            for won, others, name in parts
        ]
    )
    result = tpm.referral_rate(study_of(people), by="segment")
    pooled = result.pooled.set_index("group")["pooled"]
    assert pooled.idxmax() == "c" and pooled.idxmin() == "a"
    assert str(result.sentences()[1]) == (
        "As the ends of several groups are so in part by chance: partly pooled, c is highest with "
        f"{100 * pooled['c']:.1f}% and a lowest with {100 * pooled['a']:.1f}%."
    )
    assert len(tpm.referral_rate(study_of(people), period="year").sentences()) == 2


def test_what_is_withheld_is_withheld_everywhere():
    people = pd.concat(
        [customers(["r"] * 20, name="a").assign(segment="large"), customers(["s"], 2, name="b").assign(segment="small")]
    )
    result = tpm.referral_rate(study_of(people), by="segment")
    assert result.table.set_index("group").loc["small"].drop(["period", "n"]).isna().all()
    assert [share.n for share in result.shares] == [100, 0] and np.isnan(result.shares[1].estimate)
    assert result.pooled["group"].tolist() == ["large"]
