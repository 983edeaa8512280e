"""Values as TOML writes them, so that a line can be pasted into study.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key that TOML takes without quotes


def toml_text(text: object) -> str:
    """Return a text as TOML writes it, in quotes."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Return a key as TOML writes it: in quotes where it has to be."""
    return name if BARE.fullmatch(name) else toml_text(name)


def toml_line(key: str, value: Any, width: int | None = None) -> str:
    """Return one setting as a line; a list that is wider than ``width`` goes over several."""
    return f"{toml_key(key)} = {toml_value(value, width)}"


def toml_value(value: Any, width: int | None = None) -> str:
    """Return a value as TOML writes it; a list that is wider than ``width`` goes over several lines."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(toml_line(key, item) for key, item in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, Iterable):
        parts = [toml_value(item) for item in value]
        whole = f"[{', '.join(parts)}]"
        too_wide = width is not None and len(whole) > width
        return "[\n" + "".join(f"    {part},\n" for part in parts) + "]" if too_wide else whole
    return plain_number(value)


def plain_number(value: float) -> str:
    """Return a number without a ".0"."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
