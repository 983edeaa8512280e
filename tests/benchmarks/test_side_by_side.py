"""The benchmark: that what it names exists, that a process is measured, and that the pages say what was found."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import data, first, ours, page, peers, threads
from benchmarks.cases import PARTS, Case
from benchmarks.process import Measurement, in_python, measure

CASES = [case for _, cases in PARTS.values() for case in cases]
CASE = Case(name="shares", options=dict, ours="lmg", seconds=0.002, megabytes=300)
OURS = Measurement(package="tpm_widgets", version="1", seconds=0.0012, peak=210, answer=np.array([0.25, 0.75, 9.0]))
OTHER = Measurement(package="other", version="2", seconds=1.8, peak=400, answer=np.array([0.25, 0.7500001]))
FAILED = Measurement(package="third", failure="No module named 'third'")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_names_functions_that_there_are(case):
    assert callable(getattr(ours, case.ours))
    for name in case.python.values():
        assert callable(getattr(peers, name))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    return tmp_path


def test_a_process_of_its_own_tells_time_memory_and_numbers(folder):
    path = data.small_file(4)
    found = in_python("tpm_widgets", "ours:lmg", {"path": path}, 0.0, 1)
    again = ours.lmg(path)()
    assert found.failure == ""
    assert found.answer == pytest.approx(np.array(again), abs=1e-12)
    assert 0 < found.seconds < 60 and 50 < found.peak < 2000


def test_a_process_that_fails_is_a_row_that_says_so():
    found = measure("nobody", [sys.executable, "-c", "import nobody"], 1)
    assert found.failure == "ModuleNotFoundError: No module named 'nobody'"
    assert np.isnan(found.seconds)


def test_the_large_file_is_the_same_each_time_and_is_one_byte_per_rating(folder):
    import pyarrow.parquet as pq

    first = pq.read_table(data.large_file(500))
    (folder / "ratings_500.parquet").unlink()
    assert first.equals(pq.read_table(data.large_file(500)))
    assert {str(kind) for kind in first.schema.types} == {"int8"}
    score, promoter = first["score"].to_numpy(), first["promoter"].to_numpy()
    assert ((score >= 9) == promoter).all() and 0 < promoter.mean() < 1
    assert set(np.unique(first["t00"])) == {1, 2, 3, 4, 5}


def test_a_section_has_a_row_for_each_package():
    assert page.section("Importance", [(CASE, [OURS, OTHER, FAILED])]).splitlines() == [
        "## Importance",
        "",
        "| work | package | time | times ours | memory | differs by | goal |",
        "|---|---|---|---|---|---|---|",
        "| shares | tpm_widgets 1 | 1.2 ms |  | 210 MB |  | ≤ 2.0 ms, 300 MB: met |",
        "|  | other 2 | 1.80 s | 1,500 | 400 MB | 1e-07 |  |",
        "|  | third | – (No module named 'third') | | | |  |",
    ]


@pytest.mark.parametrize("worse", [{"seconds": 0.0021}, {"peak": 301.0}])
def test_a_goal_that_is_missed_says_so(worse):
    row = page.section("Importance", [(CASE, [replace(OURS, **worse)])]).splitlines()[-1]
    assert row.endswith("| ≤ 2.0 ms, 300 MB: missed |")


def test_only_the_part_between_the_markers_changes(tmp_path, monkeypatch):
    readme, written = tmp_path / "README.md", tmp_path / "benchmarks.md"
    readme.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(page, "README", readme)
    monkeypatch.setattr(page, "PAGE", written)
    for _ in range(2):
        page.write([("Importance", [(CASE, [OURS, OTHER, FAILED])]), ("Alone", [(CASE, [OURS])])], ["## Waiting"])
        assert readme.read_text(encoding="utf-8").splitlines() == [
            "before",
            page.BEGIN,
            "| work | tpm_widgets | quickest other | times |",
            "|---|---|---|---|",
            "| shares | 1.2 ms, 210 MB | other 1.80 s, 400 MB | 1,500 |",
            page.END,
            "after",
        ]
    text = written.read_text(encoding="utf-8")
    assert (
        text.startswith("# Side by side\n")
        and "## Importance\n" in text
        and "## Alone\n" in text
        and text.endswith("## Waiting\n")
    )


def test_the_readme_has_the_markers_once():
    text = page.README.read_text(encoding="utf-8")
    assert text.count(page.BEGIN) == text.count(page.END) == 1


def test_every_verb_of_the_threads_can_be_called_and_is_timed(monkeypatch):
    monkeypatch.setattr(threads, "verbs", lambda: {"one": lambda: called.append(1), "two": lambda: called.append(2)})
    called = []
    found = threads.seconds()()
    assert called == [1, 1, 2, 2]
    assert len(found) == 2 and min(found) > 0


def test_the_table_of_threads_says_where_the_goal_is_missed():
    rows = threads.table(["near", "far"], [[0.5, 0.5], [0.4, 0.5], [2.0, 8.0], [2.0, 1.0]]).splitlines()[-2:]
    assert rows == [
        "| near | 0.50 | 0.40 | 1.2 | 2.00 | 2.00 | 1.0 | met |",
        "| far | 0.50 | 0.50 | 1.0 | 8.00 | 1.00 | 8.0 | missed |",
    ]


def test_a_busy_machine_is_left_alone_afterwards(monkeypatch):
    started, start = [], threads.subprocess.Popen
    monkeypatch.setattr(threads.subprocess, "Popen", lambda *args: started.append(start(*args)) or started[-1])
    with threads.busy():
        assert [process.poll() for process in started] == [None] * len(started)
    assert started and None not in [process.returncode for process in started]


def test_the_first_score_tells_its_goal_and_what_is_loaded(monkeypatch):
    monkeypatch.setattr(first, "RUNS", 1)
    title, *_, row = first.section().splitlines()
    assert title == "## From the import to the first score"
    assert row.startswith("| import, frame, score | ") and "| ≤ 1.3: " in row
    assert {"numpy", "pandas", "tpm_widgets"} < set(row.strip("| ").rsplit("| ", 1)[1].split(", "))
