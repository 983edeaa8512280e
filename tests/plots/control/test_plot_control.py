from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import DOING


@pytest.mark.parametrize("metric", ["nps", "referral_rate"])
def test_the_chart_and_its_limits(study, metric, marks, assert_readable):
    result = tpm.control_chart(study, metric=metric)
    table = result.table
    ax = tpm.plot_control_chart(result)
    assert np.allclose(marks(ax, "course")[:, 1], table["estimate"])
    assert np.allclose(marks(ax, "center")[:, 1], table["center"])
    for name in ("lower", "upper"):
        assert np.allclose(marks(ax, name)[::2, 1], table[name])
    assert np.allclose(marks(ax, "signal")[:, 1], table.loc[table["signal"], "estimate"])
    assert np.allclose(marks(ax, "baseline")[:, 1], table.loc[table["baseline"] & ~table["signal"], "estimate"])
    assert_readable(ax)


def test_a_signal_is_named_with_its_value(study, written, assert_readable):
    usual = tpm.control_chart(study)
    table = usual.table.copy()
    table.loc[table.index[-1], ["estimate", "signal"]] = [0.777, True]
    ax = tpm.plot_control_chart(replace(usual, table=table))
    assert "+77.7" in written(ax)
    assert ax.get_title(loc="left").endswith(f"lies outside its limits: {table['period'].iloc[-1]}")
    assert_readable(ax)


def test_withheld_periods_leave_a_gap(study, assert_readable):
    usual = tpm.control_chart(study)
    table = usual.table.copy()
    table.loc[2, ["estimate", "lower", "upper"]] = np.nan
    assert_readable(tpm.plot_control_chart(replace(usual, table=table)))


def test_differences_of_waves(result_of, marks, segments):
    result = result_of("plot_waves")
    table = result.table
    ax = tpm.plot_waves(result)
    drawn = np.vstack([marks(ax, "shown"), marks(ax, "not-shown")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], table["difference"])
    lines = np.vstack([segments(ax, "shown-intervals"), segments(ax, "not-shown-intervals")])
    assert np.allclose(lines[np.argsort(lines[:, 1])][:, [0, 2]], table[["conf_low", "conf_high"]])
    assert len(marks(ax, "shown")) == (table["p_adjusted"] <= 0.05).sum()


def test_too_many_comparisons_are_cut_to_the_last_against_the_first(study, marks, written, assert_readable):
    result = tpm.compare_waves(study, metric="ratings")
    ax = tpm.plot_waves(result)
    drawn = np.vstack([marks(ax, "shown"), marks(ax, "not-shown")])
    last = result.table[
        (result.table["previous"] == result.table["previous"].iloc[0])
        & (result.table["wave"] == result.table["wave"].iloc[-1])
    ]
    assert np.allclose(np.sort(drawn[:, 0]), np.sort(last["difference"]))
    assert "steps between: see the table" in written(ax).replace("\n", " ")
    assert_readable(ax)


def test_waves_of_the_referral_rate_are_doing(study):
    result = tpm.compare_waves(study, metric="referral_rate")
    table = result.table.assign(p_adjusted=0.001)
    (dots,) = tpm.plot_waves(replace(result, table=table)).findobj(lambda artist: artist.get_gid() == "shown")
    assert dots.get_color() == DOING


@pytest.mark.parametrize(
    ("later", "title"),
    [
        ([9, 10, 3, 8], "Net Promoter Score: the difference could be noise"),
        ([9, 10, 9, 8], "Net Promoter Score: 1 of 1 differences is more than noise (1 → 2: +50.0)"),
    ],
)
def test_two_waves(later, title):
    survey = pd.DataFrame({"score": [9, 10, 3, 8] * 20 + later * 20, "desk": 3, "wave": ["1"] * 80 + ["2"] * 80})
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], wave="wave")
    ax = tpm.plot_waves(tpm.compare_waves(study))
    assert ax.get_title(loc="left").replace("\n", " ") == title


def test_goals_on_their_way(result_of, marks, written):
    result = result_of("plot_goals")
    ax = tpm.plot_goals(result)
    drawn = np.vstack([marks(ax, f"goal-{row}") for row in range(len(result.table))])
    assert np.allclose(drawn[:, 0], result.table["progress"].dropna())
    low, high = ax.get_xlim()
    assert low < drawn[:, 0].min()
    assert high > drawn[:, 0].max()
    assert {"baseline", "target"} <= set(written(ax).split("\n"))


def test_an_interval_that_runs_far_off_ends_in_an_arrow(result_of, written):
    result = result_of("plot_goals")
    table = result.table.assign(progress_high=9.0)
    ax = tpm.plot_goals(replace(result, table=table))
    assert written(ax).count("▶") == len(table)
    assert ax.get_xlim()[1] < 9
