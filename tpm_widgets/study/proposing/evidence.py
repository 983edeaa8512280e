"""What speaks for a column's playing a role: so many points, and the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tpm_widgets.language import Sentence

ENOUGH = 0.5  # points from which a role is proposed
SURE = 0.95  # nobody but the user is surer


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation about one column: points between -1 and 1 for a role."""

    role: str
    points: float
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A role of a column, with all that speaks for it."""

    role: str
    points: float
    reasons: tuple[Sentence, ...]

    @property
    def confidence(self) -> float:
        """How sure the claim is, from 0 to 0.95."""
        return min(max(self.points, 0.0), SURE)


def claims(evidence: Iterable[Evidence]) -> dict[str, Claim]:
    """Add up the points for each role; reasons are those that speak for it, the strongest first."""
    by_role: dict[str, list[Evidence]] = {}
    for one in evidence:
        by_role.setdefault(one.role, []).append(one)
    found = {}
    for role, several in by_role.items():
        speaking = sorted((one for one in several if one.points > 0), key=lambda one: -one.points)
        reasons = {one.reason.template: one.reason for one in speaking if one.reason is not None}
        found[role] = Claim(role, sum(one.points for one in several), tuple(reasons.values()))
    return found


def total(evidence: Iterable[Evidence], role: str) -> float:
    """Add up the points for one role."""
    return sum(one.points for one in evidence if one.role == role)
