"""The four pictures of saying against doing, and all of them in one figure."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def results(study):
    unlinked = replace(study, linkage={"permitted": False, "basis": ""})
    reported = replace(unlinked, customers=None, referrals=None)
    return {
        name: tpm.say_do(study, replicates=20)
        for name, study in (("linked", study), ("unlinked", unlinked), ("reported", reported))
    }


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", ["linked", "unlinked", "reported"])
def test_every_view_of_every_kind_can_be_read(kind, language, results, assert_readable):
    tpm.set_language(language)
    for view in ("scores", "origin", "groups", "time"):
        assert_readable(tpm.plot_say_do(results[kind], view=view))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", ["linked", "unlinked", "reported"])
def test_all_views_in_one_figure_can_be_read(kind, language, results, assert_readable):
    tpm.set_language(language)
    ax = tpm.plot_say_do(results[kind], view="all")
    assert_readable(ax.figure.axes[-1])  # the one with a panel of its own; every word of the figure is looked at
    titled = [panel for panel in ax.figure.axes if panel.get_title(loc="left")]
    assert len(titled) == (2 if kind == "unlinked" else 4)


@pytest.mark.parametrize("kind", ["linked", "reported"])
def test_the_origin_stands_where_its_table_says(kind, results, marks, segments):
    classes = results[kind].classes
    ax = tpm.plot_say_do(results[kind], view="origin")
    assert np.allclose(marks(ax, "answers")[:, 0], classes["answer_share"])
    assert np.allclose(marks(ax, "origin")[:, 0], classes["recommendation_share"])
    assert np.allclose(segments(ax, "origin-intervals")[:, [0, 2]], classes[["share_low", "share_high"]])


def test_each_kind_is_first_shown_at_the_level_that_it_knows(results):
    titles = {kind: tpm.plot_say_do(result).get_title(loc="left") for kind, result in results.items()}
    assert "of the promoters recommended within" in titles["linked"].replace("\n", " ")
    assert "groups" in titles["unlinked"].lower() or "score" in titles["unlinked"].lower()
    assert "report a recommendation" in titles["reported"].replace("\n", " ")


def test_what_an_unlinked_study_cannot_show_is_said(results, written):
    assert "Answers are not tied to customers here" in written(
        tpm.plot_say_do(results["unlinked"], view="scores")
    ).replace("\n", " ")


def test_a_level_that_is_missing_is_said(results, written):
    alone = replace(results["linked"], groups=None, time=None)
    for view in ("groups", "time"):
        assert "nothing can be said" in written(tpm.plot_say_do(alone, view=view)).replace("\n", " ")


def test_wrong_views_are_refused(results):
    with pytest.raises(ValueError) as refusal:
        tpm.plot_say_do(results["linked"], view="pie")
    assert str(refusal.value) == "view must be one of 'scores', 'origin', 'groups', 'time', 'all'; got 'pie'."
    with pytest.raises(ValueError) as refusal:
        tpm.plot_say_do(results["linked"], Figure().subplots(), view="all")
    assert str(refusal.value) == (
        "view='all' draws four pictures in a figure of its own; leave ax out, or choose one view."
    )
