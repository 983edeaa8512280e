"""Rows that repeat another one cell for cell: told with their number, left out where the study says so."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

ASKED = "How likely are you to recommend us?"
SURVEY = f'[survey]\nfile = "a.csv"\nrecommend = "{ASKED}"\ntouchpoints = ["Q1", "Q2"]\n'


def answers(rows=40, questions=2, seed=7):
    """Answers of persons whose mood shows in all of them; one in ten gives everything the best."""
    random = np.random.default_rng(seed)
    mood = random.normal(size=rows)
    rated = {
        f"Q{place}": np.clip(np.round(3.6 + 1.2 * mood + random.normal(scale=0.5, size=rows)), 1, 5).astype(int)
        for place in range(1, questions + 1)
    }
    frame = pd.DataFrame({ASKED: np.clip(np.round(8 + 2 * mood), 0, 10).astype(int), **rated})
    best = random.random(rows) < 0.1
    frame.loc[best] = 5
    frame.loc[best, ASKED] = 10
    return frame


def with_times(frame):
    times = pd.Timestamp("2025-03-01 10:00") + pd.to_timedelta(np.arange(len(frame)) * 7, unit="min")
    return frame.assign(Timestamp=times.strftime("%Y-%m-%d %H:%M"))


def check(folder, frame, more=""):
    frame.to_csv(folder / "a.csv", index=False)
    (folder / "study.toml").write_text(SURVEY + more, encoding="utf-8")
    return tpm.check_study(folder)


def twice(frame):
    return pd.concat([frame, frame], ignore_index=True)


def test_an_export_that_was_appended_twice_is_told(tmp_path):
    found = check(tmp_path, twice(answers()))
    assert (found.exit_code, len(found.study.survey)) == (1, 80)
    assert found.table[["file", "expected", "remedy"]].to_numpy().tolist() == [
        [
            "a.csv",
            "rows that do not repeat another one, cell for cell",
            "40 rows of 80 repeat an earlier one: 42, 43, 44, …. Leave them out: `repeated_rows = \"drop\"`. Are they "
            "answers of other persons: `repeated_rows = \"keep\"`. (under [survey])",
        ]
    ]  # fmt: skip


def test_the_line_of_the_remedy_settles_it(tmp_path):
    dropped = check(tmp_path, twice(answers()), 'repeated_rows = "drop"\n')
    assert (dropped.exit_code, len(dropped.study.survey)) == (0, 40)
    assert dropped.left_out.to_numpy().tolist() == [["survey", "repeats another row", 40]]
    kept = check(tmp_path, twice(answers()), 'repeated_rows = "keep"\n')
    assert (kept.exit_code, len(kept.study.survey)) == (0, 80)


def test_an_answer_that_was_sent_twice_is_told_where_something_tells_the_rows_apart(tmp_path):
    frame = with_times(answers())
    again = pd.concat([frame, frame.iloc[[5, 9]]], ignore_index=True)
    found = check(tmp_path, again, 'date = "Timestamp"\n')
    assert found.table["remedy"].str.startswith("2 rows of 42 repeat an earlier one: 42, 43. Leave").tolist() == [True]
    assert check(tmp_path, again.assign(Timestamp="2025-03-01")).exit_code == 0  # two of many who answer alike


def test_one_of_many_questions_alike_by_chance_is_not_expected(tmp_path):
    frame = answers(rows=100, questions=20)
    again = pd.concat([frame, frame.sample(20, random_state=1)], ignore_index=True)
    assert "repeat an earlier one" in check(tmp_path, again).table["remedy"].iloc[0]


@pytest.mark.parametrize("rows", [30, 200, 2000])
@pytest.mark.parametrize("questions", [2, 5, 10, 30])
def test_persons_who_answer_alike_are_no_repeats(tmp_path, rows, questions):
    found = check(tmp_path, answers(rows, questions))
    assert (found.exit_code, found.left_out.empty) == (0, True)


def test_a_file_in_the_order_of_its_answers_has_no_repeats(tmp_path):
    assert check(tmp_path, answers(300).sort_values([ASKED, "Q1", "Q2"])).exit_code == 0


def test_with_numbers_of_respondents_the_remedy_is_the_same_line(tmp_path):
    frame = answers()
    frame["ID"] = np.arange(40)
    found = check(tmp_path, pd.concat([frame, frame.iloc[:3]], ignore_index=True), 'respondent = "ID"\n')
    assert (found.exit_code, found.table["remedy"].tolist()) == (
        2,
        ['Rows that stand there twice, cell for cell: 3. Leave them out: `repeated_rows = "drop"`. (under [survey])'],
    )
    assert check(tmp_path, twice(frame), 'respondent = "ID"\nrepeated_rows = "drop"\n').exit_code == 0


def test_a_new_study_leaves_them_out_and_asks(tmp_path):
    frame = with_times(answers())
    frame["ID"] = np.arange(1, 41)
    twice(frame).to_csv(tmp_path / "a.csv", index=False)
    proposal = tpm.propose_study(tmp_path / "a.csv")
    survey = tomllib.loads(proposal.toml)["survey"]
    assert (survey["repeated_rows"], survey["respondent"]) == ("drop", "ID")
    assert proposal.settings["rows"] == 40
    assert proposal.not_understood[0].text("en") == (
        "40 rows of 80 repeat an earlier one: 42, 43, 44, …. They are left out. Are they answers of other persons?"
    )
    assert '# repeated_rows = "keep"\nrepeated_rows = "drop"\n' in proposal.toml
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert "repeated_rows" not in tpm.propose_study(tmp_path / "a.csv").toml


def test_rows_of_a_frame_in_memory_may_have_been_counted_out():
    counted = pd.DataFrame({"nps": np.repeat([10, 3, 8], 40), "q": np.repeat([5, 1, 4], 40), "r": 3})
    assert tpm.check_study(tpm.make_study(counted, recommend="nps", touchpoints=["q", "r"])).exit_code == 0
