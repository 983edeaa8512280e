from dataclasses import replace

import pytest
from traitlets import TraitError

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def panel(study):
    return tpm.SayDoPanel(study)


def test_the_window_is_first_the_studys_own(study):
    short = replace(study, period=replace(study.period, window=90))
    assert tpm.SayDoPanel(short).code == "tpm.say_do(study, window=90, level=0.95)"


def test_a_moved_slider_asks_for_another_window(panel, study):
    panel.controls["window"].value = 180
    assert (panel.window, panel.result.window) == (180, 180)
    assert panel.result.table.equals(tpm.say_do(study, window=180).table)


@pytest.mark.parametrize(("name", "value"), [("window", 4), ("window", 1826), ("level", 0.79), ("level", 1)])
def test_bounds(panel, name, value):
    with pytest.raises(TraitError):
        setattr(panel, name, value)


def test_an_unlinked_study_is_shown_by_group(study):
    panel = tpm.SayDoPanel(replace(study, linkage={"permitted": False, "basis": ""}))
    assert (panel.error, panel.result.kind) == ("", "unlinked")
