"""Those who answer are not everybody: a simulated bias, and the weights that take it away."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.say_do.response import LEAST, _joined, response_cells, response_weights

REFERRED = "deed == 'referred' and promoter_class == 'all'"


@pytest.fixture(scope="module")
def biased_parts():
    """Of 6,000 customers half are fans, who answer four times as often and recommend four times as often."""
    rng = np.random.default_rng(1)
    n = 6_000
    fan = rng.uniform(size=n) < 0.5
    year = rng.choice([2019, 2021], n)
    answers = rng.uniform(size=n) < np.where(fan, 0.4, 0.1)
    does = rng.uniform(size=n) < np.where(fan, 0.4, 0.1)
    names = np.arange(n)
    people = pd.DataFrame(
        {
            "customer": names,
            "acquired": [f"{number}-05-01" for number in year],
            "segment": np.where(fan, "fan", "other"),
        }
    )
    survey = pd.DataFrame({"customer": names[answers], "date": "2023-03-01"})
    survey["recommend"] = np.where(fan[answers], 9.0, 7.0)
    return survey, people, pd.DataFrame({"referrer": names[does], "date": "2023-06-01"}), does.mean()


def test_a_response_bias_is_taken_away_and_its_size_shown(biased_parts, linked_study):
    survey, people, referrals, truth = biased_parts
    study = linked_study(survey, people, referrals)
    plain, weighted = (tpm.say_do(study, replicates=5, response_weights=wanted) for wanted in (False, True))
    everybody = [
        result.deeds.query("deed == 'referred' and promoter_class == 'all'").iloc[0] for result in (plain, weighted)
    ]
    assert everybody[0]["conf_low"] > truth + 0.05  # four fans in five answers
    assert everybody[1]["conf_low"] < truth < everybody[1]["conf_high"]
    row = weighted.response.query(REFERRED).iloc[0]
    assert row["unweighted"] == everybody[0]["estimate"]
    assert row["change"] == pytest.approx(everybody[1]["estimate"] - everybody[0]["estimate"])
    groups = weighted.respondents.set_index("group")["rate"]
    assert abs(groups["respondents, weighted"] / groups["everybody"] - 1) < 0.05
    assert groups["respondents"] / groups["everybody"] > 1.2
    assert plain.response.empty and "respondents, weighted" not in set(plain.respondents["group"])
    before, after = 100 * row["unweighted"], 100 * row["estimate"]
    assert str(weighted.caveats[-1]) == (
        "Answers are weighted to all customers by segment and year of acquisition; that moves the share of all who "
        f"recommend from {before:.1f}% to {after:.1f}%, and cannot mend what sets apart those who answer inside a cell."
    )


def test_weights_bring_every_cell_to_its_share_of_customers(biased_parts, linked_study):
    survey, people, referrals, _ = biased_parts
    study = linked_study(survey, people, referrals)
    own = np.random.default_rng(2).uniform(0.5, 2, len(survey))
    factors = response_weights(Observed(study, "say_do"), survey["customer"], own)
    cell = people["segment"] + people["acquired"].str[:4]
    wanted = cell.value_counts(normalize=True)
    found = pd.Series(own * factors).groupby(cell[survey["customer"]].to_numpy()).sum()
    pd.testing.assert_series_equal((found / found.sum()).sort_index(), wanted.sort_index(), check_names=False)


def test_small_cells_join_their_neighbours():
    assert _joined(np.array([12, 3, 4, 5, 30, 2])).tolist() == [0, 1, 1, 1, 2, 2]
    assert _joined(np.array([1, 2, 3])).tolist() == [0, 0, 0]
    assert _joined(np.array([10, 10])).tolist() == [0, 1]


def test_every_cell_has_respondents_enough():
    rng = np.random.default_rng(4)
    people = pd.DataFrame(
        {
            "segment": rng.choice(["a", "b", None], 400, p=[0.6, 0.37, 0.03]),
            "acquired": pd.to_datetime(rng.choice(["2015-01-01", "2016-01-01", "2020-06-01", "2022-01-01"], 400)),
        }
    )
    answered = rng.uniform(size=400) < 0.2
    cells = response_cells(people, np.ones(400, dtype=bool), answered)
    assert len(cells) == 400
    assert (np.bincount(cells, weights=answered)[np.unique(cells)] >= LEAST).all()


def test_without_segments_or_with_a_handful_of_answers_nothing_is_weighted(linked_study):
    study = linked_study(
        {"customer": list("abc"), "date": "2023-03-01", "recommend": [9.0, 2.0, 8.0]}, referrals=[("a", "2023-04-01")]
    )
    result = tpm.say_do(study, replicates=5, response_weights=True)
    assert (result.response["change"].dropna() == 0).all()


@pytest.mark.parametrize(
    ("answered", "cells"),
    [
        ([9, 1, 10], [0, 0, 1]),  # ten are enough, and nine are not
        ([10, 9], [0, 0]),  # what follows would be too few
        ([10, 10, 9, 1], [0, 1, 2, 2]),
        ([25], [0]),
        ([0, 0], [0, 0]),
    ],
)
def test_ten_answers_make_a_cell(answered, cells):
    assert _joined(np.array(answered)).tolist() == cells


def by_segment(counts):
    """So many customers of each segment, all acquired in one year, all of whom answered."""
    segment = np.repeat(list(counts), list(counts.values()))
    return pd.DataFrame({"segment": segment, "acquired": pd.Timestamp("2021-05-01")})


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({"a": 10, "b": 12}, {"a": 1, "b": 2}),
        ({"a": 10, "b": 9}, {"a": 1, "b": 1}),  # too few for a cell of their own
        ({"a": 10, "b": 9, "c": 1}, {"a": 1, "b": 0, "c": 0}),  # both together are enough
        ({"a": 9, "b": 9}, {"a": 0, "b": 0}),
    ],
)
def test_small_segments_are_one_cell(counts, cells):
    people = by_segment(counts)
    everybody = np.ones(len(people), dtype=bool)
    found = response_cells(people, everybody, everybody)
    assert dict(zip(people["segment"], found.tolist(), strict=True)) == cells


def test_who_had_left_before_answers_for_nobody():
    people = by_segment({"a": 10, "b": 12})
    present = np.arange(22) > 0
    assert set(response_cells(people, present, np.ones(22, dtype=bool))) == {1}  # nine of a remain


def test_respondents_and_others_by_hand(linked_study):
    """a and b answered; each is watched for a year of 2023, c as well; a recommends twice, c once."""
    study = linked_study(
        {"customer": ["a", "b", "b"], "date": "2023-03-01", "recommend": 9.0},
        {"customer": list("abcd"), "acquired": "2020-01-01", "left": [None, None, None, "2022-01-01"]},
        [("a", "2023-04-01"), ("a", "2023-05-01"), ("c", "2023-06-01")],
        until="2023-12-31",
    )
    table = tpm.say_do(study, replicates=1, level=0.9).respondents.set_index("group")
    assert table["customers"].to_dict() == {"respondents": 2, "never answered": 1, "everybody": 3}
    months = 12 * 365 / 365.25
    assert table["exposure"].tolist() == pytest.approx([2 * months, months, 3 * months])
    assert table["rate"].tolist() == pytest.approx([100 / months] * 3)
    low, high = stats.gamma.ppf([0.05, 0.95], [1, 2]) * 100 / months
    assert table.loc["never answered", ["rate_low", "rate_high"]].tolist() == pytest.approx([low, high])


def test_years_of_a_segment_are_joined_and_never_mixed_with_another_segments():
    """a has two years with ten each, b one with ten and one with nine, c eleven in all, d too few."""
    counts = {("a", 2020): 10, ("a", 2021): 10, ("b", 2020): 10, ("b", 2021): 9, ("c", 2020): 5, ("c", 2021): 6,
              ("d", 2020): 3, ("e", 2020): 8}  # fmt: skip
    rows = [pair for pair, count in counts.items() for _ in range(count)]
    people = pd.DataFrame(
        {"segment": [name for name, _ in rows], "acquired": pd.to_datetime([f"{year}-05-01" for _, year in rows])}
    )
    everybody = np.ones(len(people), dtype=bool)
    cells = dict(zip(rows, response_cells(people, everybody, everybody).tolist(), strict=True))
    together = {frozenset(pair for pair in cells if cells[pair] == cell) for cell in cells.values()}
    assert together == {
        frozenset({("a", 2020)}), frozenset({("a", 2021)}), frozenset({("b", 2020), ("b", 2021)}),
        frozenset({("c", 2020), ("c", 2021)}), frozenset({("d", 2020), ("e", 2020)}),
    }  # fmt: skip
