"""The order of deeds beside that of words: nothing is computed anew, and neither is taken for the other."""

import pytest

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def study():
    return tpm.sample_study("insurer")


@pytest.fixture(scope="module")
def actions(study):
    models = tpm.what_if_models(study)
    return [tpm.rank_actions(study, models=models, metric=metric) for metric in ("referral_rate", "nps")]


def test_actions_stand_in_the_order_of_deeds_with_both_ranks(actions):
    found = tpm.side_by_side(*actions)
    assert list(found.table["rank_deeds"]) == list(actions[0].table["rank"])
    assert list(found.table["action"]) == list(actions[0].table["action"])
    words = actions[1].table.set_index("action")["rank"]
    assert found.table.set_index("action")["rank_words"].to_dict() == words.to_dict()
    for part, ranking in zip(("deeds", "words"), actions, strict=True):
        quick = ranking.table.loc[ranking.table["quick_win"], "action"]
        assert set(found.first[part]) == set(quick)
        assert found.first[part]
    assert not found.first["both"]  # as designed: what lifts the score wins nobody
    assert found.summary().startswith("Quick wins for deeds (referral rate): Welcome call")
    assert "for both: none. 3 actions are quick wins for one of the two only." in found.summary()


def test_priorities_stand_beside_each_other(study):
    doing = tpm.driver_regression(study, outcome="referred")
    deeds, words = tpm.priorities(study, drivers=doing), tpm.priorities(study)
    found = tpm.side_by_side(deeds, words).table.set_index("touchpoint")
    assert found.loc["contact_person", "quadrant_deeds"] == "keep up the good work"
    assert found.loc["contact_person", "quadrant_words"] == "possible overkill"
    assert tpm.side_by_side(deeds, words).summary("de").startswith("Zu konzentrieren für Taten auf: ")


def test_what_is_no_pair_of_rankings_is_refused(study, actions):
    with pytest.raises(TypeError) as refused:
        tpm.side_by_side(actions[0], tpm.priorities(study))
    assert str(refused.value) == (
        "side_by_side takes two results of rank_actions or two of priorities; got ActionRanking and Priorities."
    )
    with pytest.raises(ValueError) as refused:
        tpm.side_by_side(*actions[::-1])
    assert str(refused.value) == "side_by_side takes the ranking for deeds first and the one for words second."
