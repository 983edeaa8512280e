"""Where a study's files may lie: in its own folder. A study that somebody sent must not read what lies beside it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.toml import toml_text

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")  # https://, file:/, and a drive of Windows


def lies_outside(name: str, folder: Path) -> bool:
    """Tell whether a name leads out of a folder: absolute, by "..", by a link, or as an address."""
    ways = PurePosixPath(name), PureWindowsPath(name)
    if ADDRESS.match(name) or any(way.anchor or ".." in way.parts for way in ways):
        return True
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # too long, a link to itself, or with signs that no name has
        return False


def is_file(path: Path) -> bool:
    """Tell whether a file is there; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def nearest_file(path: Path) -> Sentence:
    """Say which file of the same folder may have been meant."""
    try:
        names = sorted(file.name for file in path.parent.glob("*.*"))
    except (OSError, ValueError):
        names = []
    near = get_close_matches(path.name, names, n=1)
    return say("Did you mean {file}?", file=toml_text(near[0])) if near else say("Put it there, or correct the name.")
