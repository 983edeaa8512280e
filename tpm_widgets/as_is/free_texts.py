"""What people wrote in their own words: the most frequent answers, and never one that only few gave."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from tpm_widgets.study.faults import shorten

MOST = 10
OTHER = "other"


def frequent_answers(answers: pd.Series, least: int, identifiers: Collection[object] = ()) -> pd.Series:
    """Return each answer as it may be shown: the frequent ones as they are, all that is rare as "other".

    Parameters
    ----------
    answers : Series
        Texts or categories.
    least : int
        Answers that fewer people gave become "other".
    identifiers : collection
        Values that are no answers but persons; they become "other", however frequent.

    Returns
    -------
    Series
        An ordered categorical on the same index, missing where there is no answer: at most ``MOST`` answers, the most
        frequent first, and "other" last. Answers are told apart by their first 40 characters, without regard to case
        and spaces; the most frequent spelling stands for them.
    """
    shown = answers.dropna().map(shorten)
    shown = shown[shown != ""]
    keys = shown.str.casefold().where(~shown.isin({shorten(value) for value in identifiers}), OTHER)
    counts = keys[keys != OTHER].value_counts().sort_index()
    frequent = counts[counts >= least].sort_values(ascending=False, kind="stable").index[:MOST]
    spelling = {key: shown[keys == key].value_counts().sort_index().idxmax() for key in frequent}
    labels = keys.map(lambda key: spelling.get(key, OTHER))
    order = [*spelling.values(), *([OTHER] if (labels == OTHER).any() else [])]
    return pd.Series(pd.Categorical(labels.reindex(answers.index), order, ordered=True), index=answers.index)
