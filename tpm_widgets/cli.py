"""The command line: ``tpm new``, ``tpm check``, ``tpm run``, ``tpm lab``."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

import tpm_widgets
from tpm_widgets.errors import DataError, describe
from tpm_widgets.language import current_language, read, say, say_n, set_language
from tpm_widgets.report.absent import WEB_ADDRESSES, seemingly_absent
from tpm_widgets.report.terminal.options import (
    ABOUT,
    CHECK,
    LAB,
    NEW,
    RUN,
    VERSION,
    AllowOutside,
    Cells,
    Files,
    LabFolder,
    NewFolder,
    Notebooks,
    Out,
    SampleName,
    Spoken,
    StudyFolder,
    Trust,
    Written,
)  # fmt: skip
from tpm_widgets.report.terminal.spoken import Command, Commands
from tpm_widgets.report.terminal.telling import (
    UNUSABLE,
    all_or_nothing,
    stop,
    take_any_letter,
    tell,
    tell_of_other_languages,
)  # fmt: skip

if TYPE_CHECKING:  # commands import what they need, so that help and refusals come at once
    from tpm_widgets.study.model import Study

IN_PART = 3  # an exit code: written, but not all of it
# JupyterLab asks pypi.org for a newer version when it starts, its site for news, and pypi.org for extensions.
ASKS_NOBODY = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
)

app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


def main() -> None:
    """Run the command line; the entry point ``tpm``."""
    take_any_letter()
    app(prog_name="tpm")


def _tell_version(asked: bool) -> None:
    if asked:
        tell(f"tpm_widgets {tpm_widgets.__version__}")
        raise typer.Exit


@app.callback(help=ABOUT)
def about(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help=VERSION),
    ] = False,
) -> None:
    """Begin any command."""
    tell_of_other_languages()


@app.command(
    cls=Command,
    help=NEW,
)
def new(
    folder: NewFolder,
    file: Files = None,
    sample: SampleName = None,
    language: Written = None,
) -> None:
    """Start a study's folder."""
    from tpm_widgets.study.samples import Sample

    _speak(language)
    if file and sample is not None:
        raise typer.BadParameter(str(say("Take either --from or --sample.")), param_hint="--sample")
    if sample is not None and sample not in (samples := get_args(Sample)):
        message = say("{name} is no sample; there are {names:all}.", name=sample, names=samples)
        raise typer.BadParameter(str(message), param_hint="--sample")
    with seemingly_absent(WEB_ADDRESSES):
        from tpm_widgets.report.starter import start_study

    with all_or_nothing():
        try:
            proposal = start_study(folder, files=file or (), sample=cast("Sample | None", sample))
        except FileExistsError:
            stop(say("{folder} is not empty. Name a folder that does not exist yet.", folder=folder), UNUSABLE)
        except DataError as error:
            stop(str(error), UNUSABLE)
    settings = folder / "study.toml"
    commands = {name: shlex.join(["tpm", name, str(folder)]) for name in ("check", "lab", "run")}
    if proposal is not None:
        tell(proposal.sentences()[0])
        for sentence in proposal.not_understood:
            tell(f"- {sentence}")
        tell(
            say(
                "What was proposed, with reasons, stands in {file}. Next: {command}",
                file=settings,
                command=commands["check"],
            )
        )
    elif sample is not None:
        tell(say("{folder} holds a sample study and the notebooks.", folder=folder))
        tell(say("Its data are simulated. Your own data: {command}", command="tpm new DIR --from FILE"))
    else:
        tell(say("{folder} holds the notebooks, and no data yet.", folder=folder))
        tell(say("Name your file and its columns in {file}. Next: {command}", file=settings, command=commands["check"]))
    tell(say("To work in them: {command}", command=commands["lab"]))
    tell(say("To make a report: {command}", command=commands["run"]))


def _speak(language: str | None) -> None:
    """Set the language that an option names."""
    if language is None:
        return
    try:
        set_language(language)  # type: ignore[arg-type]  # it refuses what is no language
    except ValueError as refusal:
        raise typer.BadParameter(str(refusal), param_hint="--language") from None


@app.command(
    cls=Command,
    help=CHECK,
)
def check(
    study: StudyFolder,
    cells: Cells = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Name every fault, then what the study answers."""
    from tpm_widgets.study.cells.grouped import told_by_column
    from tpm_widgets.study.check import check_study

    found = check_study(study, allow_outside=allow_outside)
    for loud in found.loud:
        tell(loud)
    every = [describe(fault) for _, fault in found.table.iterrows()] if cells else told_by_column(found.by_column)
    for line in every:
        tell(line)
    if not cells and len(found.by_column) < len(found.table):
        tell(say("Every cell by itself: {command}", command=shlex.join(["tpm", "check", "--cells", str(study)])))
    for caveat in found.caveats:
        tell(caveat)
    tell(read(found.sentences()[len(found.loud) :]))
    if found.study is not None:
        from tpm_widgets.report.questions import study_questions

        answers = study_questions(found.study)
        tell(f"\n{answers.summary()}")
        for line in answers.lines():
            tell(line)
    raise typer.Exit(found.exit_code)


@app.command(
    cls=Command,
    help=RUN,
)
def run(
    study: StudyFolder,
    out: Out = None,
    notebook: Notebooks = None,
    language: Spoken = None,
    trust: Trust = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Write the report."""
    from tpm_widgets.report.place import usual_place
    from tpm_widgets.report.running.forking import fork_server
    from tpm_widgets.study.cells.faults import loud_sentences
    from tpm_widgets.study.load import SETTINGS
    from tpm_widgets.study.reading.place import is_file
    from tpm_widgets.study.reading.snapshot import environment_of, take_snapshot

    _speak(language)
    if out is None:
        try:
            out = usual_place(study)
        except FileExistsError as there:
            message = say("{path} is not a report of this program. Name another folder.", path=there)
            raise typer.BadParameter(str(message), param_hint="--out") from None
    if is_file(out):
        raise typer.BadParameter(str(say("{path} is a file, not a folder.", path=out)), param_hint="--out")
    with (
        all_or_nothing(),
        fork_server() as server,  # at once: it loads while the study is read
        TemporaryDirectory(prefix="tpm-", dir=None if server is None else server.folder) as copy,
    ):
        take_snapshot(study / SETTINGS, Path(copy))  # whoever goes on working in the files disturbs nothing
        loaded = _load(study, Path(copy), allow_outside=allow_outside)
        for loud in (*loaded.doubts, *loud_sentences(loaded.losses)):
            tell(loud, err=True)
        if count := len(loaded.problems):
            faults = say_n("{count} fault in the data is left out", "{count} faults in the data are left out", count)
            command = shlex.join(["tpm", "check", str(study)])
            tell(say("{faults}; named by: {command}", faults=faults, command=command), err=True)
        with seemingly_absent(WEB_ADDRESSES):
            from tpm_widgets.report.notebooks import UnknownNotebookError, UnusableNotebookError, told_untrusted
            from tpm_widgets.report.progress import Progress
            from tpm_widgets.report.run import run_study

        try:
            written = run_study(
                loaded,
                study,
                out,
                notebook or [],
                current_language(),
                Progress(sys.stderr),
                server,
                trust=trust,
                allow_outside=allow_outside,
                environment=environment_of(study, Path(copy)),
            )
        except UnknownNotebookError as unknown:
            raise typer.BadParameter(str(unknown), param_hint="--notebook") from None
        except UnusableNotebookError as fault:
            stop(str(fault), UNUSABLE)
    if written.untrusted:
        tell(told_untrusted(written.untrusted), err=True)
    for failure in written.failures:
        if failure.rests_on is None:
            tell(failure.sentence(), err=True)
    tell(say("The report is {path}: open it in a browser.", path=written.report))
    if written.failures:
        said = say("It says where a part failed; all else is written. With the error: {kept:all}.", kept=written.kept)
        stop(said, IN_PART)


@app.command(
    cls=Command,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help=LAB,
)
def lab(
    context: typer.Context,
    folder: LabFolder = Path(),
) -> None:
    """Open JupyterLab."""
    from jupyterlab.labapp import main as open_lab

    from tpm_widgets.threads import kernel_environment

    os.environ.update(kernel_environment(os.environ))
    open_lab([str(folder), *ASKS_NOBODY, *context.args])


def _load(study: Path, copy: Path, *, allow_outside: bool) -> Study:
    """Load a study as it was copied, or end with every reason why it cannot be used."""
    from tpm_widgets.study.load import SETTINGS, load_copied

    try:
        return load_copied(study / SETTINGS, copy, allow_outside=allow_outside)
    except DataError as error:
        stop(str(error), UNUSABLE)
