"""The HTML that a report lets through: a list of what is allowed, so that what nobody thought of stays out."""

from __future__ import annotations

import nh3

BLOCKS = "article blockquote details div figcaption figure h1 h2 h3 h4 h5 h6 hr p pre section summary"
LISTS = "dd dl dt li ol ul"
TABLES = "caption col colgroup table tbody td tfoot th thead tr"
WORDS = "a abbr b br cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr"
TAGS = {*f"{BLOCKS} {LISTS} {TABLES} {WORDS}".split(), "img"}
ATTRIBUTES = {
    "*": {"aria-label", "class", "dir", "id", "lang", "role", "style", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "table": {"border"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
# None of them can name an address or take a thing out of its place.
SIDES = ("", "-top", "-right", "-bottom", "-left")
STYLES = {
    *(f"{around}{side}" for around in ("border", "margin", "padding") for side in SIDES),
    *("background-color", "border-collapse", "border-radius", "border-spacing", "color", "display", "opacity"),
    *("font-family", "font-size", "font-style", "font-variant-numeric", "font-weight", "line-height"),
    *("height", "max-height", "max-width", "min-width", "width", "object-fit", "overflow", "overflow-x"),
    *("overflow-wrap", "text-align", "text-decoration", "text-indent", "user-select", "vertical-align"),
    *("white-space", "word-break"),
}
SCHEMES = {"http", "https", "mailto", "data"}


def only_allowed(html: str) -> str:
    """Return a piece of HTML without whatever could run, be fetched, or lie over the rest of the page."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_address,
        filter_style_properties=STYLES,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _address(tag: str, attribute: str, value: str) -> str | None:
    """Let pictures carry their data, and nothing else."""
    if attribute not in ("src", "href"):
        return value
    carries_data = value.strip().lower().startswith("data:")
    if tag == "img":
        return value if value.lower().startswith("data:image/") else None
    return None if carries_data else value
