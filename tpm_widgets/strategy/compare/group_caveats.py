"""What a reader of drivers by group has to know: what a difference does not show, who is withheld, who is in twice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.regression.contrasts import WaldTest
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT
from tpm_widgets.strategy.drivers.caveats import left_out_caveats
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import WORDS, Answers, Outcome
from tpm_widgets.study.model import Study


def group_caveats(
    study: Study,
    records: pd.DataFrame,
    models: Mapping[str, DriverRegression],
    parts: Mapping[str, Answers],
    outcome: Outcome,
    log_odds: WaldTest | None,
) -> tuple[Sentence, ...]:
    """Say what a difference of drivers does not show, which groups are withheld, and who stands in several."""
    found = [
        say(
            "Groups differ in more than what tells them apart: a driver is an association, and so is a difference of "
            "drivers."
        ),
        *_withheld(records, outcome),
    ]
    if len(models) > 1:
        least = records[~records["withheld"]].nsmallest(1, "per_coefficient").iloc[0].to_dict()
        found.append(
            say(
                "{per_coefficient:number:1} answers stand behind each coefficient in {group}, the least of the groups "
                "compared.",
                least,
            )
            if outcome == "recommend"
            else say(
                "{per_coefficient:number:1} answers of the rarer outcome stand behind each coefficient in {group}, the "
                "least of the groups compared.",
                least,
            )
        )
    if log_odds is not None:
        found.append(
            say(
                "An average change also depends on how frequent {outcome} is in a group. Of log odds, which do not, "
                "the joint test says: F({df}, {df_residual:count}) = {f:number}, p {p_value:p}.",
                log_odds,
                outcome=WORDS[outcome],
            )
        )
    if len(models) > 2:
        found.append(
            say(
                "With more than two groups the joint test can reject a little too often (simulated: in up to 8 of "
                "100 where nothing differs); take its p values between 0.01 and 0.05 as a hint only."
            )
        )
    persons = [np.unique(parts[name].clusters) for name in models]
    several = int((np.unique(np.concatenate(persons), return_counts=True)[1] > 1).sum()) if persons else 0
    if several:
        found.append(
            say("{several} persons answered in more than one group; the tests take that into account.", several=several)
        )
    for name, model in models.items():
        found += [
            say("{group}: {caveat}", group=name, caveat=caveat)
            for caveat in left_out_caveats(model.design, study.labels)
        ]
    return tuple(found)


def _withheld(records: pd.DataFrame, outcome: Outcome) -> list[Sentence]:
    """Name the groups that hold too little, and what they hold."""
    found = []
    few = records[records["withheld"] & records["per_coefficient"].notna()]
    if len(few):
        named = tuple(say("{group} ({per_coefficient:number:1})", row) for row in few.to_dict("records"))
        values = {"needed": PER_COEFFICIENT, "groups": named}
        found.append(
            say("Withheld, because they hold fewer than {needed} answers per coefficient: {groups:all}.", **values)
            if outcome == "recommend"
            else say(
                "Withheld, because they hold fewer than {needed} answers of the rarer outcome per coefficient: "
                '{groups:all}. outcome="recommend" asks less of the data: there every answer counts.',
                **values,
            )
        )
    none = tuple(records.loc[records["coefficients"].isna(), "group"])
    if none:
        found.append(
            say(
                "Withheld, because their answers are too few or too alike for a model: {groups:all}.",
                groups=none,
            )
        )
    return found
