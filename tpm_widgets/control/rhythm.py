"""How a chart cuts time: by the calendar, or by waves where answers carry no date."""

from __future__ import annotations

from typing import Literal

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.model import Study

ChartMetric = Literal["nps", "referral_rate"]
Rhythm = Literal["month", "quarter", "year", "wave"]
LEAST_BASELINE = 4  # periods; fewer say little about what is usual


def rhythm_of(study: Study, metric: ChartMetric, period: Rhythm) -> Rhythm:
    """Cut time as asked, but by waves where answers carry no date and are told apart by wave."""
    dated = metric == "referral_rate" or study.has("survey", "date")
    return period if dated or not study.has("survey", "wave") else "wave"


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
