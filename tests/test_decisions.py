"""The pages on what is done by hand: each is listed, and what each names exists."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FOLDER = REPOSITORY / "docs" / "decisions"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.name != "README.md")
ROW = re.compile(r"^\| \[([^\]]+)\]\(([^)]+)\) \| .+ \|$", re.MULTILINE)
MODULE = re.compile(r"`(tpm_widgets/[^`]*)`")
FUNCTION = re.compile(r"`(\w+)`\s+in\s+`(tpm_widgets/[^`]*\.py)`")


def test_every_page_stands_in_the_table_once():
    rows = ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(link for _, link in rows) == [page.name for page in PAGES]
    assert all(name == link for name, link in rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_module_that_a_page_names_exists(page):
    named = MODULE.findall(page.read_text(encoding="utf-8"))
    assert named, f"{page.name} names no module of the package"
    assert [path for path in named if not (REPOSITORY / path).is_file()] == []


def test_every_function_that_a_page_places_in_a_module_is_there():
    placed = [found for page in PAGES for found in FUNCTION.findall(page.read_text(encoding="utf-8"))]
    assert placed
    missing = [
        (name, path) for name, path in placed if f"def {name}(" not in (REPOSITORY / path).read_text(encoding="utf-8")
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_says_what_was_decided_and_links_to_what_is_there(page):
    text = page.read_text(encoding="utf-8")
    assert text.count("**Decision.**") == 1
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in linked if not (FOLDER / link).is_file()] == []
