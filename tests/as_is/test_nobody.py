"""Where nothing was split, nobody is withheld: there is a value or there is none."""

import pytest

import tpm_widgets as tpm

VERBS = {
    "net_promoter_score": tpm.net_promoter_score,
    "referral_rate": tpm.referral_rate,
    "referral_consent": tpm.referral_consent,
    "referral_timing": tpm.referral_timing,
    "referral_activity": tpm.referral_activity,
    "score_sensitivity": tpm.score_sensitivity,
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_is_withheld_where_there_is_nobody(linked_study, verb):
    """One customer, who came after the end of observation and answered without a score."""
    people = {"customer": ["a"], "acquired": "2026-01-01", "source": "other"}
    study = linked_study({"customer": ["a"], "date": "2023-03-01", "recommend": [float("nan")]}, people)
    assert not [caveat.text("en") for caveat in verb(study).caveats if "Withheld" in caveat.text("en")]
