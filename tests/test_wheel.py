"""What a wheel installs: the code, its templates and words, the notebooks and the samples, and nothing else."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return ZipFile(path)


@pytest.fixture(scope="module")
def names(wheel):
    return set(wheel.namelist())


def in_checkout(folder, *patterns):
    found = (path for pattern in patterns for path in (ROOT / folder).rglob(pattern))
    return [path.relative_to(ROOT / folder).as_posix() for path in found if ".ipynb_checkpoints" not in path.parts]


def test_the_package_is_complete(names):
    inside = in_checkout("tpm_widgets", "*.py", "*.pyi", "*.j2", "*.css", "*.json", "*.js", "*.po", "py.typed")
    assert [name for name in inside if f"tpm_widgets/{name}" not in names] == []


@pytest.mark.parametrize(("folder", "bundled"), [("notebooks", "notebooks"), ("data/samples", "samples")])
def test_notebooks_and_samples_come_along(names, folder, bundled):
    inside = in_checkout(folder, "*.ipynb", "*.csv", "*.toml", "*.md")
    assert [name for name in inside if f"tpm_widgets/bundled/{bundled}/{name}" not in names] == []


def test_the_notebooks_come_without_outputs(wheel, names):
    notebooks = [json.loads(wheel.read(name)) for name in names if name.endswith(".ipynb")]
    code = [cell for notebook in notebooks for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(notebooks) == len(in_checkout("notebooks", "*.ipynb"))
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"]] == []
    assert [cell for cell in code if cell["source"]]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist has no list of what belongs to it")
def test_the_sdist_holds_all_that_its_own_tests_need(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [path] = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert [name for name in tracked.stdout.splitlines() if name not in inside] == []


def test_nothing_else_comes_along(names):
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"tpm_widgets"}
    assert not [name for name in names if name.endswith((".pyc", ".failed.ipynb"))]


def test_an_installed_package_starts_a_study_from_what_it_carries(wheel, tmp_path):
    wheel.extractall(tmp_path / "site")
    program = (
        "import tpm_widgets as tpm; from pathlib import Path; from tpm_widgets.report.starter import start_study;"
        "print(Path(tpm.__file__).parents[1].name); start_study(Path('mine'), sample='insurer'); "
        "print(tpm.load_study('mine').name)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["site", "insurer"]
    assert {path.name for path in (tmp_path / "mine").glob("*.ipynb")} == {
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    }
