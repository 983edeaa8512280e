"""What a study may hold of what was drawn: everything, nothing that ties answers to customers, or answers only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tpm_widgets.study.model import OTHER_TABLES, Period, Study
from tpm_widgets.study.simulate_profile import Profile


def only_known(study: Study, profile: Profile) -> Study:
    """Take away what nobody knows of this company, or may not know."""
    if profile.kind == "linked":
        return study
    kept = ("touchpoints", *profile.tables)
    unknown: dict[str, Any] = dict.fromkeys(name for name in OTHER_TABLES if name not in kept)
    if profile.kind == "unlinked":
        linkage = {"permitted": False, "basis": "anonymity was promised"}
        survey = study.survey.drop(columns=["customer", "respondent"])
        return replace(study, survey=survey, linkage=linkage, **unknown)
    linkage = {"permitted": False, "basis": "what customers do is not recorded"}
    return replace(study, survey=study.survey.drop(columns="customer"), linkage=linkage, period=Period(), **unknown)
