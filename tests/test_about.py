import re
from importlib.metadata import version
from pathlib import Path

import pytest

import tpm_widgets as tpm
from tpm_widgets import about

CITATION = (Path(__file__).parents[1] / "CITATION.cff").read_text("utf-8")


def test_versions_name_the_package_python_and_what_it_computes_with():
    table = tpm.versions()
    assert list(table.columns) == ["package", "version"]
    known = dict(zip(table["package"], table["version"], strict=True))
    assert list(known)[:2] == ["tpm_widgets", "Python"]
    assert known["tpm_widgets"] == version("tpm_widgets")
    assert {"numpy", "pandas", "scipy", "statsmodels"} <= set(known)
    assert not {"pytest", "polars"} & set(known)  # an extra may be absent


def test_cite_names_the_installed_version():
    assert tpm.cite() == (
        f"The tpm_widgets authors ({about.RELEASED}). tpm_widgets: Customer touchpoint management in Jupyter "
        f"(version {version('tpm_widgets')}) [Software]."
    )


def test_cite_for_bibtex():
    assert tpm.cite("bibtex").splitlines() == [
        "@software{tpm_widgets,",
        "  author = {{The tpm_widgets authors}},",
        "  title = {{tpm_widgets: Customer touchpoint management in Jupyter}},",
        f"  year = {{{about.RELEASED}}},",
        f"  version = {{{version('tpm_widgets')}}},",
        "}",
    ]


def test_cite_refuses_another_style():
    with pytest.raises(ValueError, match=r"^style must be one of 'text', 'bibtex'; got 'apa'\.$"):
        tpm.cite("apa")


def test_the_citation_file_says_the_same():
    assert f'title: "{about.TITLE}"' in CITATION
    assert f"name: {about.AUTHORS}" in CITATION
    assert f"version: {version('tpm_widgets')}\n" in CITATION
    assert re.search(rf"date-released: {about.RELEASED}-\d\d-\d\d", CITATION)
