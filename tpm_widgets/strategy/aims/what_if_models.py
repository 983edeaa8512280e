"""The models behind every what-if: of promoters, detractors, recommendations made and customers won."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.regression.design import PER_COEFFICIENT
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import Outcome, best_known
from tpm_widgets.study.model import Scale, Study, need_study
from tpm_widgets.threads import on_one_thread

METRICS = {
    "promoter": "promoters",
    "detractor": "detractors",
    "yes": "yes",
    "referred": "referred",
    "won": "won",
    "recommended": "recommended",
    "reported": "reported",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class WhatIfModels(Sequence[DriverRegression]):
    """Everything that :func:`what_if` needs of a study, fitted once; a sequence of its driver regressions.

    Attributes
    ----------
    drivers : tuple of DriverRegression
        Of promoter and detractor, and where answers are linked of referred and won.
    rating_scales : mapping
        The ends of each touchpoint's scale.
    touchpoints : tuple of str
        The touchpoints that were rated.
    reach : mapping
        The weighted share of the answers that experienced each touchpoint.
    rate, new_customers : float, int
        Today's referral rate and the number of new customers that it rests on; missing and 0 where unknown.
    labels : mapping
        The words for each touchpoint.
    caveats : tuple of Sentence
        Which models could not be had, and why.
    data_hash : str
        The study that they are of.
    """

    drivers: tuple[DriverRegression, ...]
    rating_scales: Mapping[str, Scale]
    touchpoints: tuple[str, ...]
    reach: Mapping[str, float]
    rate: float
    new_customers: int
    labels: Mapping[str, str]
    caveats: tuple[Sentence, ...]
    data_hash: str

    @property
    def predicts_rate(self) -> bool:
        """Whether the referral rate can be predicted: customers won are modelled, and today's rate is known."""
        return any(model.outcome == "won" for model in self.drivers) and bool(np.isfinite(self.rate))

    def __len__(self) -> int:
        return len(self.drivers)

    def __getitem__(self, position: Any) -> Any:
        return self.drivers[position]

    def __iter__(self) -> Iterator[DriverRegression]:
        return iter(self.drivers)

    def __repr__(self) -> str:
        return f"WhatIfModels({', '.join(model.outcome for model in self.drivers)})"


@on_one_thread
def what_if_models(study: Study, missing: Literal["indicator", "complete"] = "indicator") -> WhatIfModels:
    """Fit once what any number of what-ifs needs: models of promoters, detractors, recommendations made and won.

    Parameters
    ----------
    study : Study
        With ratings and the question on recommendation; recommendations made and customers won are added where
        answers are tied to customers (else recommendations made at any time, or reported), the referral rate where the
        customers' sources are known.
    missing : {"indicator", "complete"}
        What becomes of touchpoints that a respondent never experienced; see :func:`driver_regression`.

    Returns
    -------
    WhatIfModels
        A sequence of ``DriverRegression``; its ``caveats`` name the models that could not be had.

    Raises
    ------
    DataError
        Where promoters and detractors cannot be modelled.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=800, touchpoints=6)
    >>> tpm.what_if_models(study)
    WhatIfModels(promoter, detractor, referred, won)
    """
    need_study(study, "what_if_models")
    said: tuple[Outcome, ...] = ("yes",) if study.question.yes_no else ("promoter", "detractor")
    drivers = [driver_regression(study, outcome=outcome, missing=missing) for outcome in said]
    caveats = []
    deed = best_known(study)
    outcomes: tuple[Outcome, ...] = ("referred", "won", *([] if deed == "referred" else [deed]))
    for outcome in outcomes:
        try:
            drivers.append(driver_regression(study, outcome=outcome, missing=missing))
        except DataError as error:
            caveats.append(_not_modelled(METRICS[outcome], error))
    thin = [METRICS[model.outcome] for model in drivers if _per_coefficient(model) < PER_COEFFICIENT]
    if thin:
        caveats.append(
            say(
                "Few events: fewer than {least} of the rarer outcome per coefficient in the models of {metrics:list}.",
                least=PER_COEFFICIENT,
                metrics=tuple(thin),
            )
        )
    rate, new_customers = np.nan, 0
    try:
        overall = referral_rate(study).table.iloc[0]
        rate, new_customers = float(overall["estimate"]), int(overall["known"])
    except DataError as error:
        caveats.append(_not_modelled("referral_rate", error))
    return WhatIfModels(
        drivers=tuple(drivers),
        rating_scales=dict(study.rating_scales),
        touchpoints=tuple(study.touchpoint_names),
        reach=study.reach,
        rate=rate,
        new_customers=new_customers,
        labels=study.labels,
        caveats=tuple(caveats),
        data_hash=study.data_hash,
    )


def _per_coefficient(model: DriverRegression) -> float:
    """Count the answers of the rarer outcome per coefficient."""
    events = model.events or 0
    return min(events, model.n - events) / (len(model.design.columns) - 1)


def _not_modelled(metric: str, error: DataError) -> Sentence:
    """Name the metric and the places of the faults; the verb itself says in full what is missing."""
    faults = error.problems[["table", "column"]].astype(str).drop_duplicates()
    places = tuple(f"{table}.{column}".rstrip(".") for table, column in faults.itertuples(index=False, name=None))
    return say("Not predicted: {metric} (absent or not enough: {places:list}).", metric=metric, places=places)
