"""What SPSS knows besides the cells: words for columns and codes, and codes that mean nothing."""

import numpy as np
import pandas as pd
import pyreadstat

import tpm_widgets as tpm


def test_labels_and_user_missing_codes(tmp_path):
    answers = pd.DataFrame(
        {
            "nps": [9.0, 7.0, 99.0, 0.0],
            "q1": [5.0, 97.0, 99.0, 98.0],
            "region": [2.0, 1.0, 2.0, 9.0],
            "member": [1.0, 2.0, 2.0, 1.0],
            "problem": [1.0, 3.0, 1.0, 3.0],
        }
    )
    pyreadstat.write_sav(
        answers,
        tmp_path / "a.sav",
        column_labels={"q1": "Our shop", "nps": "How likely …?"},
        variable_value_labels={
            "region": {1: "south", 2: "north"},
            "member": {1: "Yes", 2: "No"},
            "problem": {1: "late", 3: "rude"},
            "q1": {1: "bad", 5: "good", 97: "never used"},
        },
        missing_ranges={"nps": [99], "q1": [{"lo": 97, "hi": 99}], "region": [9]},
    )
    settings = """
    [survey]
    file = "a.sav"
    recommend = "nps"
    recommended_12m = "member"
    segments = ["region"]
    not_experienced = [97]
    touchpoints = { q1 = "shop" }
    """
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    np.testing.assert_array_equal(study.survey["recommend"], [9, 7, np.nan, 0])
    np.testing.assert_array_equal(study.ratings["shop"], [5, np.nan, np.nan, np.nan])
    assert study.experienced["shop"].tolist() == [True, False, pd.NA, pd.NA]
    assert study.labels == {"shop": "Our shop"}
    assert study.survey["recommended_12m"].tolist() == [True, False, False, True]
    assert study.survey["region"].tolist()[:3] == ["north", "south", "north"]
    assert study.survey["region"].isna().tolist() == [False, False, False, True]
    assert study.survey["region"].cat.categories.tolist() == ["south", "north"]
    assert study.other_columns["problem"].astype(str).tolist() == ["late", "rude", "late", "rude"]


def test_rows_are_the_cases_that_spss_counts(tmp_path):
    pyreadstat.write_sav(pd.DataFrame({"nps": [9.0, 12.0]}), tmp_path / "a.sav")
    (tmp_path / "study.toml").write_text('[survey]\nfile = "a.sav"\nrecommend = "nps"', encoding="utf-8")
    assert tpm.check_study(tmp_path).table["row"].tolist() == [2]
