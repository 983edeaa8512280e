"""A study that somebody sent is data, not code: nothing in its folder runs, or leads out of it, unasked."""

import shutil
import sys

import nbformat
import pytest

from tpm_widgets import cli
from tpm_widgets.study.load import load_study

NOT_RUN = (
    "Not run, as Jupyter does not trust what somebody else wrote: {names}. Look into them; then run “jupyter trust” on "
    "each, or add --trust."
)


@pytest.fixture
def received(shipped, study_folder, notebook):
    """A study with two notebooks of somebody else's, one in the place of a shipped one."""
    nbformat.write(notebook("# Mine?", "open('ran', 'w').close()"), study_folder / "mine.ipynb")
    nbformat.write(notebook("# Where do I stand?", "open('ran', 'w').close()"), study_folder / "00_your_data.ipynb")
    return study_folder


def test_notebooks_that_jupyter_does_not_trust_are_named_and_left_out(tpm, received, tmp_path):
    done = tpm("run", received, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[-1] == NOT_RUN.format(names="00_your_data.ipynb and mine.ipynb")
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Where do we stand?" in report  # the one that comes with the package
    assert "Mine?" not in report
    assert not (received / "ran").exists()


def test_one_that_is_asked_for_by_name_is_refused(tpm, received, tmp_path):
    done = tpm("run", received, "--out", tmp_path / "out", "--notebook", "mine")
    assert (done.exit_code, done.stderr) == (2, NOT_RUN.format(names="mine.ipynb") + " Nothing was run.\n")
    assert not (tmp_path / "out").exists()


def test_all_run_where_one_says_so(tpm, received, tmp_path):
    done = tpm("run", received, "--out", tmp_path / "out", "--trust")
    assert done.exit_code == 0
    assert "Not run" not in done.stderr
    assert (received / "ran").exists()


def test_what_was_signed_runs_until_somebody_changes_it(tpm, received, tmp_path, save, notebook):
    save(notebook("# Mine?", "open('signed', 'w').close()"), received / "mine.ipynb")
    done = tpm("run", received, "--out", tmp_path / "out")
    assert done.stderr.splitlines()[-1] == NOT_RUN.format(names="00_your_data.ipynb")
    assert (received / "signed").exists()
    changed = (received / "mine.ipynb").read_text("utf-8").replace("signed", "changed")
    (received / "mine.ipynb").write_text(changed, "utf-8")
    done = tpm("run", received, "--out", tmp_path / "out")
    assert done.stderr.splitlines()[-1] == NOT_RUN.format(names="00_your_data.ipynb and mine.ipynb")


def test_the_notebooks_of_a_new_study_are_trusted_here_and_nowhere_else(tpm, shipped, tmp_path, monkeypatch):
    assert tpm("new", "mine", "--sample", "insurer").exit_code == 0
    command = ["run", "mine", "--out", "out"]
    assert "Not run" not in tpm(*command).stderr
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "another"))
    assert tpm(*command).stderr.splitlines()[-1] == NOT_RUN.format(names="00_your_data.ipynb")


def test_without_a_place_for_signatures_nothing_is_trusted(tpm, received, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", "/proc/nowhere")
    done = tpm("run", received, "--out", tmp_path / "out")
    assert done.stderr.splitlines()[-1] == NOT_RUN.format(names="00_your_data.ipynb and mine.ipynb")
    assert done.exit_code == 0


REMEDY = "Copy it there; where you know what it is, allow it: --allow-outside, or allow_outside=True."


@pytest.mark.parametrize(
    "name",
    [
        "../other/survey.csv",
        "sub/../../other/survey.csv",
        "{folder}/other/survey.csv",
        "link.csv",
        "linked/survey.csv",
        "file://{folder}/other/survey.csv",
        "https://example.org/survey.csv",
        "C:\\other\\survey.csv",
        "..\\other\\survey.csv",
        "/dev/stdin",
    ],
)
def test_a_file_outside_of_the_folder_is_refused(tpm, study_folder, tmp_path, name):
    (tmp_path / "other").mkdir()
    shutil.copy(study_folder / "survey.csv", tmp_path / "other" / "survey.csv")
    (study_folder / "link.csv").symlink_to(tmp_path / "other" / "survey.csv")
    (study_folder / "linked").symlink_to(tmp_path / "other")
    name = name.format(folder=tmp_path)
    settings = (study_folder / "study.toml").read_text("utf-8")
    (study_folder / "study.toml").write_text(settings.replace('"survey.csv"', f"'{name}'"), "utf-8")
    for command in (["check"], ["run", "--out", tmp_path / "out"]):
        done = tpm(command[0], study_folder, *command[1:])
        assert done.exit_code == 2
        first = (done.stdout + done.stderr).splitlines()[0]
        assert first == f"{name}: expected a file in the folder of study.toml. {REMEDY}"


def test_a_file_outside_may_be_allowed(tpm, shipped, study_folder, tmp_path):
    shutil.move(study_folder / "survey.csv", tmp_path / "survey.csv")
    settings = (study_folder / "study.toml").read_text("utf-8")
    (study_folder / "study.toml").write_text(settings.replace('"survey.csv"', '"../survey.csv"'), "utf-8")
    assert tpm("check", study_folder, "--allow-outside").exit_code == 0
    assert tpm("run", study_folder, "--out", tmp_path / "out", "--allow-outside").exit_code == 0
    assert len(load_study(study_folder, allow_outside=True).survey) == 6


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".csv", "a/" * 3000 + "a.csv", "survey.csv\\u0000", "\\u001b[2Jsurvey.csv"]
)
def test_a_name_that_no_file_has_is_refused_and_obeyed_by_no_terminal(tpm, study_folder, name):
    settings = (study_folder / "study.toml").read_text("utf-8")
    (study_folder / "study.toml").write_text(settings.replace("survey.csv", name), "utf-8")
    done = tpm("check", study_folder)
    assert done.exit_code == 2
    assert "expected a file in the folder of study.toml." in done.stdout
    assert "\x1b" not in done.stdout
    assert "\x00" not in done.stdout


@pytest.mark.parametrize("command", [["check", "x" * 5000], ["run", "x" * 5000]])
def test_a_study_that_no_folder_can_be_called_like(tpm, command):
    done = tpm(*command)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == (
        f"Error: Invalid value for 'STUDY': {'x' * 100}…{'x' * 100} is no folder and no sample; "
        "the samples: insurer, hotels and software."
    )


def test_a_report_that_no_folder_can_hold(tpm, shipped, study_folder):
    done = tpm("run", study_folder, "--out", "l" * 300)
    assert done.exit_code == 2
    assert done.stderr.startswith("Nothing was written: ")
    assert done.stderr.endswith("l…lllllllll: File name too long\n".replace("l…lllllllll", "l" * 100))


def test_lab_asks_nobody_for_updates(tpm, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("jupyterlab.labapp.main", asked.append)
    assert tpm("lab", tmp_path, "--port=8889").exit_code == 0
    assert asked == [[str(tmp_path), *cli.ASKS_NOBODY, "--port=8889"]]
    assert sys.modules["os"].environ["PYTHONSAFEPATH"] == "1"
