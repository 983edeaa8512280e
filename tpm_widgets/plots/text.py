"""How wide words are, and where their lines break: measured, so that nothing is cut off and nothing overlaps."""

from __future__ import annotations

import re
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from tpm_widgets.plots.letters import families_for


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line in points."""
    return _width_of_one_point(text, weight) * size if text else 0.0


@lru_cache(maxsize=4096)
def _width_of_one_point(text: str, weight: str) -> float:
    """Return the width of letters of one point; without hinting, those of any size are as many times as wide."""
    families = families_for(text)
    letters = FontProperties(family=list(families) if families else None, size=1, weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(text, letters, ismath=False)
    return float(width)


def wrap_to(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Break a text into lines of at most ``width`` points; a longer word breaks after a hyphen, or else anywhere."""
    lines = [""]
    for word in re.split(r"[ \n]+", text):  # a no-break space keeps "n = 12" and "14,2 %" together
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size, weight) <= width:
            lines[-1] = joined
            continue
        pieces = [word] if text_width(word, size, weight) <= width else _pieces(word, width, size, weight)
        lines += pieces if lines[-1] else []
        if not lines[0]:
            lines = pieces
    return "\n".join(lines)


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    """Cut one long word: after hyphens and slashes where that is enough, otherwise where the line is full."""
    pieces = [""]
    for part in re.findall(r"[^-/–]*[-/–]|[^-/–]+", word):
        if text_width(pieces[-1] + part, size, weight) <= width:
            pieces[-1] += part
            continue
        if pieces[-1]:
            pieces.append("")
        for letter in part:
            if pieces[-1] and text_width(pieces[-1] + letter + "-", size, weight) > width:
                pieces[-1] += "-"
                pieces.append("")
            pieces[-1] += letter
    return pieces


def wrap_names(names: list[str], size: float, widest: float) -> list[str]:
    """Break names into as few lines as ``widest`` points allow, and then as narrow as that many lines allow."""
    lines = max((wrap_to(name, widest, size).count("\n") for name in names), default=0)
    for width in range(90, int(widest), 15):
        wrapped = [wrap_to(name, width, size) for name in names]
        if all(name.count("\n") <= lines for name in wrapped):
            return wrapped
    return [wrap_to(name, widest, size) for name in names]
