"""What a notebook of this project keeps to; each fault is one line. Strict nbval cannot see most of them."""

import ast
import re
from collections import Counter

LONGEST_CELL = 10
SILENT = {"tpm.set_language"}  # expressions that show nothing
LIBRARIES = {"tpm_widgets", "pandas", "tempfile"}


def faults_of(notebook, places=()):
    """Name every fault of an executed notebook; ``places`` are folders of this machine, which outputs must not name."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    faults = [*_about_headings(notebook), *_about_parameters(code), *_about_names(code)]
    counts = [cell.execution_count for cell in code]
    if counts != list(range(1, len(code) + 1)):
        faults.append(f"not executed from top to bottom: {counts}")
    for number, cell in enumerate(code, start=1):
        faults += [f"cell {number}: {fault}" for fault in _about_cell(cell, places)]
    return faults


def _about_headings(notebook):
    prose = [
        re.sub(r"```.*?```", "", cell.source, flags=re.S) for cell in notebook.cells if cell.cell_type == "markdown"
    ]
    titles = [line for text in prose for line in text.splitlines() if re.match(r"# ", line)]
    if len(titles) != 1:
        yield f"one H1 expected, found {len(titles)}"
    elif not titles[0].rstrip().endswith("?"):
        yield f"the H1 is no question: {titles[0]}"
    elif not notebook.cells[0].source.startswith(titles[0]):
        yield "the H1 does not stand first"


def _about_parameters(code):
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        yield f"one cell tagged parameters expected, found {len(tagged)}"
    elif not any(name == "study" for name in _assigned(ast.parse(tagged[0].source))):
        yield "the parameters cell assigns no study"


def _about_names(code):
    names = Counter(name for cell in code for name in _assigned(_parsed(cell.source)))
    yield from (f"{name} is rebound" for name, count in names.items() if count > 1)


def _assigned(tree):
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name)) if target else ()


def _parsed(source):
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _about_cell(cell, places):
    tree = _parsed(cell.source)
    if not tree.body:
        yield "empty, or not plain Python"
        return
    if (lines := len(cell.source.splitlines())) > LONGEST_CELL:
        yield f"{lines} lines"
    yield from _about_code(tree)
    last = tree.body[-1]
    shows = isinstance(last, ast.Expr) and not (
        isinstance(last.value, ast.Call) and ast.unparse(last.value.func) in SILENT
    )
    if shows and not cell.outputs:
        yield f"shows nothing, but ends with {ast.unparse(last).splitlines()[0]}"
    if "nbval-ignore-output" in cell.metadata.get("tags", []) and "#" not in cell.source:
        yield "its output is not compared, and no reason stands beside it"
    text = str(cell.outputs)
    yield from (f"its output names {place}" for place in (*places, "ipykernel_") if place in text)
    if any(output.get("name") == "stderr" for output in cell.outputs):
        yield "it warns"


def _about_code(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield f"it defines {node.name}"
        modules = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"it imports {name}" for name in modules if name not in LIBRARIES)
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            yield f"it uses the private {node.attr}"
