"""Where do we stand: for how many recommendations is there consent to contact the person recommended to?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import pandas as pd

from tpm_widgets.as_is.deeds.linkage import recorded_period
from tpm_widgets.as_is.deeds.new_customers import Split, periods
from tpm_widgets.as_is.groups import (
    ALL,
    group_in_period,
    group_order,
    highest_and_lowest,
    withheld_caveat,
    withhold,
    without_value,
)
from tpm_widgets.as_is.recommendations.consent_counts import (
    COUNTS,
    consent_measures,
    consent_states,
    contact_counts,
    has_consent,
    recorded_referrals,
    referral_groups,
    undocumented,
)
from tpm_widgets.as_is.ties import tied, told_ties
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread

Consent = Literal["all", "given"]
COLUMNS = {
    **dict.fromkeys(("group", "period", "basis"), ""),
    **dict.fromkeys(COUNTS, "Int64"),
    **dict.fromkeys(with_ends(), "percent"),
}
LAW = say(
    "In German law a company's message to a person whom a recommendation names can count as the company's own "
    "advertising, which as a rule needs that person's prior consent (Federal Court of Justice, I ZR 208/12; UWG, "
    "section 7). The table counts what was recorded; it is no legal advice."
)


def with_consent(
    study: Study, referrals: pd.DataFrame, consent: Consent = "all"
) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
    """Return the recommendations that count, and what has to be said about those without consent.

    Parameters
    ----------
    study : Study
        Whose recommendations they are; named in a refusal only.
    referrals : pandas.DataFrame
        Rows of ``study.referrals``, or all of them.
    consent : {"all", "given"}
        All recommendations, or only those with consent on record.

    Returns
    -------
    referrals : pandas.DataFrame
        The rows that count, under the index that they had.
    caveats : tuple of Sentence

    Raises
    ------
    DataError
        Where ``consent="given"`` and consent was never recorded.
    ValueError
        Where ``consent`` is neither of the two.
    """
    check_option("consent", consent, Consent)
    if consent == "all":
        if "consent" not in referrals:
            return referrals, ()
        lacking = int((~has_consent(referrals)).sum())
        if not lacking:
            return referrals, ()
        kept = say_n(
            "{count} recommendation has no consent on record and counts all the same; consent='given' leaves it out.",
            "{count} recommendations have no consent on record and count all the same; consent='given' leaves them "
            "out.",
            lacking,
        )
        return referrals, (kept,)
    if len(referrals):
        need(study, "consent='given'", referrals=("consent",))
    given = has_consent(referrals)
    lacking = int((~given).sum())
    if not lacking:
        return referrals, ()
    left_out = say_n(
        "{count} recommendation was left out, because no consent is on record.",
        "{count} recommendations were left out, because no consent is on record.",
        lacking,
    )
    return referrals[given], (left_out,)


def consenting(study: Study, consent: Consent) -> tuple[Study, tuple[Sentence, ...]]:
    """Return the study with the recommendations that count; the recorded period stays that of all of them."""
    referrals, caveats = with_consent(study, given(study.referrals), consent)
    if consent == "all":
        return study, caveats
    recorded_from, observed_until = recorded_period(study)
    period = replace(study.period, recording_start=recorded_from, observed_until=observed_until)
    return replace(study, referrals=referrals, period=period), caveats


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralConsent(Result):
    """For how many recommendations consent is on record, see :func:`referral_consent`.

    Attributes
    ----------
    contacted : pandas.DataFrame
        One row per state of consent (``with_consent``, ``without_consent``, ``not_recorded``): ``referrals``,
        ``contacted`` (how many of them were contacted), ``before_consent`` (contacted before the day of consent).
        Empty where neither contacts nor conversions were recorded.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    contacted: pd.DataFrame

    def __post_init__(self) -> None:
        whole = self.table[self.table["basis"] == ALL].dropna(subset=COUNTS)
        if not (whole[COUNTS[1:]].sum(axis=1) == whole["referrals"]).all():
            raise ValueError("with, without and unknown consent do not add up to the recommendations.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the share with consent, its bases, and who was contacted without it."""
        whole = self.table[(self.table["basis"] == ALL) & self.table["estimate"].notna()].to_dict("records")
        if not whole:
            return (say("No recommendation was recorded in the period, so there is no consent to count."),)
        if len(whole) > 1:
            return (_range(whole, self.settings["level"]),)
        (row,) = whole
        found = say(
            "For {estimate:percent} of the {referrals:count} recommendations consent is on record ({level:percent:0} "
            "interval {conf_interval:percent}, Wilson, clustered by recommender); {without_consent:count} were made "
            "without it, and of {not_recorded:count} it was not recorded.",
            row,
            self.settings,
        )
        return (found, *self._bases(row), *self._contacts())

    def _bases(self, whole: Mapping[Any, Any]) -> list[Sentence]:
        bases = self.table[self.table["basis"] != ALL].to_dict("records")
        if not bases:
            return []
        first = tied(bases, "with_consent")[0]
        return [
            say("Its basis is most often {basis} ({with_consent:count} of {n}).", first, n=int(whole["with_consent"])),
            *told_ties(bases, "with_consent", lambda row: str(row["basis"])),
        ]

    def _contacts(self) -> list[Sentence]:
        if self.contacted.empty:
            return []
        counts = self.contacted.set_index("consent")
        lacking = counts.loc[["without_consent", "not_recorded"]].sum()
        return [
            say(
                "Of the {referrals:count} recommendations without consent on record {contacted:count} were followed by "
                "a contact; of those with consent {early} were contacted before its day.",
                lacking,
                early=int(counts["before_consent"]["with_consent"]),
            )
        ]


def _range(rows: Sequence[Mapping[Any, Any]], level: float) -> Sentence:
    most, least = highest_and_lowest(rows)
    return say(
        "Consent is on record for {least.estimate:percent} ({least_name}, {level:percent:0} interval "
        "{least.conf_interval:percent}) to {most.estimate:percent} ({most_name}, {most.conf_interval:percent}) of the "
        "recommendations, Wilson, clustered by recommender, n = {n}.",
        least=least,
        most=most,
        least_name=group_in_period(least),
        level=level,
        most_name=group_in_period(most),
        n=int(sum(row["referrals"] for row in rows)),
    )


@on_one_thread
def referral_consent(
    study: Study, by: str | None = None, period: Split | None = None, level: float = 0.95
) -> ReferralConsent:
    """Tell for how many recommendations there is consent to contact the person who was recommended to.

    Parameters
    ----------
    study : Study
        With the table ``referrals`` and in it ``consent``; ``consent_basis``, ``consent_date``, ``contacted`` and
        ``converted`` where they were recorded.
    by : str, optional
        Split by a property of the recommendation: ``"perspective"``, ``"channel"``, ``"incentive"``, or a further
        column of the table.
    period : {"year", "quarter", "month", "wave"}, optional
        Split by when the recommendation was made; waves as declared with start and end.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralConsent
        ``table`` with one row per group, period and basis: ``group`` ("all" where not split), ``period`` (where
        split), ``basis`` ("all", then each basis with which consent was given, the most frequent first, rare ones as
        "other"), ``referrals``, ``with_consent`` (on that basis), ``without_consent``, ``not_recorded`` (counts; the
        latter two only where ``basis`` is "all"), ``estimate`` the share of all recommendations of the row that have
        consent on record (0…1), ``conf_low``, ``conf_high``. Bases add up to the row "all" where every consent has
        one. Groups with fewer than ``study.min_group`` recommendations are withheld. ``contacted``: how many were
        contacted with and without consent.

    Raises
    ------
    DataError
        Where the table of recommendations or its consent is missing.
    ValueError
        Where ``by`` is no property of a recommendation, or ``period`` not one of those listed.

    Notes
    -----
    The share is of *all* recommendations of the period: where nothing was recorded there is nothing to show, so it
    counts as no consent on record. One person's recommendations are not independent: Wilson interval with the
    effective size of the error clustered by recommender. A recommendation counts as contacted where it has a day of
    contact, or of conversion, or a new customer. No name, address or identifier is used or shown.

    References
    ----------
    Bundesgerichtshof, judgment of 12 September 2013, I ZR 208/12 (recommendation e-mail).
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> consent = tpm.referral_consent(study)
    >>> list(consent.table["basis"])
    ['all', 'double opt-in', 'own inquiry']
    """
    check_level(level)
    if period is not None:
        check_option("period", period, Split)
    if period == "wave":
        need(study, "referral_consent(period='wave')", waves=("wave", "start", "end"))
    has_rows = study.referrals is not None and len(study.referrals) > 0
    need(study, "referral_consent", referrals=("consent",) if has_rows else ())
    referrals, caveats = recorded_referrals(study)
    groups = referral_groups(referrals, by)
    labels, ordered = periods(study, pd.to_datetime(referrals["date"]), period)
    frame = referrals.assign(group=groups, period=labels, state=consent_states(referrals))
    if by is not None:
        caveats += without_value(groups, by)
    rows: list[list[Any]] = []
    identifiers = set(frame["referrer"])
    for group in group_order(groups) or [ALL]:
        for name in ordered:
            part = frame[(frame["group"] == group) & ((frame["period"] == name) if name is not None else True)]
            rows += [[str(group), name, *row] for row in consent_measures(part, study.min_group, identifiers, level)]
    measured = typed(rows, COLUMNS)
    small = (measured["referrals"] < study.min_group) & (by is not None)
    table, blanked = withhold(measured, small, "referrals")
    withheld = (group_in_period(row) for row in blanked if row["basis"] == ALL)
    return ReferralConsent(
        table=table[~small | (table["basis"] == ALL)].reset_index(drop=True),
        contacted=contact_counts(frame),
        settings={"by": by, "period": period, "level": level},
        caveats=(
            *caveats,
            *withheld_caveat(withheld, study.min_group, say("recommendations")),
            *undocumented(frame),
            LAW,
        ),
        data_hash=study.data_hash,
    )
