"""Who won whom: whose word counts, and how long chains are."""

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.recommenders import generations, recommenders

ANSWER = {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}


def study_of(make, people, referrals=None):
    named = pd.DataFrame(referrals or [], columns=["referrer", "date", "new_customer", "converted"])
    return make(ANSWER, people, named)


def test_the_customers_own_word_comes_first(linked_study):
    people = {
        "customer": list("abcde"),
        "acquired": ["2020-01-01", "2020-02-01", "2023-02-01", "2023-03-01", "2023-04-01"],
        "source": ["unknown", "unknown", "recommendation", "other", "unknown"],
        "recommended_by": [None, None, "a", None, None],
    }
    made = [
        ("b", "2023-01-01", "c", "2023-01-28"), ("b", "2023-01-01", "d", None), ("b", "2023-01-01", "e", "2023-03-30"),
        ("nobody", "2023-01-01", "a", None), ("a", "2023-01-01", None, None),
    ]  # fmt: skip
    study = study_of(linked_study, people, made)
    links, caveats = recommenders(study, study.customers)
    assert links[["new", "recommender"]].to_numpy().tolist() == [[2, 0], [4, 1]]
    assert links["date"].dt.strftime("%Y-%m-%d").tolist() == ["2023-01-28", "2023-03-30"]
    assert not caveats
    recorded, _ = recommenders(study, study.customers, recorded_only=True)
    assert recorded[["new", "recommender"]].to_numpy().tolist() == [[2, 1], [4, 1]]


def test_a_recommender_who_came_later_is_none(linked_study):
    people = {
        "customer": list("abc"),
        "acquired": ["2023-01-01", "2023-02-01", "2023-02-01"],
        "recommended_by": ["b", "c", "a"],
    }
    study = study_of(linked_study, people)
    links, (caveat,) = recommenders(study, study.customers)
    assert links[["new", "recommender"]].to_numpy().tolist() == [[2, 0]]
    assert caveat.text("en") == (
        "2 customers were not recommended by anybody who came earlier; those links are left out."
    )


def test_without_any_record_nobody_won_anybody(linked_study):
    study = linked_study(ANSWER)
    links, caveats = recommenders(study, study.customers)
    assert links.empty and not caveats


def test_generations_by_hand():
    """0 won 1 and 2, 2 won 3, 3 won 5; 4 stands alone."""
    links = pd.DataFrame({"new": [1, 2, 3, 5], "recommender": [0, 0, 2, 3]})
    depth, root = generations(links, 6)
    assert depth.tolist() == [0, 1, 1, 2, 0, 3]
    assert root.tolist() == [0, 0, 0, 0, 4, 0]


def test_generations_are_one_more_than_the_recommenders():
    rng = np.random.default_rng(1)
    new = np.arange(1, 400)[rng.random(399) < 0.7]
    links = pd.DataFrame({"new": new, "recommender": [rng.integers(0, one) for one in new]})
    depth, root = generations(links, 400)
    assert (depth[links["new"]] == depth[links["recommender"]] + 1).all()
    assert (root[links["new"]] == root[links["recommender"]]).all()
    assert (depth == 0).sum() == 400 - len(links)


def test_one_recommender_who_came_on_the_same_day(linked_study):
    people = {"customer": list("ab"), "acquired": "2023-01-01", "recommended_by": [None, "a"]}
    study = study_of(linked_study, people)
    links, (caveat,) = recommenders(study, study.customers)
    assert links.empty
    assert caveat.text("en") == ("1 customer was not recommended by anybody who came earlier; that link is left out.")


def test_the_day_of_becoming_one_where_no_conversion_is_recorded(linked_study):
    """c's conversion is recorded twice, of which the first counts; d's is not."""
    people = {"customer": list("acd"), "acquired": ["2020-01-01", "2023-02-01", "2023-03-01"]}
    made = [
        ("a", "2023-01-01", "c", "2023-01-20"), ("a", "2023-01-01", "c", "2023-01-10"), ("a", "2023-01-01", "d", None),
    ]  # fmt: skip
    study = study_of(linked_study, people, made)
    links, _ = recommenders(study, study.customers)
    assert links["date"].dt.strftime("%Y-%m-%d").tolist() == ["2023-01-20", "2023-03-01"]
