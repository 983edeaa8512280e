"""What is loaded on the way from a frame, or from files, to a first score: nothing that is not needed there."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

TOO_EARLY = [
    "bs4",
    "duckdb",
    "formulaic",
    "ipykernel",
    "IPython",
    "ipywidgets",
    "jinja2",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "openpyxl",
    "patsy",
    "polars",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "pygments",
    "pyreadstat",
    "scipy.interpolate",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.stats",
    "seaborn",
    "statsmodels",
    "typer",
]

FRAME = """
import pandas as pd
frame = pd.DataFrame({"recommend": [9, 10, 3, 8, 7, 9], "bread": [5, 4, 1, 4, 3, 5]})
study = tpm.make_study(frame, recommend="recommend", touchpoints=["bread"])
"""
FILES = """
study = tpm.sample_study("insurer")
"""
SCORE = """
print(tpm.net_promoter_score(study).summary())
print(*sys.modules)
"""


@pytest.mark.parametrize("study", [FRAME, FILES], ids=["frame", "files"])
def test_a_first_score_loads_only_what_it_needs(study):
    assert not [name for name in TOO_EARLY if find_spec(name) is None], "nothing that could not be loaded at all"
    program = f"import sys\nimport tpm_widgets as tpm\n{study}{SCORE}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    sentence, loaded = done.stdout.splitlines()
    assert "Net Promoter Score" in sentence
    assert not set(TOO_EARLY) & set(loaded.split())
