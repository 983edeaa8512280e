"""Free answers: what is told apart, what is summed, what is never shown."""

import pandas as pd
from pandas.testing import assert_series_equal

from tpm_widgets.as_is.deeds.recommenders import frequent_answers


def test_spelling_case_and_spaces_do_not_make_another_answer():
    answers = pd.Series(["Friend", "friend", " Friend ", "FRIEND", "search"])
    shown = frequent_answers(answers, 1)
    assert shown.tolist() == ["Friend"] * 4 + ["search"]
    assert shown.cat.categories.tolist() == ["Friend", "search"]


def test_the_rare_the_many_and_persons_are_summed():
    answers = pd.Series([f"text {number:02}" for number in range(12) for _ in range(5)] + ["C1"] * 50 + ["once", None])
    before = answers.copy()
    shown = frequent_answers(answers, 5, identifiers={"C1"})
    assert shown.value_counts(sort=False).tolist() == [5] * 10 + [61]
    assert shown.cat.categories[-1] == "other"
    assert shown.isna().sum() == 1
    assert_series_equal(answers, before)


def test_a_long_text_is_cut_at_forty_characters():
    (shown,) = frequent_answers(pd.Series(["a" * 60]), 1)
    assert shown == "a" * 39 + "…"


def test_nobody_answered():
    assert frequent_answers(pd.Series([None, None], dtype=object), 5).isna().all()
    assert frequent_answers(pd.Series([], dtype=object), 5).empty
