"""The whole page: what it says of the data, and that a browser needs nothing else to show and to print it."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

from tpm_widgets.attempt import MISSING
from tpm_widgets.errors import problem_table
from tpm_widgets.report.page import make_report
from tpm_widgets.study.model import Period, Study

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def study():
    ratings = pd.DataFrame({"bread": [5.0, 4, 1], "shop": [4.0, 4, 2]})
    return Study(
        name="bakery",
        title="Bakery <b>& sons</b>",
        survey=pd.DataFrame(
            {"recommend": [9, 10, 3], "date": pd.to_datetime(["2025-03-01", "2025-04-02", "2025-05-03"])}
        ),
        ratings=ratings,
        experienced=ratings.notna().astype("boolean"),
        touchpoints=pd.DataFrame({"touchpoint": ["bread", "shop"], "label": ["Bread", "Shop"]}),
        rating_scales={"bread": (1, 5), "shop": (1, 5)},
        period=Period(observed_until=pd.Timestamp("2025-12-31")),
        problems=problem_table([{"table": "survey", "expected": "a number"}]),
    )


@pytest.fixture
def notebooks(notebook):
    first = notebook("# Where do we stand?", "## The score", "score = 1\nscore", "## The map", "draw(score)")
    first.cells[2].outputs = [new_output("display_data", {"text/html": "<table><tr><td>12.5</td></tr></table>"})]
    first.cells[4].outputs = [new_output("display_data", {"image/png": PIXEL, "text/plain": "x"})]
    second = notebook("# What drives it?", "## Drivers", "[back](01_as_is.ipynb)", "x")
    hostile = '<img src="http://127.0.0.1:9/a.png"><style>p { background: url(http://127.0.0.1:9/b.png) }</style>'
    second.cells[3].outputs = [new_output("display_data", {"text/html": hostile})]
    return {"01_as_is": first, "02_strategy": second}


@pytest.fixture
def report(study, notebooks, tmp_path):
    return make_report(study, notebooks, tmp_path, "en")


def facts(html):
    soup = BeautifulSoup(html, "html.parser")
    return {item.dt.get_text(): item.dd.get_text() for item in soup.select("dl div")}


def test_the_title_page_tells_these_data_from_any_other(report, study):
    said = facts(report)
    made_with = said.pop("Made with")
    assert said == {
        "Answers": "3",
        "Touchpoints": "2",
        "Answered": "Mar 1, 2025 to May 3, 2025",
        "Recommendations observed until": "Dec 31, 2025",
        "Hash of the data": study.data_hash,
    }
    assert re.fullmatch(r"tpm_widgets \d+\.\d+\.\d+", made_with)
    assert "1 fault in the data was left out; “tpm check” names it." in report
    assert "<h1>Bakery &lt;b&gt;&amp; sons&lt;/b&gt;</h1>" in report


def test_several_faults_are_told_as_such_and_none_are_not_told(study, notebooks, tmp_path):
    two = replace(study, problems=problem_table([{"table": "survey", "expected": "a number"}] * 2))
    report = make_report(two, notebooks, tmp_path, "en")
    assert "2 faults in the data were left out; “tpm check” names them." in report
    clean = make_report(replace(study, problems=problem_table([])), notebooks, tmp_path, "en")
    assert "left out" not in clean


def test_the_frame_speaks_german(study, notebooks, tmp_path):
    german = make_report(study, notebooks, tmp_path, "de")
    assert '<html lang="de">' in german
    assert facts(german)["Antworten"] == "3"
    assert "1 Fehler in den Daten wurde ausgelassen; „tpm check“ nennt ihn." in german


def test_the_contents_lead_to_every_part(report):
    soup = BeautifulSoup(report, "html.parser")
    links = {link.get_text(): link["href"].removeprefix("#") for link in soup.select("nav a")}
    assert list(links) == [
        *("Where do we stand?", "The score", "The map", "What drives it?", "Drivers"),
        "What can this study not answer yet?",
    ]
    assert all(soup.find(id=anchor) for anchor in links.values())
    identifiers = [tag["id"] for tag in soup.select("[id]")]
    assert len(identifiers) == len(set(identifiers))


def test_what_a_study_lacks_stands_once_at_the_end(study, notebooks, tmp_path):
    lacks = {"text/html": "<p>say_do was left out</p>", MISSING: {"verb": "say_do"}}
    notebooks["01_as_is"].cells[4].outputs = [new_output("display_data", lacks)]
    notebooks["02_strategy"].cells[3].outputs = [new_output("display_data", lacks)]
    soup = BeautifulSoup(make_report(study, notebooks, tmp_path, "de"), "html.parser")
    titles = [link.get_text() for link in soup.select("nav a")]
    assert titles == ["Where do we stand?", "The score", "Was kann diese Studie noch nicht beantworten?"]
    assert "left out" not in soup.get_text()
    rows = [[cell.get_text() for cell in row("td")] for row in soup.select("#not-answered tr")]
    assert ["nicht beantwortet", "Wie weit sind die Ziele erreicht?", "Nötig in study.toml: [goals]."] in rows
    assert not soup(["a"], href="#02_strategy")


def test_the_same_outputs_give_the_same_page(report, study, notebooks, tmp_path):
    assert make_report(study, notebooks, tmp_path, "en") == report


def test_it_names_no_script_and_no_address(report):
    soup = BeautifulSoup(report, "html.parser")
    assert not soup(["script", "link", "iframe", "object"])
    assert all(image["src"].startswith("data:") and image["alt"] for image in soup("img"))
    assert len(report) < 40_000


@pytest.fixture
def open_report(browser, report, tmp_path):
    """Open the report in Chromium; gives the page, what it asked for, and what of that was stopped."""
    path = tmp_path / "report.html"
    path.write_text(report, "utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    asked, stopped = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: stopped.append((request.url, request.failure)))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    yield page, asked, stopped
    context.close()


@pytest.mark.browser
def test_a_browser_fetches_nothing(open_report):
    page, asked, stopped = open_report
    assert stopped == []
    assert [url for url in asked if not url.startswith("data:")] == [page.url]


@pytest.mark.browser
def test_code_is_seen_when_asked_for(open_report):
    page, _, _ = open_report
    code = page.locator("details.code .highlight").first
    assert not code.is_visible()
    page.get_by_label("Show all code").check()
    assert code.is_visible()


@pytest.mark.browser
def test_it_fits_a_projector_and_a_sheet_of_paper(open_report):
    page, _, _ = open_report
    assert page.evaluate("document.documentElement.scrollWidth <= 1280")
    assert page.locator("nav").bounding_box()["x"] < page.locator("main").bounding_box()["x"]
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert (
        len(re.findall(rb"/Type\s*/Page\b", printed)) >= 4
    )  # the title page, one for each notebook, the closing table
