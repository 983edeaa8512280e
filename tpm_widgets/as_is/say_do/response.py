"""Those who answer are not everybody: what customers did who never answered, and weights that make up for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.columns import with_ends
from tpm_widgets.statistics.estimates.rates import event_rate

COLUMNS = ["group", "customers", "exposure", "recommendations", *with_ends("rate")]
LEAST = 10  # respondents of a cell; smaller ones are joined with their neighbours


def by_response(observed: Observed, level: float, *, weighted: bool = False, linked: bool = True) -> pd.DataFrame:
    """Return the rates of those who ever answered, of those who never did, and of everybody, as customers.

    ``weighted`` adds the respondents as they would be if each cell of customers had answered alike; without
    ``linked`` only everybody is known.
    """
    followed = observed.time
    people, events = followed.people, followed.counts()
    months = 12 * followed.years()
    present, alike = months > 0, np.ones(len(people))
    groups: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    if linked:
        answered = people["customer"].isin(observed.study.survey["customer"].dropna()).to_numpy() & present
        groups["respondents"] = (answered, alike)
        if weighted:
            cells = response_cells(people, present, answered)
            factors = _cell_weights(cells, present.astype(float), answered.astype(float))
            groups["respondents, weighted"] = (answered, factors)
        groups["never answered"] = (present & ~answered, alike)
    groups["everybody"] = (present, alike)
    rows = []
    for name, (member, weights) in groups.items():
        rate = event_rate(events[member], months[member], level=level, weights=weights[member])
        rows.append([name, int(member.sum()), months[member].sum(), int(events[member].sum()), *rate.per(100)])
    return pd.DataFrame(rows, columns=COLUMNS)


def response_weights(observed: Observed, customer: pd.Series, weights: np.ndarray) -> np.ndarray:
    """Return what the weight of each answer is multiplied by, so that the answers stand for all customers.

    Parameters
    ----------
    observed : Observed
    customer : pandas.Series, shape (n,)
        Whose answers they are.
    weights : ndarray, shape (n,)
        Their weights so far.

    Returns
    -------
    ndarray, shape (n,)
        Share of the cell among customers ÷ share among answers; ones where there is a single cell.

    Notes
    -----
    Post-stratification by what is known of every customer: segment × year of acquisition. Within a segment years with
    fewer than 10 respondents join their neighbours; segments with fewer are one cell. It removes the bias of answering
    only as far as customers of one cell who answer and who do not are alike.

    References
    ----------
    Holt, D. & Smith, T. M. F. (1979). Post stratification. Journal of the Royal Statistical Society A 142, 33-46.
    https://doi.org/10.2307/2344652
    """
    followed = observed.time
    people = followed.people
    present = followed.years() > 0
    place = pd.Index(people["customer"]).get_indexer(pd.Index(customer))
    answered = np.bincount(place, minlength=len(people)) > 0
    cells = response_cells(people, present, answered)
    factors = _cell_weights(cells, present.astype(float), np.bincount(place, weights=weights, minlength=len(people)))
    return np.asarray(factors[place])


def response_cells(people: pd.DataFrame, present: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Return the cell of each customer (segment × year of acquisition, small ones joined), shape (people,)."""
    segment = people["segment"].astype("string").fillna("") if "segment" in people else ""
    year = pd.to_datetime(people["acquired"]).dt.year
    frame = pd.DataFrame({"segment": segment, "year": year, "answered": answered & present}, index=people.index)
    counts = frame.groupby(["segment", "year"])["answered"].sum().reset_index()
    counts["cell"] = -1  # what is too small in all is one cell
    latest = 0
    for _, own in counts.groupby("segment"):
        cells = _joined(own["answered"].to_numpy())
        if own["answered"].sum() >= LEAST:
            counts.loc[own.index, "cell"] = latest + cells
            latest += cells.max() + 1
    if counts.loc[counts["cell"] < 0, "answered"].sum() < LEAST and latest:
        counts.loc[counts["cell"] < 0, "cell"] = 0
    return frame[["segment", "year"]].merge(counts, how="left")["cell"].to_numpy() + 1


def _joined(answered: np.ndarray) -> np.ndarray:
    """Give neighbours one number until it has enough respondents; what is left over joins the last one."""
    before = np.concatenate([[0], np.cumsum(answered)[:-1]])
    cells = np.zeros(len(answered), dtype=int)
    held = 0
    for place, count in enumerate(answered[:-1]):
        held += count
        full = held >= LEAST and answered.sum() - before[place] - count >= LEAST
        cells[place + 1] = cells[place] + full
        held = 0 if full else held
    return cells


def _cell_weights(cells: np.ndarray, everybody: np.ndarray, respondents: np.ndarray) -> np.ndarray:
    """Share of each one's cell among everybody ÷ among respondents; 0 where nobody of the cell answered."""
    wanted, found = (np.bincount(cells, weights=weights) for weights in (everybody, respondents))
    wanted = np.where(found > 0, wanted, 0.0)
    level = found.sum() / wanted.sum() if wanted.any() else 0.0
    return np.asarray(level * np.divide(wanted, found, out=np.zeros(len(found)), where=found > 0)[cells])
