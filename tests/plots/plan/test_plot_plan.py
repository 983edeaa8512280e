import numpy as np
import pytest
from picture_calls import models

import tpm_widgets as tpm
from tpm_widgets.plots.theme import DOING, SAYING


def test_shares_of_spend_and_of_importance(result_of, marks, segments):
    result = result_of("plot_spend_gap")
    ax = tpm.plot_spend_gap(result)
    table = result.table.sort_values("gap", ascending=False, kind="stable")
    assert np.allclose(marks(ax, "spend_share")[:, 0], table["spend_share"])
    assert np.allclose(marks(ax, "importance_share")[:, 0], table["importance_share"])
    assert np.allclose(segments(ax, "gap")[:, [0, 2]], table[["importance_share", "spend_share"]])


def test_the_largest_gaps_are_the_title(result_of):
    result = result_of("plot_spend_gap")
    title = tpm.plot_spend_gap(result).get_title(loc="left").replace("\n", " ")
    labels = result.labels
    over, under = (
        result.table.loc[getattr(result.table["gap"], which)(), "touchpoint"] for which in ("idxmax", "idxmin")
    )
    assert title.index(labels[over]) < title.index(labels[under])


@pytest.mark.parametrize(("metric", "color"), [("nps", SAYING), ("referral_rate", DOING)])
def test_actions_in_their_order(study, metric, color, marks, segments, assert_readable):
    result = tpm.rank_actions(study, models=models(study), metric=metric)
    ax = tpm.plot_actions(result)
    drawn = np.vstack([marks(ax, "quick"), marks(ax, "other")])
    assert np.allclose(drawn[np.argsort(drawn[:, 1]), 0], result.table["effect"], equal_nan=True)
    lines = np.vstack([segments(ax, "quick-intervals"), segments(ax, "other-intervals")])
    assert np.allclose(lines[np.argsort(lines[:, 1])][:, [0, 2]], result.table[["effect_low", "effect_high"]])
    assert len(marks(ax, "quick")) == result.table["quick_win"].sum()
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert [name.startswith("★") for name in names] == list(result.table["quick_win"])
    (dots,) = ax.findobj(lambda artist: artist.get_gid() == "other")
    assert dots.get_color() == color
    assert_readable(ax)
