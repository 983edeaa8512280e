import pytest

import tpm_widgets as tpm
from tpm_widgets.strategy.aims import what_if_models


@pytest.fixture(scope="module")
def panel(study):
    return tpm.WhatIfPanel(study)


def test_sliders_change_the_ratings_and_reset_takes_it_back(panel, study):
    first, second = study.touchpoint_names[:2]
    panel.controls["changes"].sliders[first].value = 0.5
    panel.controls["changes"].sliders[second].value = -0.5
    assert panel.changes == {first: 0.5, second: -0.5}
    expected = tpm.what_if(study, {first: 0.5, second: -0.5})
    assert panel.result.table.equals(expected.table)
    panel.reset()
    assert panel.code == "tpm.what_if(tpm.what_if_models(study), changes={}, level=0.95)"
    assert not panel.result.table["change"].any()


def test_models_are_fitted_once(study, monkeypatch):
    fitted = []

    def counted(study, outcome, **options):
        fitted.append(outcome)
        return tpm.driver_regression(study, outcome=outcome, **options)

    monkeypatch.setattr(what_if_models, "driver_regression", counted)
    panel = tpm.WhatIfPanel(study)
    once = list(fitted)
    for change in (0.1, 0.2, 0.3):
        panel.changes = {study.touchpoint_names[0]: change}
    assert fitted == once == ["promoter", "detractor", "referred", "won"]


def test_a_slider_answers_while_it_is_being_moved(panel):
    sliders = panel.controls["changes"].sliders.values()
    assert all(slider.continuous_update for slider in sliders)
