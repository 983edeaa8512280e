"""The packages of the steps: each lists the public names that belong to it, as ``__init__.pyi`` names them."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import tpm_widgets as tpm


@cache
def public_names() -> dict[str, str]:
    """Return every public name in the order of the flow, with the module that it comes from."""
    listed = ast.parse(Path(__file__).with_name("__init__.pyi").read_text("utf-8"))
    imports = [statement for statement in listed.body if isinstance(statement, ast.ImportFrom) and statement.module]
    return {alias.name: f"{tpm.__name__}.{statement.module}" for statement in imports for alias in statement.names}


def names_of(step: str) -> list[str]:
    """Return the public names of a step in the order of the flow: its verbs and results, its pictures, its panels."""
    return [name for name, module in public_names().items() if step in module.split(".")[1:3]]


class Step(ModuleType):
    """A package whose ``dir`` and ``help`` are about the public names of its step.

    They are the same as at the top and are taken from there. The rooms of the step are imported by their full names,
    as ever; where a verb is called like its room, the attribute is the verb: ``tpm.as_is.say_do(study)``.
    """

    @property
    def __all__(self) -> list[str]:
        return names_of(self.__name__.rpartition(".")[2])

    def __dir__(self) -> list[str]:
        return self.__all__

    def __getattr__(self, name: str) -> Any:
        if name in self.__all__:
            return getattr(tpm, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Leave out a room that would hide the verb of its name, so that it does not matter what was imported first."""
        if not (isinstance(value, ModuleType) and name in dir(tpm)):
            super().__setattr__(name, value)


def list_public_names(package: str) -> None:
    """Let a package list the public names of its step."""
    sys.modules[package].__class__ = Step
