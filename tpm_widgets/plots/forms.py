"""What seaborn has a form for: bars of one row each, and clouds of single answers.

It is imported when the first of them is drawn, for it imports ``pyplot`` (which opens nothing and chooses no backend
until it is asked for a figure). Each function is given its axes; whether a figure is registered is tested.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes


def bars(ax: Axes, rows: np.ndarray, values: np.ndarray, *, color: str, height: float = 0.6, **look: Any) -> None:
    """Draw one bar per row, in the places that the rows have already; where a value is missing, none."""
    import seaborn as sns

    if np.isfinite(values).any():
        limits = ax.get_ylim()
        sns.barplot(
            x=values, y=rows, orient="h", native_scale=True, errorbar=None, color=color, saturation=1, width=height,
            ax=ax, **look,
        )  # fmt: skip
        ax.set_ylim(limits)


def cloud(ax: Axes, x: np.ndarray, y: np.ndarray, *, color: str, gid: str) -> None:
    """Draw every single answer as a pale dot, without a line through them: what holds on average is drawn apart."""
    import seaborn as sns

    look = {"s": 5.0, "alpha": 0.18, "linewidths": 0, "gid": gid}
    sns.regplot(x=x, y=y, fit_reg=False, color=color, scatter_kws={**look, "rasterized": True}, ax=ax)
