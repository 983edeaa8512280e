"""A simulated study → a folder that ``load_study`` reads: study.toml, one CSV file per table, truth.json, README.md.

``make samples`` runs ``python -m tpm_widgets.study.simulate.sample_files data/samples``; the same seed gives the same
bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from tpm_widgets.study.model import OTHER_TABLES, Study
from tpm_widgets.study.simulate.sample_readme import sample_readme
from tpm_widgets.study.simulate.simulate import PROFILES, Company, simulate_study

# The first seed: none was chosen for what it shows.
SAMPLES: dict[Company, dict[str, Any]] = {
    "insurer": {"title": "An insurance company", "seed": 1, "respondents": 2_500, "touchpoints": 18, "waves": 8},
    "hotels": {
        "title": "A hotel group that promised anonymity",
        "seed": 1,
        "respondents": 2_000,
        "touchpoints": 14,
        "waves": 9,
    },
    "software": {
        "title": "A software company that knows its survey only",
        "seed": 1,
        "respondents": 1_500,
        "touchpoints": 12,
        "waves": 6,
    },
}
NOT_EXPERIENCED, NO_ANSWER = 6, 0


def draw_sample(name: Company) -> Study:
    """Simulate one of the samples."""
    options = {key: value for key, value in SAMPLES[name].items() if key != "title"}
    return replace(simulate_study(**options, company=name), name=name, title=SAMPLES[name]["title"])


def write_sample(study: Study, folder: Path, company: Company = "insurer") -> None:
    """Write a simulated study of a company with everything that belongs to it."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = file_tables(study)
    for name, table in tables.items():
        text = as_written(table).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")
        write_text(folder / f"{name}.csv", text)
    truth = rounded(study.truth)
    write_text(folder / "study.toml", study_toml(study))
    write_text(folder / "truth.json", json.dumps(truth, indent=2, ensure_ascii=False) + "\n")
    write_text(folder / "README.md", sample_readme(study, truth, tables, PROFILES[company]))


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with plain line ends on every system."""
    path.write_bytes(text.encode())


def file_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables as survey tools and databases hold them: ratings with codes, the comment at the end."""
    codes = study.ratings.copy()
    codes = codes.mask(codes.isna() & study.experienced.eq(False).fillna(False), NOT_EXPERIENCED).fillna(NO_ANSWER)
    survey = pd.concat([study.survey.drop(columns="text"), codes, study.survey["text"]], axis=1)
    others = {name: getattr(study, name) for name in OTHER_TABLES}
    return {"survey": survey, **{name: table for name, table in others.items() if table is not None}}


def as_written(table: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers without decimals, flags as yes and no."""
    table = table.copy()
    for name, column in table.items():
        if pd.api.types.is_bool_dtype(column.dtype):
            table[name] = column.map({True: "yes", False: "no"})
        elif pd.api.types.is_float_dtype(column.dtype) and bool((column.dropna() % 1 == 0).all()):
            table[name] = column.astype("Int64")
    return table


def rounded(value: Any) -> Any:
    """Nine decimals, so that no processor's last digit reaches a file."""
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return round(value, 9) if isinstance(value, float) else value


SIMULATED = "simulated = true"  # in a copy that somebody fills with data, what is left of the sample is told from them


def study_toml(study: Study) -> str:
    """Write the settings of the study as somebody would write them by hand."""
    roles = [name for name in study.survey.columns if name not in study.segments]
    touchpoints = "".join(f'    "{name}",\n' for name in study.touchpoint_names)
    period = study.period
    lines = [
        "[study]",
        f'name = "{study.name}"',
        f'title = "{study.title}"',
        f"min_group = {study.min_group}",
        "",
        "[survey]",
        'file = "survey.csv"',
        SIMULATED,
        *(f'{role} = "{role}"' for role in roles),
        f"segments = {json.dumps(list(study.segments))}",
        f"recommend_scale = {json.dumps(study.recommend_scale)}",
        "rating_scale = [1, 5]",
        f"not_experienced = [{NOT_EXPERIENCED}]",
        f"no_answer = [{NO_ANSWER}]",
        f"touchpoints = [\n{touchpoints}]",
    ]
    for name in OTHER_TABLES:
        if getattr(study, name) is not None:
            lines += ["", f"[{name}]", f'file = "{name}.csv"', SIMULATED]
    if period.recording_start is not None:
        lines += [
            "",
            "[period]",
            f"recording_start = {period.recording_start:%Y-%m-%d}",
            f"observed_until = {period.observed_until:%Y-%m-%d}",
            f"window = {period.window}",
        ]
    lines += [
        "",
        "[linkage]",
        f"permitted = {json.dumps(study.linkage['permitted'])}",
        f'basis = "{study.linkage["basis"]}"',
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(
            "Name the folder to write the samples into: python -m tpm_widgets.study.simulate.sample_files data/samples"
        )
    for sample in SAMPLES:
        write_sample(draw_sample(sample), Path(sys.argv[1]) / sample, sample)
