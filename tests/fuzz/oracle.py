"""What was read of a spoilt study against what was written: a traceback, something misread in silence, or neither."""

from __future__ import annotations

import random
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

import tpm_widgets as tpm
from tests.fuzz.spoiling import CELLS, DOUBTFUL, FAMILIES, NUMBERS, RANGES, Spoilt

VERBS = (tpm.describe_study, tpm.net_promoter_score, tpm.touchpoint_map, tpm.driver_regression, tpm.study_questions)
LATER = ("control_chart", "say_do", "referral_rate", "compare_waves")


def outcome(family: str, seed: int) -> str:
    """Return "" where a spoilt study is told of or read as it was meant, else what is wrong, in one line."""
    chance = random.Random(f"{family} {seed}")
    try:
        spoilt = FAMILIES[family](chance)
        check = _checked(spoilt)
    except Exception:
        return "traceback: " + " | ".join(traceback.format_exc().splitlines()[-3:])
    silent = _silent(spoilt, check)
    if silent:
        return f"silent: {silent}"
    if check.study is not None and chance.random() < 0.1:
        return _used(check.study)
    return ""


def _checked(spoilt: Spoilt) -> tpm.StudyCheck:
    if spoilt.name == "":
        roles = {"respondent": "id", "recommend": "nps", "date": "date", "wave": "wave", "weight": "w"}
        given = {**roles, "touchpoints": {"q1": "shop", "q2": "phone"}, "segments": ["seg"], **spoilt.options}
        try:
            return tpm.check_study(tpm.make_study(spoilt.content, **given))
        except tpm.DataError as refused:
            nothing = pd.DataFrame(columns=["table", "reason", "count"])
            return tpm.StudyCheck(table=refused.problems, left_out=nothing, exit_code=2, study=None)
    with TemporaryDirectory() as folder:
        spoilt.write(Path(folder))
        check = tpm.check_study(folder)
    check.summary()
    check._repr_html_()
    return check


def _silent(spoilt: Spoilt, check: tpm.StudyCheck) -> str:
    """Say what was lost or misread although nothing is told."""
    if check.exit_code or check.caveats or check.study is None:
        return ""
    if spoilt.must_tell:
        return "nothing was told"
    survey = check.study.survey
    if len(survey) != len(spoilt.rows) and not check.left_out["count"].sum():
        lost = len(spoilt.rows) - len(survey)
        return "" if spoilt.any_values and abs(lost) <= 1 else f"{lost} rows are lost"
    if spoilt.any_values:
        return ""
    read = {"nps": survey["recommend"], "w": survey["weight"], "q1": check.study.ratings["shop"],
            "q2": check.study.ratings["phone"]}  # fmt: skip
    for place, name in enumerate(survey["respondent"]):
        row = spoilt.rows.get(name) or spoilt.rows.get(name.replace('"', ""))  # a quote in a cell is a letter of it
        if row is None:
            return f"a respondent {name!r} whom nobody wrote"
        for column in NUMBERS:
            meant, found = _meant(row[column], column), read[column].iloc[place]
            if meant is DOUBTFUL or not (meant == found or (meant is None and np.isnan(found))):
                return f"{column}: {str(row[column])[:30]!r} was read as {found}"
        if row["date"] not in (None, "", "k.A.", "n/a", "-", DOUBTFUL) and pd.isna(survey["date"].iloc[place]):
            return f"date: {row['date']!r} is gone"
    words = {" ".join(str(row["seg"]).replace("\u200b", "").split()) for row in spoilt.rows.values()}
    folded = {word.casefold() for word in words}
    if survey["seg"].str.contains('"').any():  # a quote that stands in a name
        return ""
    return "groups that are one were kept apart" if survey["seg"].nunique() > len(folded) else ""


def _meant(cell: Any, column: str) -> Any:
    """Return what a careful reader makes of a cell: a number, None for an empty one, or that it is doubtful."""
    if cell is DOUBTFUL or cell is None:
        return cell
    value = CELLS.get(cell, DOUBTFUL) if not str(cell).replace(".", "", 1).isdecimal() else float(cell)
    if cell in ("-",):
        return None
    if isinstance(value, float) and not RANGES[column][0] <= value <= RANGES[column][1]:
        return DOUBTFUL
    return value


def _used(study: tpm.Study) -> str:
    """Put a study to use: verbs and pictures may refuse it in words, and nothing else."""
    for verb in (*VERBS, *(getattr(tpm, name) for name in LATER)):
        try:
            result = verb(study)
            result._repr_html_()
            if draw := getattr(tpm, f"plot_{verb.__name__}", None):
                draw(result)._repr_mimebundle_()
        except (tpm.DataError, ValueError) as refusal:
            if not isinstance(refusal, tpm.DataError) and "must" not in str(refusal) and "needs" not in str(refusal):
                return f"traceback: {verb.__name__}: " + " | ".join(traceback.format_exc().splitlines()[-3:])
        except Exception:
            return f"traceback: {verb.__name__}: " + " | ".join(traceback.format_exc().splitlines()[-3:])
    return ""


def run(count: int, first: int = 0) -> dict[str, list[str]]:
    """Try so many spoilt studies, of each family as many, and return what is wrong, by family."""
    found: dict[str, list[str]] = {}
    for number in range(count):
        family = list(FAMILIES)[number % len(FAMILIES)]
        if wrong := outcome(family, first + number // len(FAMILIES)):
            found.setdefault(family, []).append(f"{first + number // len(FAMILIES)}: {wrong}")
    return found
