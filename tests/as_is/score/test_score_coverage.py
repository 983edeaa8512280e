"""What the intervals promise, held against every possible sample: the acceptance of the score's intervals."""

from dataclasses import replace

import pytest

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def coverage():
    return tpm.score_coverage()


def test_the_grid_leaves_out_what_cannot_be(coverage):
    """17 scores from −.8 to .8 and passive shares .1 to .5: 17 + 17 + 15 + 13 + 11 combinations can be."""
    truths = coverage.table[["score", "passives"]].drop_duplicates()
    assert len(truths) == 73
    assert (truths["score"].abs() <= 1 - truths["passives"] + 1e-9).all()
    assert len(coverage.table) == 3 * 4 * 73
    assert coverage.table.columns.tolist() == ["interval", "n", "score", "passives", "coverage", "width"]
    assert coverage.by_size.columns.tolist() == ["interval", "n", "lowest", "mean", "highest", "width"]


@pytest.mark.parametrize(("interval", "n", "low", "high"), [
    ("adjusted_wald", 20, 0.91, 0.98),
    *((interval, n, 0.93, 0.97) for interval in ("adjusted_wald", "score") for n in (50, 100, 200)),
])  # fmt: skip
def test_adjusted_wald_and_score_keep_their_promise(coverage, interval, n, low, high):
    cells = coverage.table.query("interval == @interval and n == @n")["coverage"]
    assert cells.between(low, high).all()


def test_the_score_interval_misses_in_two_cells_of_20_answers(coverage):
    """±70 points with 30 % passives, where one class is empty: 98.3 %. All 71 others lie in 91 … 98 %."""
    cells = coverage.table.query("interval == 'score' and n == 20")
    missed = cells[~cells["coverage"].between(0.91, 0.98)]
    assert missed[["score", "passives"]].to_numpy().tolist() == [[-0.7, 0.3], [0.7, 0.3]]
    assert missed["coverage"].tolist() == pytest.approx([0.9829, 0.9829], abs=5e-5)


def test_wald_does_not_keep_it(coverage):
    lowest = coverage.by_size.query("interval == 'wald'").set_index("n")["lowest"]
    assert lowest[20] < 0.87 and lowest[50] < 0.91
    assert lowest.is_monotonic_increasing


def test_turning_the_scale_round_changes_nothing(coverage):
    table = coverage.table.set_index(["interval", "n", "passives", "score"])["coverage"]
    turned = coverage.table.assign(score=-coverage.table["score"]).set_index(["interval", "n", "passives", "score"])
    assert turned["coverage"].sort_index().to_numpy() == pytest.approx(table.sort_index().to_numpy(), abs=1e-9)


def test_the_sentences():
    result = tpm.score_coverage(sizes=[20, 50], intervals=["adjusted_wald"])
    assert result.summary("en") == (
        "Where 95% are promised, adjusted Wald covers 91.3% to 96.3% with n = 20 and 93.3% to 96.1% with n = 50 "
        "(exact, over 73 true scores and shares of passives)."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"intervals": ["bootstrap"]}, "intervals must be one of 'adjusted_wald', 'score', 'wald'; got 'bootstrap'."),
        ({"sizes": []}, "Give at least one interval and one size."),
        ({"sizes": [20.5]}, "sizes must be whole numbers from 1 to 1000; got 20.5."),
        ({"scores": [30]}, "scores must lie between -1 and 1; got 30."),
        ({"passives": [-0.1]}, "passives must lie between 0 and 1; got -0.1."),
        (
            {"scores": [0.8], "passives": [0.5]},
            "No score fits a share of passives: |score| can be at most 1 - passives.",
        ),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.score_coverage(**options)
    assert str(caught.value) == message


def test_what_the_interval_promises_is_for_independent_answers():
    result = tpm.score_coverage(sizes=[1, 5], intervals=["wald", "wald"], passives=[0.2], scores=[0], level=0.9)
    assert [caveat.text("en") for caveat in result.caveats] == [
        "Exact for independent answers of equal weight; weights make as if there were fewer."
    ]
    assert result.settings == {"sizes": (1, 5), "intervals": ("wald",), "level": 0.9}
    assert result.table[["n", "score", "passives"]].to_numpy().tolist() == [[1, 0, 0.2], [5, 0, 0.2]]
    # one answer has no spread: its interval is a point, and holds a score of 0 only where it is a passive
    assert result.table["coverage"].iloc[0] == pytest.approx(0.2)
    assert result.by_size["lowest"].tolist() == result.by_size["highest"].tolist()


@pytest.mark.parametrize("sizes", [[0], [1001], [True]])
def test_sizes_from_one_to_a_thousand(sizes):
    with pytest.raises(ValueError) as caught:
        tpm.score_coverage(sizes=sizes)
    assert str(caught.value) == f"sizes must be whole numbers from 1 to 1000; got {sizes[0]!r}."


def test_the_ends_of_scores_and_of_passives_belong_to_them():
    """At a score of ±1 nobody is a passive, at a share of 1 everybody."""
    truths = tpm.score_coverage(sizes=[3], scores=[-1, 0, 1], passives=[0, 1], intervals=["wald"]).table
    assert truths[["score", "passives"]].to_numpy().tolist() == [[-1, 0], [0, 0], [0, 1], [1, 0]]


def test_a_coverage_that_is_none_is_refused():
    result = tpm.score_coverage(sizes=[3], scores=[0], passives=[0.2], intervals=["wald"])
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError) as caught:
            replace(result, table=result.table.assign(coverage=wrong))
        assert str(caught.value) == "A coverage lies outside 0…1."


def test_sizes_and_intervals_stay_in_the_order_in_which_they_were_given():
    result = tpm.score_coverage(sizes=[5, 3], scores=[0, 0.5], passives=[0.2], intervals=["wald", "score"])
    order = [["wald", 5], ["wald", 3], ["score", 5], ["score", 3]]
    assert result.by_size[["interval", "n"]].to_numpy().tolist() == order
    assert result.table.index.tolist() == list(range(8))
