"""Side by side with what else there is, in one run: ``python -m benchmarks`` or ``python -m benchmarks importance``.

All parts together write docs/benchmarks.md and the table of the README; parts that are named are only shown.
"""

from __future__ import annotations

import argparse
import shutil

from benchmarks import page
from benchmarks.cases import PARTS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time, memory and agreement with peers.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all where none is named")
    named = parser.parse_args().parts
    if unknown := set(named) - set(PARTS):
        parser.error(f"unknown parts {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(page.heading(), "" if shutil.which("Rscript") else "R is not installed here: its rows are missing.")
    parts = []
    for name in named or PARTS:
        title, cases = PARTS[name]
        results = [(case, case.run()) for case in cases]
        parts.append((title, results))
        print(f"\n{page.section(title, results)}", flush=True)
    if not named:
        page.write(parts)
        print(f"\nWritten to {page.PAGE} and {page.README}.")


if __name__ == "__main__":
    main()
