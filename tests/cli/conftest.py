import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tpm_widgets import language
from tpm_widgets.cli import app
from tpm_widgets.report import notebooks, starter

TPM = Path(sys.executable).with_name("tpm")


@pytest.fixture
def shipped(tmp_path, monkeypatch, notebook, save, study_folder):
    """Two short notebooks and the bakery, in place of what comes with the package."""
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
