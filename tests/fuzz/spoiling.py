"""Studies spoilt by chance, in families; each says what was written, so that what is misread in silence can be told.

A spoilt study is a folder with a study.toml, or keywords for ``make_study``. Of each answer the oracle knows, by its
identifier, what a careful reader makes of the cell: a value, or ``DOUBTFUL`` where it has to be told of.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

DOUBTFUL = object()
NUMBERS = ("nps", "q1", "q2", "w")
COLUMNS = ("id", "date", "wave", "nps", "q1", "q2", "w", "seg", "text")
SETTINGS = """
[survey]
file = "FILE"
respondent = "id"
recommend = "nps"
date = "date"
wave = "wave"
weight = "w"
text = "text"
segments = ["seg"]
no_answer = ["k.A."]
[survey.touchpoints]
q1 = "shop"
q2 = "phone"
"""
RANGES = {"nps": (0, 10), "q1": (1, 5), "q2": (1, 5), "w": (0, 2.0**63)}
# Cells as people and programs write them, and what they say; None is an empty cell.
CELLS: dict[str, Any] = {
    "4": 4.0, " 3 ": 3.0, "4.0": 4.0, "": None, "k.A.": None, "n/a": None, "2,5": 2.5, "1e999": DOUBTFUL,
    "-1e999": DOUBTFUL, "inf": DOUBTFUL, "nan": None, "TRUE": DOUBTFUL, "#DIV/0!": DOUBTFUL, "=1+3": DOUBTFUL,
    "9" * 25: DOUBTFUL, "9" * 5000: DOUBTFUL, "1_0": DOUBTFUL, "0x3": DOUBTFUL, "4;5": DOUBTFUL, "x": DOUBTFUL,
    "12": DOUBTFUL, "-3": DOUBTFUL, "$4": DOUBTFUL, "4\x1b[2J": DOUBTFUL, "\u202e4": DOUBTFUL, "²": DOUBTFUL,
    "maria@example.org": DOUBTFUL, "1e-400": 0.0, "NULL": None, "4 4": DOUBTFUL, "1.2.3": DOUBTFUL, "٣": 3.0,
}  # fmt: skip
DAYS = (
    "9999-12-31",
    "0001-01-01",
    "2024-02-30",
    "31.12.9999",
    "99/99/99",
    "20240101T99",
    "1e5",
    "9" * 30,
    "٢٠٢٤-٠١-٠١",
)


@dataclass(kw_only=True)
class Spoilt:
    """What was written: the rows by identifier, the file's content or a frame, and the settings."""

    rows: dict[str, dict[str, Any]]
    content: bytes | pd.DataFrame | None = None
    name: str = "s.csv"
    settings: str = SETTINGS
    must_tell: bool = False  # that something is wrong, whatever is read
    any_values: bool = False  # where bytes were changed, cells say what they say now
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        (folder / "study.toml").write_text(self.settings.replace("FILE", self.name), "utf-8", errors="surrogateescape")
        if isinstance(self.content, bytes):
            (folder / self.name).write_bytes(self.content)
        elif self.content is not None:
            _save(self.content, folder / self.name)


def _save(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        import pyreadstat

        pyreadstat.write_sav(frame, str(path))


def clean(chance: random.Random, count: int | None = None) -> dict[str, dict[str, Any]]:
    """Make answers without any fault, as texts."""
    rows = {}
    for number in range(count or chance.randint(8, 24)):
        name = f"r{number + 1}"
        rows[name] = {
            "id": name,
            "date": f"2024-0{1 + number % 6}-{1 + chance.randrange(28):02}",
            "wave": "2023" if number % 2 else "2024",
            "nps": str(chance.randint(0, 10)) if number > 1 else str(10 * number),
            "q1": str(chance.randint(1, 5)),
            "q2": str(chance.randint(1, 5)),
            "w": f"{chance.uniform(0.2, 0.9):.2f}",
            "seg": chance.choice(["North", "South"]),
            "text": chance.choice(["fine", "so so", "good, really", "bad"]),
        }
    return rows


def text_of(rows: dict[str, dict[str, Any]], delimiter: str = ";") -> str:
    lines = [delimiter.join(COLUMNS), *(delimiter.join(row.values()) for row in rows.values())]
    return "\n".join(lines) + "\n"


def of_bytes(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    content = bytearray(text_of(rows).encode())
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content))
        content[place : place + chance.randint(0, 2)] = bytes(chance.choices(range(256), k=chance.randint(0, 2)))
    if chance.random() < 0.2:
        content = content[: chance.randrange(len(content))]  # nobody can know what stood behind
        rows = dict(list(rows.items())[: content.count(b"\n")])
    return Spoilt(rows=rows, content=bytes(content), any_values=True)


def of_quotes(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    lines = text_of(rows, delimiter := chance.choice(";\t|")).splitlines()
    for number in sorted(chance.sample(range(1, len(lines)), 2)):
        cells = lines[number].split(delimiter)
        place = chance.randrange(len(cells))
        cut = 0 if chance.random() < 0.7 else chance.randrange(len(cells[place]) + 1)
        cells[place] = f'{cells[place][:cut]}"{cells[place][cut:]}'
        lines[number] = delimiter.join(cells)
    return Spoilt(rows=rows, content=("\n".join(lines) + "\n").encode())


def of_first_rows(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    first = rows["r1"]
    for column in chance.sample(("date", *NUMBERS, "seg", "text"), chance.randint(1, 7)):
        first[column] = chance.choice(["", "k.A.", "n/a", "-"]) if column in (*NUMBERS, "date") else "k.A."
    return Spoilt(rows=rows, content=text_of(rows).encode(chance.choice(["utf-8", "utf-8-sig", "utf-16"])))


def of_cells(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    for _ in range(chance.randint(1, 3)):
        row = rows[chance.choice(list(rows))]
        column = chance.choice((*NUMBERS, "date", "wave"))
        cells = tuple(CELLS) if column in NUMBERS else DAYS if column == "date" else ("9" * 5000, "2024 ", "\x1b[1m")
        row[column] = chance.choice(cells).replace(";", ",")
    return Spoilt(rows=rows, content=text_of(rows).encode())


def of_headers(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    names = list(COLUMNS)
    kind = chance.choice(["twice", "blank", "missing", "control", "space", "long", "none"])
    place = chance.randrange(len(names))
    spoilt = {"twice": names[place - 1], "blank": "", "missing": "zz", "control": "\x1b[2J" + names[place],
              "space": f"  {names[place]}\u200b ", "long": names[place] * 4000, "none": names[place]}  # fmt: skip
    names[place] = spoilt[kind]
    lines = text_of(rows).splitlines()
    lines[0] = ";".join(names)
    content = "\n".join(lines[1:] if kind == "none" else lines)
    return Spoilt(rows=rows, content=content.encode(), must_tell=kind == "none")


def of_toml(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    values = (
        "9" * 5000, "9" * 400, "inf", "nan", "[1, inf]", "[5, 1]", "true", '"\\u0000"', '"../s.csv"', "{}", "[[]]",
        "2024-01-01", '"' + "a" * 5000 + '"', "[" * 2000, "-1", "0", '["", 1, true]', '"\\u001b[2J"', "1e999",
    )  # fmt: skip
    keys = ("rating_scale", "recommend_scale", "not_experienced", "no_answer", "cutoffs", "words", "codes", "scales",
            "keep", "drop", "header_rows", "delimiter", "encoding", "segments", "labels", "reversed", "blank", "long",
            "date_order", "decimal", "aware", "stated_importance", "file", "recommend", "sheet", "weight")  # fmt: skip
    key, value = chance.choice(keys), chance.choice(values)
    lines = [line for line in SETTINGS.splitlines() if not line.startswith(f"{key} =")]
    lines.insert(2, f"{key} = {value}")
    if chance.random() < 0.3:
        sections = (
            f"[period]\nwindow = {value}", f"[study]\nmin_group = {value}", f"[customers]\nfile = {value}",
            f"[waves.a]\nstart = {value}\nend = 9999-12-31",
        )  # fmt: skip
        lines.append(chance.choice(sections))
    return Spoilt(rows=rows, content=text_of(rows).encode(), settings="\n".join(lines), any_values=True)


def typed(rows: dict[str, dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows.values()))
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in NUMBERS})


ODD = (True, float("inf"), 10**30, -(10**400), "x", b"\xff", 1 + 2j, [4], {"a": 4}, pd.Timestamp("9999-12-31"),
       pd.Timedelta("1D"), np.float32(4), np.datetime64("20000-01-01", "s"), "4", None, pd.NA, object)  # fmt: skip


def of_xlsx(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    frame = typed(rows).astype(object)
    row, column = chance.randrange(len(frame)), chance.choice((*NUMBERS, "date", "seg"))
    value = chance.choice([True, False, 10**30, "#N/A", "=1+3", "#DIV/0!", "x", "", pd.Timestamp("9999-12-31"), 1e300])
    frame.loc[row, column] = value
    name = f"r{row + 1}"
    rows[name][column] = DOUBTFUL if value not in ("", "#N/A") else None
    return Spoilt(rows=rows, content=frame, name="s.xlsx")


def of_sav(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    frame = typed(rows)
    column = chance.choice(NUMBERS)
    frame[column] = frame[column].astype(float)
    row = chance.randrange(len(frame))
    frame.loc[row, column] = chance.choice([np.nan, 1e300, -5.0, 1e19])
    rows[f"r{row + 1}"][column] = None if pd.isna(frame.loc[row, column]) else DOUBTFUL
    return Spoilt(rows=rows, content=frame, name="s.sav")


def of_parquet(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    frame, column = typed(rows), chance.choice(COLUMNS[1:])
    count = len(frame)
    kinds: list[Callable[[], Any]] = [
        lambda: np.array([10**12] * count, "datetime64[s]"), lambda: [[1]] * count, lambda: [{"a": 1}] * count,
        lambda: [b"\xff"] * count, lambda: pd.Categorical([[4, 5][n % 2] for n in range(count)]),
        lambda: [float("inf")] * count, lambda: [True] * count, lambda: pd.array([None] * count, "Int64"),
        lambda: pd.to_timedelta([1] * count, unit="D"), lambda: pd.date_range("2024", periods=count, tz="UTC"),
        lambda: pd.period_range("2024", periods=count, freq="M"), lambda: np.full(count, 4, "float32"),
    ]  # fmt: skip
    frame[column] = chance.choice(kinds)()
    return Spoilt(rows=rows, content=frame, name="s.parquet", any_values=True)


def of_frames(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    frame = typed(rows).astype(object)
    row, column = chance.randrange(len(frame)), chance.choice((*NUMBERS, "date", "seg", "wave"))
    frame.at[row, column] = chance.choice(ODD)  # noqa: PD008 – loc takes a list for several cells
    shape = chance.choice(["", "", "", "duplicated", "multi", "numbers", "empty", "index", "sparse", "arrow"])
    if shape == "duplicated":
        frame = pd.concat([frame, frame[[column]]], axis=1)
    elif shape == "multi":
        frame.columns = pd.MultiIndex.from_tuples([(name, 1) for name in frame])
    elif shape == "numbers":
        frame.columns = [number if chance.random() < 0.2 else name for number, name in enumerate(frame)]
    elif shape == "empty":
        frame = frame.head(0)
    elif shape == "index":
        frame = frame.set_index([pd.Index(["a"] * len(frame))])
    elif shape == "sparse":
        frame["q1"] = pd.arrays.SparseArray(typed(rows)["q1"].astype(float))
    elif shape == "arrow":
        frame["q1"] = typed(rows)["q1"].astype("int64[pyarrow]")
    return Spoilt(rows=rows, content=frame, name="", any_values=True)


def of_relations(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    customers = [[f"r{n + 1}", chance.choice(["2020-01-01", *DAYS, ""]), "other"] for n in range(len(rows))]
    referrals = [[chance.choice(["r1", "r2", "zz", ""]), chance.choice(["2023-05-05", *DAYS]), "r3"] for _ in range(6)]
    odd: list[Any] = [object(), [1], float("inf"), True, pd.Timestamp("9999-12-31"), None, b"x"]
    for table in (customers, referrals):
        if chance.random() < 0.5:
            table[chance.randrange(len(table))][chance.randrange(3)] = chance.choice(odd)
    tables = {
        "customers": pd.DataFrame(customers, columns=["customer", "acquired", "source"], dtype=object),
        "referrals": pd.DataFrame(referrals, columns=["referrer", "date", "new_customer"], dtype=object),
    }
    return Spoilt(rows=rows, content=typed(rows), name="", any_values=True, options={"customer": "id", **tables})


def of_groups(chance: random.Random) -> Spoilt:
    rows = clean(chance)
    name = chance.choice(list(rows))
    word = rows[name]["seg"]
    others = [word.upper(), word.lower(), f"{word} ", f"\u00a0{word}", f"{word}\u200b"]
    rows[name]["seg"] = chance.choice(others)
    return Spoilt(rows=rows, content=text_of(rows).encode())


def of_sizes(chance: random.Random) -> Spoilt:
    kind = chance.choice(["nothing", "one", "header", "long cell", "wide", "blank lines"])
    rows = clean(chance, 1 if kind == "one" else None)
    text = {"nothing": "", "header": text_of(rows).splitlines()[0]}.get(kind, text_of(rows))
    if kind == "long cell":
        rows["r2"]["text"] = "y" * 200_000
        text = text_of(rows)
    elif kind == "wide":
        text = "\n".join(f"{line};" + ";".join(map(str, range(300))) for line in text.splitlines())
    elif kind == "blank lines":
        text = text.replace("\n", "\n\n\n") + ";;;;\n" * 20
    return Spoilt(rows={} if kind in ("nothing", "header") else rows, content=text.encode(), any_values=kind == "one")


FAMILIES: dict[str, Callable[[random.Random], Spoilt]] = {
    name.removeprefix("of_"): made for name, made in list(globals().items()) if name.startswith("of_")
}
