"""A new study's folder: the notebooks, and a study.toml for one's own file, for a sample, or for nothing yet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tpm_widgets.report.notebooks import all_shipped, point_at, read_notebook, shipped
from tpm_widgets.report.recipes import recipe_notebook
from tpm_widgets.report.staging import staged
from tpm_widgets.report.trusted import sign
from tpm_widgets.study.load import SETTINGS
from tpm_widgets.study.proposing.propose import StudyProposal, propose_study
from tpm_widgets.study.proposing.writing.blank import blank_study
from tpm_widgets.study.samples import Sample, sample_folder

RECIPES = "recipes"  # a folder of its own: what lies beside study.toml is run and reported


def start_study(folder: Path, *, files: Sequence[Path] = (), sample: Sample | None = None) -> StudyProposal | None:
    """Fill a new or empty folder with the notebooks, which load the study that they lie in, and with a study.toml.

    With ``files``, these are copied, and study.toml is proposed for them; with a ``sample``, its tables and settings
    are copied; without both, every line of study.toml is a comment, and no data are there.

    Raises FileExistsError where the folder holds something, and DataError where the file cannot be read.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(str(folder))
    proposal = propose_study(files) if files else None
    with staged(folder) as stage:
        if sample is not None:
            for path in sorted(sample_folder(sample).iterdir()):
                shutil.copyfile(path, stage / path.name)
        else:
            settings = blank_study() if proposal is None else proposal.toml
            (stage / SETTINGS).write_text(settings, encoding="utf-8")
        for file in files:
            shutil.copyfile(file, stage / file.name)
        notebooks = _add_notebooks(stage)
    sign(notebooks)
    return proposal


def _add_notebooks(stage: Path) -> list[NotebookNode]:
    top, written = shipped(), []
    for path in all_shipped():
        notebook = read_notebook(path)
        inside = path.relative_to(top)
        point_at(notebook, Path(os.path.relpath(".", inside.parent)).as_posix())
        (stage / inside.parent).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, stage / inside)
        written.append(read_notebook(stage / inside))
    (stage / RECIPES).mkdir()
    nbformat.write(recipe_notebook(".."), stage / RECIPES / "adding_your_own.ipynb")
    return [*written, read_notebook(stage / RECIPES / "adding_your_own.ipynb")]
