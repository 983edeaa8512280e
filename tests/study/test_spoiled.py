"""Fourteen ways to spoil a study, each with its whole message, and what is kept nevertheless."""

from pathlib import Path

import pytest

import tpm_widgets as tpm

SETTINGS = """
[survey]
file = "survey.csv"
respondent = "id"
recommend = "nps"
customer = "customer"
weight = "weight"
wave = "wave"
not_experienced = [6]
[survey.touchpoints]
q1 = "shop"
q2 = "phone"
[customers]
file = "customers.csv"
[referrals]
file = "referrals.csv"
[incidents]
file = "incidents.csv"
"""
SURVEY = """id,customer,wave,nps,q1,q2,weight
1,a,2023,9,5,4,1.0
2,b,2023,7,6,3,0.5
3,c,2024,2,1,2,1.5
"""
CUSTOMERS = """customer,acquired,source
a,2020-01-01,other
b,2021-01-01,recommendation
c,2022-06-01,recommendation
"""
REFERRALS = """referrer,date,new_customer
a,2020-12-01,b
b,2022-05-01,c
"""
INCIDENTS = """customer,touchpoint,date,valence
a,shop,2023-02-01,positive
b,phone,2023-03-01,negative
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "study.toml": SETTINGS,
        "survey.csv": SURVEY,
        "customers.csv": CUSTOMERS,
        "referrals.csv": REFERRALS,
        "incidents.csv": INCIDENTS,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def refusal(folder: Path) -> str:
    """The whole message, which check_study tells without raising."""
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(folder)
    check = tpm.check_study(folder)
    assert check.exit_code == 2
    assert check.study is None
    assert check.table.equals(error.value.problems)
    return str(error.value)


def only_fault(folder: Path) -> tuple[tpm.Study, dict]:
    check = tpm.check_study(folder)
    assert check.exit_code == 1
    assert len(check.table) == 1
    assert check.table.equals(check.study.problems)
    return check.study, check.table.iloc[0].to_dict()


def test_the_unspoiled_study_is_clean(folder):
    check = tpm.check_study(folder)
    assert check.exit_code == 0
    assert check.table.empty
    assert check.left_out.empty
    assert check.summary() == "The study has 3 answers; touchpoints rated: 2. No fault was found."


def test_an_empty_file(folder):
    (folder / "survey.csv").write_text("", encoding="utf-8")
    assert refusal(folder) == (
        "survey.csv: expected a header with the names of the columns. The file is empty: export it again."
    )


def test_a_wrong_delimiter(folder):
    spoil(folder, "study.toml", 'recommend = "nps"', 'delimiter = ","\nrecommend = "nps"')
    spoil(folder, "survey.csv", ",", ";")
    expected = [
        f"survey.csv, column {name!r}: expected a column of this name. "
        'The header is one cell with the sign ";" in it: set delimiter = ";" under [survey].'
        for name in ("id", "nps", "customer", "wave", "weight", "q1", "q2")
    ]
    assert refusal(folder) == "\n".join(expected)


def test_a_delimiter_that_nobody_expects(folder):
    spoil(folder, "survey.csv", ",", "~")
    assert refusal(folder).splitlines()[0] == (
        "survey.csv, column 'id': expected a column of this name. "
        'The header is one cell with the sign "~" in it: set delimiter = "~" under [survey].'
    )


def test_text_in_a_rating(folder):
    spoil(folder, "survey.csv", "1,a,2023,9,5,4", "1,a,2023,9,good,4")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "survey",
        "file": "survey.csv",
        "row": 2,
        "column": "q1",
        "value": "good",
        "expected": "a number from 1 to 5",
        "remedy": 'A slip? Correct the cell. No answer? `no_answer = ["good"]`. Never used? '
        '`not_experienced = [6, "good"]`. A number? `words = { good = "" }`. (under [survey], in '
        "place of what is said there)",
    }
    assert study.left_out.to_dict("records") == [{"table": "survey", "reason": "no number", "count": 1}]
    assert study.ratings["shop"].isna().tolist() == [True, True, False]
    assert study.experienced["shop"].isna().tolist() == [True, False, False]
    assert study.ratings["phone"].tolist() == [4, 3, 2]
    assert study.survey["recommend"].tolist() == [9, 7, 2]


def test_a_rating_off_the_scale(folder):
    spoil(folder, "survey.csv", "3,c,2024,2,1,2", "3,c,2024,2,1,7")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "survey",
        "file": "survey.csv",
        "row": 4,
        "column": "q2",
        "value": "7",
        "expected": "a number from 1 to 5",
        "remedy": "A slip? Correct the cell. No answer? `no_answer = [7]`. Never used? `not_experienced = [6, 7]`. "
        "(under [survey], in place of what is said there)",
    }
    assert study.left_out.to_dict("records") == [{"table": "survey", "reason": "off the scale", "count": 1}]
    assert study.ratings["phone"].isna().tolist() == [False, False, True]
    assert study.experienced["phone"].isna().tolist() == [False, False, True]
    assert len(study.survey) == 3


def test_a_respondent_twice_in_a_wave(folder):
    (folder / "survey.csv").write_text(SURVEY + "1,a,2024,9,5,4,1.0\n2,b,2023,9,5,4,1.0\n", encoding="utf-8")
    assert refusal(folder) == (
        "survey.csv, row 6, column 'id': found '•••', expected each respondent once in a wave. "
        "Rows that repeat a respondent: 1. Of customers who answer again and again, write under [survey] "
        'respondent = "" instead of respondent = "id"; of waves, name their column: wave = "…".'
    )


def test_a_row_that_stands_there_twice(folder):
    (folder / "survey.csv").write_text(SURVEY + SURVEY.splitlines()[2] + "\n", encoding="utf-8")
    assert refusal(folder) == (
        "survey.csv, row 5, column 'id': found '•••', expected each respondent once in a wave. "
        'Rows that stand there twice, cell for cell: 1. Leave them out: `repeated_rows = "drop"`. (under [survey])'
    )


def test_an_unknown_touchpoint(folder):
    spoil(folder, "incidents.csv", "a,shop", "a,shpo")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "incidents",
        "file": "incidents.csv",
        "row": 2,
        "column": "touchpoint",
        "value": "shpo",
        "expected": "a touchpoint of the study",
        "remedy": "Correct the name, or list it in the table of touchpoints.",
    }
    assert study.incidents["touchpoint"].isna().tolist() == [True, False]
    assert study.incidents["valence"].tolist() == ["positive", "negative"]


def test_a_missing_column(folder):
    spoil(folder, "survey.csv", "nps", "npss")
    assert refusal(folder) == "survey.csv, column 'nps': expected a column of this name. Did you mean \"npss\"?"


def test_a_referrer_who_refers_himself(folder):
    spoil(folder, "referrals.csv", "a,2020-12-01,b", "a,2020-12-01,a")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "referrals",
        "file": "referrals.csv",
        "row": 2,
        "column": "referrer",
        "value": "•••",
        "expected": "somebody else than in new_customer",
        "remedy": "Correct one of the two cells.",
    }
    assert study.left_out.to_dict("records") == [{"table": "referrals", "reason": "recommends himself", "count": 1}]
    assert study.referrals["referrer"].tolist() == ["b"]


def test_a_referral_before_the_customers_start(folder):
    spoil(folder, "referrals.csv", "2020-12-01", "2019-12-31")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "referrals",
        "file": "referrals.csv",
        "row": 2,
        "column": "date",
        "value": "2019-12-31",
        "expected": "a day on or after the referrer became a customer",
        "remedy": "Correct the date, or the customer's start in the table of customers.",
    }
    assert study.left_out.to_dict("records") == [
        {"table": "referrals", "reason": "referral before the customer's start", "count": 1}
    ]
    assert study.referrals["referrer"].tolist() == ["b"]


def test_a_typo_in_a_key(folder):
    spoil(folder, "study.toml", "recommend =", "recomend =")
    assert refusal(folder) == "study.toml: found 'recomend', expected a key of [survey]. Did you mean 'recommend'?"


def test_a_broken_workbook(folder):
    spoil(folder, "study.toml", "survey.csv", "survey.xlsx")
    (folder / "survey.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert refusal(folder) == (
        "survey.xlsx: expected a whole file of the form .xlsx. The file is damaged or of another form: export it again."
    )


def test_a_survey_without_rows(folder):
    (folder / "survey.csv").write_text(SURVEY.splitlines()[0] + "\n", encoding="utf-8")
    assert refusal(folder) == (
        "survey.csv: expected at least one answer below the header. Export the answers again: there are 0 rows."
    )


def test_a_weight_below_zero(folder):
    spoil(folder, "survey.csv", "0.5", "-1")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "survey",
        "file": "survey.csv",
        "row": 3,
        "column": "weight",
        "value": "-1",
        "expected": "a number of 0 or more",
        "remedy": "Correct the cell.",
    }
    assert study.left_out.to_dict("records") == [{"table": "survey", "reason": "weight below 0", "count": 1}]
    assert study.weights.tolist() == [1, 0, 1.5]
    assert study.survey["recommend"].tolist() == [9, 7, 2]


def test_two_columns_of_one_name(folder):
    spoil(folder, "survey.csv", "q1,q2,weight", "q1,q2,q1")
    spoil(folder, "study.toml", 'weight = "weight"\n', "")
    assert refusal(folder) == (
        'survey.csv, column \'q1\': expected one column of this name, not 2. Name one of them: "q1 (1)", "q1 (2)".'
    )


def test_all_structural_faults_of_all_tables_at_once(folder):
    spoil(folder, "study.toml", "recommend =", "recomend =")
    spoil(folder, "study.toml", "[incidents]", "[incident]")
    spoil(folder, "survey.csv", "customer,wave", "kunde,welle")
    (folder / "customers.csv").write_text("", encoding="utf-8")
    spoil(folder, "referrals.csv", "referrer", "wer")
    assert refusal(folder).splitlines() == [
        "study.toml: found 'incident', expected a section of study.toml. Did you mean 'incidents'?",
        "study.toml: found 'recomend', expected a key of [survey]. Did you mean 'recommend'?",
        "customers.csv: expected a header with the names of the columns. The file is empty: export it again.",
        "survey.csv, column 'customer': expected a column of this name. "
        'The columns are "id", "kunde", "welle", "nps", "q1", "q2", "weight".',
        "survey.csv, column 'wave': expected a column of this name. "
        'The columns are "id", "kunde", "welle", "nps", "q1", "q2", "weight".',
        "referrals.csv, column 'referrer': expected a column of this name. "
        'The columns are "wer", "date", "new_customer".',
    ]


def test_all_faults_of_cells_at_once_and_nothing_else_lost(folder):
    spoil(folder, "survey.csv", "1,a,2023,9,5,4,1.0", "1,nobody,2023,11,often,4,1.0")
    spoil(folder, "customers.csv", "2020-01-01,other", "in spring,advert")
    spoil(folder, "customers.csv", "c,2022-06-01", "b,2022-06-01")
    spoil(folder, "incidents.csv", "2023-02-01,positive", "2023-02-30,great")
    check = tpm.check_study(folder)
    assert check.exit_code == 1
    places = check.table[["file", "row", "column", "value"]].astype(str).agg(" ".join, axis=1).tolist()
    assert places == [
        "customers.csv 2 acquired •••",
        "customers.csv 2 source advert",
        "customers.csv 4 customer •••",
        "survey.csv 2 nps 11",
        "survey.csv 2 customer •••",
        "survey.csv 4 customer •••",
        "survey.csv 2 q1 often",
        "referrals.csv 3 new_customer •••",
        "incidents.csv 2 date 2023-02-30",
        "incidents.csv 2 valence great",
    ]
    assert len(check.study.survey) == 3
    assert check.study.customers["customer"].tolist() == ["a", "b"]
    assert check.study.incidents["touchpoint"].tolist() == ["shop", "phone"]


def test_identifiers_and_long_texts_never_reach_a_problem(folder):
    secret = "maria.muster@example.org"
    spoil(folder, "survey.csv", "1,a,", f"1,{secret},")
    spoil(folder, "referrals.csv", "a,2020", f"{secret},2020")
    spoil(folder, "survey.csv", "c,2024,2,1,2", f"c,2024,2,{'x' * 60},2")
    table = tpm.check_study(folder).table
    assert not table.astype(str).map(lambda cell: secret in cell).to_numpy().any()
    assert table.loc[table["column"] == "q1", "value"].item() == "•••"  # a long text may name somebody, too


def test_a_source_that_disagrees_is_reported_and_wins(folder):
    spoil(folder, "customers.csv", "b,2021-01-01,recommendation", "b,2021-01-01,other")
    study, fault = only_fault(folder)
    assert fault == {
        "table": "referrals",
        "file": "referrals.csv",
        "row": 2,
        "column": "new_customer",
        "value": "•••",
        "expected": "a customer whose source is recommendation",
        "remedy": "Correct the source or the referral; the source in the table of customers counts.",
    }
    assert study.left_out.empty
    assert study.customers["source"].tolist() == ["other", "other", "recommendation"]
    assert len(study.referrals) == 2


def test_the_check_says_how_much_was_left_out(folder):
    spoil(folder, "survey.csv", "1,a,2023,9,5", "1,a,2023,9,8")
    check = tpm.check_study(folder)
    assert check.summary("en") == (
        "1 column loses more than a fifth of its filled cells: q1 (1 of 3). The study has 3 answers; touchpoints "
        "rated: 2. 1 fault was found; cells and rows left out: 1."
    )
