"""The same data and the same digits on another processor, with other threads, in another place and language.

Two processes differ in all of it at once; what they have to agree on is everything that the notebooks of the flow show.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
WIDE = [name for name in ("X86_V3", "X86_V4") if np._core._multiarray_umath.__cpu_features__.get(name)]
HERE = {"OPENBLAS_NUM_THREADS": "2", "OPENBLAS_CORETYPE": "Haswell", "PYTHONHASHSEED": "1"}
ELSEWHERE = {
    "NPY_DISABLE_CPU_FEATURES": " ".join(WIDE),
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem",
    "TZ": "Pacific/Auckland",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "2",
}
IS_X86 = "X86_V2" in np._core._multiarray_umath.__cpu_features__


def numbers(folder, settings):
    own = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    if not IS_X86:  # other processors have other names for their kernels: the rest is compared all the same
        settings = {key: value for key, value in settings.items() if key != "OPENBLAS_CORETYPE"}
    command = [sys.executable, "-m", "tests.everywhere.shown_numbers", str(folder)]
    child = subprocess.run(
        command, cwd=ROOT, env=own | settings, capture_output=True, text=True, encoding="utf-8", timeout=900
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return json.loads(child.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return [numbers(tmp_path_factory.mktemp("samples"), settings) for settings in (HERE, ELSEWHERE)]


def test_the_two_processes_do_differ(both):
    """Else their agreement would tell nothing."""
    here, elsewhere = (found["surroundings"] for found in both)
    assert (here["threads"], elsewhere["threads"]) == ([2], [1])
    assert not set(elsewhere["features"]) & set(WIDE)
    if IS_X86:
        assert (here["kernels"], elsewhere["kernels"]) == (["Haswell"], ["Nehalem"])


def test_samples_are_drawn_and_read_the_same(both):
    assert both[0]["studies"] == both[1]["studies"]
    assert all(drawn == read for drawn, read in both[0]["studies"].values())


def test_sample_files_are_the_same_to_the_byte(both):
    assert both[0]["files"] == both[1]["files"]


@pytest.mark.parametrize("notebook", ["00_your_data", "01_as_is", "02_strategy", "03_plan", "04_control"])
def test_notebooks_show_the_same_digits(both, notebook):
    here, elsewhere = (found[notebook] for found in both)
    assert here
    assert here == elsewhere
