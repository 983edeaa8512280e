import base64

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_output

from tpm_widgets.report.section import make_section

PIXEL = base64.b64encode(b"\x89PNG stands for any picture").decode()


@pytest.fixture
def section(notebook, tmp_path):
    """Make a section of cells; a code cell's outputs follow it as a list."""

    def make(*cells, reported=("00_first",), language="en"):
        made = notebook(*[cell for cell in cells if not isinstance(cell, list)])
        code = -1
        for cell in cells:
            if isinstance(cell, list):
                made.cells[code].outputs = cell
            else:
                code += 1
        return make_section("00_first", made, tmp_path, reported, language)

    return make


def shown(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def soup_of(section):
    return BeautifulSoup(section.body, "html.parser")


def test_title_headings_and_anchors(section):
    made = section("# Where do we stand?", "## The score", "### In detail", "## What now?")
    assert made.title == "Where do we stand?"
    assert made.headings == (("00_first-1", "The score"), ("00_first-3", "What now?"))
    soup = soup_of(made)
    assert [(tag.name, tag.get_text()) for tag in soup(["h1", "h2", "h3", "h4"])] == [
        ("h2", "Where do we stand?"),
        ("h3", "The score"),
        ("h4", "In detail"),
        ("h3", "What now?"),
    ]
    assert soup.find(id="00_first-3").get_text() == "What now?"


@pytest.mark.parametrize(("language", "word"), [("en", "Code [1]"), ("de", "Code [1]")])
def test_code_is_folded(section, language, word):
    output = new_output("stream", text="<b>bold</b>")
    made = soup_of(section("x = '<i>'", [output], language=language))
    details = made.find("details", class_="code")
    assert "open" not in details.attrs
    assert details.summary.get_text() == word.replace("1", " ")  # not executed: no number
    assert "x = '<i>'" in details.get_text()
    assert made.find("pre", class_="text").get_text() == "<b>bold</b>"


def test_errors_and_plain_text_are_escaped(section):
    failure = new_output(
        "error", ename="E", evalue="<script>", traceback=["\x1b[31mE\x1b[0m: <script>alert(1)</script>"]
    )
    plain = shown({"text/plain": "<Axes: title='<script>'>"})
    body = section("x", [failure, plain]).body
    assert "<script" not in body
    assert "E: <script>alert(1)</script>" in BeautifulSoup(body, "html.parser").find("pre", class_="error").get_text()


def test_a_widget_is_shown_by_its_static_html(section):
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "ScorePanel()"}
    made = soup_of(
        section("panel", [shown({**view, "text/html": "<table><td>42</td></table>"})], "other", [shown(view)])
    )
    assert made.find("div", class_="html").get_text() == "42"
    assert made.find("pre", class_="text").get_text() == "ScorePanel()"
    assert "model_id" not in str(made)


def test_pictures_carry_their_data_and_a_description(section):
    described = shown({"image/png": PIXEL, "text/plain": "x"}, **{"image/png": {"alt": "a <b>", "width": 640}})
    bare = shown({"image/png": PIXEL})
    drawn = shown({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    pictures = soup_of(section("# Why?", "## The map", "draw", [described, bare, drawn]))("img")
    assert [picture["alt"] for picture in pictures] == ["a <b>", "Picture: The map", "Picture: The map"]
    assert [picture["src"].split(",")[0] for picture in pictures] == [
        "data:image/png;base64",
        "data:image/png;base64",
        "data:image/svg+xml;base64",
    ]
    assert pictures[0]["width"] == "640"


@pytest.mark.parametrize(("columns", "classes"), [(9, []), (10, ["wide"]), (14, ["wide", "widest"])])
def test_wide_tables_are_marked_for_print_and_long_names_may_break(section, columns, classes):
    head = "".join(f"<th>conf_low_{number}</th>" for number in range(columns))
    html = f"<style scoped>.dataframe {{}}</style><table><thead><tr>{head}</tr></thead><tr><td>a_b</td></tr></table>"
    soup = soup_of(section("x", [shown({"text/html": html})]))
    assert soup.table.get("class", []) == classes
    assert str(soup.th) == "<th>conf_<wbr/>low_<wbr/>0</th>"
    assert not soup("style")


def test_nothing_runs_and_nothing_is_fetched(section):
    hostile = """<p onclick="x()">text</p><script>x()</script><iframe src="http://e.org"></iframe>
        <link rel="stylesheet" href="//e.org/a.css"><img src="http://e.org/a.png" alt="a logo">
        <a href=" JavaScript:x()">link</a><svg onload="x()"></svg>"""
    soup = soup_of(
        section("# Why?\n\n<script>x()</script>\n\n![far](http://e.org/b.png)", "x", [shown({"text/html": hostile})])
    )
    assert not soup(["script", "iframe", "link", "img"])
    assert not [tag for tag in soup(True) if any(name.startswith("on") for name in tag.attrs)]
    assert "e.org" not in str(soup)
    assert "href" not in soup.find("a").attrs
    assert "a logo" in soup.get_text()


def test_a_picture_beside_the_notebook_comes_along(section, tmp_path):
    (tmp_path / "logo.png").write_bytes(base64.b64decode(PIXEL))
    picture = soup_of(section("# Why?\n\n![Our logo](logo.png)")).find("img")
    assert picture["alt"] == "Our logo"
    assert picture["src"] == f"data:image/png;base64,{PIXEL}"


def test_links_between_notebooks_lead_inside_the_report(section):
    prose = "# Why?\n\n[next](01_second.ipynb), [deeper](deep_dives/more.ipynb#part), [paper](https://doi.org/10.1)"
    soup = soup_of(section(prose, reported=("00_first", "01_second")))
    assert [(link["href"], link.get_text()) for link in soup("a")] == [
        ("#01_second", "next"),
        ("https://doi.org/10.1", "paper"),
    ]
    assert "deeper" in soup.get_text()


def test_a_pointer_to_a_section_that_is_not_there_goes_with_it(section):
    prose = "# Why?\n\n**Next:** [03_plan](03_plan.ipynb), what do we do?\n\n**Next:** [01_second](01_second.ipynb)"
    soup = soup_of(section(prose, reported=("00_first", "01_second")))
    assert [paragraph.get_text() for paragraph in soup("p")] == ["Next: 01_second"]


def test_cells_tagged_so_are_left_out(section):
    made = section("# Why?", ("secret = 1", "remove-cell"), "public = 1")
    assert "secret" not in made.body
    assert "public" in made.body


def test_a_warning_does_not_tell_where_things_lie_on_the_disk(section):
    text = "/home/anna/clients/acme/.venv/lib/x.py:12: UserWarning: careful\n  warn()\nC:\\Users\\anna\\y.py:3: W: too"
    warning = new_output("stream", name="stderr", text=text)
    assert soup_of(section("x", [warning])).find("pre", class_="warning").get_text() == (
        "x.py:12: UserWarning: careful\n  warn()\ny.py:3: W: too"
    )


def test_an_error_does_not_either(section):
    line = "\x1b[36mFile \x1b[39m\x1b[32m/home/anna/clients/.venv/x.py:12\x1b[39m, in f(x)\n  ... x / y\n"
    failure = new_output("error", ename="E", evalue="e", traceback=[line])
    text = soup_of(section("x", [failure])).find("pre", class_="error").get_text()
    assert text.strip() == "File x.py:12, in f(x)\n  ... x / y"


def test_the_notebook_itself_is_not_changed(section, notebook, tmp_path):
    made = notebook("# Why?", "x = 1")
    made.cells.append(new_markdown_cell("## Key points"))
    before = str(made)
    make_section("00_first", made, tmp_path, (), "en")
    assert str(made) == before
