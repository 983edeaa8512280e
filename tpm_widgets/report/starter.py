"""A new study's folder: a sample's tables and the notebooks, ready to run and to be replaced by one's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat

from tpm_widgets.report.notebooks import all_shipped, point_at, read_notebook, shipped
from tpm_widgets.report.recipes import recipe_notebook
from tpm_widgets.report.staging import staged
from tpm_widgets.study.samples import sample_folder

RECIPES = "recipes"  # a folder of its own: what lies beside study.toml is run and reported


def start_study(folder: Path) -> None:
    """Fill a new or empty folder with a sample study and the notebooks, which load the study that they lie in.

    Raises FileExistsError where the folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(str(folder))
    top = shipped()
    with staged(folder) as stage:
        shutil.copytree(sample_folder("insurer"), stage, dirs_exist_ok=True)
        for path in all_shipped():
            notebook = read_notebook(path)
            inside = path.relative_to(top)
            point_at(notebook, Path(os.path.relpath(".", inside.parent)).as_posix())
            (stage / inside.parent).mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, stage / inside)
        (stage / RECIPES).mkdir()
        nbformat.write(recipe_notebook(".."), stage / RECIPES / "adding_your_own.ipynb")
