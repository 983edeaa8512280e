"""Time to the first recommendation: by hand, statsmodels called directly, late entry, and what cannot be said."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.recommendations.timing import _ratio
from tpm_widgets.errors import DataError
from tpm_widgets.language import read
from tpm_widgets.statistics.estimates.event_curves import hazard_ratios

NOBODY = {"customer": ["z"], "date": ["2023-01-02"], "recommend": [9.0]}


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=800)


def new_customers(acquired, left=None, **more):
    names = [f"c{place}" for place in range(len(acquired))]
    return {"customer": names, "acquired": acquired, "left": left or [None] * len(names), **more}


def test_by_hand(linked_study):
    """Four come on 1 January: one recommends on day 2, one leaves on day 10, one recommends on day 31, one never."""
    people = new_customers(["2023-01-01"] * 4, [None, "2023-01-10", None, None])
    deeds = [("c0", "2023-01-02"), ("c0", "2023-05-01"), ("c2", "2023-01-31"), ("c1", "2023-02-01")]
    timing = tpm.referral_timing(linked_study(NOBODY, people, deeds))
    (row,) = timing.table.to_dict("records")
    assert (row["n"], row["events"]) == (4, 2)
    assert row["estimate"] == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert row["median"] == 31
    assert timing.curve["time"].tolist() == [0, 2, 31, 365]
    assert timing.curve["at_risk"].tolist() == [4, 4, 2, 1]
    assert "1 recommendation was left out: made before recording began, or by somebody who was no customer" in " ".join(
        caveat.text("en") for caveat in timing.caveats
    )


def test_who_came_before_recording_enters_late(linked_study):
    """c0 has been there for 100 days when recording begins, so it is at risk only from day 101 on."""
    people = new_customers(["2022-09-23", "2023-01-01", "2023-01-01"])
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c1", "2023-01-30"), ("c0", "2023-01-20")]))
    assert timing.curve["time"].tolist() == [0, 30, 120, 365]
    assert timing.curve["at_risk"].tolist() == [2, 2, 2, 1]
    assert timing.table["estimate"].iloc[0] == pytest.approx(1 - 1 / 2 * 1 / 2)
    assert timing.caveats[0].text("en").startswith("1 customer came before recommendations were recorded")


def test_who_was_there_longer_than_the_horizon_does_not_count(linked_study):
    people = new_customers(["2020-01-01", "2023-01-01"])
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-01-20")]))
    assert timing.table[["n", "events"]].to_numpy().tolist() == [[1, 0]]
    longer = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-01-20")]), horizon=2000)
    assert longer.table[["n", "events"]].to_numpy().tolist() == [[2, 1]]


def test_numbers_are_statsmodels_called_directly(insurer):
    """From the tables alone, in the words of the documentation."""
    people, made = insurer.customers, insurer.referrals
    start, end = insurer.period.recording_start, insurer.period.observed_until
    last = people["left"].fillna(end).clip(upper=end)
    joined = made.merge(people[["customer", "acquired"]].assign(last=last), left_on="referrer", right_on="customer")
    inside = joined[joined["date"].between(joined["acquired"].clip(lower=start), joined["last"])]
    first = people["customer"].map(inside.groupby("referrer")["date"].min())
    time = ((first.fillna(last) - people["acquired"]).dt.days + 1).astype(float)
    event = first.notna() & (time <= 365)
    time, entry = time.clip(upper=365), (start - people["acquired"]).dt.days.clip(lower=0).astype(float)
    seen = time > entry
    direct = SurvfuncRight(time[seen], event[seen].astype(float), entry=entry[seen])
    timing = tpm.referral_timing(insurer)
    assert timing.table["n"].iloc[0] == seen.sum()
    assert timing.table["events"].iloc[0] == event[seen].sum()
    inner = timing.curve[(timing.curve["time"] > 0) & (timing.curve["time"] <= direct.surv_times[-1])]
    assert_allclose(inner["time"], direct.surv_times)
    assert_allclose(inner["estimate"], 1 - direct.surv_prob, atol=1e-12)
    assert_allclose(inner["at_risk"], direct.n_risk)
    split = tpm.referral_timing(insurer, by="segment")
    groups = people.loc[seen, "segment"]
    expected = survdiff(time[seen], event[seen].astype(float), groups, entry=entry[seen])
    assert split.log_rank.chi2 == pytest.approx(expected[0])
    assert split.log_rank.p_value == pytest.approx(expected[1])
    ratios = hazard_ratios(
        time[seen].to_numpy(), event[seen].to_numpy(), groups.to_numpy(str), level=0.95, entry=entry[seen].to_numpy()
    )
    assert_frame_equal(split.hazard_ratios, ratios)


def test_after_the_answer_it_is_the_share_of_say_do(insurer):
    timing = tpm.referral_timing(insurer, by="score")
    classes = tpm.say_do(insurer, replicates=5).classes
    assert_allclose(timing.table[["estimate", "conf_low", "conf_high"]], classes[["estimate", "conf_low", "conf_high"]])
    assert timing.table["group"].tolist() == ["promoter", "passive", "detractor"]
    assert timing.table["n"].sum() == len(Observed(insurer, "say_do").answers().answers)
    assert "since" not in timing.summary("en") and "of their answer" in timing.summary("en")


def test_sentences(linked_study):
    people = new_customers(["2023-01-01"] * 12, kind=["new"] * 6 + ["old"] * 6)
    deeds = [(f"c{place}", f"2023-0{place % 6 + 2}-01") for place in range(5)] + [("c6", "2023-12-01")]
    timing = tpm.referral_timing(linked_study(NOBODY, people, deeds), by="kind")
    assert timing.summary("en") == (
        "Within 365 days of becoming one most recommend for the first time among new (83.3%, 95% interval 43.6% to "
        "97.0%, 6 observations), fewest among old (16.7%, 3.0% to 56.4%, 6), Kaplan-Meier. The groups are not equally "
        "quick (log-rank χ² = 6.7, 1 df, p = 0.010). At any one time first recommendations come 0.09 times as often "
        "from old as from new (interval 0.01 to 0.81, Cox); nothing speaks against one ratio for the whole time."
    )
    whole = tpm.referral_timing(linked_study(NOBODY, people, deeds))
    assert whole.summary("en") == (
        "Within 365 days of becoming one, 50.0% of the customers recommend for the first time (95% interval 25.4% to "
        "74.6%, Kaplan-Meier; 6 of 12 were seen to). Half of them have done so after 335 days (interval 91 to –)."
    )


def test_small_groups_are_withheld_and_not_compared(linked_study):
    people = new_customers(["2023-01-01"] * 9, kind=["large"] * 7 + ["small"] * 2)
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-03-01"), ("c8", "2023-03-01")]), by="kind")
    small = timing.table.set_index("group").loc["small"]
    assert small["n"] == 2 and small.drop("n").isna().all()
    assert timing.curve["group"].unique().tolist() == ["large"]
    assert np.isnan(timing.log_rank.chi2) and timing.hazard_ratios.empty
    assert "Withheld, because they hold fewer than 5 customers: small." in [c.text("en") for c in timing.caveats]


@pytest.mark.parametrize("by", ["perspective", "bought_again", "what_said", "nothing"])
def test_what_is_no_property_of_a_customer_is_refused(linked_study, by):
    people = new_customers(["2023-01-01"] * 2, segment=["a", "a"], bought_again=[True, False], what_said=["x", "y"])
    listed = "by can be one of 'score', 'segment'."
    with pytest.raises(ValueError, match=f"^by='{by}' is no property of a customer before the first .*; {listed}$"):
        tpm.referral_timing(linked_study(NOBODY, people), by=by)


@pytest.mark.parametrize("horizon", [0, 1.5, True, "year"])
def test_a_horizon_that_is_none(linked_study, horizon):
    with pytest.raises(ValueError, match=f"^horizon must be a whole number of days, at least 1; got {horizon!r}.$"):
        tpm.referral_timing(linked_study(NOBODY), horizon=horizon)


def test_answers_that_may_not_be_tied_to_deeds(linked_study):
    study = linked_study(NOBODY, linkage={"permitted": False})
    assert tpm.referral_timing(study).table["n"].iloc[0] == 0  # customers need no link; z came long ago
    with pytest.raises(DataError, match="answers that may be tied to customers, for referral_timing"):
        tpm.referral_timing(study, by="score")


def test_nobody_recommended(linked_study):
    timing = tpm.referral_timing(linked_study(NOBODY, new_customers(["2023-01-01"] * 6, segment=["a"] * 3 + ["b"] * 3)))
    assert timing.table["estimate"].iloc[0] == 0.0
    assert timing.table["conf_high"].iloc[0] > 0.2
    assert "no median" in timing.summary("en")
    split = tpm.referral_timing(
        linked_study(NOBODY, new_customers(["2023-01-01"] * 12, segment=["a", "b"] * 6)), by="segment"
    )
    assert "0.0% recommend for the first time in a and b" in split.summary("en")
    assert "cannot be tested: there is nothing to compare" in split.summary("en")
    assert "In a and b nobody recommended within the horizon" in " ".join(c.text("en") for c in split.caveats)


def test_nobody_was_watched_for_so_long(linked_study):
    timing = tpm.referral_timing(linked_study(NOBODY, new_customers(["2024-12-01"] * 3)))
    assert timing.table["estimate"].isna().all()
    assert timing.summary("en").startswith(
        "How many recommend within 365 days cannot be said: of 3 observations none was"
    )
    nobody = tpm.referral_timing(linked_study(NOBODY, new_customers(["2025-06-01"])))
    assert nobody.table["n"].tolist() == [0]
    assert nobody.summary("en").startswith("How many recommend within 365 days cannot be said: of 0 observations")


def test_the_input_is_unchanged(insurer):
    before = insurer.customers.copy(deep=True), insurer.referrals.copy(deep=True)
    tpm.referral_timing(insurer, by="segment")
    assert_frame_equal(insurer.customers, before[0])
    assert_frame_equal(insurer.referrals, before[1])


@pytest.mark.slow
def test_equal_hazards_are_told_apart_as_often_as_the_level_says(linked_study):
    """60 fixed seeds, one hazard, unequal leaving: log-rank below .05 in at most 8 (binomial, 99 %)."""
    found = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n, start = 300, pd.Timestamp("2023-01-01")
        kind = np.repeat(["a", "b"], n // 2)
        leaves = np.ceil(rng.exponential(np.where(kind == "a", 200, 900))).astype(int)
        deed = np.ceil(rng.exponential(400, n)).astype(int)
        names = np.arange(n)
        people = {
            "customer": names, "acquired": start, "kind": kind,
            "left": pd.Series(start + pd.to_timedelta(leaves, "D")).where(leaves < 700),
        }  # fmt: skip
        made = pd.DataFrame({"referrer": names, "date": start + pd.to_timedelta(deed, "D")})[deed < leaves]
        timing = tpm.referral_timing(linked_study({**NOBODY, "customer": [0]}, people, made), by="kind")
        found += timing.log_rank.p_value < 0.05
    assert found <= 8


LOWER = (
    "Recommendations that nobody recorded count as not made, so the shares are lower bounds; a group that is quicker "
    "need not be so because of what sets it apart."
)


def test_nobody_was_watched_so_long_in_words(linked_study):
    one = tpm.referral_timing(linked_study(NOBODY, new_customers(["2024-12-01"])))
    assert one.summary("en") == (
        "How many recommend within 365 days cannot be said: of 1 observation none was in a group large enough and "
        "watched that long."
    )
    two = tpm.referral_timing(linked_study(NOBODY, new_customers(["2024-12-01"] * 2)), horizon=40)
    assert two.summary("en") == (
        "How many recommend within 40 days cannot be said: of 2 observations none was in a group large enough and "
        "watched that long."
    )
    assert read(two.caveats, "en") == LOWER


@pytest.mark.parametrize(("horizon", "n", "events"), [(30, 2, 0), (31, 2, 1), (32, 2, 1)])
def test_the_last_day_of_the_horizon_counts(linked_study, horizon, n, events):
    """c0 recommends on its 31st day; c1 is watched from New Year's Day on, its 11th day."""
    people = new_customers(["2023-01-01", "2022-12-22"])
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-01-31")]), horizon=horizon)
    (row,) = timing.table.to_dict("records")
    assert (row["n"], row["events"]) == (n, events)
    assert row["estimate"] == events / 2
    assert timing.curve["at_risk"].tolist() == ([1, 2, 1] if horizon == 32 else [1, 2])
    assert timing.caveats[0].text("en") == (
        "1 customer came before recommendations were recorded and enters late; what counts is the first one that was "
        "recorded, which need not be the first of all."
    )


def test_who_leaves_or_was_there_for_the_whole_horizon_is_not_seen(linked_study):
    """c0 is watched on its last day only, c1 came a day earlier."""
    people = new_customers(["2022-12-03", "2022-12-02", "2023-01-01"])
    timing = tpm.referral_timing(linked_study(NOBODY, people), horizon=30)
    assert timing.table["n"].tolist() == [2]
    late = tpm.referral_timing(linked_study(NOBODY, new_customers(["2022-12-03", "2022-12-04"])), horizon=40)
    assert late.caveats[0].text("en") == (
        "2 customers came before recommendations were recorded and enter late; what counts is the first one that was "
        "recorded, which need not be the first of all."
    )


def test_customers_without_a_group_are_counted_where_they_were_watched(linked_study):
    kinds = ["new"] * 3 + [None] * 2 + ["new", "old", "old"]
    people = new_customers(["2023-01-01"] * 4 + ["2020-01-01"] + ["2023-01-01"] * 3, kind=kinds)
    timing = tpm.referral_timing(linked_study(NOBODY, people, min_group=2), by="kind")
    assert read(timing.caveats, "en") == (
        "1 row without a value of kind is in no group. In new and old nobody recommended within the horizon, so no "
        "ratio "
        "of hazards can be given. " + LOWER
    )
    assert timing.table["n"].tolist() == [4, 2]


def answered(make, scores, referrals=(), **more):
    """One answer each on 1 February 2023."""
    names = [f"c{place}" for place in range(len(scores))]
    return make(
        {"customer": names, "date": "2023-02-01", "recommend": scores, **more}, referrals=referrals, min_group=2
    )


def test_after_the_answer_in_words(linked_study):
    made = [("c0", "2023-02-11"), ("c1", "2023-03-03"), ("c4", "2023-02-21")]
    timing = tpm.referral_timing(answered(linked_study, [9.0, 9.0, 10.0, 3.0, 4.0, 5.0, 7.0], made), by="score")
    two, one = (
        " to ".join(f"{100 * end:.1f}%" for end in proportion_confint(count, 3, method="wilson")) for count in (2, 1)
    )
    chi2, p = survdiff(np.array([10, 30, 365, 365, 20, 365]), np.array([1, 1, 0, 0, 1, 0]), np.repeat(["a", "b"], 3))
    assert timing.summary("en").startswith(
        f"Within 365 days of their answer most recommend for the first time among promoters (66.7%, 95% interval "
        f"{two}, 3 observations), fewest among detractors (33.3%, {one}, 3), Kaplan-Meier. That the groups differ is "
        f"not shown (log-rank χ² = {chi2:.1f}, 1 df, p = {p:.3f}). At any one time first recommendations come "
    )
    assert read(timing.caveats, "en") == ("Withheld, because they hold fewer than 2 customers: passives. " + LOWER)


@pytest.mark.parametrize(
    ("scores", "weights", "said"),
    [
        ([9.0, 9.0, np.nan, 3.0, 3.0], [1.0] * 5, "1 answer without a score or a weight does not count. "),
        ([9.0, 9.0, np.nan, 3.0, 3.0, 9.0], [1.0] * 5 + [0.0], "2 answers without a score or a weight do not count. "),
    ],
)
def test_answers_that_do_not_count_and_weights_that_the_tests_do_not_know(linked_study, scores, weights, said):
    study = answered(linked_study, scores, [("c0", "2023-02-11"), ("c3", "2023-02-11")], weight=weights)
    timing = tpm.referral_timing(study, by="score")
    assert read(timing.caveats, "en") == (
        said
        + "Withheld, because they hold fewer than 2 customers: passives. The log-rank test and the ratio of hazards "
        "know no weights; the shares use them. " + LOWER
    )
    assert timing.table["n"].tolist() == [2, 0, 2]


def test_nothing_to_compare_in_words(linked_study):
    timing = tpm.referral_timing(answered(linked_study, [9.0, 9.0, 3.0, 3.0]), by="score")
    assert timing.summary("en") == (
        "Within 365 days of their answer, 0.0% recommend for the first time in promoters and detractors, Kaplan-Meier. "
        "Whether the groups differ cannot be tested: there is nothing to compare."
    )
    assert read(timing.caveats, "en") == (
        "Withheld, because they hold fewer than 2 customers: passives. In promoters and detractors nobody recommended "
        "within the horizon, so no ratio of hazards can be given. " + LOWER
    )


RATIOS = pd.DataFrame(
    {"group": ["passive", "detractor"], "reference": "promoter", "estimate": [1.5, 0.5], "conf_low": [0.9, 0.25],
     "conf_high": [2.5, 1.0], "trend_p_value": [0.4, 0.05]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("trends", "level", "words"),
    [
        ((0.4, 0.06), 0.95, "At any one time first recommendations come 0.50 times as often from detractors as from "
         "promoters (interval 0.25 to 1.00, Cox); nothing speaks against one ratio for the whole time."),
        ((0.4, 0.04), 0.95, "Over the whole time first recommendations come 0.50 times as often from detractors as "
         "from promoters (interval 0.25 to 1.00, Cox), but the ratio changes with time for detractors: read the "
         "curves."),
        ((0.09, 0.06), 0.9, "Over the whole time first recommendations come 0.50 times as often from detractors as "
         "from promoters (interval 0.25 to 1.00, Cox), but the ratio changes with time for passives and detractors: "
         "read the curves."),
    ],
)  # fmt: skip
def test_the_ratio_that_is_furthest_from_one(trends, level, words):
    """Half is further from 1 than one and a half, on the scale of ratios."""
    result = SimpleNamespace(hazard_ratios=RATIOS.assign(trend_p_value=trends), settings={"level": level})
    (sentence,) = _ratio(result)
    assert sentence.text("en") == words
    assert _ratio(SimpleNamespace(hazard_ratios=RATIOS.head(0), settings={"level": level})) == ()


def test_half_of_them_exactly_is_a_median(linked_study):
    """Of four watched for the year one recommends on day 2 and one on day 31."""
    people = new_customers(["2023-01-01"] * 4)
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-01-02"), ("c2", "2023-01-31")]))
    low, high = proportion_confint(2, 4, method="wilson")
    assert timing.table[["conf_low", "conf_high"]].to_numpy().tolist() == [pytest.approx([low, high])]
    assert timing.table[["median", "median_low"]].to_numpy().tolist() == [[31, 2]]
    assert np.isnan(timing.table["median_high"].iloc[0])
    assert timing.settings == {"by": None, "horizon": 365, "level": 0.95}


def test_a_share_that_falls_is_refused(linked_study):
    timing = tpm.referral_timing(linked_study(NOBODY, new_customers(["2023-01-01"] * 4), [("c0", "2023-01-02")]))
    with pytest.raises(ValueError) as caught:
        replace(timing, curve=timing.curve.assign(estimate=[0.0, 0.25, 0.2]))
    assert str(caught.value) == "a share of those who have recommended falls with time."


def test_a_p_value_at_the_limit_shows_no_difference(linked_study):
    people = new_customers(["2023-01-01"] * 12, kind=["new"] * 6 + ["old"] * 6)
    timing = tpm.referral_timing(linked_study(NOBODY, people, [("c0", "2023-02-01"), ("c6", "2023-12-01")]), by="kind")
    at = replace(timing, log_rank=replace(timing.log_rank, p_value=1 - 0.95))
    assert at.sentences()[1].text("en").startswith("That the groups differ is not shown (log-rank χ² = ")
    below = replace(timing, log_rank=replace(timing.log_rank, p_value=0.0499))
    assert below.sentences()[1].text("en").startswith("The groups are not equally quick (log-rank χ² = ")
