"""Letters that the usual font lacks, as those of Japanese names: drawn in another font of the machine that has them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

from tpm_widgets.language import Sentence, say

USUAL = "DejaVu Sans"
BOXES = "Last Resort High-Efficiency"  # matplotlib's own: a box for any letter, and no warning
LATIN = 0x24F  # letters up to this one are in the usual font
# What systems bring for other scripts; asked first, for a machine may have hundreds of fonts.
OFTEN = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR",
    "Source Han Sans", "IPAexGothic", "IPAGothic", "TakaoGothic", "VL Gothic", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "Hiragino Sans", "Yu Gothic", "Meiryo", "MS Gothic", "PingFang SC",
    "Microsoft YaHei", "SimHei", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic", "Noto Sans Thai",
    "Noto Sans Devanagari", "Noto Sans", "Arial Unicode MS",
)  # fmt: skip
NO_LETTERS = ("Last Resort", "STIXSize", "cm", "DejaVu Math")  # fonts of signs, and those of boxes


def _is_news(record: logging.LogRecord) -> bool:
    """Keep what matplotlib says of fonts, but for that one of them has no bold letters, which is no news."""
    return not record.getMessage().startswith("findfont: Failed to find font weight")


logging.getLogger("matplotlib.font_manager").addFilter(_is_news)


def families_for(text: str) -> tuple[str, ...]:
    """Return the fonts that a text needs, one letter falling back to the next; none where the usual one has all."""
    missing = _missing(text)
    if not missing:
        return ()
    found = dict.fromkeys(family for letter in missing if (family := _family_with(letter)) is not None)
    return (USUAL, *found, *([BOXES] if BOXES in _paths() else []))


def take_letters(ax: Axes) -> None:
    """Give every word of axes, and the names at their ticks, the fonts that have its letters."""
    for text in ax.findobj(Text):
        if isinstance(text, Text) and (families := families_for(text.get_text())):
            text.set_fontfamily(list(families))
    for axis in (ax.xaxis, ax.yaxis):
        if families := families_for(_at_ticks(axis)):
            axis.set_tick_params(labelfontfamily=list(families))


def lacking_letters(panels: Iterable[Axes]) -> tuple[Sentence, ...]:
    """Say where no font of this machine has some of the letters."""
    words = "".join(
        part
        for ax in panels
        for part in (
            *(text.get_text() for text in ax.findobj(Text) if isinstance(text, Text)),
            *(_at_ticks(axis) for axis in (ax.xaxis, ax.yaxis)),
        )
    )
    if all(_family_with(letter) is not None for letter in _missing(words)):
        return ()
    return (
        say(
            "Some letters are in no font of this machine: boxes stand in their place. Install one that has them, such "
            "as Noto Sans CJK."
        ),
    )


def _at_ticks(axis: object) -> str:
    formatter = axis.get_major_formatter()  # type: ignore[attr-defined]
    return "".join(map(str, formatter.seq)) if isinstance(formatter, FixedFormatter) else ""


def _missing(text: str) -> list[str]:
    """Return the letters that the usual font lacks, each once, in their order."""
    if not text or max(map(ord, text)) <= LATIN:
        return []
    usual = _letters_of(fontManager.findfont(FontProperties(family=USUAL)))
    return [letter for letter in dict.fromkeys(text) if ord(letter) > LATIN and ord(letter) not in usual]


@cache
def _family_with(letter: str) -> str | None:
    paths = _paths()
    for family in (*(name for name in OFTEN if name in paths), *(name for name in paths if name not in OFTEN)):
        if not family.startswith(NO_LETTERS) and ord(letter) in _letters_of(paths[family]):
            return family
    return None


@cache
def _paths() -> dict[str, str]:
    """Return the file of each family of the machine, by name: that of its upright, regular letters, if it has any."""
    fonts = sorted(fontManager.ttflist, key=lambda font: (font.style == "normal", font.weight == 400, font.fname))
    return {font.name: font.fname for font in sorted(fonts, key=lambda font: font.name)}


@cache
def _letters_of(path: str) -> frozenset[int]:
    try:
        return frozenset(get_font(path).get_charmap())
    except Exception:  # a damaged font of the system has no letters
        return frozenset()
