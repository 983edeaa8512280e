"""How far recommendations carry: participation, conversion, invitations, K and amplification, each by its full name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.as_is.customer_time import CustomerTime
from tpm_widgets.language import Number, Percent, Sentence, say
from tpm_widgets.statistics.clustered_share import clustered_share
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.rates import event_rate
from tpm_widgets.statistics.spread import amplification, generations
from tpm_widgets.study.model import Study

COLUMNS = ["measure", "numerator", "denominator", "estimate", "conf_low", "conf_high"]
# What is divided by what; every measure is named in full, because all of them are called "referral rate" somewhere.
DEFINITIONS = {
    "participation rate": say("customers who recommended ÷ active customers"),
    "conversion": say("customers won ÷ recommendations"),
    "invitations per customer": say("people recommended to ÷ active customers"),
    "conversion per invitation": say("customers won ÷ people recommended to"),
    "K": say("invitations per customer × conversion per invitation = customers won ÷ active customers"),
    "amplification": say("1 ÷ (1 − K): customers in all generations per customer to begin with"),
}


def referral_spread(study: Study, time: CustomerTime, level: float) -> pd.DataFrame:
    """Return one row per measure of ``DEFINITIONS``, with what it divides and its interval."""
    people = time.years() > 0
    made, won = time.counts()[people], time.counts(won=True)[people]
    reached = np.bincount(time.deeds["person"], weights=_invitations(study, time), minlength=len(people))[people]
    active = int(people.sum())
    head = np.ones(active)

    referred = int((made > 0).sum())
    share = referred / active if active else np.nan
    low, high = wilson(share, active, level)
    k = event_rate(won, head, level=level)
    invited = event_rate(reached, head, level=level)
    rows = [
        ["participation rate", referred, active, Estimate(share, float(low), float(high))],
        ["conversion", won.sum(), made.sum(), clustered_share(won, made, level=level)],
        ["invitations per customer", reached.sum(), active, invited],
        ["conversion per invitation", won.sum(), reached.sum(), clustered_share(won, reached, level=level)],
        ["K", won.sum(), active, k],
        [
            "amplification",
            np.nan,
            np.nan,
            Estimate(amplification(k.estimate), amplification(k.conf_low), amplification(k.conf_high)),
        ],
    ]
    return pd.DataFrame(
        [[*row[:3], row[3].estimate, row[3].conf_low, row[3].conf_high] for row in rows], columns=COLUMNS
    ).astype(dict.fromkeys(COLUMNS[1:], "float64"))


def _invitations(study: Study, time: CustomerTime) -> np.ndarray:
    """How many people each recommendation went to; one where that is not known."""
    recipients = study.referrals.reindex(columns=["recipients"])["recipients"].loc[time.deeds.index]  # type: ignore[union-attr]
    return np.maximum(recipients.to_numpy(float, na_value=1.0), 1.0)


def spread_caveats(study: Study, time: CustomerTime) -> list[Sentence]:
    """Say what K rests on, and that it is no forecast."""
    known = study.referrals.reindex(columns=["recipients"])["recipients"].loc[time.deeds.index].notna()  # type: ignore[union-attr]
    found = [
        say(
            "Participation, invitations and K are for the {days} days of recording and grow with them; amplification "
            "assumes that each generation wins as many customers per head in such a time, and that nobody is left out "
            "of reach.",
            days=(time.observed_until - time.recorded_from).days + 1,
        )
    ]
    if not known.all():
        found.append(
            say(
                "Of {missing} of {n} recommendations it is not known how many people they went to; each counts as one "
                "invitation.",
                missing=int((~known).sum()),
                n=len(known),
            )
        )
    return found


def read_spread(spread: pd.DataFrame) -> Sentence:
    """Read participation and K, and what K means for 1,000 customers."""
    rows = {row["measure"]: row for row in spread.to_dict("records")}
    k = rows["K"]["estimate"]
    if not np.isfinite(k):
        return say("Participation and K cannot be given: no customer was active.")
    told = say(
        "Participation rate (customers who recommended ÷ active customers): {share} of {n}; K (customers won per "
        "active customer): {k}",
        share=Percent(rows["participation rate"]["estimate"]),
        n=int(rows["participation rate"]["denominator"]),
        k=Number(k, 3),
    )
    if k >= 1:
        return say("{told}; from 1 on every generation would be larger than the one before.", told=told)
    first, second = generations(1000, k, 2)[1:]
    return say(
        "{told}; at that pace 1,000 customers would win {first}, these {second}, and all generations together would "
        "be {all} (amplification {times}).",
        told=told,
        first=Number(first, 0),
        second=Number(second, 0),
        all=Number(1000 * amplification(k), 0),
        times=Number(amplification(k), 2),
    )
