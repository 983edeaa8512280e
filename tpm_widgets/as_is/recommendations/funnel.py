"""Where do we stand: of the customers who would recommend us, how many do, reach somebody, and win a customer?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.exposure import check_window
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.recommendations.activity_parts import pending
from tpm_widgets.as_is.recommendations.consent import Consent, consenting
from tpm_widgets.as_is.recommendations.funnel_steps import (
    DEEDS,
    Followed,
    all_customers,
    deed_rows,
    first_answers,
    read_spread,
    referral_spread,
    spread_caveats,
    willing_answers,
    willing_customers,
)
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

STEPS = ("willing", *DEEDS)
COLUMNS = {
    **{"step": "", "n": "Int64", "count": "Int64"},
    **dict.fromkeys((*with_ends(), *with_ends("of_previous")), "percent"),
}
PUBLISHED = pd.DataFrame(
    {
        "source": "Kumar, Petersen & Leone 2007",
        "industry": ["telecommunications", "financial services"],
        "n": [9_900, 6_700],
        "willing": [0.81, 0.68],
        "recommended": [0.30, 0.33],
        "bought": [0.12, 0.14],
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralFunnel(Result):
    """From the promise to the new customer, in shares of customers, see :func:`referral_funnel`.

    Attributes
    ----------
    published : pandas.DataFrame
        What others found: ``source``, ``industry``, ``n``, and the shares of customers ``willing``, ``recommended``,
        ``bought`` (0…1).
    spread : pandas.DataFrame
        How far recommendations carry, over all active customers of the recorded period: ``measure`` (participation
        rate, conversion, invitations per customer, conversion per invitation, K, amplification), ``numerator``,
        ``denominator``, ``estimate``, ``conf_low``, ``conf_high``.
    linked : bool
        Whether answers and deeds are those of the same customers.
    window : int
        Days within which a recommendation counts.
    n, complete : int
        Customers followed, and how many of them over the whole window or until they recommended.
    yes_no : bool
        Whether the willing said yes, and are no promoters.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    published: pd.DataFrame
    spread: pd.DataFrame
    linked: bool
    window: int
    n: int
    complete: int
    yes_no: bool = False

    def __post_init__(self) -> None:
        # counts only: with few customers and unequal times, Kaplan-Meier shares of two steps may cross
        seen = self.table.loc[self.table["step"].isin(DEEDS), "count"].dropna().astype(int)
        if (seen.diff().dropna() > 0).any():
            raise ValueError("More customers were seen on a step of the funnel than on the step before.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the steps, what became of the promise, and how far recommendations carry."""
        rows = {row["step"]: row for row in self.table.to_dict("records")}
        return (self._steps(rows), self._beside(rows["recommended"]), read_spread(self.spread))

    def _steps(self, rows: Mapping[str, Mapping[Any, Any]]) -> Sentence:
        willing, did, won = rows["willing"], rows["recommended"], rows["bought"]
        said = (
            say("{estimate:percent} of {n:count} customers are promoters ({conf_interval:percent})", willing)
            if self.linked
            else say("{estimate:percent} of {n:count} answers are promoters ({conf_interval:percent})", willing)
        )
        if self.yes_no:
            said = (
                say("{estimate:percent} of {n:count} customers say yes ({conf_interval:percent})", willing)
                if self.linked
                else say("{estimate:percent} of {n:count} answers are yes ({conf_interval:percent})", willing)
            )
        if np.isnan(willing["estimate"]):
            said = say("Nobody said how willing he is")
        if np.isnan(did["estimate"]):
            return say(
                "{said}; no customer was followed for {window} days, so what they did cannot be given as a share.",
                said=said,
                window=self.window,
            )
        return say(
            "{said}; within {window} days {did.estimate:percent} of {did.n:count} customers recommended "
            "({did.conf_interval:percent}) and {won.estimate:percent} won a customer ({won.conf_interval:percent}); "
            "{level:percent:0} intervals, Kaplan-Meier shares, {complete} followed to the end.",
            self.settings,
            did=did,
            won=won,
            said=said,
            window=self.window,
            complete=self.complete,
        )

    def _beside(self, did: Mapping[Any, Any]) -> Sentence:
        telecom, finance = self.published.to_dict("records")
        published = say(
            "Published for comparison (Kumar, Petersen & Leone 2007): telecommunications {telecom.willing:percent:0} "
            "willing, {telecom.recommended:percent:0} recommended, {telecom.bought:percent:0} won; financial services "
            "{finance.willing:percent:0}, {finance.recommended:percent:0}, {finance.bought:percent:0}.",
            telecom=telecom,
            finance=finance,
        )
        if np.isnan(did["of_previous"]):
            return published
        return say(
            "Of those willing {of_previous:percent} recommended ({of_previous_interval:percent}). {published}",
            did,
            published=published,
        )


@on_one_thread
def referral_funnel(
    study: Study, window: int | None = None, consent: Consent = "all", level: float = 0.95
) -> ReferralFunnel:
    """Tell how many customers would recommend, do, reach somebody, and win a customer.

    Parameters
    ----------
    study : Study
        With the tables ``customers`` and ``referrals``; ``contacted``, ``converted``, ``new_customer`` and
        ``recipients`` where recorded. Where answers may be tied to customers the whole funnel is that of the same
        customers; elsewhere willingness is the survey's share alone.
    window : int, optional
        Days within which a recommendation counts; the study's own where None.
    consent : {"all", "given"}
        All recommendations, or only those with consent on record.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralFunnel
        ``table`` with one row per step, ``willing`` (promoters), ``recommended``, ``contact`` (somebody was
        contacted because of it), ``bought`` (somebody became a customer): ``step``, ``n`` customers that the share is
        of (answers, for the willingness of an unlinked study), ``count`` seen to take the step, ``estimate`` the
        share of customers (0…1), ``conf_low``, ``conf_high``; ``of_previous`` the share of those on the previous
        step, with ``of_previous_low``, ``of_previous_high``. Further ``published``, ``spread``, ``linked``,
        ``window``, ``n``, ``complete``, see :class:`ReferralFunnel`.

    Raises
    ------
    DataError
        Where the tables of customers or recommendations are missing.
    ValueError
        Where ``window``, ``consent`` or ``level`` is out of range.

    Notes
    -----
    Shares are of *customers*, one row each, not of recommendations. Linked: the customer's **first** answer that can
    be followed, followed over the window through later answers (a later one would have a shorter time left);
    weighted. Unlinked: each customer's first days of observation, unweighted. Not everybody is followed for the whole
    window, so the last three steps are Kaplan-Meier shares with clustered error and Wilson interval (see
    :func:`say_do`), and a count divided by n is less than the share. A step is dated by its recommendation; a contact
    or conversion that came after the end of observation is missing, so these two steps are lower bounds.

    ``of_previous``: for *recommended*, the Kaplan-Meier share among those willing, which is not ``estimate`` divided
    by the willing, because others recommend too; for *contact* and *bought*, the share of the customers seen on the
    previous known step, Wilson.

    ``spread`` counts everybody active in the recorded period. Participation: Wilson. The two conversions: clustered
    by recommender, Wilson. Invitations and K per customer: linearised (delta) error and gamma interval; amplification
    is 1/(1 − K) at K's limits. An invitation is one person recommended to (``recipients``; one where not known).

    References
    ----------
    Kumar, V., Petersen, J. A. & Leone, R. P. (2007). How valuable is word of mouth? Harvard Business Review 85(10),
    139-146.
    Kaplan, E. L. & Meier, P. (1958). Journal of the American Statistical Association 53, 457-481.
    https://doi.org/10.1080/01621459.1958.10501452

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> funnel = tpm.referral_funnel(study)
    >>> list(funnel.table["step"])
    ['willing', 'recommended', 'contact', 'bought']
    """
    check_level(level)
    window = check_window(study.period.window if window is None else window)
    need(study, "referral_funnel", customers=("customer", "acquired"), referrals=())
    counted, caveats = consenting(study, consent)
    observed = Observed(counted, "referral_funnel")
    time = observed.time
    linked = bool(study.linkage.get("permitted", True)) and study.has("survey", "customer", "date", "recommend")
    followed = (first_answers if linked else all_customers)(observed, window)
    willing = willing_customers(followed, level) if linked else willing_answers(study, level)
    done, until = (followed.rows[name] for name in ("recommended", "recommended_time"))
    return ReferralFunnel(
        table=typed([willing, *deed_rows(followed, window, level)], COLUMNS),
        published=PUBLISHED.copy(),
        spread=referral_spread(counted, time, level),
        linked=linked,
        yes_no=study.question.yes_no,
        window=window,
        n=len(followed.rows),
        complete=int(((done | (until >= window)) & (followed.rows["entry"] == 0)).sum()),
        settings={"window": window, "consent": consent, "level": level},
        caveats=(
            *caveats,
            *followed.caveats,
            *_caveats(followed, linked=linked),
            *pending(counted, time),
            *spread_caveats(counted, time),
        ),
        data_hash=study.data_hash,
    )


def _caveats(followed: Followed, *, linked: bool) -> list[Sentence]:
    found = []
    if not linked:
        found.append(
            say(
                "Answers are not tied to customers here: willingness is the share among the answers of the survey, "
                "deeds are the shares among all customers from their first day of observation on, and whether those "
                "who are willing recommend cannot be told."
            )
        )
    if not followed.contact_known:
        found.append(say("Contacts were not recorded, so this step is missing."))
    found.append(
        say(
            "Recommendations that nobody recorded count as not made. The published shares come from other firms, years "
            "and questions; they are a rough mark and no norm."
        )
    )
    return found
