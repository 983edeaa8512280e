"""Whatever ends a run, a whole old report or a whole new one is left, and neither a process nor a folder."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

OLD = '<html><meta name="generator" content="tpm_widgets 0"> an older report</html>'


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def wait_for(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


@pytest.fixture
def place(tmp_path, study_folder):
    """Places for temporary files and for the report, which is an older one."""
    (tmp_path / "temporary").mkdir()
    (study_folder / "report").mkdir()
    (study_folder / "report" / "report.html").write_text(OLD)
    return tmp_path / "temporary"


@pytest.fixture
def start(place, study_folder, tpm_program, notebook, save):
    """Start a run of a notebook in a process of its own."""

    def start_run(*code, environment=None, **options):
        save(notebook("# Why?", *code), study_folder / "waiting.ipynb")
        command = [tpm_program, "run", study_folder, "--notebook", "waiting"]
        own = {**os.environ, "TMPDIR": str(place), **(environment or {})}
        return subprocess.Popen(
            list(map(str, command)), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own, **options
        )

    return start_run


WAITING = "import os; open('started', 'w').write(str(os.getpid())); import time; time.sleep(600)"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("when", ["at once", "in a cell"])
def test_a_run_that_is_ended_leaves_the_old_report_and_nothing_else(start, place, study_folder, sent, when):
    process = start(WAITING)
    if when == "in a cell":
        wait_for((study_folder / "started").exists)
    else:
        wait_for(lambda: any(place.iterdir()))
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    if sent != signal.SIGKILL:
        assert process.returncode == 130
        assert said.splitlines()[-1] == "Interrupted. Nothing was written."
    assert "Traceback" not in said
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    wait_for(lambda: files(place) == [])
    assert (study_folder / "report" / "report.html").read_text() == OLD
    assert files(study_folder / "report") == ["report.html"]


def test_a_disk_that_is_full(start, place, study_folder):
    def have_no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # a report is longer; the system says so, too

    process = start("print('x' * 100_000)", preexec_fn=have_no_room)
    _, said = process.communicate(timeout=120)
    last = said.splitlines()[-1]
    assert (process.returncode, last) == (2, f"Nothing was written: {study_folder / 'report'}: File too large")
    assert (study_folder / "report" / "report.html").read_text() == OLD
    assert files(study_folder / "report") == ["report.html"]
    assert files(place) == []


def test_two_runs_into_one_folder(start, place, study_folder):
    begun = [start("print('the first run')"), start("print('the first run')")]
    said = [process.communicate(timeout=180) for process in begun]
    assert [process.returncode for process in begun] == [0, 0], said
    report = (study_folder / "report" / "report.html").read_text("utf-8")
    assert report.rstrip().endswith("</html>")
    assert files(study_folder / "report") == ["report.html"]
    assert files(place) == []


CHANGED = """
import pathlib, tpm_widgets as tpm
survey = pathlib.Path("survey.csv")
survey.write_text(survey.read_text() + "10,5,5\\n", "utf-8")
print(len(tpm.load_study(".").survey), tpm.load_study("study.toml").data_hash)
"""


def test_a_file_that_changes_during_a_run(start, study_folder):
    from tpm_widgets.study.load import load_study

    before = load_study(study_folder)
    process = start(CHANGED)
    process.communicate(timeout=120)
    assert process.returncode == 0
    report = (study_folder / "report" / "report.html").read_text("utf-8")
    assert f"{len(before.survey)} {before.data_hash}" in report
    assert report.count(before.data_hash) == 2  # in the notebook and on the title page
    assert len(load_study(study_folder).survey) == len(before.survey) + 1


@pytest.mark.parametrize("environment", [{"HOME": "/nowhere"}, {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_without_a_home_and_without_letters(start, place, study_folder, environment, monkeypatch):
    if "HOME" in environment:
        monkeypatch.delenv("JUPYTER_DATA_DIR")
        environment = {**environment, "JUPYTER_DATA_DIR": ""}
    process = start("print('Käse •')", environment=environment)
    out, said = process.communicate(timeout=120)
    if "HOME" in environment:  # nothing can have been signed
        assert process.returncode == 2
        assert said.startswith("Not run, as Jupyter does not trust what somebody else wrote: waiting.ipynb.")
    else:
        assert (process.returncode, out.split(":")[0]) == (0, f"The report is {study_folder / 'report/report.html'}")
        assert "Käse •" in (study_folder / "report" / "report.html").read_text("utf-8")
    assert "Traceback" not in said
    assert files(place) == []


def test_a_folder_that_cannot_be_written_to(tpm, shipped, study_folder):
    done = tpm("run", study_folder, "--out", "/proc/report")
    assert (done.exit_code, done.stderr.splitlines()[-1][:27]) == (2, "Nothing was written: /proc/")


def test_new_on_a_full_disk(tmp_path, tpm_program):
    def have_no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    command = [str(tpm_program), "new", str(tmp_path / "mine"), "--sample", "software"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=have_no_room, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Nothing was written: {tmp_path}")
    assert done.stderr.endswith("File too large\n")
    assert files(tmp_path) == []


def test_the_parts_of_a_check_end_together(tmp_path):
    parts = Path(__file__).parents[2] / ".ci" / "parts"
    waiting = f'{sys.executable} -c \'import time; open("{tmp_path}/begun", "w").close(); time.sleep(600)\''
    process = subprocess.Popen(
        [str(parts), "slow&", f"{waiting}; true", "other", f"{waiting}; true"],
        stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(tmp_path)}, start_new_session=True,
    )  # fmt: skip
    wait_for((tmp_path / "begun").exists)
    time.sleep(0.5)
    children = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=30)
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in children), 30)
    assert files(tmp_path) == ["begun"]
    assert json.dumps([child.pid for child in children]) != "[]"
