"""What a study contains, and what a table that it lacks would add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study
from tpm_widgets.study.schema import TABLES, role_names


def purposes() -> dict[str, Sentence]:
    """Say what each table is for; made on call, so that it is read in the language of the moment."""
    return {
        "survey": say("what customers say: score, ratings, drivers of saying"),
        "touchpoints": say("the map: phases, channels, spend"),
        "customers": say("who came when and why: referral rate, exposure, value"),
        "referrals": say("who recommended when: say against do, drivers of doing"),
        "incidents": say("what happened: critical incidents, complaints"),
        "reviews": say("what the public reads: level and trend of reviews"),
        "revenue": say("what customers are worth: earned growth"),
        "actions": say("what could be done: ranking of measures"),
        "goals": say("where we want to be: progress towards goals"),
        "waves": say("when each wave began and ended"),
    }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class StudyDescription(Result):
    """The tables of a study, with their size, their span of time, and the roles that are filled or open."""

    title: str
    answers: int
    touchpoints: int
    waves: int
    absent: tuple[str, ...]
    simulated: tuple[str, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """Size of the study, and what of it is simulated."""
        size = say(
            "{title}: {answers} {touchpoints} {waves}.",
            title=self.title,
            answers=say_n("{count} answer", "{count} answers", self.answers),
            touchpoints=say_n("on {count} touchpoint", "on {count} touchpoints", self.touchpoints),
            waves=say_n("in {count} wave", "in {count} waves", self.waves),
        )
        found = [size]
        if self.simulated:
            found.append(say("Simulated, not observed: {tables:list:9}.", tables=self.simulated))
        if not self.absent:
            found.append(say("Every table is there, so every question can be asked."))
        return tuple(found)

    def _shown(self) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
        """Show the tables that are there; what others would add is said once, by ``study_questions``."""
        return self.table[self.table["rows"] > 0], ()


def describe_study(study: Study) -> StudyDescription:
    """Show which tables a study has, from when to when, and which questions they open.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    StudyDescription
        ``table`` with one row per table that a study can have: ``table``, ``rows`` (0 where absent), ``first`` and
        ``last`` (dates, missing where the table has none), ``roles`` (filled), ``open_roles`` (that it could have),
        ``purpose`` (what the table is for).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> description = tpm.describe_study(tpm.sample_study("insurer"))
    >>> description.table.loc[description.table["table"] == "survey", "rows"].item()
    2500
    """
    purpose = purposes()
    rows = [{**_describe_table(study, name), "purpose": str(purpose[name])} for name in TABLES]
    waves = study.survey["wave"].nunique() if "wave" in study.survey else 1
    return StudyDescription(
        table=pd.DataFrame(rows),
        data_hash=study.data_hash,
        title=study.title,
        answers=len(study.survey),
        touchpoints=len(study.touchpoint_names),
        waves=waves,
        absent=tuple(row["table"] for row in rows if not row["rows"]),
        simulated=study.simulated,
    )


def _describe_table(study: Study, name: str) -> dict[str, Any]:
    frame = getattr(study, name)
    frame = pd.DataFrame() if frame is None else frame
    filled = [role for role in role_names(name) if study.has(name, role)]
    dates = frame.select_dtypes("datetime")
    return {
        "table": name,
        "rows": len(frame),
        "first": dates.min().min() if dates.size else pd.NaT,
        "last": dates.max().max() if dates.size else pd.NaT,
        "roles": ", ".join(filled),
        "open_roles": ", ".join(role for role in role_names(name) if role not in filled),
    }
