"""What only the user can know, in at most three sentences."""

from __future__ import annotations

from tpm_widgets.language import Sentence, say_n
from tpm_widgets.study.proposing.roles import Roles
from tpm_widgets.study.proposing.writing.draft import Draft


def open_points(draft: Draft, roles: Roles) -> tuple[Sentence, ...]:
    """Say in at most three sentences what was not understood."""
    asked = {name for others in roles.others.values() for name in others}
    rest = [
        name
        for name, claim in roles.of.items()
        if claim.role == "none" and not claim.reasons and roles.columns[name].filled and name not in asked
    ]
    found = list(draft.questions)
    unplaced = say_n(
        "{count} column was not understood and plays no role: {columns:list}.",
        "{count} columns were not understood and play no role: {columns:list}.",
        len(rest),
        columns=tuple(rest),
    )
    room = 2 if rest else 3
    if len(found) > room:
        more = say_n(
            "{count} more question stands in study.toml.",
            "{count} more questions stand in study.toml.",
            len(found) - room + 1,
        )
        found = [*found[: room - 1], more]
    return (*found, *([unplaced] if rest else []))
