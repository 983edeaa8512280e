"""Pictures of importance: every mark stands where its result says."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

SWISS = pd.read_csv(Path(__file__).parents[3] / "golden" / "swiss.csv", index_col=0)


def test_intervals_and_noise_stand_where_they_are(result_of, marks, segments):
    result = result_of("plot_importance_intervals")
    ax = tpm.plot_importance_intervals(result)
    table = result.table.sort_values("importance", ascending=False)
    drawn = np.vstack([marks(ax, "told"), marks(ax, "noise")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], table["importance"])
    lines = np.vstack([segments(ax, "told-intervals"), segments(ax, "noise-intervals")])
    assert np.allclose(lines[np.argsort(lines[:, 1])][:, [0, 2]], table[["conf_low", "conf_high"]])
    assert len(marks(ax, "noise")) == (result.noise["p_value"] > 0.05).sum()
    assert np.allclose(np.sort(segments(ax, "random")[:, 0]), np.sort(result.noise["random_high"]))


def test_ranks_stand_beside_the_intervals(written):
    bootstrap = tpm.importance_intervals(SWISS, outcome="Fertility", replicates=200)
    assert "1–4" in written(tpm.plot_importance_intervals(bootstrap))
    assert "First three" in written(tpm.plot_importance_intervals(bootstrap))
    derived = tpm.plot_importance_intervals(tpm.importance_intervals(SWISS, outcome="Fertility", how="influence"))
    assert derived.get_title(loc="left") == "Education explains most of Fertility, but its rank may be 4 as well"
    assert "First three" not in written(derived)


def test_lines_of_conditional_dominance(marks, assert_readable):
    result = tpm.dominance(SWISS, outcome="Fertility")
    ax = tpm.plot_dominance(result)
    expected = result.conditional[["size", "gain"]].to_numpy()
    drawn = marks(ax, "gain")
    assert np.allclose(drawn[np.lexsort(drawn.T)], expected[np.lexsort(expected.T)])
    assert ax.get_title(loc="left") == "Education adds most to Fertility, whatever the number of others beside it"
    assert_readable(ax)


def test_mcfadden_names_its_measure(written):
    frame = SWISS.assign(high=(SWISS["Fertility"] > 70).astype(int)).drop(columns="Fertility")
    ax = tpm.plot_dominance(tpm.dominance(frame, outcome="high", metric="mcfadden"))
    assert "percent of McFadden's R²" in written(ax)


@pytest.mark.parametrize("method", ["last", "first", "betasq", "pratt"])
def test_methods_that_do_not_divide_are_drawn_as_what_they_are(method, assert_readable, written, bars):
    result = tpm.relative_importance(SWISS, outcome="Fertility", method=method)
    ax = tpm.plot_relative_importance(result)
    column = "share" if method == "pratt" else "importance"
    drawn = np.concatenate([bars(ax, "share"), bars(ax, "share-other")])
    assert np.allclose(np.sort(drawn), np.sort(result.table[column]))
    assert "never negative" not in written(ax)
    assert_readable(ax)


def test_one_predictor(assert_readable):
    one = SWISS[["Fertility", "Education"]]
    for ax in (
        tpm.plot_dominance(tpm.dominance(one, outcome="Fertility")),
        tpm.plot_importance_intervals(tpm.importance_intervals(one, outcome="Fertility", replicates=100)),
    ):
        assert ax.get_title(loc="left") == "Education alone explains 44.1% of Fertility"
        assert_readable(ax)
