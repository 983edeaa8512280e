"""All notebooks of a study executed, and their report written at the end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import nbformat

from tpm_widgets.language import Language, Sentence, say
from tpm_widgets.report.execute import CellError, execute
from tpm_widgets.report.forking import ForkServer
from tpm_widgets.report.notebooks import choose, point_at, read_notebook
from tpm_widgets.report.page import make_report
from tpm_widgets.report.place import REPORT
from tpm_widgets.report.progress import Progress
from tpm_widgets.report.staging import staged
from tpm_widgets.study.model import Study


class NotebookError(Exception):
    """A notebook that ended with an error, and the file in which it was kept as far as it came."""

    def __init__(self, failure: CellError, kept: Path) -> None:
        self.sentence: Sentence = say(
            "{notebook}, code cell {number} ({first_line}):\n  {error}\nThe notebook as far as it came is {kept}",
            failure,
            kept=kept,
        )
        super().__init__(str(self.sentence))


def run_study(
    study: Study,
    folder: Path,
    out: Path,
    names: Iterable[str],
    language: Language,
    progress: Progress,
    server: ForkServer | None = None,
) -> Path:
    """Execute notebooks on the study in ``folder`` and write ``report.html`` into the folder ``out``.

    The report replaces an older one only when everything went well.

    Raises
    ------
    UnknownNotebookError, UnusableNotebookError
        For a name that is no notebook's, and for a file that is none.
    NotebookError
        For the first notebook in which a cell ends with an error.
    """
    paths = choose(folder, names)
    notebooks = {path.stem: read_notebook(path) for path in paths}
    with staged(out) as stage:  # first, so that a folder that cannot be written to is known before the long part
        for notebook in notebooks.values():
            point_at(notebook, ".")
        try:
            execute(notebooks, folder, language, lambda name: progress.notebook(name, len(notebooks)), server)
        except CellError as failure:
            kept = _failed(out, failure.notebook)
            with staged(out) as kept_stage:
                nbformat.write(notebooks[failure.notebook], kept_stage / kept.name)
            raise NotebookError(failure, kept) from None
        (stage / REPORT).write_text(make_report(study, notebooks, folder, language), encoding="utf-8")
    for name in notebooks:
        _failed(out, name).unlink(missing_ok=True)
    return out / REPORT


def _failed(out: Path, name: str) -> Path:
    return out / f"{name}.failed.ipynb"
