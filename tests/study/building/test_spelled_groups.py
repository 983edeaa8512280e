"""Names of groups that differ only in spaces, in Unicode's forms or in capitals."""

import unicodedata

import pandas as pd
import pytest

import tpm_widgets as tpm

SAID = (
    "survey, column 'region': “Köln” and “KÖLN” differ in their capitals only, and are groups of their own; where they "
    'are one, write labels.region = { "Köln" = "Köln" } under [survey].'
)


def study_of(names, **options):
    answers = pd.DataFrame({"nps": [9] * len(names), "region": names})
    return tpm.make_study(answers, recommend="nps", **options)


@pytest.mark.parametrize(
    "other",
    [unicodedata.normalize("NFD", "Köln am Rhein"), "Köln  am Rhein", "Köln\u00a0am Rhein ", "Köln am\u200b Rhein"],
)
@pytest.mark.parametrize("options", [{"segments": ["region"]}, {"wave": "region"}, {}])
def test_what_nobody_sees_makes_no_second_group(other, options):
    study = study_of(["Köln am Rhein", other, "Bonn"], **options)
    column = study.survey["wave"] if "wave" in options else study.column("region")
    assert set(column) == {"Köln am Rhein", "Bonn"}
    assert not [remark for remark in study.remarks if "capitals" in str(remark)]


@pytest.mark.parametrize("options", [{"segments": ["region"]}, {"wave": "region"}, {}])
def test_capitals_make_groups_of_their_own_and_are_told_of(options):
    study = study_of(["Köln", "KÖLN", "Bonn"], **options)
    assert SAID in map(str, study.remarks)
    assert tpm.check_study(study).exit_code == 0


def test_the_line_that_is_told_makes_them_one():
    study = study_of(["Köln", "KÖLN", "Bonn"], segments=["region"], labels={"region": {"Köln": "Köln"}})
    assert study.survey["region"].tolist() == ["Köln", "Köln", "Bonn"]
    assert study.remarks == ()


def test_two_waves_that_are_one_month_are_told_of():
    study = study_of(["January", "JANUARY", "February"], wave="region")
    assert any("“January” and “JANUARY” differ in their capitals only" in str(remark) for remark in study.remarks)


def test_a_column_of_texts_is_left_as_it_is():
    texts = [f"word {number}\n\nline" for number in range(300)]
    assert study_of(texts).other_columns["region"].tolist() == texts
