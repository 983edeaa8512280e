"""How far a pass over a large table is, with a button that ends it."""

from __future__ import annotations

from ipywidgets import Button, HBox, IntProgress, Label

from tpm_widgets.language import say

STEPS = 1000


class ProgressBar(HBox):
    """A bar for ``progress=``: show it in one cell, hand it to a verb in the next.

    The button, or :meth:`stop`, ends the verb at its next batch with a ``KeyboardInterrupt``, as the kernel's own
    interrupt does; the table stays as it is, and the verb can be called again.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> bar = tpm.ProgressBar()
    >>> bar(250, 1000)
    >>> bar
    ProgressBar(250 of 1,000 rows)
    """

    def __init__(self) -> None:
        self._bar = IntProgress(max=STEPS)
        self._label = Label()
        self._button = Button(description=say("Stop").text(), icon="stop")
        self._button.on_click(lambda _: self.stop())
        self._stopped = False
        super().__init__([self._bar, self._label, self._button])

    def __call__(self, done: int, rows: int | None) -> None:
        """Show how many rows of a pass are done; ``rows`` is None where only reading would tell."""
        if self._stopped:
            self._stopped = False
            raise KeyboardInterrupt("stopped by the button")
        of_all = say("{done:count} of {rows:count} rows", done=done, rows=rows) if rows else None
        self._label.value = (of_all or say("{done:count} rows", done=done)).text()
        self._bar.value = STEPS * done // rows if rows else STEPS

    def stop(self) -> None:
        """End what is running at its next batch; where nothing is, the next call."""
        self._stopped = True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._label.value})"
