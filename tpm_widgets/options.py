"""Options of verbs: one of the words that a ``Literal`` type lists."""

from __future__ import annotations

from typing import Any, get_args


def check_option(name: str, value: object, allowed: Any) -> None:
    """Refuse a value that the ``Literal`` type ``allowed`` does not list; the message names all that it lists."""
    options = get_args(allowed)
    if value not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name} must be one of {listed}; got {value!r}.")
