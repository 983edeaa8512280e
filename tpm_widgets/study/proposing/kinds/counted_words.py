"""How often, in words: "never", "once", "2 to 3 times", "5 or more" → the least number that each says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tpm_widgets.study.proposing.columns import Column

MOST = 12  # different words
NONE = re.compile(
    r"(?:noch )?(?:nie(?:mals|mandem|manden)?|gar nicht|(?:über|ueber)haupt nicht|kein(?:mal|em|en|e)?(?: \w+)?|never"
    r"|not at all|none|no(?: one|body|t yet| times)?|null|zero|nein)"
)
SINGLE = {
    **{"once": 1, "einmal": 1, "ein mal": 1, "one": 1, "eine": 1, "einem": 1, "einer": 1, "eins": 1},
    **{"twice": 2, "zweimal": 2, "two": 2, "zwei": 2, "dreimal": 3, "three": 3, "drei": 3, "viermal": 4, "fünfmal": 5},
}
UNIT = r"(?:\s*-?\s*(?:mal|times?|x|people|persons?|personen|leuten?|friends?|freunden?|kunden|customers?))?"
NUMBER = re.compile(rf"(?:genau |exactly )?(\d+){UNIT}")
RANGE = re.compile(rf"(\d+)\s*-?\s*(?:mal|times)?\s*(?:-|–|—|to|bis|or|oder)\s*(\d+){UNIT}")
FROM = re.compile(
    rf"(?:at least |mindestens |ab )?(\d+){UNIT}\s*(?:\+|(?:and|or|und|oder) (?:more|mehr|öfter|häufiger|above)\w*"
    rf"(?: (?:times|mal|people|personen))?)|(?:at least|mindestens|ab) (\d+){UNIT}"
)
ABOVE = re.compile(rf"(?:more than|over|mehr als|über|öfter als|häufiger als|>)\s*(\d+){UNIT}")
MORE = re.compile(
    r"(?:noch )?(?:öfters?|häufiger|mehr(?:mals|fach)?|more(?: often)?|several(?: times)?|many(?: times)?)"
)


def least_numbers(texts: Sequence[str]) -> dict[str, float] | None:
    """Return the least number that each text says; None where one says none.

    Examples
    --------
    >>> least_numbers(["nie", "1-mal", "2- bis 3-mal", "öfter"])
    {'nie': 0.0, '1-mal': 1.0, '2- bis 3-mal': 2.0, 'öfter': 4.0}
    >>> least_numbers(["1", "2", "5 or more"])
    {'1': 1.0, '2': 2.0, '5 or more': 5.0}
    >>> least_numbers(["North", "South"])
    """
    found: dict[str, float] = {}
    highest = 0.0
    for text in texts:
        plain = " ".join(text.split()).casefold().strip(" .")
        if NONE.fullmatch(plain):
            found[text] = 0.0
        elif plain in SINGLE:
            found[text] = float(SINGLE[plain])
        elif part := RANGE.fullmatch(plain):
            found[text], highest = float(part[1]), max(highest, float(part[2]))
        elif part := FROM.fullmatch(plain):
            found[text] = float(part[1] or part[2])
        elif part := ABOVE.fullmatch(plain):
            found[text] = float(part[1]) + 1
        elif part := NUMBER.fullmatch(plain):
            found[text] = float(part[1])
        elif not MORE.fullmatch(plain):
            return None
    highest = max([highest, *found.values()])
    return {text: found.get(text, highest + 1) for text in texts} if found else None


def with_counts(column: Column) -> Column:
    """Read the words of a column that asks how often: only where each says a number, and not all are numbers."""
    if not 2 <= column.distinct <= MOST or not np.isnan(column.numbers).any() or column.value_labels:
        return column
    numbers = least_numbers(column.uniques)
    if numbers is None:
        return column
    plain = {text for text in column.uniques if text.isdecimal()}
    words = {text: number for text, number in numbers.items() if text not in plain}
    values = np.array([numbers[text] for text in column.uniques])
    return replace(column, numbers=values, words=words, steps=0, never=(), none=(), unread=())
