"""Names in one row, in two, in three, below titles, and repeated; compared as people see them."""

import tomllib

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.cells.names import clean_name, nearest_names, told_apart
from tpm_widgets.study.cells.toml import toml_key, toml_text
from tpm_widgets.study.reading.header_names import name_columns

NUMBERS = [(10, 5, 4), (9, 4, 4), (3, 1, 2), (8, 4, 3), (10, 5, 5), (6, 2, 3)]
SCORES, SHOP, PHONE = map(list, zip(*NUMBERS, strict=True))
MONKEY = "Respondent ID,Would you tell a friend?,How do you rate our,,Anything else?\n"
UNDER = ",Response,Shop,Phone,Open-Ended Response\n"
BELOW = "".join(f"{1000 + row},{score},{shop},{phone},\n" for row, (score, shop, phone) in enumerate(NUMBERS))


def check(folder, text, settings):
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    (folder / "study.toml").write_text(f'[survey]\nfile = "a.csv"\n{settings}\n', encoding="utf-8")
    return tpm.check_study(folder)


def remarks(found):
    return [caveat.text("en") for caveat in found.caveats]


@pytest.mark.parametrize(
    ("recommend", "touchpoints"),
    [
        ("Would you tell a friend?", ["Shop", "Phone"]),
        ("Would you tell a friend? | Response", ["How do you rate our | Shop", "How do you rate our | Phone"]),
        ("Response", ["Shop", "How do you rate our | Phone"]),
    ],
)
def test_a_name_is_the_cell_of_either_row_or_both_joined(tmp_path, recommend, touchpoints):
    settings = f'respondent = "Respondent ID"\nrecommend = "{recommend}"\ntouchpoints = {touchpoints}'
    found = check(tmp_path, MONKEY + UNDER + BELOW, settings)
    assert found.exit_code == 0, found.table
    assert found.study.survey["recommend"].tolist() == SCORES
    assert found.study.ratings.to_numpy().T.tolist() == [SHOP, PHONE]
    told = "a.csv: row 2 is read as words about the columns; if it is an answer, set header_rows = 1 under [survey]."
    assert remarks(found) == ([] if recommend == "Response" else [told])  # there row 2 has most of the names


def test_the_words_of_choices_below_two_rows_of_names(tmp_path):
    rows = "".join(f"{1000 + row},{score},Good,Bad,\n" for row, score in enumerate(SCORES))
    found = check(tmp_path, MONKEY + UNDER + rows, 'recommend = "Would you tell a friend?"\nsegments = ["Shop"]')
    assert found.exit_code == 0
    assert found.study.survey["Shop"].tolist() == ["Good"] * 6
    assert "How do you rate our | Phone" in found.study.other_columns


def test_a_name_over_several_columns_is_refused_with_those_that_tell_them_apart(tmp_path):
    found = check(
        tmp_path, MONKEY + UNDER + BELOW, 'recommend = "Response"\ntouchpoints = { "How do you rate our" = "all" }'
    )
    assert found.table[["column", "expected", "remedy"]].to_numpy().tolist() == [
        [
            "How do you rate our",
            "one column of this name, not 2",
            'Name one of them: "How do you rate our | Shop", "How do you rate our | Phone".',
        ]
    ]


def test_groups_over_the_names(tmp_path):
    text = ",,Ratings,,Contact,\nid,nps,shop,phone,Comment,Comment\n" + BELOW.replace(",\n", ",x,y\n")
    found = check(tmp_path, text, 'recommend = "nps"\ntouchpoints = ["shop", "Ratings | phone"]')
    assert found.exit_code == 0
    assert found.study.ratings.to_numpy().T.tolist() == [SHOP, PHONE]
    assert list(found.study.other_columns) == ["id", "Contact | Comment", "Contact | Comment (2)"]


def test_the_three_rows_of_qualtrics(tmp_path):
    above = (
        "ResponseId,Q1,Q2_1,Q2_2,Q3\n"
        '"Response ID","How likely, …?",How good? - Shop,How good? - Phone,Why?\n'
        + ",".join(f'"{{""ImportId"":""QID{number}""}}"' for number in range(5))
        + "\n"
    )
    for touchpoints in (["Q2_1", "Q2_2"], ["How good? - Shop", "Q2_2 | How good? - Phone"]):
        found = check(tmp_path, above + BELOW, f'recommend = "Q1"\ntouchpoints = {touchpoints}')
        assert found.exit_code == 0
        assert found.study.ratings.to_numpy().T.tolist() == [SHOP, PHONE]
        assert remarks(found) == [
            "a.csv: rows 2 and 3 are read as words about the columns; if they are answers, set header_rows = 1 under "
            "[survey]."
        ]


def test_a_first_answer_of_declared_words_is_an_answer(tmp_path):
    text = "id,nps,q1,q2,w\nr1,k.w.,k.w.,k.w.,k.w.\n" + "".join(f"r{row},{row % 11},4,5,1\n" for row in range(2, 9))
    settings = 'recommend = "nps"\nno_answer = ["k.w."]\nblank = "no_answer"\ntouchpoints = ["q1", "q2"]'
    found = check(tmp_path, text, settings)
    assert len(found.study.survey) == 8
    assert remarks(found) == []


@pytest.mark.parametrize(
    ("first", "settings"),
    [
        ("r1,often,good,bad,North", 'respondent = "id"'),  # an identifier like those below
        ("x,often,good,bad,North", 'segments = ["region"]'),  # a region that is named below again
    ],
)
def test_a_first_answer_full_of_faults_is_an_answer(tmp_path, first, settings):
    below = "".join(f"r{row},{row % 11},4,5,{['North', 'South'][row % 2]}\n" for row in range(2, 9))
    settings += '\nrecommend = "nps"\ntouchpoints = ["q1", "q2"]'
    found = check(tmp_path, f"id,nps,q1,q2,region\n{first}\n{below}", settings)
    assert len(found.study.survey) == 8
    assert set(found.table["row"]) == {2}


def test_names_below_many_titles(tmp_path):
    titles = "".join(f"Filter {number}: all\n" for number in range(30))
    found = check(tmp_path, titles + "\nid,nps,shop,phone,x\n" + BELOW, 'recommend = "nps"\ntouchpoints = ["shop"]')
    assert found.exit_code == 0
    assert found.study.survey["recommend"].tolist() == SCORES


def test_unused_names_may_repeat(tmp_path):
    text = "id,nps,Comment,shop,Comment \n1,10,,5,\n2,9,x,4,\n3,3,,2,y\n"
    found = check(tmp_path, text, 'recommend = "nps"\ntouchpoints = ["shop"]')
    assert found.exit_code == 0
    assert list(found.study.other_columns) == ["id", "Comment", "Comment (2)"]


def test_a_used_name_that_repeats_is_refused_and_the_remedy_helps(tmp_path):
    text = "id,nps,shop,shop\n1,10,5,1\n2,9,4,2\n"
    found = check(tmp_path, text, 'recommend = "nps"\ntouchpoints = ["shop"]')
    assert found.table["remedy"].tolist() == ['Name one of them: "shop (1)", "shop (2)".']
    for name, ratings in (("shop (1)", [5, 4]), ("shop (2)", [1, 2])):
        found = check(tmp_path, text, f'recommend = "nps"\ntouchpoints = ["{name}"]')
        assert found.study.ratings[name].tolist() == ratings


@pytest.mark.parametrize(
    ("in_file", "in_settings"),
    [
        ("Would you\u00a0tell a friend?\u00a0", "Would you tell a friend?"),
        (" Would you  tell\u2003a friend? ", "Would you tell a friend?"),
        ("Would you\r\ntell a friend?", "Would you tell a friend?"),
        ("Would you tell a friend?", "Would you  tell a friend? "),
        ("Would you tell a fri\u00adend?\u200b", "Would you\u00a0tell a friend?"),
        ("Wu\u0308rden Sie uns empfehlen?", "W\u00fcrden Sie uns empfehlen?"),
    ],
)
def test_names_are_compared_as_people_see_them(tmp_path, in_file, in_settings):
    found = check(tmp_path, f'No,"{in_file}",\u00a0shop\n1,10,5\n2,3,1\n', f'recommend = "{in_settings}"')
    assert found.exit_code == 0
    assert list(found.study.other_columns) == ["No", "shop"]
    frame = pd.DataFrame({in_file: [10, 3], "shop\u200b": [5, 1]})
    study = tpm.make_study(frame, recommend=in_settings, touchpoints=["shop "], scales={" shop": (1, 5)})
    assert study.survey["recommend"].tolist() == [10, 3]
    assert list(study.ratings) == ["shop"]


def test_the_nearest_names_are_shown_of_many(tmp_path):
    names = [f"Q{number}" for number in range(60)] + ["How likely is it that you tell a friend?", "Friendliness"]
    text = ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n"
    found = check(tmp_path, text, 'recommend = "friends told"')
    (remedy,) = found.table["remedy"]
    assert remedy.startswith(
        'Of 62 columns the nearest are "Friendliness", "How likely is it that you tell a friend?", "Q'
    )
    assert remedy.count('"') == 20


@pytest.mark.parametrize("name", ['5" or 10"', "back\\slash", "it's", "tab\tand\x7f", "q2[1]", "Größe", "plain-1_a"])
def test_what_is_shown_can_be_pasted(name):
    assert tomllib.loads(f"name = {toml_text(name)}") == {"name": name}
    assert tomllib.loads(f"{toml_key(name)} = 1") == {name: 1}


def test_names_told_apart():
    assert told_apart(["a", "b", "b ", "b (2)"], []).names == ["a", "b", "b (3)", "b (2)"]
    assert told_apart(["b", "b"], ["b (1)"]).names == ["b (1)", "b (2)"]
    assert dict(told_apart(["b", "b"], ["b"]).repeated) == {"b": ("b (1)", "b (2)")}
    assert clean_name(" a\u00a0\n b\ufeff") == "a b"
    assert nearest_names("c", ["a", "b"]) == ["a", "b"]


def test_columns_of_a_header_of_three_rows():
    rows = [["", "Ratings", "", ""], ["id", "Shop", "", "Phone"], ["", "Speed", "Price", "Speed"]]
    usual = name_columns(rows, 1, [], [])
    assert usual.names == ["id", "Ratings | Shop | Speed", "Ratings | Shop | Price", "Phone"]
    named = ["Price", "Shop | Speed", "Speed"]
    found = name_columns(rows, 1, named, named)
    assert found.names == ["id", "Shop | Speed", "Price", "Phone"]
    assert found.repeated["Speed"] == ("Ratings | Shop | Speed", "Ratings | Phone | Speed")
