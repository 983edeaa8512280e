"""Scales on which low is good, turned, so that higher is better everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.locating import nearest
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.choices import EVERYWHERE
from tpm_widgets.study.reading.settings import SurveySettings


@dataclass(frozen=True, slots=True)
class Turning:
    """The roles, touchpoints and columns whose scale is to be turned, and the columns that were turned."""

    names: frozenset[str]
    done: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, raw: RawTable, roles: Mapping[str, str], rated: Mapping[str, str], settings: SurveySettings, faults: Faults
    ) -> Turning:
        """Take what the study declares; ``roles`` and ``rated`` give the column of each. Another name is refused.

        All ratings are those of the touchpoints and that of the whole.
        """
        if EVERYWHERE in settings.turned:
            return cls(frozenset({*rated, *rated.values(), "overall"} if settings.turned[EVERYWHERE] else ()))
        scaled = {**roles, **rated}
        known = list(
            dict.fromkeys([*scaled, *scaled.values(), *(settings.stated_importance or {}), *(settings.aware or {})])
        )
        for name in settings.turned:
            if name not in known:
                expected = say("a touchpoint, or a column with a scale, to be reversed")
                faults.refuse(raw.table, raw.file, expected, nearest(name, known), column=name)
        return cls(frozenset(name for name, low_is_good in settings.turned.items() if low_is_good))

    def turn(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, str],
        scales: Mapping[str, Scale | None],
        *,
        by_column: bool = False,
    ) -> pd.DataFrame:
        """Return a frame with low + high - x in the columns that are meant, by the file's name or by their own.

        ``by_column``: by the file's name only.
        """
        turned = frame.copy(deep=False)
        for name, column in columns.items():
            scale = scales.get(name)
            meant = {column} if by_column else {name, column}
            if scale is not None and name in frame and meant & self.names:
                yes_or_no = isinstance(frame[name].dtype, pd.BooleanDtype)
                turned[name] = ~frame[name] if yes_or_no else scale[0] + scale[1] - frame[name]
                self.done.append(column)
        return turned

    def told(self) -> list[Sentence]:
        """Say which columns were turned, if any."""
        return [say("Turned, so that higher is better: {columns:list}.", columns=tuple(self.done))] if self.done else []
