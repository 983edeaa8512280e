"""The files of a study as they were at one moment: what a run rests on while somebody goes on working in them."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tpm_widgets.study.reading.place import is_file, lies_outside

FOLDER, COPY = "TPM_STUDY", "TPM_STUDY_COPY"  # of a kernel: the folder that is read, and what is read in its place


def take_snapshot(settings: Path, copy: Path) -> None:
    """Copy study.toml and the files that it names into a folder.

    What it names in vain, or outside of its folder, stays where it is.
    """
    folder = settings.absolute().parent
    for name in (settings.name, *_named(settings)):
        if not lies_outside(name, folder) and is_file(folder / name):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, copy / name)


def _named(settings: Path) -> Iterator[str]:
    try:
        sections: Mapping[str, Any] = tomllib.loads(settings.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):  # told of where it is read
        return
    for section in sections.values():
        if isinstance(section, Mapping):
            files = section.get("file")
            yield from (
                file for file in (files if isinstance(files, list) else [files]) if isinstance(file, str) and file
            )


def environment_of(folder: Path, copy: Path) -> dict[str, str]:
    """Return what makes another process read the copy wherever it asks for the folder."""
    return {FOLDER: str(folder.resolve()), COPY: str(copy)}


def copy_of(folder: Path) -> Path | None:
    """Return the copy to read in a folder's place, in a run; None anywhere else."""
    known, copy = os.environ.get(FOLDER), os.environ.get(COPY)
    return Path(copy) if known and copy and str(folder.resolve()) == known else None


def as_copied(folder: Path, name: str, copy: Path | None) -> Path:
    """Return where a file is read: in the copy, if it was copied."""
    return copy / name if copy is not None and is_file(copy / name) else folder / name
