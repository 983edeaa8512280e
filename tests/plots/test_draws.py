"""What the decorator of all pictures gives: complete docstrings, signatures, and one refusal."""

import inspect
import pydoc

import pytest
from matplotlib.figure import Figure

import tpm_widgets as tpm
from docs.gallery import lines, names, page
from tpm_widgets.plots.draws import draws, figure_of

PICTURES = sorted(name for name in tpm.__all__ if name.startswith("plot_"))


@pytest.mark.parametrize("name", PICTURES)
def test_docstrings_are_whole_and_in_order(name):
    plot = getattr(tpm, name)
    headings = [
        heading for heading in ("Parameters", "Returns", "Raises", "Examples") if f"\n    {heading}\n" in plot.__doc__
    ]
    assert headings == ["Parameters", "Returns", "Raises", "Examples"]
    for parameter in inspect.signature(plot).parameters:
        assert f"\n    {parameter} : " in plot.__doc__
    assert "result : " in pydoc.render_doc(plot, renderer=pydoc.plaintext)
    assert list(inspect.signature(plot).parameters)[:2] == ["result", "ax"]


def test_the_result_may_be_named():
    @draws(str, "text", bytes)
    def plot_text(result, ax=None):
        """Draw it.

        Examples
        --------
        """
        ax = Figure().subplots()
        ax.set_title(str(result))
        return ax

    assert plot_text("a").get_title() == plot_text(result="a").get_title() == "a"
    assert plot_text(b"a").get_title() == "b'a'"
    assert not plot_text("from $5 to $9").title.get_parse_math()
    assert "result : str or bytes" in plot_text.__doc__
    with pytest.raises(TypeError, match=r"^result must be a str, as tpm\.text\(…\) returns it; got int\.$"):
        plot_text(result=1)


def test_every_picture_stands_in_the_gallery_with_a_call_of_its_own():
    assert sorted(names()) == PICTURES
    for name in PICTURES:
        assert lines(name)[-1].startswith(f"tpm.{name}(")


def test_the_gallery_needs_no_other_file():
    html = page(["plot_score_coverage"])
    assert "tpm.plot_score_coverage(tpm.score_coverage(sizes=[20, 50]))" in html
    assert 'src="data:image/png;base64,' in html
    assert "http" not in html


def test_axes_that_were_taken_out_have_no_figure():
    figure = Figure()
    ax = figure.add_subplot()
    assert figure_of(ax.inset_axes((0, 0, 1, 1))) is figure
    ax.remove()
    with pytest.raises(ValueError, match=r"^The axes stand in no figure\.$"):
        figure_of(ax)
