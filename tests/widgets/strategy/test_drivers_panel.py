from dataclasses import replace

import pytest

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def panel(study):
    return tpm.DriversPanel(study, show="saying")


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (
            {"show": "saying", "saying": "detractor"},
            "tpm.driver_regression(study, outcome='detractor', missing='indicator', level=0.95)",
        ),
        (
            {"show": "doing", "doing": "won", "level": 0.9},
            "tpm.driver_regression(study, outcome='won', missing='indicator', level=0.9)",
        ),
        (
            {"show": "comparison", "doing": "referred", "say_negligible": 0.05},
            "tpm.compare_drivers(study, saying='promoter', doing='referred', negligible=(0.05, 0.01), "
            "missing='indicator', level=0.95)",
        ),
    ],
)
def test_each_choice_is_one_call(panel, inputs, code):
    panel.reset()
    for name, value in inputs.items():
        panel.controls[name].value = value
    assert (panel.code, panel.error) == (code, "")


def test_an_input_of_another_view_makes_no_call(panel):
    panel.reset()
    result = panel.result
    panel.do_negligible = 0.05
    assert panel.result is result


def test_without_deeds_saying_can_still_be_seen(study):
    survey = study.survey.drop(columns="recommended_12m")
    panel = tpm.DriversPanel(replace(study, survey=survey, customers=None, referrals=None))
    assert panel.result is None and "referrals" in panel.error
    panel.show = "saying"
    assert panel.error == "" and panel.result.outcome == "promoter"
