"""Which columns rate touchpoints: those that are answered on one scale beside each other, and go with each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tpm_widgets.language import say
from tpm_widgets.study.cells.names import JOINT
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.evidence import Evidence
from tpm_widgets.study.proposing.peers import Peers
from tpm_widgets.study.proposing.scales import DOUBTFUL, apart

FAMILIES = (5, 7, 10, 100)  # the highest answers that scales are told apart by
LOWEST_END = 4  # of a scale of ratings
GOES_WITH, STRONGLY = 0.15, 0.3  # correlations
TELLING = 100  # rows of a file in which ratings show that they go with each other
BETWEEN = " *_-–—|:[](){}.,;?!/\"'„“”"
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
MARKUP = re.compile(r"\{\{.*?\}\}|\$\{.*?\}|\*|</?\w+[^<>]*>")  # what tools put into questions
LEGEND = re.compile(
    r"\s*[(\[][^()\[\]]*\d\s*(?:[=:]|[-–—]\s*\d|(?:to|bis)\s+\d)[^()\[\]]*[)\]]\s*$"
)  # "(1 = bad, 5 = good)"
STEM = re.compile(r"^(.*?\d+)|^(.*?)[_.\-\s\[|(]", re.DOTALL)


def rating_families(columns: Sequence[Column]) -> dict[str, int]:
    """Return for each column that may hold ratings the usual scale that it fits, by its highest answer."""
    found = {}
    for column in columns:
        core, _ = apart(column)
        high = max(core, default=0)
        if len(core) >= 2 and high >= 2:
            found[column.name] = next((end for end in FAMILIES if DOUBTFUL.get(high, high) <= end), FAMILIES[-1])
    return found


def peers_of(columns: Sequence[Column], families: Mapping[str, int]) -> Peers:
    """Return the answers that are no codes for sure, of every column that may hold ratings."""
    answers = {}
    for column in columns:
        if column.name in families:
            values = column.answers()
            low = 0 if families[column.name] >= 10 else 1
            answers[column.name] = np.where((values >= low) & (values <= families[column.name]), values, np.nan)
    return Peers(answers)


def from_neighbours(
    columns: Sequence[Column], families: Mapping[str, int], peers: Peers, recommend: str | None
) -> Iterator[tuple[str, Evidence]]:
    """Yield, for each column that may hold ratings, what the others beside it say."""
    stems = {column.name: (stem_of(column), families.get(column.name)) for column in columns}
    tallest: dict[object, float] = {}
    for column in columns:
        key = stems[column.name]
        tallest[key] = max(tallest.get(key, 0.0), max(apart(column)[0], default=0.0))
    several, named = Counter(families.values()), Counter(stems.values())
    for column in columns:
        if column.name not in families or column.name == recommend:
            continue
        key = stems[column.name]
        if tallest[key] < LOWEST_END and not column.words:
            yield column.name, Evidence("rating", -0.6)
        if several[families[column.name]] > 1:
            yield column.name, Evidence("rating", 0.5, say("other columns have the same answers"))
        else:
            yield column.name, Evidence("rating", 0.4, say("its cells are answers on a scale"))
        if key[0] and named[key] > 2:
            yield column.name, Evidence("rating", 0.3, say("others are called alike"))
        yield from ((column.name, one) for one in _what_it_goes_with(column.name, peers, recommend))


def _what_it_goes_with(name: str, peers: Peers, recommend: str | None) -> Iterator[Evidence]:
    """Yield whether answers go with others; in a file long enough to tell, ratings do."""
    found = [abs(value) for other in (recommend, None) if (value := peers.correlation(name, other)) is not None]
    if max(found, default=0.0) >= GOES_WITH:
        reason = say("its answers go with those of the others (correlation {size:number})", size=max(found))
        yield Evidence("rating", 0.4 if max(found) >= STRONGLY else 0.25, reason)
    elif peers.rows >= TELLING:
        yield Evidence("rating", -0.3)
        yield Evidence("segment", 0.25)
    elif found:
        yield Evidence("segment", 0.25)


def stem_of(column: Column) -> str:
    """Return what the names of a block of questions have in common: "Q7" of Q7ART, the question before its rows."""
    block, row = _parted(words_of(column))
    if row:
        return block
    if column.block:
        return column.block
    found = STEM.match(column.name)
    return "" if found is None else (found[1] or found[2] or "")


def words_of(column: Column) -> str:
    """Return the words of a column's question, or its name where there are none."""
    words = column.question or column.name
    return " ".join(MARKUP.sub("", words).split()) or words


def _trimmed(words: str) -> str:
    """Take signs off both ends, but leave brackets whole: "Sales (1)"."""
    found = words.strip(BETWEEN)
    for left, right in BRACKETS:
        found += right * max(found.count(left) - found.count(right), 0)
    return found


def _parted(words: str) -> tuple[str, str]:
    """Part a question from its row: "How do you rate us? - Shop", "How do you rate us? [Shop]"."""
    for sign in (JOINT, " - ", " – "):
        block, found, row = words.rpartition(sign)
        if found and block and row.strip(BETWEEN):
            return block, _trimmed(row)
    block, found, row = words.rpartition("[")
    if found and block.strip() and words.rstrip().endswith("]") and row.strip(BETWEEN):
        return block, row.strip().removesuffix("]").strip()
    return words, ""


def touchpoint_names(columns: Sequence[Column]) -> dict[str, str]:
    """Name the touchpoints by what tells their questions apart; by the column where there are no words."""
    words = {column.name: _without_legend(words_of(column)) for column in columns}
    rows = {column: _parted(text)[1] for column, text in words.items()}
    names = {column: rows[column] or text for column, text in words.items()}
    names |= _differing({column: text for column, text in words.items() if not rows[column] and " " in text})
    names = {column: name if any(map(str.isalpha, name)) else column for column, name in names.items()}
    taken = Counter(name.casefold() for name in names.values())
    return {column: name if taken[name.casefold()] == 1 else column for column, name in names.items()}


def _without_legend(words: str) -> str:
    """Take the ends of the scale off a question: "Shop (1 = bad, 5 = good)"."""
    return LEGEND.sub("", words) or words


def _differing(questions: Mapping[str, str]) -> dict[str, str]:
    """Take off what whole questions have in common at both ends: "How was the shop?", "How was the desk?"."""
    words = {column: question.split() for column, question in questions.items()}
    if len(words) < 2:
        return {}
    start = _shared(list(words.values()))
    end = _shared([parts[::-1] for parts in words.values()])
    found = {
        name: _trimmed(" ".join(parts[start : len(parts) - end if end else None])) for name, parts in words.items()
    }
    return found if all(found.values()) else {}


def _shared(rows: Sequence[Sequence[str]]) -> int:
    """Count the first words that all rows have in common."""
    return next((place for place, words in enumerate(zip(*rows, strict=False)) if len(set(words)) > 1), 0)
