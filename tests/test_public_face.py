"""The public face: every public name with its parameters and, of a class, what it has to read and call.

Scripts and notebooks of others rely on it. After a change that is meant: ``python tests/test_public_face.py`` writes
``public_face.txt`` anew, and its difference shows what was changed.
"""

import inspect
from dataclasses import is_dataclass
from pathlib import Path

import tpm_widgets as tpm
from docs.reference import parameters

KEPT = Path(__file__).with_name("public_face.txt")


def members(kind):
    """What a class of this package, or one above it, has under a public name."""
    own = [above for above in kind.__mro__ if above.__module__.startswith("tpm_widgets")]
    return sorted({name for above in own for name in vars(above) if not name.startswith("_")})


def public_face():
    lines = []
    for name in sorted(tpm.__all__):
        public = getattr(tpm, name)
        called = not (is_dataclass(public) or inspect.ismodule(public))  # results are made by verbs
        lines.append(f"{name}{parameters(public)}" if called else name)
        if inspect.isclass(public):
            lines += [f"    .{member}" for member in members(public)]
    return lines


def test_the_public_face_is_as_it_was():
    assert public_face() == KEPT.read_text("utf-8").splitlines()


if __name__ == "__main__":
    KEPT.write_text("\n".join(public_face()) + "\n", "utf-8")
