"""The pictures of what customers do: marks where the table says, withheld and unknown rows said, readable."""

from dataclasses import replace

import numpy as np
import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.theme import DOING, SAYING


@pytest.fixture(scope="module")
def few():
    return tpm.simulate_study(seed=4, respondents=150)


def test_rates_stand_where_the_table_says(study, marks, segments):
    result = tpm.referral_activity(study, by="touchpoint")
    table = result.table.sort_values("recommendation_rate", ascending=False, kind="stable")
    ax = tpm.plot_referral_activity(result)
    assert np.allclose(marks(ax, "recommendations")[:, 0], table["recommendation_rate"])
    assert np.allclose(marks(ax, "wons")[:, 0], table["won_rate"])
    ends = table[["recommendation_rate_low", "recommendation_rate_high"]]
    assert np.allclose(segments(ax, "recommendations-intervals")[:, [0, 2]], ends)


@pytest.mark.parametrize("by", [None, "score", "touchpoint", "perspective", "segment"])
def test_every_split_can_be_read_and_says_what_is_withheld(few, by, assert_readable, written):
    result = tpm.referral_activity(few, by=by)
    ax = tpm.plot_referral_activity(result)
    assert_readable(ax)
    assert ("withheld: too few customers" in written(ax)) == bool(result.table["recommendation_rate"].isna().any())


def test_saying_is_blue_and_doing_vermilion(study):
    ax = tpm.plot_referral_funnel(tpm.referral_funnel(study))
    colors = {line.get_gid(): line.get_color() for line in ax.lines if line.get_gid() in ("said", "done")}
    assert colors == {"said": SAYING, "done": DOING}


def test_the_funnel_stands_where_its_table_says_beside_the_published_shares(study, marks):
    result = tpm.referral_funnel(study)
    ax = tpm.plot_referral_funnel(result)
    drawn = np.concatenate([marks(ax, "said")[:, 0], marks(ax, "done")[:, 0]])
    assert np.allclose(drawn, result.table["estimate"])
    assert np.allclose(np.sort(marks(ax, "published")[:, 0]), [0.12, 0.14, 0.30, 0.33, 0.68, 0.81])


def test_an_unlinked_funnel_without_contacts_says_so(study, written, assert_readable):
    survey = study.survey.drop(columns="customer")
    referrals = study.referrals.drop(columns="contacted")
    apart = replace(study, survey=survey, referrals=referrals, linkage={"permitted": False, "basis": ""})
    ax = tpm.plot_referral_funnel(tpm.referral_funnel(apart))
    assert "of the answers would recommend" in ax.get_title(loc="left").replace("\n", " ")
    assert "not known" in written(ax)
    assert_readable(ax)


def test_the_answers_stand_below_their_questions(study, marks, written, assert_readable):
    result = tpm.referral_sources(study)
    ax = tpm.plot_referral_sources(result)
    shown = marks(ax, "estimates")[:, 0]
    assert np.isin(shown[~np.isnan(shown)], result.table["estimate"]).all()
    assert "How did you become aware of us?" in written(ax)
    assert_readable(ax)


@pytest.mark.parametrize("options", [{"period": "quarter"}, {"by": "channel"}, {"by": "perspective", "period": "year"}])
def test_consent_over_time_and_by_group(few, options, assert_readable):
    ax = tpm.plot_referral_consent(tpm.referral_consent(few, **options))
    assert len(ax.get_title(loc="left")) > 20
    assert_readable(ax)


def test_consent_stands_where_its_table_says(study, marks):
    result = tpm.referral_consent(study)
    assert np.allclose(marks(tpm.plot_referral_consent(result), "estimates")[:, 0], result.table["estimate"])
