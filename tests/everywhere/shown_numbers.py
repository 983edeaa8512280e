"""Print what has to be the same on every machine: ``python -m tests.everywhere.shown_numbers``, one line of JSON.

The hashes of the simulated studies, and what the notebooks of the flow show without their pictures and panels: every
table and sentence with the digits that a reader sees, and the takeaways in both languages.
"""

import ast
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import get_args

import nbformat
import numpy as np
import threadpoolctl

import tpm_widgets as tpm
from tpm_widgets.study.simulate.sample_files import SAMPLES, draw_sample, write_sample

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("0*.ipynb"))
LEFT_OUT = ("tpm.plot_", "Panel(", "Panel,")  # pictures of these same numbers


def studies(drawn):
    """Hash of each sample as drawn and as read."""
    return {name: [study.data_hash, tpm.sample_study(name).data_hash] for name, study in drawn.items()}


def files(drawn, folder):
    """Hash of every file of every sample, as ``make samples`` writes it."""
    for name, study in drawn.items():
        write_sample(study, folder / name, name)
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in written}


def shown(path):
    """What the code of a notebook shows, cell by cell."""
    found = []
    names = {"display": lambda *values: found.extend(as_text(value) for value in values)}
    for cell in nbformat.read(path, as_version=4).cells:
        source = cell.source if cell.cell_type == "code" else ""
        for statement in ast.parse(source).body:
            code = ast.unparse(statement)
            if any(part in code for part in LEFT_OUT):
                continue
            if isinstance(statement, ast.Expr):
                found.append(as_text(eval(code, names)))
            else:
                exec(code, names)
    return found


def as_text(value):
    if isinstance(value, tpm.Result):
        both = [value.summary(language) for language in get_args(tpm.language.Language)]
        return [*both, value._repr_html_()]
    return value.to_html() if hasattr(value, "to_html") else repr(value)


def surroundings():
    """What this process runs with, so that the test can see that what it asked for was given."""
    pools = threadpoolctl.threadpool_info()
    features = np._core._multiarray_umath.__cpu_features__
    return {
        "kernels": sorted({pool["architecture"] for pool in pools if pool["user_api"] == "blas"}),
        "threads": sorted({pool["num_threads"] for pool in pools if pool["user_api"] == "blas"}),
        "features": [name for name, is_on in features.items() if is_on],
    }


if __name__ == "__main__":
    drawn = {name: draw_sample(name) for name in SAMPLES}
    found = {"surroundings": surroundings(), "studies": studies(drawn), "files": files(drawn, Path(sys.argv[1]))}
    found |= {path.stem: shown(path) for path in NOTEBOOKS}
    print(json.dumps(found))
