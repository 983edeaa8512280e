"""Side by side with what else there is, in one run: ``python -m benchmarks`` or ``python -m benchmarks importance``.

All parts together write docs/benchmarks.md and the table of the README; parts that are named are only shown.
``--before FOLDER`` (another checkout) measures in the same run what its users waited for.
"""

from __future__ import annotations

import argparse
import shutil

from benchmarks import first, flow, page, pictures, threads
from benchmarks.cases import PARTS

WAITING = {  # what a user waits for; nobody to compare with but ourselves
    "first": first.section,
    "threads": threads.section,
    "flow": flow.section,
    "pictures": pictures.section,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time, memory and agreement with peers.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"of {', '.join([*PARTS, *WAITING])}; all where none is named"
    )
    parser.add_argument("--before", metavar="FOLDER", default="", help="another checkout, measured in the same run")
    given = parser.parse_args()
    named = given.parts
    if unknown := set(named) - {*PARTS, *WAITING}:
        parser.error(f"unknown parts {', '.join(sorted(unknown))}; there are {', '.join([*PARTS, *WAITING])}")
    print(page.heading(), "" if shutil.which("Rscript") else "R is not installed here: its rows are missing.")
    parts, waiting = [], []
    for name in named or [*PARTS, *WAITING]:
        if name in WAITING:
            waiting.append(WAITING[name](given.before))
            print(f"\n{waiting[-1]}", flush=True)
            continue
        title, cases = PARTS[name]
        results = [(case, case.run()) for case in cases]
        parts.append((title, results))
        print(f"\n{page.section(title, results)}", flush=True)
    if not named:
        page.write(parts, waiting, given.before)
        print(f"\nWritten to {page.PAGE} and {page.README}.")


if __name__ == "__main__":
    main()
