"""From an input trait to the control that moves it: bounded numbers are sliders, choices dropdowns, yes or no a box."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite
from threading import RLock
from types import MappingProxyType
from typing import Any

from ipywidgets import Box, Checkbox, Dropdown, FloatSlider, IntSlider, Label, Widget
from traitlets import Bool, Enum, Float, Int, TraitError, TraitType

from tpm_widgets.language import say
from tpm_widgets.study.model import Study

# Since ipykernel 7 the messages of widgets run in a second thread of the kernel. One lock for all panels, reentrant:
# inputs, results and pictures change together, and matplotlib's own state has one user at a time.
LOCK = RLock()

STEPS = 20  # of a slider for Float whose trait has no ``step`` tag
DECIMALS = 10
# Many touchpoints scroll, so that the picture below stays in sight while a slider is being moved.
BOX = {"flex_flow": "row wrap", "width": "100%", "max_height": "15rem", "overflow": "hidden auto"}


class PerTouchpoint(TraitType):
    """An input with one number per touchpoint of the study, between ``min`` and ``max``; zeros are left out.

    The value is a read-only mapping in the customer's order; set a new one to change it.
    """

    default_value = MappingProxyType({})

    def __init__(self, *, min: float, max: float, **options: Any) -> None:  # noqa: A002 – traitlets' own names
        super().__init__(**options)
        self.min, self.max = min, max

    def validate(self, panel: Any, value: object) -> Mapping[str, float]:
        """Refuse what is no touchpoint of the panel's study and what lies outside the bounds."""
        if not isinstance(value, Mapping):
            raise TraitError(f"{self.name} must be a mapping from touchpoint to number; got {value!r}.")
        known = panel.study.touchpoint_names
        unknown = [touchpoint for touchpoint in value if touchpoint not in known]
        if unknown:
            listed, names = ", ".join(map(repr, unknown)), ", ".join(known)
            raise TraitError(f"{self.name}: {listed} is no touchpoint of the study; it has {names}.")
        for touchpoint, number in value.items():
            if not (isinstance(number, (int, float)) and self.min <= number <= self.max):
                between = f"a number between {self.min} and {self.max}"
                raise TraitError(f"{self.name}[{touchpoint!r}] must be {between}; got {number!r}.")
        return MappingProxyType({name: float(value[name]) for name in known if value.get(name)})


class TouchpointSliders(Box):
    """A slider for each touchpoint behind one ``value``: {touchpoint: number}, zeros left out."""

    value = PerTouchpoint(min=-inf, max=inf)

    def __init__(self, study: Study, look: Mapping[str, Any]) -> None:
        self.study = study
        self.sliders = {
            touchpoint: FloatSlider(value=0.0, **{**look, "description": study.labels[touchpoint]})
            for touchpoint in study.touchpoint_names
        }
        self._spreading = False
        heading = Label(look["description"], layout={"width": "100%"})
        super().__init__([heading, *self.sliders.values()], layout=BOX)
        for slider in self.sliders.values():
            slider.observe(self._gather, "value")
        self.observe(self._spread, "value")

    def _gather(self, _: object) -> None:
        with LOCK:
            if not self._spreading:
                self.value = {touchpoint: clean(slider.value) for touchpoint, slider in self.sliders.items()}

    def _spread(self, _: object) -> None:
        with LOCK:
            self._spreading = True
            for touchpoint, slider in self.sliders.items():
                put(slider, self.value.get(touchpoint, 0.0))
            self._spreading = False


def clean(value: Any) -> Any:
    """Drop the noise of the browser's arithmetic, whose steps of 0.1 add up to 0.2999999999999998."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def put(control: Widget, value: Any) -> None:
    """Set a control, but not to correct its noise: the answer would throw back a slider that moved on meanwhile."""
    if clean(control.value) != value:
        control.value = value


def confidence_level() -> Float:
    """Return the input that every panel with intervals has."""
    return Float(0.95, min=0.8, max=0.99).tag(label=say("Confidence level"), step=0.01, readout=".0%")


def make_control(trait: TraitType, study: Study, live: bool) -> Widget:
    """Build the control of one input trait.

    Its tags: ``label`` (otherwise its help or its name stands beside it), ``words`` for the values of an Enum,
    ``step`` and ``readout`` (a format, such as ".0%") for a slider. A ``live`` slider tells while it is being moved.
    """
    tags = trait.metadata
    look: dict[str, Any] = {
        "description": str(tags.get("label") or trait.help or trait.name),
        "style": {"description_width": "45%"},
        "layout": {"width": "auto", "flex": "1 1 20rem", "max_width": "32rem"},  # two side by side in JupyterLab
    }
    if isinstance(trait, Bool):
        return Checkbox(**look)
    if isinstance(trait, Enum):
        words = tags.get("words", {})
        return Dropdown(options=[(str(words.get(value, value)), value) for value in trait.values or ()], **look)
    if not (isinstance(trait, (Int, Float, PerTouchpoint)) and _bounded(trait)):
        raise TypeError(
            f"The input {trait.name!r} is a {type(trait).__name__}; a panel has controls for Int and Float with min= "
            "and max=, for Enum, Bool and PerTouchpoint."
        )
    step = 1 if isinstance(trait, Int) else (trait.max - trait.min) / STEPS
    look |= {"min": trait.min, "max": trait.max, "step": tags.get("step", step), "continuous_update": live}
    look |= {"readout_format": tags["readout"]} if "readout" in tags else {}
    if isinstance(trait, PerTouchpoint):
        return TouchpointSliders(study, look)
    return IntSlider(**look) if isinstance(trait, Int) else FloatSlider(**look)


def _bounded(trait: Int | Float | PerTouchpoint) -> bool:
    return all(bound is not None and isfinite(bound) for bound in (trait.min, trait.max))
