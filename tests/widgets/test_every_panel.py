"""What holds for every panel of the package: it is what it shows, it says what it calls, and it never breaks."""

import re
from dataclasses import replace
from html import escape

import pandas as pd
import pytest
from traitlets import Bool, Enum

import tpm_widgets as tpm
from tpm_widgets.widgets.controls import PerTouchpoint

PANELS = [getattr(tpm, name) for name in tpm.__all__ if name.endswith("Panel") and name != "Panel"]
each_panel = pytest.mark.parametrize("kind", PANELS, ids=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def study():
    """A study that knows every deed that a panel offers."""
    made = tpm.simulate_study(seed=1, respondents=1500, touchpoints=4)
    return replace(made, survey=made.survey.assign(recommended=made.survey["recommended_12m"]))


@pytest.fixture(scope="module")
def panels(study):
    return {kind: kind(study) for kind in PANELS}


@pytest.fixture
def panel(panels, kind):
    """A panel as it was made; made once, because models take their time."""
    yield panels[kind]
    panels[kind].reset()


def ends(trait, study):
    """The values at an input's ends, or all that it may take."""
    if isinstance(trait, PerTouchpoint):
        return [dict.fromkeys(study.touchpoint_names, bound) for bound in (trait.min, trait.max)]
    if isinstance(trait, (Enum, Bool)):
        return list(getattr(trait, "values", (False, True)))
    return [trait.min, trait.max]


@each_panel
def test_its_code_gives_the_same_table(panel, study, kind):
    table = eval(panel.code, {"tpm": tpm, "study": study}).table
    pd.testing.assert_frame_equal(panel.result.table, table)
    assert panel.result.data_hash == study.data_hash


@each_panel
def test_every_value_of_every_input_gives_a_result_by_code_and_by_control(panel, study, kind):
    for name, trait in kind.inputs().items():
        for value in ends(trait, study):
            setattr(panel, name, value)
            assert (panel.error, panel.result is None) == ("", False), (name, value)
            assert panel.controls[name].value == getattr(panel, name)
            assert bytes(panel._picture.value).startswith(b"\x89PNG")
        panel.reset()


@each_panel
def test_every_input_is_documented_and_labelled(kind):
    for name, trait in kind.inputs().items():
        assert re.search(rf"^    (\w+, )*{name}(, \w+)* : ", kind.__doc__, re.MULTILINE), name
        assert trait.metadata["label"].text("en")


@each_panel
def test_its_static_form_is_deterministic_and_holds_everything(panel, study, kind):
    html = panel.to_html()
    assert html == kind(study).to_html()
    assert panel.result._repr_html_() in html
    assert 'src="data:image/png;base64,' in html and f'alt="{escape(panel._picture.tooltip)}"' in html
    assert not re.search(r"<svg|<script|\sid=", html)


@each_panel
def test_its_repr_makes_it_again(panel, study, kind):
    assert repr(eval(repr(panel).replace("(", "(study, ", 1), {kind.__name__: kind, "study": study})) == repr(panel)


@each_panel
def test_a_study_that_lacks_everything_is_refused_in_the_panel_with_the_verbs_own_words(study, kind):
    answers = study.survey.drop(columns=["recommended_12m", "recommended"])
    poor = replace(study, survey=answers, customers=None, referrals=None, ratings=study.ratings * float("nan"))
    panel = kind(poor)
    assert panel.result is None
    with pytest.raises(tpm.DataError) as refusal:
        eval(panel.code, {"tpm": tpm, "study": poor})
    assert panel.error == str(refusal.value)


@each_panel
def test_it_speaks_german(study, kind, monkeypatch):
    monkeypatch.setattr("tpm_widgets.language._current", ["de"])
    panel = kind(study)
    html = panel.to_html()
    assert all(escape(sentence.text("de")) in html for sentence in panel.result.sentences())
    for name, trait in kind.inputs().items():
        control = panel.controls[name]
        shown = control.children[0].value if isinstance(trait, PerTouchpoint) else control.description
        assert shown == trait.metadata["label"].text("de")
