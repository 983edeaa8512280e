"""Does it matter what is done about touchpoints that were not experienced? One model, every policy, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, get_args

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT, Missing
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.filled import unanswered
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import WORDS, Outcome, asked, known_answers
from tpm_widgets.strategy.drivers.tables import ESTIMATES
from tpm_widgets.strategy.importance.importance import ranks
from tpm_widgets.strategy.trust.policy_agreement import agreement, differences
from tpm_widgets.study.model import Study, need_study
from tpm_widgets.threads import on_one_thread

POLICIES: tuple[Missing, ...] = get_args(Missing)
POLICY_NAMES = {
    "indicator": say("indicator of not having rated"),
    "complete": say("complete answers"),
    "pairwise": say("pairwise correlations"),
    "imputed": say("multiple imputation"),
}
ALIKE = 0.9  # rank correlation from which two orders are called alike
SURE = 0.05  # Holm-adjusted p value of a difference


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class PolicyComparison(Result):
    """The same drivers under every policy; made by ``compare_policies``, which tells the columns.

    Attributes
    ----------
    refused : mapping
        Policies that could not be had → the Sentence that says why.
    agreement : pandas.DataFrame
        One row per pair of policies: first, second, n (touchpoints with both), rank_correlation (Spearman's, of the
        importance), signs (touchpoints whose estimates have different signs).
    differences : pandas.DataFrame
        One row per touchpoint and pair: touchpoint, first, second, difference (first − second), std_error, conf_low,
        conf_high, p_value, p_adjusted (Holm, over all rows).
    models : mapping
        Policy → its DriverRegression.
    outcome : str
    answers : int
        Answers whose outcome is known.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        "experienced": "percent",
        "importance": "percent",
        **dict.fromkeys(["estimate", "std_error"], "number:3"),
    }

    refused: Mapping[Missing, Sentence]
    agreement: pd.DataFrame
    differences: pd.DataFrame
    models: Mapping[Missing, DriverRegression]
    outcome: str
    answers: int
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        asked = set(self.models) | set(self.refused)
        if asked | {"imputed"} != set(POLICIES) or set(self.models) & set(self.refused):
            raise ValueError("each policy is either fitted or refused.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say on how many answers each policy rests, whether they agree, and which were refused."""
        sizes = tuple(
            say("{policy} {n}", policy=POLICY_NAMES[policy], n=model.n) for policy, model in self.models.items()
        )
        found = [
            say(
                "Of {answers} answers whose outcome is known ({outcome}) each policy uses: {sizes:list}.",
                answers=self.answers,
                outcome=WORDS[self.outcome],
                sizes=sizes,
            )
        ]
        if len(self.models) > 1:
            found += [self._order_said(), *self._estimates_said()]
        else:
            found.append(say("With one policy only there is nothing to compare: its estimates stand alone."))
        return (
            *found,
            *(
                say("Refused, {policy}: {reason}.", policy=POLICY_NAMES[policy], reason=reason)
                for policy, reason in self.refused.items()
            ),
        )

    def _order_said(self) -> Sentence:
        low = self.agreement["rank_correlation"].min()
        firsts = {
            policy: str(model.table["touchpoint"].iloc[int(model.table["importance"].argmax())])
            for policy, model in self.models.items()
        }
        values = {"low": low, "pairs": len(self.agreement)}
        if len(set(firsts.values())) == 1:
            values["first"] = self.labels[next(iter(firsts.values()))]
            if np.isnan(low):
                return say(
                    "{first} comes first under each policy; whole orders are compared from three touchpoints on.",
                    **values,
                )
            if low >= ALIKE:
                return say(
                    "The order of the touchpoints does not depend on the policy (rank correlation of the importance "
                    "at least {low:number}); {first} comes first under each.",
                    **values,
                )
            return say(
                "{first} comes first under each policy, but further down the order depends on it (rank correlation of "
                "the importance down to {low:number}).",
                **values,
            )
        named = tuple(
            say("{first} ({policy})", first=self.labels[first], policy=POLICY_NAMES[policy])
            for policy, first in firsts.items()
        )
        if np.isnan(low):
            return say("The order of the touchpoints depends on the policy; first come {named:list}.", named=named)
        return say(
            "The order of the touchpoints depends on the policy (rank correlation of the importance down to "
            "{low:number}); first come {named:list}.",
            named=named,
            **values,
        )

    def _estimates_said(self) -> tuple[Sentence, ...]:
        """Say where estimates differ from those with the indicator, and what that means; one sentence per policy."""
        found = []
        for policy in list(self.models)[1:]:
            pair = self.differences[(self.differences["first"] == "indicator") & (self.differences["second"] == policy)]
            apart = pair.loc[pair["p_adjusted"] < SURE, "touchpoint"]
            values = {
                "policy": POLICY_NAMES[policy],
                "names": tuple(self.labels[name] for name in apart),
                "tests": len(self.differences),
            }
            if apart.empty:
                template = say(
                    "No estimate by {policy} differs from that by indicator by more than chance ({tests} Holm-adjusted "
                    "comparisons on overlapping answers), so what differs in the order may be chance as well."
                )
            elif policy == "complete":
                template = say(
                    "By {policy} estimates differ from those by indicator for {names:list} ({tests} Holm-adjusted "
                    "comparisons on overlapping answers): people who have experienced everything differ from the "
                    "others there, and a decision for all of them rests on the indicator."
                )
            elif policy == "imputed":
                template = say(
                    "By {policy} estimates differ from those by indicator for {names:list} ({tests} Holm-adjusted "
                    "comparisons on overlapping answers): ratings that exist and were not given bend the indicator's "
                    "there; rely on what is filled in."
                )
            else:
                template = say(
                    "By {policy} estimates differ from those by indicator for {names:list} ({tests} Holm-adjusted "
                    "comparisons on overlapping answers): pairwise reckons as if everybody had experienced everything, "
                    "which is not so here; rely on the indicator."
                )
            found.append(say(template.template, **values))
        return tuple(found)


@on_one_thread
def compare_policies(study: Study, outcome: Outcome = "recommend", level: float = 0.95) -> PolicyComparison:
    """Hold the drivers under every policy for touchpoints that were not rated against each other, in one table.

    Parameters
    ----------
    study : Study
        As for ``driver_regression``.
    outcome : str, default "recommend"
        As for ``driver_regression``.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.

    Returns
    -------
    PolicyComparison
        ``table``, one row per touchpoint and policy: ``touchpoint``; ``policy`` ("indicator", "complete", "pairwise";
        "imputed" where some rating exists, as far as is known, and was not given); ``n`` answers that rated it, among
        those the policy uses; ``experienced``, their share of these; ``estimate``, ``std_error``, ``conf_low``,
        ``conf_high``, ``importance`` as in ``driver_regression``;
        ``share`` of what is explained; ``rank``. ``refused``: policies that the data do not allow, with the reason.
        ``agreement`` and ``differences``: see there.

    Raises
    ------
    DataError
        Where no policy can be had.
    ValueError
        For an unknown outcome or level.

    Notes
    -----
    The policies answer different questions. *Indicator* compares, at each touchpoint, those who rated it, whatever
    else they have experienced. *Complete* speaks only of people who have experienced everything; both estimate the
    same where experience has nothing to do with how ratings go with the outcome. *Pairwise* puts together covariances
    of different people as if every rating existed and was only not given. A touchpoint that somebody never used has
    added nothing to what he says; then pairwise is biased, the more the less was experienced. *Imputed* fills in what
    was experienced and not answered, which biases the indicator.

    Fits of overlapping answers are correlated; the error of their difference comes from each customer's influence
    on both, as in Hausman's test with robust errors, with normal intervals. Of a difference from *imputed* the
    error is too large, by up to twice in simulations: what the fillings differ by is counted as if the other fit
    were fixed. Importance is not the same thing everywhere: with the indicator it contains what having experienced
    a touchpoint explains.

    References
    ----------
    Cohen & Cohen 1983, Applied Multiple Regression (dummy adjustment); Jones 1996, doi:10.1080/01621459.1996.10476680
    (when it is biased: where a value exists and was not given, not where there is none); Hausman 1978,
    doi:10.2307/1913827; Weesie 1999, Stata Technical Bulletin 52 (differences of overlapping fits by influences).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> found = tpm.compare_policies(study)
    >>> found.table.groupby("policy")["n"].max().to_dict()["indicator"] > 300
    True
    >>> sorted([*found.models, *found.refused])
    ['complete', 'imputed', 'indicator', 'pairwise']
    """
    need_study(study, "compare_policies")
    outcome = asked(study, outcome, "compare_policies")
    models: dict[Missing, DriverRegression] = {"indicator": driver_regression(study, outcome, "indicator", level)}
    refused: dict[Missing, Sentence] = {}
    answers = known_answers(Observed(study, "compare_policies"), outcome)
    for policy in POLICIES[1:]:
        if policy == "imputed" and not unanswered(study, answers).to_numpy().any():
            continue
        if policy == "pairwise" and outcome != "recommend":
            refused[policy] = say("covariances of different answers go with the score itself only")
            continue
        try:
            models[policy] = driver_regression(study, outcome, policy, level)
        except DataError as fault:
            refused[policy] = _reason(models["indicator"], policy, fault)
    labels = study.labels
    return PolicyComparison(
        table=pd.concat([_rows(policy, model) for policy, model in models.items()], ignore_index=True),
        refused=refused,
        agreement=agreement(models),
        differences=differences(models, study.clusters, level),
        models=models,
        outcome=outcome,
        answers=len(answers.rows),
        labels=labels,
        settings={"outcome": outcome, "level": level},
        caveats=(ASSOCIATION, *models["indicator"].caveats[1:]),
        data_hash=study.data_hash,
    )


ASSOCIATION = say(
    "A driver is an association under every policy. Agreement does not show that all are right: they rest on the same "
    "answers."
)


def _reason(indicator: DriverRegression, policy: str, fault: DataError) -> Sentence:
    """Say in a sentence of its own why a policy was refused."""
    rated = indicator.design.ratings
    if policy == "complete":
        asked = rated.columns[rated.notna().any()]
        complete, needed = int(rated[asked].notna().all(axis=1).sum()), PER_COEFFICIENT * len(asked)
        if complete < needed:
            return say(
                "{complete} answers rated every touchpoint, and {needed} are needed, {each} per coefficient",
                complete=complete,
                needed=needed,
                each=PER_COEFFICIENT,
            )
    return say("it takes {expected}", expected=str(fault.problems["expected"].iloc[0]))


def _rows(policy: str, model: DriverRegression) -> pd.DataFrame:
    table = model.table[["touchpoint", "n", "experienced", *ESTIMATES[:-1], "importance"]]
    table.insert(1, "policy", policy)
    importance = table["importance"].to_numpy(float)
    total = np.nansum(importance)
    return table.assign(share=importance / total if total > 0 else np.nan, rank=ranks(importance))
