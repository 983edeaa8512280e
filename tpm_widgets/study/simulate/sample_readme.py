"""The README of a simulated sample, made from its tables and its truth, so that it cannot differ from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tpm_widgets.study.model import Study
from tpm_widgets.study.simulate.companies.profile import Profile
from tpm_widgets.study.simulate.sample_words import COLUMNS, GROUPS, KINDS, SCALARS


def sample_readme(study: Study, truth: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], profile: Profile) -> str:
    """Write what is in the files, in which units and codes, and the truth that they were drawn from."""
    linked, houses = profile.kind == "linked", "say_house" in truth
    company = "" if linked else f', company="{study.name}"'
    parts = [
        f"# {study.title}",
        "An invented company with invented customers, drawn from a model whose every parameter is known: what an "
        "analysis finds can be held against the truth below. Nothing in it is about real people, and no text is a real "
        "person's.",
        f"Drawn by `simulate_study(seed={truth['seed']}, respondents={truth['respondents']}, "
        f"touchpoints={len(truth['touchpoints'])}, waves={len(truth['waves'])}{company})` and written by "
        "`make samples`, byte for byte the same each time. Do not edit the files by hand. `tpm.sample_study("
        f'"{study.name}")` loads them; its `.truth` is `truth.json`.',
        *([] if linked else [KINDS[profile.kind]]),
        recorded(study)
        + "CSV files in UTF-8, comma between cells, point in numbers, days as YYYY-MM-DD, empty cells are missing. Yes "
        "and no are written as words.",
        "## Files",
        markdown(["file", "rows", "columns"], [[f"{n}.csv", len(t), t.shape[1]] for n, t in tables.items()]),
        *column_lists(study, tables, profile.meanings),
        "## The truth",
        "With r a rating, m its expected value (`centre`), e = 1 where the touchpoint was ever experienced, and "
        "h ~ N(0, 1) a customer's halo:",
        "- rating = round(location + spread·(√halo·h + √(1 − halo)·noise)), cut to 1–5; a customer keeps his ratings "
        "in all waves, but for the improvement\n"
        "- answer = round(intercept + Σ say·e·(r − m) + Σ say_never·(1 − e) + halo_on_score·h + age + region + "
        f"{'house + ' if houses else ''}N(0, noise)), cut to 0–10\n"
        "- recommendations a day ~ Poisson(daily_rate·exp(Σ do·e·(r − m) + Σ do_never·(1 − e) + age"
        f"{' + house' if houses else ''}))\n"
        "- hazard of leaving, a year = churn·exp(−churn_by_score·(noiseless answer − mean_score))",
        "Rounding and the cut at 10 shrink the coefficients of a linear regression of the answer to about 90 %; the "
        "halo, left out of it, adds about .03 to each.",
        touchpoint_truth(study, truth),
        "`promoter_effect` and `referred_effect` are `say` and `do` on the scale of shares: the average slope of "
        "P(promoter) and of P(recommends within 365 days) per rating point, over the answers, with complete follow-up. "
        "The halo adds about .01 to the former. Answers before the improvement, followed up beyond it, show less of "
        "the improved touchpoint's effect on deeds.",
        improvement_truth(study, truth),
        *deeds_truth(truth, tables),
        markdown(["parameter", "value", "meaning"], [[f"`{k}`", truth[k], text] for k, text in SCALARS.items()]),
        markdown(
            ["parameter", "values", "meaning"],
            [[f"`{k}`", ", ".join(f"{g} {v}" for g, v in truth[k].items()), text] for k, text in GROUPS.items()],
        ),
        *(house_truth(truth) if houses else []),
    ]
    return "\n\n".join(parts) + "\n"


def recorded(study: Study) -> str:
    """Say when deeds were recorded, where they were."""
    period = study.period
    if period.recording_start is None:
        return ""
    return f"Deeds are recorded from {period.recording_start:%Y-%m-%d} to {period.observed_until:%Y-%m-%d}. "


def deeds_truth(truth: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say what really happened, as far as the files tell of it."""
    parts = []
    if "customers" in tables:
        new = truth["new_customers"]
        parts.append(
            f"**New customers.** {new['recommendation']} really came because of a recommendation, {new['other']} "
            f"otherwise: a referral rate of {new['recommendation'] / (new['recommendation'] + new['other']):.3f}. Some "
            "of them were won by recommendations of the half year before the recording, which are not in "
            "referrals.csv."
        )
    if "recommended_12m" in truth:
        did = ", ".join(f"{share:.3f} of the {kind}s" for kind, share in truth["recommended_12m"].items())
        parts.append(
            f"**Deeds.** {did} really recommended in the 12 months before they answered; `recall` of them say so, and "
            "`false_recall` of the others do."
        )
    if "incidents" in tables:
        parts.append(
            "**Complaints.** However a complaint was settled, it changes neither what its customer says nor what he "
            "does: any recovery paradox found here is chance."
        )
    return parts


def house_truth(truth: Mapping[str, Any]) -> list[str]:
    """List what each house adds, and how the two hang together between the houses."""
    names = ("house_share", "say_house", "do_house")
    rows = [[house, truth["house_region"][house], *(truth[name][house] for name in names)] for house in truth[names[0]]]
    relation = truth["house_relation"]
    return [
        "**Houses.** `say_house` is added to the answer, `do_house` to the log rate of recommendations. Between the "
        "houses, the expected answer and the expected rate of recommendations have a Pearson correlation of "
        f"{relation['pearson']:.2f} and a Spearman correlation of {relation['spearman']:.2f}: houses that are praised "
        "more are recommended more, by and large. The region adds nothing of its own.",
        markdown(["house", "region", *names], rows),
    ]


def improvement_truth(study: Study, truth: Mapping[str, Any]) -> str:
    """Say which touchpoint was improved when and by how much."""
    change = truth["improvement"]
    if change is None:
        return "**Improvement.** No touchpoint was improved."
    name = change["touchpoint"]
    return (
        f"**Improvement.** {study.labels[name]} (`{name}`) is improved on {change['date']}, before wave "
        f"{change['wave']}: {change['size']} points before rounding, so that its expected rating rises from "
        f"{truth['centre'][name]:.2f} to {change['centre']:.2f} among those who experience it."
        + (" In actions.csv it is the measure that is done." if study.actions is not None else "")
    )


def column_lists(study: Study, tables: Mapping[str, pd.DataFrame], meanings: Mapping[str, str]) -> list[str]:
    """One list of columns per file; the ratings share one row."""
    parts = []
    for name, table in tables.items():
        rows = [[f"`{c}`", meanings.get(f"{name}.{c}", COLUMNS[name][str(c)])] for c in table if c not in study.ratings]
        if name == "survey":
            named = ", ".join(f"`{touchpoint}`" for touchpoint in study.touchpoint_names)
            rating = "rating 1 very bad … 5 very good; **6 = never experienced, 0 = no answer**"
            rows.insert(len(rows) - 1, [named, rating])
        parts += [f"### {name}.csv", markdown(["column", "meaning"], rows)]
    return parts


def touchpoint_truth(study: Study, truth: Mapping[str, Any]) -> str:
    """List what each touchpoint drives: effects per rating point, and of never having experienced it."""
    names = ("reach", "location", "spread", "centre", "say", "say_never", "do", "do_never")
    effects = ("promoter_effect", "referred_effect")
    rows = [
        [
            study.labels[t],
            *(f"{truth[name][t]:.2f}" for name in names),
            *(f"{truth[name][t]:.3f}" for name in effects),
            truth["roles"][t],
        ]
        for t in study.touchpoint_names
    ]
    return markdown(["touchpoint", *names, *effects, "drives"], rows)


def markdown(head: list[str], rows: list[list[Any]]) -> str:
    """Write a table in Markdown; upright strokes in cells are escaped."""
    lines = [head, ["--"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
