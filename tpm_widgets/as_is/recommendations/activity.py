"""Where do we stand: how often do our customers recommend us, and how many customers do they win, in the same time?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from tpm_widgets.as_is.deeds.customer_time import CustomerTime
from tpm_widgets.as_is.deeds.linkage import need_linked
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import highest_and_lowest, withheld_caveat, withhold
from tpm_widgets.as_is.recommendations.activity_parts import (
    COLUMNS,
    LINKED,
    VALUES,
    Part,
    activity_measures,
    answer_parts,
    check_split,
    customer_parts,
    of_deeds,
    pending,
    perspective_parts,
    values_won,
)
from tpm_widgets.as_is.recommendations.consent import Consent, consenting
from tpm_widgets.as_is.score.classes import CLASS_WORDS
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Sentence, Worded, say
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

PERSPECTIVE_WORDS = {
    "one_to_one": say("one to one"),
    "one_to_many": say("one to many"),
    "many_to_many": say("many to many"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralActivity(Result):
    """How often customers recommend and win customers, see :func:`referral_activity`.

    Attributes
    ----------
    won_values : pandas.DataFrame
        One row per group: ``group``, ``n`` customers won whose value is known, ``estimate`` their mean value in the
        study's currency, ``conf_low``, ``conf_high``. Empty where values or new customers are not recorded, and where
        split by what customers answered.
    labels : dict
        The words for groups that the study's data do not word themselves: touchpoints, perspectives, classes.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    won_values: pd.DataFrame
    labels: Mapping[str, Worded | str]

    def __post_init__(self) -> None:
        shown = self.table.dropna(subset=["won"])
        if not ((shown["won"] <= shown["recommendations"]) & (shown["recommenders"] <= shown["customers"])).all():
            raise ValueError("More was won than recommended, or more customers recommended than there are.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the rates of recommendations and of customers won, with time, counts and intervals."""
        shown = self.table.dropna(subset=["recommendation_rate"]).to_dict("records")
        if not shown:
            return (say("No rate can be given: no customer was observed for a day."),)
        if len(self.table) == 1:
            return self._whole(shown[0])
        if self.settings["by"] == "score":  # single scores are few; the classes are the finding
            shown = [row for row in shown if row["group"] in CLASS_WORDS] or shown
        return tuple(
            self._range(shown, f"{measure}_rate", words)
            for measure, words in (
                ("recommendation", say("Recommendations")),
                ("won", say("Customers won")),
            )
        )

    def _whole(self, row: Mapping[Any, Any]) -> tuple[Sentence, ...]:
        made = say(
            "{recommenders:count} of {customers:count} customers made {recommendations:count} recommendations in "
            "{exposure:count} customer-years: {recommendation_rate:number:1} per 100 customer-years "
            "({level:percent:0} interval {recommendation_rate_interval:number:1}, clustered by customer).",
            row,
            self.settings,
        )
        first = say(
            "Counted until the first one only, {recommender_rate:number:1} customers per 100 customer-years began to "
            "recommend ({recommender_rate_interval:number:1}).",
            row,
        )
        if not row["recommendations"]:
            return (made, first)
        won = say(
            "{won:count} of the recommendations won a customer: {conversion:percent} ({level:percent:0} interval "
            "{conversion_interval:percent}, Wilson, clustered), or {won_rate:number:1} customers won per 100 "
            "customer-years ({won_rate_interval:number:1}).",
            row,
            self.settings,
        )
        return (made, won, first)

    def _range(self, rows: Sequence[Mapping[Any, Any]], rate: str, what: Sentence) -> Sentence:
        most, least = highest_and_lowest(rows, rate)
        return say(
            "{what} per 100 customer-years run from {low:number:1} ({low_group}, {level:percent:0} interval "
            "{low_interval:number:1}) to {high:number:1} ({high_group}, {high_interval:number:1}), gamma intervals, "
            "clustered by customer.",
            self.settings,
            what=what,
            low=least[rate],
            low_group=self.labels.get(least["group"], least["group"]),
            low_interval=Between(least[f"{rate}_low"], least[f"{rate}_high"]),
            high=most[rate],
            high_group=self.labels.get(most["group"], most["group"]),
            high_interval=Between(most[f"{rate}_low"], most[f"{rate}_high"]),
        )


@on_one_thread
def referral_activity(
    study: Study, by: str | None = None, consent: Consent = "all", level: float = 0.95
) -> ReferralActivity:
    """Tell how often existing customers recommend us and win customers, per 100 customer-years.

    Parameters
    ----------
    study : Study
        With the tables ``customers`` (``customer``, ``acquired``; ``left``) and ``referrals`` (``referrer``, ``date``;
        ``converted``, ``new_customer``). Answers are needed only where ``by`` says so.
    by : str, optional
        ``"segment"`` of the recommender or another column of the customers table; ``"perspective"`` of the
        recommendation; or, where answers may be tied to customers, ``"score"`` (promoter class and score of the
        answer) and ``"touchpoint"`` (experienced, as answered).
    consent : {"all", "given"}
        All recommendations, or only those with consent on record.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralActivity
        ``table`` with one row per group: ``group`` ("all" where not split), ``customers`` observed, ``exposure`` in
        customer-years, ``recommenders`` (customers with at least one recommendation), ``recommendations``, ``won``
        (recommendations that became a customer, credited to who recommended); then, per 100 customer-years and each
        with ``…_low`` and ``…_high``, ``recommender_rate``, ``recommendation_rate``, ``won_rate``; and ``conversion``
        (won ÷ recommendations, 0…1) with its interval. Groups with fewer than ``study.min_group`` customers are
        withheld. Further ``won_values`` and ``labels``, see :class:`ReferralActivity`.

    Raises
    ------
    DataError
        Where the tables or roles are missing, or answers may not be tied to customers for ``by`` that needs them.
    ValueError
        Where ``by`` or ``consent`` is not one of those listed.

    Notes
    -----
    A customer is observed from being acquired, or the start of recording, to leaving or the end of observation, both
    days included. Split by what was answered, only the time after an answer counts, up to the study's window, the next
    answer, leaving or the end (as in :func:`say_do`), with the answers' weights.

    *Rates* are Σ events / Σ time: ratio estimator, standard error clustered by customer (the sandwich of a Poisson
    regression with an offset), gamma interval. *Recommenders* per 100 customer-years are first recommendations over
    the time until the first: an incidence rate, which unlike the share "customers who recommended ÷ customers" does
    not grow with the length of observation. It is first *in the time observed*; what was before is not known.
    *Conversion* is clustered by recommender, Wilson interval. A conversion counts in the period of its
    recommendation; what had not converted by the end of observation counts as not won, so recent recommendations make
    it a lower bound.

    These are properties of *existing* customers. The share of *new* customers who came by recommendation is another
    thing: :func:`referral_rate`. A group whose rate is higher recommends more; that its segment, touchpoint or score
    is the reason is not shown.

    References
    ----------
    Fay, M. P. & Feuer, E. J. (1997). Confidence intervals for directly standardized rates. Statistics in Medicine 16,
    791-801. https://doi.org/10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#
    Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51, 279-292. https://doi.org/10.2307/1402588

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> activity = tpm.referral_activity(study, by="perspective")
    >>> list(activity.table["group"])
    ['one_to_one', 'one_to_many', 'many_to_many']
    """
    check_level(level)
    check_split(study, by)
    need(study, "referral_activity", customers=("customer", "acquired"), referrals=())
    if by in LINKED:
        need_linked(study, f"referral_activity(by={by!r})")
    counted, caveats = consenting(study, consent)
    observed = Observed(counted, "referral_activity")
    values = pd.DataFrame(columns=VALUES)
    if by in LINKED:
        parts, more = answer_parts(observed, str(by))
    else:
        time = observed.time
        caveats += (*time.caveats, *pending(counted, time))
        parts, more = _parts(counted, time, by)
        values = values_won(counted, time, by, parts, level)
    rows = [[part.group, *activity_measures(part.rows, level)] for part in parts]
    measured = typed(rows, COLUMNS)
    few = (measured["customers"] < study.min_group) & (by is not None)
    table, small = withhold(measured, few, "customers")
    withheld, labels = [row["group"] for row in small], _labels(study, by)
    unseen = [labels.get(name, name) for name in withheld]
    return ReferralActivity(
        table=table,
        won_values=values[~values["group"].isin(withheld)].reset_index(drop=True),
        labels=labels,
        settings={"by": by, "consent": consent, "level": level},
        caveats=(*caveats, *more, *withheld_caveat(unseen, study.min_group, say("customers")), NOT_SHOWN),
        data_hash=study.data_hash,
    )


NOT_SHOWN = say(
    "Recommendations that nobody recorded count as not made, so every rate is a lower bound; and a group that "
    "recommends more does so for reasons that the table does not show."
)


def _labels(study: Study, by: str | None) -> Mapping[str, Worded | str]:
    if by == "touchpoint":
        return study.labels
    if by == "score":
        return {
            **CLASS_WORDS,
            **{str(score): say("score {score}", score=score) for score in study.question.answers.tolist()},
        }
    return PERSPECTIVE_WORDS if by == "perspective" else {}


def _parts(study: Study, time: CustomerTime, by: str | None) -> tuple[list[Part], list[Sentence]]:
    if by != "perspective":
        return customer_parts(time, by)
    return perspective_parts(time, of_deeds(study, time, "perspective"))
