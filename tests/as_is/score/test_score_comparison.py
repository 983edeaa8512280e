"""Differences of scores: R's two-sample test, statsmodels with weights and clusters, pairs by hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

SHARED = Path(__file__).parents[3] / "../shared"
R = 1e-12  # R prints 15 digits
EXACT = 1e-9

B = np.repeat(np.arange(11), [3, 1, 2, 2, 4, 9, 11, 30, 52, 41, 45])  # case b of golden/nps.json
OTHER = np.repeat([3, 7, 9], [62, 93, 45])  # NPS −.085 among 200, the only counts that fit R's error


NO_EFFECT = "A difference of groups is no effect of what tells them apart: much else differs between them. "
ONLY_BOTH = "Only those who answered in both waves are compared; who came or left in between is not in it. "
ADJUSTED = "The p values are adjusted for the number of pairs; each interval is of its pair alone."
ROUGH = "With fewer than 20 answers in a group, an interval of a difference is too short."


def study_of(groups, **columns):
    """One group of answers per name; further columns are roles (weight, respondent, customer) of the same name."""
    frame = pd.DataFrame({"q": np.concatenate(list(groups.values())), "shop": 4})
    frame["area"] = np.repeat(list(groups), [len(scores) for scores in groups.values()])
    for name, values in columns.items():
        frame[name] = values
    return tpm.make_study(
        frame, recommend="q", touchpoints=["shop"], segments=["area"],
        **{name: name for name in columns},
    )  # fmt: skip


def waves_of(first, second, names, **columns):
    """Two waves of the same length with the names of who answered."""
    frame = pd.DataFrame({"q": [*first, *second], "shop": 4, "wave": ["w1"] * len(first) + ["w2"] * len(second)})
    frame["respondent"] = names
    for name, values in columns.items():
        frame[name] = values
    return tpm.make_study(
        frame, recommend="q", touchpoints=["shop"], wave="wave", respondent="respondent",
        **{name: name for name in columns},
    )  # fmt: skip


def test_columns_are_the_agreed_ones():
    result = tpm.compare_scores(study_of({"a": [10, 3] * 5, "b": [9, 8] * 5}), by="area")
    assert result.table.columns.tolist() == [
        "group", "other", "n", "n_other", "group_estimate", "other_estimate", "difference", "std_error",
        "conf_low", "conf_high", "p_value", "p_adjusted",
    ]  # fmt: skip
    assert result.groups["group"].tolist() == ["a", "b"]


def test_two_groups_as_r_tests_them():
    """R 4.2.2, NPS 1.1, nps.test with two samples (golden/nps.json, test.two)."""
    (row,) = tpm.compare_scores(study_of({"a": B, "b": OTHER}), by="area").table.to_dict("records")
    assert (row["group_estimate"], row["other_estimate"]) == pytest.approx((0.27, -0.085), abs=R)
    assert row["difference"] == pytest.approx(0.355, abs=R)
    assert row["std_error"] == pytest.approx(0.0722798381293151, abs=R)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((0.213334120458157, 0.496665879541843), abs=R)
    assert row["p_value"] == pytest.approx(9.03977564137293e-07, rel=1e-9)
    assert row["p_adjusted"] == row["p_value"]


def test_the_sign_of_a_difference_is_kept_where_r_drops_it():
    """R's delta is abs(nps.x − nps.y): the same for a rise and for a fall."""
    table = tpm.compare_scores(study_of({"a": OTHER, "b": B}), by="area").table
    assert table.loc[0, "difference"] == pytest.approx(-0.355, abs=R)
    assert table.loc[0, ["conf_low", "conf_high"]].tolist() == pytest.approx(
        [-0.496665879541843, -0.213334120458157], abs=R
    )


def test_the_numbers_are_those_of_the_golden_file():
    golden = SHARED / "golden/nps.json"
    if not golden.exists():
        pytest.skip("golden/nps.json is not here")
    stored = json.loads(golden.read_text())
    assert stored["cases"]["b"]["x"] == B.tolist()
    one, two = stored["test"]["one"], stored["test"]["two"]
    assert (two["delta"], two["p.value"]) == (0.355, 9.03977564137293e-07)
    # R's p of one sample is right, its interval (upper end first) is not
    assert 2 * stats.norm.sf(0.27 / 0.0508478121456568) == pytest.approx(one["p.value"], rel=1e-9)
    assert one["int"][0] > one["int"][1]
    wald = tpm.net_promoter_score(study_of({"a": B}), interval="wald").table.iloc[0]
    assert [wald["conf_low"], wald["conf_high"]] == pytest.approx(one["int"][::-1], abs=R)


def test_weights_are_in_the_error_as_in_statsmodels():
    """The difference of weighted means is a weighted regression on a dummy, its linearised error HC0."""
    rng = np.random.default_rng(4)
    scores, weight = rng.integers(0, 11, 300), rng.gamma(2, 1, 300)
    study = study_of({"a": scores[:180], "b": scores[180:]}, weight=weight)
    row = tpm.compare_scores(study, by="area").table.iloc[0]
    classes = np.where(scores > 8, 1, np.where(scores > 6, 0, -1))
    design = sm.add_constant((np.arange(300) < 180).astype(float))
    fit = sm.WLS(classes, design, weights=weight).fit(cov_type="HC0")
    assert (row["difference"], row["std_error"]) == pytest.approx((fit.params[1], fit.bse[1]), abs=EXACT)
    assert row["p_value"] == pytest.approx(fit.pvalues[1], rel=1e-6)


def test_answers_of_one_person_are_one_cluster_as_in_statsmodels():
    rng = np.random.default_rng(8)
    scores, customer = rng.integers(0, 11, 240), rng.integers(0, 90, 240)
    study = study_of({"a": scores[:140], "b": scores[140:]}, customer=customer.astype(str))
    result = tpm.compare_scores(study, by="area")
    classes = np.where(scores > 8, 1, np.where(scores > 6, 0, -1))
    design = sm.add_constant((np.arange(240) < 140).astype(float))
    fit = sm.OLS(classes, design).fit(cov_type="cluster", cov_kwds={"groups": customer, "use_correction": False})
    assert result.table.loc[0, "std_error"] == pytest.approx(fit.bse[1], abs=EXACT)
    shared = len(set(customer[:140]) & set(customer[140:]))
    assert read(result.caveats, "en") == (
        f"{NO_EFFECT}Up to {shared} persons answered in both groups of a pair; their answers are compared as pairs."
    )


def test_paired_waves_are_the_paired_difference():
    """By hand: differences 1, 1, 0, 0, −1, 2, 0, 0 of eight persons; two more answered once only."""
    first, second = [8, 3, 9, 7, 10, 0, 8, 2, 0], [9, 7, 10, 8, 8, 9, 7, 4, 10]
    names = [*"abcdefgh", "x", *"abcdefgh", "y"]
    result = tpm.compare_scores(waves_of(first, second, names), by="wave", paired=True)
    (row,) = result.table.to_dict("records")
    change = np.array([1, 1, 0, 0, -1, 2, 0, 0])
    assert (row["group"], row["other"], row["n"], row["n_other"]) == ("w2", "w1", 8, 8)
    assert row["difference"] == pytest.approx(change.mean())
    assert row["std_error"] == pytest.approx(change.std() / np.sqrt(8))
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(change.mean() / (change.std() / np.sqrt(8))))
    assert "paired z test" in result.summary("en")
    assert str(result.caveats[0]) == (
        "Only those who answered in both waves are compared; who came or left in between is not in it."
    )
    everybody = tpm.compare_scores(waves_of(first, second, names), by="wave").table.loc[0]
    assert everybody["n"] == 9 and everybody["difference"] != pytest.approx(change.mean())


def test_paired_agrees_with_the_t_test_of_pairs_in_a_large_sample():
    rng = np.random.default_rng(2)
    first, second = rng.integers(4, 11, (2, 4000))
    result = tpm.compare_scores(waves_of(first, second, [*range(4000)] * 2), by="wave", paired=True)
    classes = [np.where(scores > 8, 1, np.where(scores > 6, 0, -1)) for scores in (second, first)]
    assert result.table.loc[0, "p_value"] == pytest.approx(stats.ttest_rel(*classes).pvalue, rel=2e-3)


def test_all_pairs_of_many_groups_and_both_adjustments():
    groups = {
        "a": [10] * 30 + [0] * 10,
        "b": [10] * 20 + [0] * 20,
        "c": [10] * 10 + [0] * 30,
        "d": [10] * 18 + [0] * 22,
    }
    holm = tpm.compare_scores(study_of(groups), by="area")
    assert [*zip(holm.table["group"], holm.table["other"], strict=True)] == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
    ]  # fmt: skip
    p = holm.table["p_value"].to_numpy()
    order = np.argsort(p)
    by_hand = np.minimum(np.maximum.accumulate(p[order] * np.arange(6, 0, -1)), 1)
    assert holm.table["p_adjusted"].to_numpy()[order] == pytest.approx(by_hand)
    benjamini = tpm.compare_scores(study_of(groups), by="area", adjust="benjamini_hochberg")
    assert benjamini.table["p_adjusted"].to_numpy() == pytest.approx(stats.false_discovery_control(p))
    assert holm.summary("en") == (
        "2 of 6 pairs differ by more than chance (p after Holm): a – c and a – d. The largest difference: a +50.0 "
        "(n = 40), c −50.0 (n = 40); difference +100.0 points (95% interval +62.0 to +138.0, two-sample z test, "
        "p < 0.001)."
    )


def test_small_groups_are_withheld_and_named():
    result = tpm.compare_scores(study_of({"a": [10, 3] * 20, "b": [9, 8] * 20, "c": [0] * 4}), by="area")
    assert result.table["difference"].notna().tolist() == [True, False, False]
    assert result.table["n_other"].tolist() == [40, 4, 4]
    assert "Withheld, because they hold fewer than 5 answers: c." in map(str, result.caveats)
    assert result.groups["estimate"].notna().tolist() == [True, True, False]


@pytest.mark.parametrize("groups", [{"a": [10] * 6, "b": [0] * 6}, {"a": [10] * 3, "b": [0] * 3}])
def test_what_cannot_be_tested_is_said(groups):
    result = tpm.compare_scores(study_of(groups), by="area")
    assert result.table["p_value"].isna().all()
    assert result.summary("en") == "No two groups could be compared: too few answers, or all of them alike."


def test_weights_of_zero_and_missing_answers_do_not_count():
    study = study_of({"a": [10.0, 3, np.nan, 9, 9, 3, 0], "b": [9, 8, 3, 10, 10, 3, 7]}, weight=[1] * 6 + [0] + [1] * 7)
    result = tpm.compare_scores(study, by="area")
    assert result.table.loc[0, ["n", "n_other"]].tolist() == [5, 7]
    assert [str(caveat) for caveat in result.caveats[:2]] == [
        "1 answer gives no score.", "1 answer has no weight, or weight 0, and does not count.",
    ]  # fmt: skip


def test_waves_in_a_list_are_waves():
    study = waves_of([8, 3, 9, 7, 10], [9, 7, 10, 8, 8], [*"abcdeabcde"])
    for paired in (False, True):
        table = tpm.compare_scores(study, by=["wave"], paired=paired).table
        assert table[["group", "other"]].to_numpy().tolist() == [["w2", "w1"]]


def test_one_group_is_nothing_to_compare():
    with pytest.raises(DataError) as caught:
        tpm.compare_scores(study_of({"a": [10, 3, 9]}), by="area")
    assert str(caught.value) == (
        "survey, column 'area': found 'a', expected at least two groups to compare. Split by a column in which the "
        "answers differ."
    )


def test_pairs_need_to_know_who_answered():
    frame = pd.DataFrame({"q": [9, 3] * 6, "shop": 4, "wave": ["w1", "w2"] * 6})
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], wave="wave")
    with pytest.raises(DataError) as caught:
        tpm.compare_scores(study, by="wave", paired=True)
    assert str(caught.value) == (
        "survey, column 'respondent': expected values of this role for compare_scores. Name the column that plays this "
        'role under [survey] in study.toml: respondent = "…".'
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"adjust": "bonferroni"}, "adjust must be one of 'holm', 'benjamini_hochberg'; got 'bonferroni'."),
        (
            {"paired": True},
            "paired=True compares the same persons in two waves: by must be 'wave'; got 'area'.",
        ),
        ({"level": 95}, "level must be a number between 0 and 1, such as 0.95; got 95."),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.compare_scores(study_of({"a": [10, 3], "b": [9, 8]}), by="area", **options)
    assert str(caught.value) == message


def test_the_input_stays_as_it_was():
    study = study_of({"a": [10, 3] * 5, "b": [9, 8] * 5})
    before = study.data_hash
    tpm.compare_scores(study, by="area")
    assert study.data_hash == before


@settings(max_examples=10)
@given(
    one=st.lists(st.integers(0, 10), min_size=6, max_size=30),
    two=st.lists(st.integers(0, 10), min_size=6, max_size=30),
    scale=st.floats(0.01, 100),
)
def test_invariants(one, two, scale):
    """Turning the groups round turns the difference; weights have no unit; without them z is built from the scores."""
    study = study_of({"a": one, "b": two})
    row = tpm.compare_scores(study, by="area").table.iloc[0]
    turned = tpm.compare_scores(study_of({"a": two, "b": one}), by="area").table.iloc[0]
    heavy = tpm.compare_scores(study_of({"a": one, "b": two}, weight=scale), by="area").table.iloc[0]
    groups = tpm.net_promoter_score(study, by="area").table
    assert turned["difference"] == pytest.approx(-row["difference"], abs=EXACT)
    assert heavy["std_error"] == pytest.approx(row["std_error"], abs=EXACT)
    assert row["std_error"] == pytest.approx(np.hypot(*groups["std_error"]), abs=EXACT)
    assert row["difference"] == pytest.approx(groups["estimate"].iloc[0] - groups["estimate"].iloc[1], abs=EXACT)


AIRPORT = SHARED / "data/airport_2017/survey.csv"


@pytest.mark.parametrize(
    ("weighted", "scores", "interval"),
    [(False, (0.4365, 0.1877), (0.1595, 0.3380)), (True, (0.4399, 0.1956), (0.1462, 0.3424))],
)
def test_airport_travellers_with_and_without_a_problem(weighted, scores, interval):
    """The unweighted scores and sizes were computed independently; the intervals follow from scores and sizes."""
    if not AIRPORT.exists():
        pytest.skip("the airport survey of 2017 is not here")
    frame = pd.read_csv(AIRPORT, low_memory=False)
    frame["problem"] = frame["Q15PROBLEM"].map({1: "yes", 2: "no"})
    study = tpm.make_study(
        frame, recommend="NETPRO", touchpoints=["Q7ART"], not_experienced=(6,), no_answer=(0, 11),
        weight="WEIGHT" if weighted else None, segments=["problem"],
    )  # fmt: skip
    (row,) = tpm.compare_scores(study, by="problem").table.to_dict("records")
    assert (row["group"], row["n"], row["other"], row["n_other"]) == ("no", 2330, "yes", 309)
    assert (row["group_estimate"], row["other_estimate"]) == pytest.approx(scores, abs=5e-5)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx(interval, abs=5e-5)
    assert row["p_value"] < 2e-6


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((20, 20, 0), NO_EFFECT[:-1]),
        ((20, 19, 0), NO_EFFECT + ROUGH),
        ((20, 20, 20), NO_EFFECT + ADJUSTED),
        ((20, 20, 4), "Withheld, because they hold fewer than 5 answers: c. " + NO_EFFECT[:-1]),
        ((20, 20, 5), NO_EFFECT + ADJUSTED + " " + ROUGH),
    ],
)
def test_what_a_reader_of_differences_has_to_know(sizes, said):
    groups = {name: ([10, 3] * 10)[:size] for name, size in zip("abc", sizes, strict=True) if size}
    assert read(tpm.compare_scores(study_of(groups), by="area").caveats, "en") == said


def test_what_is_alike_cannot_be_tested():
    """All of a are promoters, all of b and c passives: neither difference varies, and one pair is left."""
    result = tpm.compare_scores(study_of({"a": [10] * 20, "b": [8] * 20, "c": [7] * 19 + [3]}), by="area")
    assert result.table["p_value"].isna().tolist() == [True, False, False]
    assert read(result.caveats, "en") == (
        NO_EFFECT + ADJUSTED + " Where all answers within each group are alike, a difference cannot be tested."
    )


@pytest.mark.parametrize(
    ("b", "words"),
    [
        ([0] * 20, "1 of 1 pair differs by more than chance (p after Benjamini–Hochberg)."),
        ([10, 3] * 10, "0 of 1 pair differs by more than chance (p after Benjamini–Hochberg)."),
    ],
)
def test_one_pair_of_several_could_be_tested(b, words):
    study = study_of({"a": [10, 3] * 10, "b": b, "c": [0] * 4})
    result = tpm.compare_scores(study, by="area", adjust="benjamini_hochberg")
    assert result.sentences()[0].text("en") == words


def test_none_of_several_pairs_differs():
    study = study_of({name: [10, 3] * 10 for name in "abc"})
    assert tpm.compare_scores(study, by="area").sentences()[0].text("en") == (
        "0 of 3 pairs differ by more than chance (p after Holm): none."
    )


def test_one_pair_is_read_with_both_scores():
    """Wald's interval at 90 %: the error of a difference of 0 and of .5 among twenty each."""
    result = tpm.compare_scores(study_of({"a": [10, 3] * 10, "b": [10] * 15 + [3] * 5}), by="area", level=0.9)
    error = np.sqrt((1 + 0.75) / 20)
    low, high = (100 * (-0.5 + sign * stats.norm.ppf(0.95) * error) for sign in (-1, 1))
    assert result.summary("en") == (
        f"a 0.0 (n = 20), b +50.0 (n = 20); difference −50.0 points (90% interval −{-low:.1f} to −{-high:.1f}, "
        f"two-sample z test, p = {2 * stats.norm.sf(0.5 / error):.3f})."
    )
    assert result.settings == {"by": "area", "cutoffs": (6, 8), "adjust": "holm", "paired": False, "level": 0.9}


@pytest.mark.parametrize(
    ("waves", "said"),
    [
        ((10, 10), ONLY_BOTH + ROUGH),
        ((10, 10, 4), "Withheld, because they hold fewer than 5 answers: w3. " + ONLY_BOTH
         + "2 pairs of waves are withheld: fewer than 5 persons answered in both. " + ROUGH),
        ((10, 4), "Withheld, because they hold fewer than 5 answers: w2. " + ONLY_BOTH
         + "1 pair of waves is withheld: fewer than 5 persons answered in both."),
        ((10, 5), ONLY_BOTH + ROUGH),
    ],
)  # fmt: skip
def test_what_a_reader_of_pairs_has_to_know(waves, said):
    """Of ten persons the first so many answered in each wave."""
    names = [f"w{place}" for place in range(1, len(waves) + 1)]
    frame = pd.DataFrame({
        "q": np.concatenate([([3, 10, 8, 9, 0] * 2)[:size] for size in waves]),
        "wave": np.repeat(names, waves), "respondent": np.concatenate([np.arange(size) for size in waves]), "shop": 4,
    })  # fmt: skip
    frame.loc[frame["wave"] == "w2", "q"] += 1
    frame["q"] = frame["q"].clip(upper=10)
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], wave="wave", respondent="respondent")
    assert read(tpm.compare_scores(study, by="wave", paired=True).caveats, "en") == said


def test_a_difference_that_is_none_is_refused():
    result = tpm.compare_scores(study_of({"a": [10, 3] * 5, "b": [9, 8] * 5}), by="area")
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(difference=-result.table["difference"]))
    assert str(caught.value) == "Each difference is the group's score minus the other's."


def test_a_p_value_at_the_limit_is_shown():
    result = tpm.compare_scores(study_of({"a": [10, 3] * 5, "b": [9, 8] * 5}), by="area", level=0.9)
    at = replace(result, table=result.table.assign(p_adjusted=1 - 0.9))
    assert len(at.shown) == 1
    assert len(replace(result, table=result.table.assign(p_adjusted=0.101)).shown) == 0


def test_two_pairs_of_waves_are_adjusted():
    """All ten answered in w1, the first five in w2, the others in w3."""
    names = [*range(10), *range(5), *range(5, 10)]
    frame = pd.DataFrame({"q": [3, 10, 8, 9, 0] * 4, "wave": np.repeat(["w1", "w2", "w3"], [10, 5, 5]), "shop": 4})
    frame["respondent"] = names
    frame.loc[frame["wave"] != "w1", "q"] = [9, 10, 7, 2, 0] * 2
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], wave="wave", respondent="respondent")
    result = tpm.compare_scores(study, by="wave", paired=True)
    assert result.table["difference"].notna().tolist() == [True, True, False]
    assert read(result.caveats, "en") == (
        ONLY_BOTH + "1 pair of waves is withheld: fewer than 5 persons answered in both. " + ADJUSTED + " " + ROUGH
    )
