"""Who won whom, through how many generations, and what customers wrote about it in their own words: the most frequent
answers, and never one that only few gave.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say_n
from tpm_widgets.study.cells.faults import shorten
from tpm_widgets.study.model import Study

NOBODY = -1

MOST = 10
OTHER = "other"


def recommenders(
    study: Study, people: pd.DataFrame, referrals: pd.DataFrame | None = None, *, recorded_only: bool = False
) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return one row per customer who was won by another customer's recommendation.

    Parameters
    ----------
    study : Study
    people : pandas.DataFrame
        One row per customer, numbered 0, 1, …
    referrals : pandas.DataFrame, optional
        Which recommendations to use; those of the study where None.
    recorded_only : bool
        Whether only recommendations on record count, and not the customer's own word alone.

    Returns
    -------
    links : pandas.DataFrame
        ``new``, ``recommender`` rows of ``people``, ``date`` of the conversion (of becoming a customer where it is not
        recorded).
    caveats : list of Sentence

    Notes
    -----
    The customer's own word (``recommended_by``) comes before the table of recommendations; customers whose own source
    is "other" were won by nobody. A recommender has to be a customer for longer than who was won, so that no chain
    runs in a circle.
    """
    index = pd.Index(people["customer"])
    referrals = study.referrals if referrals is None else referrals
    found = []
    if "recommended_by" in people and not recorded_only:
        told = people["recommended_by"].dropna()
        found.append(pd.DataFrame({"new": told.index, "recommender": index.get_indexer(pd.Index(told))}))
    if referrals is not None and "new_customer" in referrals:
        named = referrals.dropna(subset=["referrer", "new_customer"])
        rows = {role: index.get_indexer(pd.Index(named[role])) for role in ("new_customer", "referrer")}
        found.append(pd.DataFrame({"new": rows["new_customer"], "recommender": rows["referrer"]}))
    nothing = pd.DataFrame({"new": pd.Series(dtype=np.int64), "recommender": pd.Series(dtype=np.int64)})
    links = pd.concat([nothing, *found], ignore_index=True).astype(np.int64)
    links = links[(links["new"] >= 0) & (links["recommender"] >= 0)].drop_duplicates("new", ignore_index=True)
    if "source" in people:
        other = (people["source"] == "other").fillna(False).to_numpy(bool)
        links = links[~other[links["new"]]]
    came = people["acquired"].to_numpy("datetime64[D]")
    earlier = came[links["recommender"]] < came[links["new"]]
    caveats = []
    if not earlier.all():
        caveats.append(
            say_n(
                "{count} customer was not recommended by anybody who came earlier; that link is left out.",
                "{count} customers were not recommended by anybody who came earlier; those links are left out.",
                int((~earlier).sum()),
            )
        )
    links = links[earlier].reset_index(drop=True)
    return links.assign(date=_conversions(people, referrals, links)), caveats


def _conversions(people: pd.DataFrame, referrals: pd.DataFrame | None, links: pd.DataFrame) -> np.ndarray:
    """Return the day on which each was won, as recorded, else the day of becoming a customer."""
    came = people["acquired"].to_numpy("datetime64[ns]")[links["new"]]
    if referrals is None or not {"new_customer", "converted"} <= set(referrals):
        return came
    recorded = referrals.dropna(subset=["new_customer", "converted"]).drop_duplicates("new_customer")
    row = pd.Index(recorded["new_customer"]).get_indexer(pd.Index(people["customer"].iloc[links["new"]]))
    days = recorded["converted"].to_numpy("datetime64[ns]")
    return np.where(row >= 0, days[row] if len(days) else came, came)


def generations(links: pd.DataFrame, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each of ``size`` customers the generation (0: won by no customer) and the root of the own chain."""
    parent = np.full(size, NOBODY)
    parent[links["new"]] = links["recommender"]
    depth, root, ancestor = np.zeros(size, dtype=int), np.arange(size), parent.copy()
    while (above := ancestor != NOBODY).any():
        depth[above] += 1
        root[above] = ancestor[above]
        ancestor[above] = parent[ancestor[above]]
    return depth, root


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
