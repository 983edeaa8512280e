"""The picture of drivers for ordered scores, counts and leaving: units, title and colour follow the outcome."""

import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import DOING, SAYING
from tpm_widgets.plots.words import outcome_color


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=1, respondents=1200, touchpoints=4)


@pytest.mark.parametrize(
    ("options", "title", "unit", "color"),
    [
        (
            {"outcome": "referrals"},
            "per 100 customer-years and rating point",
            "Change in recommendations per 100 customer-years, per rating point",
            DOING,
        ),
        (
            {"outcome": "referrals_won", "model": "negative_binomial"},
            "the number of customers won",
            "Change in customers won per 100 customer-years, per rating point",
            DOING,
        ),
        (
            {"model": "ordered_logit"},
            "points per rating point",
            "Change in the score per rating point (points of its scale)",
            SAYING,
        ),
        (
            {"outcome": "left"},
            "leaving",
            "Change in the chance of leaving per rating point (percentage points)",
            DOING,
        ),
    ],
)
def test_units_title_and_colour_follow_the_outcome(study, options, title, unit, color):
    drivers = tpm.driver_regression(study, **options)
    ax = tpm.plot_drivers(drivers)
    texts = " ".join(text.get_text().replace("\n", " ") for text in ax.figure.findobj(lambda a: hasattr(a, "get_text")))
    assert title in texts
    assert unit in " ".join(ax.get_xlabel().split())
    assert f"{drivers.n:,} answers (an indicator where not rated)" in texts
    assert outcome_color(drivers.outcome) == color
