"""One executed notebook as a piece of a page: nothing in it runs, and nothing in it is fetched."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbconvert.filters.ansi import strip_ansi
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode
from traitlets.config import Config

from tpm_widgets.language import Language, say
from tpm_widgets.report.allowed import only_allowed
from tpm_widgets.report.notebooks import title_of
from tpm_widgets.report.present import LEFT_OUT

TEMPLATES = Path(__file__).parent / "templates"

# A panel is shown by its own static HTML. Living widgets and scripts are not in the list: they need a server.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain"]
FILE = re.compile(r"^(File )?[^\s'\"][^\n'\"]*[\\/]([^\\/\n]+\.py:\d+)", re.MULTILINE)

QUIET = logging.getLogger(__name__)
QUIET.setLevel(logging.ERROR)  # nbconvert warns of pictures without a description, which get one here


@dataclass(frozen=True, slots=True)
class Section:
    """What one notebook adds to a report; ``headings`` holds the anchor and the text of each of its parts."""

    anchor: str
    title: str
    headings: tuple[tuple[str, str], ...]
    body: str


def make_section(
    name: str, notebook: NotebookNode, folder: Path, reported: Collection[str], language: Language
) -> Section:
    """Turn an executed notebook into a section; ``reported`` names the notebooks to which links may lead."""
    words = {"code": say("Code").text(language)}
    resources = {"metadata": {"path": str(folder)}, "words": words}
    html, _ = _exporter().from_notebook_node(notebook, resources)
    soup = BeautifulSoup(only_allowed(html), "html.parser")
    _put_words_for_absent_pictures(soup)
    _describe_pictures(soup, language)
    _fit_tables(soup)
    _lead_links(soup, reported)
    headings = _anchor_headings(soup, name)
    return Section(name, title_of(notebook, name), headings, str(soup))


def _exporter() -> HTMLExporter:
    priority = Config({"NbConvertBase": {"display_data_priority": SHOWN}})
    exporter = HTMLExporter(
        config=priority,
        template_name="tpm_section",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        embed_images=True,
        filters={"without_folders": _without_folders},
        log=QUIET,
    )
    exporter.register_preprocessor(TagRemovePreprocessor(remove_cell_tags={LEFT_OUT}), enabled=True)
    return exporter


def _without_folders(text: str) -> str:
    """Cut the folders off the files that warnings and errors name: they lie on somebody's own disk."""
    return FILE.sub(r"\1\2", strip_ansi(text))


def _put_words_for_absent_pictures(soup: BeautifulSoup) -> None:
    for image in soup("img", src=False):
        image.replace_with(str(image.get("alt", "")))


def _fit_tables(soup: BeautifulSoup) -> None:
    """Mark wide tables, whose letters shrink on paper, and let long names break after an underscore."""
    for table in soup("table"):
        row = table.find("tr")
        columns = len(row(["th", "td"])) if isinstance(row, Tag) else 0
        width = " widest" if columns > 13 else ""
        if columns > 9:
            table["class"] = f"{' '.join(table.get_attribute_list('class'))} wide{width}".strip()
        for cell in table(["th", "td"]):
            if cell.string and "_" in cell.string:
                first, *others = cell.string.split("_")
                cell.string = first
                for other in others:
                    cell.extend(["_", soup.new_tag("wbr"), other])


def _describe_pictures(soup: BeautifulSoup, language: Language) -> None:
    """Give a picture that says nothing of itself the heading under which it stands."""
    for image in soup("img"):
        # nbconvert fills in a sentence of its own where a picture has no description
        if str(image.get("alt", "")) in ("", "No description has been provided for this image"):
            heading = image.find_previous(["h1", "h2", "h3", "h4"])
            about = heading.get_text(" ", strip=True) if isinstance(heading, Tag) else ""
            image["alt"] = say("Picture: {about}", about=about).text(language)


def _lead_links(soup: BeautifulSoup, reported: Collection[str]) -> None:
    """Lead links between notebooks to their sections; where one is not in the report, its name is text.

    A pointer (“**Next:** …”) to a section that is not there goes with it.
    """
    for link in soup("a", href=re.compile(r"\.ipynb(#.*)?$")):
        name = Path(str(link["href"]).split("#")[0]).stem
        if name in reported:
            link["href"] = f"#{name}"
        elif (pointer := _pointer(link)) is not None:
            pointer.decompose()
        else:
            link.unwrap()


def _pointer(link: Tag) -> Tag | None:
    """Return the paragraph of a link that stands behind the bold word with which the paragraph begins, if it does."""
    before = list(link.previous_siblings)
    begins = bool(before) and len(before) <= 2 and isinstance(before[-1], Tag) and before[-1].name == "strong"
    return link.parent if begins else None


def _anchor_headings(soup: BeautifulSoup, name: str) -> tuple[tuple[str, str], ...]:
    """Put the notebook's headings one level below the page's title; return the anchors of its parts."""
    found = []
    for number, heading in enumerate(soup(re.compile(r"^h[1-5]$"))):
        if heading.name == "h2" and heading.find_parent(class_="prose"):
            heading["id"] = anchor = f"{name}-{number}"
            found.append((anchor, heading.get_text(" ", strip=True)))
        heading.name = f"h{int(heading.name[1]) + 1}"
    return tuple(found)
