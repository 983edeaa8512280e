"""A check never raises on data, whatever happened to the files."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tpm_widgets as tpm
from tpm_widgets.errors import DataError

FILES = {
    "study.toml": '[survey]\nfile = "survey.csv"\nrespondent = "id"\nrecommend = "nps"\ncustomer = "customer"\n'
    'weight = "weight"\ndate = "day"\nnot_experienced = [6]\n[survey.touchpoints]\nq1 = "shop"\nq2 = "phone"\n'
    '[customers]\nfile = "customers.csv"\n[referrals]\nfile = "referrals.csv"\n[waves.one]\nstart = 2023-01-01\n'
    "end = 2023-12-31\n",
    "survey.csv": "id,customer,day,nps,q1,q2,weight\n1,a,2023-01-31,9,5,4,1.0\n2,b,2023-02-01,7,6,3,0.5\n",
    "customers.csv": "customer,acquired,source\na,2020-01-01,other\nb,2021-01-01,recommendation\n",
    "referrals.csv": "referrer,date,new_customer\na,2020-12-01,b\n",
}
PIECES = ["", ",", ";", "\n", '"', "\t", "6", "-1", "x", "=", "[", "]", "€", "\0", "1e400", "1.234,5", "9" * 20, "NA"]


@st.composite
def damaged(draw) -> dict[str, str]:
    files = dict(FILES)
    for name in draw(st.lists(st.sampled_from(list(FILES)), min_size=1, max_size=2, unique=True)):
        for _ in range(draw(st.integers(1, 3))):
            text = files[name]
            place = draw(st.integers(0, len(text)))
            files[name] = text[:place] + draw(st.sampled_from(PIECES)) + text[place + draw(st.integers(0, 3)) :]
    return files


@settings(max_examples=60)
@given(damaged())
def test_a_check_never_raises(files):
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8", newline="")
        check = tpm.check_study(folder)
    assert (check.exit_code == 0) == check.table.empty
    assert (check.exit_code == 2) == (check.study is None)
    assert list(check.table.columns) == ["table", "file", "row", "column", "value", "expected", "remedy"]
    assert check.table["value"].str.len().max() <= 40 or check.table.empty
    assert check.summary()
    assert repr(check)
    assert check._repr_html_()


def test_a_study_in_memory_can_be_checked():
    clean = tpm.make_study(pd.DataFrame({"nps": [9, 8]}), recommend="nps")
    assert tpm.check_study(clean).exit_code == 0
    assert tpm.check_study(clean).study is clean
    faulty = tpm.make_study(pd.DataFrame({"nps": [9, 12]}), recommend="nps")
    check = tpm.check_study(faulty)
    assert check.exit_code == 1
    assert check.data_hash == faulty.data_hash
    assert check.summary() == (
        "1 column loses more than a fifth of its filled cells: nps (1 of 2). The study has 2 answers; touchpoints "
        "rated: 0. 1 fault was found; cells and rows left out: 1."
    )
    seldom = tpm.make_study(pd.DataFrame({"nps": [9, 12, 8, 7, 10]}), recommend="nps")
    assert tpm.check_study(seldom).summary() == (
        "The study has 5 answers; touchpoints rated: 0. 1 fault was found; cells and rows left out: 1. "
        "Everything else is used."
    )


def test_one_answer_and_several_faults_are_told_as_such(tmp_path):
    study = tpm.make_study(pd.DataFrame({"nps": [9], "q1": [5]}), recommend="nps", touchpoints=["q1"])
    assert tpm.check_study(study).summary() == "The study has 1 answer; touchpoints rated: 1. No fault was found."
    spoiled = tpm.make_study(pd.DataFrame({"nps": [12, 11, 9]}), recommend="nps")
    assert tpm.check_study(spoiled).summary() == (
        "1 column loses more than a fifth of its filled cells: nps (2 of 3). The study has 3 answers; touchpoints "
        "rated: 0. 2 faults were found; cells and rows left out: 2."
    )
    (tmp_path / "study.toml").write_text('[survey]\nfile = "survey.csv"\nrecommend = "a"\nweight = "b"\n')
    (tmp_path / "survey.csv").write_text("c\n1\n")
    assert tpm.check_study(tmp_path).summary() == ("The study cannot be used: 2 faults have to be corrected first.")


def test_a_folder_that_is_not_there(tmp_path):
    check = tpm.check_study(tmp_path / "nowhere")
    assert check.exit_code == 2
    assert check.summary() == "The study cannot be used: 1 fault has to be corrected first."


def test_a_check_contradicting_itself_is_refused():
    with pytest.raises(ValueError, match="A check ends") as error:
        tpm.StudyCheck(table=pd.DataFrame(), left_out=pd.DataFrame(), exit_code=0, study=None)
    assert str(error.value) == (
        "A check ends with 0 without faults, with 1 with a study and faults, with 2 without a study."
    )


def test_the_score_is_no_touchpoint():
    answers = pd.DataFrame({"nps": [9, 8, 3, 10], "desk": [5, 4, 1, 3]})
    with pytest.raises(DataError) as refused:
        tpm.make_study(answers, recommend="nps", touchpoints=["nps", "desk"])
    assert refused.value.problems[["column", "expected", "remedy"]].to_numpy().tolist() == [
        [
            "nps",
            "a rating of a touchpoint; this column is already recommend",
            "Take 'nps' out of the touchpoints.",
        ]
    ]


def test_simulated_tables_never_stand_beside_a_real_survey(tmp_path):
    """Of a started study somebody replaced the survey's section only."""
    (tmp_path / "answers.csv").write_text("nps,desk\n" + "9,5\n4,2\n" * 9, encoding="utf-8")
    (tmp_path / "customers.csv").write_text(
        "customer,acquired,source\nc1,2023-05-01,recommendation\n", encoding="utf-8"
    )
    settings = '[survey]\nfile = "answers.csv"\nrecommend = "nps"\ntouchpoints = ["desk"]\n'
    others = '[customers]\nfile = "customers.csv"\nsimulated = true\n'
    (tmp_path / "study.toml").write_text(settings + others, encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert (check.exit_code, check.study.customers) == (1, None)
    assert check.table[["file", "value", "remedy"]].to_numpy().tolist() == [
        [
            "customers.csv",
            "simulated = true",
            "Put your own file in its place and delete the line simulated = true, or delete the section.",
        ]
    ]
    with pytest.raises(DataError):
        tpm.referral_rate(check.study)
    (tmp_path / "study.toml").write_text(settings + "simulated = true\n" + others, encoding="utf-8")
    assert tpm.load_study(tmp_path).simulated == ("survey", "customers")
    (tmp_path / "study.toml").write_text(settings + others.replace("true", '"yes"'), encoding="utf-8")
    assert tpm.check_study(tmp_path).table["expected"].tolist() == ["true or false"]
