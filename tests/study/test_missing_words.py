"""One list of words for empty cells, for every role; and how to keep one that is a name."""

import pandas as pd

import tpm_widgets as tpm

ANSWERS = pd.DataFrame(
    {
        "id": ["101", "NA", "NA", "n/a", "105", "106", "-", "108"],
        "region": ["north", "NA", "#N/A", "keine Angabe", "south", "K. A.", "(leer)", "none"],
        "year": ["2023", "NULL", "2023", "2024", "–", "2024", "2024", "NA"],
        "day": ["2024-01-31", "nan", "(blank)", "no answer", "k.A.", "2024-02-01", "prefer not to say", ""],
        "again": ["yes", "no answer", "no", "-", "k. A.", "yes", "Prefer not to say", "None"],
        "nps": [10, 9, 3, 8, 10, 7, "keine  Angabe", "prefer not to say"],
    }
)
ROLES = {
    "recommend": "nps", "respondent": "id", "date": "day", "wave": "year", "segments": ["region"],
    "roles": {"recommended_12m": "again"},
}  # fmt: skip


def missing(cells):
    return cells.isna().tolist()


def test_words_for_empty_cells_are_missing_in_every_role():
    study = tpm.make_study(ANSWERS, **ROLES)
    assert study.problems.empty
    survey = study.survey
    assert missing(survey["respondent"]) == [False, True, True, True, False, False, True, False]
    assert survey["region"].dropna().tolist() == ["north", "south", "none"]  # "none" may name a group
    assert survey["wave"].cat.categories.tolist() == ["2023", "2024"]
    assert missing(survey["wave"]) == [False, True, False, False, True, False, False, True]
    assert survey["date"].notna().sum() == 2
    assert survey["recommended_12m"].notna().sum() == 3
    assert survey["recommend"].notna().sum() == 6


def test_where_a_group_could_be_meant_it_is_said_once():
    check = tpm.check_study(tpm.make_study(ANSWERS, **ROLES))
    assert check.exit_code == 0
    assert [caveat.text("en") for caveat in check.caveats] == [
        "survey, column 'year': 3 cells are taken as empty (NULL, – and NA); where such a word is a name, set "
        "codes.year.no_answer = [] under [survey].",
        "survey, column 'region': 5 cells are taken as empty (NA, #N/A, keine Angabe, K. A. and (leer)); where such a "
        "word is a name, set codes.region.no_answer = [] under [survey].",
    ]


def test_the_remedy_keeps_the_name(tmp_path):
    (tmp_path / "a.csv").write_text("nps,country code\n9,NA\n8,ZA\n3,-\n", encoding="utf-8")
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\nsegments = ["country code"]\n'
    for more, groups in [
        ("", ["ZA"]),
        ('codes."country code".no_answer = []', ["NA", "ZA", "-"]),
        ('codes."country code".no_answer = ["-"]', ["NA", "ZA"]),
    ]:
        (tmp_path / "study.toml").write_text(settings + more, encoding="utf-8")
        check = tpm.check_study(tmp_path)
        assert check.study.survey["country code"].dropna().tolist() == groups
        assert len(check.caveats) == (not more)


def test_declared_words_are_missing_in_texts_and_days_too():
    answers = ANSWERS.assign(region=["north", "withheld"] * 4, day=["2024-01-31", "Withheld"] * 4)
    study = tpm.make_study(answers, **ROLES, no_answer=["withheld"])
    assert study.problems.empty
    assert study.survey["region"].dropna().tolist() == ["north"] * 4
    assert study.survey["date"].notna().sum() == 4


def test_the_order_of_groups_is_kept():
    answers = ANSWERS.assign(
        region=pd.Categorical(["low", "NA", "high", "mid"] * 2, ["low", "mid", "high", "NA"], ordered=True)
    )
    study = tpm.make_study(answers, **ROLES)
    assert study.survey["region"].cat.categories.tolist() == ["low", "mid", "high"]


def test_a_row_of_another_table_without_its_key_is_told():
    customers = pd.DataFrame({"customer": ["a", "NA"], "acquired": ["2020-01-01", "2020-01-01"]})
    referrals = pd.DataFrame({"referrer": ["a", "a"], "date": ["2021-01-01", "k. A."]})
    study = tpm.make_study(ANSWERS, **ROLES, customers=customers, referrals=referrals)
    assert study.left_out["reason"].tolist() == ["no customer", "no date"]


def test_days_of_unclear_order_are_one_fault_and_the_key_decides(tmp_path):
    days = ["3/4/2024 10:11:12", "3/5/2024 9:00:00", "4/6/2024 9:00:00", "5/7/2024 9:00:00", "6/8/2024 9:00:00"]
    rows = "".join(f"{day},{score}\n" for day, score in zip(days, [10, 9, 4, 8, 10], strict=True))
    (tmp_path / "a.csv").write_text("when,nps\n" + rows, encoding="utf-8")
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ndate = "when"\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert check.table.to_dict("records") == [
        {
            "table": "survey",
            "file": "a.csv",
            "row": 2,
            "column": "when",
            "value": "3/4/2024 10:11:12",
            "expected": "a day whose month can be told; in this column 5 cells can be read in two ways",
            "remedy": 'Set date_order = "day first" or date_order = "month first" under [survey].',
        }
    ]
    assert check.left_out["count"].tolist() == [5]
    for order, months in (("month first", [3, 3, 4, 5, 6]), ("day first", [4, 5, 6, 7, 8])):
        (tmp_path / "study.toml").write_text(f'{settings}date_order = "{order}"', encoding="utf-8")
        check = tpm.check_study(tmp_path)
        assert check.exit_code == 0
        assert check.study.survey["date"].dt.month.tolist() == months
    frame = pd.DataFrame({"when": days, "nps": 9})
    study = tpm.make_study(frame, recommend="nps", date="when", date_order="month first")
    assert study.survey["date"].dt.month.tolist() == [3, 3, 4, 5, 6]


def test_day_numbers_are_read_and_said():
    study = tpm.make_study(pd.DataFrame({"nps": [9, 8], "start": [42075, 42373]}), recommend="nps", date="start")
    assert study.survey["date"].dt.strftime("%Y-%m-%d").tolist() == ["2015-03-12", "2016-01-04"]
    assert [remark.text("en") for remark in study.remarks] == [
        "survey, column 'start': the numbers are read as Excel's days, 42075 as 2015-03-12."
    ]
