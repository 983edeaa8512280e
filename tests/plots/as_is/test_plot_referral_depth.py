"""Timing, network, value and growth: what is drawn is what the table says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


def artists(ax, gid):
    return ax.findobj(lambda artist: artist.get_gid() == gid)


def test_steps_and_bands_are_the_curve(result_of, marks):
    timing = result_of("plot_referral_timing")
    ax = tpm.plot_referral_timing(timing)
    for group, rows in timing.curve.groupby("group"):
        assert np.allclose(marks(ax, group), rows[["time", "estimate"]])
        (line,) = artists(ax, group)
        assert line.get_drawstyle() == "steps-post"
        (band,) = artists(ax, f"{group}-interval")
        corners = band.get_paths()[0].vertices[:, 1]
        assert corners.max() == pytest.approx(rows["conf_high"].max())


def test_groups_are_told_apart_without_colour(result_of, written):
    ax = tpm.plot_referral_timing(result_of("plot_referral_timing"))
    dashes = {str(artists(ax, group)[0]._dash_pattern) for group in ("promoter", "passive", "detractor")}
    assert len(dashes) == 3
    assert all(name in written(ax) for name in ("Promoters", "Passives", "Detractors"))


@pytest.mark.parametrize("by", [None, "segment"])
def test_since_becoming_a_customer(study, by, assert_readable):
    ax = tpm.plot_referral_timing(tpm.referral_timing(study, by=by))
    assert ax.get_xlabel() == "Days since becoming a customer"
    assert_readable(ax)


def test_the_lorenz_curves_and_the_busiest_tenth(result_of, marks):
    network = result_of("plot_referral_network")
    ax = tpm.plot_referral_network(network)
    for of in ("customers", "referrers"):
        rows = network.lorenz[network.lorenz["of"] == of]
        assert np.allclose(marks(ax, of), rows[["share", "estimate"]])
    top = network.table.set_index("measure").loc["top_tenth_of_customers", "estimate"]
    assert marks(ax, "tenth")[0] == pytest.approx([0.9, 1 - top], abs=1e-9)


def test_nobody_recommended_is_said(study, assert_readable):
    silent = replace(study, referrals=study.referrals.iloc[:0], customers=study.customers.assign(recommended_by=None))
    for draw, verb in (
        (tpm.plot_referral_network, tpm.referral_network),
        (tpm.plot_referral_value, tpm.referral_value),
        (tpm.plot_referral_timing, tpm.referral_timing),
    ):
        assert_readable(draw(verb(silent)))


def test_the_segments_stand_at_their_means(result_of, marks, segments):
    value = result_of("plot_referral_value")
    ax = tpm.plot_referral_value(value)
    assert np.allclose(marks(ax, "estimates"), value.table[["clv", "crv"]])
    assert np.allclose(segments(ax, "clv-intervals")[:, [0, 2]], value.table[["clv_low", "clv_high"]])
    (areas,) = artists(ax, "size")
    assert np.allclose(areas.get_sizes() / areas.get_sizes().sum(), value.table["share"])


def test_the_steps_add_up_to_the_growth(result_of, marks, segments):
    growth = result_of("plot_earned_growth")
    (row,) = growth.table.to_dict("records")
    ax = tpm.plot_earned_growth(growth)
    last = artists(ax, "step")[-1]
    ends = [bar.get_x() + bar.get_width() for bar in artists(ax, "step")]
    assert ends[-1] == pytest.approx(row["growth"])
    assert last.get_width() == pytest.approx(row["bought_new"])
    assert marks(ax, "estimates")[0, 0] == pytest.approx(row["estimate"])
    assert np.allclose(segments(ax, "bounds")[:, [0, 2]], [[row["bound_low"], row["bound_high"]]])


def test_the_course_of_earned_growth(study, marks, assert_readable):
    later = study.revenue[study.revenue["period"] == "2024"].assign(period="2025")
    longer = replace(study, revenue=pd.concat([study.revenue, later.assign(revenue=later["revenue"] * 0.9)]))
    growth = tpm.earned_growth(longer)
    ax = tpm.plot_earned_growth(growth)
    assert np.allclose(marks(ax, "estimates")[:, 1], growth.table["estimate"], equal_nan=True)
    assert_readable(ax)


def test_shrinking_and_unknown(study, assert_readable):
    fallen = study.revenue["revenue"].where(study.revenue["period"] == "2023", study.revenue["revenue"] * 0.5)
    nowhere = study.customers.assign(source="unknown")
    less = replace(study, revenue=study.revenue.assign(revenue=fallen), customers=nowhere)
    ax = tpm.plot_earned_growth(tpm.earned_growth(less))
    assert "between" in ax.get_title(loc="left")
    assert_readable(ax)
