import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.attempt import MISSING


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


def test_what_rests_on_it_is_handed_on_and_told_once(study):
    rate = tpm.attempt(tpm.referral_rate, study)
    assert tpm.attempt(tpm.plot_referral_rate, rate) is rate
    assert rate.anything.round(3)["n"] is rate
    assert tpm.attempt(tpm.net_promoter_score, study, given=rate) is rate
    assert [one for one in rate] == [rate]  # noqa: C416 – a loop over what is missing ends
    assert not hasattr(rate, "_repr_png_")
    first, second = rate._repr_mimebundle_(), rate._repr_mimebundle_()
    assert "referral_rate was left out" in first["text/html"] and second["text/html"] == ""
    assert first[MISSING] == second[MISSING] == {"verb": "referral_rate"}  # a report is told both times


def test_what_lacks_the_same_is_told_once_though_another_verb_asked(study):
    doing = tpm.attempt(tpm.driver_regression, study, outcome="referred")
    assert tpm.attempt(tpm.compare_drivers, study, after=doing) is doing
    goals = tpm.attempt(tpm.goal_progress, study, after=doing)
    assert goals is not doing and goals.verb == "goal_progress"


def test_what_is_missing_was_not_learned(study):
    rate, score = tpm.attempt(tpm.referral_rate, study), tpm.net_promoter_score(study)
    learned = tpm.takeaways(rate, score)
    assert list(learned.table["result"]) == ["NetPromoterScore"]
    assert MISSING not in learned._repr_mimebundle_()
    nothing = tpm.takeaways(rate)
    assert nothing.summary() == "Nothing yet: this study lacks what these steps need."
    assert nothing.summary("de") == "Noch nichts: Dieser Studie fehlt, was diese Schritte brauchen."
    assert MISSING in nothing._repr_mimebundle_() and "left out" not in nothing._repr_html_()


def test_a_wrong_argument_still_raises(study):
    with pytest.raises(ValueError, match=r"^level must be a number between 0 and 1, such as 0\.95; got 2\.$"):
        tpm.attempt(tpm.net_promoter_score, study, level=2)


def test_what_the_study_can_give_is_given(study):
    assert tpm.attempt(tpm.net_promoter_score, study).table.equals(tpm.net_promoter_score(study).table)
