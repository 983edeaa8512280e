"""A guard beside strict nbval, which a notebook without outputs would pass."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import faults_of

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
FLOW = ["00_your_data", "01_as_is", "02_strategy", "03_plan", "04_control"]


def test_the_five_notebooks_of_the_flow_are_there():
    assert [path.stem for path in NOTEBOOKS if path.parent == ROOT / "notebooks"] == FLOW


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT / "notebooks").as_posix())
def test_a_notebook_keeps_to_the_rules(path):
    notebook = nbformat.read(path, as_version=4)
    assert faults_of(notebook, places=(str(ROOT), str(Path.home()) + "/")) == []


@pytest.fixture
def good():
    shown = new_output("execute_result", {"text/plain": "0.3"})
    cells = [
        new_markdown_cell("# Where do we stand?\n\nFor everybody.\n\n```python\n# a comment\n```"),
        new_code_cell("import pandas as pd\nimport tpm_widgets as tpm", execution_count=1),
        new_code_cell('study = tpm.sample_study("insurer")', execution_count=2, metadata={"tags": ["parameters"]}),
        new_code_cell("score = tpm.net_promoter_score(study)\nscore", execution_count=3, outputs=[shown]),
        new_code_cell('tpm.set_language("en")', execution_count=4),
    ]
    return new_notebook(cells=cells)


def test_a_good_notebook_has_no_faults(good):
    assert faults_of(good) == []


def stripped(notebook):
    notebook.cells[3].outputs = []
    notebook.cells[3].execution_count = None


def change(number, **fields):
    return lambda notebook: notebook.cells[number].update(fields)


def add_code(source, **fields):
    return lambda notebook: notebook.cells.append(new_code_cell(source, execution_count=5, **fields))


LONG = "\n".join(f"value_{number} = {number}" for number in range(11))
WARNING = [new_output("stream", name="stderr", text="/tmp/ipykernel_1/2.py:1: UserWarning")]


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        (
            stripped,
            ["not executed from top to bottom: [1, 2, None, 4]", "cell 3: shows nothing, but ends with score"],
        ),
        (change(0, source="# Where we stand"), ["the H1 is no question: # Where we stand"]),
        (change(0, source="No title"), ["one H1 expected, found 0"]),
        (change(0, source="Before\n# Why?"), ["the H1 does not stand first"]),
        (change(2, metadata={}), ["one cell tagged parameters expected, found 0"]),
        (change(2, source="level = 0.9"), ["the parameters cell assigns no study"]),
        (add_code(LONG), ["cell 5: 11 lines"]),
        (add_code("def f():\n    return 1"), ["cell 5: it defines f"]),
        (add_code("score = 2"), ["score is rebound"]),
        (add_code("%time x = 1"), ["cell 5: empty, or not plain Python"]),
        (add_code("import numpy as np"), ["cell 5: it imports numpy"]),
        (add_code("names = tpm._names"), ["cell 5: it uses the private _names"]),
        (
            add_code("x = 1", metadata={"tags": ["nbval-ignore-output"]}),
            ["cell 5: its output is not compared, and no reason stands beside it"],
        ),
        (add_code("x = 1", outputs=WARNING), ["cell 5: its output names ipykernel_", "cell 5: it warns"]),
    ],
)
def test_each_fault_is_found(good, spoil, faults):
    spoil(good)
    assert faults_of(good) == faults


def test_an_output_that_names_a_folder_of_this_machine_is_found(good):
    good.cells[3].outputs[0].data["text/plain"] = "/somewhere/else/data.csv"
    assert faults_of(good, places=("/somewhere/",)) == ["cell 3: its output names /somewhere/"]
