"""Two real surveys that nobody tidied, read as they are; skipped where they are not at hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

SHARED = Path(__file__).parents[3] / "shared" / "data"
AIRPORT = """
[study]
name = "airport"
[survey]
file = "{file}"
respondent = "RESPNUM"
recommend = "NETPRO"
weight = "WEIGHT"
overall = "Q7ALL"
segments = ["Q20GENDER", "LANG"]
not_experienced = [6]
no_answer = [0, 11, "Blank"]
[survey.touchpoints]
Q7ART = "art"
Q7FOOD = "food"
Q7STORE = "stores"
Q7SIGN = "signs"
Q7SCREENS = "screens"
Q7WIFI = "wifi"
Q9BOARDING = "boarding"
Q10SAFE = "safety"
"""
BANK = """
[survey]
file = "{file}"
recommend = "loy3"
rating_scale = [0, 10]
segments = ["gender"]
not_experienced = [6]
no_answer = [0]
touchpoints = ["imag1", "expe1", "qual1", "val1", "sat1"]
"""


def read(tmp_path: Path, settings: str, name: str) -> tuple[tpm.Study, pd.DataFrame]:
    file = SHARED / name / "survey.csv"
    if not file.exists():
        pytest.skip("the real surveys are not at hand")
    (tmp_path / "study.toml").write_text(settings.format(file=file.as_posix()), encoding="utf-8")
    return tpm.load_study(tmp_path, allow_outside=True), pd.read_csv(file)


def test_the_airport_2017(tmp_path):
    study, file = read(tmp_path, AIRPORT, "airport_2017")
    assert study.problems.empty
    score = study.survey["recommend"]
    # independently computed: 342 detractors, 968 passives, 1,436 promoters; 84 times code 11, and one empty cell
    classes = [(score <= 6).sum(), score.between(7, 8).sum(), (score >= 9).sum(), score.isna().sum()]
    assert classes == [342, 968, 1436, 85]
    assert (score == 0).sum() == 17
    assert (score == 6).sum() == 130
    assert study.weights.sum() == pytest.approx(file["WEIGHT"].sum())
    for column, touchpoint in [("Q7ART", "art"), ("Q7WIFI", "wifi"), ("Q10SAFE", "safety")]:
        np.testing.assert_array_equal(study.ratings[touchpoint], file[column].where(file[column].between(1, 5)))
        assert (study.experienced[touchpoint] == False).sum() == (file[column] == 6).sum()  # noqa: E712
        assert study.experienced[touchpoint].isna().sum() == (file[column] == 0).sum()
    six = study.ratings[["art", "food", "stores", "signs", "screens", "wifi"]]
    assert (six.notna().all(axis=1) & score.notna()).sum() == 1572


def test_the_bank_where_the_codes_are_answers(tmp_path):
    study, file = read(tmp_path, BANK, "bank")
    assert study.problems.empty
    assert len(study.survey) == 250
    np.testing.assert_array_equal(study.survey["recommend"], file["loy3"])
    for column in study.ratings:
        np.testing.assert_array_equal(study.ratings[column], file[column])
    assert study.experienced.all(axis=None)
    assert study.survey["gender"].tolist() == file["gender"].tolist()
