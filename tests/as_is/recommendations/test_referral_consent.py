"""Consent: counted by hand, by basis and period; who was contacted without it; what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.as_is.recommendations.consent import with_consent
from tpm_widgets.errors import DataError
from tpm_widgets.language import read


@pytest.fixture
def study(linked_study):
    """Twenty recommenders, one recommendation each: 12 with consent on two bases, 5 without, 3 not recorded."""
    names = [f"c{number:02}" for number in range(20)]
    referrals = pd.DataFrame(
        {
            "referrer": names,
            "date": ["2023-02-01"] * 10 + ["2023-08-01"] * 10,
            "consent": pd.array([True] * 12 + [False] * 5 + [None] * 3, dtype="boolean"),
            "consent_basis": ["double opt-in"] * 7 + ["own inquiry"] * 5 + [None] * 8,
            "consent_date": pd.to_datetime(["2023-02-03"] * 7 + [None] * 13),
            "contacted": pd.to_datetime(["2023-02-02"] * 2 + ["2023-02-09"] * 3 + [None] * 7 + ["2023-08-09"] * 8),
            "perspective": ["one_to_one"] * 17 + ["one_to_many"] * 3,
            "note": [f"seen by {name}" for name in names],
        }
    )
    answers = {"customer": names, "date": "2023-01-05", "recommend": 9.0}
    return linked_study(answers, referrals=referrals, until="2023-12-31")


def test_by_hand(study):
    result = tpm.referral_consent(study)
    assert result.table.columns.tolist() == [
        "group", "period", "basis", "referrals", "with_consent", "without_consent", "not_recorded",
        "estimate", "conf_low", "conf_high",
    ]  # fmt: skip
    whole, first, second = result.table.to_dict("records")
    assert (whole["with_consent"], whole["without_consent"], whole["not_recorded"]) == (12, 5, 3)
    assert whole["estimate"] == 0.6
    assert (whole["conf_low"], whole["conf_high"]) == pytest.approx(proportion_confint(12, 20, method="wilson"))
    assert (first["basis"], first["with_consent"]) == ("double opt-in", 7)
    assert first["estimate"] + second["estimate"] == pytest.approx(whole["estimate"])


def test_contacts_without_consent_and_before_it_are_counted(study):
    assert tpm.referral_consent(study).contacted.to_numpy().tolist() == [
        ["with_consent", 12, 5, 2],
        ["without_consent", 5, 5, 0],
        ["not_recorded", 3, 3, 0],
    ]


def test_it_reads_as_sentences(study):
    result = tpm.referral_consent(study)
    assert result.summary("en") == (
        "For 60.0% of the 20 recommendations consent is on record (95% interval 38.7% to 78.1%, Wilson, clustered by "
        "recommender); 5 were made without it, and of 3 it was not recorded. Its basis is most often double opt-in (7 "
        "of 12). Of the 8 recommendations without consent on record 8 were followed by a contact; of those with "
        "consent 2 were contacted before its day."
    )
    assert [str(caveat) for caveat in result.caveats] == [
        "Of 12 consents 5 have no day on record, and 0 no basis.",
        "In German law a company's message to a person whom a recommendation names can count as the company's own "
        "advertising, which as a rule needs that person's prior consent (Federal Court of Justice, I ZR 208/12; UWG, "
        "section 7). The table counts what was recorded; it is no legal advice.",
    ]


def test_by_period_and_by_group(study):
    quarters = tpm.referral_consent(study, period="quarter").table
    whole = quarters[quarters["basis"] == "all"]
    assert whole["period"].tolist() == ["2023-Q1", "2023-Q2", "2023-Q3"]
    assert whole["estimate"].iloc[[0, 2]].tolist() == [1.0, 0.2]
    assert np.isnan(whole["estimate"].iloc[1])
    split = tpm.referral_consent(study, by="perspective")
    assert split.table.set_index("group").loc["one_to_many", "referrals"] == 3
    assert split.table.set_index("group").loc["one_to_many", ["with_consent", "estimate"]].isna().all()
    assert "Withheld, because they hold fewer than 5 recommendations: one_to_many." in map(str, split.caveats)


def test_one_persons_recommendations_widen_the_interval(linked_study):
    def share(referrers):
        referrals = pd.DataFrame({"referrer": referrers, "date": "2023-02-01", "consent": [True] * 20 + [False] * 20})
        answers = {"customer": sorted(set(referrers)), "date": "2023-01-05", "recommend": 9.0}
        return tpm.referral_consent(linked_study(answers, referrals=referrals)).table.loc[0]

    many, few = share([f"c{i}" for i in range(40)]), share([f"c{i // 5}" for i in range(40)])
    assert few["conf_high"] - few["conf_low"] > 1.5 * (many["conf_high"] - many["conf_low"])


def test_the_truth_of_the_simulation():
    study = tpm.simulate_study(seed=2, respondents=800)
    row = tpm.referral_consent(study).table.loc[0]
    assert row["conf_low"] < study.truth["consent"] < row["conf_high"]
    assert row["referrals"] == len(study.referrals)


def test_the_filter_keeps_the_index_and_the_input(study):
    before = study.data_hash
    kept, caveats = with_consent(study, study.referrals, "given")
    assert kept.index.tolist() == list(range(12))
    assert str(caveats[0]) == "8 recommendations were left out, because no consent is on record."
    same, _ = with_consent(study, study.referrals)
    assert same is study.referrals
    assert study.data_hash == before


def test_nobody_recommended(linked_study):
    empty = linked_study({"customer": ["a"], "date": "2023-01-05", "recommend": 9.0})
    sentence = "No recommendation was recorded in the period, so there is no consent to count."
    for period in (None, "month"):
        assert tpm.referral_consent(empty, period=period).summary("en") == sentence


def test_consent_that_nobody_asked_for_is_refused(linked_study):
    silent = linked_study({"customer": ["a"], "date": "2023-01-05", "recommend": 9.0}, referrals=[("a", "2023-02-01")])
    with pytest.raises(DataError) as caught:
        tpm.referral_consent(silent)
    assert str(caught.value) == (
        "referrals, column 'consent': expected values of this role for referral_consent. Name the column that plays "
        'this role under [referrals] in study.toml: consent = "…".'
    )


def test_a_split_by_person_or_by_nothing_is_refused(study):
    with pytest.raises(ValueError) as caught:
        tpm.referral_consent(study, by="referrer")
    assert str(caught.value) == (
        "by='referrer' is no property of a recommendation; the table of referrals offers 'perspective', 'consent', "
        "'consent_basis', 'note'."
    )
    with pytest.raises(ValueError, match="by='note' would make a group of each row of referrals"):
        tpm.referral_consent(study, by="note")


def test_groups_and_periods_are_read_from_the_least_to_the_most(study):
    """Wilson's intervals of 0 in 5, 9 in 10 and so on; each recommender made one recommendation."""
    study = replace(
        study, referrals=study.referrals.assign(channel=["mail"] * 9 + ["letter"] * 5 + ["talk"] * 5 + ["mail"])
    )
    result = tpm.referral_consent(study, by="channel")
    nothing, most = (
        " to ".join(f"{100 * abs(end):.1f}%" for end in proportion_confint(*counts, method="wilson"))
        for counts in ((0, 5), (9, 10))
    )
    assert result.summary("en") == (
        f"Consent is on record for 0.0% (talk, 95% interval {nothing}) to 90.0% (mail, {most}) of the recommendations, "
        "Wilson, clustered by recommender, n = 20."
    )
    quarters = tpm.referral_consent(study, period="quarter", level=0.9)
    assert quarters.settings == {"by": None, "period": "quarter", "level": 0.9}
    assert quarters.summary("en") == (
        "Consent is on record for 20.0% (2023-Q3, 90% interval 6.9% to 45.9%) to 100.0% (2023-Q1, 78.7% to 100.0%) of "
        "the recommendations, Wilson, clustered by recommender, n = 20."
    )
    both = tpm.referral_consent(study, by="channel", period="quarter")
    assert "n = 14." in both.summary("en")
    assert both.caveats[0].text("en") == (
        "Withheld, because they hold fewer than 5 recommendations: letter, 2023-Q1, letter, 2023-Q2, letter, 2023-Q3, "
        "mail, 2023-Q2, mail, 2023-Q3 and 2 others."
    )
    whole = both.table[both.table["basis"] == "all"].set_index(["group", "period"])
    assert whole.loc[("talk", "2023-Q3"), "with_consent"] == 0  # five are enough


@pytest.mark.parametrize(
    ("until", "n", "said"),
    [
        ("2023-12-31", 20, ""),
        ("2023-08-01", 20, ""),  # the last day belongs to the period
        ("2023-07-31", 10, "10 recommendations were made outside the recorded period and do not count. "),
    ],
)
def test_what_was_made_outside_the_period_does_not_count(linked_study, study, until, n, said):
    answers = {"customer": study.survey["customer"], "date": "2023-01-05", "recommend": 9.0}
    result = tpm.referral_consent(linked_study(answers, referrals=study.referrals, until=until, start="2023-02-01"))
    assert result.table.loc[0, "referrals"] == n
    assert read(result.caveats, "en").startswith(said + "Of ")
    assert ("outside" in read(result.caveats, "en")) == bool(said)


def test_one_made_outside_and_one_without_a_group(linked_study, study):
    made = study.referrals.assign(channel=["mail"] * 19 + [None])
    made.loc[0, "date"] = pd.Timestamp("2024-01-01")
    answers = {"customer": study.survey["customer"], "date": "2023-01-05", "recommend": 9.0}
    outside = tpm.referral_consent(linked_study(answers, referrals=made, until="2023-12-31"), by="channel")
    assert read(outside.caveats[:2], "en") == (
        "1 recommendation was made outside the recorded period and does not count. 1 row without a value of channel is "
        "in no group."
    )


@pytest.mark.parametrize(
    ("consent", "kept", "said"),
    [
        ("all", 2, "1 recommendation has no consent on record and counts all the same; consent='given' leaves it out."),
        ("given", 1, "1 recommendation was left out, because no consent is on record."),
    ],
)
def test_one_without_consent(linked_study, consent, kept, said):
    made = pd.DataFrame({"referrer": ["a", "a"], "date": "2023-02-01", "consent": [True, False]})
    study = linked_study({"customer": ["a"], "date": "2023-01-05", "recommend": 9.0}, referrals=made)
    referrals, caveats = with_consent(study, study.referrals, consent)
    assert len(referrals) == kept
    assert read(caveats, "en") == said
    asked = with_consent(replace(study, referrals=made.assign(consent=True)), made.assign(consent=True), consent)
    assert len(asked[0]) == 2 and not asked[1]


def test_what_is_not_documented_is_counted(study):
    """Without days and bases on record; with both there is nothing to say."""
    bare = replace(study, referrals=study.referrals.drop(columns=["consent_date", "consent_basis"]))
    assert tpm.referral_consent(bare).caveats[0].text("en") == (
        "Of 12 consents 12 have no day on record, and 12 no basis."
    )
    whole = study.referrals.assign(consent_date=pd.Timestamp("2023-02-02"), consent_basis="own inquiry")
    assert len(tpm.referral_consent(replace(study, referrals=whole)).caveats) == 1
    no_basis = whole.assign(consent_basis=[None] + ["own inquiry"] * 19)
    assert tpm.referral_consent(replace(study, referrals=no_basis)).caveats[0].text("en") == (
        "Of 12 consents 0 have no day on record, and 1 no basis."
    )


def test_a_contact_on_the_day_of_consent_is_not_before_it(study):
    days = pd.to_datetime(["2023-02-02"] + ["2023-02-03"] * 19)
    made = study.referrals.assign(contacted=days, consent_date=pd.to_datetime(["2023-02-03"] * 20))
    result = tpm.referral_consent(replace(study, referrals=made))
    assert result.contacted.set_index("consent").loc["with_consent", ["contacted", "before_consent"]].tolist() == [
        12,
        1,
    ]
    without = replace(study, referrals=study.referrals.drop(columns="contacted"))
    assert tpm.referral_consent(without).contacted.empty
    assert "contact" not in tpm.referral_consent(without).summary("en")


def test_states_that_do_not_add_up_are_refused(study):
    result = tpm.referral_consent(study)
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(not_recorded=4))
    assert str(caught.value) == "with, without and unknown consent do not add up to the recommendations."
