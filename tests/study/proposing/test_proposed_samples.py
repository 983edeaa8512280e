"""The three samples under names that no role bears: every role is found, and every rating is read as it was."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.samples import sample_folder

GERMAN = {
    "respondent": "Fragebogen_Nr",
    "recommend": "Weiterempfehlung",
    "customer": "Kundennummer",
    "date": "Datum",
    "wave": "Erhebung",
    "weight": "Gewicht",
    "overall": "Gesamtzufriedenheit",
    "recommended_12m": "Haben Sie uns in den letzten 12 Monaten weiterempfohlen?",
    "tenure": "Kunde seit (Jahre)",
    "text": "Anmerkungen",
    "region": "Gebiet",
    "product": "Sparte",
    "age_group": "Altersgruppe",
    "house": "Haus",
}
SHORT = {
    "respondent": "ID",
    "recommend": "v1",
    "customer": "cust_no",
    "date": "completed",
    "wave": "w",
    "weight": "wt",
    "overall": "all",
    "recommended_12m": "has_recommended",
    "tenure": "tenure_years",
    "text": "open",
    "region": "seg1",
    "product": "seg2",
    "age_group": "seg3",
    "house": "seg4",
}
GROUPS = ("region", "product", "age_group", "house")


@pytest.mark.parametrize("names", [GERMAN, SHORT], ids=["german", "short"])
@pytest.mark.parametrize("sample", ["insurer", "hotels", "software"])
def test_every_role_of_the_samples_is_found(sample, names, tmp_path):
    known = tpm.sample_study(sample)
    answers = pd.read_csv(sample_folder(sample) / "survey.csv", dtype=str, keep_default_na=False)
    renamed = (
        names | {name: f"q{number}" for number, name in enumerate(known.touchpoint_names)} if names is SHORT else names
    )
    answers.rename(columns=renamed).to_csv(tmp_path / "answers.csv", index=False)
    proposal = tpm.propose_study(tmp_path / "answers.csv")
    roles = dict(zip(answers.columns, proposal.table["role"], strict=True))
    expected = {
        name: "segment" if name in GROUPS else "rating" if name in known.touchpoint_names else name for name in roles
    }
    assert roles == expected
    assert [one.text("en") for one in proposal.not_understood] == [
        "Does 6 mean “never used”, or is it the end of the scale?"
    ]
    (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    pd.testing.assert_frame_equal(study.ratings.set_axis(known.ratings.columns, axis=1), known.ratings)
    assert (
        study.experienced.to_numpy(float, na_value=-1).tolist()
        == known.experienced.to_numpy(float, na_value=-1).tolist()
    )
    assert study.survey["recommend"].equals(known.survey["recommend"])


def test_where_no_name_tells_the_only_long_scale_is_the_score(tmp_path):
    answers = pd.read_csv(sample_folder("software") / "survey.csv", dtype=str, keep_default_na=False)
    plain = answers.set_axis([f"c{number}" for number in range(answers.shape[1])], axis=1)
    plain.to_csv(tmp_path / "answers.csv", index=False)
    table = tpm.propose_study(tmp_path / "answers.csv").table.set_index("column")
    assert table.loc["c1", ["role", "reason"]].tolist() == [
        "recommend", "its cells are answers from 0 to 10 and it alone is answered from 0 to 10"
    ]  # fmt: skip
