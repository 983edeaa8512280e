"""Any study, written in any form and read again, is the same study."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyreadstat
from hypothesis import given, settings
from hypothesis import strategies as st

import tpm_widgets as tpm

WORDS = st.text(string.ascii_letters + string.digits + " äß€\"'.-/", min_size=1, max_size=12).map(str.strip)
NAMES = WORDS.filter(lambda word: word and word.strip("-.\"' /") and word.lower() not in ("na", "nan", "none", "null"))
RATINGS = st.sampled_from([1, 2, 3, 4, 5, 6, 9, None])  # 6: never used, 9: no answer
WEIGHTS = st.integers(0, 10**7).map(lambda number: number / 1024)
DAYS = st.dates(pd.Timestamp("2020-01-01").date(), pd.Timestamp("2025-12-31").date()).map(pd.Timestamp)


@st.composite
def surveys(draw) -> pd.DataFrame:
    rows = draw(st.integers(3, 12))

    def column(cells):
        return draw(st.lists(cells, min_size=rows, max_size=rows))

    return pd.DataFrame(
        {
            "who": draw(st.lists(NAMES, min_size=rows, max_size=rows, unique_by=lambda name: " ".join(name.split()))),
            "nps": pd.array(column(st.one_of(st.none(), st.integers(0, 10))), dtype="Int64"),
            "day": pd.Series(column(DAYS), dtype="datetime64[us]"),
            "group": pd.Series(column(st.one_of(st.none(), NAMES)), dtype="str"),
            "weight": column(WEIGHTS),
            "q1": pd.array(column(RATINGS), dtype="Int64"),
            "q2": pd.array(column(RATINGS), dtype="Int64"),
        }
    )


def write(frame: pd.DataFrame, folder: Path, form: str) -> str:
    if form == "xlsx":
        frame.to_excel(folder / "a.xlsx", index=False)
    elif form == "parquet":
        frame.to_parquet(folder / "a.parquet")
    elif form == "sav":
        pyreadstat.write_sav(frame.astype({"nps": float, "q1": float, "q2": float}), folder / "a.sav")
    else:
        delimiter, decimal, encoding = form.split(" ")
        frame.to_csv(folder / "a.csv", sep=delimiter, decimal=decimal, encoding=encoding, index=False)
        form = "csv"
    return f"a.{form}"


@settings(max_examples=25)
@given(
    surveys(),
    st.sampled_from(["xlsx", "parquet", "sav", ", . utf-8", "; , cp1252", "| , utf-8-sig", "; . utf-16", "| . utf-8"]),
)
def test_every_form_gives_the_same_study(frame, form):
    same = tpm.make_study(
        frame,
        respondent="who",
        recommend="nps",
        date="day",
        weight="weight",
        segments=["group"],
        touchpoints=["q1", "q2"],
        not_experienced=[6],
        no_answer=[9],
    )
    assert same.problems.empty
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "study.toml").write_text(
            f'[survey]\nfile = "{write(frame, folder, form)}"\nrespondent = "who"\nrecommend = "nps"\ndate = "day"\n'
            'weight = "weight"\nsegments = ["group"]\ntouchpoints = ["q1", "q2"]\n'
            "not_experienced = [6]\nno_answer = [9]",
            encoding="utf-8",
        )
        study = tpm.load_study(folder)
    assert study.problems.empty
    pd.testing.assert_frame_equal(study.survey, same.survey)
    pd.testing.assert_frame_equal(study.ratings, same.ratings)
    pd.testing.assert_frame_equal(study.experienced, same.experienced)
    assert study.data_hash == same.data_hash
