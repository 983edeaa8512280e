"""Pictures of comparisons, coverage and sensitivity of the score: marks stand where the tables say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def regions():
    """Four groups of 60 and one of three."""
    rng = np.random.default_rng(6)
    names = np.repeat(["north", "east", "south", "west", "isle"], [60, 60, 60, 60, 3])
    scores = rng.integers(3, 11, len(names)) - 2 * (names == "east")
    return tpm.make_study(
        pd.DataFrame({"q": scores, "shop": 4, "area": names}), recommend="q", touchpoints=["shop"], segments=["area"]
    )


def test_differences_stand_where_the_table_says(regions, marks, segments, written, assert_readable):
    result = tpm.compare_scores(regions, by="area")
    ax = tpm.plot_score_comparison(result)
    shown = result.shown.sort_values("difference", ascending=False)
    assert 0 < len(shown) < 6
    assert np.allclose(marks(ax, "shown")[:, 0], shown["difference"])
    assert np.allclose(segments(ax, "shown-intervals")[:, [0, 2]], shown[["conf_low", "conf_high"]])
    assert len(marks(ax, "not-shown")) == 6 - len(shown)
    assert written(ax).count("withheld: too few answers") == 4
    assert_readable(ax)


def test_of_many_pairs_the_likeliest_are_drawn(marks, written, assert_readable):
    frame = pd.DataFrame({"q": np.tile([9, 3, 8, 10, 6], 80), "shop": 4, "area": np.repeat(list("abcdefgh"), 50)})
    frame.loc[:49, "q"] = 10
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], segments=["area"])
    ax = tpm.plot_score_comparison(tpm.compare_scores(study, by="area", adjust="benjamini_hochberg"))
    assert len(marks(ax, "shown")) == 7 and len(marks(ax, "not-shown")) == 17
    assert "p (BH)" in written(ax)
    assert_readable(ax)


def test_ways_of_computing_stand_where_the_table_says(marks, segments, assert_readable):
    """An undecided score that the European cut-offs put above 0."""
    frame = pd.DataFrame({"q": [3] * 6 + [6] * 8 + [7] * 8 + [9] * 20, "shop": 4})
    result = tpm.score_sensitivity(tpm.make_study(frame, recommend="q", touchpoints=["shop"]))
    ax = tpm.plot_score_sensitivity(result)
    same = result.table["same"]
    for gid, chosen in (("same", same), ("other", ~same)):
        assert np.allclose(marks(ax, gid)[:, 0], result.table.loc[chosen, "estimate"])
        assert np.allclose(
            segments(ax, f"{gid}-intervals")[:, [0, 2]], result.table.loc[chosen, ["conf_low", "conf_high"]]
        )
    assert ax.get_title(loc="left").startswith("The conclusion depends on how it is computed")
    assert_readable(ax)


def test_coverage_stands_where_the_table_says(marks, segments, assert_readable):
    result = tpm.score_coverage(sizes=[10, 30])
    ax = tpm.plot_score_coverage(result)
    for interval, part in result.by_size.groupby("interval"):
        assert np.allclose(marks(ax, interval)[:, 1], part["mean"])
        assert np.allclose(segments(ax, f"{interval}-intervals")[:, [1, 3]], part[["lowest", "highest"]])
    (line,) = ax.findobj(lambda artist: artist.get_gid() == "nominal")
    assert set(line.get_ydata()) == {0.95}
    assert_readable(ax)


@pytest.mark.parametrize("plot", ["plot_score_comparison", "plot_score_sensitivity", "plot_score_coverage"])
def test_a_study_is_no_result(plot, regions):
    with pytest.raises(TypeError, match=r"^result must be a Score"):
        getattr(tpm, plot)(regions)


def test_drawing_leaves_the_result_as_it_was(regions):
    result = tpm.compare_scores(regions, by="area")
    before = replace(result, table=result.table.copy())
    tpm.plot_score_comparison(result)
    pd.testing.assert_frame_equal(result.table, before.table)
