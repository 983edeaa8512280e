"""Margins in study.toml and make_study: raked weights, the names of columns, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

PLACE = np.arange(60)
ANSWERS = pd.DataFrame({"score": (7 * PLACE**2 + 3 * PLACE) % 11, "desk": 3, "w": 1 + (PLACE % 4) / 2}).assign(
    age=np.array(["young", "middle", "old"])[(PLACE * 5 + PLACE // 7) % 3], sex=1 + (PLACE % 5 > 2)
)
AGES, SEXES = {"young": 0.3, "middle": 0.45, "old": 0.25}, {1: 45, 2: 55}


def study_of(answers=ANSWERS, **options):
    return tpm.make_study(answers, recommend="score", touchpoints=["desk"], weight="w", **options)


def test_the_score_is_that_of_raked_weights():
    """R's survey 4.1-1: calibrate(~a + b, calfun = "raking"), svymean of −1, 0, +1."""
    study = study_of(margins={"age": AGES, "sex": SEXES})
    found = tpm.net_promoter_score(study).table.iloc[0]
    assert (found["estimate"], found["std_error"]) == pytest.approx((-0.6037724694706, 0.1306959397080), abs=1e-11)
    assert study.survey["base_weight"].tolist() == ANSWERS["w"].tolist()
    assert [str(remark) for remark in study.remarks] == [
        "The weights are raked to the margins of age and sex; they run from 0.31 to 2.99 times their mean."
    ]
    assert study.unweighted().margins == {} and not study.unweighted().design.declared
    assert "weight" not in study.unweighted().survey and "base_weight" not in study.unweighted().survey


def test_margins_of_a_file_are_those_of_make_study(tmp_path):
    ANSWERS.to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "answers.csv"\nrecommend = "score"\nrecommend_scale = [0, 10]\nweight = "w"\n'
        'segments = ["age"]\n[survey.touchpoints]\ndesk = "desk"\n'
        "[weights.margins]\nage = { young = 30, middle = 45, old = 25 }\nsex = { 1 = 0.45, 2 = 0.55 }\n",
        "utf-8",
    )
    found = tpm.load_study(tmp_path)
    assert found.weights == pytest.approx(study_of(margins={"age": AGES, "sex": SEXES}).weights)


def test_cells_are_margins_of_columns_crossed():
    cells = {"young:1": 150, "middle:1": 200, "old:1": 100, "young:2": 150, "middle:2": 250, "old:2": 150}
    found = tpm.net_promoter_score(study_of(margins={"age:sex": cells})).table.iloc[0]
    assert (found["estimate"], found["std_error"]) == pytest.approx((-0.6070355186609, 0.1232837095024), abs=1e-11)


def test_a_column_that_plays_a_role_and_answers_without_a_value():
    answers = ANSWERS.assign(sex=ANSWERS["sex"].where(PLACE > 5))
    study = study_of(answers, wave="age", margins={"age": AGES, "sex": SEXES})
    weights = study.weights / study.weights.sum()
    assert weights[(study.survey["wave"] == "old").to_numpy()].sum() == pytest.approx(0.25)
    without = answers["w"][:6].sum() / answers["w"].sum()
    assert weights[:6].sum() == pytest.approx(without)
    assert weights[(answers["sex"] == 1).to_numpy()].sum() == pytest.approx(0.45 * (1 - without))


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({"region": {"north": 1, "south": 1}},
         "column 'region': expected a column of the survey. Name it as the file does."),
        ({"age": {"young": 1, "old": 1}},
         "column 'age': found 'middle', expected one of young, old. Add its share of the population, or put it "
         "together with another value."),
        ({"age": AGES | {"aged": 0.1}},
         "column 'age': found 'aged', expected an answer with this value. Put its share together with that of another "
         "value."),
        ({"sex": {1: 1, 2: 0}}, "expected the share of each value, above 0, such as { yes = 0.4, no = 0.6 }"),
        ({"sex": SEXES, "age:sex": {"young:1": 90, "middle:1": 1, "old:1": 1, "young:2": 1, "middle:2": 1, "old:2": 1}},
         "expected margins that some weights of these answers meet. Put rare values together, or name fewer margins."),
    ],
)  # fmt: skip
def test_margins_that_do_not_fit_are_refused(margins, message):
    with pytest.raises(tpm.DataError) as refused:
        study_of(margins=margins)
    assert message in str(refused.value)
