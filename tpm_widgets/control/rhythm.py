"""How a chart cuts time: by the calendar, or by waves where answers carry no date."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from tpm_widgets.as_is.deeds.new_customers import FREQUENCIES
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study, need

ChartMetric = Literal["nps", "referral_rate"]
Rhythm = Literal["month", "quarter", "year", "wave"]
LEAST_BASELINE = 4  # periods; fewer say little about what is usual


def rhythm_of(study: Study, metric: ChartMetric, period: Rhythm) -> Rhythm:
    """Cut time as asked, but by waves where answers carry no date and are told apart by wave."""
    dated = metric == "referral_rate" or study.has("survey", "date")
    return period if dated or not study.has("survey", "wave") else "wave"


def answer_periods(study: Study, period: Rhythm) -> pd.Series:
    """Return the period of each answer, missing where it has none."""
    if period == "wave":
        need(study, "control_chart", survey=("wave",))
        return study.survey["wave"]
    need(study, "control_chart", survey=("date",))
    return study.survey["date"].dt.to_period(FREQUENCIES[period])


def by_wave_instead(asked: Rhythm, period: Rhythm, waves: int) -> list[Sentence]:
    """Say that waves stand in for what was asked, and where they are too few."""
    if asked == period:
        return []
    found = [say("The answers carry no date, so their waves are the periods.")]
    if waves < LEAST_BASELINE:
        few = say_n(
            "Only {count} wave: too few to tell what is usual.",
            "Only {count} waves: too few to tell what is usual.",
            waves,
        )
        more = say("A chart takes {least} and later ones to judge; compare_waves tests two.", least=LEAST_BASELINE)
        found += [few, more]
    return found
