"""A picture as the last line of a notebook's cell: once, with its finding as text, and without pyplot."""

import re
from base64 import b64decode

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import tpm_widgets as tpm

START = """
import sys
import tpm_widgets as tpm
from matplotlib.figure import Figure
score = tpm.net_promoter_score(tpm.simulate_study(seed=1, respondents=300))
"""
CELLS = [
    START,
    "tpm.plot_net_promoter_score(score)",
    "figure = Figure(figsize=(12, 4), layout='constrained')\nleft, right = figure.subplots(1, 2)\n"
    "tpm.plot_net_promoter_score(score, ax=left)",
    "picture = tpm.plot_net_promoter_score(score)",
    "print('matplotlib.pyplot' in sys.modules)",
]


@pytest.fixture(scope="module")
def run():
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return notebook


def outputs(notebook, cell):
    return notebook.cells[cell].outputs


def test_a_cell_shows_the_picture_once(run):
    (output,) = outputs(run, 1)
    assert output.output_type == "execute_result"
    assert b64decode(output.data["image/png"]).startswith(b"\x89PNG")


def test_its_text_is_the_finding_and_no_address(run):
    (output,) = outputs(run, 1)
    finding = r"Net Promoter Score \+\d+\.\d: \d+\.\d% promoters less \d+\.\d% detractors"
    assert re.fullmatch(rf"<Picture: {finding} \| drawn data [0-9a-f]{{12}}>", output.data["text/plain"])


def test_its_size_and_alternative_text_travel_along(run):
    (output,) = outputs(run, 1)
    shown = output.metadata["image/png"]
    assert shown["width"] == 1056
    assert output.data["text/plain"].startswith(f"<Picture: {shown['alt']} | ")


def test_given_axes_show_nothing_of_their_own(run):
    (output,) = outputs(run, 2)
    assert list(output.data) == ["text/plain"]
    assert output.data["text/plain"].startswith("<Axes: title={'left': 'Net Promoter Score")


def test_an_assignment_shows_nothing(run):
    assert outputs(run, 3) == []


def test_pyplot_is_never_loaded(run):
    assert outputs(run, 4)[0].text == "False\n"


def test_the_same_notebook_gives_the_same_outputs(run):
    again = nbformat.from_dict({**run, "cells": [new_code_cell(source) for source in CELLS]})
    NotebookClient(again, timeout=120, kernel_name="python3").execute()
    assert [cell.outputs for cell in again.cells] == [cell.outputs for cell in run.cells]


def test_a_picture_whose_axes_were_removed_still_has_words():
    score = tpm.net_promoter_score(tpm.simulate_study(seed=1, respondents=300))
    ax = tpm.plot_net_promoter_score(score)
    words = repr(ax)
    ax.remove()
    assert ax._repr_mimebundle_() == ({"text/plain": words}, {})
