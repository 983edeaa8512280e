"""A code is the same with and without quotes, whether the file holds numbers or texts."""

import pandas as pd
import pyreadstat
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame({"nps": [9, 99, 0, 7, 10], "shop": [5, 98, 3, 99, 4]})
SETTINGS = '[survey]\nfile = "{file}"\nrecommend = "nps"\ntouchpoints = ["shop"]\n'


def written(folder, kind):
    file = folder / f"a.{kind}"
    if kind == "csv":
        ANSWERS.to_csv(file, index=False)
    elif kind == "xlsx":
        ANSWERS.to_excel(file, index=False)
    elif kind == "parquet":
        ANSWERS.to_parquet(file)
    else:
        pyreadstat.write_sav(ANSWERS.astype(float), file)
    return file.name


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "sav"])
@pytest.mark.parametrize(
    "codes",
    [
        'not_experienced = ["98"]\nno_answer = ["99"]',
        "not_experienced = [98]\nno_answer = [99]",
        'codes.shop = {not_experienced = ["98"], no_answer = ["99"]}\ncodes.nps = {no_answer = ["99"]}',
        'not_experienced = ["98", "0", "3"]\nno_answer = ["99"]',  # on their scale 0 and 3 are answers
    ],
)
def test_quotes_around_a_code_change_nothing(tmp_path, kind, codes):
    (tmp_path / "study.toml").write_text(SETTINGS.format(file=written(tmp_path, kind)) + codes, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    assert study.experienced["shop"].tolist() == [True, False, True, pd.NA, True]
    assert study.survey["recommend"].tolist()[2:] == [0, 7, 10]
    assert pd.isna(study.survey["recommend"][1])


def test_texts_of_a_number_that_is_none_stay_texts():
    frame = ANSWERS.astype(object).assign(shop=["5", "007", "3", "7", "4"])
    study = tpm.make_study(frame, recommend="nps", touchpoints=["shop"], not_experienced=["007"], no_answer=[99])
    assert study.experienced["shop"].tolist()[:3] == [True, False, True]
    assert study.problems["value"].tolist() == ["7"]
