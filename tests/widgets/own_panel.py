"""A panel of one's own, with the statistic and the plot that it shows; test_panel.py holds what it then can do."""

from dataclasses import dataclass
from typing import ClassVar

from matplotlib.figure import Figure
from traitlets import Enum, Float

import tpm_widgets as tpm
from tpm_widgets.language import Number, say


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class TopShare(tpm.Result):
    """The share of ratings at or above a limit."""

    formats: ClassVar = {"estimate": "percent"}

    def sentences(self):
        limit = Number(self.settings["limit"], 1)
        return (say("{share} rated {limit} or more.", share=self.table["n"].sum(), limit=limit),)


def top_share(study, medium="all", limit=4.0):
    """Share of ratings at or above ``limit``: one row per touchpoint."""
    if medium == "online":
        raise ValueError("This study has no <online> touchpoint.")
    rated = study.ratings.dropna()
    table = rated.ge(limit).mean().rename_axis("touchpoint").reset_index(name="estimate").assign(n=len(rated))
    return TopShare(table=table, settings={"medium": medium, "limit": limit}, data_hash=study.data_hash)


def plot_top_share(result, ax=None):
    """Draw the shares as bars."""
    ax = ax or Figure(figsize=(4, 3)).add_subplot()
    ax.barh(result.table["touchpoint"], result.table["estimate"])
    ax.set_title("Shares & limits", loc="left")
    return ax


class TopSharePanel(tpm.Panel):
    """The share of good ratings, for any limit.

    Parameters
    ----------
    medium : {"all", "online"}
        Which touchpoints.
    limit : float
        What counts as good, in rating points from 1 to 5.
    """

    medium = Enum(["all", "online"], "all").tag(label=say("Medium"))
    limit = Float(4.0, min=1, max=5).tag(label=say("Good is at least"), step=0.5)

    def compute(self):
        return self.call(top_share, medium=self.medium, limit=self.limit)

    def draw(self, result):
        return plot_top_share(result)
