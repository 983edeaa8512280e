"""The panel of step 2: which touchpoints go with saying, which with doing, and are they the same?"""

from __future__ import annotations

from typing import get_args

from matplotlib.axes import Axes
from traitlets import Enum, Float, default

from tpm_widgets.language import say
from tpm_widgets.plots.strategy.compare.say_against_do import plot_driver_comparison
from tpm_widgets.plots.strategy.drivers.drivers import plot_drivers
from tpm_widgets.strategy.compare.compare import Doing, Policy, Saying, compare_drivers
from tpm_widgets.strategy.compare.say_against_do import DriverComparison
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import WORDS, best_known
from tpm_widgets.widgets.call import Call
from tpm_widgets.widgets.controls import confidence_level
from tpm_widgets.widgets.panel import Panel


class DriversPanel(Panel):
    """See which touchpoints go with what customers say, which with what they do, and hold both against each other.

    The panel of :func:`tpm_widgets.compare_drivers` and :func:`tpm_widgets.driver_regression`.

    Parameters
    ----------
    study : Study
        With a rating per touchpoint; for doing and the comparison with customers, dates and recommendations.
    show : {"comparison", "saying", "doing"}
        Both against each other, or the drivers of one.
    saying : {"promoter", "detractor"}
        What is said: 9–10 or 0–6 on the question.
    doing : {"referred", "won", "recommended", "reported"}
        What is done: at least one recommendation made, at least one customer won; at any time, or as reported, where
        no dates are known. First the deed that the study knows best.
    say_negligible, do_negligible : float, 0.005 to 0.1
        For the comparison: changes of the probability per rating point that are too small to matter; first 0.03 for
        saying and 0.01 for doing.
    missing : {"indicator", "complete"}
        What becomes of touchpoints that a respondent did not rate.
    level : float, 0.8 to 0.99
        Confidence level of the intervals; first 0.95.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> panel = tpm.DriversPanel(tpm.simulate_study(seed=1, respondents=1500, touchpoints=4), show="doing")
    >>> panel.code
    "tpm.driver_regression(study, outcome='referred', missing='indicator', level=0.95)"
    """

    show = Enum(["comparison", "saying", "doing"], "comparison").tag(
        label=say("Drivers of"),
        words={"comparison": say("saying against doing"), "saying": say("saying"), "doing": say("doing")},
    )
    saying = Enum(get_args(Saying), "promoter").tag(label=say("Saying"), words=WORDS)
    doing = Enum(get_args(Doing), "referred").tag(label=say("Doing"), words=WORDS)
    say_negligible = Float(0.03, min=0.005, max=0.1).tag(label=say("Negligible for saying"), step=0.005, readout=".1%")
    do_negligible = Float(0.01, min=0.005, max=0.1).tag(label=say("Negligible for doing"), step=0.005, readout=".1%")
    missing = Enum(get_args(Policy), "indicator").tag(
        label=say("Not rated"),
        words={"indicator": say("keep the answer, with an indicator"), "complete": say("leave the answer out")},
    )
    level = confidence_level()

    @default("doing")
    def _best_known_deed(self) -> str:
        return best_known(self.study)

    def compute(self) -> Call:
        """Ask ``tpm.compare_drivers``, or ``tpm.driver_regression`` for one of both."""
        policy = {"missing": self.missing, "level": self.level}
        if self.show == "comparison":
            negligible = (self.say_negligible, self.do_negligible)
            return self.call(compare_drivers, saying=self.saying, doing=self.doing, negligible=negligible, **policy)
        return self.call(driver_regression, outcome=self.saying if self.show == "saying" else self.doing, **policy)

    def draw(self, result: DriverComparison | DriverRegression) -> Axes:
        """Draw the five lists, or the drivers in the order of their importance."""
        return plot_driver_comparison(result) if isinstance(result, DriverComparison) else plot_drivers(result)
