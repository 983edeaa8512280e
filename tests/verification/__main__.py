"""``make verify``: what the package says of itself, held against studies whose truth is known; a dated page, limits.

Every check has its seeds and its limits fixed beforehand, in its own module.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from tests.verification import asymmetry, churn, driver_lists, interval_coverage, random_predictors, share_coverage
from tests.verification.foreign import foreign_coverage as foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for: ``share`` of the seeds, and whether the truth is taken as it is kept."""

    share: float
    kept_truth: bool
    out: Path

    def some(self, seeds: Sequence[int]) -> Sequence[int]:
        """Return the first seeds, as many as were asked for."""
        return seeds[: max(1, round(self.share * len(seeds)))]


Outcome = tuple[pd.DataFrame, str, list[str]]  # a table to keep, words for the page, limits that were passed


def coverage(options: Options) -> Outcome:
    """Intervals of every verb."""
    if options.kept_truth:
        true = interval_coverage.kept_truth()
    else:
        print("The truth, from a million answers", flush=True)
        true = interval_coverage.truth()
        interval_coverage.keep_truth(true)
    runs = run(interval_coverage.one_seed, options.some(interval_coverage.SEEDS), "coverage")
    table = interval_coverage.coverage(runs, true)
    return table.reset_index(), interval_coverage.in_words(table), interval_coverage.faults(table)


def unequal_churn(options: Options) -> Outcome:
    """Equal deeds under unequal churn."""
    runs = run(churn.one_seed, options.some(churn.SEEDS), "churn")
    return runs, churn.in_words(runs), churn.faults(runs)


def five_lists(options: Options) -> Outcome:
    """Saying against doing, in three designs."""
    runs = pd.concat(
        run(partial(driver_lists.one_seed, name), options.some(design.seeds), f"lists, {name}")
        for name, design in driver_lists.DESIGNS.items()
    )
    return runs, driver_lists.in_words(runs), driver_lists.faults(runs)


def shares(options: Options) -> Outcome:
    """Shares of importance: their value, and their intervals."""
    print("Shares, from a million answers", flush=True)
    recovery = share_coverage.recovery()
    runs = run(share_coverage.one_seed, options.some(share_coverage.SEEDS), "shares")
    return runs, share_coverage.in_words(runs, recovery), share_coverage.faults(runs, recovery)


def dice(options: Options) -> Outcome:
    """Random numbers among the touchpoints."""
    runs = run(random_predictors.one_seed, options.some(random_predictors.SEEDS), "dice")
    return runs, random_predictors.in_words(runs), random_predictors.faults(runs)


def factors(options: Options) -> Outcome:
    """Disappointment, OK, delight: intervals of the asymmetry, and the probability of a factor."""
    runs = run(asymmetry.one_seed, options.some(asymmetry.COVERAGE_SEEDS), "asymmetry")
    chances = run(asymmetry.calibration_seed, options.some(asymmetry.CALIBRATION_SEEDS), "probability of factors")
    return runs, asymmetry.in_words(runs, chances), asymmetry.faults(runs, chances)


def foreign_designs(options: Options) -> Outcome:
    """What real surveys bring: repeated answers, weights, few customers, silence, rare and heavy-tailed deeds."""
    runs = run(foreign.one_seed, options.some(foreign.SEEDS), "foreign designs")
    return runs, foreign.in_words(runs), foreign.faults(runs)


CHECKS = {
    "foreign": foreign_designs,
    "driver_lists": five_lists,
    "churn": unequal_churn,
    "shares": shares,
    "dice": dice,
    "factors": factors,
    "coverage": coverage,
}


def main() -> None:
    """Run all, write the page, and leave with an error where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="share of the seeds of each check")
    parser.add_argument("--only", nargs="+", choices=CHECKS, default=list(CHECKS), help="these checks")
    parser.add_argument("--out", type=Path, default=Path("build/verify"))
    parser.add_argument("--page", type=Path, help="a second place for the page, such as docs/verification.md")
    parser.add_argument("--kept-truth", action="store_true", help="take the truth as it was last computed")
    chosen = vars(parser.parse_args())
    only, page = chosen.pop("only"), chosen.pop("page")
    options = Options(**chosen)

    options.out.mkdir(parents=True, exist_ok=True)
    today = datetime.date.today().isoformat()
    text, faults = [f"# Verification, {today}, tpm_widgets {version('tpm_widgets')}"], []
    for name in only:
        table, words, passed = CHECKS[name](options)
        table.to_csv(options.out / f"{name}.csv", index=False)
        text.append(words)
        faults += passed
    text.append("Outside the limits: " + "; ".join(faults) if faults else "Everything lies within its limits.")
    path = options.out / f"verification-{today}.md"
    for place in (path, page) if page else (path,):
        place.write_text("\n\n".join(text) + "\n", encoding="utf-8")
    print(path.read_text() + f"\nWritten to {path}")
    if faults:
        raise SystemExit(text[-1])


def run(one_seed: Callable[[int], pd.DataFrame], seeds: Iterable[int], title: str) -> pd.DataFrame:
    """Every seed's table under one another, on two cores, with progress."""
    return pd.concat(_tables(one_seed, list(seeds), title), ignore_index=True)


def _tables(one_seed: Callable[[int], pd.DataFrame], seeds: list[int], title: str) -> Iterator[pd.DataFrame]:
    with ProcessPoolExecutor(2) as pool:
        for done, table in enumerate(pool.map(one_seed, seeds, chunksize=4), start=1):
            yield table
            if done % 50 == 0 or done == len(seeds):
                print(f"{title}: {done} of {len(seeds)} studies", flush=True)


if __name__ == "__main__":
    main()
