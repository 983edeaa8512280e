"""Files that lie beside another one and begin with the same names of columns: those of other waves, or countries."""

from __future__ import annotations

from pathlib import Path

TEXTS = (".csv", ".txt", ".tsv", ".tab")
BEGINNING = 65_536  # bytes in which the names of the columns stand
MOST = 200  # files of a folder that are looked at
FEWEST = 3  # names: fewer are the same by chance


def alike_beside(file: Path) -> list[str]:
    """Name the text files of the same folder whose first line is that of a file, word for word."""
    if file.suffix.lower() not in TEXTS:
        return []
    own = _first_line(file)
    if sum(own.count(sign) for sign in (b",", b";", b"\t", b"|")) < FEWEST - 1:
        return []
    try:
        others = sorted(path for path in file.parent.iterdir() if path.suffix.lower() in TEXTS)
    except OSError:
        return []
    return [path.name for path in others[:MOST] if path.name != file.name and _first_line(path) == own]


def _first_line(file: Path) -> bytes:
    """Return the first line of a file without its mark; nothing of a link, which may lead anywhere."""
    try:
        if file.is_symlink() or not file.is_file():
            return b""
        with file.open("rb") as content:
            return content.read(BEGINNING).removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].strip()
    except (OSError, ValueError):
        return b""
