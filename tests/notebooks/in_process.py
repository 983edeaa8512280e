"""Run the code cells of a notebook in this process, on any study: what Jupyter would do, without a kernel."""

import ast
from functools import cache

from tpm_widgets.attempt import MISSING
from tpm_widgets.report.notebooks import point_at, read_notebook, shipped

FLOW = ("00_your_data", "01_as_is", "02_strategy", "03_plan", "04_control")


@cache
def cells(name):
    """The code of one of the five, as it runs on another study than the sample."""
    notebook = read_notebook(shipped() / f"{name}.ipynb")
    point_at(notebook, ".")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def run_notebook(name, study):
    """Run one of the five on a study; return what each cell showed, as (source, what was shown, as its mime types)."""
    shown = []

    def show(source, *values):
        for value in values:
            bundle = getattr(value, "_repr_mimebundle_", dict)() or {}
            if "text/html" not in bundle and hasattr(value, "_repr_html_"):
                bundle["text/html"] = value._repr_html_()
            shown.append((source, value, bundle))

    for number, source in enumerate(cells(name), start=1):
        *body, last = ast.parse(source.replace('tpm.load_study(".")', "given")).body
        if number == 1:
            names = {"given": study}
        names["display"] = lambda *values, source=source: show(source, *values)
        if not isinstance(last, ast.Expr):
            body.append(last)
        exec(compile(ast.Module(body, []), f"{name}, cell {number}", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"{name}, cell {number}", "eval"), names)
            if value is not None:
                show(source, value)
    return shown


def is_missing(bundle):
    return MISSING in bundle
