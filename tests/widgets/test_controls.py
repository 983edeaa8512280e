import re
from types import MappingProxyType

import pytest
from own_panel import top_share
from traitlets import Bool, CaselessStrEnum, Float, Int, TraitError, Unicode

import tpm_widgets as tpm
from tpm_widgets.language import say


class ManyPanel(tpm.Panel):
    changes = tpm.PerTouchpoint(min=-2, max=2).tag(label=say("Change"), step=0.1)
    wanted = Bool(False).tag(label=say("Wanted"))
    side = CaselessStrEnum(["say", "do"], "say").tag(words={"say": say("saying"), "do": say("doing")})
    days = Int(365, min=30, max=1095, help="Window (days)")
    level = Float(0.95, min=0.8, max=0.99).tag(step=0.01, readout=".0%")

    def compute(self):
        return self.call(accept, **{name: getattr(self, name) for name in self.inputs()})


def accept(study, changes, wanted, side, days, level):
    return top_share(study)


@pytest.fixture
def panel(small_study):
    return ManyPanel(small_study)


def test_each_kind_of_trait_has_its_control(panel):
    kinds = {name: type(control).__name__ for name, control in panel.controls.items()}
    assert kinds == {
        "changes": "TouchpointSliders",
        "wanted": "Checkbox",
        "side": "Dropdown",
        "days": "IntSlider",
        "level": "FloatSlider",
    }
    assert panel.controls["side"].options == (("saying", "say"), ("doing", "do"))
    assert (panel.controls["days"].step, panel.controls["days"].description) == (1, "Window (days)")
    assert (panel.controls["level"].step, panel.controls["level"].readout_format) == (0.01, ".0%")


def test_a_slider_per_touchpoint_under_its_label(panel):
    sliders = panel.controls["changes"].sliders
    assert {name: slider.description for name, slider in sliders.items()} == {
        "app": "The app",
        "desk": "Desk & <phone>",
    }
    sliders["desk"].value = 0.5
    assert panel.changes == {"desk": 0.5}
    sliders["app"].value = -1
    assert panel.code.startswith("accept(study, changes={'app': -1.0, 'desk': 0.5}, wanted=False")
    sliders["desk"].value = 0
    assert panel.changes == {"app": -1}


def test_changes_by_code_move_the_sliders_with_one_call(panel):
    codes = []
    panel.observe(lambda change: codes.append(change.new), "code")
    panel.changes = {"desk": 1, "app": -2}
    assert {name: slider.value for name, slider in panel.controls["changes"].sliders.items()} == {"app": -2, "desk": 1}
    assert len(codes) == 1
    panel.changes = {}
    assert panel.controls["changes"].sliders["app"].value == 0


def test_changes_are_read_only_and_canonical(panel):
    given = {"desk": 1, "app": 0}
    panel.changes = given
    given["desk"] = 2
    assert panel.changes == MappingProxyType({"desk": 1.0})
    with pytest.raises(TypeError):
        panel.changes["desk"] = 2


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"shop": 1}, "changes: 'shop' is no touchpoint of the study; it has app, desk."),
        ({"desk": 2.5}, "changes['desk'] must be a number between -2 and 2; got 2.5."),
        ({"desk": "1"}, "changes['desk'] must be a number between -2 and 2; got '1'."),
        ([("desk", 1)], "changes must be a mapping from touchpoint to number; got [('desk', 1)]."),
    ],
)
def test_wrong_changes_are_refused(panel, value, message):
    with pytest.raises(TraitError, match=f"^{re.escape(message)}$"):
        panel.changes = value
    assert panel.changes == {}


def test_a_trait_without_a_control_is_refused(small_study):
    class TextPanel(ManyPanel):
        name = Unicode("x")

    class UnboundedPanel(ManyPanel):
        level = Float(0.95, min=0)

    has = "a panel has controls for Int and Float with min= and max=, for Enum, Bool and PerTouchpoint."
    for panel, what in ((TextPanel, "'name' is a Unicode"), (UnboundedPanel, "'level' is a Float")):
        with pytest.raises(TypeError, match=f"^{re.escape(f'The input {what}; {has}')}$"):
            panel(small_study)


def test_the_noise_of_the_browsers_arithmetic_stays_out_and_is_not_corrected(panel):
    level, app = panel.controls["level"], panel.controls["changes"].sliders["app"]
    level.value, app.value = 0.9000000000000001, 0.2999999999999998
    assert (panel.level, panel.changes) == (0.9, {"app": 0.3})
    assert (level.value, app.value) == (0.9000000000000001, 0.2999999999999998)
    panel.level, panel.changes = 0.95, {"app": 0.4}
    assert (level.value, app.value) == (0.95, 0.4)
