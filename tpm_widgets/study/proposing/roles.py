"""All evidence together: which column plays which role, and what is left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.wave_names import names_in_time
from tpm_widgets.study.proposing.columns import Column, spoken
from tpm_widgets.study.proposing.evidence import ENOUGH, SURE, Claim, Evidence, claims, total
from tpm_widgets.study.proposing.kinds.classes import classes_of, with_classes
from tpm_widgets.study.proposing.kinds.counted_words import with_counts
from tpm_widgets.study.proposing.kinds.deeds import DEEDS, asks_for_recommendation, asks_how_often, follows_a_deed
from tpm_widgets.study.proposing.kinds.flags import asks_yes_no, with_unsure
from tpm_widgets.study.proposing.names import OVERALL, from_names
from tpm_widgets.study.proposing.peers import Peers
from tpm_widgets.study.proposing.scales import Reading, by_scale, is_turned, read_ratings, read_recommend
from tpm_widgets.study.proposing.touchpoints import (
    from_neighbours,
    peers_of,
    rating_families,
    stem_of,
    touchpoint_names,
    words_of,
)
from tpm_widgets.study.proposing.values import from_values, is_day

# Each is played by one column at most; in this order, for a column plays one role.
SINGLE = (*DEEDS, "weight", "date", "wave", "customer", "respondent", "overall", "tenure",
          "annoyance", "text")  # fmt: skip
MOST_SEGMENTS = 8
MOST_ANSWERS_EACH = 20  # of a person
IN_EACH_WAVE = 1.3  # makes good for the number's not standing once in the file
PIVOTED = 1.0
PROPOSED = 0.6
CLOSE = 0.15  # points that another candidate may be behind and still could be meant
NONE = Claim("none", 0.0, ())
NUMBERED = re.compile(r" \(\d+\)$")  # as columns of one name are told apart


@dataclass(slots=True)
class Roles:
    """The proposed role of each column.

    ``of`` maps columns to claims, ``others`` roles to the columns that could be meant as well; ``readings`` are the
    scales and codes of columns with answers, ``touchpoints`` the names of those that rate one. ``part`` is the column
    that says from which file or sheet a row is, and ``anew`` are numbers of persons that begin again in each.
    """

    columns: dict[str, Column]
    rows: int
    of: dict[str, Claim] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    touchpoints: dict[str, str] = field(default_factory=dict)
    segments: list[str] = field(default_factory=list)
    part: str | None = None
    anew: list[str] = field(default_factory=list)

    def column(self, role: str) -> str | None:
        """Return the column of a role."""
        return next((name for name, claim in self.of.items() if claim.role == role), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Columns of which it is known what they hold: the persons of a file with several rows for each, and its parts."""

    respondent: str | None = None
    part: str | None = None


def propose_roles(columns: Sequence[Column], rows: int, known: Known = Known()) -> Roles:
    """Weigh what speaks for each role of each column, and give the roles away, the most important first."""
    respondent = known.respondent
    follow = {column.name for before, column in pairwise(columns) if follows_a_deed(column, before)}
    columns = [_read_by_question(column, column.name in follow) for column in columns]
    evidence = {column.name: [*from_names(column), *from_values(column, rows)] for column in columns}
    for name in follow:
        evidence[name].append(Evidence("recommendations", 0.5, say("the words ask how often somebody has recommended")))
    if respondent is not None:
        evidence[respondent].append(Evidence("respondent", PIVOTED, say("each person has several rows")))
    roles = Roles(columns={column.name: column for column in columns}, rows=rows, part=known.part)
    if known.part is not None:
        evidence[known.part] = [_of_part(roles.columns[known.part])]
    for name, other in _repeated(columns).items():
        evidence[name].append(Evidence("none", 2.0, say("its cells are those of {column}", column=other)))
    claimed = {name: claims(found) for name, found in evidence.items()}
    families = rating_families(columns)
    if respondent is not None:
        roles.of[respondent] = claims(evidence[respondent])["respondent"]
    _ask_for_recommend(roles, claimed, families)
    _give_single_roles(roles, evidence)
    free = [column for column in columns if column.name not in roles.of]
    peers = peers_of([column for column in columns if _rates(column, claimed, roles)], families)
    for name, one in from_neighbours(free, families, peers, roles.column("recommend")):
        evidence[name].append(one)
    rated = _choose_ratings(roles, free, {column.name: claims(evidence[column.name]) for column in free})
    _read_scales(roles, rated, families, peers)
    _choose_segments(roles, {column.name: claims(evidence[column.name]) for column in free})
    for column in columns:
        own = claims(evidence[column.name]).get("none", NONE)
        roles.of.setdefault(column.name, own if own.points >= ENOUGH else NONE)
    return roles


def _of_part(column: Column) -> Evidence:
    """Return what the names of files or sheets are: waves where they tell a time, else groups."""
    if names_in_time(column.uniques) is not None:
        return Evidence("wave", SURE, say("its values are periods of time"))
    return Evidence("segment", SURE, say("each value is a file or a sheet"))


def _points(claimed: Mapping[str, Claim], role: str) -> float:
    return claimed[role].points if role in claimed else 0.0


def _rates(column: Column, claimed: Mapping[str, Mapping[str, Claim]], roles: Roles) -> bool:
    """Whether a column may be a rating, or is one of the others that are answered on a scale."""
    if column.name in roles.of:
        return roles.of[column.name].role in ("recommend", "overall")
    return _points(claimed[column.name], "rating") > -0.5


def _repeated(columns: Iterable[Column]) -> dict[str, str]:
    """Return the columns that have the name of another, but for a number, and its cells."""
    first: dict[str, Column] = {}
    found = {}
    for column in columns:
        other = first.setdefault(NUMBERED.sub("", column.name), column)
        if other is not column and other.uniques == column.uniques and np.array_equal(other.codes, column.codes):
            found[column.name] = other.name
    return found


def _read_by_question(column: Column, follows: bool) -> Column:
    """Read the words of a column as its question asks for them: a yes or no, or how often."""
    if follows or asks_how_often(column):
        return with_counts(column)
    return with_unsure(column) if asks_for_recommendation(column) else column


def _ask_for_recommend(roles: Roles, claimed: Mapping[str, Mapping[str, Claim]], families: Mapping[str, int]) -> None:
    """Take the column with most points; where no words tell, the only one that is answered from 0 to 10."""
    points = {name: _points(own, "recommend") for name, own in claimed.items() if _points(own, "none") < ENOUGH}
    best = max(points, key=lambda name: points[name], default=None)
    if best is None or points[best] < ENOUGH:
        long = [name for name, end in families.items() if end == 10 and points.get(name, -1.0) > 0]
        if not long and (made := next(filter(classes_of, roles.columns.values()), None)) is not None:
            _take_classes(roles, made)
            return
        if len(long) != 1:
            roles.others["recommend"] = long
            return
        best = long[0]
        reason = say("it alone is answered from 0 to 10")
        roles.of[best] = Claim("recommend", ENOUGH, (*claimed[best]["recommend"].reasons, reason))
        return
    roles.of[best] = claimed[best]["recommend"]
    roles.others["recommend"] = [
        name for name, value in points.items() if name != best and value >= max(ENOUGH, points[best] - CLOSE)
    ]


def _take_classes(roles: Roles, column: Column) -> None:
    """Take classes that were made of the score, where the score itself is not in the file."""
    if (classes := classes_of(column)) is not None:
        roles.columns[column.name] = with_classes(column, classes)
        roles.of[column.name] = Claim("recommend", PROPOSED, (say("it holds promoters, passives and detractors"),))
        roles.others["recommend"] = []


def _give_single_roles(roles: Roles, evidence: Mapping[str, list[Evidence]]) -> None:
    days = [name for name, column in roles.columns.items() if is_day(column)]
    if len(days) == 1:
        evidence[days[0]].append(Evidence("date", 0.2, say("no other column holds days")))
    for role in SINGLE:
        if role in ("customer", "respondent"):
            _look_at_repeated(roles, evidence)
        points = {name: total(found, role) for name, found in evidence.items() if name not in roles.of}
        points = {name: value for name, value in points.items() if value >= ENOUGH}
        if role == "overall":
            points = {name: value for name, value in points.items() if not _is_a_row(name, roles)}
        wanted = {name: value for name, value in points.items() if total(evidence[name], "none") < ENOUGH}
        points = wanted or (points if role == "date" else {})  # when an answer was begun, where nothing else is known
        if not points:
            continue
        best = max(points, key=lambda name: points[name])
        roles.of[best] = claims(evidence[best])[role]
        roles.others[role] = [name for name, value in points.items() if name != best and value >= points[best] - CLOSE]


def _is_a_row(name: str, roles: Roles) -> bool:
    """Whether only the question over several rows is of the whole: "Overall, how satisfied are you with … the shop"."""
    column = roles.columns[name]
    block, words = stem_of(column), words_of(column)
    others = (other for other in roles.columns.values() if other.name not in {*roles.of, name})
    if not block or not any(stem_of(other) == block for other in others):
        return False
    return OVERALL.search(spoken(words.removeprefix(block))) is None


def _look_at_repeated(roles: Roles, evidence: Mapping[str, list[Evidence]]) -> None:
    """Take a number of respondents that repeats for one in each wave, or for that of customers who answered again."""
    wave = roles.column("wave")
    for name, found in evidence.items():
        column = roles.columns[name]
        called = any(one.role == "respondent" and one.points > 0 for one in found)
        repeats = roles.rows > column.distinct > roles.rows / MOST_ANSWERS_EACH
        if name in roles.of or not called or not repeats or total(found, "respondent") >= 0:
            continue
        if wave is not None and _once_in(column, roles.columns[wave]):
            found.append(Evidence("respondent", IN_EACH_WAVE, say("each of its values stands once in a wave")))
        elif roles.part is not None and _once_in(column, roles.columns[roles.part]):
            found.append(Evidence("none", 2.0, say("its values begin anew in each file or sheet")))
            roles.anew = list(dict.fromkeys([*roles.anew, name]))
        elif wave is None and total(found, "customer") < ENOUGH:
            found.append(Evidence("customer", 0.5, say("its values repeat: persons who answered more than once")))


def _once_in(column: Column, wave: Column) -> bool:
    pairs = column.codes.astype(np.int64) * (wave.distinct + 1) + wave.codes
    pairs = pairs[(column.codes >= 0) & (wave.codes >= 0)]
    return len(np.unique(pairs)) == len(pairs)


def _choose_ratings(roles: Roles, free: Iterable[Column], claimed: Mapping[str, Mapping[str, Claim]]) -> list[Column]:
    """Take the columns whose points for a rating are enough, and no fewer than those for a group."""
    rated = []
    for column in free:
        own = claimed[column.name]
        points = _points(own, "rating")
        if points < 0.4 or points < _points(own, "segment") or _points(own, "none") >= ENOUGH:
            continue
        if column.name in roles.others.get("recommend", ()):
            continue
        roles.of[column.name] = own["rating"]
        rated.append(column)
    roles.touchpoints = touchpoint_names(rated)
    return rated


def _read_scales(roles: Roles, rated: Sequence[Column], families: Mapping[str, int], peers: Peers) -> None:
    recommend = roles.column("recommend")
    if recommend is not None and not asks_yes_no(roles.columns[recommend]):
        roles.readings[recommend] = read_recommend(roles.columns[recommend])
    blocks: dict[int, list[Column]] = {}
    for column in rated:
        blocks.setdefault(families[column.name], []).append(column)
    for block in (part for family in blocks.values() for part in by_scale(family)):
        reading = read_ratings(block, peers)
        for column in block:
            own = is_turned(column)
            roles.readings[column.name] = reading if own is None else replace(reading, turned=own)
    for role in ("overall", "annoyance"):
        if (name := roles.column(role)) is not None:
            column = roles.columns[name]
            beside = [*blocks.get(families.get(name, 0), []), column]
            own = is_turned(column)
            reading = read_ratings(next(part for part in by_scale(beside) if column in part), peers)
            roles.readings[name] = reading if own is None else replace(reading, turned=own)


def _choose_segments(roles: Roles, claimed: Mapping[str, Mapping[str, Claim]]) -> None:
    points = {
        name: _points(own, "segment")
        for name, own in claimed.items()
        if name not in roles.of and _points(own, "none") < ENOUGH
    }
    named = sorted((name for name, value in points.items() if value >= ENOUGH), key=lambda name: -points[name])
    chosen = named[:MOST_SEGMENTS]
    roles.segments = [name for name in roles.columns if name in chosen]
    for name in roles.segments:
        roles.of[name] = claimed[name]["segment"]


def reasons_of(claim: Claim) -> tuple[Sentence, ...]:
    """Return what speaks for a claim; for none, that nothing does."""
    return claim.reasons or (say("nothing in its name or its cells says more"),)
