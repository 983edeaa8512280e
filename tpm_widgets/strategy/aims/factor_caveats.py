"""What high and low ratings do not show, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.regression.covariance import weighted_covariance
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT, Design
from tpm_widgets.statistics.regression.linear_and_logit import Fit
from tpm_widgets.strategy.drivers.caveats import close_touchpoints, few_customers_caveat, left_out_caveats


def factor_caveats(table: pd.DataFrame, design: Design, fit: Fit, labels: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Say what the factors do not show, and which ratings tell little."""
    found = [
        say(
            "What goes with high and low ratings is an association, not a cause; ratings of one questionnaire share a "
            "general mood."
        )
    ]
    coefficients = len(design.columns) - 1
    if fit.n < PER_COEFFICIENT * coefficients:
        each = fit.n / coefficients
        found.append(say("Only {each:number:1} answers per coefficient: the estimates are unsure.", each=each))
    found += few_customers_caveat(fit)
    wrong = tuple(labels[name] for name in table.loc[table["note"] == "wrong sign", "touchpoint"])
    if wrong:
        found.append(
            say(
                "A high rating goes with less than a middle one, or a low one with more, at {touchpoints:all}; that "
                "part counts for neither side of the asymmetry.",
                touchpoints=wrong,
            )
        )
    close = close_touchpoints(design, weighted_covariance(design.matrix[:, 1:], fit.weights), labels, ("low", "high"))
    return (*found, *close, *left_out_caveats(design, labels))
