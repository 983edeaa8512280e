"""The recipe "Adding your own" runs as it is written."""

import re
from pathlib import Path

import pytest

from tpm_widgets.report.recipes import recipe_notebook

RECIPE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8").split("## Adding your own")[1]
BLOCKS = re.findall(r"```python\n(.*?)```", RECIPE.split("\n## ")[0], flags=re.DOTALL)


@pytest.fixture(scope="module")
def made():
    """What the first three blocks define, one after the other."""
    names = {"__name__": "recipe"}
    for block in BLOCKS[:3]:
        exec(compile(block, "CONTRIBUTING.md", "exec"), names)
    return names


def test_there_is_a_block_for_each_kind():
    assert len(BLOCKS) == 4


def test_the_statistic_says_what_it_found(made):
    shares = made["shares"]
    best = shares.table.iloc[0]
    assert best["estimate"] == shares.table["estimate"].max() <= 1
    assert shares.table["touchpoint"].isin(made["study"].touchpoint_names).all()
    assert f"ratings of {best['label']} are 5 or better" in shares.summary()
    assert "Only those who experienced a touchpoint rated it." in shares._repr_html_()
    with pytest.raises(ValueError, match=r"^limit must be above 0; got 0\.$"):
        made["top_share"](made["study"], limit=0)


def test_the_plot_shows_the_finding(made):
    axes = made["plot_top_share"](made["shares"])
    finding = " ".join(axes.get_title(loc="left").split())
    assert finding == made["shares"].summary()
    assert len(axes.patches) == len(made["shares"].table)


def test_the_panel_makes_the_call_and_shows_it(made):
    panel = made["panel"]
    assert panel.code == "top_share(study, limit=4.5)"
    assert panel.error == ""
    panel.limit = 5.0
    assert panel.result.table.equals(made["shares"].table)
    assert "<table" in panel.to_html()


def test_the_recipe_that_comes_with_a_new_study_works_as_it_stands(study_folder, monkeypatch):
    (study_folder / "recipes").mkdir()
    monkeypatch.chdir(study_folder / "recipes")
    notebook = recipe_notebook("..")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == len(BLOCKS)
    assert sum('study = tpm.load_study("..")' in block for block in code) == 2
    names = {"__name__": "recipe"}
    for block in code:
        exec(compile(block, "recipe", "exec"), names)
    assert names["panel"].study.title == names["study"].title == "Bakery <b>& sons</b>"


def test_the_notebook_runs_in_a_studys_folder(study_folder, monkeypatch):
    monkeypatch.chdir(study_folder)
    exec(compile(BLOCKS[3], "CONTRIBUTING.md", "exec"), {})
