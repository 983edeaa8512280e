"""One row for each answer to a question; and persons who answer again and again."""

import pandas as pd
import pytest

import tpm_widgets as tpm

LONG = "who,question,answer\n1,friend,10\n1,shop,4\n2,friend,9\n2,shop,3\n3,friend,2\n3,shop,1\n"
SURVEY = '[survey]\nfile = "a.csv"\nrespondent = "who"\n'
PIVOT = 'long = { question = "question", answer = "answer" }\n'
PROPOSED = (
    'Each row holds one answer to one question: set long = { question = "question", answer = "answer" } under '
    '[survey], and name the questions as columns: "friend" and "shop".'
)


def check(folder, text, settings):
    (folder / "a.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(SURVEY + settings, encoding="utf-8")
    return tpm.check_study(folder)


@pytest.mark.parametrize("roles", ['recommend = "answer"\n', 'recommend = "friend"\ntouchpoints = ["shop"]\n'])
def test_it_is_told_and_the_remedy_helps(tmp_path, roles):
    found = check(tmp_path, LONG, roles)
    assert found.exit_code == 2
    assert set(found.table["remedy"]) == {PROPOSED}
    found = check(tmp_path, LONG, 'recommend = "friend"\ntouchpoints = ["shop"]\n' + PIVOT)
    assert found.exit_code == 0
    score = tpm.net_promoter_score(found.study).table.iloc[0]
    assert score["n"] == 3
    assert score["promoters"] == pytest.approx(2 / 3)
    assert score["detractors"] == pytest.approx(1 / 3)
    assert found.study.ratings["shop"].tolist() == [4, 3, 1]


def test_what_is_constant_is_kept_and_what_is_not_goes():
    rows = [
        (who, wave, question, answer, "north" if who < "c" else None, f"2024-0{wave}-01 10:0{number}", number)
        for who in "abc"
        for wave in (1, 2)
        for number, (question, answer) in enumerate([("nps", 9), (" the\u00a0shop", 4), ("why?", "fine")])
    ]
    frame = pd.DataFrame(rows, columns=["who", "wave", "question", "answer", "region", "when", "row"])
    study = tpm.make_study(
        frame, recommend="nps", touchpoints={"the shop": "shop"}, respondent="who", wave="wave", segments=["region"],
        date="when", long={"question": "question", "answer": "answer"}, roles={"text": "why?"},
    )  # fmt: skip
    assert study.problems.empty
    assert study.survey["respondent"].tolist() == list("aabbcc")
    assert study.survey["wave"].tolist() == ["1", "2"] * 3
    assert study.survey["region"].dropna().tolist() == ["north"] * 4
    assert study.survey["date"].dt.month.tolist() == [1, 2] * 3
    assert study.survey["text"].tolist() == ["fine"] * 6
    assert study.ratings["shop"].tolist() == [4] * 6
    assert study.other_columns.empty
    assert len(frame) == 18


def test_rows_are_kept_and_dropped_before_they_are_pivoted(tmp_path):
    answers = (
        "who,status,done,question,answer\n1,IP Address,1,friend,10\n1,IP Address,1,shop,4\n"
        "2,Survey Preview,1,friend,0\n2,Survey Preview,1,shop,1\n3,IP Address,0,friend,2\n3,IP Address,1,shop,2\n"
        "4,IP Address,1,friend,9\n4,IP Address,1,shop,7\n"
    )
    rows = 'drop = { status = "Survey Preview" }\nkeep = { done = 1 }\n'
    found = check(tmp_path, answers, f'recommend = "friend"\ntouchpoints = ["shop"]\n{rows}{PIVOT}')
    assert dict(zip(found.left_out["reason"], found.left_out["count"], strict=True)) == {
        "dropped by status": 2, "not kept by done": 1, "off the scale": 1
    }  # fmt: skip
    assert found.study.survey["respondent"].tolist() == ["1", "3", "4"]
    assert found.study.survey["recommend"].fillna(-1).tolist() == [10, -1, 9]
    assert found.study.ratings["shop"].fillna(-1).tolist() == [4, 2, -1]
    assert found.table["row"].tolist() == [9]


def test_two_answers_to_one_question_are_told_by_their_row(tmp_path):
    text = LONG + "3,shop,5\n2,shop,3\n2,colour,red\n2,colour,blue\n,shop,1\n1,shop,\n"
    found = check(tmp_path, text, 'recommend = "friend"\ntouchpoints = ["shop"]\n' + PIVOT)
    assert found.exit_code == 1
    assert found.table[["row", "column", "value", "expected", "remedy"]].to_numpy().tolist() == [
        [12, "who", "", "a value", "Fill in the cell; until then the row is left out."],
        [
            8,
            "answer",
            "5",
            "one answer of each respondent to a question",
            "The first one counts; if the other is of another time, name the column of its wave under [survey]: "
            'wave = "…".',
        ],
    ]
    assert found.study.ratings["shop"].tolist() == [4, 3, 1]
    assert found.study.other_columns["colour"].tolist()[1] == "red"


def test_faulty_answers_are_told_by_their_own_row(tmp_path):
    found = check(
        tmp_path, LONG.replace("2,shop,3", "2,shop,9"), 'recommend = "friend"\ntouchpoints = ["shop"]\n' + PIVOT
    )
    assert found.table[["row", "column", "value"]].to_numpy().tolist() == [[5, "shop", "9"]]


def test_a_segment_that_differs_within_a_respondent_is_told(tmp_path):
    text = "who,question,answer,city\n1,friend,9,Ulm\n1,shop,4,Bonn\n2,friend,8,Ulm\n2,shop,3,Ulm\n"
    settings = 'recommend = "friend"\ntouchpoints = ["shop"]\nsegments = ["city"]\n' + PIVOT
    found = check(tmp_path, text, settings)
    assert found.table[["row", "column", "value", "expected"]].to_numpy().tolist() == [
        [3, "city", "•••", "one value for each respondent"]
    ]
    assert found.study.survey["city"].tolist() == ["Ulm", "Ulm"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'long = { question = "q", answer = "answer" }\n',
            'a.csv, column \'q\': expected a column of this name. The columns are "who", "question", "answer".',
        ),
        (
            'long = { question = "question" }\n',
            "study.toml, column 'survey.long': found \"{'question': 'question'}\", expected two columns: "
            '{ question = "…", answer = "…" }.',
        ),
    ],
)
def test_a_pivot_that_cannot_be_made(tmp_path, line, message):
    check(tmp_path, LONG, 'recommend = "friend"\n' + line)
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(tmp_path)
    assert str(error.value).splitlines()[0] == message


def test_customers_who_answer_again_and_again(tmp_path):
    text = "who,date,nps,channel\na,2024-01-01,9,shop\nb,2024-01-02,3,phone\na,2024-02-01,8,shop\nc,2024-02-03,10,web\n"
    found = check(tmp_path, text, 'recommend = "nps"\n')
    assert found.table["remedy"].tolist() == [
        "Rows that repeat a respondent: 1. Of customers who answer again and again, write under [survey] "
        'customer = "who" instead of respondent = "who"; of waves, name their column: wave = "…".'
    ]
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ncustomer = "who"\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    found = tpm.check_study(tmp_path)
    assert found.exit_code == 0
    assert tpm.net_promoter_score(found.study).table["n"].tolist() == [4]


def test_columns_that_are_called_question_and_answer_are_proposed_as_such(tmp_path):
    """Two questions could be two times; but not where the header says what they are, in either language."""
    for question, answer in (("question", "answer"), ("Frage", "Antwort")):
        rows = [f"{who},{asked},{given}" for who, *both in ((1, 10, 4), (2, 9, 3), (3, 2, 1)) for asked, given in zip(
            ("friend", "shop"), both, strict=True)]  # fmt: skip
        (tmp_path / "long.csv").write_text("\n".join([f"who,{question},{answer}", *rows]) + "\n", encoding="utf-8")
        proposal = tpm.propose_study(tmp_path / "long.csv")
        assert f'long = {{ question = "{question}", answer = "{answer}" }}' in proposal.toml
        assert 'recommend = "friend"' in proposal.toml and 'shop = "shop"' in proposal.toml
