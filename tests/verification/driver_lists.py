"""Do touchpoints land in the list that they belong to? The simulated insurer, whose roles are known, in three designs.

18 touchpoints; δ = .03 for saying and .01 for doing. Strong are all touchpoints that
drive anything: their true average effects lie outside ±δ (the quick test holds them against ``Study.truth``). What is
expected was written down before the designs were run:

- everywhere, of the drivers of both or of nothing at most 5 % are called "talk only", and of the strong ones at most
  5 % stand in a list that is neither their own nor "undecided";
- where events suffice, every strong touchpoint is in its list in at least 90 % of the studies;
- where they do not (below 10 per coefficient), most touchpoints remain undecided, as the caveat says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

import tpm_widgets as tpm

WRONG, RIGHT = 0.05, 0.9
NEGLIGIBLE = (0.03, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One way to draw the insurer: arguments of ``simulate_study``, the seeds, and whether its events suffice."""

    study: Mapping[str, float]
    seeds: range
    suffice: bool


DESIGNS = {
    # About 29,700 answers followed to the end, 23 % of whom recommended: 190 events per coefficient.
    "many events": Design(study={"respondents": 40_000}, seeds=range(1, 201), suffice=True),
    # 1,800 answers followed, 6 % of whom recommended: 3 events per coefficient. An interval of a deed can just lie
    # within ±.01, and drivers of deeds are 2 to 3 of their standard errors strong: here "talk only" is soon said.
    "few events": Design(study={"respondents": 2_500, "deed_rate": 0.04}, seeds=range(2_000, 2_500), suffice=False),
    # Half of the ratings' variance is common to all, and the mood moves the answer twice as much: 110 events per
    # coefficient.
    "strong halo": Design(
        study={"respondents": 40_000, "deed_rate": 0.1, "halo": 0.5, "halo_on_score": 0.6},
        seeds=range(3_000, 3_200),
        suffice=True,
    ),
}


def one_seed(name: str, seed: int) -> pd.DataFrame:
    """Each touchpoint's list: ``touchpoint, verdict, role, seed, design, events_per_coefficient``."""
    study = tpm.simulate_study(seed=seed, **DESIGNS[name].study)
    found = tpm.compare_drivers(study, negligible=NEGLIGIBLE, replicates=20)
    table = found.table[["touchpoint", "verdict"]]
    role = table["touchpoint"].map(study.truth["roles"])
    return table.assign(role=role, seed=seed, design=name, events_per_coefficient=found.events_per_coefficient)


def in_short(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per design: ``studies, events_per_coefficient, all_right, strong_wrong, talk_only_wrong, undecided``.

    ``all_right``: share of the studies that put every strong touchpoint into its list. ``strong_wrong``: share of the
    strong ones in a list that is neither their own nor "undecided". ``talk_only_wrong``: share of the drivers of both
    or of nothing that were called "talk only". ``undecided``: share of all touchpoints.
    """
    return pd.DataFrame({name: _in_short(part) for name, part in runs.groupby("design", sort=False)}).T


def _in_short(runs: pd.DataFrame) -> dict[str, float]:
    strong = runs[runs["role"] != "neither"]
    right, undecided = strong["role"] == strong["verdict"], strong["verdict"] == "undecided"
    others = runs[runs["role"].isin(["both", "neither"])]
    return {
        "studies": runs["seed"].nunique(),
        "events_per_coefficient": runs["events_per_coefficient"].mean(),
        "all_right": right.groupby(strong["seed"]).all().mean(),
        "strong_wrong": (~right & ~undecided).mean(),
        "talk_only_wrong": (others["verdict"] == "talk only").mean(),
        "undecided": (runs["verdict"] == "undecided").mean(),
    }


def in_words(runs: pd.DataFrame) -> str:
    """Say for the dated page which lists the touchpoints came into."""
    lines = [
        "The five lists, 18 touchpoints. *All right*: studies with every strong touchpoint in its list (at least "
        f"{RIGHT:.0%} where events suffice). *Strong, wrong*: strong touchpoints in a list that is neither theirs nor "
        f"undecided (at most {WRONG:.0%}). *Talk only, wrong*: drivers of both or of nothing called talk only (at most "
        f"{WRONG:.0%}). *Undecided*: of all touchpoints (more than half where events do not suffice).",
        "",
        "| design | studies | events per coefficient | all right | strong, wrong | talk only, wrong | undecided |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row.studies:.0f} | {row.events_per_coefficient:.0f} | {row.all_right:.1%} | "
        f"{row.strong_wrong:.2%} | {row.talk_only_wrong:.2%} | {row.undecided:.1%} |"
        for name, row in in_short(runs).iterrows()
    ]
    return "\n".join(lines)


def faults(runs: pd.DataFrame) -> list[str]:
    """Name what was not as expected."""
    found = []
    for name, row in in_short(runs).iterrows():
        if row["talk_only_wrong"] > WRONG:
            found.append(f"{name}: wrongly talk only: {row['talk_only_wrong']:.3f}, limit {WRONG}")
        if row["strong_wrong"] > WRONG:
            found.append(f"{name}: strong touchpoints in a wrong list: {row['strong_wrong']:.3f}, limit {WRONG}")
        if DESIGNS[str(name)].suffice and row["all_right"] < RIGHT:
            found.append(f"{name}: every strong touchpoint in its list: {row['all_right']:.3f}, limit {RIGHT}")
        if not DESIGNS[str(name)].suffice and row["undecided"] <= 0.5:
            found.append(f"{name}: undecided: {row['undecided']:.3f}, limit 0.5")
    return found
