"""The question on recommendation on other scales than 0 to 10: declared in study.toml, and meant by every verb."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError

# 2 promoters, 10 passives, 10 detractors of 22 by 1..6 | 7..8 | 9..10
ANSWERS = [9, 10, *[7, 8] * 5, *[1, 2, 3, 4, 5, 6, 6, 5, 4, 3]]


def written(folder, lines, answers):
    (folder / "study.toml").write_text("\n".join(["[survey]", 'file = "answers.csv"', 'recommend = "q"', *lines]))
    shop = [1 + place % 5 for place in range(len(answers))]
    pd.DataFrame({"q": answers, "shop": shop}).to_csv(folder / "answers.csv", index=False)
    return folder


def score_of(folder, lines, answers=ANSWERS):
    study = tpm.load_study(written(folder, ['touchpoints = ["shop"]', *lines], answers))
    return study, tpm.net_promoter_score(study)


def test_1_to_10_has_its_usual_classes(tmp_path):
    _, result = score_of(tmp_path, ["recommend_scale = [1, 10]"])
    row = result.table.iloc[0]
    assert row["n"] == 22
    assert row[["promoters", "detractors", "estimate"]].round(4).tolist() == [0.0909, 0.4545, -0.3636]


def test_cutoffs_of_the_study_are_those_of_every_verb(tmp_path):
    lines = ["recommend_scale = [1, 10]", "cutoffs = [4, 7]"]
    study, result = score_of(tmp_path, lines)
    assert study.cutoffs == (4, 7)
    assert result.settings["cutoffs"] == (4, 7)
    promoters = sum(answer > 7 for answer in ANSWERS) / 22
    assert result.table.loc[0, "promoters"] == pytest.approx(promoters)
    assert result.caveats == ()  # they are declared, so that nothing has to be said
    assert tpm.driver_regression(study, outcome="promoter").events == sum(answer > 7 for answer in ANSWERS)
    made = tpm.make_study(
        study.survey.assign(shop=study.ratings["shop"]), touchpoints=["shop"], recommend_scale=(1, 10), cutoffs=(4, 7)
    )
    pd.testing.assert_frame_equal(tpm.net_promoter_score(made).table, result.table)
    assert tpm.net_promoter_score(study, cutoffs=(6, 8)).table.loc[0, "promoters"] == pytest.approx(2 / 22)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["cutoffs = [8, 6]"],
            "survey, study.toml, column 'survey.cutoffs': found '[8, 6]', expected the highest answer of a detractor "
            "and of a passive, two numbers from 0 to below 10, in order. On the scale from 0 to 10 it is cutoffs = "
            "[6, 8].",
        ),
        (
            ['recommend_scale = "yes/no"', "cutoffs = [0, 0]"],
            "survey, study.toml, column 'survey.cutoffs': found '[0, 0]', expected no cut-offs for a yes/no question. "
            "Delete the key.",
        ),
        (
            ['recommend_scale = "agree/disagree"'],
            "survey, study.toml, column 'survey.recommend_scale': found 'agree/disagree', expected the lowest and the "
            'highest answer, such as [0, 10], or "yes/no".',
        ),
    ],
)
def test_a_wrong_key_is_refused_with_what_it_should_be(tmp_path, lines, message):
    with pytest.raises(DataError) as caught:
        score_of(tmp_path, lines, [0, 1, 1])
    assert message.removeprefix("survey, ") in str(caught.value)
