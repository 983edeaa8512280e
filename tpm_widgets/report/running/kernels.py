"""Kernels of the very Python that runs now, for notebooks that are executed side by side."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner

from tpm_widgets.report.running.forking import ForkServer

LONGEST_PATH = 100  # bytes of a socket's path; the number of the channel follows, and systems allow 103 to 107
MEMORY = 500_000_000  # bytes that one kernel may need


def at_once(count: int) -> int:
    """Tell how many of so many kernels may run side by side: one for each core, as far as the memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(count, cores, psutil.virtual_memory().available // MEMORY))


def make_manager(private: Path, server: ForkServer | None) -> AsyncKernelManager:
    """Prepare a kernel that nobody else on the machine can listen to, forked where there is a server.

    Where temporary files lie too deep for a socket, it listens to this machine alone, as kernels usually do.
    """
    # Without folders to search, the specification is made from sys.executable: a kernel named python3 that somebody
    # installed for another environment cannot take its place.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    manager.connection_file = str(private / "connection.json")
    sockets = private / "s"
    if os.name == "posix" and len(os.fsencode(sockets)) <= LONGEST_PATH:  # elsewhere there is only TCP, with a key
        manager.transport, manager.ip = "ipc", str(sockets)
    if server is not None:
        manager.provisioner = Forked(server, parent=manager, kernel_spec=manager.kernel_spec)
    return manager


class Forked(LocalProvisioner):
    """Starts a kernel as a copy of a server that has everything loaded."""

    def __init__(self, server: ForkServer, **options: Any) -> None:
        super().__init__(**options)
        self._server = server

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Fork the kernel; where the server is gone, start it as a process of its own."""
        connection_file = self.parent.connection_file  # type: ignore[union-attr]  # it is the manager
        process = await self._server.fork(connection_file, str(options["cwd"]), options["env"])
        if process is None:
            return await super().launch_kernel(cmd, **options)
        self.process = process  # type: ignore[assignment]  # what is used of Popen, it has
        self.pid = self.pgid = process.pid
        return self.connection_info
