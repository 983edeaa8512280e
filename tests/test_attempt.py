import pandas as pd
import pytest

import tpm_widgets as tpm


@pytest.fixture
def study():
    survey = pd.DataFrame({"recommend": [9, 10, 3, 8], "desk": [5, 4, 1, 4]})
    return tpm.make_study(survey=survey, recommend="recommend", touchpoints=["desk"])


def test_what_a_study_lacks_is_told_with_its_remedy(study):
    rate = tpm.attempt(tpm.referral_rate, study)
    assert rate.summary("en") == (
        "referral_rate was left out, because this study lacks what it needs (below). It would answer: Tell how many of "
        "the new customers came because somebody recommended us."
    )
    assert list(rate.table.columns) == ["table", "column", "expected", "remedy"]
    assert rate.table["table"].tolist() == ["customers"]
    assert "under [customers] in study.toml" in rate._repr_html_()


def test_what_rests_on_it_is_handed_on_in_one_line(study):
    rate = tpm.attempt(tpm.referral_rate, study)
    picture = tpm.attempt(tpm.plot_referral_rate, rate)
    assert picture._repr_html_() == "<p>Left out with referral_rate, see above.</p>"
    assert rate.anything.round(3)["n"]._repr_html_() == picture._repr_html_()
    assert tpm.attempt(tpm.net_promoter_score, study, given=rate).summary() == picture.summary()
    assert not hasattr(rate, "_repr_png_")


def test_a_wrong_argument_still_raises(study):
    with pytest.raises(ValueError, match=r"^level must be a number between 0 and 1, such as 0\.95; got 2\.$"):
        tpm.attempt(tpm.net_promoter_score, study, level=2)


def test_what_the_study_can_give_is_given(study):
    assert tpm.attempt(tpm.net_promoter_score, study).table.equals(tpm.net_promoter_score(study).table)
