"""Which notebooks are run on a study, and how each of them is pointed at it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError

from tpm_widgets.language import Sentence, say

PACKAGE = Path(__file__).resolve().parents[1]
PARAMETERS = "parameters"
OF_THE_SAMPLE = "sample"  # the tag of a cell that speaks of the sample study, or to those who learn with it
FAILED = ".failed"  # what a notebook is called that is kept with its error: name.failed.ipynb


class UnknownNotebookError(LookupError):
    """A name that is no notebook's."""


class UnusableNotebookError(ValueError):
    """A file that is no notebook, or one whose parameters cannot be set."""


class UntrustedNotebookError(UnusableNotebookError):
    """A notebook that was asked for by name, and that Jupyter does not trust."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The notebooks to run, in order, and the names of those of the study that Jupyter does not trust."""

    paths: tuple[Path, ...]
    untrusted: tuple[str, ...] = ()


def shipped() -> Path:
    """Find the notebooks' folder: a checkout (or an editable install) has its own, an installed package a copy."""
    checkout = PACKAGE.parent
    return checkout / "notebooks" if (checkout / "pyproject.toml").exists() else PACKAGE / "bundled" / "notebooks"


def all_shipped() -> list[Path]:
    """Every notebook that comes with the package: the five of the flow first, then those in subfolders."""
    folder = shipped()
    found = sorted(folder.rglob("*.ipynb"), key=lambda path: (len(path.relative_to(folder).parts), path))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def choose(study_folder: Path, names: Iterable[str] = (), *, trust: bool = False) -> Chosen:
    """Choose the notebooks to run on a study.

    Without names: the five of the flow (the study's own copy wins over the shipped one), then whatever else lies
    in the study's folder, by name. With names, with or without the ending: those, of these and of all shipped ones.
    A notebook of the study runs where Jupyter trusts it, or all do with ``trust``.
    """
    top = shipped()
    own = {path.stem: path for path in sorted(study_folder.glob("*.ipynb")) if not path.stem.endswith(FAILED)}
    untrusted = [] if trust or study_folder.resolve() == top.resolve() else _untrusted(own)
    own = {name: path for name, path in own.items() if name not in untrusted}
    flow = {path.stem: own.get(path.stem, path) for path in all_shipped() if path.parent == top}
    planned = flow | {name: path for name, path in own.items() if name not in flow}
    if not (wanted := [name.removesuffix(".ipynb") for name in names]):
        return Chosen(tuple(planned.values()), tuple(untrusted))
    known = planned | {path.stem: path for path in all_shipped() if path.stem not in planned}
    if refused := [name for name in wanted if name in untrusted]:
        raise UntrustedNotebookError(str(say("{untrusted} Nothing was run.", untrusted=told_untrusted(refused))))
    if unknown := [name for name in wanted if name not in known]:
        listed = tuple(known)
        raise UnknownNotebookError(
            str(say("{name} is no notebook; there are {listed:all}.", name=unknown[0], listed=listed))
        )
    return Chosen(tuple(known[name] for name in wanted))


def told_untrusted(names: Iterable[str]) -> Sentence:
    """Say which notebooks were left out because Jupyter does not trust them, and what makes it."""
    listed = tuple(f"{name}.ipynb" for name in names)
    return say(
        "Not run, as Jupyter does not trust what somebody else wrote: {listed:all}. Look into them; then run "
        "“jupyter trust” on each, or add --trust.",
        listed=listed,
    )


def _untrusted(own: Mapping[str, Path]) -> list[str]:
    if not own:
        return []
    from tpm_widgets.report.trusted import are_trusted

    trusted = are_trusted(map(read_notebook, own.values()))
    return [name for name, is_trusted in zip(own, trusted, strict=True) if not is_trusted]


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook in the current format, as it stands."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, ValidationError, LookupError, TypeError, AttributeError):  # as many as there are ways
        message = say("{file} is not a notebook. Repair it, or take it out of the folder.", file=path.name)
        raise UnusableNotebookError(str(message)) from None


def point_at(notebook: NotebookNode, study_folder: str, *, allow_outside: bool = False) -> None:
    """Make the notebook's ``parameters`` cell load the study in ``study_folder``; take out what is of the sample."""
    notebook.cells = [cell for cell in notebook.cells if OF_THE_SAMPLE not in cell.metadata.get("tags", ())]
    for cell in notebook.cells:
        if cell.cell_type == "code" and PARAMETERS in cell.metadata.get("tags", ()):
            options = ", allow_outside=True" if allow_outside else ""
            cell.source = _load_instead(cell.source, f'tpm.load_study("{study_folder}"{options})')


def without_outputs(notebook: NotebookNode) -> None:
    """Take away what the cells of a notebook showed before."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def _load_instead(source: str, call: str) -> str:
    """Replace the statement ``study = …`` of a piece of code."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        message = say(
            "The parameters cell is not plain Python, so it cannot be given another study: {source}", source=source
        )
        raise UnusableNotebookError(str(message)) from None
    lines = source.splitlines()
    for statement in reversed(statements):
        if isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == ["study"]:
            lines[statement.lineno - 1 : statement.end_lineno] = [f"study = {call}"]
    return "\n".join(lines)


def title_of(notebook: NotebookNode, default: str) -> str:
    """Return the text of the notebook's first H1."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return line.removeprefix("# ").strip()
    return default
