"""``make verify``: coverage and unequal churn on 1,000 fixed seeds, five lists on 200: a dated table with limits."""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from tests.verification import churn, driver_lists, interval_coverage

TRUTH = Path(__file__).with_name("truth.json")
EACH, POOLED = (0.92, 0.98), (0.94, 0.96)


def main() -> None:
    """Run all, write the table, and leave with an error where a limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=1_000, help="studies for the coverage of intervals")
    options.add_argument("--churn-seeds", type=int, default=len(churn.SEEDS), help="draws with unequal churn")
    options.add_argument("--list-seeds", type=int, default=len(driver_lists.SEEDS), help="studies for the five lists")
    options.add_argument("--out", type=Path, default=Path("build/verify"))
    options.add_argument("--stored-truth", action="store_true", help="take the truth as it was last computed")
    chosen = options.parse_args()

    true = pd.Series(json.loads(TRUTH.read_text())) if chosen.stored_truth else new_truth()
    first = interval_coverage.FIRST_SEED
    table = interval_coverage.coverage(run(interval_coverage.one_seed, range(first, first + chosen.seeds)), true)
    chosen.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(chosen.out / "coverage.csv")
    pooled = table["covered"].sum() / table["runs"].sum()
    draws = run(churn.one_seed, churn.SEEDS[: chosen.churn_seeds])
    draws.to_csv(chosen.out / "churn.csv", index=False)
    fooled = churn.shares_of_seeds(draws)
    lists = run(driver_lists.one_seed, driver_lists.SEEDS[: chosen.list_seeds])
    lists.to_csv(chosen.out / "driver_lists.csv", index=False)
    right, talk_only = driver_lists.seeds_all_right(lists), driver_lists.wrongly_talk_only(lists)

    text = page(table, pooled, right, talk_only, chosen.seeds, chosen.list_seeds, churn.in_words(fooled, draws))
    path = chosen.out / f"verification-{datetime.date.today().isoformat()}.md"
    path.write_text(text)
    print(f"{text}\nWritten to {path}")
    faults = [f"{name}: {share:.3f}" for name, share in table["coverage"].items() if not EACH[0] <= share <= EACH[1]]
    if not POOLED[0] <= pooled <= POOLED[1]:
        faults.append(f"pooled: {pooled:.4f}")
    faults += [f"{name}: {fooled[name]:.3f}" for name in churn.FINDS_NOTHING if fooled[name] < churn.AT_LEAST]
    if fooled["naive_finds_one"] < 0.9:
        faults.append(f"the naive table finds a difference: {fooled['naive_finds_one']:.3f}")
    if right < 0.9:
        faults.append(f"every strong touchpoint in its list: {right:.3f}")
    if talk_only > 0.05:
        faults.append(f"wrongly talk only: {talk_only:.3f}")
    if faults:
        raise SystemExit("Outside the limits: " + "; ".join(faults))


def new_truth() -> pd.Series:
    """Compute the truth from a million answers, and keep it for the quick test."""
    print("The truth, from a million answers", flush=True)
    true = interval_coverage.truth()
    TRUTH.write_text(json.dumps(true.to_dict(), indent=1) + "\n")
    return true


def run(one_seed: Callable[[int], pd.DataFrame], seeds: Iterable[int]) -> pd.DataFrame:
    """Every seed's table under one another, on two cores, with progress."""
    seeds, tables = list(seeds), []
    with ProcessPoolExecutor(2) as pool:
        for done, table in enumerate(pool.map(one_seed, seeds, chunksize=4), start=1):
            tables.append(table)
            if done % 50 == 0 or done == len(seeds):
                print(f"{one_seed.__module__}: {done} of {len(seeds)} studies", flush=True)
    return pd.concat(tables, ignore_index=True)


def page(
    table: pd.DataFrame, pooled: float, right: float, talk_only: float, seeds: int, list_seeds: int, unequal_churn: str
) -> str:
    """The dated page."""
    rows = [
        f"| {name} | {row.truth:.4f} | {row.mean_estimate:.4f} | {row.runs} | {row.coverage:.3f} |"
        for name, row in zip(table.index, table.itertuples(), strict=True)
    ]
    return "\n".join(
        [
            f"# Verification, {datetime.date.today().isoformat()}, tpm_widgets {version('tpm_widgets')}",
            "",
            f"Coverage of 95 % intervals: {seeds} studies of {interval_coverage.ANSWERS} answers, "
            f"{interval_coverage.DESIGN}; truth from {interval_coverage.TRUTH_ANSWERS} answers. "
            f"Pooled {pooled:.4f} of {int(table['runs'].sum())} intervals; each between {table['coverage'].min():.3f} "
            f"and {table['coverage'].max():.3f}.",
            "",
            f"The five lists: {list_seeds} studies of {driver_lists.ANSWERS} answers. Every strong touchpoint in its "
            f"list in {right:.1%} of the studies; drivers of both or of nothing called talk only: {talk_only:.2%}.",
            "",
            unequal_churn,
            "",
            "| quantity | truth | mean estimate | intervals | coverage |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    main()
