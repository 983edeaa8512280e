"""Names of periods of time, as waves bear them: 2023, Q1/24, 2023-Q1, March 2024, Okt 23, Wave 2."""

from __future__ import annotations

import re

MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|m(?:ä|ae)rz?|mrz|apr(?:il)?|may|mai|june?|juni?|july?|juli?|aug(?:ust)?|sept?(?:ember)?"
    "|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
YEAR = r"(?:19[89]\d|20[0-4]\d)"
SHORT = rf"(?:{YEAR}|['’]?\d\d)"
PERIOD = re.compile(
    rf"{YEAR}|(?:wave|welle|round|runde|w|t)\s*\d{{1,2}}|\d{{1,2}}\. ?(?:wave|welle|round|runde)"
    rf"|(?:q|h|kw|cw|w)\s*\d{{1,2}}[\s/_.-]*{SHORT}|{SHORT}[\s/_.-]*(?:q|h|kw|cw|w)\s*\d{{1,2}}|q[1-4]"
    rf"|[1-4]\. ?(?:quarter|quartal)(?: {SHORT})?"
    rf"|(?:{MONTHS})\.?(?:[\s/_.-]*{SHORT})?|{SHORT}[\s/_.-]*(?:{MONTHS})\.?|{YEAR}[-/.](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/.]{YEAR}"
    rf"|(?:spring|summer|autumn|fall|winter|fr(?:ü|ue)hjahr|sommer|herbst)[\s/_.-]*{SHORT}",
    re.IGNORECASE,
)


def is_period(text: str) -> bool:
    """Whether a text is the name of a period."""
    return PERIOD.fullmatch(text.strip()) is not None
