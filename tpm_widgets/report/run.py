"""All notebooks of a study executed, and their report written at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tpm_widgets.language import Language
from tpm_widgets.report.failures import Failure
from tpm_widgets.report.notebooks import FAILED, choose, point_at, read_notebook, without_outputs
from tpm_widgets.report.page import make_report
from tpm_widgets.report.place import REPORT
from tpm_widgets.report.progress import Progress
from tpm_widgets.report.running.execute import execute
from tpm_widgets.report.running.forking import ForkServer
from tpm_widgets.report.staging import staged
from tpm_widgets.study.check import FOR_OTHERS
from tpm_widgets.study.model import Study


@dataclass(frozen=True, slots=True)
class Written:
    """A report, the cells that failed, and the notebooks in which each of those stands with its error."""

    report: Path
    failures: tuple[Failure, ...] = ()
    kept: tuple[Path, ...] = ()
    untrusted: tuple[str, ...] = ()  # notebooks of the study that were not run


def run_study(
    study: Study,
    folder: Path,
    out: Path,
    names: Iterable[str],
    language: Language,
    progress: Progress,
    server: ForkServer | None = None,
    *,
    trust: bool = False,
    allow_outside: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Written:
    """Execute notebooks on the study in ``folder`` and write ``report.html`` into the folder ``out``.

    A cell that fails costs its own part: the report has a sentence there, and the whole notebook with the error is
    kept beside it, for whoever mends it.

    Raises
    ------
    UnknownNotebookError, UnusableNotebookError, UntrustedNotebookError
        For a name that is no notebook's, for a file that is none, and for one that must not run.
    """
    chosen = choose(folder, names, trust=trust)
    notebooks = {path.stem: read_notebook(path) for path in chosen.paths}
    with staged(out) as stage:  # first, so that a folder that cannot be written to is known before the long part
        if server is not None:
            server.clear_afterwards(stage.parent)
        for notebook in notebooks.values():
            point_at(notebook, ".", allow_outside=allow_outside)
            without_outputs(notebook)  # what another study showed must not stay where a cell is not reached
        failures = execute(
            notebooks,
            folder,
            language,
            lambda name: progress.notebook(name, len(notebooks)),
            server,
            {**(environment or {}), FOR_OTHERS: "1"},
        )
        kept = tuple(dict.fromkeys(_failed(out, failure.notebook) for failure in failures))
        for name, notebook in notebooks.items():
            if _failed(out, name) in kept:
                nbformat.write(notebook, stage / _failed(out, name).name)
        page = make_report(study, notebooks, folder, language, failures)
        (stage / REPORT).write_text(page, encoding="utf-8")
    for name in notebooks:
        if (older := _failed(out, name)) not in kept:
            older.unlink(missing_ok=True)
    return Written(out / REPORT, tuple(failures), kept, chosen.untrusted)


def _failed(out: Path, name: str) -> Path:
    return out / f"{name}{FAILED}.ipynb"
