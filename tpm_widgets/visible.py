"""Signs that are obeyed instead of read, such as those that clear a terminal or turn a line round, made visible."""

from __future__ import annotations

import re

# Control characters but the tab and the line break, and those that change the direction of the text after them.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Return a text with every such sign written out.

    >>> print(visible("\x1b[2Jfine\u202e"))
    \x1b[2Jfine\u202e
    """
    return OBEYED.sub(_written, text)


def _written(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
