"""Letters that the usual font lacks: from a font that has them, else boxes and a sentence; never a warning."""

import pandas as pd
import pytest
from matplotlib.font_manager import FontProperties, fontManager, get_font

import tpm_widgets as tpm
from tpm_widgets.plots import letters
from tpm_widgets.plots.text import text_width

BOXES = "Some letters are in no font of this machine"


def letters_of(family):
    return set(get_font(fontManager.findfont(FontProperties(family=family))).get_charmap())


ONLY_IN_STIX = chr(min(code for code in letters_of("STIXGeneral") - letters_of("DejaVu Sans") if code > 0x2FF))
JAPANESE = "\u5e97\u8217"


@pytest.fixture(autouse=True)
def only_what_matplotlib_brings(monkeypatch):
    """Whatever else the machine has: the fonts that come with matplotlib, of which none is Japanese."""
    brought = {
        family: path for family, path in letters._paths().items() if "mpl-data" in path or family == letters.USUAL
    }
    monkeypatch.setattr(letters, "_paths", lambda: brought)
    letters._family_with.cache_clear()
    yield
    letters._family_with.cache_clear()


@pytest.mark.parametrize(
    "text", ["", "Shop", "Gesch\u00e4ft \u2013 \u201eneu\u201c", "\u041c\u0430\u0440\u0442", "\u03b1 \u2265 5"]
)
def test_what_the_usual_font_has_is_drawn_in_it_alone(text):
    assert letters.families_for(text) == ()


def test_a_letter_is_taken_from_a_font_that_has_it():
    assert letters.families_for(f"Shop {ONLY_IN_STIX}")[:2] == ("DejaVu Sans", "STIXGeneral")
    assert letters.families_for(f"Shop {JAPANESE}") == ("DejaVu Sans", "Last Resort High-Efficiency")


def test_width_is_that_of_the_font_that_is_drawn():
    assert text_width(JAPANESE, 20) > 0


@pytest.mark.parametrize(("name", "told"), [(JAPANESE, True), (ONLY_IN_STIX, False), ("Shop", False)])
def test_boxes_are_told_in_the_picture(name, told):
    answers = pd.DataFrame({"nps": [9, 8, 3, 10, 6], name: [5, 4, 1, 5, 3]})
    study = tpm.make_study(answers, recommend="nps", touchpoints=[name], min_group=1)
    ax = tpm.plot_touchpoint_map(tpm.touchpoint_map(study))
    ax.figure.canvas.draw()  # a warning of a missing letter would be an error here
    [subtitle] = [text.get_text() for text in ax.texts if text.get_gid() == "subtitle"]
    assert (BOXES in " ".join(subtitle.split())) is told
    drawn = {tuple(label.get_fontfamily()) for label in ax.get_yticklabels() if label.get_text() == name}
    assert drawn == {letters.families_for(name) or ("sans-serif",)}
