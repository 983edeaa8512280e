"""How drivers are compared, whatever is held against what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tpm_widgets.errors import check_level, check_replicates
from tpm_widgets.options import check_option

Policy = Literal["indicator", "complete"]
NEGLIGIBLE = (0.03, None)  # changes of a probability per rating point, for saying and for doing
DIFFERENCE = (0.03, 0.01)  # of such changes between groups
OF_THE_RATE = 0.1  # what is negligible for doing, of the share who did it, where nothing else is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options that all comparisons of drivers have, checked; ``compare_drivers`` tells what they mean."""

    missing: Policy
    level: float
    window: int | None
    replicates: int
    seed: int

    def __post_init__(self) -> None:
        check_option("missing", self.missing, Policy)
        check_level(self.level)
        check_replicates(self.replicates, least=20)

    @property
    def of_models(self) -> dict[str, Any]:
        """What the models compared have of them among their own settings."""
        return {"missing": self.missing, "level": self.level} | ({"window": self.window} if self.window else {})
