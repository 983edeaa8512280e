"""What a publication has to say about the software: which versions computed it, and how it is cited."""

from __future__ import annotations

import platform
from importlib.metadata import requires, version
from re import split
from typing import Literal

import pandas as pd

from tpm_widgets.options import check_option

CitationStyle = Literal["text", "bibtex"]

TITLE = "tpm_widgets: Customer touchpoint management in Jupyter"
AUTHORS = "The tpm_widgets authors"
RELEASED = 2026


def versions() -> pd.DataFrame:
    """List what the numbers were computed with, for a methods section or a report of a fault.

    Returns
    -------
    pandas.DataFrame
        One row for tpm_widgets, one for Python and one for each package that every installation needs:
        ``package``, ``version``.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> list(tpm.versions()["package"][:2])
    ['tpm_widgets', 'Python']
    """
    required = [requirement for requirement in requires("tpm_widgets") or [] if "extra ==" not in requirement]
    names = sorted((split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in required), key=str.lower)
    rows = [("tpm_widgets", version("tpm_widgets")), ("Python", platform.python_version())]
    return pd.DataFrame([*rows, *((name, version(name)) for name in names)], columns=["package", "version"])


def cite(style: CitationStyle = "text") -> str:
    """Say how tpm_widgets is cited, with the version that is installed.

    Parameters
    ----------
    style : {"text", "bibtex"}
        A line for a list of references, or an entry for BibTeX.

    Returns
    -------
    str
        The citation.

    Raises
    ------
    ValueError
        Where the style is neither of the two.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> print(tpm.cite())
    The tpm_widgets authors (2026). tpm_widgets: Customer touchpoint management in Jupyter (version ...) [Software].
    """
    check_option("style", style, CitationStyle)
    current = version("tpm_widgets")
    if style == "text":
        return f"{AUTHORS} ({RELEASED}). {TITLE} (version {current}) [Software]."
    # The inner braces keep BibTeX from reading the authors as first and last name, and the title as lower case.
    fields = {"author": f"{{{AUTHORS}}}", "title": f"{{{TITLE}}}", "year": str(RELEASED), "version": current}
    return "@software{tpm_widgets,\n" + "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items()) + "}"
