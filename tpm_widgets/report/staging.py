"""Files and folders that are there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder to write into; what is in it moves to the folder ``target`` when the block ends well.

    The folder lies where ``target`` is or will be, on the same file system, so that each move is one step. After
    an error or Ctrl-C it is gone, and ``target`` is as it was.
    """
    target = target.absolute()
    beside = next(folder for folder in (target, *target.parents) if folder.is_dir())
    try:
        with TemporaryDirectory(prefix=".tpm-", dir=beside, ignore_cleanup_errors=True) as temporary:
            stage = Path(temporary) / "stage"
            stage.mkdir()
            yield stage
            _move(stage, target)
    except OSError as error:
        if error.filename is None:  # as of a disk that is full while a file is written
            error.filename = str(target)
        raise


def _move(stage: Path, target: Path) -> None:
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            stage.replace(target)
            return
        except OSError:
            if not target.is_dir():
                raise  # else another run has just made the folder
    for path in sorted(stage.iterdir()):
        path.replace(target / path.name)
