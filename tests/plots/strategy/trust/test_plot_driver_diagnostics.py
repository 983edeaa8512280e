"""Pictures of diagnostics and policies: every mark stands where its result says."""

import numpy as np
import pytest

import tpm_widgets as tpm


def test_diagnostics_stand_where_they_are(result_of, marks, bars):
    result = result_of("plot_driver_diagnostics")
    ax = tpm.plot_driver_diagnostics(result)
    near = np.maximum(result.table["vif"] / 5, result.table["influence"]).nlargest(12).index
    table = result.table.loc[near].sort_values("vif", ascending=False)
    assert np.allclose(np.sort(bars(ax, "vif")), np.sort(table["vif"] - 1))
    assert np.allclose(np.sort(marks(ax, "gvif")[:, 0]), np.sort(table["gvif"]))
    assert np.allclose(np.sort(bars(ax, "influence")), np.sort(table["influence"]))
    (dots,) = ax.findobj(lambda artist: artist.get_gid() == "residuals")
    assert np.allclose(dots.get_offsets()[:, 1], result.observed - result.predicted)
    means = result.calibration["observed"] - result.calibration["predicted"]
    assert np.allclose(marks(ax, "calibration")[:, 1], means)


@pytest.mark.parametrize("outcome", ["referred", "referrals"])
def test_deeds_are_calibrated(outcome, study, marks, segments, assert_readable):
    result = tpm.driver_diagnostics(tpm.driver_regression(study, outcome=outcome))
    ax = tpm.plot_driver_diagnostics(result)
    assert np.allclose(marks(ax, "calibration"), result.calibration[["predicted", "observed"]])
    lines = segments(ax, "calibration-intervals")
    assert np.allclose(lines[:, [1, 3]], result.calibration[["conf_low", "conf_high"]])
    assert_readable(ax)


def test_policies_stand_where_they_are(result_of, marks, segments):
    result = result_of("plot_policy_comparison")
    ax = tpm.plot_policy_comparison(result)
    for policy in result.models:
        own = result.table[result.table["policy"] == policy]
        assert np.allclose(np.sort(marks(ax, policy)[:, 0]), np.sort(own["estimate"]))
        assert np.allclose(np.sort(marks(ax, f"{policy}-share")[:, 0]), np.sort(own["share"]))
        assert np.allclose(np.sort(segments(ax, f"{policy}-intervals")[:, 0]), np.sort(own["conf_low"]))


@pytest.mark.parametrize("outcome", ["promoter", "referrals"])
def test_policies_of_other_outcomes(outcome, study, written, assert_readable):
    ax = tpm.plot_policy_comparison(tpm.compare_policies(study, outcome=outcome))
    assert "Refused by the data" in written(ax)
    assert_readable(ax)
