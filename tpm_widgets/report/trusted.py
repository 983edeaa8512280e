"""Which notebooks of a study may run: those that Jupyter trusts, for a study that somebody sent is data, not code.

Jupyter keeps a signature of each notebook that one has written, saved or trusted oneself (``jupyter trust``). The
notebooks that come with the package need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from nbformat import NotebookNode
from nbformat.sign import NotebookNotary


@contextmanager
def _notary() -> Iterator[NotebookNotary | None]:
    """Give the notary of this user; None where there is no place for its signatures, as without a home."""
    try:
        notary = NotebookNotary()
        _ = notary.secret, notary.store
    except Exception:  # a folder that cannot be written to, a damaged file of signatures: as many as there are ways
        yield None
        return
    with closing(notary.store):
        yield notary


def are_trusted(notebooks: Iterable[NotebookNode]) -> list[bool]:
    """Tell of each notebook whether Jupyter trusts it as it stands."""
    with _notary() as notary:
        return [notary is not None and bool(notary.check_signature(notebook)) for notebook in notebooks]


def sign(notebooks: Iterable[NotebookNode]) -> None:
    """Let Jupyter trust notebooks that were just written."""
    with _notary() as notary:
        if notary is not None:
            for notebook in notebooks:
                notary.sign(notebook)
