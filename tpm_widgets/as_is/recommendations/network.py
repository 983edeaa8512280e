"""Where do we stand: do many recommend a little, or few a lot? Concentration and chains of recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.deeds.recommenders import generations, recommenders
from tpm_widgets.as_is.recommendations.consent import Consent, with_consent
from tpm_widgets.as_is.recommendations.network_spread import COLUMNS, concentration_measures, lorenz_curves
from tpm_widgets.columns import formats_of
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study, given
from tpm_widgets.threads import on_one_thread

LARGEST = 5  # chains that are told


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralNetwork(Result):
    """How recommendations are spread over customers, see :func:`referral_network`.

    Attributes
    ----------
    lorenz : pandas.DataFrame
        ``of`` ("customers" or "referrers"), ``share`` of them, those with fewest recommendations first, ``estimate``
        their share of all recommendations with ``conf_low, conf_high``, ``by_chance`` (customers only).
    degrees : pandas.DataFrame
        ``recommendations`` (0, 1, …), ``customers`` who made so many, ``share`` of all customers.
    generations : pandas.DataFrame
        ``generation`` (0: won by no customer that is known), ``customers``, ``share``.
    chains : pandas.DataFrame
        The largest chains: ``rank``, ``customers`` in it, the first included, ``generations`` after the first.
    counts : mapping
        ``customers``, ``referrers``, ``recommendations``.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    lorenz: pd.DataFrame
    degrees: pd.DataFrame
    generations: pd.DataFrame
    chains: pd.DataFrame
    counts: Mapping[str, int]

    def __post_init__(self) -> None:
        made = int((self.degrees["recommendations"] * self.degrees["customers"]).sum())
        if made != self.counts["recommendations"]:
            raise ValueError("the customers' recommendations do not add up to all recommendations.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read how many recommended, how few made how much, and how long the chains are."""
        if self.counts["recommendations"] == 0:
            return (
                say_n(
                    "The {count} customer made no recommendation that counts, so there is nothing to be spread.",
                    "The {count} customers made no recommendation that counts, so there is nothing to be spread.",
                    self.counts["customers"],
                ),
            )
        rows = {row["measure"]: row for row in self.table.to_dict("records")}
        return _participation(self, rows), _concentration(self, rows), _chains(self)


def _participation(result: ReferralNetwork, rows: Mapping[str, Mapping[Any, Any]]) -> Sentence:
    taken_part = rows["share_who_recommended"]
    return say(
        "{estimate:percent} of {n} customers recommended ({level:percent:0} interval {conf_interval:percent}, Wilson): "
        "{referrers} made {made} recommendations, {each:number} each.",
        taken_part,
        result.settings,
        n=result.counts["customers"],
        referrers=result.counts["referrers"],
        made=result.counts["recommendations"],
        each=rows["recommendations_per_referrer"]["estimate"],
    )


def _concentration(result: ReferralNetwork, rows: Mapping[str, Mapping[Any, Any]]) -> Sentence:
    referrers, customers = rows["top_tenth_of_referrers"], rows["top_tenth_of_customers"]
    return say(
        "The busiest tenth of those who recommended made {referrers.estimate:percent} of the recommendations "
        "({referrers.conf_interval:percent}, bootstrap by customer), the busiest tenth of all customers "
        "{customers.estimate:percent} ({customers.conf_interval:percent}; by chance alone it would be "
        "{customers.by_chance:percent}); Gini {gini:number} among those who recommended, {other_gini:number} among "
        "all.",
        referrers=referrers,
        customers=customers,
        gini=rows["gini_of_referrers"]["estimate"],
        other_gini=rows["gini_of_customers"]["estimate"],
    )


def _chains(result: ReferralNetwork) -> Sentence:
    if result.chains.empty:
        return say("Of no customer it is known which other customer recommended us to them, so there are no chains.")
    return say_n(
        "The longest chain of recommendations has {count} generation after the first customer; the largest holds "
        "{customers} customers.",
        "The longest chain of recommendations has {count} generations after the first customer; the largest holds "
        "{customers} customers.",
        int(result.generations["generation"].max()),
        customers=int(result.chains["customers"].max()),
    )


@on_one_thread
def referral_network(study: Study, consent: Consent = "all", level: float = 0.95) -> ReferralNetwork:
    """Tell whether many customers recommend a little or few a lot, and how far recommendations are passed on.

    Parameters
    ----------
    study : Study
        With ``customer, acquired`` in the table customers and ``referrer, date`` in referrals; chains need
        ``recommended_by`` in customers or ``new_customer`` in referrals.
    consent : {"all", "given"}
        All recommendations, or only those for which consent is on record.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralNetwork
        ``table`` with one row per ``measure``: ``n`` people it is about, ``estimate``, ``conf_low``, ``conf_high``, and
        ``by_chance``, what it would be if all customers recommended equally often per day:

        ``share_who_recommended`` (0…1), ``recommendations_per_customer`` and ``recommendations_per_referrer`` (mean
        out-degree), ``top_tenth_of_customers`` and ``top_tenth_of_referrers`` (their share of all recommendations),
        ``gini_of_customers`` and ``gini_of_referrers`` (0 alike … 1 − 1/n all by one), ``gini_of_referrers_corrected``
        (times n/(n − 1)). ``lorenz``, ``degrees``, ``generations`` and ``chains`` hold the rest. No name or number of
        a customer is in any of them.

    Raises
    ------
    DataError
        Where a table is missing, or ``consent="given"`` and consent was never recorded.

    Notes
    -----
    Counted are the customers who were there on at least one day of the recorded period, and the recommendations they
    made in it. Top tenth = 1 − L(.9) on the Lorenz curve L. Intervals by bootstrap of customers (percentiles of 2,000
    resamples, which for counts are multinomial draws of the out-degrees), for the share who recommended by Wilson.

    A Gini coefficient among all customers is high whenever recommending is rare, even if everybody is equally likely
    to do it: one recommendation cannot be shared. ``by_chance`` says how high: all recommendations fall on customers
    in proportion to their days (mean of 100 draws). Only what exceeds it is a difference between customers. Customers
    who were there longer had more time; the measures describe who carries the recommendations, not who is keenest.

    Generations count along ``recommended_by`` (or ``new_customer``) among all customers, however early they came;
    customers of unknown source begin a chain, so chains are at least as long as told.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American Statistical
    Association 9, 209-219. https://doi.org/10.2307/2276207
    Deltas, G. (2003). The small-sample bias of the Gini coefficient. Review of Economics and Statistics 85, 226-234.
    https://doi.org/10.1162/rest.2003.85.1.226

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> network = tpm.referral_network(study)
    >>> network.degrees.head(2)["recommendations"].tolist()
    [0, 1]
    """
    check_level(level)
    watched = Observed(study, "referral_network").time
    kept, caveats = with_consent(study, given(study.referrals).loc[watched.deeds.index], consent)
    years = watched.years()
    present = years > 0
    made = watched.counts(watched.deeds.loc[kept.index])[present].astype(np.int64)
    counts = np.bincount(made, minlength=2)
    links, left_out = recommenders(study, watched.people, kept, recorded_only=consent == "given")
    per_generation, chains = _family(links, len(watched.people))
    return ReferralNetwork(
        table=concentration_measures(counts, years[present], level),
        lorenz=lorenz_curves(counts, years[present], level),
        degrees=pd.DataFrame(
            {"recommendations": np.arange(len(counts)), "customers": counts, "share": counts / max(len(made), 1)}
        ),
        generations=per_generation,
        chains=chains,
        counts={
            "customers": len(made),
            "referrers": int((made > 0).sum()),
            "recommendations": int(made.sum()),
        },
        settings={"consent": consent, "level": level},
        caveats=(*watched.caveats, *caveats, *left_out, _caveat()),
        data_hash=study.data_hash,
    )


def _family(links: pd.DataFrame, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how many customers are in each generation, and the largest chains."""
    depth, root = generations(links, size)
    per_generation = np.bincount(depth, minlength=1)
    members = np.bincount(root, minlength=size)
    deepest = np.zeros(size, dtype=int)
    np.maximum.at(deepest, root, depth)
    largest = np.lexsort([-deepest, -members])[:LARGEST]
    largest = largest[members[largest] > 1]
    generation = np.arange(len(per_generation))
    rank = np.arange(1, len(largest) + 1)
    return (
        pd.DataFrame({"generation": generation, "customers": per_generation, "share": per_generation / max(size, 1)}),
        pd.DataFrame({"rank": rank, "customers": members[largest], "generations": deepest[largest]}),
    )


def _caveat() -> Sentence:
    return say(
        "Customers who were there longer had more time to recommend, and recommendations that nobody recorded are not "
        "there; among all customers a high Gini coefficient is mostly due to recommendations being rare."
    )
