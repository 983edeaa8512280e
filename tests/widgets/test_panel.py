"""What every panel promises, on a panel of one's own."""

import re

import pytest
from own_panel import TopSharePanel, plot_top_share, top_share
from traitlets import Float, TraitError

import tpm_widgets as tpm
from tpm_widgets.widgets.picture import png


@pytest.fixture
def panel(small_study):
    return TopSharePanel(small_study)


def shown(panel):
    """Everything that the reader sees: message, words, call, picture."""
    return panel._message.value, panel._words.value, panel._code.value, bytes(panel._picture.value)


def test_inputs_become_controls_in_the_order_in_which_they_were_written(panel):
    assert {name: type(control).__name__ for name, control in panel.controls.items()} == {
        "medium": "Dropdown",
        "limit": "FloatSlider",
    }
    slider = panel.controls["limit"]
    assert (slider.min, slider.max, slider.step, slider.description) == (1, 5, 0.5, "Good is at least")


def test_a_moved_control_makes_the_call_again_and_shows_what_came_of_it(panel, small_study):
    panel.controls["limit"].value = 4.5
    assert panel.limit == 4.5
    assert panel.code == "top_share(study, medium='all', limit=4.5)"
    expected = top_share(small_study, limit=4.5)
    assert panel.result.table.equals(expected.table)
    assert expected._repr_html_() in shown(panel)[1]
    assert shown(panel)[3] == png(plot_top_share(expected))


def test_a_line_of_code_moves_the_control(panel):
    panel.limit = 2.0
    assert panel.controls["limit"].value == 2.0


def test_reset_sets_the_first_values_back_with_one_call(small_study):
    panel = TopSharePanel(small_study, limit=3)
    panel.limit, panel.medium = 5, "online"
    codes = []
    panel.observe(lambda change: codes.append(change.new), "code")
    panel.reset()
    assert codes == ["top_share(study, medium='all', limit=3.0)"]
    assert panel.controls["medium"].value == "all"


def test_an_unknown_keyword_is_refused(small_study):
    message = "TopSharePanel has no input 'limits'; its inputs are medium, limit."
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        TopSharePanel(small_study, limits=4)


@pytest.mark.parametrize(("name", "value"), [("limit", 5.5), ("limit", 0.5), ("limit", "4"), ("medium", "Offline")])
def test_a_value_outside_the_bounds_is_refused_and_changes_nothing(panel, small_study, name, value):
    before = shown(panel)
    with pytest.raises(TraitError):
        setattr(panel, name, value)
    with pytest.raises(TraitError):
        TopSharePanel(small_study, **{name: value})
    assert shown(panel) == before


def test_what_the_panel_found_is_read_only(panel):
    for name in ("study", "result", "code", "error"):
        with pytest.raises(TraitError, match=f'^The "{name}" trait is read-only.$'):
            setattr(panel, name, getattr(panel, name))


def test_a_refused_call_says_why_inside_the_panel_and_the_panel_goes_on(panel):
    before = shown(panel)
    panel.medium = "online"
    assert panel.error == "This study has no <online> touchpoint."
    assert panel.result is None
    message, words, code, picture = shown(panel)
    assert 'role="alert"' in message and "This study has no &lt;online&gt; touchpoint." in message
    assert (words, picture, panel._picture.layout.display) == ("", b"", "none")
    assert "medium=&#x27;online&#x27;" in code
    panel.medium = "all"
    assert (panel.error, panel._picture.layout.display) == ("", None)
    assert shown(panel) == before


def test_a_data_error_of_the_first_call_leaves_a_panel_that_says_so(small_study):
    class NetworkPanel(tpm.Panel):
        def compute(self):
            return self.call(refuse)

    def refuse(study):
        raise tpm.DataError([{"table": "referrals", "expected": "a table", "remedy": "Add it."}])

    panel = NetworkPanel(small_study)
    assert panel.error == "referrals: expected a table. Add it."
    assert panel.error in panel.to_html()


def test_a_fault_of_ones_own_panel_is_named_in_the_panel_and_raised(small_study):
    class BrokenPanel(tpm.Panel):
        level = Float(0.9, min=0.5, max=1.0)

        def compute(self):
            return self.call(top_share, limit={}["limit"] if self.level == 1 else 3.0)

    panel = BrokenPanel(small_study)
    with pytest.raises(KeyError):
        panel.level = 1.0
    assert panel.error == "KeyError: 'limit'"
    panel.level = 0.9
    assert panel.error == "" and panel.result is not None


def test_equal_inputs_make_no_call_and_earlier_results_are_remembered(small_study):
    calls = []

    class CountingPanel(tpm.Panel):
        limit = Float(4.0, min=1, max=5)

        def compute(self):
            return self.call(counted, self.call(fitted), limit=self.limit)

    def fitted(study):
        calls.append("fitted")
        return study

    def counted(model, limit):
        calls.append(limit)
        return top_share(model, limit=limit)

    panel = CountingPanel(small_study)
    for limit in (3.0, 3, 4.0, 3.0):
        panel.limit = limit
    assert calls == ["fitted", 4.0, 3.0]
    assert panel.code == "counted(fitted(study), limit=3.0)"
    for limit in range(10, 50):
        panel.limit = limit / 10
    assert calls.count("fitted") == 1


def test_a_long_call_says_that_it_is_being_made(small_study):
    seen = []

    class SlowPanel(tpm.Panel):
        limit = Float(4.0, min=1, max=5)

        def compute(self):
            return self.call(slow, limit=self.limit)

    def slow(study, limit):
        seen.append(panel._message.value if panel else "")
        return top_share(study, limit=limit)

    panel = None
    panel = SlowPanel(small_study)
    panel.limit = 3
    assert seen == ["", "<em>Computing …</em>"]
    assert panel._message.value == ""


def test_an_observer_that_changes_an_input_leaves_the_newer_call_in_sight(panel, small_study):
    panel.observe(lambda _: setattr(panel, "limit", 5), "result")
    panel.limit = 3
    assert panel.code == "top_share(study, medium='all', limit=5.0)"
    assert shown(panel) == shown(TopSharePanel(small_study, limit=5))


def test_the_static_form_is_deterministic_escaped_and_complete(panel, small_study):
    html = panel.to_html()
    assert html == TopSharePanel(small_study).to_html()
    assert html == panel._repr_mimebundle_()["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in panel._repr_mimebundle_()
    assert 'alt="Shares &amp; limits"' in html
    assert "top_share(study, medium=&#x27;all&#x27;, limit=4.0)" in html
    assert panel.result._repr_html_() in html
    assert not re.search(r"<svg|<script|https?:|id=", html)


def test_the_repr_is_short_and_stable(panel):
    assert repr(panel) == "TopSharePanel(medium='all', limit=4.0)"
    assert panel._repr_mimebundle_()["text/plain"] == repr(panel)


def test_a_panel_without_a_picture_shows_none(small_study):
    class WordsPanel(TopSharePanel):
        def draw(self, result):
            return None

    panel = WordsPanel(small_study)
    assert "<img" not in panel.to_html() and panel.result is not None


def test_a_panel_has_to_say_what_it_calls(small_study):
    with pytest.raises(NotImplementedError, match=r"^Panel has to say what it calls: write compute\(\).$"):
        tpm.Panel(small_study)


def test_the_study_has_to_be_one():
    with pytest.raises(TraitError, match="expected a Study, not the str 'insurer'"):
        TopSharePanel("insurer")


def test_an_inherited_panel_adds_inputs_after_those_it_has(small_study):
    class MorePanel(TopSharePanel):
        level = Float(0.95, min=0.5, max=0.99, help="Confidence level")

    panel = MorePanel(small_study)
    assert list(panel.controls) == ["medium", "limit", "level"]
    assert panel.controls["level"].description == "Confidence level"


def test_reading_and_moving_leave_the_study_as_it_was(small_study):
    before = small_study.data_hash
    TopSharePanel(small_study).limit = 2
    assert small_study.data_hash == before
