"""Sections of study.toml that name no table: margins of the population, waves, the time recorded, and linkage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.model import Period
from tpm_widgets.study.reading.sections import Section


def weight_settings(reader: Section) -> dict[str, dict[str, float]]:
    """Take the margins of the population: the share of each value of a column, or of several crossed, a:b."""
    reader.know(("margins",))
    margins = Section("weights.margins", reader.subsection("margins"), reader.file, reader.faults)
    found = {}
    for name in margins.given:
        shares = {str(value): share for value, share in margins.subsection(name).items()}
        numbers = all(isinstance(share, (int, float)) and 0 < share < float("inf") for share in shares.values())
        if len(shares) > 1 and numbers:
            found[name] = {value: float(share) for value, share in shares.items()}
        elif isinstance(margins.given[name], Mapping):
            expected = say("the share of each value, above 0, such as {{ yes = 0.4, no = 0.6 }}")
            margins.refuse(name, margins.given[name], expected)
    return found


def inline_waves(reader: Section) -> pd.DataFrame | None:
    """Take the days of the waves, where no table holds them."""
    if not reader.given:
        return None
    rows = []
    for wave in reader.given:
        ends = Section(f"waves.{wave}", reader.subsection(wave), reader.file, reader.faults)
        ends.know(("start", "end"))
        rows.append({"wave": wave, "start": ends.day("start"), "end": ends.day("end")})
    return pd.DataFrame(rows)


def period_settings(reader: Section) -> Period:
    """Take the time in which recommendations were recorded."""
    reader.know(("recording_start", "observed_until", "window"))
    start, until = reader.day("recording_start"), reader.day("observed_until")
    if start is not None and until is not None and until < start:
        reader.refuse("observed_until", until.date(), say("a day on or after recording_start"))
    window = reader.whole("window", 1, 365) or 365
    return Period(recording_start=start, observed_until=until, window=window)


def linkage_settings(reader: Section) -> dict[str, Any]:
    """Take whether answers may be tied to customers, and on which ground."""
    reader.know(("permitted", "basis"))
    permitted = reader.given.get("permitted", True)
    if not isinstance(permitted, bool):
        reader.refuse("permitted", permitted, say("true or false"))
    return {"permitted": permitted, "basis": reader.text("basis", "")}
