"""The base of all panels: inputs that can be moved, one call of a verb, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, ClassVar

from ipywidgets import HTML, Box, Button, Layout, VBox
from matplotlib.axes import Axes
from traitlets import Instance, TraitType, Unicode

from tpm_widgets.language import say
from tpm_widgets.plots.picture import one_line
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study
from tpm_widgets.widgets.call import Call, Calls, write_options
from tpm_widgets.widgets.controls import LOCK, clean, make_control, put
from tpm_widgets.widgets.picture import TitledImage, img, png, width

TEXT_STYLE = "line-height:1.4;width:0;min-width:100%;overflow-x:auto"  # a wide table scrolls and widens nothing
# One click selects the whole call, to be copied.
CODE_STYLE = (
    "line-height:1.4;white-space:pre-wrap;word-break:normal;user-select:all;padding:.5em;background:#f5f5f5;color:#111"
)
ERROR_STYLE = "line-height:1.4;white-space:pre-wrap;border-left:4px solid #b00020;padding:.5em"


class Panel(VBox):
    """Inputs that can be moved, one call of a verb, and what came of it; inherit it for a panel of your own.

    A panel of your own declares its inputs as traits (``Int`` and ``Float`` with ``min=`` and ``max=``, ``Enum``,
    ``Bool``, ``PerTouchpoint``), each tagged with its ``label``, and writes ``compute``; optionally ``draw``.
    The controls are built from the traits, and whatever changes an input, a control or a line of code, the call is
    made again. The panel computes nothing itself.

    Parameters
    ----------
    study : Study
        The data.
    **inputs
        First values of the panel's inputs.

    Attributes
    ----------
    result : Result or None
        What the call returned; None where it was refused. Read-only.
    code : str
        The call as it was made, to be copied into a notebook where ``tpm`` is the package and ``study`` the data.
        Read-only.
    error : str
        Why the call was refused; empty where it was not. Read-only.

    Raises
    ------
    TypeError
        For a keyword that is no input of the panel, naming those that are.
    traitlets.TraitError
        For a value that an input does not take.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> from traitlets import Float
    >>> class ScorePanel(tpm.Panel):
    ...     level = Float(0.95, min=0.5, max=0.99).tag(label="Confidence", step=0.01)
    ...     def compute(self):
    ...         return self.call(tpm.net_promoter_score, level=self.level)
    >>> panel = ScorePanel(tpm.sample_study("insurer"), level=0.9)
    >>> panel.code
    'tpm.net_promoter_score(study, level=0.9)'
    """

    live: ClassVar[bool] = False  # make the call already while a slider is being dragged

    study = Instance(Study, read_only=True)
    result = Instance(Result, allow_none=True, read_only=True)
    code = Unicode(read_only=True)
    error = Unicode(read_only=True)

    def __init__(self, study: Study, **inputs: Any) -> None:
        traits = self.inputs()
        unknown = [name for name in inputs if name not in traits]
        if unknown:
            listed = ", ".join(map(repr, unknown))
            raise TypeError(f"{type(self).__name__} has no input {listed}; its inputs are {', '.join(traits)}.")
        self.set_trait("study", study)
        super().__init__(**inputs)
        self._calls = Calls()
        self._first = {name: getattr(self, name) for name in traits}
        self.controls = {name: make_control(trait, study, self.live) for name, trait in traits.items()}
        self._build_view()
        for name in traits:
            self._bind(name)
        self._recompute()
        self.observe(self._recompute, list(traits))

    def compute(self) -> Call:
        """Say which call the inputs stand for: ``return self.call(verb, name=self.name)``."""
        raise NotImplementedError(f"{type(self).__name__} has to say what it calls: write compute().")

    def draw(self, result: Any) -> Axes | None:
        """Draw the result: ``return tpm.plot_…(result)``; without it the panel shows no picture."""
        return None

    def call(self, verb: Callable[..., Any], source: Call | None = None, /, **options: Any) -> Call:
        """Describe a call of a verb on the study, or on what an earlier call returns (which is made only once)."""
        return Call(verb, source or self.study, options)

    def reset(self) -> None:
        """Set every input back to its first value."""
        with self.hold_trait_notifications():
            for name, value in self._first.items():
                setattr(self, name, value)

    @classmethod
    def inputs(cls) -> dict[str, TraitType]:
        """Return the traits that are inputs, in the order in which they were written."""
        own = (base for base in reversed(cls.__mro__) if base not in Panel.__mro__)
        traits = {name: trait for base in own for name, trait in vars(base).items() if isinstance(trait, TraitType)}
        return {name: trait for name, trait in traits.items() if not name.startswith("_") and not trait.read_only}

    def _bind(self, name: str) -> None:
        """Keep an input and its control equal; each copies what the other holds by then, so that threads agree."""
        control = self.controls[name]

        def take(_: object) -> None:
            with LOCK:
                setattr(self, name, clean(control.value))

        def give(_: object) -> None:
            with LOCK:
                put(control, getattr(self, name))

        give(None)
        control.observe(take, "value")
        self.observe(give, name)

    def _recompute(self, _: object = None) -> None:
        """Make the call that the inputs stand for by now, unless it was the last one made, and show what came of it."""
        with LOCK:
            code = ""
            try:
                call = self.compute()
                code = str(call)
                if code == self.code:
                    return
                if not self._calls.knows(call):
                    computing = say("Computing …").text()
                    self._message.value = f"<em>{escape(computing)}</em>"
                result = self._calls.make(call)
                self._publish(code, result, self.draw(result))
            except ValueError as refusal:  # DataError is one: the data or the options do not allow it
                self._publish(code, error=str(refusal))
            except Exception as fault:  # a fault in a panel of one's own: name it here, and trace it where errors go
                self._publish(code, error=f"{type(fault).__name__}: {fault}")
                raise

    def _publish(self, code: str, result: Result | None = None, axes: Axes | None = None, error: str = "") -> None:
        """Show what came of a call, then tell it: an observer may change an input, and the newer call is seen last."""
        self._message.value = f'<div role="alert" style="{ERROR_STYLE}">{escape(error)}</div>' if error else ""
        self._show_picture(axes)
        self._words.value = f'<div style="{TEXT_STYLE}">{result._repr_html_()}</div>' if result is not None else ""
        self._code.value = f'<pre style="{CODE_STYLE}">{escape(code)}</pre>' if code else ""
        with self.hold_trait_notifications():
            self.set_trait("code", code)
            self.set_trait("error", error)
            self.set_trait("result", result)

    def _show_picture(self, axes: Axes | None) -> None:
        if axes is None:
            self._picture.value, self._picture.tooltip, self._picture.layout.display = b"", "", "none"
            return
        picture = png(axes)
        self._picture.value, self._picture.width = picture, str(width(picture))
        self._picture.tooltip = one_line(axes)
        self._picture.layout.display = None

    def _build_view(self) -> None:
        self._message, self._words, self._code = HTML(), HTML(layout=Layout(width="100%")), HTML()
        self._picture = TitledImage(format="png", layout=Layout(max_width="100%", object_fit="contain"))
        reset = Button(description=say("Reset").text(), layout=Layout(width="auto"))
        reset.on_click(lambda _: self.reset())
        inputs = Box([*self.controls.values(), reset], layout=Layout(flex_flow="row wrap", align_items="center"))
        self.children = (inputs, self._message, self._picture, self._words, self._code)

    def to_html(self) -> str:
        """Write what the panel shows as HTML that needs neither a kernel nor a network."""
        picture = bytes(self._picture.value)
        seen = img(picture, self._picture.tooltip) if picture else ""
        return f'<div class="tpm-panel">{self._message.value}{seen}{self._words.value}{self._code.value}</div>'

    def __repr__(self) -> str:
        return f"{type(self).__name__}({write_options({name: getattr(self, name) for name in self.inputs()})})"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add to the living panel what is read where no kernel runs: in an export, in a file that was mailed."""
        return {**super()._repr_mimebundle_(**kwargs), "text/html": self.to_html()}
