"""What is known about saying and doing: the facts that the sentences are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.by_class import COUNTS, SHARES
from tpm_widgets.as_is.say_do.groups import SayDoGroups
from tpm_widgets.as_is.say_do.kinds import Kind
from tpm_widgets.as_is.say_do.person import NOBODY, PersonLevel
from tpm_widgets.as_is.say_do.response import COLUMNS as RESPONDENTS
from tpm_widgets.as_is.say_do.time import SayDoTime
from tpm_widgets.columns import with_ends
from tpm_widgets.language import Worded
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.score.question import Question

PERCENT = (*with_ends(), *SHARES, "answer_share", *with_ends("reported_share"), *with_ends("recommended_share"))
RATES = ("rate", "recommendation_rate", "won_rate")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SayDoFound(Result):
    """The fields of ``SayDo``, which describes each, and that they add up."""

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(PERCENT, "percent"),
        **dict.fromkeys((name for rate in RATES for name in with_ends(rate)), "number:2"),
        **dict.fromkeys(with_ends("nps"), "points"),
        "exposure": "number:0",
    }

    kind: Kind
    classes: pd.DataFrame
    window: int
    n: int
    question: Question = field(default_factory=Question)
    auc: Estimate = field(default_factory=lambda: Estimate(np.nan, np.nan, np.nan))
    respondents: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RESPONDENTS))
    person: PersonLevel = NOBODY
    deeds: pd.DataFrame = field(default_factory=pd.DataFrame)
    response: pd.DataFrame = field(default_factory=pd.DataFrame)
    groups: SayDoGroups | None = None
    time: SayDoTime | None = None
    remedies: Mapping[str, tuple[Worded | str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shares = self.classes["recommendation_share"]
        if shares.notna().all() and not np.isclose(shares.sum(), 1):
            raise ValueError("the classes' shares of all recommendations do not add up to 1.")
        for column in () if self.kind == "unlinked" else set(COUNTS) & set(self.table):
            if not np.isclose(self.table[column].sum(), self.classes[column].sum()):
                raise ValueError(f"{column} by score and by class do not add up to the same total.")

    @property
    def association(self) -> pd.DataFrame:
        """What the score tells about each deed, measure by measure."""
        return self.person.association

    @property
    def calibration(self) -> pd.DataFrame:
        """What was predicted for each score, and what happened."""
        return self.person.calibration

    @property
    def brier(self) -> pd.DataFrame:
        """The Brier score and its parts."""
        return self.person.brier

    @property
    def forms(self) -> pd.DataFrame:
        """Whether a straight line, the classes, or each score by itself carry what the score knows."""
        return self.person.forms
