from pathlib import Path

import pytest

from tpm_widgets.report import notebooks
from tpm_widgets.report.notebooks import (
    UnknownNotebookError,
    UnusableNotebookError,
    all_shipped,
    choose,
    point_at,
    read_notebook,
    shipped,
    title_of,
)


@pytest.fixture
def flow(tmp_path, monkeypatch, notebook, save):
    """Two notebooks of a flow and a deep dive, in place of the shipped ones."""
    folder = tmp_path / "shipped"
    for name in ("00_first", "01_second", "deep_dives/deeper", ".ipynb_checkpoints/00_first-checkpoint"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        save(notebook("# A question?"), folder / f"{name}.ipynb")
    monkeypatch.setattr(notebooks, "shipped", lambda: folder)
    return folder


def names(paths):
    return [path.stem for path in paths]


def test_a_checkout_is_read_itself():
    assert shipped() == Path(__file__).resolve().parents[2] / "notebooks"


def test_an_installed_package_reads_its_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "PACKAGE", tmp_path / "site-packages" / "tpm_widgets")
    assert shipped() == tmp_path / "site-packages" / "tpm_widgets" / "bundled" / "notebooks"


def test_the_flow_comes_first_and_ones_own_after_it_by_name(flow, study_folder, notebook, save):
    for name in ("z_last", "a_early"):
        save(notebook("# Why?"), study_folder / f"{name}.ipynb")
    assert names(all_shipped()) == ["00_first", "01_second", "deeper"]
    assert names(choose(study_folder, trust=True).paths) == ["00_first", "01_second", "a_early", "z_last"]


def test_the_studys_own_copy_wins(flow, study_folder, notebook, save):
    save(notebook("# Mine?"), study_folder / "00_first.ipynb")
    assert choose(study_folder, trust=True).paths == (study_folder / "00_first.ipynb", flow / "01_second.ipynb")


def test_named_ones_only_also_deep_dives(flow, study_folder):
    assert names(choose(study_folder, ["deeper", "00_first.ipynb"]).paths) == ["deeper", "00_first"]


def test_an_unknown_name_is_refused_with_those_that_there_are(flow, study_folder):
    with pytest.raises(UnknownNotebookError) as refusal:
        choose(study_folder, ["05_more"])
    assert str(refusal.value) == "05_more is no notebook; there are 00_first, 01_second and deeper."


@pytest.mark.parametrize("content", [b"no json", b"{}", b"[]", b'{"cells": 3}', b"\xff\xfe", b""])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    (tmp_path / "broken.ipynb").write_bytes(content)
    with pytest.raises(UnusableNotebookError) as refusal:
        read_notebook(tmp_path / "broken.ipynb")
    assert str(refusal.value) == "broken.ipynb is not a notebook. Repair it, or take it out of the folder."


def test_only_the_study_of_the_parameters_cell_is_replaced(notebook):
    source = 'level = 0.9\nstudy = tpm.make_study(\n    survey=frame,\n    recommend="q1",\n)\nby = "region"'
    made = notebook("study = 1", (source, "parameters"), "study = 2")
    point_at(made, ".")
    assert [cell.source for cell in made.cells] == [
        "study = 1",
        'level = 0.9\nstudy = tpm.load_study(".")\nby = "region"',
        "study = 2",
    ]


def test_a_notebook_that_reads_its_own_data_is_left_alone(notebook):
    made = notebook("import pandas", ("level = 0.9", "parameters"))
    point_at(made, ".")
    assert made.cells[1].source == "level = 0.9"


def test_parameters_that_are_no_python_are_refused(notebook):
    with pytest.raises(UnusableNotebookError) as refusal:
        point_at(notebook(("%time study = 1", "parameters")), ".")
    assert str(refusal.value) == (
        "The parameters cell is not plain Python, so it cannot be given another study: %time study = 1"
    )


def test_the_title_is_the_first_h1(notebook):
    assert title_of(notebook("## Not this", "# Where do we stand?\ntext", "# Nor this"), "00") == "Where do we stand?"
    assert title_of(notebook("x = 1"), "00_first") == "00_first"
