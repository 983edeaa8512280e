"""A notebook executed in a kernel of the very Python that runs now."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from tpm_widgets.language import Language, say
from tpm_widgets.threads import kernel_environment


class CellError(Exception):
    """A cell that ended with an error; the notebook keeps what ran before it, and the error."""

    def __init__(self, number: int, source: str, error: str) -> None:
        self.number = number
        self.first_line = source.strip().split("\n", 1)[0]
        self.error = error
        super().__init__(f"cell {number} ({self.first_line}): {error}")


def execute(
    notebook: NotebookNode, folder: Path, language: Language, progress: Callable[[int, int], None] = lambda *_: None
) -> None:
    """Run every cell of a notebook in ``folder`` and keep the outputs in it.

    ``progress(number, count)`` is called before each code cell. The kernel ends with the call, also when it is
    interrupted.
    """
    with TemporaryDirectory(prefix="tpm-") as private:
        _execute(notebook, folder, language, progress, _manager(Path(private)))


def _manager(private: Path) -> AsyncKernelManager:
    """Prepare a kernel of this Python that nobody else on the machine can listen to."""
    # Without folders to search, the specification is made from sys.executable: a kernel named python3 that somebody
    # installed for another environment cannot take its place.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    manager.connection_file = str(private / "connection.json")
    if os.name == "posix":  # elsewhere there is only TCP
        manager.transport, manager.ip = "ipc", str(private / "socket")
    return manager


def _execute(
    notebook: NotebookNode,
    folder: Path,
    language: Language,
    progress: Callable[[int, int], None],
    manager: AsyncKernelManager,
) -> None:
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=None,
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
        store_widget_state=False,
    )
    code = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source]
    # Cell by cell instead of client.execute(), which turns Ctrl-C into the death of its kernel.
    with client.setup_kernel(cleanup_kc=True, env={**kernel_environment(os.environ), "TPM_LANGUAGE": language}):
        for number, (index, cell) in enumerate(code, start=1):
            progress(number, len(code))
            try:
                client.execute_cell(cell, index)
            except CellExecutionError as failure:
                raise CellError(number, cell.source, f"{failure.ename}: {failure.evalue}") from None
            except DeadKernelError:
                died = say("the kernel died, perhaps for want of memory")
                raise CellError(number, cell.source, died.text(language)) from None
