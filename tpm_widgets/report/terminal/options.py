"""The arguments and options of the commands, with what their help says: templates, put into words by ``Commands``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from tpm_widgets.language import say
from tpm_widgets.report.terminal.telling import shorten

ABOUT = say("Manage customer touchpoints: check a study, run its notebooks, leave a report behind.").template
NEW = say(
    "Start a study: the notebooks, and a study.toml for your own file, for a sample, or to be filled in."
).template
CHECK = say(
    "Name every fault in a study's data. Then the questions of the notebooks: answered, in part, or not.\n\n"
    "Exit code: 0 clean, 1 faulty cells, 2 unusable."
).template
RUN = say(
    "Execute the notebooks on a study and write them as one HTML report that needs no network.\n\n"
    "Exit code: 0 whole, 2 unusable data, 3 written, but a part of it failed and says so."
).template
LAB = say("Open JupyterLab in a folder. Options of JupyterLab may follow, as in: tpm lab DIR --port=8889.").template
VERSION = say("Tell the version and end.").template


def _study_folder(given: Path) -> Path:
    """Return the folder of a study that was named by its folder, by its study.toml or by a sample's name."""
    from tpm_widgets.study.samples import Sample, sample_folder

    with suppress(OSError, ValueError):  # a name that no file can have
        if given.is_dir():
            return given
        if given.is_file():
            return given.parent
    if str(given) in (samples := get_args(Sample)):
        return sample_folder(cast("Sample", str(given)))
    name = shorten(given)
    message = say("{name} is no folder and no sample; the samples: {names:list}.", name=name, names=samples)
    raise typer.BadParameter(str(message))


StudyFolder = Annotated[
    Path,
    typer.Argument(
        metavar="STUDY",
        callback=_study_folder,
        help=say("The study's folder, with its study.toml; or a sample: insurer, hotels, software.").template,
    ),
]


AllowOutside = Annotated[
    bool, typer.Option("--allow-outside", help=say("Let study.toml name files outside of its own folder.").template)
]

NewFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help=say("A folder that does not exist yet, or is empty.").template)
]

Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--from",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help=say(
            "An export, as it is: it is copied and understood. One for each wave or country: several times."
        ).template,
    ),
]

SampleName = Annotated[
    str | None, typer.Option(metavar="NAME", help=say("A simulated study: insurer, hotels or software.").template)
]

Written = Annotated[str | None, typer.Option(metavar="[en|de]", help=say("The language of what is written.").template)]

Cells = Annotated[
    bool, typer.Option("--cells", help=say("Name every faulty cell, not one line for each kind.").template)
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help=say("The folder for report.html; else “report” in the study's, or here for a sample.").template,
    ),
]

Notebooks = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help=say("Only this notebook; may be given several times.").template),
]

Spoken = Annotated[str | None, typer.Option(metavar="[en|de]", help=say("The report's language.").template)]

Trust = Annotated[
    bool,
    typer.Option(
        "--trust", help=say("Run the study's own notebooks, also those that Jupyter does not trust.").template
    ),
]

LabFolder = Annotated[
    Path, typer.Argument(metavar="[DIR]", exists=True, file_okay=False, help=say("The folder to open.").template)
]
