"""The panel of step 2 for the workshop: what would better ratings bring?"""

from __future__ import annotations

from matplotlib.axes import Axes

from tpm_widgets.language import say
from tpm_widgets.plots.strategy.aims.what_if import plot_what_if
from tpm_widgets.strategy.aims.what_if import WhatIf, what_if
from tpm_widgets.strategy.aims.what_if_models import what_if_models
from tpm_widgets.widgets.call import Call
from tpm_widgets.widgets.controls import PerTouchpoint, confidence_level
from tpm_widgets.widgets.panel import Panel


class WhatIfPanel(Panel):
    """Ask, touchpoint by touchpoint, what better ratings would bring if the associations were causal.

    The panel of :func:`tpm_widgets.what_if`. The models are fitted once, when the panel is made; every slider is
    then answered while it is being moved.

    Parameters
    ----------
    study : Study
        With ratings; recommendations, customers won and the referral rate are added where they are known.
    changes : mapping of str to float, each −2 to 2
        Rating points by which each touchpoint is rated better; first none. Read-only: set a new mapping.
    level : float, 0.8 to 0.99
        Confidence level of the intervals; first 0.95.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500, touchpoints=4)
    >>> panel = tpm.WhatIfPanel(study)
    >>> panel.changes = {study.touchpoint_names[0]: 0.5}
    >>> panel.code
    "tpm.what_if(tpm.what_if_models(study), changes={'reviews': 0.5}, level=0.95)"
    """

    live = True

    changes = PerTouchpoint(min=-2, max=2).tag(label=say("Change of the rating (points)"), step=0.1, readout="+.1f")
    level = confidence_level()

    def compute(self) -> Call:
        """Ask ``tpm.what_if`` of models that are fitted once."""
        return self.call(what_if, self.call(what_if_models), changes=self.changes, level=self.level)

    def draw(self, result: WhatIf) -> Axes:
        """Draw how far score, deeds and referral rate would move."""
        return plot_what_if(result)
