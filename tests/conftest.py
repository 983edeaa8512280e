"""What several tests need: a real browser where this machine has one, small notebooks, small studies."""

import os
import shutil
from contextlib import suppress

import nbformat
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tpm_widgets.study.model import Period, Study

# The same examples in every run and on every machine, and no clock: what passes here passes there, however busy.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")
# Else the numbers that stand in the package's source are among the examples: those of the modules that happen to have
# been loaded by then, all of which every process would parse.
with suppress(ImportError):  # earlier versions do not look for them
    from hypothesis.internal.conjecture import providers

    providers.is_local_module_file = lambda path: False

BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


STUDY = """[study]
title = "Bakery <b>& sons</b>"

[survey]
file = "survey.csv"
recommend = "recommend"
touchpoints = ["bread", "shop"]
recommend_scale = [0, 10]
rating_scale = [1, 5]
"""


@pytest.fixture(scope="session")
def chromium():
    """The path of Chromium; without it the test is skipped, and in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "no Chromium; to install: sudo apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return path


@pytest.fixture(scope="module")
def browser(chromium):
    """A running Chromium, one for each file: Playwright allows one at a time in a process, and keeps a loop running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield started
        started.close()


LIBRARIES = ["pandas", "polars", "polars lazy", "duckdb", "pyarrow", "parquet file", "parquet folder"]


@pytest.fixture(params=LIBRARIES)
def in_library(request, tmp_path):
    """Hand over a pandas frame as a table of each library in turn, or as the path of a file or a folder."""

    def hand_over(frame):
        if request.param == "pandas":
            return frame
        path = tmp_path / f"table_{len(list(tmp_path.iterdir()))}"
        if request.param == "parquet file":
            frame.to_parquet(path.with_suffix(".parquet"), row_group_size=700, index=False)
            return path.with_suffix(".parquet")
        if request.param == "parquet folder":
            path.mkdir()
            half = len(frame) // 2
            for place, part in enumerate((frame.iloc[:half], frame.iloc[half:])):
                part.to_parquet(path / f"{place}.parquet", index=False)
            return str(path)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        if request.param == "pyarrow":
            return table
        if request.param == "duckdb":
            return pytest.importorskip("duckdb").connect().from_arrow(table)
        made = pytest.importorskip("polars").from_pandas(frame)
        return made.lazy() if request.param == "polars lazy" else made

    hand_over.library = request.param
    return hand_over


@pytest.fixture
def study_folder(tmp_path):
    """A folder with a survey of six answers, all of them clean."""
    folder = tmp_path / "bakery"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    survey = pd.DataFrame({"recommend": [9, 10, 3, 8, 7, 9], "bread": [5, 4, 1, 4, 3, 5], "shop": [4, 4, 2, 3, 5, 5]})
    survey.to_csv(folder / "survey.csv", index=False)
    return folder


@pytest.fixture
def notebook():
    """Make a notebook from cells: text that begins with "#" is prose, a pair is code and its tag."""

    def make(*cells):
        made = []
        for cell in cells:
            source, tags = cell if isinstance(cell, tuple) else (cell, [])
            kind = new_markdown_cell if source.startswith("#") else new_code_cell
            made.append(kind(source, metadata={"tags": [tags]} if tags else {}))
        return new_notebook(cells=made)

    return make


@pytest.fixture
def save():
    return nbformat.write


def _dated(frame, *columns):
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns if name in frame})


@pytest.fixture
def linked_study():
    """Make a study from answers (customer, date, recommend, …), customers and referrals, given as lists or columns."""

    def make(answers, customers=None, referrals=(), start="2023-01-01", until="2024-12-31", window=365, **more):
        survey = _dated(pd.DataFrame(answers), "date")
        if customers is None:
            customers = {"customer": survey["customer"].dropna().unique(), "acquired": "2020-01-01"}
        people = _dated(pd.DataFrame(customers), "acquired", "left")
        if not isinstance(referrals, pd.DataFrame):
            referrals = pd.DataFrame(list(referrals), columns=["referrer", "date"])
        nothing = pd.DataFrame(index=survey.index)
        return Study(
            name="linked",
            title="A linked study",
            survey=survey,
            ratings=nothing,
            experienced=nothing,
            touchpoints=pd.DataFrame({"touchpoint": [], "label": []}),
            rating_scales={},
            customers=people,
            referrals=_dated(referrals, "date", "converted"),
            period=Period(
                recording_start=None if start is None else pd.Timestamp(start),
                observed_until=None if until is None else pd.Timestamp(until),
                window=window,
            ),
            **more,
        )

    return make
