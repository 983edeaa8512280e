"""Segments in the order of what they explain, against analysis of variance and against each group alone."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import tpm_widgets as tpm
from tpm_widgets.errors import DataError


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(5)
    region = np.repeat(["north", "south", "west"], [80, 70, 3])
    age = rng.choice(["old", "young"], 153)
    score = np.clip(np.round(7 + 1.5 * (region == "north") + rng.normal(0, 2, 153)), 0, 10)
    return pd.DataFrame({"nps": score, "age": age, "region": region, "same": "all", "desk": 3})


def study_of(answers, segments=("age", "region", "same")):
    return tpm.make_study(answers, recommend="nps", touchpoints=["desk"], segments=list(segments))


def test_what_a_segment_explains_is_that_of_a_regression_on_its_groups(answers):
    ranked = tpm.rank_segments(study_of(answers))
    assert ranked.names == ("region", "age", "same")
    large = answers[answers["region"] != "west"]  # three answers are too few
    fit = smf.ols("nps ~ C(region)", large).fit()
    robust = smf.ols("nps ~ C(region)", large).fit(cov_type="HC3", use_t=True)
    first = ranked.table.iloc[0]
    assert (first["groups"], first["n"]) == (2, 150)
    assert first["explained"] == pytest.approx(fit.rsquared_adj, abs=1e-12)  # ε² of groups is the adjusted R²
    assert first["p_value"] == pytest.approx(float(robust.f_pvalue), rel=1e-9)
    assert np.isnan(ranked.table["explained"].iloc[2])
    assert ranked.summary().startswith("Of what customers say, region explains most: ")
    assert "2 groups (robust F test, p = 0.001 after Holm; 150 answers). The others explain: age " in ranked.summary()


def test_every_group_of_every_segment_has_its_score(answers):
    study = study_of(answers)
    found = tpm.segment_scores(study)
    alone = tpm.net_promoter_score(study, by="region").table
    mine = found.table.iloc[:3]
    assert list(mine["group"]) == ["region: north", "region: south", "region: west"]
    pd.testing.assert_frame_equal(mine.drop(columns="group"), alone.drop(columns="group"))
    assert np.isnan(mine["estimate"].iloc[2])
    assert "By region, the Net Promoter Score runs from " in found.summary()
    assert "in region: south (95% interval" in found.summary() and "in region: north (" in found.summary()
    assert "Withheld, because they hold fewer than 5 answers: region: west." in map(str, found.caveats)
    tpm.plot_net_promoter_score(found)


def test_weights_and_the_input_are_kept(answers):
    study = study_of(answers.assign(w=2.0))
    before = study.data_hash
    one = tpm.rank_segments(study).table
    assert study.data_hash == before
    pd.testing.assert_frame_equal(one, tpm.rank_segments(study_of(answers)).table)


@pytest.mark.parametrize("verb", [tpm.rank_segments, tpm.segment_scores])
def test_without_a_segment_it_is_said_how_to_name_one(answers, verb):
    with pytest.raises(DataError) as refused:
        verb(study_of(answers, ()))
    assert str(refused.value) == (
        f"survey, column 'segments': expected at least one segment, for {verb.__name__}. Name the columns that group "
        'your customers under [survey] in study.toml: segments = ["…"].'
    )


def test_where_nothing_can_be_told_it_says_so(answers):
    found = tpm.rank_segments(study_of(answers, ["same"]))
    assert found.summary() == (
        "Whether answers differ by segment cannot be told: in none of same do two groups hold enough answers that "
        "differ."
    )
