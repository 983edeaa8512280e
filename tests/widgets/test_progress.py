"""A bar that shows how far a pass is and ends it."""

import pandas as pd
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame({"nps": [9, 3, 8, 6, 10, 5, 7, 2], "shop": [5, 2, 4, 3, 5, 3, 4, 1]})


def test_it_shows_how_far_a_pass_is():
    bar = tpm.ProgressBar()
    tpm.driver_regression(ANSWERS, recommend="nps", touchpoints=["shop"], progress=bar)
    assert repr(bar) == "ProgressBar(8 of 8 rows)"
    assert bar.children[0].value == bar.children[0].max
    bar(3, None)
    assert bar.children[1].value == "3 rows"


def test_its_button_ends_what_runs_and_nothing_after_that():
    bar = tpm.ProgressBar()
    bar.children[2].click()
    with pytest.raises(KeyboardInterrupt):
        tpm.driver_regression(ANSWERS, recommend="nps", touchpoints=["shop"], progress=bar)
    assert tpm.driver_regression(ANSWERS, recommend="nps", touchpoints=["shop"], progress=bar).n == 8
