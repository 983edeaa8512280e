"""Which sentences does no test, doctest or notebook output hold? ``python -m tests.verification.held_sentences``.

A sentence is held as a whole where its template, with any values, is found in one text of the tests or in an output;
in part where the longest run of its own words is.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tpm_widgets"
TEXTS = {"say": 1, "say_n": 2}
LONG = 40  # characters of its own; what is shorter is a label


def templates() -> Iterator[tuple[str, str]]:
    """Every long template, with the file and line of its call."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXTS:
                for text in node.args[: TEXTS[node.func.id]]:
                    if isinstance(text, ast.Constant) and len("".join(runs(text.value))) >= LONG:
                        yield f"{path.relative_to(ROOT)}, line {node.lineno}", text.value


def runs(template: str) -> list[str]:
    """The words of a template between its values."""
    return [text for text, _, _, _ in Formatter().parse(template) if text]


def known_texts() -> list[str]:
    """What tests and doctests say, and what notebooks put out."""
    found = []
    for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]:
        found += [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_text(node)]
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
                found.append(ast.get_docstring(node) or "")
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                found += ["".join(text) for text in output.get("data", {}).values() if isinstance(text, (str, list))]
                found.append("".join(output.get("text", [])))
    return [re.sub(r"\s+", " ", text).replace("\\", "") for text in set(found) if len(text) > 20]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def held(template: str, texts: list[str]) -> str:
    """Tell whether the texts hold a template as a ``whole``, in ``part``, or ``not``."""
    own = template.replace("\\", "")
    longest = max(runs(own), key=len).strip()
    holding = [text for text in texts if longest in text]
    whole = re.compile(".{1,300}?".join(re.escape(gap) for gap in re.split(r"\{[^{}]*\}", own)))
    if any(whole.search(text) for text in holding):
        return "whole"
    return "part" if holding else "not"


def main() -> None:
    texts = known_texts()
    found = [(where, template, held(template, texts)) for where, template in templates()]
    for where, template, how in found:
        if how == "not":
            print(f"{where}: {template}")
    counts = {how: sum(1 for *_, one in found if one == how) for how in ("whole", "part", "not")}
    print(
        f"{len(found)} long sentences; held as a whole {counts['whole']}, in part {counts['part']}, not {counts['not']}"
    )


if __name__ == "__main__":
    main()
