"""The hash in a picture's text: another number is another picture, another layout is not."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from picture_calls import CALLS

import tpm_widgets as tpm
from tpm_widgets.plots.drawn import drawn_data


def hash_of(ax):
    (found,) = re.findall(r" \| drawn data ([0-9a-f]{12})>$", repr(ax))
    return found


@pytest.mark.parametrize("name", sorted(CALLS))
def test_one_changed_number_is_another_picture(name, result_of):
    """In the tables of the result the first and the largest number of each column are raised by a thousandth."""
    result = result_of(name)
    plot = getattr(tpm, name)
    first = hash_of(plot(result))
    changed = {
        field: value.assign(**{column: raised(value[column]) for column in value.select_dtypes(float).columns})
        for field in ("table", "effects", "curve", "lorenz", "classes", "by_size", "conditional", "calibration")
        if (value := getattr(result, field, None)) is not None
    }
    other = object.__new__(type(result))
    for field in fields(result):
        object.__setattr__(other, field.name, changed.get(field.name, getattr(result, field.name)))
    assert hash_of(plot(other)) != first


def raised(values):
    """The first as well, for of long lists only the first rows are drawn."""
    known = values.dropna()
    chosen = values.index.isin(known.index[:1]) | (values == known.max())
    return values.mask(chosen, values + values.abs() / 1000)


def test_the_last_bit_changes_nothing(result_of):
    result = result_of("plot_net_promoter_score")
    numbers = result.table.select_dtypes(float).columns
    table = result.table.assign(**{name: np.nextafter(result.table[name], 2) for name in numbers})
    moved = replace(result, table=table)
    assert hash_of(tpm.plot_net_promoter_score(moved)) == hash_of(tpm.plot_net_promoter_score(result))


@pytest.mark.parametrize("name", ["plot_drivers", "plot_say_do_groups", "plot_priorities", "plot_say_do_time"])
def test_size_and_resolution_change_nothing(name, result_of):
    ax = getattr(tpm, name)(result_of(name))
    before = drawn_data(ax)
    ax.figure.savefig("/dev/null", format="png", dpi=50)
    assert drawn_data(ax) == before
    wide = Figure(figsize=(20, 14), layout="constrained").subplots()
    assert drawn_data(getattr(tpm, name)(result_of(name), ax=wide)) == before


def test_words_count_so_that_another_language_is_another_picture(result_of):
    english = hash_of(tpm.plot_waves(result_of("plot_waves")))
    tpm.set_language("de")
    assert hash_of(tpm.plot_waves(result_of("plot_waves"))) != english


def test_what_is_added_to_a_picture_counts(result_of):
    ax = tpm.plot_waves(result_of("plot_waves"))
    before = hash_of(ax)
    ax.axvline(0.01)
    assert hash_of(ax) != before
