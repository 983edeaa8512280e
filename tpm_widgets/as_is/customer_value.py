"""What each customer is worth, and what those whom a customer won are worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.as_is.linkage import DAYS_PER_YEAR
from tpm_widgets.errors import DataError
from tpm_widgets.language import Percent, Sentence, say, say_n
from tpm_widgets.study.model import Study, need


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
        need(study, "referral_value", customers=("value",))
    revenue = study.revenue.dropna(subset=["customer", "revenue"])  # type: ignore[union-attr]
    earned = revenue["revenue"] * (np.nan if margin is None else margin)
    if study.has("revenue", "margin"):
        earned = revenue["margin"]
    elif margin is None:
        expected = say("margins of the periods, or margin=, for referral_value")
        remedy = say("Give margin=, the share of revenue that remains, such as 0.2.")
        fault = {"table": "revenue", "column": "margin", "expected": str(expected), "remedy": str(remedy)}
        raise DataError([fault])
    per_period = earned.groupby(revenue["customer"]).mean()
    factor = (1 + discount) / (1 + discount - retention)  # type: ignore[operator]
    words = say(
        "CLV is computed from revenue: the mean margin of a customer's periods, kept from one to the next by "
        "{retention} and discounted by {discount} a period.",
        retention=Percent(retention),  # type: ignore[arg-type]
        discount=Percent(discount),
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
