"""The panel of step 1: what customers say against what they do."""

from __future__ import annotations

from matplotlib.axes import Axes
from traitlets import Int, default

from tpm_widgets.as_is.say_do.say_do import SayDo, say_do
from tpm_widgets.language import say
from tpm_widgets.plots.as_is.say_do.say_do import plot_say_do
from tpm_widgets.widgets.call import Call
from tpm_widgets.widgets.controls import confidence_level
from tpm_widgets.widgets.panel import Panel


class SayDoPanel(Panel):
    """See, for any window, how many of those who say that they would recommend us do so.

    The panel of :func:`tpm_widgets.say_do`.

    Parameters
    ----------
    study : Study
        Of any of the kinds that ``say_do`` reads; an unlinked one is drawn by group.
    window : int, 5 to 1825
        Days after an answer for which a recommendation is credited to it; first the study's own.
    level : float, 0.8 to 0.99
        Confidence level of the intervals; first 0.95.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> panel = tpm.SayDoPanel(tpm.simulate_study(seed=1, respondents=400), window=180)
    >>> panel.code
    'tpm.say_do(study, window=180, level=0.95)'
    >>> panel.result.window
    180
    """

    window = Int(min=5, max=1825).tag(label=say("Window (days)"), step=5)
    level = confidence_level()

    @default("window")
    def _window_of_the_study(self) -> int:
        return self.study.period.window

    def compute(self) -> Call:
        """Ask ``tpm.say_do``."""
        return self.call(say_do, window=self.window, level=self.level)

    def draw(self, result: SayDo) -> Axes:
        """Draw each score's share who recommended, or what the study knows instead."""
        return plot_say_do(result)
