"""Deeds that carry no date: what customer systems export per customer, and what respondents report of the past."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study
from tpm_widgets.study.schema import UNDATED as UNDATED

REPORTED = "recommended_12m"

ANY_TIME = say(
    "Association without time: when customers recommended is not known; it may have been before the answer, and have "
    "moved it."
)
LOOKS_BACK = say(
    "Reported, looks back: the recommendation precedes the answer. Memory and politeness colour both, and who "
    "recommended may score higher because of it."
)


def has_undated(study: Study) -> bool:
    """Tell whether anything is known of what customers did at some time."""
    return any(not _column(study, role).isna().all() for role in UNDATED)


def undated_deeds(study: Study, verb: str) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return what each answer's customer did at some time: the columns of ``UNDATED``, missing where not known.

    Parameters
    ----------
    study : Study
        With one of these roles in the survey, or in the customers that answers are tied to; the survey's counts.
    verb : str
        Who asks.

    Returns
    -------
    deeds : pandas.DataFrame
        The survey's rows; floats: ``recommended`` 0 or 1, ``recommendations`` and ``customers_won`` counts. Where
        recommendations are counted, the count tells whether there was any.
    caveats : list of Sentence

    Raises
    ------
    DataError
        Where nothing is known.
    """
    deeds = pd.DataFrame({role: _column(study, role) for role in UNDATED})
    if deeds.isna().all(axis=None):
        raise DataError([undated_fault(verb)])
    counted = deeds["recommendations"].notna()
    any_made = (deeds["recommendations"] > 0).astype(float)
    against = int((counted & deeds["recommended"].notna() & (any_made != deeds["recommended"])).sum())
    deeds["recommended"] = deeds["recommended"].mask(counted, any_made)
    caveats = [ANY_TIME]
    if against:
        caveats.append(
            say_n(
                "For {count} answer the number of recommendations contradicts whether there was one; the number "
                "counts.",
                "For {count} answers the number of recommendations contradicts whether there was one; the number "
                "counts.",
                against,
            )
        )
    return deeds, caveats


def _column(study: Study, role: str) -> pd.Series:
    """Return a role of the survey, else of the customers by the link, as floats."""
    if study.has("survey", role):
        return study.survey[role].astype("Float64").astype(float)
    nobody = pd.Series(np.nan, index=study.survey.index)
    linked = study.linkage.get("permitted", True) and study.has("survey", "customer")
    if not (linked and study.customers is not None and study.has("customers", role)):
        return nobody
    people = study.customers.dropna(subset=["customer"]).drop_duplicates("customer").set_index("customer")
    return study.survey["customer"].map(people[role].astype("Float64")).astype("Float64").astype(float)


def reported_deeds(study: Study) -> pd.Series:
    """Return 1 or 0 for each answer, as respondents report it; missing where they do not."""
    return study.survey[REPORTED].astype("Float64").astype(float)


def undated_fault(verb: str) -> dict[str, object]:
    """Say which roles would tell what customers did, without a date."""
    return {
        "table": "survey",
        "column": ", ".join(UNDATED),
        "expected": say("or, without dates, what each customer did, for {verb}", verb=verb),
        "remedy": say(
            'Name the column of the survey that tells it: recommended = "…" (yes or no), recommendations = "…" or '
            'customers_won = "…" (how many) under [survey].'
        ),
    }
