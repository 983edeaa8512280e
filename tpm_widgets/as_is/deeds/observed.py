"""What was observed of a study's customers: found where it is first used, once, and handed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from tpm_widgets.as_is.deeds.customer_time import CustomerTime, customer_time
from tpm_widgets.as_is.deeds.exposure import Exposure, check_window, follow_answers
from tpm_widgets.as_is.deeds.linkage import customer_spans, known_customers, need_linked
from tpm_widgets.study.model import Study, need


@dataclass(frozen=True, eq=False, repr=False)
class Observed:
    """A study's customers, their time and what followed their answers, for as long as one verb works on them.

    Attributes
    ----------
    study : Study
        Its tables must not change meanwhile: nothing is found twice.
    verb : str
        Who asks; named where a part is refused, which happens only when that part is used.
    """

    study: Study
    verb: str
    _followed: dict[int, Exposure] = field(default_factory=dict, init=False)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The customers whose first day is known, see ``known_customers``."""
        need(self.study, self.verb, customers=("customer", "acquired"))
        return known_customers(self.study)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """From when to when each of them was a customer, see ``customer_spans``."""
        return customer_spans(self.customers)

    @cached_property
    def time(self) -> CustomerTime:
        """How long each of them was watched, and what they recommended then, see ``customer_time``."""
        need(self.study, self.verb, customers=("customer", "acquired"), referrals=())
        return customer_time(self.study, self.customers, self.spans)

    def answers(self, window: int | None = None) -> Exposure:
        """Follow each answer for ``window`` days (the study's own where None), see ``follow_answers``.

        Raises
        ------
        DataError
            Where answers cannot, or may not, be tied to customers.
        ValueError
            Where ``window`` is not a positive whole number.
        """
        window = check_window(self.study.period.window if window is None else window)
        if window not in self._followed:
            need_linked(self.study, self.verb)
            self._followed[window] = follow_answers(self.study, self.spans, window)
        return self._followed[window]
