"""Groups of answers and of customers by one name: what ties them, what is chosen, and what has to be known about it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

EACH = (
    "Each group counts the same, however large; and what holds between groups need not hold between the customers in "
    "them. The score is that of those who answered, the deeds are everybody's. "
)
REPORTED_EACH = (
    "Each group counts the same, however large; and what holds between groups need not hold between the persons in "
    "them. "
)
CHANCE = (
    "Of the differences between the groups, chance in sampling alone makes about {said}% of those in the score and "
    "{done}% of those in the deeds (variance); that pulls the correlation towards 0. "
)
HOUSES = np.repeat(list("ABCDE"), 20)


@pytest.fixture
def hotel(linked_study):
    """Five houses, twenty answers and twenty customers each; 4, 8, 10, 14, 18 promoters, 2, 6, 4, 8, 10 recommend."""
    place = np.tile(np.arange(20), 5)
    promoters, made = np.repeat([4, 8, 10, 14, 18], 20), np.repeat([2, 6, 4, 8, 10], 20)
    return linked_study(
        {"house": HOUSES, "date": "2023-06-01", "recommend": np.where(place < promoters, 10.0, 2.0)},
        {"customer": np.arange(100), "acquired": "2020-01-01", "house": HOUSES},
        pd.DataFrame({"referrer": np.arange(100)[place < made], "date": "2023-07-01"}),
    )


def variance(shares):
    """What sampling alone makes of the variance of scores, from the shares of promoters; adjusted Wald's error."""
    shares = np.array(shares)
    return (4 * shares * (1 - shares) / 20).mean() / (2 * shares).var(ddof=1)


def test_what_a_reader_of_groups_has_to_know(hotel):
    """Nobody recommends twice, so the error of a rate is that of the share of 20 customers who do."""
    made = np.array([2, 6, 4, 8, 10])
    chance = CHANCE.format(
        said=round(100 * variance([0.2, 0.4, 0.5, 0.7, 0.9])),
        done=round(100 * (made * (1 - made / 20)).mean() / made.var(ddof=1)),
    )
    assert read(tpm.say_do_groups(hotel).caveats, "en") + " " == EACH + chance
    days = pd.to_timedelta(np.arange(30), unit="D")
    won = replace(hotel, referrals=hotel.referrals.assign(converted=hotel.referrals["date"] + days))
    assert read(tpm.say_do_groups(won).caveats, "en") == EACH + chance + (
        "A recommendation that wins a customer takes 15 days to do so (median), and counts on the day on which it was "
        "made; the latest ones may still win somebody."
    )
    wave = tpm.say_do_groups(replace(hotel, survey=hotel.survey.assign(wave="one")), by=["house", "wave"])
    assert read(wave.caveats, "en") == EACH + chance + (
        "Waves are not independent of each other: the same customers make them, and neighbours resemble each other. An "
        "interval over all groups and waves is too short."
    )
    assert wave.sentences()[2].text("en").endswith(", 5 pairs; Pearson); among the waves themselves none can be given.")


def test_what_a_reader_of_reports_has_to_know(hotel):
    told = hotel.survey.assign(recommended_12m=pd.array(np.tile([True, False, False, None], 25), dtype="boolean"))
    result = tpm.say_do_groups(replace(hotel, survey=told, customers=None, referrals=None, segments=("house",)))
    assert read(result.caveats, "en") == REPORTED_EACH + (
        "The deeds are reported by the respondents themselves and look back twelve months: they came before the "
        "answer, and memory and politeness colour both."
    )


def test_a_reported_share_by_hand(hotel):
    """Of 15 in each house who told, 5 did; in A the one with weight 3 did, too."""
    told = hotel.survey.assign(recommended_12m=pd.array(np.tile([True, False, False, None], 25), dtype="boolean"))
    told["weight"] = np.where(told.index == 0, 3.0, np.where(told.index == 1, 0.0, 1.0))
    table = tpm.say_do_groups(
        replace(hotel, survey=told, customers=None, referrals=None, segments=("house",))
    ).table.set_index("group")
    assert table["known"].tolist() == [14, 15, 15, 15, 15]
    assert table["reported"].tolist() == [5] * 5
    assert table.loc["A", "reported_share"] == pytest.approx(7 / 16)
    assert table.loc["B", "reported_share"] == pytest.approx(1 / 3)
    assert table.loc["A", "reported_share_high"] > 0.7  # 16²/22 = 11.6 answers of equal weight


def test_who_is_in_no_group_is_counted(hotel):
    answers, people = hotel.survey["house"].copy(), hotel.customers["house"].copy()
    people[0], answers[[0, 1]] = None, None
    study = replace(hotel, survey=hotel.survey.assign(house=answers), customers=hotel.customers.assign(house=people))
    assert read(tpm.say_do_groups(study).caveats[2:], "en") == (
        "2 answers without a value of house are in no group. 1 customer without a value of house is in no group."
    )
    people[1], answers[1] = None, "A"
    study = replace(hotel, survey=hotel.survey.assign(house=answers), customers=hotel.customers.assign(house=people))
    assert read(tpm.say_do_groups(study).caveats[2:], "en") == (
        "1 answer without a value of house is in no group. 2 customers without a value of house are in no group."
    )


def test_nobody_has_a_value(hotel):
    empty = replace(hotel, survey=hotel.survey.assign(house=None), customers=hotel.customers.assign(house=None))
    with pytest.raises(DataError) as refusal:
        tpm.say_do_groups(empty, by="house")
    assert str(refusal.value) == (
        "survey: expected an answer or a customer with a value of house, for say_do_groups. Fill in the column, or "
        "split by another one."
    )


def crossed(hotel, sides, least=5):
    """The same hotel, with a second column that splits each house."""
    return replace(
        hotel, survey=hotel.survey.assign(side=sides), customers=hotel.customers.assign(side=sides), min_group=least
    )


def test_columns_are_crossed_where_that_leaves_groups_large_enough(hotel):
    sides = np.tile(["east"] * 15 + ["west"] * 5, 5)
    both = tpm.say_do_groups(crossed(hotel, sides))
    assert both.by == ("house", "side") and len(both.table) == 10
    alone = tpm.say_do_groups(crossed(hotel, sides, least=6))
    assert alone.by == ("house",)
    assert alone.caveats[-1].text("en") == (
        "Answers and customers have house and side in common; groups are made by house alone, because all of them "
        "crossed make no further groups, or too small ones. Choose with by=."
    )
    chosen = tpm.say_do_groups(crossed(hotel, sides, least=6), by="house")
    assert "Choose with by=" not in read(chosen.caveats, "en")


def test_the_column_with_more_groups_that_are_large_enough_is_taken(hotel):
    """Of two columns that do not cross, four sides of 25 beat five houses where a group takes 21."""
    sides = np.repeat(list("wxyz"), 25)
    assert tpm.say_do_groups(crossed(hotel, sides, least=20)).by == ("house",)
    assert tpm.say_do_groups(crossed(hotel, sides, least=21)).by == ("side",)
    assert tpm.say_do_groups(replace(crossed(hotel, "here"), min_group=5)).by == ("house",)  # one value splits nothing


@pytest.mark.parametrize(("size", "refused"), [(50, False), (51, True)])
def test_more_groups_than_half_the_rows_are_persons(hotel, size, refused):
    """Of 100 rows 50 different values make groups of two; 51 are names."""
    study = crossed(hotel, [f"s{place % size:02}" for place in range(100)])
    if not refused:
        assert len(tpm.say_do_groups(study, by="side").table) == 50
        return
    with pytest.raises(ValueError) as caught:
        tpm.say_do_groups(study, by="side")
    assert str(caught.value) == "by='side' would make a group of each person; split by a column with fewer values."


def test_two_rows_may_be_two_groups(linked_study):
    pair = linked_study(
        {"house": ["A", "B"], "date": "2023-06-01", "recommend": [9.0, 2.0]},
        {"customer": ["a", "b"], "acquired": "2020-01-01", "house": ["A", "B"]},
        min_group=1,
    )
    assert tpm.say_do_groups(pair, by="house").table["group"].tolist() == ["A", "B"]


def test_groups_stand_in_the_order_of_their_categories(hotel):
    order = pd.CategoricalDtype(["E", "C", "A", "B"], ordered=True)
    answers = hotel.survey["house"].replace("D", "A").astype(order)  # nobody of D answered
    ordered = replace(hotel, survey=hotel.survey.assign(house=answers))
    assert tpm.say_do_groups(ordered, by="house").table["group"].tolist() == ["E", "C", "A", "B", "D"]


def test_customers_enough_make_a_group_as_answers_do(hotel):
    """In A four customers, in B five, in C none, and twenty answers each."""
    kept = (np.tile(np.arange(20), 5) < np.repeat([4, 5, 0, 20, 20], 20)).nonzero()[0]
    few = replace(hotel, customers=hotel.customers.iloc[kept].reset_index(drop=True))
    result = tpm.say_do_groups(few)
    assert result.table["score"].isna().tolist() == [True, False, False, False, False]
    assert result.table["recommendation_rate"].isna().tolist() == [True, False, True, False, False]
    assert read(result.caveats[-2:], "en") == (
        "Withheld, because they hold fewer than 5 answers: A. Nobody was observed, or nobody told, in: C."
    )


def answering(make, **columns):
    """Forty customers of two houses, who answered and were followed; each second one recommended."""
    names = np.arange(40)
    answers = {"customer": names, "date": "2023-03-01", "recommend": np.tile([9.0, 2.0, 8.0, 10.0], 10)}
    people = {"customer": names, "acquired": "2020-01-01", "house": np.repeat(["A", "B"], 20)}
    made = [(person, "2023-04-01") for person in range(0, 40, 2)]
    return make({**answers, **columns}, people, made)


def test_persons_count_with_a_group_a_score_and_a_weight(linked_study):
    def within(study):
        table = tpm.say_do_groups(study, by="house").association.set_index(["level", "measure"]).sort_index()
        return table.loc[("within", "slope"), "n"].item(), table.loc[("within", "slope"), "estimate"].item()

    whole = answering(linked_study)
    assert within(whole)[0] == 40
    people = whole.customers.assign(house=whole.customers["house"].where(whole.customers["customer"] > 1))
    assert within(replace(whole, customers=people))[0] == 38
    scores = np.tile([9.0, 2.0, 8.0, 10.0], 10)
    scores[:3] = np.nan
    assert within(answering(linked_study, recommend=scores))[0] == 37
    light = within(answering(linked_study, weight=np.repeat([0.0, 1.0], [5, 35])))
    assert light[0] == 35 and np.isfinite(light[1])


def test_answers_are_tied_unless_the_study_says_no(linked_study):
    """The house is known of customers only; a study that says nothing of linking may link."""
    silent = replace(answering(linked_study), linkage={"basis": "consent"})
    assert tpm.say_do_groups(silent, by="house").table["n"].tolist() == [20, 20]
    assert "slope" in set(tpm.say_do_groups(silent, by="house").association["measure"])
    with pytest.raises(ValueError) as caught:
        tpm.say_do_groups(replace(silent, linkage={"permitted": False}), by="house")
    assert str(caught.value) == (
        "by='house' ties no answers to customers; the survey and the customers table have no column in common."
    )


def test_the_courses_of_say_do_are_those_of_say_do_time(linked_study):
    result = tpm.say_do(answering(linked_study), replicates=1, level=0.9)
    assert result.time.settings == {"period": "quarter", "lags": 4, "level": 0.9}
    assert result.groups.settings == {"by": None, "level": 0.9}


def test_rows_of_every_table_are_numbered(linked_study):
    result = tpm.say_do(answering(linked_study), replicates=1)
    for table in (result.table, result.classes, result.association, result.calibration, result.brier, result.forms):
        assert table.index.tolist() == list(range(len(table)))
