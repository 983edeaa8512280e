"""Names of columns: how they are compared and told apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")  # of no width
JOINT = " | "  # between the cells of a header of several rows
SHOWN = 10
STEM = 4  # letters that words of one kind begin with


def clean_name(name: object) -> str:
    """Return a name as it is compared: every run of spaces or line breaks is one space, the ends are cut, NFC."""
    text = unicodedata.normalize("NFC", str(name))
    return " ".join(INVISIBLE.sub("", text).split())


@dataclass(frozen=True, slots=True)
class Named:
    """One name for each column, and the names that several columns have: each with the names that tell them apart."""

    names: list[str]
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def told_apart(names: Iterable[object], wanted: Iterable[str]) -> Named:
    """Clean names, and number those that repeat: "Comment", "Comment (2)"; "Comment (1)" where that is wanted."""
    plain = [clean_name(name) for name in names]
    counts = Counter(plain)
    asked = set(wanted) - set(counts)
    found: list[str] = []
    numbered: dict[str, list[str]] = {}
    for name in plain:
        if counts[name] == 1:
            found.append(name)
            continue
        own = numbered.setdefault(name, [])
        free = (f"{name} ({number})" for number in count(1))
        own.append(next(other for other in free if other not in counts and other not in own))
        found.append(name if len(own) == 1 and own[0] not in asked else own[-1])
    return Named(found, {name: tuple(own) for name, own in numbered.items()})


def nearest_names(name: str, names: Sequence[str], most: int = SHOWN) -> list[str]:
    """Return the names that are most like one, the nearest first; where all fit, all in their own order."""
    if len(names) <= most:
        return list(names)
    stems = [word[:STEM] for word in re.findall(r"\w+", name.casefold()) if len(word) >= STEM]
    match = SequenceMatcher(b=name.casefold())

    def likeness(other: str) -> tuple[int, float]:
        match.set_seq1(other.casefold())
        return sum(stem in other.casefold() for stem in stems), match.ratio()

    return sorted(names, key=likeness, reverse=True)[:most]
