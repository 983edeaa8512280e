"""Libraries that others import where they are installed, kept away where they only cost time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Jupyter's checker of notebooks builds 38 grammars of international web addresses with it, which takes longer than all
# its other imports together; no notebook is checked by any of them.
WEB_ADDRESSES = "rfc3987_syntax"


@contextmanager
def seemingly_absent(library: str) -> Iterator[None]:
    """Let imports of a library fail, for those who can do without; what is loaded already stays."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]  # as the documentation of import has it
    try:
        yield
    finally:
        del sys.modules[library]
