"""Axes as PNG bytes, for panels and for what is read without a kernel."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO

from ipywidgets import Image
from matplotlib.axes import Axes
from traitlets import Unicode

from tpm_widgets.plots.draws import figure_of
from tpm_widgets.plots.theme import SCREEN_DPI

CSS_PIXELS_PER_INCH = 96


class TitledImage(Image):
    """An image whose ``tooltip`` is read aloud, for ipywidgets' own has no alternative text.

    Without a description its view in the browser fails as soon as the tooltip is set (ipywidgets 8.1.9).
    """

    description = Unicode("").tag(sync=True)


def png(axes: Axes) -> bytes:
    """Draw the figure that the axes stand in; the same figure gives the same bytes."""
    buffer = BytesIO()
    figure_of(axes).savefig(buffer, format="png", dpi=SCREEN_DPI, metadata={"Software": None})
    return buffer.getvalue()


def width(picture: bytes) -> int:
    """Return the width in CSS pixels at which a PNG is meant to be seen."""
    pixels = int.from_bytes(picture[16:20])  # the place of the width in a PNG
    return round(pixels * CSS_PIXELS_PER_INCH / SCREEN_DPI)


def img(picture: bytes, alt: str) -> str:
    """Write a picture as an ``<img>`` that carries its own data, so that it needs neither a kernel nor a network."""
    data = b64encode(picture).decode("ascii")
    style = "max-width:100%;height:auto"
    return f'<img src="data:image/png;base64,{data}" alt="{escape(alt)}" width="{width(picture)}" style="{style}">'
