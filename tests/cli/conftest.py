import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tpm_widgets import language
from tpm_widgets.cli import app
from tpm_widgets.report import notebooks, starter
from tpm_widgets.report.notebooks import read_notebook
from tpm_widgets.report.running import forking
from tpm_widgets.report.trusted import sign

TPM = Path(sys.executable).with_name("tpm")
FORK_SERVER = forking.fork_server


@pytest.fixture(scope="session")
def server():
    """One server that the kernels of all runs are forked from, because it takes its time to load."""
    with FORK_SERVER() as started:
        yield started


@pytest.fixture(autouse=True)
def jupyter(tmp_path_factory, monkeypatch):
    """Give Jupyter a place of its own for what it trusts, which commands started by a test know, too."""
    folder = tmp_path_factory.mktemp("jupyter")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def save(save, jupyter):
    """Save a notebook as JupyterLab does: with a signature."""

    def save_and_sign(notebook, path):
        save(notebook, path)
        sign([read_notebook(path)])

    return save_and_sign


@pytest.fixture
def own_server(shipped, monkeypatch):
    """Let a run start and end its server itself, as it does outside of tests."""
    monkeypatch.setattr(forking, "fork_server", FORK_SERVER)


@pytest.fixture
def shipped(tmp_path, monkeypatch, notebook, save, study_folder, server):
    """Two short notebooks and the bakery, in place of what comes with the package, and a server that has loaded."""
    folder = tmp_path / "shipped"
    first = notebook(
        "# Where do we stand?",
        "import tpm_widgets as tpm",
        ('study = tpm.sample_study("insurer")\nlevel = 0.9', "parameters"),
        "study.title",
    )
    deeper = notebook(
        "# How is it done?", "import tpm_widgets as tpm", ('study = tpm.sample_study("insurer")', "parameters")
    )
    (folder / "deep_dives").mkdir(parents=True)
    save(first, folder / "00_your_data.ipynb")
    save(deeper, folder / "deep_dives" / "deeper.ipynb")
    monkeypatch.setattr(notebooks, "shipped", lambda: folder)
    monkeypatch.setattr(starter, "shipped", lambda: folder)
    monkeypatch.setattr(starter, "sample_folder", lambda name: study_folder)
    monkeypatch.setattr(forking, "fork_server", lambda: nullcontext(server))
    return folder


@pytest.fixture
def tpm_program():
    return TPM


@pytest.fixture
def tpm(tmp_path, monkeypatch):
    """Run the command line in this process, standing in ``tmp_path``; gives what is seen and the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(language, "_current", [])  # --language sets it

    def run(*arguments):
        return CliRunner().invoke(app, list(map(str, arguments)), prog_name="tpm")

    return run
