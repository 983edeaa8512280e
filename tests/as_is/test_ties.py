"""Who shares the first place is named with it: nobody is first alone who is not."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.as_is.ties import names_tied, told_ends, told_ties

RATINGS = {
    "desk": [1, 1, 2, 4, 5, 5, 3, 3],
    "phone": [1, 2, 2, 4, 5, 5, 3, 3],
    "app": [1, 3, 3, 4, 4, 4, 3, 3],
}


def rows(**values):
    return [{"name": name, "estimate": value} for name, value in values.items()]


def name(row):
    return row["name"]


def texts(sentences):
    return [sentence.text("en") for sentence in sentences]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"a": 0.1, "b": 0.3}, []),
        ({"a": 0.3, "b": 0.3, "c": 0.1}, ["b ties with a."]),
        ({"a": 0.3, "b": 0.1 + 0.2, "c": 0.3, "d": np.nan}, ["b and c tie with a."]),
    ],
)
def test_who_shares_the_first_place(values, told):
    assert texts(told_ties(rows(**values), "estimate", name)) == told


def test_the_lowest_and_both_ends():
    both = rows(a=0.1, b=0.3, c=0.1, d=0.3)
    assert names_tied(both, "estimate", name, lowest=True) == ("a", "c")
    assert texts(told_ends(both, name)) == ["c ties with a.", "d ties with b."]
    assert texts(told_ends(rows(a=0.2, b=0.2, c=0.2), name)) == ["b and c tie with a."]
    assert texts(told_ends(rows(a=0.1, b=0.2), name)) == []


def study(ratings):
    frame = pd.DataFrame({"nps": [0, 2, 5, 8, 9, 10, 7, 6], "region": list("NNNNSSSS"), **ratings})
    return tpm.make_study(frame, recommend="nps", touchpoints=list(ratings), segments=["region"], min_group=1)


def test_the_map_names_all_that_disappoint_most():
    result = tpm.touchpoint_map(study(RATINGS))
    told = texts(result.sentences())
    assert "Most are disappointed by desk: 37.5% of 8 who rated it; its mean rating is 3.00" in " ".join(told)
    assert told[-1] == "phone ties with desk."
    assert told.count("phone and app tie with desk.") == 2  # they delight and reach as many
    titles = " ".join(ax.get_title(loc="left") for ax in tpm.plot_touchpoint_map(result).figure.axes)
    assert " ".join(titles.split()) == (
        "Most often disappointing: desk and phone (38%). Most often delighting: desk, phone and app (38%)."
    )


def test_where_nobody_was_disappointed_nobody_is_named():
    told = texts(tpm.touchpoint_map(study({"desk": [3] * 8, "phone": [3] * 8})).sentences())
    assert told[-1] == "No touchpoint disappointed anybody who rated it."
    assert "No touchpoint delighted anybody who rated it." in told


def test_groups_with_the_same_score_are_named_together():
    frame = pd.DataFrame({"nps": [10, 10, 0, 8] * 3, "region": np.repeat(["A", "B", "C"], 4), "q": 3})
    same = tpm.make_study(frame, recommend="nps", touchpoints=["q"], segments=["region"], min_group=1)
    assert "B and C tie with A." in texts(tpm.net_promoter_score(same, by="region").sentences())
    frame.loc[8:, "nps"] = 10
    one = tpm.make_study(frame, recommend="nps", touchpoints=["q"], segments=["region"], min_group=1)
    told = texts(tpm.net_promoter_score(one, by="region").sentences())
    assert "B ties with A." in told
    assert not any("C tie" in sentence for sentence in told)
