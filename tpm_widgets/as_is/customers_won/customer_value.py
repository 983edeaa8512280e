"""What each customer is worth, and those whom a customer won; and customers by both, each high or low: what they buy
(CLV) and whom they bring (CRV).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import DAYS_PER_YEAR
from tpm_widgets.as_is.groups import withhold
from tpm_widgets.columns import typed, with_ends
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.estimates.design import Design, mean_by_design
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.study.model import Study, faults_of

# segment: is its CLV high, is its CRV high?
SEGMENTS = {
    "Champions": (True, True),
    "Affluents": (True, False),
    "Advocates": (False, True),
    "Misers": (False, False),
}
COLUMNS = {
    **{"segment": "str", "customers": "int64"},
    **dict.fromkeys(with_ends("share"), "percent"),
    **dict.fromkeys((*with_ends("clv"), *with_ends("crv")), "number:0"),
    **{"won": "Int64", "crv_share": "percent"},
}


def lifetime_values(
    study: Study, people: pd.DataFrame, discount: float, retention: float | None, margin: float | None
) -> tuple[np.ndarray, Sentence]:
    """Return the customer lifetime value of each of ``people``, NaN where unknown, and the words for its source.

    Raises
    ------
    DataError
        Where the customers table has no ``value`` and it cannot be computed from ``revenue`` either.
    """
    if study.has("customers", "value"):
        return people["value"].to_numpy(float), say("CLV is the value that the customers table gives.")
    if study.revenue is None or retention is None:
        raise DataError(faults_of(study, "referral_value", customers=("value",)))
    revenue = study.revenue.dropna(subset=["customer", "revenue"])
    earned = revenue["revenue"] * (np.nan if margin is None else margin)
    if study.has("revenue", "margin"):
        earned = revenue["margin"]
    elif margin is None:
        expected = say("margins of the periods, or margin=, for referral_value")
        remedy = say("Give margin=, the share of revenue that remains, such as 0.2.")
        fault = {"table": "revenue", "column": "margin", "expected": str(expected), "remedy": str(remedy)}
        raise DataError([fault])
    per_period = earned.groupby(revenue["customer"]).mean()
    factor = (1 + discount) / (1 + discount - retention)
    words = say(
        "CLV is computed from revenue: the mean margin of a customer's periods, kept from one to the next by "
        "{retention:percent} and discounted by {discount:percent} a period.",
        retention=retention,
        discount=discount,
    )
    return people["customer"].map(per_period).to_numpy(float) * factor, words


def referral_worth(
    people: pd.DataFrame, links: pd.DataFrame, values: np.ndarray, start: pd.Timestamp, discount: float
) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return what each won customer adds to the referral value of the recommender.

    Parameters
    ----------
    people : pandas.DataFrame
        One row per customer.
    links : pandas.DataFrame
        ``new``, ``recommender``, ``date`` of those who were won.
    values : ndarray, shape (people,)
        Lifetime values.
    start : pandas.Timestamp
        The day to which everything is discounted.
    discount : float
        A year.

    Returns
    -------
    worth : pandas.DataFrame
        ``recommender``, ``worth`` discounted, ``most`` what it could be where it is not known whether the customer
        would have joined anyway.
    caveats : list of Sentence
    """
    new = links["new"].to_numpy()
    unasked = pd.Series(pd.NA, index=people.index, dtype="boolean")
    joined = people.get("would_have_joined", unasked).astype("boolean").iloc[new]
    saved, caveats = _saved(people, new)
    value = values[new]
    years = (links["date"] - start).dt.days.to_numpy(float) / DAYS_PER_YEAR
    unknown = joined.isna().to_numpy()
    added = np.where(joined.fillna(True).to_numpy(bool), saved, value)
    valueless = int(np.isnan(added).sum())
    added = np.nan_to_num(added)
    most = np.where(unknown, np.fmax(value, saved), added)
    if unknown.any():
        caveats.append(
            say_n(
                "Of {count} won customer it is not known whether they would have come without the recommendation; "
                "only the saved acquisition cost is counted.",
                "Of {count} won customers it is not known whether they would have come without the recommendation; "
                "only the saved acquisition cost is counted.",
                int(unknown.sum()),
            )
        )
    if valueless:
        caveats.append(
            say_n(
                "{count} won customer without a value adds nothing.",
                "{count} won customers without a value add nothing.",
                valueless,
            )
        )
    present_value = (1 + discount) ** -years
    return pd.DataFrame(
        {"recommender": links["recommender"], "worth": added * present_value, "most": most * present_value}
    ), caveats


def _saved(people: pd.DataFrame, new: np.ndarray) -> tuple[np.ndarray, list[Sentence]]:
    """Return what each won customer cost less than the mean of those who came otherwise."""
    nothing = say("What it costs to win a customer otherwise is not known, so no saved acquisition cost is counted.")
    if "acquisition_cost" not in people or "source" not in people:
        return np.zeros(len(new)), [nothing]
    cost = people["acquisition_cost"].to_numpy(float)
    otherwise = cost[(people["source"] == "other").fillna(False).to_numpy(bool)]
    otherwise = otherwise[np.isfinite(otherwise)]
    own = cost[new]
    if not len(otherwise):
        return np.zeros(len(new)), [nothing]
    usual = own[np.isfinite(own)].mean() if np.isfinite(own).any() else 0.0
    return otherwise.mean() - np.where(np.isfinite(own), own, usual), []


def value_cuts(clv: np.ndarray, crv: np.ndarray, cuts: tuple[float, float] | None) -> dict[str, float]:
    """Return the given cuts, or the medians; a CRV is high where it lies above, so also where the median is 0."""
    if cuts is not None:
        return {"clv": float(cuts[0]), "crv": float(cuts[1])}
    if not len(clv):
        return {"clv": np.nan, "crv": np.nan}
    return {"clv": float(np.median(clv)), "crv": float(max(np.median(crv), 0.0))}


def segment_table(
    clv: np.ndarray, crv: np.ndarray, won: np.ndarray, cuts: Mapping[str, float], least: int, level: float
) -> pd.DataFrame:
    """Count, divide and average each segment, and withhold the small ones."""
    rich, bringing = clv > cuts["clv"], crv > cuts["crv"]
    rows = []
    for name, (high_clv, high_crv) in SEGMENTS.items():
        own = (rich == high_clv) & (bringing == high_crv)
        n = int(own.sum())
        share = n / len(clv) if len(clv) else np.nan
        low, high = wilson(share, len(clv), level)
        part = crv[own].sum() / crv.sum() if crv.sum() else np.nan
        means = [*_mean(clv[own], level), *_mean(crv[own], level)]
        rows.append([name, n, share, float(low), float(high), *means, won[own].sum(), part])
    table = typed(rows, COLUMNS)
    return withhold(table, table["customers"].between(1, least - 1), "customers")[0]


def _mean(values: np.ndarray, level: float) -> list[float]:
    """Return a mean with Student's interval; none where all values are the same."""
    mean = mean_by_design(values, Design.of(np.ones(len(values))))
    return [mean.estimate, *(mean.interval(level) if mean.std_error > 0 else (np.nan, np.nan))]


def winners_by_value(rich: np.ndarray, winner: np.ndarray, least: int, level: float) -> pd.DataFrame:
    """Return of customers with high and with low CLV the share who won somebody."""
    rows = []
    for name, own in (("high", rich), ("low", ~rich)):
        n = int(own.sum())
        share = float(winner[own].mean()) if n >= max(least, 1) else np.nan
        low, high = wilson(share, n, level)
        rows.append([name, n, share, float(low), float(high)])
    return pd.DataFrame(rows, columns=["clv", "customers", *with_ends()])
