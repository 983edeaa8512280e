"""Each remedy is followed: its lines are pasted into study.toml, and the study is clean."""

import re
import tomllib

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.cells.grouped import told_by_column

SURVEY = '[survey]\nfile = "a.csv"\nrecommend = "nps"\n'


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def check(folder, settings, answers=None):
    if answers is not None:
        (folder / "a.csv").write_text(answers, encoding="utf-8")
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return tpm.check_study(folder)


def lines_of(found):
    """The lines that each remedy proposes, those of one question after the other; the first are the likeliest."""
    return [re.findall(r"`([^`]*)`", remedy) for remedy in dict.fromkeys(found.table["remedy"])]


def paste(settings, lines):
    """Put lines under [survey], each in place of the one with its key."""
    for line in lines:
        (key,) = tomllib.loads(line)
        settings = re.sub(rf"(?m)^{re.escape(key)} = .*\n", "", settings)
        settings = settings.replace("[survey]\n", f"[survey]\n{line}\n")
    return settings


def column(name, values):
    return [name, *map(str, values)]


def table(**columns):
    rows = zip(*(column(name, values) for name, values in columns.items()), strict=True)
    return "\n".join(",".join(row) for row in rows) + "\n"


WHOLE = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
SCORES = [9, 8, 3, 10, 7, 9, 6, 10, 5, 8]  # of 0 to 10, as nobody could mistake
SIX = [1, 6, 6, 4, 5, 1, 2, 6, 4, 5]
CASES = {
    "never used": (
        table(nps=SCORES, q=SIX),
        'touchpoints = ["q"]',
        [["not_experienced = [6]", "no_answer = [6]", "rating_scale = [1, 6]"]],
    ),
    "a code of the score": (table(nps=[9, 8, 11, 11], q=[1, 2, 3, 4]), 'touchpoints = ["q"]', [["no_answer = [11]"]]),
    "codes of several columns in one line": (
        table(nps=[9, 8, 11, 11, 7], a=[1, 0, 0, 4, 5], b=[99, 99, 3, 2, 1]),
        'touchpoints = ["a", "b"]',
        [
            ["no_answer = [0, 11, 99]"],
            ["no_answer = [0, 11, 99]", "not_experienced = [0]"],
            ["no_answer = [0, 11, 99]", "not_experienced = [99]"],
        ],
    ),
    "a longer scale": (table(nps=SCORES, q=range(1, 11)), 'touchpoints = ["q"]', [["rating_scale = [1, 10]"]]),
    "a longer scale of one column": (
        table(nps=SCORES, a=range(1, 11), b=WHOLE),
        'touchpoints = ["a", "b"]',
        [["scales = { a = [1, 10] }"]],
    ),
    "a longer scale and a code": (
        table(nps=SCORES, q=[1, 2, 3, 4, 5, 6, 7, 99, 99, 99]),
        'touchpoints = ["q"]',
        [["rating_scale = [1, 7]", "no_answer = [6, 7]"], ["no_answer = [99]", "not_experienced = [99]"]],
    ),
    "a longer scale of the score": (
        table(nps=[0, 50, 100, 80, 90, 70, 60]),
        "touchpoints = []",
        [["recommend_scale = [0, 100]"]],
    ),
    "a code beside one that is declared": (
        table(nps=SCORES, q=SIX),
        'touchpoints = ["q"]\nnot_experienced = [7]',
        [["not_experienced = [7, 6]", "no_answer = [6]", "rating_scale = [1, 6]"]],
    ),
    "a word for no answer": (table(nps=[9, "blank", "blank"]), "touchpoints = []", [['no_answer = ["blank"]']]),
    "a word for never used": (
        table(nps=[9, 8, 7], q=["4", "nie benutzt", "nie benutzt"]),
        'touchpoints = ["q"]',
        [['not_experienced = ["nie benutzt"]', 'no_answer = ["nie benutzt"]']],
    ),
    "a label for no answer": (
        table(nps=[9, 8, 7], q=["Good (4)", "Weiß nicht (5)", "Weiß nicht (5)"]),
        'touchpoints = ["q"]',
        [['no_answer = ["Weiß nicht (5)"]', 'not_experienced = ["Weiß nicht (5)"]']],
    ),
    "usual words": (
        table(nps=[9, 8, 7], q=["agree", "Strongly agree", "disagree"]),
        'touchpoints = ["q"]',
        [['words = { agree = 4, "Strongly agree" = 5, disagree = 2 }']],
    ),
    "usual words on a shorter scale": (
        table(nps=[9, 8, 7], q=["trifft zu", "trifft eher nicht zu", "trifft eher zu"]),
        'touchpoints = ["q"]\nrating_scale = [1, 4]',
        [['words = { "trifft zu" = 4, "trifft eher nicht zu" = 2, "trifft eher zu" = 3 }']],
    ),
    "usual words of a scale to be declared": (
        table(nps=["very likely", "unlikely", "very unlikely"]),
        "touchpoints = []",
        [['words = { "very likely" = 5, unlikely = 2, "very unlikely" = 1 }', "recommend_scale = [1, 5]"]],
    ),
    "words of several columns in one line": (
        table(nps=[9, 8], a=["agree", "disagree"], b=["sehr gut", "gut"], c=["Agree", "strongly agree"]),
        'touchpoints = ["a", "b", "c"]',
        None,
    ),
    "four of seven": (
        table(nps=[9, 8, 7], q=["4/7", "7/7", "1/7"]),
        'touchpoints = ["q"]',
        [["rating_scale = [1, 7]"]],
    ),
    "a score on another scale": (
        table(nps=WHOLE, q=WHOLE),
        'touchpoints = ["q"]',
        [["recommend_scale = [1, 5]", "recommend_scale = [0, 10]"]],
    ),
    "a score of yes and no": (
        table(nps=[0, 1, 1], q=[3, 3, 3]),
        'touchpoints = ["q"]',
        [['recommend_scale = "yes/no"', "recommend_scale = [0, 10]"]],
    ),
    "a word beside yes and no": (
        table(nps=[9, 8, 7, 3], did=["yes", "no", "maybe", "maybe"]),
        'touchpoints = []\nrecommended_12m = "did"',
        [['no_answer = ["maybe"]', 'words = { maybe = "" }']],
    ),
    "a code beside 1 and 0": (
        table(nps=[9, 8, 7, 3], did=[1, 0, 9, 9]),
        'touchpoints = []\nrecommended_12m = "did"',
        [["no_answer = [9]"]],
    ),
    "1 and 2 for yes and no": (
        table(nps=[9, 8, 7, 3], did=[1, 2, 2, 1]),
        'touchpoints = []\nrecommended_12m = "did"',
        [["codes.did = { true = [1], false = [2] }"]],
    ),
    "labels off the scale": (
        table(nps=[9, 8, 7, 5], q=["Best (7)", "Good (6)", "(3)", "Bad (1)"]),
        'touchpoints = ["q"]',
        [["rating_scale = [1, 7]", "no_answer = [6, 7]"]],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_likeliest_remedies_together_leave_no_fault(folder, case):
    answers, more, expected = CASES[case]
    found = check(folder, SURVEY + more + "\n", answers)
    assert found.exit_code == 1
    lines = lines_of(found)
    if expected is not None:
        assert lines == expected
    paired = {"words", "recommend_scale", "rating_scale", "scales"}  # a scale that goes with its words
    chosen = [
        line
        for several in lines
        for place, line in enumerate(several)
        if place == 0 or (several[0].startswith("words") and line.split()[0] in paired)
    ]
    followed = check(folder, paste(SURVEY + more + "\n", chosen))
    assert followed.table.empty, followed.table.to_dict("records")
    assert followed.exit_code == 0


@pytest.mark.parametrize(
    "case",
    [
        case
        for case, (_, _, lines) in CASES.items()
        if lines and max(map(len, lines)) > 1 and "words" not in lines[0][0]
    ],
)
def test_every_other_remedy_mends_its_cells(folder, case):
    answers, more, _ = CASES[case]
    found = check(folder, SURVEY + more + "\n", answers)
    for remedy, faults in found.table.groupby("remedy"):
        for line in re.findall(r"`([^`]*)`", remedy)[1:]:
            followed = check(folder, paste(SURVEY + more + "\n", [line]))
            left = set(zip(followed.table["row"], followed.table["column"], strict=True))
            assert not left & set(zip(faults["row"], faults["column"], strict=True)), line


def test_words_that_nobody_knows_are_to_be_numbered(folder):
    answers = table(nps=[9, 8, 7], q=["groovy", "so-so", "groovy"])
    found = check(folder, f'{SURVEY}touchpoints = ["q"]\n', answers)
    assert lines_of(found) == [['words = { groovy = "", so-so = "" }']]
    followed = check(folder, paste(f'{SURVEY}touchpoints = ["q"]\n', lines_of(found)[0]))
    assert (followed.exit_code, followed.table["expected"].unique().tolist()) == (
        2,
        ["the number that this word stands for"],
    )
    numbered = 'words = { groovy = 5, so-so = "3" }'
    assert check(folder, paste(f'{SURVEY}touchpoints = ["q"]\n', [numbered])).exit_code == 0


def test_words_of_a_yes_no_column_are_to_be_told_apart(folder):
    answers = table(nps=[9, 8, 7, 3], did=["often", "never", "once", "never"], q=["groovy", "poor", "good", "good"])
    settings = f'{SURVEY}touchpoints = ["q"]\nrecommended = "did"\n'
    (remedies,) = {tuple(lines) for lines in lines_of(check(folder, settings, answers))}
    assert remedies == ('words = { often = "", never = "", once = "", groovy = "", poor = "", good = "" }',)
    numbered = "words = { groovy = 5, poor = 1, good = 4, often = 1, never = 0, once = 1 }"
    followed = check(folder, paste(settings, [numbered]))
    assert followed.exit_code == 0
    assert followed.study.survey["recommended"].tolist() == [True, False, True, False]


def test_a_word_with_two_numbers_is_told_by_column(folder):
    answers = table(nps=["likely", "neutral", "very likely"], a=["agree", "neutral", "disagree"])
    settings = f'{SURVEY}touchpoints = ["a"]\nscales = {{ nps = [1, 5], a = [0, 4] }}\n'
    lines = lines_of(check(folder, settings, answers))
    expected = (
        'words = { nps = { likely = 4, neutral = 3, "very likely" = 5 }, a = { agree = 3, neutral = 2, disagree = 1 } }'
    )
    assert lines == [[expected]]
    assert check(folder, paste(settings, [expected])).exit_code == 0


def test_texts_are_no_answers(folder):
    answers = table(nps=[9] * 30, q=[f"a story of {number}0 people" for number in range(30)])
    found = check(folder, f'{SURVEY}touchpoints = ["q"]\n', answers)
    assert found.table["remedy"].unique().tolist() == ["The column holds texts, not answers: name another column."]


def test_in_memory_the_lines_are_those_of_make_study():
    answers = pd.DataFrame({"nps": [9, 8, 7], "a b": [6, 6, 1], "c": ["agree", "disagree", "agree"]})
    study = tpm.make_study(answers, recommend="nps", touchpoints=["a b", "c"])
    assert study.problems["remedy"].unique().tolist() == [
        'The usual numbers? `words={"agree": 4, "disagree": 2}`. (for make_study)',
        'Never used? `not_experienced=[6]`. No answer? `no_answer=[6]`. Another scale? `scales={"a b": [1, 6]}`. '
        "(for make_study)",
    ]


def test_a_remedy_of_one_cell_begins_with_the_slip():
    study = tpm.make_study(pd.DataFrame({"nps": [9, 12, "eleven"]}), recommend="nps")
    assert study.problems["remedy"].tolist() == [
        'A slip? Correct the cell. No answer? `no_answer=[12, "eleven"]`. A number? `words={"eleven": ""}`. '
        "(for make_study)",
        'A slip? Correct the cell. No answer? `no_answer=[12, "eleven"]`. (for make_study)',
    ]


def test_ten_thousand_faults_are_a_few_lines(folder):
    answers = table(nps=[9] * 10000, q=[6, 0] * 5000, r=[*[1] * 9000, *range(100, 1100)])
    found = check(folder, f'{SURVEY}touchpoints = ["q", "r"]\n', answers)
    lines = [str(line) for line in told_by_column(found.by_column)]
    assert lines[0] == (
        "a.csv, column 'q': 6 × 5,000 (rows 2, 4, 6, …), expected a number from 1 to 5. Never used? "
        "`not_experienced = [6]`. No answer? `no_answer = [6]`. Another scale? `scales = { q = [1, 6] }`. "
        "(under [survey])"
    )
    assert len(lines) <= 13
    assert sum(map(len, lines)) < 4000
    assert found.by_column["count"].sum() == len(found.table) == 11000
    assert [str(sentence) for sentence in found.loud] == [
        "1 column loses more than a fifth of its filled cells: q (10,000 of 10,000)."
    ]
    assert "Everything else is used." not in found.summary("en")
    assert found._repr_html_().count("<tr>") <= 31
