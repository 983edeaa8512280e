"""What a picture shows, as a short hash: so that a comparison of texts notices another picture.

Of the data that the artists draw, not of pixels: where the letters stand, how wide they are and how lines break
changes nothing. Words count, so that another language is another picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

from tpm_widgets.plots.draws import panels_of

DIGITS = 6
# Halves are what numbers of people often give; this takes them off the edge on which rounding would be chance.
OFF_THE_EDGE = 1 + 1.234567e-8


def drawn_data(ax: Axes) -> str:
    """Return the hash of everything that the figure around some axes draws, twelve digits."""
    figure = ax.get_figure(root=True)
    every = [ax] if figure is None else figure.axes
    parts = (part for axes in every for part in _axes(axes))
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def _axes(ax: Axes) -> Iterator[str]:
    yield from (_words(ax.get_title(loc="left")), _words(ax.get_xlabel()), _words(ax.get_ylabel()))
    for axis in (ax.xaxis, ax.yaxis):
        if isinstance(names := axis.get_major_locator(), FixedLocator):  # numbers follow from the limits
            yield from map(_words, axis.get_major_formatter().format_ticks(list(names.tick_values(0, 0))))
    for artist in (*ax.lines, *ax.collections, *ax.patches, *ax.texts):
        yield from _artist(artist)
    for panel in panels_of(ax):
        yield from _axes(panel)


def _artist(artist: Artist) -> Iterator[str]:
    """Say what kind of mark it is, and where it stands."""
    yield f"{type(artist).__name__} {artist.get_gid() or ''}"
    if isinstance(artist, Line2D):
        yield f"{artist.get_marker()} {artist.get_color()} {artist.get_markerfacecolor()}"
        yield _numbers(artist.get_xydata())
    elif isinstance(artist, Collection):
        yield from (_numbers(path.vertices) for path in artist.get_paths())
        yield from (_numbers(artist.get_offsets()), _numbers(artist.get_array()))
    elif isinstance(artist, Patch):
        yield _numbers(artist.get_path().transformed(artist.get_patch_transform()).vertices)
    elif isinstance(artist, Text):
        yield _words(artist.get_text())
        yield _numbers(artist.xy if isinstance(artist, Annotation) else artist.get_position())


def _words(text: str) -> str:
    """Return words without their line breaks, and without the hyphens that a break may have added."""
    return re.sub(r"[\s-]", "", text)


def _numbers(values: Any) -> str:
    """Write numbers to six digits of the largest."""
    if values is None:
        return ""
    numbers = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).ravel() * OFF_THE_EDGE
    known = np.abs(numbers[np.isfinite(numbers)])
    scale = 10.0 ** np.ceil(np.log10(known.max())) if known.any() else 1.0
    rounded = np.round(numbers / scale, DIGITS) + 0.0  # no negative zero
    return f"{scale:g} {rounded.tolist()}"
