"""Studies that come with the package; their data are simulated, so their truth is known."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from tpm_widgets.options import check_option
from tpm_widgets.study.load import load_study
from tpm_widgets.study.model import Study

Sample = Literal["insurer", "hotels", "software"]
PACKAGE = Path(__file__).resolve().parents[1]


def sample_study(name: Sample = "insurer") -> Study:
    """Load a study that comes with the package, to try things out on and to learn with.

    Parameters
    ----------
    name : {"insurer", "hotels", "software"}
        ``"insurer"``: an invented insurance company; 2,500 answers in 8 quarterly waves on 18 touchpoints from the
        search result to the claim, 10,000 customers, their recommendations, incidents, measures and goals. *Linked*:
        answers are tied to customers.
        ``"hotels"``: an invented hotel group of 16 houses; 2,000 answers on all days of 27 months on 14 touchpoints,
        8,000 customers and their recommendations. *Unlinked*: anonymity was promised, so that only house, region
        and time tie answers to deeds.
        ``"software"``: an invented software company; 1,500 answers of 18 months on 12 touchpoints and nothing else.
        *Reported*: whether somebody recommended is known only as far as he says so himself.

    Returns
    -------
    Study
        As ``load_study`` returns it, with ``truth``: every parameter of the model that it was drawn from.

    Raises
    ------
    ValueError
        Where there is no sample of that name.

    See Also
    --------
    simulate_study : Explains the model, and draws others.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.sample_study("insurer")
    >>> len(study.survey), len(study.touchpoint_names)
    (2500, 18)
    >>> study.truth["roles"]["claim"]
    'both'
    >>> tpm.sample_study("hotels")
    Study('hotels': 2000 answers, 14 touchpoints, with touchpoints, customers, referrals, actions, goals, waves)
    >>> tpm.sample_study("software")
    Study('software': 1500 answers, 12 touchpoints, with touchpoints)
    """
    check_option("name", name, Sample)
    study = read_sample(sample_folder(name))
    # Shallow copies: pandas copies on write, so that nobody changes what the next caller gets.
    values = {f.name: getattr(study, f.name) for f in fields(study)}
    own: dict[str, Any] = {name: v.copy(deep=False) for name, v in values.items() if isinstance(v, pd.DataFrame)}
    return replace(study, **own, truth=deepcopy(study.truth))


@cache
def read_sample(folder: Path) -> Study:
    """Read a sample once: examples, lessons and tests ask for it again and again."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return replace(load_study(folder), truth=truth)


def sample_folder(name: Sample) -> Path:
    """Find a sample: in a checkout or an editable install beside the package, in an installed package inside it."""
    checkout = PACKAGE.parent / "data" / "samples" / name
    return checkout if checkout.is_dir() else PACKAGE / "bundled" / "samples" / name
