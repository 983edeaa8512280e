"""The benchmark: that what it names exists, that a process is measured, and that the pages say what was found."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import data, first, flow, ours, page, peers, pictures, threads
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
    now = [[0.5, 0.5], [0.4, 0.5], [2.0, 8.0], [2.0, 1.0]]
    rows = [
        "| near | 0.50 | 0.40 | 1.2 | 2.00 | 2.00 | 1.0 | met |",
        "| far | 0.50 | 0.50 | 1.0 | 8.00 | 1.00 | 8.0 | missed |",
    ]
    assert threads.table(["near", "far"], now).splitlines()[-2:] == rows
    past = ["| … before | 1.00 | 0.40 | 2.5 | 2.00 | 2.00 | 1.0 | missed |", rows[1].replace("far", "… before")]
    table = threads.table(["near", "far"], now, [[1.0, 0.5], *now[1:]])
    assert table.splitlines()[-4:] == [rows[0], past[0], rows[1], past[1]]


def test_a_busy_machine_is_left_alone_afterwards(monkeypatch):
    started, start = [], threads.subprocess.Popen
    monkeypatch.setattr(threads.subprocess, "Popen", lambda *args: started.append(start(*args)) or started[-1])
    with threads.busy():
        assert [process.poll() for process in started] == [None] * len(started)
    assert started and None not in [process.returncode for process in started]


@pytest.fixture
def earlier(tmp_path):
    """A checkout whose package is another one."""
    (tmp_path / "tpm_widgets").mkdir()
    package = """
    net_promoter_score = make_study = lambda *given, **named: type("Result", (), {"table": 0})
    """
    (tmp_path / "tpm_widgets" / "__init__.py").write_text(package.strip(), encoding="utf-8")
    return str(tmp_path)


def test_the_first_score_tells_its_goal_and_what_is_loaded_now_and_before(monkeypatch, earlier):
    monkeypatch.setattr(first, "RUNS", 1)
    title, *_, now, before = first.section(earlier).splitlines()
    assert title == "## From the import to the first score"
    assert now.startswith("| now | ") and before.startswith("| before | ")
    loaded = [set(row.strip("| ").rsplit("| ", 1)[1].split(", ")) for row in (now, before)]
    assert {"numpy", "pandas", "tpm_widgets", "babel"} < loaded[0]
    assert "tpm_widgets" in loaded[1] and "babel" not in loaded[1]


def test_the_notebooks_are_timed_in_turn_and_the_quickest_run_counts(monkeypatch):
    asked, times = [], iter([(31.0, 50.0), (80.0, 120.0), (29.0, 51.0), (81.0, 119.0)])
    monkeypatch.setattr(flow, "run", lambda folder: asked.append(folder) or next(times))
    *_, now, before = flow.section("earlier").splitlines()
    assert asked == ["", "earlier"] * 2
    assert now == "| now | 29.0 | 51 | met |"
    assert before == "| before | 80.0 | 120 | missed |"


def test_pictures_are_told_beside_a_bare_figure_the_dearest_first():
    now = {"plot_a": {"build": 10.0, "save": 30.0, "bare": 20.0}, "plot_b": {"build": 30.0, "save": 30.0, "bare": 20.0}}
    table = pictures.table(now, {"plot_a": {"build": 50.0, "save": 30.0, "bare": 20.0}})
    assert "At most 2 times a bare figure: 1 of 2." in table.splitlines()
    assert table.splitlines()[-2:] == [
        "| `plot_b` | 30 | 30 | 20 | 3.0 |  |  |",
        "| `plot_a` | 10 | 30 | 20 | 2.0 | 80 | 4.0 |",
    ]
    assert pictures.table(now, {}).splitlines()[-1] == "| `plot_a` | 10 | 30 | 20 | 2.0 |"


def test_another_checkout_is_named_by_its_commit():
    commit = subprocess.run(["git", "log", "-1", "--format=%h"], capture_output=True, text=True).stdout.strip()
    if not commit:
        pytest.skip("The project lies in no repository.")
    assert page.named_commit(".").startswith(f"{commit} of 20")
