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
    with TemporaryDirectory(prefix=".tpm-", dir=beside) as temporary:
        stage = Path(temporary) / "stage"
        stage.mkdir()
        yield stage
        if target.is_dir():
            for path in sorted(stage.iterdir()):
                path.replace(target / path.name)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            stage.replace(target)
