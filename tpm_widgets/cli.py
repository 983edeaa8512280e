"""The command line: ``tpm new``, ``tpm check``, ``tpm run``, ``tpm lab``."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast, get_args

import typer

import tpm_widgets
from tpm_widgets.errors import DataError, describe
from tpm_widgets.language import current_language, read, say, say_n, set_language
from tpm_widgets.report.absent import WEB_ADDRESSES, seemingly_absent

if TYPE_CHECKING:  # commands import what they need, so that help and refusals come at once
    from tpm_widgets.study.model import Study

UNUSABLE, IN_PART, INTERRUPTED = 2, 3, 130

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _study_folder(given: Path) -> Path:
    """Return the folder of a study that was named by its folder, by its study.toml or by a sample's name."""
    from tpm_widgets.study.samples import Sample, sample_folder

    if given.is_dir():
        return given
    if given.is_file():
        return given.parent
    if str(given) in (samples := get_args(Sample)):
        return sample_folder(cast("Sample", str(given)))
    message = say("{name} is no folder and no sample; the samples: {names:list}.", name=given, names=samples)
    raise typer.BadParameter(str(message))


StudyFolder = Annotated[
    Path,
    typer.Argument(
        metavar="STUDY",
        callback=_study_folder,
        help="The study's folder, with its study.toml; or a sample: insurer, hotels, software.",
    ),
]


def main() -> None:
    """Run the command line; the entry point ``tpm``."""
    app(prog_name="tpm")


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tpm_widgets {tpm_widgets.__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version and end.")
    ] = False,
) -> None:
    """Manage customer touchpoints: check a study, run its notebooks, leave a report behind."""


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="An export, as it is: it is copied and understood.",
        ),
    ] = None,
    sample: Annotated[
        str | None, typer.Option(metavar="NAME", help="A simulated study: insurer, hotels or software.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="[en|de]", help="The language of what is written.")] = None,
) -> None:
    """Start a study: the notebooks, and a study.toml for your own file, for a sample, or to be filled in."""
    from tpm_widgets.study.samples import Sample

    _speak(language)
    if file is not None and sample is not None:
        raise typer.BadParameter(str(say("Take either --from or --sample.")), param_hint="--sample")
    if sample is not None and sample not in (samples := get_args(Sample)):
        message = say("{name} is no sample; there are {names:all}.", name=sample, names=samples)
        raise typer.BadParameter(str(message), param_hint="--sample")
    with seemingly_absent(WEB_ADDRESSES):
        from tpm_widgets.report.starter import start_study

    with _all_or_nothing():
        try:
            proposal = start_study(folder, file=file, sample=cast("Sample | None", sample))
        except FileExistsError:
            _stop(say("{folder} is not empty. Name a folder that does not exist yet.", folder=folder), UNUSABLE)
        except DataError as error:
            _stop(str(error), UNUSABLE)
    settings = folder / "study.toml"
    commands = {name: shlex.join(["tpm", name, str(folder)]) for name in ("check", "lab", "run")}
    if proposal is not None:
        typer.echo(proposal.sentences()[0])
        for sentence in proposal.not_understood:
            typer.echo(f"- {sentence}")
        typer.echo(
            say(
                "What was proposed, with reasons, stands in {file}. Next: {command}",
                file=settings,
                command=commands["check"],
            )
        )
    elif sample is not None:
        typer.echo(say("{folder} holds a sample study and the notebooks.", folder=folder))
        typer.echo(say("Its data are simulated. Your own data: {command}", command="tpm new DIR --from FILE"))
    else:
        typer.echo(say("{folder} holds the notebooks, and no data yet.", folder=folder))
        typer.echo(
            say("Name your file and its columns in {file}. Next: {command}", file=settings, command=commands["check"])
        )
    typer.echo(say("To work in them: {command}", command=commands["lab"]))
    typer.echo(say("To make a report: {command}", command=commands["run"]))


def _speak(language: str | None) -> None:
    """Set the language that an option names."""
    if language is None:
        return
    try:
        set_language(language)  # type: ignore[arg-type]  # it refuses what is no language
    except ValueError as refusal:
        raise typer.BadParameter(str(refusal), param_hint="--language") from None


@app.command()
def check(
    study: StudyFolder,
    cells: Annotated[bool, typer.Option("--cells", help="Name every faulty cell, not one line for each kind.")] = False,
) -> None:
    """Name every fault in a study's data. Then the questions of the notebooks: answered, in part, or not.

    Exit code: 0 clean, 1 faulty cells, 2 unusable.
    """
    from tpm_widgets.study.cells.grouped import told_by_column
    from tpm_widgets.study.check import check_study

    found = check_study(study)
    for loud in found.loud:
        typer.echo(loud)
    every = [describe(fault) for _, fault in found.table.iterrows()] if cells else told_by_column(found.by_column)
    for line in every:
        typer.echo(line)
    if not cells and len(found.by_column) < len(found.table):
        typer.echo(say("Every cell by itself: {command}", command=shlex.join(["tpm", "check", "--cells", str(study)])))
    for caveat in found.caveats:
        typer.echo(caveat)
    typer.echo(read(found.sentences()[len(found.loud) :]))
    if found.study is not None:
        from tpm_widgets.report.questions import study_questions

        answers = study_questions(found.study)
        typer.echo(f"\n{answers.summary()}")
        for line in answers.lines():
            typer.echo(line)
    raise typer.Exit(found.exit_code)


@app.command()
def run(
    study: StudyFolder,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="The folder for report.html; else “report” in the study's, or here for a sample.",
        ),
    ] = None,
    notebook: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this notebook; may be given several times.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="[en|de]", help="The report's language.")] = None,
) -> None:
    """Execute the notebooks on a study and write them as one HTML report that needs no network.

    Exit code: 0 whole, 2 unusable data, 3 written, but a part of it failed and says so.
    """
    from tpm_widgets.report.forking import fork_server
    from tpm_widgets.report.place import usual_place
    from tpm_widgets.study.cells.faults import loud_sentences

    _speak(language)
    if out is None:
        try:
            out = usual_place(study)
        except FileExistsError as there:
            message = say("{path} is not a report of this program. Name another folder.", path=there)
            raise typer.BadParameter(str(message), param_hint="--out") from None
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(str(say("{path} is a file, not a folder.", path=out)), param_hint="--out")
    with fork_server() as server, _all_or_nothing():  # at once: it loads while the study is read
        loaded = _load(study)
        for loud in loud_sentences(loaded.losses):
            typer.echo(loud, err=True)
        if count := len(loaded.problems):
            faults = say_n("{count} fault in the data is left out", "{count} faults in the data are left out", count)
            command = shlex.join(["tpm", "check", str(study)])
            typer.echo(say("{faults}; named by: {command}", faults=faults, command=command), err=True)
        with seemingly_absent(WEB_ADDRESSES):
            from tpm_widgets.report.notebooks import UnknownNotebookError, UnusableNotebookError
            from tpm_widgets.report.progress import Progress
            from tpm_widgets.report.run import run_study

        try:
            written = run_study(loaded, study, out, notebook or [], current_language(), Progress(sys.stderr), server)
        except UnknownNotebookError as unknown:
            raise typer.BadParameter(str(unknown), param_hint="--notebook") from None
        except UnusableNotebookError as fault:
            _stop(str(fault), UNUSABLE)
    for failure in written.failures:
        if failure.rests_on is None:
            typer.echo(failure.sentence(), err=True)
    typer.echo(say("The report is {path}: open it in a browser.", path=written.report))
    if written.failures:
        said = say("It says where a part failed; all else is written. With the error: {kept:all}.", kept=written.kept)
        _stop(said, IN_PART)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", exists=True, file_okay=False, help="The folder to open.")
    ] = Path(),
) -> None:
    """Open JupyterLab in a folder. Options of JupyterLab may follow, as in: tpm lab DIR --port=8889."""
    from jupyterlab.labapp import main as open_lab

    from tpm_widgets.threads import kernel_environment

    os.environ.update(kernel_environment(os.environ))
    open_lab([str(folder), *context.args])


def _load(study: Path) -> Study:
    """Load a study, or end with every reason why it cannot be used."""
    from tpm_widgets.study.load import load_study

    try:
        return load_study(study)
    except DataError as error:
        _stop(str(error), UNUSABLE)


def _stop(message: object, code: int) -> NoReturn:
    typer.echo(str(message), err=True)
    raise typer.Exit(code)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """End a command that writes in one sentence when it is interrupted, or when there is no room or no permission."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        _stop(say("Interrupted. Nothing was written."), INTERRUPTED)
    except OSError as error:
        _stop(say("Nothing was written: {path}: {reason}", path=error.filename or "", reason=error.strerror), UNUSABLE)
    finally:
        signal.signal(signal.SIGTERM, earlier)
