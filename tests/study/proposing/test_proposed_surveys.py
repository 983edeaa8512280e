"""Two real surveys from the proposal alone; skipped where they are not at hand. The figures were computed elsewhere."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

import tpm_widgets as tpm

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def proposed(tmp_path):
    def load(name):
        file = SHARED / name / "survey.csv"
        if not file.exists():
            pytest.skip("the real surveys are not at hand")
        shutil.copy(file, tmp_path)
        proposal = tpm.propose_study(tmp_path / "survey.csv")
        (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
        return proposal, tpm.load_study(tmp_path)

    return load


def test_the_airport_2017(proposed):
    _, study = proposed("airport_2017")
    weighted, plain = (tpm.net_promoter_score(one).table.iloc[0] for one in (study, study.unweighted()))
    assert plain["n"] == 342 + 968 + 1436
    assert [plain["estimate"], weighted["estimate"]] == pytest.approx([0.3984, 0.4040], abs=5e-5)
    assert weighted["n_eff"] == pytest.approx(2266.5, abs=0.05)
    by_problem = tpm.net_promoter_score(study.unweighted(), by="Q15PROBLEM").table.set_index("group")
    assert by_problem.loc[["1", "2"], "n"].tolist() == [309, 2330]
    assert by_problem.loc[["1", "2"], "estimate"].tolist() == pytest.approx([0.1877, 0.4365], abs=5e-5)
    six = study.ratings[["Q7ART", "Q7FOOD", "Q7STORE", "Q7SIGN", "Q7SCREENS", "Q7WIFI"]]
    whole = six.notna().all(axis=1) & study.survey["recommend"].notna()
    model = sm.OLS(study.survey.loc[whole, "recommend"], sm.add_constant(six[whole])).fit()
    assert whole.sum() == 1572
    np.testing.assert_allclose(model.params, [3.2882, 0.2081, 0.2142, 0.0838, 0.2737, 0.3392, 0.1692], atol=5e-5)
    assert model.rsquared == pytest.approx(0.2784, abs=5e-5)


def test_the_bank_asks_which_of_four_is_the_recommendation(proposed):
    proposal, study = proposed("bank")
    assert proposal.not_understood[0].text("en") == (
        "Is it loy1 that asks for the recommendation? It could be loy2, loy3 and loy4 as well."
    )
    assert '# recommend = "loy3"' in proposal.toml
    assert study.problems.empty
    assert set(study.rating_scales.values()) == {(0, 10)}
    assert study.ratings.shape == (250, 23)
    assert study.ratings.notna().all(axis=None)
    assert study.segments == ("gender",)
